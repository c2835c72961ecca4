# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""REGULAR and COMPUTE CSV, read in pieces: many rows at once where they are alike, else row by row."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from itertools import islice

from .._errors import CutShortError, DocumentError, abbreviated
from .._money.amounts import SUMMING
from .._money.currencies import minor_digits
from .._money.sums import GroupedSums, Line
from .csv_layout import recognise, told_decimal
from .csv_rows import Lines, plain_amount
from .document import Document
from .total_rows import mentions_total

_SAMPLE = 65536
# So few that they stay in the processor's cache while they are gone through.
_ROWS = 256
_AHEAD = 8


class CsvDocument(Document):
    """A CSV document. Its rows are counted as a spreadsheet counts them: the first is 1, blank ones count."""

    def __init__(
        self,
        path: str,
        currency: str | None,
        content: bytes | None = None,
        source_type: str = "regular",
        columns: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(path, currency, content, columns)
        with self._opened("") as text:
            sample = text.read(_SAMPLE)
        # Looking for one kind of line ending takes less time than looking for all.
        self._newline = "\n" if "\n" in sample else ""
        self._layout = recognise(sample, source_type, currency, self.columns, self.error)
        self.currency = self._layout.currency

    def lines(self) -> Iterator[Line]:
        yield from self._read(self._new_pass())

    def sums(self) -> GroupedSums:
        lines = self._new_pass()
        try:
            deque(self._read(lines, at_once=True), 0)
            lines.sums.fold()
            sums = lines.sums
            groups = (*sums.products, *sums.item_types, *sums.customers)
            if any(name and mentions_total(name) for *names, _currency in groups for name in names):
                raise ValueError("one of them may be a total")
        except (ArithmeticError, DocumentError, ValueError):
            # Such as NaN, a currency beside an amount, or a total among the lines: what shows line by line.
            lines = self._new_pass()
            deque(self._read(lines), 0)
            lines.sums.fold()
        return lines.sums

    def _new_pass(self) -> Lines:
        return Lines(self._layout, self._decimal, self.error)

    def _read(self, lines: Lines, at_once: bool = False) -> Iterator[Line]:
        """The lines, all added to their sums; those that were added ``at_once`` are left out."""
        for number, rows, last in self._pieces():
            if self._layout.rivals and number == self._layout.before + 1:
                self._check_rivals(number, rows)
            if last:
                # The file's own total may be here.
                if self._may_be_cut(rows):
                    lines.open = number + len(rows) - 1
            elif at_once:
                from .csv_columns import add_columns

                if add_columns(number, rows, lines):
                    continue
            yield from lines.read(number, rows)
        lines.end()

    @cached_property
    def _decimal(self) -> str:
        """The decimal mark, which may need a pass of its own."""

        def rows() -> Iterator[list[str]]:
            with self._opened(self._newline) as text, suppress(csv.Error):
                reader = csv.reader(text, delimiter=self._layout.delimiter, skipinitialspace=True)
                yield from islice(reader, self._layout.before, None)

        try:
            return self._layout.decimal or told_decimal(rows(), self._layout)
        except ValueError as error:
            raise self.error(
                f"the amounts after row {self._layout.before} cannot be read for certain: {error}. Ask for the bill as"
                " json."
            ) from None

    def _pieces(self) -> Iterator[tuple[int, list[list[str]], bool]]:
        """The rows after the headings, some at a time: the first one's number, the rows, whether they are the last."""
        before = self._layout.before
        with self._opened(self._newline) as text:
            reader = csv.reader(text, delimiter=self._layout.delimiter, skipinitialspace=True, strict=True)
            try:
                deque(islice(reader, before), 0)
                number = before + 1
                rows = list(islice(reader, _ROWS))
                while rows:
                    ahead = list(islice(reader, _AHEAD))
                    if len(ahead) < _AHEAD:
                        yield number, rows + ahead, True
                        return
                    yield number, rows, False
                    number += len(rows)
                    rows = [*ahead, *islice(reader, _ROWS - _AHEAD)]
            except csv.Error as error:
                kind = CutShortError if "end of data" in str(error) else DocumentError
                raise self.error(f"line {reader.line_num} is not CSV ({error}). Download it again.", kind) from error

    def _may_be_cut(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the file may end amid an amount: no line break follows it, and it is not as long as those before."""
        with self._file() as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4))
            if file.read().rstrip(b"\0").endswith((b"\n", b"\r", b'"')):
                return False
        last = len(rows[-1]) - 1
        if last not in self._layout.money:
            return False
        digits = {
            len(row[last].rstrip(" )-").partition(self._decimal)[2])
            for row in rows
            if len(row) > last and (row[last].strip() or row is rows[-1])
        }
        return len(digits) != 1 or min(digits) < max(1, minor_digits(self.currency))

    def _check_rivals(self, number: int, rows: Iterable[Sequence[str]]) -> None:
        """Other columns that could be the total have to say the same, or the same before taxes."""
        layout = self._layout
        total, taxes = layout.fields["total"], layout.fields.get("taxes")
        for place, row in enumerate(rows, number):
            for rival in layout.rivals:
                if len(row) < layout.least or not (row[total].strip() and row[rival].strip()):
                    continue
                with suppress(ValueError):
                    value, other = plain_amount(row[total], self._decimal), plain_amount(row[rival], self._decimal)
                    tax = Decimal(0)
                    if taxes is not None and row[taxes].strip():
                        tax = plain_amount(row[taxes], self._decimal)
                    if value not in (other, SUMMING.add(other, tax)):
                        raise self.error(
                            f"row {place} says {abbreviated(row[total])} under {layout.heading('total')!r} and"
                            f" {abbreviated(row[rival])} under {layout.headings[rival].strip()!r}: which of them is the"
                            " total cannot be told. Name it with the option columns.",
                            row=place,
                            column=layout.heading("total"),
                        )
