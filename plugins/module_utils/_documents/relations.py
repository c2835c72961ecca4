# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How another amount of a line that could be its total is related to the total: the same, or the same before taxes."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from .._money.amounts import SUMMING, parse_amount_with_currency, rounded_to
from .._money.sums import Line
from .csv_layout import Failure, Layout

RELATIONS = ("same", "before taxes", "before -discount", "before +discount", "before both -", "before both +", "unit")


class Rivals:
    """Other columns that could be the total: they have to say the same in each row, or the same before something."""

    def __init__(self, layout: Layout, decimal: str, failure: Failure) -> None:
        self._layout = layout
        self._decimal = decimal
        self._failure = failure
        self._relations = {index: set(RELATIONS) for index in layout.columns.alternatives}

    def compare(self, number: int, cells: Sequence[str], line: Line) -> None:
        """Compare the amounts of one row. Raises DocumentError."""
        discount = Decimal(0)
        for index in self._layout.columns.adjustments:
            discount = SUMMING.add(discount, self._amount(cells[index]) or Decimal(0))
        # Many columns often say the same.
        found: dict[tuple[Decimal, bool], set[str]] = {}
        for index, relations in self._relations.items():
            if (other := self._amount(cells[index])) is None:
                continue
            key = other, index < self._layout.fields["total"]
            if key not in found:
                found[key] = relations_of(other, line, discount if key[1] else Decimal(0))
            relations.intersection_update(found[key])
            if not relations:
                heading, another = self._layout.heading("total"), self._layout.headings[index].strip()
                same = heading == another
                way_out = "Give the right one another heading, and name it" if same else "Name the right one"
                raise self._failure(
                    f"row {number}, column {heading!r}: {line['total']} differs from {other} in column {another!r},"
                    f" and either could be the total. {way_out} with the"
                    f" option columns, such as columns: {{total: {'Extended' if same else another}}}.",
                    row=number,
                    column=heading,
                )

    def _amount(self, text: str) -> Decimal | None:
        with suppress(ValueError):
            return parse_amount_with_currency(text, self._decimal)[0]
        return None


def relations_of(other: Decimal, line: Line, discount: Decimal) -> set[str]:
    """In which ways an amount beside the total of a line is the same."""
    total, taxes = line["total"], line["taxes"] or Decimal(0)
    add, subtract = SUMMING.add, SUMMING.subtract
    net = subtract(total, taxes)
    found = {
        "same": total,
        "before taxes": net,
        "before -discount": subtract(total, discount),
        "before +discount": add(total, discount),
        "before both -": subtract(net, discount),
        "before both +": add(net, discount),
    }
    # Taxes make an amount larger and discounts make it smaller, whatever their signs; else the total is the other one.
    smaller, larger = abs(other) <= abs(total), abs(other) >= abs(net)
    relations = {
        name
        for name, value in found.items()
        if value == other and (name == "same" or (smaller if name == "before taxes" else larger))
    }
    if isinstance(line["units"], Decimal):
        digits = max(2, -int(total.as_tuple().exponent))
        with suppress(ArithmeticError):
            relations |= {"unit"} if rounded_to(SUMMING.multiply(other, line["units"]), digits) == total else set()
    return relations
