# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An amount beside the total of a line: the same, the same before taxes or discounts, or a price for one unit."""

from __future__ import annotations

import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.relations import (
    RELATIONS,
    relations_of,
)
from hypothesis import given
from hypothesis import strategies as st


def line(total: str, taxes: str | None = None, units: t.Any = None) -> dict[str, t.Any]:
    """A line with these amounts."""
    return {"total": Decimal(total), "taxes": taxes and Decimal(taxes), "units": units}


EQUAL = set(RELATIONS) - {"unit"}


@pytest.mark.parametrize(
    ("other", "line", "discount", "relations"),
    [
        # Without taxes and discounts, what is before them is the same.
        ("12", line("12"), "0", EQUAL),
        ("10", line("12", taxes="2"), "0", {"before taxes", "before both -", "before both +"}),
        ("8", line("12", taxes="2"), "0", set()),
        ("15", line("12"), "3", {"before +discount", "before both +"}),
        ("15", line("12"), "-3", {"before -discount", "before both -"}),
        ("13", line("12", taxes="2"), "3", {"before both +"}),
        ("13", line("12", taxes="2"), "-3", {"before both -"}),
        ("-10", line("-12", taxes="-2"), "0", {"before taxes", "before both -", "before both +"}),
        # A discount makes an amount smaller: else the total is the other one.
        ("9", line("12"), "3", set()),
        ("4", line("12", units=Decimal(3)), "0", {"unit"}),
        ("0.333", line("1.00", units=Decimal(3)), "0", {"unit"}),
        ("0.33", line("1.000", units=Decimal(3)), "0", set()),
        # Units that are no number, and a product beyond any amount.
        ("4", line("12", units="3 GB"), "0", set()),
        ("9E+40", line("12", units=Decimal("9E+40")), "0", set()),
    ],
)
def test_relations(other: str, line: dict[str, t.Any], discount: str, relations: set[str]) -> None:
    assert relations_of(Decimal(other), line, Decimal(discount)) == relations


AMOUNT = st.decimals(-(10**9), 10**9, places=2)


@given(AMOUNT, AMOUNT, st.decimals(0, 10**6, places=2))
def test_the_total_is_the_same_as_itself(total: Decimal, taxes: Decimal, discount: Decimal) -> None:
    found = {"total": total, "taxes": taxes, "units": None}
    assert "same" in relations_of(total, found, discount)
    assert relations_of(total + 1, found, Decimal(0)) <= set(RELATIONS) - {"same"}
