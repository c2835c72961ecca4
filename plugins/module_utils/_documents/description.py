# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a CSV document looks like, without any of its values: enough to ask for help, and nothing to keep private."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import re
import typing as t
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import zip_longest

from .._errors import DocumentError, printable
from .._money.amounts import is_amount
from .._money.currencies import CURRENCIES
from .csv_layout import DELIMITERS, MAX_HEADINGS, MAX_HEADINGS_ROW, MAX_SAMPLE_ROWS, Layout, detect_layout, is_repeated
from .document import Document
from .fields import could_be_total, is_unknown, match_headings

# What is longer is a text, and no heading.
MAX_HEADING_LENGTH = 80
_SAMPLE_SIZE = 65536
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"(?i)(?:[0-9]{4}[-/][0-9]{1,2}(?:[-/][0-9]{1,2})?|[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}/[0-9]{4}"
    rf"|[0-9]{{1,2}}[- .]{{1,2}}{_MONTH}[- ,]{{1,2}}[0-9]{{2,4}}|{_MONTH}[- ](?:[0-9]{{1,2}},? )?[0-9]{{4}})"
    r"(?:[T ][0-9:.,]{4,15} ?(?:Z|[AP]M|UTC|[-+][0-9:]{4,5})?)?"
)
Rows = list[list[str]]


class _Guess(t.NamedTuple):
    """The delimiter, and the row number, cells and fields of the headings, if there are any."""

    delimiter: str
    row: int | None = None
    headings: Sequence[str] = ()
    fields: Mapping[str, int] = {}


class CsvDescription(Document):
    """The description of a CSV document; ``columns`` is the option of read_document()."""

    def describe(self, source_type: str) -> dict[str, t.Any]:
        """Its ``rows`` and its ``layout``, as results show them; ``error`` where it cannot be read as CSV."""
        layout: dict[str, t.Any] = {"source_type": source_type, "encoding": None, "delimiter": None}
        layout |= {"headings_row": None, "columns": []}
        try:
            with self._open_text("") as text:
                sample = text.read(_SAMPLE_SIZE)
            guess = self._guess(sample, source_type)
            layout |= {"encoding": self.encoding, "delimiter": guess.delimiter, "headings_row": guess.row}
            rows, kinds = self._read(guess)
        except (DocumentError, csv.Error):
            # What they say can hold values.
            return {"rows": None, "layout": layout, "error": "It cannot be read as text in columns."}
        meanings = {index: name for name, index in guess.fields.items()}
        headings = [printable(heading, MAX_HEADING_LENGTH) or None for heading in guess.headings[:MAX_HEADINGS]]
        layout["columns"] = [
            {"heading": heading, "meaning": meanings.get(index), "kind": kind or "empty"}
            for index, (heading, kind) in enumerate(zip_longest(headings, kinds))
        ]
        return {"rows": rows, "layout": layout, "error": None}

    def _guess(self, sample: str, source_type: str) -> _Guess:
        """Where the headings are: as the reader of lines finds them, else where the rows look like it."""
        with suppress(DocumentError):
            layout = detect_layout(sample, source_type, None, self.columns, self.error, "")
            if self.columns or _are_certain(layout, _split(sample, layout.delimiter)):
                return _Guess(layout.delimiter, layout.first_row, layout.headings, layout.fields)
        delimiter, width, rows = _widest(sample)
        for number, row in enumerate(rows[:MAX_HEADINGS_ROW]):
            if len(row) == width:
                if _look_like_headings(row, rows[number + 1 :]):
                    return _Guess(delimiter, number + 1, row, match_headings(tuple(row)).fields)
                break
        return _Guess(delimiter)

    def _read(self, guess: _Guess) -> tuple[int, list[str | None]]:
        """The number of rows after the headings that are not blank, and the kinds of the values of each column."""
        count = 0
        kinds: list[str | None] = [None] * len(guess.headings[:MAX_HEADINGS])
        with self._open_text("") as text:
            for number, row in enumerate(csv.reader(text, delimiter=guess.delimiter, skipinitialspace=True), 1):
                if number <= (guess.row or 0) or not any(map(str.strip, row)):
                    continue
                count += 1
                if count <= MAX_SAMPLE_ROWS and not is_repeated(row, guess.headings):
                    found = [_kind_of(cell) for cell in row[:MAX_HEADINGS]]
                    kinds += [None] * (len(found) - len(kinds))
                    kinds[: len(found)] = map(_merged, kinds, found)
        return count, kinds


def _are_certain(layout: Layout, rows: Rows) -> bool:
    """Whether the headings that the reader found are headings, and not the words of a line."""
    below = rows[layout.first_row :]
    amounts = [row[index] for row in below for index in [layout.fields["total"]] if index < len(row)]
    return any(map(_is_amount, amounts)) and not _has_values(layout.headings, below)


def _look_like_headings(row: Sequence[str], below: Rows) -> bool:
    """Whether a row is texts of which most have words of headings, above a column of amounts or dates.

    When in doubt it is not: it would show the values of a line.
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    known = [cell for cell in cells if match_headings((cell,)).fields or could_be_total(cell) or not is_unknown(cell)]
    if (
        len(cells) < 2
        or 2 * len(known) <= len(cells)
        or not all(map(_can_be_heading, cells))
        or _has_values(row, below)
    ):
        return False
    columns = [{_kind_of(cell) for cell in column} - {None} for column in zip_longest(*below[:100], fillvalue="")]
    return {"amount"} in columns or {"date"} in columns


def _can_be_heading(cell: str) -> bool:
    is_name = len(cell) <= MAX_HEADING_LENGTH and any(map(str.isalpha, cell)) and not cell[0].isdigit()
    return is_name and _kind_of(cell) == "text" and "@" not in cell and cell.upper() not in CURRENCIES


def _has_values(row: Sequence[str], below: Rows) -> bool:
    """Whether a cell of a row is there again in its column: so it is a value."""
    return any(
        cell.strip() and cell.strip() == other.strip()
        for other_row in below
        if not is_repeated(other_row, row)
        for cell, other in zip(row, other_row)
    )


def _widest(sample: str) -> tuple[str, int, Rows]:
    """The delimiter that parts the most rows into the same number of cells, that number, and the rows."""
    best: tuple[int, int, str, Rows] = (0, 1, ",", [])
    for delimiter in DELIMITERS:
        rows = _split(sample, delimiter)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        for width, count in widths.items():
            best = max(best, (count, width, delimiter, rows), key=lambda one: one[:2])
    _count, width, delimiter, rows = best
    return delimiter, width, rows


def _split(sample: str, delimiter: str) -> Rows:
    rows: Rows = []
    with suppress(csv.Error):
        rows.extend(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True))
    return rows


def _merged(before: str | None, kind: str | None) -> str | None:
    if before is None or kind is None:
        return before or kind
    return before if before == kind else "mixed"


# The cells of a column are often the same.
@lru_cache(maxsize=4096)
def _kind_of(cell: str) -> str | None:
    """``date``, ``amount`` or ``text``; None for a blank cell."""
    text = cell.strip()
    if not text:
        return None
    if _DATE.fullmatch(text[:60]):
        return "date"
    return "amount" if _is_amount(text) else "text"


def _is_amount(text: str) -> bool:
    return bool(text.strip()) and is_amount(text)


def describe_csv(path: str, source_type: str, columns: Mapping[str, str] | None = None) -> dict[str, t.Any]:
    """The description of a CSV document on disk: rows, encoding, delimiter, headings, meanings and kinds, no value.

    ``columns`` are the headings of fields that the user has named. Raises FileError.
    """
    return CsvDescription(path, columns=columns).describe(source_type)
