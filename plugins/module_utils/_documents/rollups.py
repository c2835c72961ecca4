# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lines that lack a text which other lines have, such as a region: they may be the sum of the lines beside them."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .._money.amounts import SUMMING
from .._money.sums import GroupedSums, Line
from .total_rows import MAX_HELD_ROWS, HeldRow


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
            before = {currency: self._so_far(currency)}
            self._rows.setdefault(currency, []).append(
                HeldRow(number, cells, value, currency, "lacking", False, before)
            )

    def find(self) -> HeldRow | None:
        """The first line that equals the sum of several lines before or after it, up to the next such line.

        A line that equals one other counts only where all such lines do so: amounts are often the same.
        """
        for currency, rows in self._rows.items():
            summed = [self._lines_summed(index, rows, self._so_far(currency)) for index in range(len(rows))]
            if 1 in summed and all(summed):
                return rows[0]
            for row, lines in zip(rows, summed):
                if lines > 1:
                    return row
        return None

    def _so_far(self, currency: str | None) -> tuple[Decimal | None, int]:
        self._sums.flush()
        sum_ = self._sums.totals.get(currency)
        return (sum_.value, sum_.lines) if sum_ else (Decimal(0), 0)

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
