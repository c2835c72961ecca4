# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents on which readers go wrong: each has the right value, or the right error. ``|`` parts rows."""

from __future__ import annotations

import json
import resource
import sys
import typing as t
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.run import bounded
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import DOCUMENTS, totals_and_lines

CASES = DOCUMENTS / "cases"


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
        # Lines of one amount, which no total follows.
        ("Product,Total | Ion,10 | AC,10 | Zed,10 | Kona,10", 40, 4),
        ("Product,Total | Ion,10 | AC,10 | Zed,5 | Kona,10", 35, 4),
        ("Product,Total | Ion,10 | AC,5 | Zed,15 | Kona,1 | Total,31", 31, 4),
        ("Product,Quantity,Total | Ion,1,10 | AC,2,5 | Zed,3,15 | Kona,1,1", 31, 4),
        ("BilledCost,BillingCurrency,ServiceName | 10,USD,a | 5,USD,b | 15,USD,c | 3,USD,d", 33, 4),
        ("Product,Description,Quantity,Total | Ion,a,1,10.00 | AC,b,1,20.00 | ,,,30.00", 30, 2),
        ("Product,Description,Quantity,Total | Compute,,1,7.07 | ,GB,1,7.07", 7.07, 1),
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
        *(
            (
                f"Product,Description,Quantity,Total | Ion,a,1,10.00 | AC,b,1,20.00 | {row}",
                f"row {number}, .*: 7.07 {why}",
            )
            for row, number, why in (
                (",,,7.07 | ,,,7.07", 4, "may be a line or a total"),
                (",,,7.07 | ,,,7.07 | Total,,,37.07", 4, "may be a line or a total"),
                (",,2,7.07 | ,,2,7.07", 4, "may be a line or a total"),
                ("Fee,,,7.07 | Fee,,,7.07", 5, "equals the sum of other lines"),
            )
        ),
        (
            "Product,Total | Ion,10 | AC,5 | Kokku,15 | Zed,3",
            "row 4, .*: 15 equals the sum .* columns: {units: Quantity}",
        ),
        ("Product,Total | Ion,10 | Kokku,10 | AC,5 | Zed,6 | Kokku,11", "row 6, .*: 11 equals the sum of other lines"),
        ("Product;Montant;Total | Ion;x;10 | Zed;x;5 | Sous-total;x;15 | AC;x;5", "row 4, .*: 15 "),
        ("Product,Total | Ion,10 | Total,10 | AC,5 | Zed,6 | Kokku,11 | Kona,2", "row 6, .*: 11 equals the sum"),
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


def test_several_currencies(tmp_path: Path) -> None:
    found = read(tmp_path, "Cost,BillingCurrency | 10,USD | 5,EUR")
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 10)]
    found = read(tmp_path, "Product,Cost,Ccy | Ion,10.00,USD | AC,5.00,EUR")
    assert [(entry["currency"], entry["total"]) for entry in found["by_currency"]] == [("EUR", 5), ("USD", 10)]


def test_a_sum_below_the_minor_unit_is_not_shown_as_0(tmp_path: Path) -> None:
    assert read(tmp_path, "Product,Total (USD) | Ion,0.000004 | AC,0.000008")["total"] == 0.000012


# Measuring coverage makes each of them take about three times as long.
SECONDS = 30.0
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


# The same rows again and again, up to a megabyte.
REPEATED = {
    "short by one": ("Product,Total,x\n", "x,5\n"),
    "decimal commas": ("Product;Total\n", "x;1,5\n"),
    "short by a hundred": ("Total" + ",a" * 100 + "\n", "5\n"),
    "signs": ("Product,Total\n", "x,$1\nx,1\n"),
    "no quantity in one of three": ("Product,Quantity,Total\n", "x,1,5\nx,1,6\nx,,7\n"),
    "footers": ("Product,Total\n", "x,5\na\n"),
    "words for taxes": ("Product,Tax,Total\n", "x,a,5\n"),
    "equal amounts": ("Product,Cost,Total\n", "x,1.5,1.5\n"),
}
WORST_DOCUMENTS |= {
    f"csv {name}": lambda headings=headings, rows=rows: headings + rows * ((1_000_000 - len(headings)) // len(rows))  # type: ignore[misc]
    for name, (headings, rows) in REPEATED.items()
}


def json_text(lines: str, customer: str = "") -> str:
    return '{"INVOICE":{"END_CUSTOMER":[{' + customer + '"INVOICE_LINE":[' + lines.rstrip(",") + "]}]}}"


@pytest.mark.parametrize("name", WORST_DOCUMENTS)
def test_a_megabyte_of_the_worst_takes_linear_time(tmp_path: Path, name: str) -> None:
    format = name.partition(" ")[0]
    path = tmp_path / f"x.{format}"
    path.write_text(WORST_DOCUMENTS[name](), encoding="utf-8")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Quadratic cost takes minutes: the bound only has to be far from that, however busy the machine is.
    with bounded(SECONDS), suppress(DocumentError):
        document_totals(str(path), format)
    # In KiB. A copy of everything for each row takes gigabytes.
    assert sys.platform != "linux" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 500_000
