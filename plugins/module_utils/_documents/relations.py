# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How another amount of a line that could be its total is related to the total: the same, or the same before taxes."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from .._money.amounts import SUMMING, rounded_to
from .._money.sums import Line

RELATIONS = ("same", "before taxes", "before -discount", "before +discount", "before both -", "before both +", "unit")


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
