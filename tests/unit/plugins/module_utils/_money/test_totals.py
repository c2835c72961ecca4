# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Totals of lines, bills and documents: exact, by currency, and unknown where one amount is."""

from __future__ import annotations

import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import (
    amount_of,
    bill_totals,
    line_totals,
    merge_totals,
)

GROUPS = ("by_product", "by_customer", "by_item_type")


def line(total: t.Any, currency: str | None = "USD", product: str | None = "Ion", **more: t.Any) -> dict[str, t.Any]:
    """A line with this total."""
    return {"total": total, "currency": currency, "product": product, **more}


def test_lines_are_added_up_by_currency_and_group() -> None:
    yen, dollars = line_totals(
        [
            line(0.1, customer_id="A-1", taxes=0.01),
            line(0.2, product="DNS", customer_id="A-2", services="0.15"),
            line(Decimal("0.3"), product="DNS", item_type="U"),
            line(1000, "JPY"),
        ]
    )
    assert [yen["currency"], yen["total"], yen["lines"]] == ["JPY", 1000, 1]
    assert [dollars[key] for key in ("currency", "total", "services", "taxes", "lines")] == ["USD", 0.6, 0.15, 0.01, 3]
    # The largest amount first.
    assert [(group["product"], group["total"], group["lines"]) for group in dollars["by_product"]] == [
        ("DNS", 0.5, 2),
        ("Ion", 0.1, 1),
    ]
    assert [group["customer_id"] for group in dollars["by_customer"]] == [None, "A-2", "A-1"]
    assert [group["item_type"] for group in dollars["by_item_type"]] == ["U", None]


def test_a_line_without_an_amount_leaves_its_groups_unknown() -> None:
    [found] = line_totals([line(None), line(5, product="DNS"), line(7)])
    assert (found["total"], found["lines"]) == (None, 3)
    assert [(group["product"], group["total"]) for group in found["by_product"]] == [("DNS", 5), ("Ion", None)]


def test_nothing_adds_up_to_nothing() -> None:
    assert line_totals([]) == bill_totals([]) == merge_totals([]) == []


def test_bills_have_no_lines_and_no_groups() -> None:
    bills: list[dict[str, t.Any]] = [
        {"invoice_total": 0.1, "invoice_currency": "USD"},
        {"invoice_total": Decimal("0.2"), "invoice_currency": "USD"},
        {"invoice_total": 5, "invoice_currency": "EUR"},
        {"invoice_total": None, "invoice_currency": "EUR"},
    ]
    euros, dollars = bill_totals(bills)
    assert [(one["currency"], one["total"], one["lines"]) for one in (euros, dollars)] == [
        ("EUR", None, None),
        ("USD", 0.3, None),
    ]
    assert [dollars[group] for group in GROUPS] == [[], [], []]
    # What is known of bills is added to what is known of others.
    assert [(one["currency"], one["total"]) for one in merge_totals([euros, dollars, dollars])] == [
        ("EUR", None),
        ("USD", 0.6),
    ]


def test_merging_is_the_same_as_adding_up_all_lines() -> None:
    lines = [line(0.1), line(0.2, product="DNS"), line(-3, "EUR", taxes=1), line(0.7, customer_id="A-1")]
    parts = [entry for one in lines for entry in line_totals([one])]
    merged = merge_totals(parts)
    assert [{**entry, "reconciled": None, "difference": None} for entry in line_totals(lines)] == merged


@pytest.mark.parametrize(
    ("compared", "reconciled", "difference"),
    [
        ([(True, 0), (True, 0)], True, 0),
        ([(True, 0), (None, None)], None, None),
        ([(None, None)], None, None),
        ([(True, 0), (False, 0.5)], False, 0.5),
        ([(False, 0.5), (None, None), (False, -0.2)], False, 0.3),
    ],
)
def test_all_documents_have_to_agree_with_their_bills(
    compared: list[tuple[bool | None, t.Any]], reconciled: bool | None, difference: float | None
) -> None:
    [one] = line_totals([line(1)])
    [merged] = merge_totals({**one, "reconciled": answer, "difference": found} for answer, found in compared)
    assert (merged["reconciled"], merged["difference"]) == (reconciled, difference)


def test_an_amount_that_cannot_be_read_is_named() -> None:
    assert amount_of({"total": "1.50"}, "total", "line 1") == Decimal("1.50")
    assert amount_of({}, "total", "line 1") is None
    with pytest.raises(DocumentError, match="^line 2, total: 'abc' cannot be read"):
        line_totals([line(1), line("abc")])
    with pytest.raises(DocumentError, match="^bill 1, invoice_total: True cannot be read"):
        bill_totals([{"invoice_total": True, "invoice_currency": "USD"}])
