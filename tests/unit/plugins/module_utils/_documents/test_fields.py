# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Headings: which field a column holds, what currency its heading names, and which others could be the total."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.fields import (
    FIELDS,
    MONEY,
    NUMBERS,
    could_be_beside,
    could_be_total,
    is_unknown,
    match_headings,
    normalize,
    split_currency,
)


def test_each_name_is_of_one_field_and_normalized() -> None:
    names = [name for several in FIELDS.values() for name in several]
    assert len(names) == len(set(names))
    assert names == list(map(normalize, names))
    assert {*MONEY, *NUMBERS, "currency"} <= FIELDS.keys()


@pytest.mark.parametrize("field", FIELDS)
def test_each_name_is_found_however_it_is_written(field: str) -> None:
    for name in FIELDS[field]:
        for heading in (name, name.upper(), f" {name[:3]}_{name[3:]}: ", f"{name[:2]} {name[2:]}"):
            assert match_headings((heading, "Total" if field != "total" else "Product")).fields[field] == 0


@pytest.mark.parametrize(
    ("heading", "name", "mark"),
    [
        ("Total", "total", None),
        ("Total (USD)", "total", "USD"),
        ("total_usd", "total", "USD"),
        ("Cost [eur]", "cost", "EUR"),
        ("Amount in JPY", "amount", "JPY"),
        ("Cost ($)", "cost", "$"),
        ("Total (incl. VAT)", "totalinclvat", None),
        # Three letters that are a word, and a code that is none.
        ("Unit all", "unitall", None),
        ("Total (XYZ)", "totalxyz", None),
        ("USD", "usd", None),
    ],
)
def test_split_currency(heading: str, name: str, mark: str | None) -> None:
    assert split_currency(heading) == (name, mark)


@pytest.mark.parametrize(
    ("heading", "total", "beside", "unknown"),
    [
        ("Net Charge", True, False, True),
        ("Total after discount", True, True, False),
        ("Amount incl. VAT", True, False, False),
        ("Discount", False, True, False),
        ("LATE FEE", True, True, True),
        ("creditId", False, False, False),
        ("Unit cost", False, False, False),
        ("Total %", False, False, False),
        ("Total hours", False, False, False),
        ("Wert", False, False, True),
    ],
)
def test_words_of_headings(heading: str, total: bool, beside: bool, unknown: bool) -> None:
    assert (could_be_total(heading), could_be_beside(heading), is_unknown(heading)) == (total, beside, unknown)


def test_the_surest_name_is_the_field_and_others_are_alternatives() -> None:
    found = match_headings(("Product", "Amount", "ITEM_TOTAL", "Discount", "Region", ""))
    assert found.fields == {"product": 0, "total": 2}
    assert (found.alternatives, found.adjustments) == ((1,), (3,))
    assert found.extra == {"Amount": 1, "Discount": 3, "Region": 4}


def test_a_column_that_is_given_is_the_field_whatever_its_name() -> None:
    headings = ("Product", "Total", "Extended")
    assert match_headings(headings, (("total", 2),)).fields == {"product": 0, "total": 2}
    assert match_headings(headings, (("total", 2),)).alternatives == ()
    assert match_headings(("Total", "Product"), (("product", 0),)).fields == {"product": 0}


def test_headings_in_several_currencies() -> None:
    found = match_headings(("Tax (EUR)", "Tax (USD)", "Total (USD)"))
    assert (found.fields, found.currency) == ({"taxes": 1, "total": 2}, "USD")
    assert match_headings(("Total (USD)", "Total (EUR)")).ambiguous == {"total": ["Total (USD)", "Total (EUR)"]}
    assert match_headings(("Cost ($)",)).sign == "$"


def test_optional_parts_that_several_columns_could_be() -> None:
    assert match_headings(("Tax", "VAT", "Total")).ambiguous == {"taxes": ["Tax", "VAT"]}
    assert match_headings(("ITEM_TOTAL_TAXES", "Total")).ambiguous == {}


@pytest.mark.parametrize(
    ("headings", "total"),
    [
        ("BilledCost ContractedCost BillingCurrency ServiceName", "BilledCost"),
        ("CostInBillingCurrency BillingCurrency MeterName Cost", "CostInBillingCurrency"),
        ("lineItem/UnblendedCost lineItem/CurrencyCode lineItem/UsageAmount", "lineItem/UnblendedCost"),
        ("cost/myCost cost/currencyCode usage/billedQuantity", "cost/myCost"),
    ],
)
def test_known_layouts(headings: str, total: str) -> None:
    names = tuple(headings.split())
    found = match_headings(names)
    assert found.known_layout
    assert names[found.fields["total"]] == total
    assert "currency" in found.fields
    # Who names the total decides.
    assert not match_headings(names, (("total", 0),)).known_layout


def test_amount_beside_a_unit_is_a_quantity() -> None:
    assert match_headings(("Product", "Amount", "Unit", "Total")).fields["units"] == 1
    assert "units" not in match_headings(("Product", "Amount", "Unit")).fields
