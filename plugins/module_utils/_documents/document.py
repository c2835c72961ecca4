# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The one reader of documents: JSON, REGULAR CSV and COMPUTE CSV, streamed into lines and exact sums."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import io
import typing as t
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .._errors import DocumentError, FileError
from .._files import MAX_IN_MEMORY
from .._money.amounts import to_plain_data

if t.TYPE_CHECKING:
    from .._money.sums import GroupedSums, Line


# Large documents are read with fewer system calls.
_BUFFER = 262144


class Document:
    """A document on disk: iterate over it for its lines with plain numbers, or take its exact sums."""

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
        # Known after it was read: the encoding, how many rows are no lines, and what is null for a reason.
        self.encoding = "utf-8"
        self.ignored_rows = 0
        self.warnings: list[str] = []
        # Known after it was read, if the document tells it.
        self.invoice_id: str | None = None
        self._content = content

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
    def _opened(self, newline: str | None = None) -> Iterator[io.TextIOWrapper]:
        """The file as text, in the encoding that its first bytes tell."""
        try:
            with self._file() as file:
                start = file.read(3)
                encoding = "utf-8"
                if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                    encoding = "utf-16"
                elif b"\0" in start[:2]:
                    encoding = "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
                self.encoding = encoding[:6] if encoding.startswith("utf-16") else encoding
                file.seek(3 if start == b"\xef\xbb\xbf" else 0)
                with io.TextIOWrapper(file, encoding=encoding, newline=newline) as text:
                    yield text
        except OSError as error:
            raise FileError(f"Cannot read {self.path}: {error.strerror}", path=self.path) from error
        except UnicodeError as error:
            raise self.error(f"is neither UTF-8 nor UTF-16 text ({error}). Download it again.") from error

    def _file(self) -> t.BinaryIO:
        """The file as bytes, at its start."""
        if self._content is None:
            file = io.BufferedReader(io.FileIO(self.path), _BUFFER)
            if len(file.peek()) > MAX_IN_MEMORY:
                return file
            with file:
                self._content = file.read()
        return io.BytesIO(self._content)
