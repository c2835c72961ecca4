# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The filter merge_totals, called as ansible-core calls it."""

from __future__ import annotations

import typing as t
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter import merge_totals as plugin
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_totals import invoice_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import document_totals
from jinja2 import StrictUndefined

DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"
CONTAINS = yaml.safe_load(plugin.RETURN)["_value"]["contains"]
Entry = dict[str, t.Any]
merge_totals = plugin.FilterModule().filters()["merge_totals"]


def entry(invoice_id: int | None, currency: str | None, invoice_total: t.Any, **others: t.Any) -> Entry:
    """What invoice_archive returns in ``bills``, or in ``totals`` without an invoice ID."""
    names = ("total", "services", "taxes", "lines", "reconciled", "difference")
    found = {"currency": currency, "bills": 1, "invoice_total": invoice_total, **dict.fromkeys(names), **others}
    identity = {"contract_id": "C-1", "invoice_id": invoice_id, "month": "2024-05"}
    return found if invoice_id is None else identity | found


def read(total: t.Any = 10, lines: int = 2, **others: t.Any) -> Entry:
    """What is known of a bill by a document with its lines."""
    return {"total": total, "services": 8, "taxes": 2, "lines": lines, "reconciled": True, "difference": 0, **others}


def test_totals_without_a_bill_are_added_as_they_are() -> None:
    (found,) = merge_totals([entry(None, "USD", 0.1)] * 3)
    assert (found["bills"], found["invoice_total"], found["lines"]) == (3, 0.3, None)
    assert found.keys() == CONTAINS.keys() - {"by_product", "by_customer", "by_item_type"}


def test_the_sample_of_the_documentation_is_true() -> None:
    several = [{"currency": "USD", "bills": 1, "invoice_total": total} for total in (50000.42, 13320.96)]
    assert merge_totals(several) == yaml.safe_load(plugin.RETURN)["_value"]["sample"]


def test_a_bill_counts_once_however_often_it_is_given() -> None:
    once = [entry(1, "USD", 10, **read()), entry(2, "USD", 5, **read(5)), entry(3, "EUR", 1)]
    found = merge_totals(once)
    assert [(one["currency"], one["bills"], one["invoice_total"], one["total"]) for one in found] == [
        ("EUR", 1, 1, None),
        ("USD", 2, 15, 15),
    ]
    assert merge_totals(once * 3) == merge_totals(once[::-1] + once) == found


def test_what_is_not_known_in_one_entry_is_taken_from_the_other() -> None:
    known, unknown = entry(1, "USD", 10, **read()), entry(1, None, None)
    for several in ([known, unknown], [unknown, known]):
        assert merge_totals(several) == merge_totals([known])


def test_lines_in_a_further_currency_belong_to_the_same_bill() -> None:
    other = entry(1, "EUR", 0, bills=0, total=3, lines=1)
    found = merge_totals([entry(1, "USD", 10, **read()), other, other])
    assert [(one["currency"], one["bills"], one["total"]) for one in found] == [("EUR", 0, 3), ("USD", 1, 10)]


def test_lines_in_the_own_currency_of_a_bill_do_not_count_twice() -> None:
    # One list provides the currency of the bill, the other does not.
    unknown = [entry(1, None, 10), entry(1, "USD", 0, bills=0, total=10, lines=2)]
    with pytest.raises(
        AnsibleFilterError, match="bill 1 of contract C-1 is given twice, once without its own currency"
    ):
        merge_totals([*unknown, entry(1, "USD", 10, **read())])


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (entry(1, "USD", 11), "invoice_total 10 and 11"),
        (entry(1, "EUR", 10), "currency 'USD' and 'EUR'"),
        (entry(1, "USD", 10, **read(12)), "total 10 and 12"),
        (entry(1, "USD", 10, **read(lines=3)), "lines 2 and 3"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(other: Entry, names: str) -> None:
    message = f"merge_totals: bill 1 of contract C-1 is given twice, with {names}: give only the newer one"
    with pytest.raises(AnsibleFilterError, match=message):
        merge_totals([entry(1, "USD", 10, **read()), other])


@pytest.mark.parametrize(
    ("bill_totals", "reconciled", "difference"),
    [
        (["0.03", "0.03"], True, 0),
        (["0.03", "0.02"], False, 0.01),
        (["0.03", None], None, None),
        (["0.02", None], False, 0.01),
    ],
)
def test_totals_of_documents_are_added(
    bill_totals: list[str | None], reconciled: bool | None, difference: float | None
) -> None:
    several = [
        document_totals(str(DOCUMENTS / "sample.json"), "json", bill_total=None if total is None else Decimal(total))
        for total in bill_totals
    ]
    (found,) = merge_totals(several)
    assert (found["total"], found["lines"], found["by_customer"][0]["lines"]) == (0.06, 2, 2)
    assert (found["reconciled"], found["difference"]) == (reconciled, difference)
    assert found.keys() == CONTAINS.keys() - {"bills", "invoice_total"}


def test_totals_of_several_currencies_are_never_added_together() -> None:
    totals = document_totals(str(DOCUMENTS / "currencies.csv"), "csv")
    found = merge_totals([totals, totals])
    assert [(one["currency"], one["total"], one["lines"]) for one in found] == [
        ("JPY", 2002, 2),
        ("KWD", 2.47, 2),
        ("USD", 14.02, 4),
    ]
    assert {one["reconciled"] for one in found} == {None}


def test_a_total_that_is_not_known_makes_the_sum_unknown() -> None:
    bills = [{"contract_id": "C-1", "invoice_id": 1, "invoice_currency": "USD", "invoice_total": None}]
    known = [{"contract_id": "C-1", "invoice_id": 2, "invoice_currency": "USD", "invoice_total": 5}]
    for several in (bills, known), (known, bills):
        (found,) = merge_totals([*invoice_totals(several[0]), *invoice_totals(several[1])])
        assert (found["total"], found["lines"]) == (None, None)
    assert merge_totals([*invoice_totals(known)] * 2)[0]["total"] == 10


def test_nothing_is_nothing() -> None:
    assert merge_totals([]) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "the input is null: give a list of totals of bills, or of totals of documents"),
        ([entry(None, "USD", 1), None], "item 2 of the input is null"),
        ([[entry(None, "USD", 1)]], r"item 1 of the input is a list in a list \(use flatten\)"),
        ([{"bills": 1, "invoice_total": 1}], "a dictionary with the keys"),
        ([{"product": "a", "total": 1}], "item 1 of the input is a line"),
        ([{"currency": "USD", "bills": 1, "invoice_total": "abc"}], "invoice_total: 'abc' cannot"),
        ([{"currency": "USD", "bills": "many", "invoice_total": 1}], "the input has a value that cannot be there"),
        ([{"currency": [], "bills": 1, "invoice_total": 1}], "the input has a value that cannot be there"),
        (StrictUndefined(name="x"), "the input is undefined: give a list of totals of bills"),
    ],
)
def test_what_are_no_totals_is_refused(value: object, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"merge_totals: .*{message}"):
        merge_totals(value)
