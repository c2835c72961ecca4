# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""SHA256SUMS of an archive: one line for each document, as sha256sum has it, in the order of their paths."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import re
import typing as t
from functools import cached_property

from .entry import CHECKSUMS, is_inside
from .parts import read_file

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from .entry import Entry

_LINE = re.compile(rb"([0-9a-f]{64})  (.+)")
# Where a path begins in a line.
_PATH = 66
# What no line of an archive has, however many there are: looking for it takes a moment only.
_ODD = (b"\0", b"\r", b"\\", b"  /", b"  ../", b"/../", b"//")


class Checksums:
    """The lines of SHA256SUMS. They are changed as lines, since an archive can have very many.

    ``is_damaged`` is True if the file is not there or empty, or has lines that are not its own: it is made again then.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.path = os.path.join(root, CHECKSUMS)
        self.content = read_file(self.path)
        *self._lines, end = (self.content or b"").split(b"\n")
        self.is_damaged = (
            not self.content
            or end != b""
            or any(odd in self.content for odd in _ODD)
            or any(line[64:_PATH] != b"  " for line in self._lines)
        )

    @cached_property
    def _known(self) -> set[bytes]:
        return set(self._lines)

    @cached_property
    def by_path(self) -> dict[str, str]:
        """The checksums by path, of lines that are the archive's own."""
        matches = filter(None, map(_LINE.fullmatch, self._lines))
        pairs = ((match[2].decode("utf-8", "replace"), match[1].decode()) for match in matches)
        return {path: digest for path, digest in pairs if is_inside(path)}

    def has(self, entry: Entry) -> bool:
        """Whether there is a line for the document as it is."""
        return entry.checksum_line in self._known

    def folded_paths(self) -> set[str]:
        """All paths, without upper and lower case."""
        return {line[_PATH:] for line in b"\n".join(self._lines).decode("utf-8", "replace").casefold().split("\n")}

    def updated(self, entries: Iterable[Entry]) -> bytes:
        """The file as it is to be, with these documents as they are."""
        lines = {entry.checksum_line[_PATH:]: entry.checksum_line for entry in entries}
        kept = [line for line in self._lines if line[_PATH:] not in lines]
        return _joined([*kept, *lines.values()])

    def rebuilt(self, entries: Iterable[Entry]) -> bytes:
        """The file made again from all documents.

        Of files that only a lost catalogue knew, its lines are all that is known: they stay.
        """
        lines = {entry.path: entry.checksum_line for entry in entries}
        for path, digest in self.by_path.items():
            if path not in lines and os.path.isfile(os.path.join(self.root, path)):
                lines[path] = f"{digest}  {path}".encode()
        return _joined(lines.values())


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(lines, key=lambda line: line[_PATH:]))
