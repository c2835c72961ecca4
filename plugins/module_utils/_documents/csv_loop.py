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
from itertools import chain, islice

from .._money.amounts import SUMMING, is_amount
from .._money.sums import GROUP_KEYS, GroupedSums, Line
from .csv_layout import Failure
from .csv_rows import RowReader
from .fields import MONEY
from .total_rows import MAX_HELD_ROWS, HeldRow, Kind, Snapshot, TotalRowDetector, lines_of, may_mention_total

# How many rows are added up together, few enough to stay in the processor's cache; and how many if one is no line.
_CHUNK = 256
_PART = 16
_MAX_CURRENCIES = 50
# Rows without so many of their last cells are usual; and how many cells more can be missing in all.
_USUALLY_MISSING = 100
_MAX_MISSING = 1_000_000


@dataclass
class Analysis:
    """What is known of a document after one pass: which rows are no lines, and the exact sums of the others."""

    sums: GroupedSums
    left_out: set[int] = field(default_factory=set)
    # Lines whose amount stands in another column, by the number of their row.
    amounts: dict[int, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


class RowLoop:
    """One pass over the rows of a document."""

    def __init__(
        self, reader: RowReader, analysis: Analysis, detector: TotalRowDetector, failure: Failure, advice: str
    ) -> None:
        self._failure = failure
        self._advice = advice
        self._layout = reader.layout
        self._reader = reader
        self._analysis = analysis
        self._sums = analysis.sums
        # A row whose cells there are not blank has what lines have.
        self._needed = (*self._layout.describing, *self._layout.measuring[:1])
        self._detector = detector
        # Codes that a cell holds as they are and that contradict nothing.
        self._codes: set[str] = set()
        self.first: tuple[int, Sequence[str]] = (0, ())
        self.last: tuple[int, Sequence[str]] = (0, ())
        self.ends_in_line = self.is_short = False
        self._width = 0
        # The last row, if it is one text that is no line and may be the start of one.
        self.last_text = 0
        self._sparse: list[HeldRow] = []
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

    def run(self, rows: Iterator[tuple[int, list[str]]], careful: bool) -> None:
        """Add up the rows that have all that lines have, and look at the others closely.

        Raises ValueError where rows that are not looked at closely may be totals, so that all have to be.
        """
        careful = careful or bool(self._layout.columns.other_currencies or self._layout.columns.sign)
        while chunk := list(islice(rows, _CHUNK)):
            filled = [numbered for numbered in chunk if numbered[1]]
            self.ignored += len(chunk) - len(filled)
            if self._layout.width > _USUALLY_MISSING:
                self._count_missing(filled)
            if careful:
                for number, row in filled:
                    self._examine(number, row)
            else:
                self._add_rows(filled)

    def _count_missing(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """Refuse many short rows below many headings: a small file would take much time."""
        width = self._layout.width
        self._missing += sum(max(0, width - len(row) - _USUALLY_MISSING) for _number, row in rows)
        if self._missing > _MAX_MISSING:
            raise self._failure(
                f"has {width} headings, and many rows that are much shorter, such as row {rows[-1][0]}. Delete the"
                " headings without values.",
                row=rows[-1][0],
            )

    def _add_rows(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """Add up rows together where all are lines; else in smaller parts, and at last one by one."""
        if not rows or self._add_lines(rows):
            return
        if len(rows) <= _PART:
            for number, row in rows:
                self._examine(number, row)
        else:
            for start in range(0, len(rows), _PART):
                self._add_rows(rows[start : start + _PART])

    def _add_lines(self, rows: Sequence[tuple[int, list[str]]]) -> bool:
        """Add up rows by their columns, if each has all that lines have. Raises ValueError if one may be a total."""
        layout, fields = self._layout, self._layout.fields
        cells = [row for _number, row in rows]
        if set(map(len, cells)) != {layout.width}:
            return False
        columns: list[tuple[str, ...]] = list(zip(*cells))
        code = columns[fields["currency"]] if "currency" in fields else (layout.currency,) * len(rows)
        if min(columns[fields["total"]]) <= " " or ("currency" in fields and not self._codes.issuperset(code)):
            return False
        texts = {index: set(columns[index]) for index in {*self._needed, *self._reader.named_columns}}
        if not all(all(map(str.strip, texts[index])) for index in self._needed):
            return False
        if may_mention_total("\n".join(chain.from_iterable(texts.values())), self._reader.is_poor):
            raise ValueError("a text mentions a total")
        nothing = (None,) * len(rows)
        keys = [columns[fields[key]] if key in fields else nothing for key in GROUP_KEYS[:-1]]
        self._sums.add_totals(zip(*keys, code), columns[fields["total"]])
        currencies = set(code)
        for part in set(MONEY[1:]).intersection(fields):
            amounts = columns[fields[part]]
            for currency in currencies:
                own = amounts if len(currencies) == 1 else [x for x, one in zip(amounts, code) if one == currency]
                self._sums.add_component(part, currency, own)
        for number, row in (rows[0], rows[-1]):
            self._note(number, row, layout.width)
        return True

    def _examine(self, number: int, row: Sequence[str]) -> None:
        """Look at one row closely: it is passed over, held, or a line."""
        reader = self._reader
        if not any(row):
            self.ignored += 1
            return
        cells = reader.padded(number, row)
        if reader.is_ignored(row, cells):
            self._analysis.left_out.add(number)
            self.ignored += 1
            self.ends_in_line = False
            self.last_text = 0 if reader.is_footer(cells) else number
            return
        self.last_text = 0
        kind, mentions = reader.kind_of(cells)
        if len(row) <= self._layout.fields["total"]:
            # Such as a summary in two columns below the table.
            kind = kind or "lacking"
        if kind and (text := reader.held_amount(row, cells)):
            self._hold(number, cells, text, kind, mentions)
            self.ends_in_line = False
            return
        if len(row) <= self._layout.fields["total"]:
            raise self._failure(
                f"row {number} ends before its total: it has {len(row)} of {self._layout.width} values. {self._advice}",
                row=number,
            )
        line = reader.line(number, cells)
        if mentions and line["total"]:
            self._check_named_like_total(number, cells, line)
        elif reader.is_sparse(cells) and line["total"] and len(self._sparse) < MAX_HELD_ROWS:
            before = self._snapshot()
            self._sparse.append(HeldRow(number, cells, line["total"], line["currency"], "lacking", False, before))
        self._sums.add(line)
        self._note(number, cells, len(row))
        index = self._layout.fields.get("currency")
        if index is not None and cells[index] == line["currency"]:
            self._codes.add(cells[index])

    def _note(self, number: int, cells: Sequence[str], width: int) -> None:
        """Remember the first and the last line, and whether the last one is shorter than the first."""
        if not self.first[0]:
            self.first, self._width = (number, cells), width
        self.is_short = width < self._width
        self.last, self.ends_in_line, self.last_text = (number, cells), True, 0

    def _hold(self, number: int, cells: Sequence[str], text: str, kind: Kind, mentions: bool) -> None:
        value, currency = self._reader.amount_of(number, cells, text)
        self._since = self._snapshot()
        self._analysis.amounts[number] = text
        self._detector.hold(HeldRow(number, cells, value, currency, kind, mentions, self._since))

    def _check_named_like_total(self, number: int, cells: Sequence[str], line: Line) -> None:
        """A line whose text mentions a total must not be the sum of several others."""
        now, currency, value = self._snapshot(), line["currency"], line["total"]
        sum_, lines = now.get(currency, (None, 0))
        since, lines_since = self._since.get(currency, (Decimal(0), 0))
        if sum_ is None or since is None:
            return
        if (lines > 1 and value == sum_) or (lines - lines_since > 1 and value == SUMMING.subtract(sum_, since)):
            raise self._detector.ambiguous(HeldRow(number, cells, value, currency, "mention", True, now))

    def finish(self) -> None:
        """Decide about the rows that were held."""
        end = self._snapshot()
        totals, lines = self._detector.resolve(end)
        self._analysis.left_out |= totals
        for row in lines:
            self._sums.add(self._reader.line(row.number, row.cells, self._analysis.amounts[row.number]))
        self._sums.flush()
        self._check_sparse(end)
        if self._reader.is_poor and not totals and lines_of(end) > 1 and len(end) == 1:
            self._check_ends(end)

    def _check_sparse(self, end: Snapshot) -> None:
        """Lines without a quantity and a price, such as fees, must not be the sum of lines before or after them."""
        since: Snapshot = {}
        for row in self._sparse:
            before, all_ = (sums.get(row.currency, (Decimal(0), 0))[0] for sums in (row.before, end))
            start = since.get(row.currency, (Decimal(0), 0))[0]
            since = row.before
            if before is None or all_ is None or start is None:
                continue
            rest = SUMMING.subtract(all_, row.value)
            if row.value in (before, SUMMING.subtract(before, start), SUMMING.subtract(rest, before), rest):
                raise self._detector.ambiguous(row)

    def _check_ends(self, end: Snapshot) -> None:
        """Of lines of one text and an amount, the first or the last may be the total in words that are not known."""
        ((currency, (sum_, lines)),) = end.items()
        ends = sorted((self.first, self.last), key=_filled)
        # Two lines that have the same may be of the same amount.
        for number, cells in ends if lines > 2 or _filled(ends[0]) < _filled(ends[1]) else ():
            value = self._reader.line(number, cells[: self._layout.width])["total"]
            if value and sum_ is not None and SUMMING.add(value, value) == sum_:
                raise self._detector.ambiguous(HeldRow(number, cells, value, currency, "mention", False, end))

    def _snapshot(self) -> Snapshot:
        """The sums of the lines so far. Raises DocumentError where there are too many to keep them for each row."""
        self._sums.flush()
        if len(self._sums.totals) > _MAX_CURRENCIES:
            raise self._failure(
                f"has total rows beside amounts in more than {_MAX_CURRENCIES} currencies. Name the right column with"
                " the option columns, such as columns: {currency: ...}."
            )
        return {currency: (sum_.value, sum_.lines) for currency, sum_ in self._sums.totals.items()}


def _filled(row: tuple[int, Sequence[str]]) -> int:
    """How many cells of a row are not blank."""
    return sum(1 for cell in row[1] if cell.strip())
