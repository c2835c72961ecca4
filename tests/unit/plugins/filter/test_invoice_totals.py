# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The filters, called as ansible-core calls them."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter import invoice_lines as lines_plugin
from ansible_collections.edgebill.akamai_invoicing.plugins.filter import invoice_totals as totals_plugin
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import document_totals
from jinja2 import StrictUndefined

DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"
invoice_totals = totals_plugin.FilterModule().filters()["invoice_totals"]
invoice_lines = lines_plugin.FilterModule().filters()["invoice_lines"]


def document(name: str = "sample.json") -> dict[str, t.Any]:
    parsed: dict[str, t.Any] = json.loads((DOCUMENTS / name).read_text(encoding="utf-8"))
    return parsed


def entry(name: str) -> dict[str, t.Any]:
    totals = document_totals(str(DOCUMENTS / name), name.rpartition(".")[2])
    of_documents = ("by_currency", "ignored_rows", "encoding", "warnings")
    return {key: value for key, value in totals.items() if key not in of_documents}


@pytest.mark.parametrize(("plugin", "run"), [(lines_plugin, invoice_lines), (totals_plugin, invoice_totals)])
def test_the_samples_of_the_documentation_are_true(plugin: t.Any, run: t.Callable[..., t.Any]) -> None:
    # The only document that Akamai shows.
    assert run(document()) == yaml.safe_load(plugin.RETURN)["_value"]["sample"]


def test_the_bill_below_the_root_key_is_a_document_too() -> None:
    assert invoice_totals(document()["INVOICE"]) == [entry("sample.json")]


def test_balances_have_keys_of_their_own() -> None:
    (found,) = invoice_totals([{"currency": "USD", "bills": 1, "invoice_total": 0.1}] * 3)
    assert (found["bills"], found["invoice_total"], found["lines"]) == (3, 0.3, None)
    contains = yaml.safe_load(totals_plugin.RETURN)["_value"]["contains"]
    assert found.keys() <= contains.keys()
    assert {name for name in contains if contains[name].get("returned")} == {"bills", "invoice_total"}


def test_bills_count_with_their_own_totals() -> None:
    bills = [
        {"invoice_currency": "USD", "invoice_total": 50000.42},
        {"invoice_currency": "USD", "invoice_total": -1020.71, "invoice_type": "CREDIT_MEMO"},
        {"invoice_currency": "JPY", "invoice_total": 1000},
        {"invoice_currency": "EUR", "invoice_total": 1},
        {"invoice_currency": "EUR", "invoice_total": None},
    ]
    found = invoice_totals(bills)
    assert [(one["currency"], one["total"], one["lines"]) for one in found] == [
        ("EUR", None, None),
        ("JPY", 1000, None),
        ("USD", 48979.71, None),
    ]
    assert {tuple(one["by_product"]) for one in found} == {()}


@pytest.mark.parametrize(
    ("bill_totals", "reconciled", "difference"),
    [
        (["0.03", "0.03"], True, 0),
        (["0.03", "0.02"], False, 0.01),
        (["0.03", None], None, None),
        (["0.02", None], False, 0.01),
    ],
)
def test_totals_add_up(bill_totals: list[str], reconciled: bool | None, difference: float | None) -> None:
    from decimal import Decimal

    several = [
        document_totals(str(DOCUMENTS / "sample.json"), "json", bill_total=None if total is None else Decimal(total))
        for total in bill_totals
    ]
    (found,) = invoice_totals(several)
    assert (found["total"], found["lines"], found["by_customer"][0]["lines"]) == (0.06, 2, 2)
    assert (found["reconciled"], found["difference"]) == (reconciled, difference)


def test_totals_of_several_currencies_add_up() -> None:
    totals = document_totals(str(DOCUMENTS / "currencies.csv"), "csv")
    found = invoice_totals([totals, totals])
    assert [(one["currency"], one["total"], one["lines"]) for one in found] == [
        ("JPY", 2002, 2),
        ("KWD", 2.47, 2),
        ("USD", 14.02, 4),
    ]
    assert {one["reconciled"] for one in found} == {None}


def test_nothing_is_nothing() -> None:
    assert invoice_totals([]) == []
    assert invoice_lines([]) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("abc", "the input is not a bill, but 'abc'"),
        (7, "the input is not a bill, but 7"),
        (None, "the input is not a bill, but None"),
        ({}, "a dictionary with the keys"),
        ({"title": "Access is denied", 1: 2}, "a dictionary with the keys"),
        ([{"total": 1, "product": "a"}, 3], "item 2 of the input is not a bill, but 3"),
        (
            [{"total": 1, "product": "a"}, {"invoice_total": 1, "invoice_currency": "USD"}],
            r"mixes a line \(item 1\) and a bill \(item 2\)",
        ),
        ([{"total": "abc", "product": "a"}], "line 1, total: 'abc' cannot be read"),
        ([{"currency": "USD", "bills": 1, "invoice_total": "abc"}], "the totals of bills, invoice_total: 'abc' cannot"),
        ([{"bills": 1, "invoice_total": 1}], "a dictionary with the keys"),
        ([{"total": 1, "by_product": []}], "a dictionary with the keys"),
        ([{"total": True, "product": "a"}], "line 1, total: True cannot be read"),
        ([{"invoice_total": float("nan"), "invoice_currency": "USD"}], "bill 1, invoice_total: nan cannot be read"),
        ({"a": {"END_CUSTOMER": []}, "b": {"END_CUSTOMER": []}}, "the document: holds more than one bill"),
        ([{"a": {"END_CUSTOMER": []}}, {"a": {"END_CUSTOMER": [7]}}], "document 2: END_CUSTOMER holds 7"),
        (StrictUndefined(name="x"), "the input is undefined; it has to be a parsed JSON document"),
    ],
)
def test_what_is_not_a_bill_is_refused(value: object, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"invoice_totals: .*{message}"):
        invoice_totals(value)


def test_lines_want_documents() -> None:
    with pytest.raises(AnsibleFilterError, match="item 1 of the input is not a bill, but a dictionary with the keys"):
        invoice_lines([{"invoice_total": 1, "invoice_currency": "USD"}])


class Marked(str):
    """A string that is marked, as in ansible-core 2.18."""

    def strip(self, *arguments: t.Any) -> Marked:
        return Marked(super().strip(*arguments))


def test_marks_of_strings_are_kept() -> None:
    line = {"PRODUCT": Marked(" {{ 1 }} "), "ITEM_TOTAL": 0.1}
    value = {"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [line]}]}}
    found = [invoice_lines(value)[0]["product"], invoice_totals(value)[0]["by_product"][0]["product"]]
    assert {type(product) for product in found} == {Marked}


def test_the_input_stays_as_it_was() -> None:
    value = document("credit_memo.json")
    invoice_totals(value)
    invoice_lines(value)
    assert value == document("credit_memo.json")
