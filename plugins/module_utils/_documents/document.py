# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What documents of all kinds have in common: their text, their lines and their exact sums."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import codecs
import io
import typing as t
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .._errors import DocumentError, file_error
from .._files import MAX_IN_MEMORY, open_regular
from .._money.amounts import to_plain_data

if t.TYPE_CHECKING:
    from .._money.sums import GroupedSums, Line


# Large documents are read with fewer system calls.
_BUFFER_SIZE = 262144
_NAMES = {
    **dict.fromkeys(("utf-8", "utf-8-sig"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-16"),
    "windows-1252": "windows-1252",
}


class Document:
    """A document on disk: iterate over it for its lines with plain numbers, or take its exact sums.

    ``encoding``, ``ignored_rows``, ``warnings`` and ``invoice_id`` are known when its sums are.
    """

    def __init__(
        self,
        path: str,
        currency: str | None = None,
        content: bytes | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.currency = currency
        self.columns = columns or {}
        self.encoding = "utf-8"
        self.ignored_rows = 0
        self.warnings: list[str] = []
        self.invoice_id: str | None = None
        self._content = content
        self._codec: str | None = None

    def __iter__(self) -> Iterator[Line]:
        """The lines, ready to leave."""
        return map(to_plain_data, self.lines())

    def lines(self) -> Iterator[Line]:
        """The lines, their numbers as Decimal."""
        raise NotImplementedError

    def sums(self) -> GroupedSums:
        """The exact sums of all lines, in one pass over the file."""
        raise NotImplementedError

    def error(self, problem: str, kind: type[DocumentError] = DocumentError, **details: t.Any) -> DocumentError:
        """A failure that names this file."""
        return kind(f"{self.path}: {problem}", path=self.path, **details)

    @contextmanager
    def _open_text(self, newline: str | None = None) -> Iterator[io.TextIOWrapper]:
        """The file as text, in the encoding that its bytes show."""
        try:
            if self._codec is None:
                with self._open() as file:
                    self._codec = _detect_encoding(file)
                self.encoding = _NAMES[self._codec]
            with self._open() as file:
                # Half a surrogate pair is shown as what it is: no letter.
                errors = "replace" if self.encoding == "utf-16" else "strict"
                with io.TextIOWrapper(file, encoding=self._codec, newline=newline, errors=errors) as text:
                    yield text
        except OSError as error:
            raise file_error("read", self.path, error) from error
        except UnicodeError as error:
            raise self.error(
                f"is not text in UTF-8, UTF-16 or Windows-1252 ({error}). Download it again, or save it as UTF-8."
            ) from error

    def _open(self) -> t.BinaryIO:
        """The file as bytes, at its start."""
        if self._content is None:
            file = io.BufferedReader(open_regular(self.path), _BUFFER_SIZE)
            if len(file.peek()) > MAX_IN_MEMORY:
                return file
            with file:
                self._content = file.read()
        return io.BytesIO(self._content)


def _detect_encoding(file: t.BinaryIO) -> str:
    """The codec for a file: by its first bytes, else UTF-8 if all of it is valid UTF-8, else Windows-1252."""
    start = file.read(3)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in start[:2]:
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = start
    try:
        while chunk:
            # Most chunks are ASCII, and then there is nothing to decode.
            if decoder.getstate()[0] or not chunk.isascii():
                decoder.decode(chunk)
            chunk = file.read(_BUFFER_SIZE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8-sig" if start == b"\xef\xbb\xbf" else "utf-8"
