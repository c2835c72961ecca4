# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Rows that may be totals: the sum is right to the last cent, or the document is refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import total_rows
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.total_rows import (
    is_total_label,
    may_mention_total,
    mentions_total,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

if t.TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("small_pieces")
Read = t.Callable[..., dict[str, t.Any]]


LABELS = [
    *["Total", "Total Charges", "Total amount due", "Total Cost", "Total excl. VAT", "Totals:", "Total (2 items)"],
    *["Net total", "Balance due", "INVOICE TOTAL (USD)", "Sum", "Grand total", "Total net", "Amount due (EUR)"],
    *["Total new charges", "Account total", "Monthly total", "Estimated total", "TOTAL DUE", "Total fees"],
]
# What says more than that its row is a total; only what the row lacks shows that it is one.
MENTIONS = [
    *["Total for May 2024", "Subtotal A", "Total for C-0N7RAC7", "Total contract value", "Total for linked account# 2"],
    *["Total statement amount for period 2024-05-01 00:00:00 - 2024-05-31 23:59:59", "Please pay this amount"],
    *["Gesamtsumme", "Zwischensumme A", "Sous-total", "Kokku", "ご請求金額"],
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("headings", "lines", "end"),
    [
        ("Product,Total", ["A,10", "B,20"], "{},30"),
        ("Description,Total", ["A,10", "B,20"], "{},30"),
        ("Product,Start Date,End Date,Total", ["A,2024-05-01,2024-05-31,10", "B,,,20"], "{},2024-05-01,2024-05-31,30"),
        ("Customer,Description,Total", ["X,A,10", "X,B,20"], "X,{},30"),
        ("Product,Units,Total", ["A,1,10", "B,2,20"], ",{},30"),
        ("Product,Units,Total", ["A,1,10", "B,2,20"], "{},3,30"),
        ("Product,Taxes,Total", ["A,1,10", "B,2,20"], ",{},30"),
    ],
)
def test_labelled_totals(read_csv: Read, label: str, headings: str, lines: list[str], end: str) -> None:
    total = end.format(label)
    assert [read_csv("\n".join([headings, *lines, total, ""]))[key] for key in ("total", "lines")] == [30, 2]
    # First, and once more amid so many lines that they are added up in groups.
    assert read_csv("\n".join([headings, total, *lines, ""]))["total"] == 30
    text = "\n".join(
        [headings, *lines * 100, total.replace("30", "3000"), *lines * 100, total.replace("30", "6000"), ""]
    )
    assert [read_csv(text)[key] for key in ("total", "lines")] == [6000, 400]
    with pytest.raises(DocumentError, match=r"row 4, column 'Total': this total row says 31, .* add up to 30"):
        read_csv("\n".join([headings, *lines, total.replace("30", "31"), ""]))


@pytest.mark.parametrize("label", MENTIONS)
@pytest.mark.parametrize(
    ("headings", "lines", "end"),
    [
        ("Product,Description,Total", ["A,a,10", "B,b,20"], "{},,30"),
        ("Product,Description,Total", ["A,a,10", "B,b,20"], ",{},30"),
        ("Customer,Product,Total", ["X,A,10", "X,B,20"], "{},,30"),
    ],
)
def test_totals_that_lack_what_lines_have(
    read_csv: Read, label: str, headings: str, lines: list[str], end: str
) -> None:
    total = end.format(label)
    for rows in ([*lines, total], [total, *lines], [*lines[:1], *lines[1:], "", total]):
        assert [read_csv("\n".join([headings, *rows, ""]))[key] for key in ("total", "lines")] == [30, 2]
    with pytest.raises(DocumentError, match="row 4, column 'Total': (this total row says 30.01|30.01 may be a line)"):
        read_csv("\n".join([headings, *lines, total.replace("30", "30.01"), ""]))


def test_no_label_of_two_columns_is_counted(read_csv: Read) -> None:
    refused = []
    for label in (*LABELS, *MENTIONS):
        for rows in (["A,10", "B,20", f"{label},30"], [f"{label},30", "A,10", "B,20"]):
            try:
                assert read_csv("\n".join(["Product,Total", *rows, ""]))["total"] == 30
            except DocumentError:
                refused.append(label)
    assert set(refused) <= set(MENTIONS)


def test_words_for_sums() -> None:
    for word in total_rows._SUM_WORDS:
        for text in (word, word.upper(), f"({word.title()})"):
            assert is_total_label(text)
            assert mentions_total(text)
            assert may_mention_total(f"Ion\nx {text}, y\nconsumption, some import, checksum")
    for text in ("Consumption", "Import of logs", "Checksum", "Some", "Mintotal 5", "Assumed role", "NodeBalancer"):
        assert not is_total_label(text)
        assert mentions_total(text) == ("total" in text)


def test_products_named_like_totals(read_csv: Read) -> None:
    text = "Product,Quantity,Total\nTotal Storage,1,10\nIon,1,20\nTotal Storage,3,31\nNodeBalancer,1,7\n"
    assert read_csv(text)["total"] == 68
    for text in ("Product,Total\nIon,10\nTotal Storage,10\n", "Product,Total\nIon,10\nTotal Storage,11\n"):
        with pytest.raises(DocumentError, match="row 3, column 'Total': "):
            read_csv(text)
    # It has all that lines have, and is the sum of several.
    with pytest.raises(DocumentError, match="row 4, .* so the row may be a line or their total"):
        read_csv("Product,Quantity,Total\nIon,1,10\nAC,1,5\nTotal Storage,1,15\n")
    # A spreadsheet's subtotal: a line has a product.
    text = "Customer,Product,Total\nMain,A,10\nMain Total,,10\nThird,A,5\nThird,B,5\nThird Total,,10\n"
    assert [read_csv(text)[key] for key in ("total", "lines")] == [20, 3]


@pytest.mark.parametrize("blanks", ["", "\n" * 30, ",,,\n" * 30])
@pytest.mark.parametrize("last", ["X,Kokku,,{}", "X,A,,{}"])
def test_a_last_row_without_a_quantity(read_csv: Read, last: str, blanks: str) -> None:
    start = "Customer,Product,Quantity,Total\n"
    for count in (2, 127, 128, 129, 300):
        lines = "X,A,1,-1.5\n" * count
        total = f"{count * -1.5}"
        with pytest.raises(DocumentError, match=f"row {count + 2}, .* so the row may be a line or their total"):
            read_csv(start + lines + last.format(total) + "\n" + blanks)
        for end in (last.format("-1"), f"X,Kokku,3,{total}", f"X,A,1,{total}"):
            assert read_csv(start + lines + end + "\n" + blanks)["lines"] == count + 1


def test_rows_that_do_not_say_what_they_are_for(read_csv: Read) -> None:
    assert read_csv("Product,Type,Total\nA,U,10\nB,U,20\n,,30\n")["total"] == 30
    assert read_csv("Product,Total\nA,10\n,10\n")["total"] == 10
    for text in (
        "Product,Total\nA,10\n,5\n",
        "Customer,Product,Total\nX,A,10\nX,B,10\nX,,21\n",
        "Product,Type,Total\n" + "A,U,10\n" * 200 + ",,2001\n" + "A,U,10\n" * 200,
    ):
        with pytest.raises(DocumentError, match="may be a line or a total: the row lacks what other lines have"):
            read_csv(text)
    # Where no line has a product, a row without one is a line.
    assert read_csv("Customer,Product,Total\nX,,10\nY,,10\n")["total"] == 20


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Date,Total\n2024-05-01,5\n2024-06-01,7\n", 12),
        ("Total (USD)\n5\n7\n", 12),
        ("Customer ID,Total\nA-1,5\nA-2,5\n", 10),
        ("Units,Unit Price,Total\n2,5,10\n1,7,7\n", 17),
        ("Units,Unit Price,Total\n2,5,10\n1,7,7\nTotal,,17\n", 17),
        ("Product,Description,Units,Total\n,,1,5\n,,2,7\nTotal,,,12\n", 12),
    ],
)
def test_lines_that_name_neither_product_nor_description(read_csv: Read, text: str, total: int) -> None:
    assert [read_csv(text)[key] for key in ("total", "lines")] == [total, 2]


def test_a_row_that_is_equal_to_the_only_line_and_lacks_what_it_has(read_csv: Read) -> None:
    start = 'Product Name,Account Name,Total (USD),Customer ID\nStorage,"Harbour, Inc.",(123.52),1-ABCD\n'
    for label in ("Gesamt", "Summe", "Totale", "Importe", "Montant total"):
        assert [read_csv(f"{start}{label},,(123.52),\n")[key] for key in ("total", "lines")] == [-123.52, 1]
    with pytest.raises(DocumentError, match=r"row 3, .* so the row may be a line or their total"):
        read_csv(f"{start}Kokku,,(123.52),\n")
    # Two lines can have the same amount.
    assert read_csv(f"{start}Ion,Main Street,(123.52),A-1\n")["total"] == -247.04


def test_groups_of_one_line(read_csv: Read) -> None:
    start = "Product,Description,Total Cost\nCompute,,366.02\n,Dedicated 8GB,366.02\n"
    assert read_csv(start)["total"] == 366.02
    with pytest.raises(DocumentError, match=r"row 7, .* so the row may be a line or their total"):
        read_csv(f"{start}Download,,0.01\n,GB,0.01\nEdge,,0.01\n,us-ord,0.01\n")


def test_a_total_shows_that_a_row_before_it_is_a_line(read_csv: Read) -> None:
    rows = "Product,Description,Quantity,Total\nA,h,1,10\nB,h,1,20\n"
    assert [read_csv(rows + "Tax (20%),,,6\nTotal,,,36\n")[key] for key in ("total", "lines")] == [36, 3]
    assert read_csv(rows + "Subtotal,,,30\nTax (20%),,,6\nTotal,,,36\n")["total"] == 36
    with pytest.raises(DocumentError, match="row 4, .*: 6 is not part of the total in row 5"):
        read_csv(rows + "Tax (20%),,,6\nTotal,,,30\n")
    with pytest.raises(DocumentError, match="row 4, .*: 6 may be a line or a total"):
        read_csv(rows + "Tax (20%),,,6\n")


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
