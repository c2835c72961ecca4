# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lines that may be the sum of the lines beside them: they lack a text, or nothing but their amount shows it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .._money.amounts import SUMMING
from .._money.sums import GroupedSums, Line
from .total_rows import MAX_HELD_ROWS, HeldRow, Snapshot


class Rollups:
    """Notes such lines while the lines are added up in ``sums``. So many are noted; more are the way of a document."""

    def __init__(self, sums: GroupedSums) -> None:
        self._sums = sums
        self._rows: dict[str | None, list[HeldRow]] = {}
        self._noted = 0

    def note(self, number: int, cells: Sequence[str], line: Line) -> None:
        """Remember a line that is about to be added."""
        if self._noted < MAX_HELD_ROWS:
            self._noted += 1
            currency, value = line["currency"], line["total"]
            before = {currency: self._sums.so_far(currency)}
            self._rows.setdefault(currency, []).append(
                HeldRow(number, cells, value, currency, "lacking", False, before)
            )

    def find(self) -> HeldRow | None:
        """The first line that equals the sum of several lines before or after it, up to the next such line.

        A line that equals one other counts only where all such lines do so: amounts are often the same.
        """
        for currency, rows in self._rows.items():
            end = self._sums.so_far(currency)
            summed = [self._lines_summed(index, rows, end) for index in range(len(rows))]
            if 1 in summed and all(summed):
                return rows[0]
            for row, lines in zip(rows, summed):
                if lines > 1:
                    return row
        return None

    @staticmethod
    def _lines_summed(index: int, rows: Sequence[HeldRow], end: tuple[Decimal | None, int]) -> int:
        """Of how many lines beside it a line is the sum, at the most; 0 for none."""
        row = rows[index]
        sum_, lines = row.before[row.currency]
        last, all_lines = end
        if sum_ is None or last is None:
            return 0
        add, subtract = SUMMING.add, SUMMING.subtract
        after, lines_after = add(sum_, row.value), lines + 1
        found = [(sum_, lines), (subtract(last, after), all_lines - lines_after)]
        if index and (start := rows[index - 1]).before[row.currency][0] is not None:
            value, count = start.before[row.currency]
            found.append((subtract(sum_, add(value or Decimal(0), start.value)), lines - count - 1))
        if index + 1 < len(rows) and (stop := rows[index + 1].before[row.currency])[0] is not None:
            found.append((subtract(stop[0] or Decimal(0), after), stop[1] - lines_after))
        return max((count for value, count in found if count > 0 and value == row.value), default=0)


class SparseLines:
    """Lines without a quantity and a price, such as fees: they must not be the sum of lines before or after them."""

    def __init__(self) -> None:
        self._rows: list[HeldRow] = []

    @property
    def has_room(self) -> bool:
        """Whether so few were noted that more can be; many are the way of a document."""
        return len(self._rows) < MAX_HELD_ROWS

    def note(self, row: HeldRow) -> None:
        """Remember such a line."""
        self._rows.append(row)

    def find(self, end: Snapshot) -> HeldRow | None:
        """The first one that equals the sum of lines beside it."""
        since: Snapshot = {}
        for row in self._rows:
            before, all_ = (sums.get(row.currency, (Decimal(0), 0))[0] for sums in (row.before, end))
            start = since.get(row.currency, (Decimal(0), 0))[0]
            since = row.before
            if before is None or all_ is None or start is None:
                continue
            rest = SUMMING.subtract(all_, row.value)
            if row.value in (before, SUMMING.subtract(before, start), SUMMING.subtract(rest, before), rest):
                return row
        return None


class Subtotals:
    """Finds a row that is the sum of the lines before it, where nothing else makes a total differ from a line.

    The lines are two or more: all before the row, or those since the last row that is equal to the lines before it.
    """

    def __init__(self) -> None:
        self.found: tuple[int, Decimal] | None = None
        # By currency: the sum and the number of all lines, and of those since the last such row.
        self._sums: dict[str | None, tuple[Decimal, int, Decimal, int]] = {}

    def note(self, number: int, value: Decimal, currency: str | None) -> None:
        """Compare a line with those before it."""
        if not value or self.found:
            return
        sum_, lines, since, lines_since = self._sums.get(currency, (Decimal(0), 0, Decimal(0), 0))
        if (lines > 1 and value == sum_) or (lines_since > 1 and value == since):
            self.found = number, value
        if lines_since and value == since:
            since, lines_since = Decimal(0), 0
        else:
            since, lines_since = SUMMING.add(since, value), lines_since + 1
        self._sums[currency] = SUMMING.add(sum_, value), lines + 1, since, lines_since

    def start_again(self) -> None:
        """A total stands here: the next one may be about the lines after it."""
        for currency, (sum_, lines, _since, _lines_since) in self._sums.items():
            self._sums[currency] = sum_, lines, Decimal(0), 0
