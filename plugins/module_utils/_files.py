# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Files that are whole or not there: written beside their destination, checked, then moved."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
import typing as t

from ._errors import FileError, OptionError

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible.module_utils.basic import AnsibleModule

PREFIX = ".akamai_invoicing_"
PIECE = 1024 * 1024
# What is not larger stays in memory while it is gone through several times.
MAX_IN_MEMORY = 64 * 1024
DAY = 24 * 3600


class StagedFile:
    """A private temporary file: it is moved to its destination, or it vanishes with the context.

    It is made in the nearest directory above its destination that exists, or in another ``directory`` of the same file
    system; the directories of the destination are made when it moves there.
    """

    def __init__(self, dest: str, directory: str | None = None) -> None:
        self.dest = dest
        self.size = 0
        self.sha256 = ""
        self.content: bytes | None = None
        if directory is None:
            directory = _existing(os.path.dirname(dest))
        try:
            try:
                self._descriptor, self.path = tempfile.mkstemp(prefix=PREFIX, dir=directory)
            except FileNotFoundError:
                os.makedirs(directory, mode=0o700, exist_ok=True)
                self._descriptor, self.path = tempfile.mkstemp(prefix=PREFIX, dir=directory)
        except OSError as exc:
            raise FileError(f"Cannot write to {directory}, for {dest}: {exc.strerror}.", path=dest) from exc
        self._used = self._replaced = False

    def __enter__(self) -> StagedFile:
        return self

    def __exit__(self, *exc_info: object) -> None:
        os.close(self._descriptor)
        if not self._replaced:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)

    def write(self, pieces: Iterable[bytes]) -> None:
        """Write all the pieces from the start, and set ``size`` in bytes, ``sha256``, and ``content`` if it is small.

        Durable when it returns. Raises FileError, and whatever the pieces raise.
        """
        # Each call to the system lets other threads in and waits for its turn again: the fewer, the better.
        if self._used:
            with self._as_file_error():
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.truncate(self._descriptor, 0)
        self._used = True
        digest = hashlib.sha256()
        size, content = 0, b""
        for piece in pieces:
            with self._as_file_error():
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            digest.update(piece)
            size += len(piece)
            if size <= MAX_IN_MEMORY:
                content += piece
        with self._as_file_error():
            os.fsync(self._descriptor)
        self.size, self.sha256, self.content = size, digest.hexdigest(), content if size <= MAX_IN_MEMORY else None

    def commit_with_module(self, module: AnsibleModule) -> None:
        """Put the file at its destination, in one step, with the attributes of a file that it replaces."""
        with self._as_file_error():
            os.makedirs(os.path.dirname(self.dest), mode=0o700, exist_ok=True)
        module.atomic_move(self.path, self.dest)
        sync_directory(os.path.dirname(self.dest))

    def commit(self) -> None:
        """Put the file at its destination, in one step, from any thread.

        It keeps the permissions and the owner of a file that it replaces. The directory is left for sync_directory().
        """
        with self._as_file_error():
            with contextlib.suppress(FileNotFoundError):
                before = os.stat(self.dest)
                os.chmod(self.path, before.st_mode & 0o777)
                with contextlib.suppress(PermissionError):
                    os.chown(self.path, before.st_uid, before.st_gid)
            try:
                os.replace(self.path, self.dest)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(self.dest) or ".", mode=0o700, exist_ok=True)
                os.replace(self.path, self.dest)
        self._replaced = True

    @contextlib.contextmanager
    def _as_file_error(self) -> Iterator[None]:
        # Only around the file's own calls: what the pieces raise can be an OSError too, of the network.
        try:
            yield
        except OSError as exc:
            raise FileError(f"Cannot write {self.dest}: {exc.strerror}.", path=self.dest) from exc


def resolve_destination(dest: str, name: str, *, create_dirs: bool) -> str:
    """The absolute path of a file: ``name`` inside ``dest`` if that is a directory, or ends in a slash.

    Raises OptionError.
    """
    if not dest:
        raise OptionError("dest is empty: name a file, or a directory with a slash at its end.")
    path = os.path.join(os.getcwd(), dest, name if dest.endswith("/") or os.path.isdir(dest) else "").rstrip("/")
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        if os.path.lexists(directory):
            raise OptionError(f"dest is {dest}, but {directory} is not a directory.")
        if not create_dirs:
            raise OptionError(f"The directory {directory} of dest does not exist. Create it, or set create_dirs.")
    return path


def file_state(path: str) -> dict[str, t.Any]:
    """The ``path``, ``state`` (``file`` or ``absent``), ``size`` in bytes and ``checksum`` of a file.

    Raises FileError.
    """
    if not os.path.lexists(path):
        return {"path": path, "state": "absent"}
    if not os.path.isfile(path):
        raise FileError(f"{path} is there, but is no regular file: name another dest.", path=path)
    return {"path": path, "state": "file", "size": os.path.getsize(path), "checksum": sha256(path)}


def remove_stale_temporaries(directory: str) -> None:
    """Remove temporary files that runs left behind when they were killed, a day ago or earlier."""
    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and entry.stat(follow_symlinks=False).st_mtime < time.time() - DAY:
                os.unlink(entry.path)


def _existing(directory: str) -> str:
    while directory and not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    return directory or "."


def sync_directory(path: str) -> None:
    """Make renames in a directory durable, where its file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sha256(path: str) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises FileError."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError as exc:
        raise FileError(f"Cannot read {path}: {exc.strerror}.", path=path) from exc
    return digest.hexdigest()
