# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Sums of many amounts at once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.sums import GROUP_KEYS, GroupedSums
from hypothesis import given, settings
from hypothesis import strategies as st

# As usage files write them: all alike, or one that is not among them.
ALIKE = st.integers(0, 6).flatmap(
    lambda digits: st.lists(st.integers(-(10**12), 10**12).map(lambda number: f"{Decimal(number).scaleb(-digits):f}"))
)
ODD = st.lists(st.sampled_from(["1", "-0.5", "+1.25", "1e3", "007.10", ".5", "5.", "0", "99999999999999999999.99"]))


KEY = ("Ion", None, None, "U", "USD")


def sum_of(texts: list[str]) -> Decimal | None:
    """The sum of many amounts, be they totals or parts of them."""
    sums = GroupedSums()
    if texts:
        sums.add_totals([KEY] * len(texts), list(map(Decimal, texts)))
    sums.add_component("services", "USD", list(map(Decimal, texts)))
    sums.flush()
    if texts:
        assert sums.services["USD"].value == sums.totals["USD"].value
        assert sums.services["USD"].lines == sums.products["Ion", "USD"].lines == len(texts)
    return sums.totals["USD"].value


@settings(max_examples=300)
@given(ALIKE, ODD)
def test_sums_are_exact_whatever_the_amounts_look_like(alike: list[str], odd: list[str]) -> None:
    texts = alike + odd
    assert Fraction(sum_of(texts) or 0) == sum(map(Fraction, texts))
    sums = GroupedSums()
    for number, text in enumerate(texts):
        line = dict(zip(GROUP_KEYS, KEY)) | {"services": None, "taxes": Decimal(text)}
        if number % 3:
            sums.add(line | {"total": Decimal(text)})
        else:
            sums.add_totals([KEY], [Decimal(text)])
    sums.flush()
    assert Fraction(sums.totals["USD"].value or 0) == sum(map(Fraction, texts))


def test_lines_without_a_part_are_not_lines_of_that_part() -> None:
    sums = GroupedSums()
    for texts in (["1", "2"], [], ["0", "0"], ["3"] * 20):
        sums.add_component("taxes", "USD", list(map(Decimal, texts)))
    assert sums.taxes["USD"].value == 63
    assert sums.taxes["USD"].lines == 24
