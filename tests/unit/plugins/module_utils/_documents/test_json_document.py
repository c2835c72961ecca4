# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""JSON documents: their lines, their currency, and what is no bill."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import json_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import ParsedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import DOCUMENTS, lines_of

Read = t.Callable[..., dict[str, t.Any]]


def test_lines_of_json() -> None:
    assert lines_of("credit_memo.json")[0] == {
        "product": "Access Control",
        "product_id": "9-8ZYX76",
        "description": 'Credit for übergroße "units"',
        "item_type": "C",
        "start_date": None,
        "end_date": None,
        "units": None,
        "unit_price": None,
        "unit_measure": None,
        "total": -1020.71,
        "services": -1000.01,
        "taxes": -20.7,
        "po_number": None,
        "customer_id": "A-CCT7890",
        "customer_name": "Main Street Corporation",
        "credited_invoice": "1234567890",
        "credited_line": "7",
        "currency": "EUR",
        "extra": {"REASON": {"CODE": 4.5}},
    }
    assert [line["customer_name"] for line in lines_of("credit_memo.json")] == ["Main Street Corporation"] * 2 + [
        "Third Street"
    ]
    assert lines_of("sample.json")[0]["extra"] == {
        "END_CUSTOMER_EXTERNAL_REFERENCE": "1234567890",
        "END_CUSTOMER_ORDER_ID": "1-23ABC4",
        "EFFECTIVE_END_DATE": "2022-01-31",
    }


def test_currency_of_json() -> None:
    document = read_document(str(DOCUMENTS / "sample.json"), "json")
    assert len(list(document)) == 1
    assert document.currency == "USD"


def test_large_json_is_refused_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_document.MAX_JSON_SIZE >= 256 << 20
    monkeypatch.setattr(json_document, "MAX_JSON_SIZE", 10)
    path = tmp_path / "x.json"
    path.write_text('{"INVOICE": 1}', encoding="utf-8")
    with pytest.raises(DocumentError, match="has 14 bytes, and JSON is read up to 10 bytes. Use the CSV document"):
        document_totals(str(path), "json")


@pytest.mark.parametrize(
    ("bill", "message"),
    [
        (
            {"END_CUSTOMER": [], "INVOICE_LINE": [{"ITEM_TOTAL": 100}]},
            "has INVOICE_LINE in a place of the bill where no amount",
        ),
        ({"END_CUSTOMER": None, "MORE": {"lines": [{"item_total": 1}]}}, "has item_total in a place of the bill"),
        ({"END_CUSTOMER": [{"invoice_line": [{"ITEM_TOTAL": 100}]}]}, "no INVOICE_LINE in END_CUSTOMER 1"),
        ({"END_CUSTOMER": [{"INVOICE_LINE": None}, {"LINES": []}]}, "no INVOICE_LINE in END_CUSTOMER 2"),
        ({"END_CUSTOMER": [{"INVOICE_LINE": None, "LINES": [{"ITEM_TOTAL": 1}]}]}, "has ITEM_TOTAL in a place of"),
        (
            {"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1, "PARTS": [{"ITEM_TOTAL": 1}]}]}},
            "has ITEM_TOTAL in a place of",
        ),
        ({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}, {"PRODUCT": "A"}]}}, "INVOICE_LINE 2 has no ITEM_TOTAL"),
        ({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}, {"AMOUNT": 1}]}}, "INVOICE_LINE 2 has no ITEM_TOTAL"),
        (
            {"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": 1, "item total": 2}}},
            "several could be the total|has 1 in ITEM_TOTAL and 2 in item total",
        ),
        ({"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": "1,234"}}}, "could be a decimal mark or group thousands"),
    ],
)
def test_amounts_in_other_places(read_json: Read, bill: dict[str, t.Any], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_json(bill)


def test_lines_in_another_currency_than_the_bill_are_an_error(read_json: Read) -> None:
    lines: list[dict[str, t.Any]] = [{"ITEM_TOTAL": 5, "ITEM_CURRENCY": "EUR"}]
    with pytest.raises(DocumentError, match="is in USD, but INVOICE_LINE 1 and all others are in other .* EUR"):
        read_json({"INVOICE_CURRENCY": "USD", "END_CUSTOMER": {"INVOICE_LINE": lines}})
    lines.append({"ITEM_TOTAL": 1})
    found = read_json({"INVOICE_CURRENCY": "USD", "END_CUSTOMER": {"INVOICE_LINE": lines}})
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 1)]


def test_a_key_that_holds_a_code_is_the_currency(read_json: Read) -> None:
    assert read_json({"CCY": "EUR", "END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}})["currency"] == "EUR"


def test_facts_of_a_customer_are_extra_facts_of_its_lines() -> None:
    lines = [{"ITEM_TOTAL": 5}, {"ITEM_TOTAL": 6, "a": 2, "c": 3}]
    document = ParsedDocument({"INVOICE": {"END_CUSTOMER": [{"a": 1, "b": 1, "INVOICE_LINE": lines}]}})
    assert [line["extra"] for line in document] == [{"a": 1, "b": 1}, {"a": 2, "b": 1, "c": 3}]


@pytest.mark.parametrize(("names", "field"), [(("TAX", "VAT"), "taxes"), (("SERVICES", "TOTAL_SERVICES"), "services")])
def test_several_names_for_an_optional_part_never_cost_the_total(
    read_json: Read, names: tuple[str, str], field: str
) -> None:
    lines = [{"ITEM_TOTAL": 5, names[0]: 1}, {"ITEM_TOTAL": 6, names[0]: 1, names[1]: 2}]
    found = read_json({"END_CUSTOMER": [{"INVOICE_LINE": lines}]})
    assert (found["total"], found[field]) == (11, None)
    [warning] = found["warnings"]
    assert f"several columns could be the {field}: '{names[0]}', '{names[1]}'. So {field} is null." in warning
