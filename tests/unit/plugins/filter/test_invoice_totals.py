# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The filter invoice_totals, called as ansible-core calls it."""

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
    return {key: totals[key] for key in yaml.safe_load(totals_plugin.RETURN)["_value"]["contains"]}


def bill(invoice_id: int, currency: str | None, total: t.Any, contract_id: str = "C-1") -> dict[str, t.Any]:
    identity = {"contract_id": contract_id, "invoice_id": invoice_id}
    return {**identity, "invoice_currency": currency, "invoice_total": total}


@pytest.mark.parametrize(("plugin", "run"), [(lines_plugin, invoice_lines), (totals_plugin, invoice_totals)])
def test_the_samples_of_the_documentation_are_true(plugin: t.Any, run: t.Callable[..., t.Any]) -> None:
    # The only document that Akamai shows.
    assert run(document()) == yaml.safe_load(plugin.RETURN)["_value"]["sample"]


def test_the_bill_below_the_root_key_is_a_document_too() -> None:
    assert invoice_totals(document()["INVOICE"]) == [entry("sample.json")]


def test_every_key_is_documented() -> None:
    contains = yaml.safe_load(totals_plugin.RETURN)["_value"]["contains"]
    assert invoice_totals(document())[0].keys() == contains.keys()
    assert invoice_totals([bill(1, "USD", 1)])[0].keys() == contains.keys()


def test_bills_count_with_their_own_totals() -> None:
    bills = [
        bill(1, "USD", 50000.42),
        bill(2, "USD", -1020.71) | {"invoice_type": "CREDIT_MEMO"},
        bill(3, "JPY", 1000),
        bill(4, "EUR", 1),
        bill(5, "EUR", None),
    ]
    found = invoice_totals(bills)
    assert [(one["currency"], one["total"], one["lines"]) for one in found] == [
        ("EUR", None, None),
        ("JPY", 1000, None),
        ("USD", 48979.71, None),
    ]
    assert {tuple(one["by_product"]) for one in found} == {()}


def test_a_bill_counts_once_however_often_it_is_given() -> None:
    several = [bill(1, "USD", 10), bill(1, "USD", "10.00", "C-2"), bill(1, "USD", 10.0), bill(1, "USD", None)]
    assert [one["total"] for one in invoice_totals(several)] == [20]
    # What one list does not provide, the other does.
    assert [one["total"] for one in invoice_totals(several[::-1])] == [20]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            bill(1, "USD", 11),
            "bill 1 of contract C-1 is given twice, with invoice_total 10 and 11: give only the newer",
        ),
        (bill(1, "EUR", 10), "bill 1 of contract C-1 is given twice, with invoice_currency 'USD' and 'EUR'"),
    ],
)
def test_bills_that_contradict_each_other_are_refused(other: dict[str, t.Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"invoice_totals: {message}"):
        invoice_totals([bill(1, "USD", 10), other])


def test_a_document_counts_once_however_often_it_is_given() -> None:
    once = invoice_totals(document())
    assert invoice_totals([document(), document()]) == once
    assert invoice_lines([document(), document()]) == invoice_lines(document())


def test_documents_of_different_bills_are_added() -> None:
    other, anonymous = document(), document()
    other["INVOICE"]["INVOICE_ID"] = 2
    del anonymous["INVOICE"]["INVOICE_ID"]
    # Documents that name no bill cannot be compared.
    (found,) = invoice_totals([document(), other, anonymous, anonymous])
    assert (found["total"], found["lines"]) == (0.12, 4)


def test_two_documents_of_a_bill_that_differ_are_refused() -> None:
    newer = document()
    newer["INVOICE"]["INVOICE_VERSION"] = 2
    for run in (invoice_totals, invoice_lines):
        with pytest.raises(AnsibleFilterError, match="is given twice, and the documents differ: give only its newest"):
            run([document(), newer])


def test_nothing_is_nothing() -> None:
    assert invoice_totals([]) == []
    assert invoice_lines([]) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "abc",
            "the input is 'abc': give a list of parsed JSON documents, or of lines, or of bills.",
        ),
        (7, "the input is 7"),
        (None, "the input is null"),
        ({}, "a dictionary with the keys"),
        ({"title": "Access is denied", 1: 2}, "a dictionary with the keys"),
        ([{"total": 1, "product": "a"}, 3], "item 2 of the input is 3"),
        ([[{"total": 1, "product": "a"}]], r"item 1 of the input is a list in a list \(use flatten\)"),
        (
            [{"total": 1, "product": "a"}, bill(1, "USD", 1)],
            r"mixes a line \(item 1\) and a bill \(item 2\): give one kind at a time",
        ),
        ([{"total": "abc", "product": "a"}], "line 1, total: 'abc' cannot be read"),
        ([{"currency": "USD", "bills": 1, "invoice_total": 1}], "item 1 of the input is totals of bills"),
        ([{"invoice_currency": "USD", "invoice_total": 1}], "a dictionary with the keys"),
        ([{"total": 1, "by_product": []}], "a dictionary with the keys"),
        ([{"total": True, "product": "a"}], "line 1, total: True cannot be read"),
        ([{"total": 1, "product": ["a"]}], "the input has a value that cannot be there"),
        ([bill(1, "USD", float("nan"))], "bill 1, invoice_total: nan cannot be read"),
        ({"a": {"END_CUSTOMER": []}, "b": {"END_CUSTOMER": []}}, "the document: holds more than one bill"),
        ([{"a": {"END_CUSTOMER": []}}, {"a": {"END_CUSTOMER": [7]}}], "document 2: END_CUSTOMER .*7"),
        (StrictUndefined(name="x"), "the input is undefined: give a list of parsed JSON documents"),
    ],
)
def test_what_is_not_a_bill_is_refused(value: object, message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"invoice_totals: .*{message}"):
        invoice_totals(value)


def test_lines_are_read_from_documents_only() -> None:
    with pytest.raises(AnsibleFilterError, match="item 1 of the input is a bill: give a list of parsed JSON documents"):
        invoice_lines([bill(1, "USD", 1)])
