# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The sums of many bills: exact, one entry for each currency, and compared with their lines."""

from __future__ import annotations

import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Bill
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import (
    compare,
    merge_reconciliations,
    mismatches,
    reconcile,
    reconcile_each,
)
from hypothesis import given
from hypothesis import strategies as st


def bill(invoice_id: int, total: str | None, currency: str | None = "USD") -> Bill:
    """A bill with this total."""
    amount = None if total is None else Decimal(total)
    return Bill("A-1", "C-1", invoice_id, "INVOICE", None, None, currency, amount, "2024-05", ())


def entry(
    invoice_id: int, *totals: tuple[str | None, t.Any], format: str = "json", source_type: str = "regular"
) -> Entry:
    """A document with these totals by currency."""
    parts = [{"currency": code, "total": total, "services": None, "taxes": 1, "lines": 2} for code, total in totals]
    facts = (None, None, None, None, None, None)
    return Entry("C-1", invoice_id, source_type, format, 1, *facts, "2024-05", "x", 1, "", parts or None)


def test_bills_and_lines_that_agree() -> None:
    assert reconcile([bill(1, "0.1"), bill(2, "0.2")], [entry(1, ("USD", 0.1)), entry(2, ("USD", 0.2))]) == [
        {
            "currency": "USD",
            "bills": 2,
            "invoice_total": 0.3,
            "total": 0.3,
            "services": None,
            "taxes": 2,
            "lines": 4,
            "reconciled": True,
            "difference": 0,
        }
    ]


def test_currencies_are_never_added() -> None:
    found = reconcile([bill(1, "1"), bill(2, "2", "JPY"), bill(3, "3", None)], [])
    assert [(one["currency"], one["invoice_total"], one["total"]) for one in found] == [
        (None, 3, None),
        ("JPY", 2, None),
        ("USD", 1, None),
    ]


def test_a_difference_is_told_though_others_are_unknown() -> None:
    (found,) = reconcile([bill(1, "5"), bill(2, "7")], [entry(1, ("USD", 4.99))])
    assert (found["reconciled"], found["difference"]) == (False, -0.01)


def test_what_is_not_known_of_each_is_null() -> None:
    (found,) = reconcile([bill(1, "5"), bill(2, None)], [entry(1, ("USD", 5)), entry(2, ("USD", 1))])
    assert (found["invoice_total"], found["reconciled"], found["difference"], found["total"]) == (None, None, 0, 6)
    (found,) = reconcile([bill(1, "5")], [entry(1, ("USD", None))])
    assert (found["invoice_total"], found["reconciled"], found["difference"], found["total"]) == (5, None, None, None)


def test_one_document_of_each_bill_counts() -> None:
    documents = [
        entry(1, ("USD", 3), format="csv", source_type="compute"),
        entry(1, ("USD", 2), format="csv"),
        entry(1, ("USD", 1)),
        entry(1, format="pdf"),
    ]
    for wanted in (1, 2, 3):
        (found,) = reconcile([bill(1, "1")], documents)
        assert found["total"] == wanted
        documents = [one for one in documents if not one.totals or one.totals[0]["total"] != wanted]


def test_lines_in_another_currency_have_an_entry_of_their_own() -> None:
    found = reconcile([bill(1, "5")], [entry(1, ("USD", 5), ("EUR", 2))])
    assert [
        (one["currency"], one["bills"], one["invoice_total"], one["total"], one["reconciled"]) for one in found
    ] == [
        ("EUR", 0, 0, 2, None),
        ("USD", 1, 5, 5, True),
    ]


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.lists(st.lists(st.tuples(st.sampled_from(["USD", "KWD"]), AMOUNTS), max_size=5), max_size=5))
def test_the_balances_of_parts_add_up_to_that_of_all(months: list[list[tuple[str, Decimal]]]) -> None:
    numbered = [[bill(number, str(amount), code) for number, (code, amount) in enumerate(one)] for one in months]
    parts = [part for bills in numbered for part in reconcile(bills, [])]
    whole = reconcile([one for bills in numbered for one in bills], [])
    assert merge_reconciliations(parts) == whole
    exact = {code: Decimal(0) for month in months for code, _amount in month}
    for month in months:
        for code, amount in month:
            exact[code] += amount
    assert {one["currency"]: Decimal(str(one["invoice_total"])) for one in whole} == exact


def test_sums_are_rounded_at_the_end() -> None:
    (found,) = reconcile([bill(1, "1.005"), bill(2, "1.005")], [entry(1, ("USD", 1.005)), entry(2, ("USD", 1.005))])
    assert [found[name] for name in ("invoice_total", "total", "reconciled", "difference")] == [2.01, 2.01, True, 0]
    (found,) = reconcile([bill(1, "100.4", "JPY"), bill(2, "100.4", "JPY")], [])
    assert found["invoice_total"] == 201
    (found,) = reconcile([bill(1, "0.001"), bill(2, "0.002")], [entry(1, ("USD", 0.001)), entry(2, ("USD", 0.002))])
    assert [found[name] for name in ("invoice_total", "total", "reconciled", "difference")] == [0.003, 0.003, True, 0]


def test_a_sum_with_a_line_that_has_no_amount_is_unknown() -> None:
    (found,) = reconcile([bill(1, "5"), bill(2, "7")], [entry(1, ("USD", 5)), entry(2, ("USD", None))])
    assert [found[name] for name in ("total", "lines", "reconciled")] == [None, 4, None]
    (found,) = merge_reconciliations([found, *reconcile([bill(3, "1")], [entry(3, ("USD", 1))])])
    assert [found[name] for name in ("total", "lines", "reconciled")] == [None, 6, None]


def test_each_bill_has_its_own_reconciliation() -> None:
    bills = [bill(1, "1.5"), bill(2, "2", "JPY")]
    found = reconcile_each(compare(bills, [entry(1, ("USD", 1.25), ("EUR", 2))]))
    assert found[0] == {
        "contract_id": "C-1",
        "invoice_id": 1,
        "month": "2024-05",
        "currency": "USD",
        "bills": 1,
        "invoice_total": 1.5,
        "total": 1.25,
        "services": None,
        "taxes": 1,
        "lines": 2,
        "reconciled": False,
        "difference": -0.25,
    }
    assert [(one["invoice_id"], one["currency"], one["bills"], one["total"]) for one in found[1:]] == [
        (1, "EUR", 0, 2),
        (2, "JPY", 1, None),
    ]
    assert merge_reconciliations(found) == reconcile(bills, [entry(1, ("USD", 1.25), ("EUR", 2))])


def test_a_bill_that_differs_is_named() -> None:
    bills, entries = [bill(1, "5"), bill(2, "7")], [entry(1, ("USD", 5)), entry(2, ("USD", 7.01))]
    assert mismatches(reconcile_each(compare(bills, entries))) == [
        "bill 2 of C-1 has the total 7 USD, and the sum of its lines is 7.01 USD"
    ]
    # A usage file may be about a part of the bill.
    usage = [entry(2, ("USD", 6), format="csv", source_type="compute")]
    assert mismatches(reconcile_each(compare(bills, usage))) == []
    assert reconcile([bill(2, "7")], usage)[0]["reconciled"] is None


@pytest.mark.parametrize("name", ["invoice_total", "total", "services", "difference"])
def test_an_amount_that_cannot_be_read_is_named(name: str) -> None:
    part = {"currency": "USD", "bills": 1, "invoice_total": 1, name: "abc"}
    with pytest.raises(DocumentError, match=f"the totals of bills, {name}: 'abc' cannot be read"):
        merge_reconciliations([part])


def test_balances_without_lines_add_up_too() -> None:
    parts = [
        {"currency": "USD", "bills": 1, "invoice_total": 0.1},
        {"currency": "USD", "bills": 2, "invoice_total": 0.2},
    ]
    (found,) = merge_reconciliations(parts)
    assert (found["bills"], found["invoice_total"], found["total"], found["reconciled"]) == (3, 0.3, None, None)
    assert found["lines"] is None
    (found,) = merge_reconciliations([*parts, {"currency": "USD", "bills": 1, "invoice_total": None}])
    assert found["invoice_total"] is None
