# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Who may change what in an archive: one run at a time each contract, and all of them what they share, for moments."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import os
import typing as t

from .._errors import file_error
from .._files import PREFIX, PRIVATE, make_directories, open_regular
from .entry import CHECKSUMS, JOURNAL, WORK_DIRECTORY
from .lock import locked
from .parts import refuse_links
from .pointer import read_pointer

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from .._files import DirectoryAttributes

# Seconds. Nobody holds the lock of the whole archive for long, but many may be in the queue.
MIN_TIMEOUT = 60.0


def check_archive(root: str) -> None:
    """Raises FileError if there is something that no run can work with: found before any request."""
    read_pointer(root)
    for name in (CHECKSUMS, JOURNAL):
        path = os.path.join(root, name)
        try:
            open_regular(path, os.O_NOFOLLOW).close()
        except FileNotFoundError:
            pass
        except OSError as exc:
            raise file_error("read", path, exc) from exc
    refuse_links(root, WORK_DIRECTORY)


@contextlib.contextmanager
def exclusive_access(
    root: str,
    contract_ids: Collection[str],
    attributes: DirectoryAttributes,
    timeout: float,
    waiting: Callable[[], None],
) -> Iterator[float]:
    """Let no other run change these contracts meanwhile, and make the directories; gives the seconds that it waited.

    ``waiting`` is called if there is another run. Raises FileError, also when it is not done after ``timeout`` seconds.
    """
    work_directory = os.path.join(root, WORK_DIRECTORY)
    _make(root, attributes)
    refuse_links(root, WORK_DIRECTORY)
    _make(work_directory)
    with shared_access(root):
        _remove_temporaries(work_directory)
    waited = 0.0
    with contextlib.ExitStack() as locks:
        # All runs take them in the same order, so that no two wait for each other.
        for contract_id in sorted(contract_ids):
            directory = os.path.join(work_directory, contract_id)
            refuse_links(work_directory, contract_id)
            _make(directory)
            path = os.path.join(directory, "lock")
            waited += locks.enter_context(locked(path, max(0.0, timeout - waited), waiting))
            _remove_temporaries(directory)
        yield waited


def shared_access(root: str, timeout: float = 0.0) -> contextlib.AbstractContextManager[float]:
    """Let no other run change what all contracts share. Raises FileError."""
    path = os.path.join(root, WORK_DIRECTORY, "lock")
    return locked(path, max(timeout, MIN_TIMEOUT), lambda: None)


def _make(directory: str, attributes: DirectoryAttributes = PRIVATE) -> None:
    try:
        make_directories(directory, attributes)
    except OSError as exc:
        raise file_error("make the archive", directory, exc) from exc


def _remove_temporaries(directory: str) -> None:
    """Remove what killed runs left behind: with the lock, it belongs to nobody."""
    with contextlib.suppress(OSError), os.scandir(directory) as left:
        for file in left:
            if file.name.startswith(PREFIX):
                os.unlink(file.path)
