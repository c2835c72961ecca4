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

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError, OptionError

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible.module_utils.basic import AnsibleModule

PREFIX = ".akamai_invoicing_"
PIECE = 1024 * 1024
DAY = 24 * 3600


class StagedFile:
    """A private temporary file: it is moved to its destination, or it vanishes with the context.

    It is made in the nearest directory above its destination that exists, or in another C(directory) of the same file
    system; the directories of the destination are made when it moves there.
    """

    def __init__(self, dest: str, directory: str | None = None) -> None:
        self.dest = dest
        self.size = 0
        self.sha256 = ""
        try:
            if directory is None:
                directory = _existing(os.path.dirname(dest))
            elif not os.path.isdir(directory):
                os.makedirs(directory, mode=0o700)
            descriptor, self.path = tempfile.mkstemp(prefix=PREFIX, dir=directory)
        except OSError as exc:
            raise FileError(f"Cannot write to {directory}, for {dest}: {exc.strerror}.", path=dest) from exc
        self._file = os.fdopen(descriptor, "wb")

    def __enter__(self) -> StagedFile:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    def fill(self, pieces: Iterable[bytes]) -> None:
        """Write all the pieces from the start, and what they come to: C(size) in bytes and C(sha256).

        Durable when it returns. Raises FileError, and whatever the pieces raise.
        """
        digest = hashlib.sha256()
        with self._refusals():
            self._file.seek(0)
            self._file.truncate()
        for piece in pieces:
            with self._refusals():
                self._file.write(piece)
            digest.update(piece)
        with self._refusals():
            self._file.flush()
            os.fsync(self._file.fileno())
        self.size, self.sha256 = self._file.tell(), digest.hexdigest()

    def move(self, module: AnsibleModule) -> None:
        """Put the file at its destination, in one step, with the attributes of a file that it replaces."""
        self._file.close()
        with self._refusals():
            os.makedirs(os.path.dirname(self.dest), mode=0o700, exist_ok=True)
        module.atomic_move(self.path, self.dest)
        sync_directory(os.path.dirname(self.dest))

    def replace(self) -> None:
        """Put the file at its destination, in one step, from any thread.

        It keeps the permissions and the owner of a file that it replaces. The directory is left for sync_directory().
        """
        with self._refusals():
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

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        # Only around the file's own calls: what the pieces raise can be an OSError too, of the network.
        try:
            yield
        except OSError as exc:
            raise FileError(f"Cannot write {self.dest}: {exc.strerror}.", path=self.dest) from exc


def destination(dest: str, name: str, *, create_dirs: bool) -> str:
    """The absolute path of a file: C(name) inside C(dest) if that is a directory, or ends in a slash.

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


def describe(path: str) -> dict[str, t.Any]:
    """The C(path), C(state) (C(file) or C(absent)), C(size) in bytes and C(checksum) of a file. Raises FileError."""
    if not os.path.lexists(path):
        return {"path": path, "state": "absent"}
    if not os.path.isfile(path):
        raise FileError(f"{path} is there, but is no regular file: name another dest.", path=path)
    return {"path": path, "state": "file", "size": os.path.getsize(path), "checksum": sha256(path)}


def sweep(directory: str) -> None:
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
