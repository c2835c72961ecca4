# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One run at a time writes to an archive: the others wait, whatever becomes of it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
import typing as t

from .._errors import FileError

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def locked(path: str, waiting: Callable[[], None]) -> Iterator[float]:
    """Hold the lock of this file, and tell how many seconds it took; ``waiting`` is called if another run holds it.

    The system lets go of a lock when its process ends, so a killed run leaves none. The file stays: removing it would
    give two runs a lock each. Raises FileError.
    """
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as exc:
        raise FileError(f"Cannot write the archive's lock file {path}: {exc.strerror}.", path=path) from exc
    try:
        yield _acquire(descriptor, path, waiting)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: str, waiting: Callable[[], None]) -> float:
    started = time.monotonic()
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return 0.0
        except OSError as exc:
            if exc.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
        waiting()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as exc:
        raise FileError(
            f"Cannot lock {path}: {exc.strerror}. Keep the archive on a file system that has locks, "
            "such as a local disk or NFS 4.",
            path=path,
        ) from exc
    return time.monotonic() - started
