# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The one reader of documents: JSON, REGULAR CSV and COMPUTE CSV, streamed into lines and exact sums."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import io
import typing as t
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import amount, plain_types, read_amount
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import SMALL

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._sums import Sums

Line = dict[str, t.Any]

# Large documents are read with fewer system calls.
_BUFFER = 262144


def read_document(
    path: str,
    format: str,
    source_type: str = "regular",
    *,
    currency: str | None = None,
    content: bytes | None = None,
) -> Document:
    """Open a document on disk. Iterating over it gives its lines; C(currency) counts when it names none itself.

    The file is not read when its C(content) is at hand.
    """
    # Each is imported when it is needed: a module compiles what it imports on each run.
    if format == "json":
        from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._json_document import JsonDocument

        return JsonDocument(path, currency, content)
    if format == "csv":
        from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._csv_document import CsvDocument

        return CsvDocument(path, currency, content, source_type)
    raise DocumentError(f"{path}: no lines can be read from {format}; ask for the bill as json or csv.", path=path)


class Document:
    """A document on disk: iterate over it for its lines with plain numbers, or take its exact sums."""

    def __init__(self, path: str, currency: str | None = None, content: bytes | None = None) -> None:
        self.path = path
        self.currency = currency
        # Known after it was read, if the document tells it.
        self.invoice_id: str | None = None
        self._content = content

    def __iter__(self) -> Iterator[Line]:
        """The lines, ready to leave."""
        return map(plain_types, self.lines())

    def lines(self) -> Iterator[Line]:
        """The lines, their numbers as Decimal."""
        raise NotImplementedError

    def sums(self) -> Sums:
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
            if len(file.peek()) > SMALL:
                return file
            with file:
                self._content = file.read()
        return io.BytesIO(self._content)


def currency_code(text: str) -> str | None:
    code = text.strip()
    return (code.upper() if len(code) == 3 else code) or None


def number_or_text(value: t.Any, decimal: str | None = None) -> t.Any:
    """A number where it reads as one, else what it is."""
    try:
        return read_amount(value, decimal)[0] if decimal else amount(value)
    except ValueError:
        return value


def short(value: t.Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
