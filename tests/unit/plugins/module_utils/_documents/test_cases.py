# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents on which readers go wrong: each has the right value, or the right error. ``|`` parts rows."""

from __future__ import annotations

import json
import resource
import sys
import time
import typing as t
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

CASES = Path(__file__).parents[3] / "fixtures" / "documents" / "cases"


def totals_and_lines(path: Path, **options: t.Any) -> dict[str, t.Any]:
    """The totals of a document, whose lines agree with them."""
    found = document_totals(str(path), path.suffix[1:], **options)
    lines = list(read_document(str(path), path.suffix[1:], **options))
    assert found["lines"] == len(lines)
    return found


def read(tmp_path: Path, rows: str, end: str = "\n", **options: t.Any) -> dict[str, t.Any]:
    path = tmp_path / "x.csv"
    path.write_bytes((rows.replace(" | ", end) + end).encode())
    return totals_and_lines(path, **options)


@pytest.mark.parametrize(
    ("name", "total", "currency", "lines"),
    [
        ("total_row_first.csv", 124.65, "USD", 2),
        ("parent_rows.csv", 35, "USD", 3),
        ("total_row_exact.csv", 30, "USD", 2),
        ("end_of_file.csv", 30, "USD", 2),
        ("footer_short.csv", 30, "USD", 2),
        ("summary_short.csv", 36, "USD", 3),
        ("half_surrogate_product.json", 10, "USD", 1),
        ("services_names.csv", 36, "USD", 2),
        ("tax_dash.csv", 22, "USD", 2),
        ("tax_name.csv", 32, "USD", 2),
        ("tax_rate.csv", 36, "USD", 2),
        ("accounting_zero.csv", 1234.5, "USD", 2),
        ("euro_and_parens.csv", 36.88, "EUR", 2),
        ("sign_and_parens.csv", 1222.5, "USD", 2),
        ("lakh.csv", 1358023.78, "INR", 2),
        ("focus.csv", 9, "USD", 2),
    ],
)
def test_right_values(name: str, total: float, currency: str, lines: int) -> None:
    found = totals_and_lines(CASES / name)
    assert [found[key] for key in ("total", "currency", "lines")] == [total, currency, lines]
    assert bool(found["warnings"]) is name.startswith(("services_", "tax_"))
    # What can be encoded, and nothing else, leaves.
    json.dumps(found, ensure_ascii=False).encode()


def test_carriage_returns_with_a_line_feed_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "excel_for_mac.csv"
    path.write_bytes(b'Product,Description,Total (USD)\r"Alpha","line one\nline two",10.00\rBeta,GB,2.50\r')
    found = totals_and_lines(path)
    assert (found["total"], found["currency"], found["lines"]) == (12.5, "USD", 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("total_row_off_by_a_cent.csv", "row 4, column 'TotalCost': this total row says 30.01, .* add up to 30.00"),
        ("charge_discount_net.csv", "row 2, .* 'Net Charge .USD.'.* option columns"),
        ("cost_and_subtotal.csv", "row 2, column 'Cost ...': 100.00 differs from 80.00 in column 'Subtotal .*columns"),
        ("amount_due.csv", "row 2, column 'Amount': 100.00 differs from 80.00 in column 'Amount Due'.* columns"),
        ("amount_and_incl_vat.csv", "row 2, column 'Amount': 10.00 differs from 12.00 in column 'Amount incl. VAT'"),
        ("total_after_discount.csv", "row 2, column 'Total': 10.00 differs from 8.00 in column 'Total after discount'"),
        ("points_as_thousands_clp.csv", "'.' could be a decimal mark or group thousands"),
        ("points_as_thousands_jpy.csv", "'.' could be a decimal mark or group thousands"),
        ("three_tables.csv", "holds two tables: the headings in row 10 and others, with amounts, in row 6"),
        ("half_surrogate_currency.json", "INVOICE_CURRENCY: .* cannot be read"),
    ],
)
def test_right_errors(name: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        totals_and_lines(CASES / name)
    str(caught.value).encode()


@pytest.mark.parametrize(
    ("name", "columns", "total"),
    [
        ("charge_discount_net.csv", {"total": "Net Charge (USD)"}, 125),
        ("cost_and_subtotal.csv", {"total": "subtotal"}, None),
        ("cost_and_subtotal.csv", {"total": "Subtotal ($)"}, 125),
        ("amount_due.csv", {"total": "amount due"}, 125),
        ("amount_and_incl_vat.csv", {"total": "Amount incl. VAT", "taxes": "VAT"}, 12),
        ("total_after_discount.csv", {"total": "Total after discount"}, 8),
    ],
)
def test_the_user_can_decide(name: str, columns: dict[str, str], total: float | None) -> None:
    found = totals_and_lines(CASES / name, columns=columns)
    assert found["total"] == (125 if total is None else total)


@pytest.mark.parametrize(
    ("rows", "total", "lines"),
    [
        ("Product,Total | Ion,10 | AC,5 | Net,15 | VAT,3 | Gross,18", 18, 3),
        ("Product,Description,Total | Ion,a,10 | Ion,b,5 | Ion,,15 | AC,c,1 | AC,d,2 | AC,,3", 18, 4),
        ("Customer,Product,Total | Main Street,,15 | ,Ion,10 | ,AC,5", 15, 2),
        ("Customer,Product,Total | Main,Ion,10 | Due,,10", 10, 1),
        ("Product,Quantity,Total | Total for May,1,10 | Subtotal Guard,2,3", 13, 2),
        ("Product,Quantity,Total | Total Transfer,1,5 | Total Transfer overage,2,5", 10, 2),
        ("Product,Currency,Total | Ion,USD,10 | AC,USD,-10 | Subtotal,,0 | AC,USD,3", 3, 3),
        ("Product,Quantity,Total | Ion,1,10 | Total,3,30 | AC,2,20", 30, 2),
        ("Product,Quantity,Total | Ion,1,10 | Subtotal,,10 | AC,2,20 | Subtotal,,20 | Total,,30", 30, 2),
        ("Product,Total | Total,30 | Ion,10 | AC,20", 30, 2),
        ("Product,Description,Quantity,Total | Ion,a,1,10 | Setup,b,,7", 17, 2),
        ("Product,Quantity,Cost,Total | A,2,5,10 | B,3,1,3", 13, 2),
        ("Product,Amount,Unit,Total | A,2,GB,10 | B,3,GB,3", 13, 2),
        ("Product,Amount,Discount,Total | A,10,2,8 | B,5,0,5", 13, 2),
        ("Product,Amount,Discount,Tax,Total | A,10,-2,1,9 | B,5,-1,1,5", 14, 2),
        ('Product,Total | A,"1.234,56" | B,2', 1236.56, 2),
        ("Product,Total | A,'-42.50 | B,50.00", 7.5, 2),
        ("Product|Total | A|5.50", 5.5, 1),
        ("Product,Total,Region | A,5.50 | B,1.00", 6.5, 2),
        ("Product,Total | A,5.50 | Product,Total | B,1.00", 6.5, 2),
        ("Invoice,1234567890 | Product,Total | A,5.50 | B,1.00", 6.5, 2),
        ("Total,15.00 | Product,Total | A,5.00 | B,10.00", 15, 2),
        ("Product,Region,Total | Ion,us,10 | Ion,eu,5 | Setup,,7 | Support,,7", 29, 4),
        ("Product,Total,Total | Ion,10,10", 10, 1),
        ("Product,Cost,Wert | x,10.00,10.00 | y,1.00,1.00", 11, 2),
        ("Product,Total,CPU hours,Score | x,10.00,0.50,7 | y,1.00,0.20,8", 11, 2),
        ("Product,Region,Total | Ion,us,10 | Ion,,10 | AC,us,3 | AC,,4", 27, 4),
    ],
)
def test_short_documents(tmp_path: Path, rows: str, total: float, lines: int) -> None:
    found = read(tmp_path, rows)
    assert [found["total"], found["lines"]] == [total, lines]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("AC,5 | Ion,10 | Product,Total | Zed,1", "row 1, column 'Total': this total row says 5"),
        ("Produit;Montant HT | Ion;1\u202f000,00 | Total;1\u202f234,56", "no column could be identified as the total"),
        ("Product,Total (USD),Currency | Ion,10,EUR", "row 2 has amounts in USD and in EUR.* columns"),
        ("Product,Total (USD),Currency | Ion,10,USD | Total (EUR),10,EUR", "in USD and in EUR"),
        ("Product,Currency,Total | Ion,EUR,$10", r"row 2 has amounts in EUR and in \$"),
        ("Product,Currency,Total | Ion,US,10", "row 2, column 'Currency': 'US' cannot be read"),
        ("Product,Amount,Total | Ion,10,15 | AC,5,15", "row 2, column 'Total': 15 differs from 10 in column 'Amount'"),
        ("Product,Cost,Invoice Total | Ion,10,15 | AC,5,15", "row 2, column 'Cost': 10 differs from 15"),
        ("Product,Total | A,10 | B,20 | Kokku,30", "row 4, .*: 30 equals the sum of other lines"),
        ("Product,Total | A,10 | B,20 | VAT,7.07 | VAT,7.07", "row 5, .*: 7.07 equals the sum of other lines"),
        ("Product,Total | Kokku,30 | A,10 | B,20", "row 2, .*: 30 equals the sum of other lines"),
        ("Product,Quantity,Total | A,1,10 | B,2,20 | Kokku,,30", "row 4, .*: 30 equals the sum of other lines"),
        ("Product,Description,Total | A,a,10 | B,b,20 | Kokku,,30.01", "row 4, .* 30.01 may be a line or a total"),
        ("Product,Quantity,Total | A,1,10 | B,2,20 | Total,,31", "row 4, .* says 31, .* add up to 30"),
        ("Product,Total | A,10 | B,20 | Please pay this amount,30.01", "row 4, .* says 30.01, .* add up to 30"),
        (
            "Product,Item,Total | Ion,a,10 | Ion,b,5 | Ion,,15 | AC,c,1 | AC,d,2 | AC,,3",
            "row 4, .*: 15 .* lacks 'Item'",
        ),
        ("Product,Region,Total | Ion,,15 | Ion,a,10 | Ion,b,5 | AC,,3 | AC,c,1 | AC,d,2", "row 2, .*: 15 .* columns"),
        (
            "Service,Region,Usage,Cost | Ion,us,a,10 | Ion,us,b,5 | Ion,us,,15 | Ion,,,15",
            "row 4, .*: 15 equals the sum",
        ),
        (
            "Service,Region,Quantity,Cost | Ion,us,1,10 | Ion,eu,1,5 | Ion,,2,15",
            "row 4, .*: 15 equals .* lacks 'Region'",
        ),
        ("Region,Zone,Cost | us,a,10 | us,b,5 | us,,15", "row 4, .*: 15 equals the sum"),
        ("Service,Region,Cost | Ion,us,10 | Ion,,10 | AC,us,3 | AC,,3", "row 3, .*: 10 equals the sum"),
        (
            "Product,Cost,Value | x,10.00,8.00",
            "row 2, column 'Cost': 10.00 differs from 8.00 in column 'Value'.* columns",
        ),
        (
            "Product,Cost,Wert | x,10.00,8.00",
            "row 2, column 'Cost': 10.00 differs from 8.00 in column 'Wert'.* columns",
        ),
        *(
            (f"Product,Cost,{heading} | x,10,8", f"10 differs from 8 in column '{heading}'.* columns")
            for heading in ("After discount", "Discounted", "To pay", "Final", "Fee", "Bill", "Amt", "Betrag")
        ),
        ("Product,Total,Total | Ion,10,8", "10 differs from 8 in column 'Total'.* another heading, .* option columns"),
        ("Product,Total (USD),Total (EUR) | Ion,10,8", "several columns could be the total: .* option columns"),
        ('Product,Total | Ion,"1,234"', "An amount with decimals would decide.* option columns"),
        ("Product,Total | Ion,-" + " " * 800 + "x", "row 2, column 'Total': .* cannot be read"),
        ("Product,Total | Ion,10 | Service,Cost | AC,5", "row 3, column 'Total': 'Cost' cannot be read"),
        ("Product,Total | Ion,12.345", "could be a decimal mark or group thousands"),
        ("Product,Total | Ion,5 | Io", None),
    ],
)
def test_short_documents_in_doubt(tmp_path: Path, rows: str, message: str | None) -> None:
    if message is None:
        # Cut in the first cell of a row: there is no line end.
        path = tmp_path / "x.csv"
        path.write_text(rows.replace(" | ", "\n"), encoding="utf-8")
        with pytest.raises(DocumentError, match="ends inside row 3"):
            document_totals(str(path), "csv")
        return
    with pytest.raises(DocumentError, match=message):
        read(tmp_path, rows)


def test_the_user_says_which_text_each_line_has(tmp_path: Path) -> None:
    rows = "Product,Item,Total | Ion,a,10 | Ion,b,5 | Ion,,15 | AC,c,1 | AC,d,2 | AC,,3"
    assert read(tmp_path, rows, columns={"description": "Item"})["total"] == 18


@pytest.mark.parametrize("headings", ["Tax,VAT", "Tax,Tax", "Taxes,Tax", "Services,Total Services"])
def test_several_columns_for_an_optional_part_never_cost_the_total(tmp_path: Path, headings: str) -> None:
    field = "services" if "Services" in headings else "taxes"
    found = read(tmp_path, f"Product,{headings},Total | Ion,1,1,10")
    assert (found["total"], found[field]) == (10, None)
    [warning] = found["warnings"]
    assert f"could be the {field}: '" in warning
    assert f"So {field} is null. Name the right one with" in warning


def test_an_optional_part_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "Product,Tax,VAT,Total | Ion,1,2,10", columns={"taxes": "VAT"})
    assert (found["total"], found["taxes"], found["warnings"]) == (10, 2, [])


def test_the_user_names_equal_headings(tmp_path: Path) -> None:
    assert read(tmp_path, "Product,Total,Total | Ion,10,10", columns={"total": "Total"})["total"] == 10
    with pytest.raises(DocumentError, match="10 differs from 8"):
        read(tmp_path, "Product,Total,Total | Ion,10,8", columns={"total": "Total"})


@pytest.mark.parametrize(
    "rows",
    ["Item,Cost | a,5 | Product,Units,Total | Ion,1,10", 'Product,Total | Ion,"1,234"', "Product,Total,Total | a,1,2"],
)
def test_json_is_no_way_out_for_compute(tmp_path: Path, rows: str) -> None:
    with pytest.raises(DocumentError, match="columns") as caught:
        read(tmp_path, rows, source_type="compute")
    assert "JSON" not in str(caught.value)


def test_several_currencies(tmp_path: Path) -> None:
    found = read(tmp_path, "Cost,BillingCurrency | 10,USD | 5,EUR")
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 10)]
    found = read(tmp_path, "Product,Cost,Ccy | Ion,10.00,USD | AC,5.00,EUR")
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 10)]


def test_an_unknown_currency_is_never_rounded(tmp_path: Path) -> None:
    found = read(tmp_path, "Product,Total,Currency | Ion,0.00797348,BTC")
    assert (found["currency"], found["total"]) == ("BTC", 0.00797348)


def test_a_sum_below_the_minor_unit_is_not_shown_as_0(tmp_path: Path) -> None:
    assert read(tmp_path, "Product,Total (USD) | Ion,0.000004 | AC,0.000008")["total"] == 0.000012


def test_two_candidates_that_differ_in_one_row_far_inside(tmp_path: Path) -> None:
    rows = ["Product,Cost,Total"] + ["Ion,1.50,1.50"] * 400
    assert read(tmp_path, " | ".join(rows))["total"] == 600
    rows[301] = "Ion,1.50,-1.50"
    with pytest.raises(DocumentError, match="row 302, column 'Total': -1.50 differs from 1.50 in column 'Cost'"):
        read(tmp_path, " | ".join(rows))


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    rows = "Product,Quantity,Total | Main Street,, | Ion,1,10.00 |  | Product,Quantity,Total | AC,1,5.00 | Thank you"
    found = read(tmp_path, rows)
    assert [found[key] for key in ("total", "lines", "ignored_rows")] == [15, 2, 4]


@pytest.mark.parametrize(
    ("number", "total"), [("1e9999999", 5), ("-1E+99999999999", 5), ("9" * 100000, 5), ("1e-9999999", 5)]
)
def test_numbers_beyond_any_amount_take_no_time(tmp_path: Path, number: str, total: int) -> None:
    path = tmp_path / "x.json"
    line = f'{{"PO_NUMBER": {number}, "ITEM_UNITS": {number}, "ITEM_TOTAL": 5}}'
    path.write_text(f'{{"INVOICE": {{"END_CUSTOMER": {{"INVOICE_LINE": [{line}]}}}}}}', encoding="utf-8")
    start = time.process_time()
    assert totals_and_lines(path)["total"] == total
    path.write_text(
        path.read_text(encoding="utf-8").replace('"ITEM_TOTAL": 5', f'"ITEM_TOTAL": {number}'), encoding="utf-8"
    )
    with pytest.raises(DocumentError, match="INVOICE_LINE 1, ITEM_TOTAL: .* cannot be read"):
        document_totals(str(path), "json")
    assert time.process_time() - start < 2


def json_bill(tmp_path: Path, bill: dict[str, t.Any]) -> dict[str, t.Any]:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"INVOICE": bill}), encoding="utf-8")
    return totals_and_lines(path)


def test_a_stated_total_is_compared(tmp_path: Path) -> None:
    bill = {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1.5}, {"ITEM_TOTAL": 1}]}]}
    assert json_bill(tmp_path, bill | {"INVOICE_TOTAL": 2.5})["total"] == 2.5
    with pytest.raises(DocumentError, match="INVOICE_TOTAL of the bill is 2.51, but its lines add up to 2.5"):
        json_bill(tmp_path, bill | {"INVOICE_TOTAL": 2.51})


@pytest.mark.parametrize(
    "more", [{"LINES": [{"TOTAL": 5}]}, {"PREVIOUS_BALANCE": 7}, {"OTHER": {"CHARGES": {"AMOUNT": "5.00"}}}]
)
def test_amounts_in_other_places_are_an_error(tmp_path: Path, more: dict[str, t.Any]) -> None:
    with pytest.raises(DocumentError, match="in a place of the bill where no amount is expected"):
        json_bill(tmp_path, {"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}} | more)


@pytest.mark.parametrize(
    "more",
    [
        {"FEES": [{"FEE": 7.5}]},
        *({name: 7} for name in ("CREDIT", "DISCOUNT", "ADJUSTMENT", "SURCHARGE", "LATE_FEE", "REBATES")),
    ],
)
def test_fees_and_credits_beside_lines_or_in_them_are_an_error(tmp_path: Path, more: dict[str, t.Any]) -> None:
    line = {"ITEM_TOTAL": 5}
    for bill in (
        {"END_CUSTOMER": {"INVOICE_LINE": [line]}, **more},
        {"END_CUSTOMER": {"INVOICE_LINE": [line], **more}},
        {"END_CUSTOMER": {"INVOICE_LINE": [{**line, **more}]}},
    ):
        with pytest.raises(DocumentError, match="no amount is expected|either could be the total|cannot be read"):
            json_bill(tmp_path, bill)
    assert json_bill(tmp_path, {"END_CUSTOMER": {"INVOICE_LINE": [line], "CREDIT": 0}, "CREDIT_ID": 7})["total"] == 5


def test_lines_in_another_currency_than_the_bill_are_an_error(tmp_path: Path) -> None:
    lines: list[dict[str, t.Any]] = [{"ITEM_TOTAL": 5, "ITEM_CURRENCY": "EUR"}]
    with pytest.raises(DocumentError, match="is in USD, but INVOICE_LINE 1 and all others are in other .* EUR"):
        json_bill(tmp_path, {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": {"INVOICE_LINE": lines}})
    lines.append({"ITEM_TOTAL": 1})
    found = json_bill(tmp_path, {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": {"INVOICE_LINE": lines}})
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 1)]


def test_a_key_that_holds_a_code_is_the_currency(tmp_path: Path) -> None:
    assert (
        json_bill(tmp_path, {"CCY": "EUR", "END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}})["currency"] == "EUR"
    )


WORST = {
    "parentheses": ("Product,Total\nIon,%s\n", "("),
    "blanks": ("Product,Total\nIon,-%sx\n", " "),
    "groups": ('Product,Total\nIon,"1%s"\n', ",234"),
    "digits": ("Product,Total\nIon,%s\n", "9"),
    "quotes": ('Product,Total\nIon,"%s"\n', '""'),
    "total rows": ("Product,Description,Total\nIon,a,1\n%s", "Total,,1\n"),
    "open rows": ("Product,Description,Total\nIon,a,1\n%s", "X,,7\n"),
    "words": ("Product,Total\n%s,1\n", "total "),
    "notes": ("Currency%s\nProduct,Total\nIon,1.50\n", " - "),
    "headings": ("Product,Total%s\nIon,1.50\n", ",Cost"),
    "delimiters": ("Product,Total\nIon,1.50%s\n", ","),
    "rows": ("Product,Total\n%s", "\n"),
}


def many(template: str, numbers: Iterable[int]) -> str:
    """A text again and again, with another number each time."""
    return "".join(template % number for number in numbers)


# Documents of a megabyte at most, by name: the first part of a name is the format.
WORST_DOCUMENTS: dict[str, Callable[[], str]] = {
    **{
        f"csv {name}": lambda template=template, part=part: template % (part * (1_000_000 // len(part)))  # type: ignore[misc]
        for name, (template, part) in WORST.items()
    },
    "csv names": lambda: "Total" + many(",ab%d", range(8000)) + "\n" + "5\n" * 400_000,
    "csv alternatives": lambda: (
        "Product,Total" + many(",Amount %d", range(5000)) + "\n" + ("x,1" + ",1" * 5000 + "\n") * 90
    ),
    "csv equal alternatives": lambda: (
        "Product,Total" + many(",Amount %d", range(990)) + "\n" + ("x,1" + ",1" * 990 + "\n") * 490
    ),
    "csv unequal open rows": lambda: (
        "Product,Description,Quantity,Total\n" + "Ion,a,1,10.00\n" * 30_000 + many(",,,%d.07\n", range(7, 9900))
    ),
    "csv equal open rows": lambda: (
        "Product,Description,Quantity,Total\n" + "Ion,a,1,10.00\n" * 30_000 + ",,,7.07\n" * 9900
    ),
    "csv taxes": lambda: "Product,Total\n" + "Ion,10.00\n" * 30_000 + many("VAT,%d.07\n", range(7, 9900)),
    "csv mentions": lambda: "Product,Quantity,Total\n" + "Total fee,1,10.01\n" * 50_000,
    "csv short rows": lambda: "Total" + ",a" * 999 + "\n" + "5\n" * 499_000,
    "csv short rows after long ones": lambda: (
        "Total" + ",a" * 999 + "\n" + ("5" + ",b" * 999 + "\n") * 35 + "5,b\n" * 230_000
    ),
    "json currencies": lambda: json_text(
        "".join(
            f'{{"ITEM_TOTAL":5,"CURRENCY":"{a}{b}{c}"}},'
            for a, b, c in product(ascii_uppercase, ascii_uppercase, "ABCDEFGHIJKL")
        )
    ),
    "json names of a customer": lambda: json_text('{"ITEM_TOTAL":5},' * 30_000, many('"a%d":1,', range(50_000))),
    "json names of lines": lambda: json_text(many('{"ITEM_TOTAL":5,"a%d":1},', range(38_000))),
}


def json_text(lines: str, customer: str = "") -> str:
    return '{"INVOICE":{"END_CUSTOMER":[{' + customer + '"INVOICE_LINE":[' + lines.rstrip(",") + "]}]}}"


@pytest.mark.parametrize("name", WORST_DOCUMENTS)
def test_a_megabyte_of_the_worst_takes_linear_time(tmp_path: Path, name: str) -> None:
    format = name.partition(" ")[0]
    path = tmp_path / f"x.{format}"
    path.write_text(WORST_DOCUMENTS[name](), encoding="utf-8")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with suppress(DocumentError):
        document_totals(str(path), format)
    # Quadratic cost takes minutes: the bound only has to be far from that, however busy the machine is.
    assert time.process_time() - start < 10
    # In KiB. A copy of everything for each row takes gigabytes.
    assert sys.platform != "linux" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 500_000


def test_too_many_headings_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="has 1001 headings in row 1, and up to 1000 are read. Delete the columns"):
        read(tmp_path, "Total" + ",x" * 1000 + " | 5")
    assert read(tmp_path, "Total" + ",x" * 999 + " | 5")["total"] == 5


def test_many_short_rows_below_many_headings_are_an_error(tmp_path: Path) -> None:
    assert read(tmp_path, "Total" + ",x" * 999 + " | 5" * 1000)["lines"] == 1000
    with pytest.raises(DocumentError, match="has 1000 headings, and many rows that are much shorter, .* Delete the"):
        read(tmp_path, "Total" + ",x" * 999 + " | 5" * 1200)


def test_facts_of_a_customer_are_extra_facts_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json_text('{"ITEM_TOTAL":5},{"ITEM_TOTAL":6,"a":2,"c":3}', '"a":1,"b":1,'), encoding="utf-8")
    assert [line["extra"] for line in read_document(str(path), "json")] == [{"a": 1, "b": 1}, {"a": 2, "b": 1, "c": 3}]


def test_a_difference_is_of_rounded_amounts(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total (USD)\nIon,0.000004\n", encoding="utf-8")
    found = document_totals(str(path), "csv", bill_total=Decimal(0), currency="USD")
    assert (found["total"], found["reconciled"], found["difference"]) == (0.000004, True, 0)


@pytest.mark.parametrize("heading", ["Ccy", "Money", "Currency", "Curr"])
def test_a_column_of_codes_is_the_currency(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(f"Product,{heading},Total\nIon,usd,5\nAC,EUR,6\n", encoding="utf-8")
    found = totals_and_lines(path)
    assert [(part["currency"], part["total"]) for part in found["by_currency"]] == [("EUR", 6), ("USD", 5)]


@pytest.mark.parametrize("heading", ["Ccy", "Money"])
def test_a_word_among_codes_is_an_error(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(f"Product,{heading},Total\nIon,USD,5\nAC,EUR,6\nKona,n/a,3\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=f"row 4, column '{heading}'"):
        totals_and_lines(path)


def test_codes_far_behind_blanks_are_currencies(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    rows = "Ion,,5\n" * 9000
    path.write_text(f"Product,Ccy,Total\n{rows}Ion,EUR,6\nAC,USD,7\n", encoding="utf-8")
    found = totals_and_lines(path)
    assert {part["currency"]: part["total"] for part in found["by_currency"]} == {None: 45000, "EUR": 6, "USD": 7}
