# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents written by hand: their lines, their totals, and what is wrong with the broken ones."""

from __future__ import annotations

import tracemalloc
import typing as t
from decimal import Decimal
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import json_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError

DOCUMENTS = Path(__file__).parents[3] / "fixtures" / "documents"
KEYS = ("currency", "total", "services", "taxes", "lines")


def totals(name: str, **options: t.Any) -> dict[str, t.Any]:
    return document_totals(str(DOCUMENTS / name), name.rpartition(".")[2], **options)


def lines(name: str) -> list[dict[str, t.Any]]:
    return list(read_document(str(DOCUMENTS / name), name.rpartition(".")[2]))


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
    assert len(lines(name)) == count


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


def test_lines_of_json() -> None:
    assert lines("credit_memo.json")[0] == {
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
    assert [line["customer_name"] for line in lines("credit_memo.json")] == ["Main Street Corporation"] * 2 + [
        "Third Street"
    ]
    assert lines("sample.json")[0]["extra"] == {
        "END_CUSTOMER_EXTERNAL_REFERENCE": "1234567890",
        "END_CUSTOMER_ORDER_ID": "1-23ABC4",
        "EFFECTIVE_END_DATE": "2022-01-31",
    }


def test_lines_of_csv() -> None:
    first, second, third = lines("regular.csv")
    assert list(first) == list(lines("sample.json")[0])
    assert first["description"] == '1 GB of "Access" Control Usage, metered'
    assert second["description"] == "Zones\nand records"
    assert (first["units"], first["unit_price"], first["unit_measure"]) == (1, 0.01, "GB")
    assert (third["po_number"], third["taxes"], third["units"], third["extra"]) == (
        None,
        None,
        None,
        {"REGION": "APAC"},
    )
    assert (second["extra"], second["start_date"]) == ({"REGION": None}, "2021-01-01")
    usage = lines("compute.csv")[0]
    assert (usage["description"], usage["end_date"]) == ("Dedicated 8GB - web-1 (12345)", "2024-03-01 00:00:00")
    assert usage["extra"] == {"Region": "us-east", "Amount (USD)": "72.00"}
    assert [line["total"] for line in lines("preamble.csv")] == [1234.56, -12, 0.1, -7]
    assert [line["units"] for line in lines("semicolon.csv")] == [1000, 10, None]


def test_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Product,Total\nZürich,1\n".encode("windows-1252"))
    found = document_totals(str(path), "csv")
    assert (found["encoding"], found["by_product"][0]["product"], found["total"]) == ("windows-1252", "Zürich", 1)
    # Also where it shows only far inside.
    path.write_bytes(b"Product,Total\n" + b"A,1\n" * 200000 + "Zürich,1\n".encode("windows-1252"))
    assert [document_totals(str(path), "csv")[key] for key in ("encoding", "total")] == ["windows-1252", 200001]
    path.write_bytes(b"Product,Total\nZ\x81rich,1\n")
    with pytest.raises(DocumentError, match="is not text in UTF-8, UTF-16 or Windows-1252"):
        document_totals(str(path), "csv")


def test_units_that_are_no_number_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Quantity,Total\nunlimited,1\n", encoding="utf-8")
    assert next(iter(read_document(str(path), "csv")))["units"] == "unlimited"


def test_units_that_may_be_either_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Quantity;Unit price;Total\nA;1,234;12,5;5\n", encoding="utf-8")
    line = next(iter(read_document(str(path), "csv")))
    assert (line["units"], line["total"]) == ("1,234", 5)


def test_currency_of_json() -> None:
    document = read_document(str(DOCUMENTS / "sample.json"), "json")
    assert len(list(document)) == 1
    assert document.currency == "USD"


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
    for read in (totals, lines):
        with pytest.raises(DocumentError, match=message) as caught:
            read(name)
        assert str(caught.value).startswith(path)
        assert caught.value.details.items() >= (details | {"path": path}).items()


@pytest.mark.parametrize(
    "text",
    [
        '{"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1} {"ITEM_TOTAL": 1}]}]}}',
        '{"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1,}]}]}}',
        '{"INVOICE": {"END_CUSTOMER": nul}}',
        '{"INVOICE" {"END_CUSTOMER": []}}',
        '{INVOICE: {"END_CUSTOMER": []}}',
        "",
    ],
)
def test_what_is_not_json_names_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="character [0-9]+ is not JSON"):
        document_totals(str(path), "json")


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


@pytest.mark.parametrize(
    "end",
    ["Total,,,3.00", ",,,3.00", "Total for Main Street,,,3.00", ",Grand total:,,3.00", "Total,3.00", ",,,3.00,,", "Sum"]
    + ["Total\n", ",,Total USD,", "Subtotal,,,3\nTotal,,,3"],
)
def test_total_rows_are_not_lines(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.csv"
    # A customer's name may be anywhere: the total has no product.
    path.write_text(f"Customer,Product,Item type,Total\na,b,U,1.00\na,c,U,2.00\n{end}\n", encoding="utf-8")
    found = document_totals(str(path), "csv")
    assert (found["total"], found["lines"]) == (3, 2)


def test_lines_that_only_look_like_total_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Description,Quantity,Total\nTransfer,1,1\nTotal transfer,2,2\nTotal transfer,3,2\n", encoding="utf-8"
    )
    assert document_totals(str(path), "csv")["lines"] == 3


def test_a_total_over_several_currencies_is_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Currency,Total\na,USD,1\nb,EUR,2\nTotal,EUR,2\nTotal,,3\n", encoding="utf-8")
    assert [entry["total"] for entry in document_totals(str(path), "csv")["by_currency"]] == [2, 1]


def test_total_rows_far_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    part = "a,0.01\n" * 1000
    path.write_text("Product,Total\n" + part + "Subtotal,10.00\n" + part + ",\nTotal,20.00\n", encoding="utf-8")
    assert [document_totals(str(path), "csv")[key] for key in ("total", "lines")] == [20, 2000]
    path.write_text("Product,Total\n" + part + "Subtotal,10.01\n" + part, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"row 1002, .* says 10\.01"):
        document_totals(str(path), "csv")


@pytest.mark.parametrize("place", [1, 500, 1000])
def test_a_bad_amount_far_inside_is_placed(tmp_path: Path, place: int) -> None:
    path = tmp_path / "x.csv"
    rows = ["a,0.01"] * 1000
    for bad in ("abc", "NaN", "Infinity", "1_0", "9" * 50):
        rows[place - 1] = f"a,{bad}"
        path.write_text("\n".join(["Product,Total", *rows]) + "\n", encoding="utf-8")
        with pytest.raises(DocumentError, match=f"row {place + 1}, column 'Total': '{bad}"):
            document_totals(str(path), "csv")


def test_irregular_rows_far_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = ["a,USD,1.00,0.50"] * 1000
    for number, row in enumerate(["", ",,,", 'a,USD,"1,000.00",', "a,USD,$1,0.5", "a,EUR,1,0.5", "a, usd ,1,0.5"]):
        rows[number * 130] = row
    path.write_text("\r\n".join(["Product,Currency,Total,Taxes", *rows]), encoding="utf-8")
    found = document_totals(str(path), "csv")
    assert found["by_currency"] == [
        {"currency": "EUR", "total": 1, "services": None, "taxes": 0.5, "lines": 1},
        {"currency": "USD", "total": 994 + 1000 + 2, "services": None, "taxes": 498, "lines": 997},
    ]


def test_a_mark_tells_the_currency(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total,Tax\na,€1,€0.10\nb,2 EUR,\n", encoding="utf-8")
    assert [document_totals(str(path), "csv")[key] for key in ("currency", "total", "taxes")] == ["EUR", 3, 0.1]


def test_decimal_commas_that_show_late(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Total\n" + "a;1\n" * 1000 + "b;0,5\n" * 1000 + "c;1.000,5\n", encoding="utf-8")
    assert document_totals(str(path), "csv")["total"] == 2500.5


def test_more_than_one_mark_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Total\n" + "a;0.5\n" * 1000 + "b;0,5\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="row 1002, column 'Total': '0,5'"):
        document_totals(str(path), "csv")


def test_a_column_in_another_currency_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Tax (EUR),Total (USD)\na,1,2\n", encoding="utf-8")
    found = document_totals(str(path), "csv")
    assert [found[key] for key in KEYS] == ["USD", 2, None, None, 1]
    assert next(iter(read_document(str(path), "csv")))["extra"] == {"Tax (EUR)": "1"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(end.join(["Product,Total", "Zürich,1.50", "東京,2", ""]).encode(encoding))
    assert [group["product"] for group in document_totals(str(path), "csv")["by_product"]] == ["東京", "Zürich"]
    text = (DOCUMENTS / "sample.json").read_text(encoding="utf-8")
    path.write_bytes(text.replace("\n", end).replace("Access", "Zürich").encode(encoding))
    assert document_totals(str(path), "json")["by_product"][0]["product"] == "Zürich Control"


def test_what_cannot_be_read() -> None:
    with pytest.raises(FileError, match="Cannot read /nowhere: No such file"):
        document_totals("/nowhere", "csv")
    with pytest.raises(DocumentError, match="no lines can be read from pdf"):
        document_totals("/nowhere", "pdf")


def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("w", encoding="utf-8") as file:
        file.write("Product,Total,Description\nb,0.1,b\n")
        for number in range(60000):
            file.write(f"p{number % 7},0.1,{number:0200}\n")
    assert path.stat().st_size > 12_000_000
    tracemalloc.start()
    try:
        assert document_totals(str(path), "csv")["total"] == 6000.1
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_large_json_is_refused_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_document.MAX_JSON_SIZE >= 256 << 20
    monkeypatch.setattr(json_document, "MAX_JSON_SIZE", 10)
    path = tmp_path / "x.json"
    path.write_text('{"INVOICE": 1}', encoding="utf-8")
    with pytest.raises(DocumentError, match="has 14 bytes, and JSON is read up to 10 bytes. Use the CSV document"):
        document_totals(str(path), "json")
