# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A lock of the system, which ends with the process that holds it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
import typing as t

from .._errors import FileError, file_error

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Some locks are held for a moment only, others for hours.
MIN_PAUSE, MAX_PAUSE = 0.001, 0.1


@contextlib.contextmanager
def locked(path: str, timeout: float, waiting: Callable[[], None]) -> Iterator[float]:
    """Hold the lock of this file, and give the seconds that it took; ``waiting`` is called if another run holds it.

    The system releases a lock when its process ends, so a killed run leaves none. The file stays: removing it would
    give two runs a lock each. Raises FileError, also when another run still holds it after ``timeout`` seconds.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError as exc:
        raise file_error("write the archive's lock file", path, exc) from exc
    try:
        yield _acquire(descriptor, path, timeout, waiting)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: str, timeout: float, waiting: Callable[[], None]) -> float:
    started = time.monotonic()
    waits = False
    pause = MIN_PAUSE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return time.monotonic() - started if waits else 0.0
        except OSError as exc:
            if exc.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise FileError(
                    f"Cannot lock {path}: {exc.strerror}. Keep the archive on a file system that has locks, "
                    "such as a local disk or NFS 4.",
                    path=path,
                ) from exc
        if not waits:
            waits = True
            waiting()
        if time.monotonic() - started >= timeout:
            raise FileError(
                f"Another run has held the lock {path} for more than {timeout:g} s: run again when it has ended, "
                "or raise lock_timeout.",
                path=path,
            )
        time.sleep(pause)
        pause = min(MAX_PAUSE, 1.5 * pause)
