# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One loop over the rows of a CSV document: lines are added up, and rows that may be none are kept for the end."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice, zip_longest

from .._money.amounts import SUMMING, is_amount
from .._money.sums import GROUP_KEYS, GroupedSums, Line
from .csv_layout import Failure, has_decimals
from .csv_rows import Reading, RowReader, plain_amounts
from .fields import MONEY
from .rollups import Rollups, SparseLines, Subtotals
from .total_rows import HeldRow, Kind, Snapshot, TotalRowDetector, lines_of, may_mention_total

# How many rows are added up together, few enough to stay in the processor's cache; and how many if one is no line.
_CHUNK = 256
_PART = 16
# How many rows that were looked at are remembered, and how long these may be.
_MAX_READINGS = 4096
_MAX_REMEMBERED = 300
_MAX_CURRENCIES = 50
# Rows without so many of their last cells are usual; and how many cells more can be missing in all.
_USUALLY_MISSING = 100
_MAX_MISSING = 1_000_000


@dataclass
class Analysis:
    """What is known of a document after one pass: which rows are no lines, and the exact sums of the others."""

    sums: GroupedSums = field(default_factory=GroupedSums)
    left_out: set[int] = field(default_factory=set)
    # Lines whose amount stands in another column, by the number of their row.
    amounts: dict[int, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


class RowLoop:
    """One pass over the rows of a document.

    Rows that have all that lines have are added up by their columns, many at a time. The others are looked at one by
    one; equal rows only once. ``rivals`` are columns of which this pass shows that they could be the total.
    """

    def __init__(self, reader: RowReader, detector: TotalRowDetector, failure: Failure, advice: str) -> None:
        self._failure = failure
        self._advice = advice
        self._layout = reader.layout
        self._reader = reader
        self._detector = detector
        self.analysis = Analysis(unreadable=reader.unreadable)
        self._sums = self.analysis.sums
        columns = self._layout.columns
        self._careful = bool(columns.alternatives or columns.other_currencies or columns.sign)
        # A row whose cells there are not blank has what lines have.
        self._needed = (*self._layout.describing, *self._layout.measuring[:1])
        self._texts = sorted({*self._needed, *reader.named_columns})
        # The currencies of cells that contradict nothing.
        self._codes: dict[str, str | None] = {}
        self._readings: dict[tuple[str, ...], Reading] = {}
        self.rivals: set[int] = set()
        self._rollups = None if columns.known_layout else Rollups(self._sums)
        self._subtotals = Subtotals() if reader.is_poor and not columns.known_layout else None
        self.first: tuple[int, Sequence[str]] = (0, ())
        self.last: tuple[int, Sequence[str]] = (0, ())
        self.ends_in_line = self.is_short = False
        self._width = 0
        # The last row, if it is one text that is no line and may be the start of one.
        self.last_text = 0
        self._sparse = SparseLines()
        self._since: Snapshot = {}
        self.ignored = 0
        self._missing = 0

    def hold_preamble(self) -> None:
        """An amount before the headings, under the total's, is the document's total or an error."""
        total = self._layout.fields["total"]
        for number, row in enumerate(self._layout.preamble, 1):
            # A long number without any mark is an ID.
            if len(row) > total and is_amount(row[total]) and not (row[total].isdigit() and len(row[total]) > 6):
                cells = [*row, *[""] * self._layout.width][: self._layout.width]
                self._hold(number, cells, self._reader.held_amount(row, cells), "label", True)

    def run(self, rows: Iterator[list[str]]) -> None:
        """Go through the rows after the headings."""
        number = self._layout.first_row + 1
        while chunk := list(islice(rows, _CHUNK)):
            if self._layout.width > _USUALLY_MISSING:
                self._count_missing(number, chunk)
            self._add_rows(number, chunk)
            number += len(chunk)

    def _count_missing(self, number: int, rows: Sequence[list[str]]) -> None:
        """Refuse many short rows below many headings: a small file would take much memory."""
        width = self._layout.width
        self._missing += sum(max(0, width - len(row) - _USUALLY_MISSING) for row in rows if row)
        if self._missing > _MAX_MISSING:
            raise self._failure(
                f"has {width} headings, and many rows that are much shorter, such as those after row {number}. Delete"
                " the headings without values.",
                row=number,
            )

    def _add_rows(self, number: int, rows: Sequence[list[str]]) -> None:
        """Add up rows together where all are lines; else in smaller parts, and at last one by one."""
        if self._add_lines(number, rows):
            return
        if len(rows) <= _PART:
            for place, row in enumerate(rows, number):
                self._examine(place, row)
        else:
            for start in range(0, len(rows), _PART):
                self._add_rows(number + start, rows[start : start + _PART])

    def _add_lines(self, number: int, rows: Sequence[list[str]]) -> bool:
        """Add up rows by their columns, if each has all that lines have and says nothing about totals."""
        layout, fields = self._layout, self._layout.fields
        lengths = set(map(len, rows))
        if self._careful or min(lengths) <= fields["total"] or max(lengths) > layout.width:
            return False
        columns: list[tuple[str, ...]] = list(zip(*rows) if len(lengths) == 1 else zip_longest(*rows, fillvalue=""))
        columns += [("",) * len(rows)] * (layout.width - len(columns))
        if min(columns[fields["total"]]) <= " ":
            return False
        codes: tuple[str | None, ...] = (layout.currency,) * len(rows)
        if "currency" in fields:
            try:
                codes = tuple(map(self._codes.__getitem__, columns[fields["currency"]]))
            except KeyError:
                return False
        texts = {index: set(columns[index]) for index in self._texts}
        if not all(all(map(str.strip, texts[index])) for index in self._needed):
            return False
        if may_mention_total("\n".join(chain.from_iterable(texts.values())), self._reader.is_poor):
            return False
        try:
            totals = plain_amounts(columns[fields["total"]], self._reader.decimal)
            parts = list(self._parts(columns, codes))
        except ValueError:
            return False
        nothing = (None,) * len(rows)
        keys = [columns[fields[key]] if key in fields else nothing for key in GROUP_KEYS[:-1]]
        self._sums.add_totals(zip(*keys, codes), totals)
        for part in parts:
            self._sums.add_component(*part)
        self._find_rivals(columns)
        if self._subtotals:
            for place, total, code in zip(range(number, number + len(rows)), totals, codes):
                self._subtotals.note(place, total, code)
        for place in (0, -1):
            self._note(range(number, number + len(rows))[place], rows[place], len(rows[place]))
        return True

    def _parts(
        self, columns: Sequence[tuple[str, ...]], codes: Sequence[str | None]
    ) -> Iterator[tuple[str, str | None, list[Decimal]]]:
        """The services and taxes of lines by currency. Raises ValueError."""
        for part in set(MONEY[1:]).intersection(self._layout.fields).difference(self._reader.unreadable):
            amounts, currencies = columns[self._layout.fields[part]], set(codes)
            for code in currencies:
                own = amounts if len(currencies) == 1 else [x for x, one in zip(amounts, codes) if one == code]
                yield part, code, plain_amounts(list(filter(None, own)), self._reader.decimal)

    def _find_rivals(self, columns: Sequence[Sequence[str]]) -> None:
        """Amounts with decimals in a column where the first rows have none."""
        for index in self._layout.unproven - self.rivals:
            if any(map(has_decimals, map(str.strip, {*columns[index]}))):
                self.rivals.add(index)

    def _examine(self, number: int, row: Sequence[str]) -> None:
        """Look at one row closely: it is passed over, held, or a line."""
        if not any(row):
            self.ignored += 1
            return
        reading = self._read(number, row)
        cells, line = reading.cells, reading.line
        self.ends_in_line, self.last_text = False, 0
        if reading.held:
            self._hold(number, cells, reading.held, reading.kind or "lacking", reading.mentions)
            return
        if line is None:
            self.analysis.left_out.add(number)
            self.ignored += 1
            self.last_text = 0 if reading.is_footer else number
            return
        if line["total"]:
            self._check_line(number, reading, line)
        self._sums.add(line)
        self._note(number, cells, len(row))

    def _read(self, number: int, row: Sequence[str]) -> Reading:
        """What a row is; rows with equal cells are the same."""
        key = tuple(row)
        if reading := self._readings.get(key):
            return reading
        reading = self._reader.read(number, row)
        if sum(map(len, row)) + len(reading.cells) <= _MAX_REMEMBERED:
            if len(self._readings) == _MAX_READINGS:
                self._readings.clear()
            self._readings[key] = reading
        index = self._layout.fields.get("currency")
        if reading.line and index is not None and reading.cells[index].strip():
            self._codes[reading.cells[index]] = reading.line["currency"]
        self._find_rivals([(cell,) for cell in reading.cells])
        return reading

    def _note(self, number: int, cells: Sequence[str], width: int) -> None:
        """Remember the first and the last line, and whether the last one is shorter than the first."""
        if not self.first[0]:
            self.first, self._width = (number, cells), width
        self.is_short = width < self._width
        self.last, self.ends_in_line, self.last_text = (number, cells), True, 0

    def _hold(self, number: int, cells: Sequence[str], text: str, kind: Kind, mentions: bool) -> None:
        value, currency = self._reader.amount_of(number, cells, text)
        self._since = self._snapshot()
        self.analysis.amounts[number] = text
        self._detector.hold(HeldRow(number, cells, value, currency, kind, mentions, self._since))
        if self._subtotals:
            self._subtotals.start_again()

    def _check_line(self, number: int, reading: Reading, line: Line) -> None:
        """Keep a line that may be the sum of others by what it lacks or says, before it is added."""
        currency, value = line["currency"], line["total"]
        if self._rollups and reading.partial:
            self._rollups.note(number, reading.cells, line)
        if self._subtotals:
            self._subtotals.note(number, value, currency)
        if reading.mentions:
            self._check_named_like_total(number, value, currency)
        elif reading.sparse and self._sparse.has_room:
            self._sparse.note(HeldRow(number, reading.cells, value, currency, "lacking", False, self._snapshot()))

    def _check_named_like_total(self, number: int, value: Decimal, currency: str | None) -> None:
        """A line whose text mentions a total must not be the sum of several others."""
        sum_, lines = self._sums.so_far(currency)
        since, lines_since = self._since.get(currency, (Decimal(0), 0))
        if sum_ is None or since is None:
            return
        if (lines > 1 and value == sum_) or (lines - lines_since > 1 and value == SUMMING.subtract(sum_, since)):
            raise self._detector.ambiguous(number, value)

    def find_rollup(self) -> HeldRow | None:
        """A line that lacks a text and may be the sum of lines beside it."""
        return self._rollups.find() if self._rollups else None

    def finish(self) -> None:
        """Decide about the rows that were held. Raises DocumentError."""
        self._sums.flush()
        end = self._all_sums()
        totals, lines = self._detector.resolve(end)
        self.analysis.left_out |= totals
        for row in lines:
            self._sums.add(self._reader.line(row.number, row.cells, self.analysis.amounts[row.number]))
        self._sums.flush()
        if fee := self._sparse.find(end):
            raise self._detector.ambiguous(fee.number, fee.value)
        # A total further below includes the row as a line.
        if self._subtotals and self._subtotals.found and self._subtotals.found[0] > max(totals, default=0):
            raise self._detector.ambiguous(*self._subtotals.found)
        if self._reader.is_poor and not totals and lines_of(end) > 1 and len(end) == 1:
            self._check_ends(end)

    def _check_ends(self, end: Snapshot) -> None:
        """Of lines of one text and an amount, the first or the last may be the total in words that are not known."""
        ((sum_, lines),) = end.values()
        ends = sorted((self.first, self.last), key=_filled)
        # Two lines that have the same may be of the same amount.
        for number, cells in ends if lines > 2 or _filled(ends[0]) < _filled(ends[1]) else ():
            value = self._reader.line(number, self._reader.padded(number, cells))["total"]
            if value and sum_ is not None and SUMMING.add(value, value) == sum_:
                raise self._detector.ambiguous(number, value)

    def _snapshot(self) -> Snapshot:
        """The sums of the lines so far. Raises DocumentError where there are too many to keep them for each row."""
        self._sums.flush()
        if len(self._sums.totals) > _MAX_CURRENCIES:
            raise self._failure(
                f"has rows that may be totals beside amounts in more than {_MAX_CURRENCIES} currencies. Name the right"
                " column with the option columns, such as columns: {currency: ...}."
            )
        return self._all_sums()

    def _all_sums(self) -> Snapshot:
        return {currency: (sum_.value, sum_.lines) for currency, sum_ in self._sums.totals.items()}


def _filled(row: tuple[int, Sequence[str]]) -> int:
    """How many cells of a row are not blank."""
    return sum(1 for cell in row[1] if cell.strip())
