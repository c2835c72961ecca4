# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Files that are complete or not there, and what a module needs to know about a path."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import stat
import tempfile
import time
import typing as t

from ._errors import FileError, OptionError, file_error

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX = ".akamai_invoicing_"
PIECE = 1024 * 1024
# What is not larger stays in memory while it is read several times.
MAX_IN_MEMORY = 64 * 1024
MAX_NAME_LENGTH, MAX_PATH_LENGTH = 255, 4095
DAY = 24 * 3600


class DirectoryAttributes(t.NamedTuple):
    """The permissions, user ID and group ID of directories that are made; -1 leaves an ID as it is."""

    mode: int = 0o700
    uid: int = -1
    gid: int = -1


PRIVATE = DirectoryAttributes()


class StagedFile:
    """A private temporary file: it is moved to its destination, or it vanishes with the context.

    It is made in the nearest directory above its destination that exists, or in another ``directory`` of the same file
    system; the directories of the destination are made when it moves there, with ``attributes``. After that,
    ``kept_permissions`` is False where the file system refuses to set permissions.
    """

    def __init__(self, dest: str, directory: str | None = None, *, attributes: DirectoryAttributes = PRIVATE) -> None:
        self.dest = dest
        self.size = 0
        self.sha256 = ""
        self.content: bytes | None = None
        self.kept_permissions = True
        self._attributes = attributes
        self._is_alone = directory is None
        self._used = self._replaced = False
        if directory is None:
            directory = _existing(os.path.dirname(dest))
            remove_stale_temporaries(directory)
        try:
            try:
                self._descriptor, self.path = tempfile.mkstemp(prefix=PREFIX, dir=directory)
            except FileNotFoundError:
                make_directories(directory)
                self._descriptor, self.path = tempfile.mkstemp(prefix=PREFIX, dir=directory)
        except OSError as exc:
            raise file_error("write", dest, exc) from exc

    def __enter__(self) -> StagedFile:
        return self

    def __exit__(self, *exc_info: object) -> None:
        os.close(self._descriptor)
        if not self._replaced:
            # A directory that only permits additions keeps it.
            with contextlib.suppress(OSError):
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

    def commit(self) -> None:
        """Put the file at its destination, in one step, from any thread.

        It keeps the permissions and the owner of a file that it replaces. If it was staged elsewhere, its directory is
        left for sync_directory(), once for all files.
        """
        with self._as_file_error():
            with contextlib.suppress(FileNotFoundError):
                before = os.stat(self.dest)
                if stat.S_ISREG(before.st_mode):
                    self.kept_permissions = _set_permissions(self.path, before.st_mode & 0o777)
                    with contextlib.suppress(OSError):
                        os.chown(self.path, before.st_uid, before.st_gid)
            try:
                os.replace(self.path, self.dest)
            except FileNotFoundError:
                make_directories(os.path.dirname(self.dest), self._attributes)
                os.replace(self.path, self.dest)
        self._replaced = True
        if self._is_alone:
            sync_directory(os.path.dirname(self.dest))

    @contextlib.contextmanager
    def _as_file_error(self) -> Iterator[None]:
        # Only around the file's own calls: what the pieces raise can be an OSError too, of the network.
        try:
            yield
        except OSError as exc:
            raise file_error("write", self.dest, exc) from exc


def make_directories(path: str, attributes: DirectoryAttributes = PRIVATE) -> None:
    """Make a directory and those above it that are not there yet. Raises OSError."""
    if os.path.isdir(path or "."):
        return
    make_directories(os.path.dirname(path), attributes)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        # Another thread or run may just have made it.
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
        return
    if attributes.mode != 0o700:
        _set_permissions(path, attributes.mode)
    if (attributes.uid, attributes.gid) != (-1, -1):
        os.chown(path, attributes.uid, attributes.gid)


def _set_permissions(path: str, mode: int) -> bool:
    """Set the permissions of a file; False where its file system has none to set, as SMB and vfat."""
    try:
        os.chmod(path, mode)
    except OSError as exc:
        if exc.errno not in (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS):
            raise
        return stat.S_IMODE(os.stat(path).st_mode) == mode
    return True


def check_path(path: str, option: str = "dest") -> str:
    """A path that the system can have. Raises OptionError."""
    if "\0" in path:
        raise OptionError(f"{option} {path!r} holds a NUL character: remove it.")
    encoded = os.fsencode(path)
    if len(encoded) > MAX_PATH_LENGTH or any(len(name) > MAX_NAME_LENGTH for name in encoded.split(b"/")):
        raise OptionError(
            f"{option} is too long: a name may have {MAX_NAME_LENGTH} bytes, and a path {MAX_PATH_LENGTH}. "
            f"It begins with {path[:60]!r}."
        )
    return path


def resolve_destination(dest: str, name: str, *, create_dirs: bool) -> str:
    """The absolute path of a file: ``name`` inside ``dest`` if that is a directory, or ends in a slash.

    Raises OptionError.
    """
    if not dest.strip():
        raise OptionError("dest is empty: name a file, or a directory with a slash at its end.")
    check_path(dest)
    path = os.path.join(os.getcwd(), dest, name if dest.endswith("/") or os.path.isdir(dest) else "").rstrip("/")
    directory = os.path.dirname(check_path(path))
    if not os.path.isdir(directory):
        if os.path.lexists(directory):
            raise OptionError(f"dest is {dest}, but {directory} is not a directory. Name another path.")
        if not create_dirs:
            raise OptionError(f"The directory {directory} of dest does not exist. Create it, or set create_dirs.")
    return path


def file_state(path: str) -> dict[str, t.Any]:
    """The ``path``, ``state`` (``file`` or ``absent``), ``size`` in bytes and ``checksum`` of a file.

    Raises FileError.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        # A link that leads nowhere is not a place for a document.
        if not os.path.islink(path):
            return {"path": path, "state": "absent"}
        raise FileError(f"{path} is a link that leads nowhere: choose another dest.", path=path) from None
    except OSError as exc:
        raise file_error("read", path, exc) from exc
    return {"path": path, "state": "file", "size": size, "checksum": sha256(path)}


def open_regular(path: str, flags: int = 0) -> io.FileIO:
    """Open a file to read it, without a buffer, and without ever waiting for a pipe or a device.

    Raises FileError for what is not a regular file, and OSError.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return io.FileIO(descriptor)
        os.close(descriptor)
    except OSError as exc:
        # A link with O_NOFOLLOW, and a socket.
        if exc.errno not in (errno.ELOOP, errno.ENXIO):
            raise
    raise FileError(f"{path} exists but is not a regular file: move it away, or choose another path.", path=path)


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
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sha256(path: str) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises FileError."""
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError as exc:
        raise file_error("read", path, exc) from exc
    return digest.hexdigest()
