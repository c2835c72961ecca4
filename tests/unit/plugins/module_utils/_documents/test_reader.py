# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents written by hand: their lines, their totals, and what is wrong with the broken ones."""

from __future__ import annotations

import json
import typing as t
from decimal import Decimal
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import merge_totals
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import DOCUMENTS, lines_of

Read = t.Callable[..., dict[str, t.Any]]
KEYS = ("currency", "total", "services", "taxes", "lines")


def totals(name: str, **options: t.Any) -> dict[str, t.Any]:
    return document_totals(str(DOCUMENTS / name), name.rpartition(".")[2], **options)


@pytest.mark.parametrize(
    ("name", "currency", "total", "services", "taxes", "count"),
    [
        ("sample.json", "USD", 0.03, 0.02, 0, 1),
        ("credit_memo.json", "EUR", None, -999.91, -20.7, 3),
        ("regular.csv", "USD", 0.83, 0.62, 0.2, 3),
        ("semicolon.csv", "EUR", 1469.06, 1234.5, 234.56, 3),
        ("tab_utf16.csv", "JPY", 1199800, None, 119980, 2),
        ("preamble.csv", "GBP", 1215.66, None, None, 4),
        ("subtotals.csv", None, 14.105, None, None, 4),
        ("compute.csv", "USD", 118.34, None, 0.95, 3),
        ("currencies.csv", None, None, None, None, 4),
    ],
)
def test_totals(name: str, currency: str | None, total: t.Any, services: t.Any, taxes: t.Any, count: int) -> None:
    found = totals(name)
    assert [found[key] for key in KEYS] == [currency, total, services, taxes, count]
    assert (found["reconciled"], found["difference"]) == (None, None)
    assert len(lines_of(name)) == count


def test_groups_by_amount_then_name() -> None:
    found = totals("regular.csv")
    assert found["by_product"] == [
        {"product": "Edge DNS", "currency": "USD", "total": 0.8, "lines": 2},
        {"product": "Access Control", "currency": "USD", "total": 0.03, "lines": 1},
    ]
    assert found["by_customer"] == [
        {
            "customer_id": "A-CCT7890",
            "customer_name": "Main Street Corporation",
            "currency": "USD",
            "total": 1.23,
            "lines": 2,
        },
        {
            "customer_id": "A-CCT0002",
            "customer_name": "Third Street, Inc.",
            "currency": "USD",
            "total": -0.4,
            "lines": 1,
        },
    ]
    assert [group["item_type"] for group in found["by_item_type"]] == ["U", "C"]
    assert found["by_currency"] == [{key: found[key] for key in KEYS}]


def test_groups_without_an_amount_or_a_name_come_last() -> None:
    assert totals("credit_memo.json")["by_product"] == [
        {"product": "Edge DNS", "currency": "EUR", "total": 0.1, "lines": 1},
        {"product": "Access Control", "currency": "EUR", "total": -1020.71, "lines": 1},
        {"product": None, "currency": "EUR", "total": None, "lines": 1},
    ]


def test_equal_amounts_are_sorted_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Item type,Total\nb,x,1.004\na,x,1.00\nc,x,2\n", encoding="utf-8")
    found = document_totals(str(path), "csv", currency="USD")
    assert [group["product"] for group in found["by_product"]] == ["c", "a", "b"]


def test_several_currencies_never_mix() -> None:
    found = totals("currencies.csv")
    assert found["by_currency"] == [
        {"currency": "JPY", "total": 1001, "services": 1000, "taxes": 1, "lines": 1},
        {"currency": "KWD", "total": 1.235, "services": 1.235, "taxes": None, "lines": 1},
        {"currency": "USD", "total": 7.01, "services": 7, "taxes": 0.01, "lines": 2},
    ]
    assert {(group["product"], group["currency"]) for group in found["by_product"]} == {
        ("Access Control", "JPY"),
        ("Edge DNS", "KWD"),
        ("Access Control", "USD"),
        ("Edge DNS", "USD"),
    }


@pytest.mark.parametrize(
    ("name", "bill_total", "currency", "reconciled", "difference"),
    [
        ("sample.json", "0.03", "USD", True, 0),
        ("sample.json", "0.030", None, True, 0),
        ("sample.json", "0.02", "USD", False, 0.01),
        ("sample.json", "0.02", "EUR", None, None),
        ("subtotals.csv", "14.11", "USD", True, 0),
        ("subtotals.csv", "14.11", None, False, -0.005),
        ("currencies.csv", "7.01", "USD", True, 0),
        ("currencies.csv", "1000", "JPY", False, 1),
        ("currencies.csv", "1000", "EUR", None, None),
        ("currencies.csv", "1000", None, None, None),
    ],
)
def test_reconciled(
    name: str, bill_total: str, currency: str | None, reconciled: bool | None, difference: float | None
) -> None:
    found = totals(name, bill_total=Decimal(bill_total), currency=currency)
    assert (found["reconciled"], found["difference"]) == (reconciled, difference)


def test_the_given_currency_is_for_documents_that_name_none() -> None:
    assert totals("subtotals.csv", currency="USD")["currency"] == "USD"
    assert totals("subtotals.csv", currency="USD")["total"] == 14.11
    assert totals("sample.json", currency="EUR")["currency"] == "USD"


@pytest.mark.parametrize(
    ("name", "message", "details"),
    [
        (
            "no_total.csv",
            r"The headings found are 'Product', 'Region', 'Bytes'.*needs a heading such as ITEM_TOTAL",
            {},
        ),
        ("page.csv", r"no column could be identified as the total", {}),
        ("empty.csv", r"The file is empty", {}),
        ("bad_amount.csv", r"row 4, column 'Total': '12,50' cannot be read", {"row": 4, "column": "Total"}),
        ("not_a_number.csv", r"row 3, column 'Total': 'NaN' cannot be read", {"row": 3, "column": "Total"}),
        ("cut_row.csv", r"row 3 ends before its total: it has 2 of 3 values", {"row": 3}),
        ("cut_quote.csv", r"line 3 ends inside quotes \(unexpected end of data\)", {}),
        ("wide_row.csv", r"row 2 has more values than headings", {"row": 2}),
        ("wrong_total.csv", r"row 4, column 'Total': this total row says 3\.01, .* up to 3\.00", {"row": 4}),
        ("two_totals.csv", r"several columns could be the total: 'Total \(USD\)', 'Total \(EUR\)'", {}),
        ("two_signs.csv", r"row 3 has amounts in \$ and in ¥", {"row": 3}),
        ("two_codes.csv", r"row 2 has amounts in USD and in EUR", {"row": 2}),
        ("two_marks.csv", r"amounts in column 'Total' after row 1 .* both a point and a comma", {}),
        (
            "thousands.csv",
            r"amounts in column 'Amount \(USD\)' after row 1 .* ',' could be a decimal mark or group thousands",
            {},
        ),
        ("cut.json", r"character 700 is not JSON \(Unterminated string", {"character": 700}),
        ("not_a_bill.json", r"is not a bill: it has no END_CUSTOMER", {}),
        ("no_lines.json", r"has no INVOICE_LINE in END_CUSTOMER 1", {}),
        ("no_total.json", r"no ITEM_TOTAL", {}),
        ("not_a_number.json", r"cannot be read as JSON \(NaN is not JSON\)", {}),
        (
            "bad_amount.json",
            r"INVOICE_LINE 2, ITEM_TOTAL: '12.00 EUR' cannot be read",
            {"row": 2, "column": "ITEM_TOTAL"},
        ),
        ("bad_customer.json", r"END_CUSTOMER .* cannot be read \(not text\)", {}),
        ("text_line.json", r"INVOICE_LINE 1 is 'Edge DNS', not an object", {"row": 1}),
        ("two_bills.json", r"holds more than one bill", {}),
        ("more.json", r"character 35 is not JSON \(Extra data\)", {"character": 35}),
    ],
)
def test_broken(name: str, message: str, details: dict[str, t.Any]) -> None:
    path = str(DOCUMENTS / name)
    for read in (totals, lines_of):
        with pytest.raises(DocumentError, match=message) as caught:
            read(name)
        assert str(caught.value).startswith(path)
        assert caught.value.details.items() >= (details | {"path": path}).items()


def test_a_bill_without_lines_adds_up_to_zero(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"INVOICE_CURRENCY": "JPY", "END_CUSTOMER": null}', encoding="utf-8")
    assert [document_totals(str(path), "json")[key] for key in KEYS] == ["JPY", 0, None, None, 0]
    path.write_text("Product,Total\n", encoding="utf-8")
    assert [document_totals(str(path), "csv")[key] for key in KEYS] == [None, 0, None, None, 0]
    assert list(read_document(str(path), "csv")) == []


@pytest.mark.parametrize("others", ["", "Edge DNS,1.00\n"])
def test_a_total_with_a_line_without_amount_is_not_known(tmp_path: Path, others: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Product,Total\n{others}Edge DNS,\n", encoding="utf-8")
    found = document_totals(str(path), "csv", bill_total=Decimal(0))
    assert [found[key] for key in (*KEYS, "reconciled")] == [None, None, None, None, 1 + bool(others), None]


def test_what_cannot_be_read() -> None:
    with pytest.raises(FileError, match="Cannot read /nowhere: No such file"):
        document_totals("/nowhere", "csv")
    with pytest.raises(DocumentError, match="no lines can be read from pdf"):
        document_totals("/nowhere", "pdf")


def test_a_line_without_an_amount_leaves_the_sum_unknown(read_csv: Read, read_json: Read) -> None:
    lines = [{"PRODUCT": "A", "ITEM_TOTAL": None}, {"PRODUCT": "A", "ITEM_TOTAL": 5}, {"PRODUCT": "B", "ITEM_TOTAL": 7}]
    for found in (
        read_json(json.dumps({"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": lines}}})),
        read_csv("Product,Total\nA,\nA,5\nB,7\n"),
        read_csv("Product,Total\nA,5\nA,\nB,7\nTotal,12\n"),
    ):
        assert [found[key] for key in ("total", "lines", "reconciled")] == [None, 3, None]
        assert [(group["product"], group["total"]) for group in found["by_product"]] == [("B", 7), ("A", None)]
        known = found | {"total": 1, "by_currency": [found["by_currency"][0] | {"total": 1}]}
        assert [entry["total"] for entry in merge_totals([found, known])] == [None]


def test_a_difference_is_of_rounded_amounts(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total (USD)\nIon,0.000004\n", encoding="utf-8")
    found = document_totals(str(path), "csv", bill_total=Decimal(0), currency="USD")
    assert (found["total"], found["reconciled"], found["difference"]) == (0.000004, True, 0)
