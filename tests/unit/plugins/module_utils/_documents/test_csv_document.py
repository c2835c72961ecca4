# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""CSV documents as a whole: their lines, their decimal marks, and whether their end is there."""

from __future__ import annotations

import json
import tracemalloc
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import lines_of, totals_and_lines

Read = t.Callable[..., dict[str, t.Any]]


def test_lines_of_csv() -> None:
    first, second, third = lines_of("regular.csv")
    assert list(first) == list(lines_of("sample.json")[0])
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
    usage = lines_of("compute.csv")[0]
    assert (usage["description"], usage["end_date"]) == ("Dedicated 8GB - web-1 (12345)", "2024-03-01 00:00:00")
    assert usage["extra"] == {"Region": "us-east", "Amount (USD)": "72.00"}
    assert [line["total"] for line in lines_of("preamble.csv")] == [1234.56, -12, 0.1, -7]
    assert [line["units"] for line in lines_of("semicolon.csv")] == [1000, 10, None]


def test_decimal_commas_that_show_late(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Total\n" + "a;1\n" * 1000 + "b;0,5\n" * 1000 + "c;1.000,5\n", encoding="utf-8")
    assert document_totals(str(path), "csv")["total"] == 2500.5


def test_more_than_one_mark_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Total\n" + "a;0.5\n" * 1000 + "b;0,5\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="row 1002, column 'Total': '0,5'"):
        document_totals(str(path), "csv")


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


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Product\tTotal\nA\t1,234\nB\t12.5\n", 1246.5),
        ("Product;Total\nA;1.234\nB;5,50\n", 1239.5),
        ("Product;Total\n" + "A;1.234\n" * 600 + "B;5,50\n", 740405.5),
        ("Product;Total (KWD)\nA;1,234\nB;2,000\n", 3.234),
        ("Product;Currency;Total\nA;KWD;1,234\n", 1.234),
        ("Product;Currency;Total\nA;KWD;1,234\n;;\nB;KWD;2,000\n", 3.234),
        ('Product,Total (JPY)\nA,"1,234"\n', 1234),
        ('Product,Total\nA,"0,123"\nB,"1,234"\n', 1.357),
    ],
)
def test_decimal_marks(read_csv: Read, text: str, total: float) -> None:
    assert read_csv(text)["total"] == total


@pytest.mark.parametrize(
    "text",
    [
        "Product\tTotal (USD)\nA\t1,234\nB\t500\n",
        "Product;Total (USD)\nA;1,234\n",
        "Product;Total (JPY)\nA;1,234\nB;5,678\n",
        "Product\tTotal (JPY)\nA\t1.234\nB\t500\n",
        "Product;Total\nA;1.234\nB;5.678\n",
        "Product;Total (KWD)\nA;1,234\nB;500\n",
        "Product;Currency;Total\nA;KWD;1,234\nB;USD;1,234\n",
    ],
)
def test_decimal_marks_in_doubt(read_csv: Read, text: str) -> None:
    with pytest.raises(DocumentError, match="row 1 cannot be read for certain: .* decimal mark or group thousands"):
        read_csv(text)


@pytest.mark.parametrize("amount", ["0,123", "-0,123", "(0,123)", "00,123", "0,123,456"])
def test_groups_begin_with_a_digit_but_zero(read_csv: Read, read_json: Read, amount: str) -> None:
    with pytest.raises(DocumentError, match=r"row 3, column 'Total'.* cannot be read"):
        read_csv(f'Product,Total\nB,1.50\nA,"{amount}"\n')
    with pytest.raises(DocumentError, match="INVOICE_LINE 1, ITEM_TOTAL: .* cannot be read"):
        read_json(json.dumps({"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": amount}}}}))


def test_files_cut_short(read_csv: Read) -> None:
    whole = "Product,Total,Currency\nA,10.00,USD\nB,50000.39,USD\n"
    for length in range(whole.index("\nB") + 2, len(whole) - 4):
        with pytest.raises(DocumentError, match="row 3"):
            read_csv(whole[:length])
    whole = "Product,Total\nA,10.00\nB,50000.39\n"
    for length in range(whole.index("\nB") + 2, len(whole) - 1):
        with pytest.raises(DocumentError, match="ends inside row 3|row 3 ends before its total"):
            read_csv(whole[:length])
    assert read_csv(whole[:-1])["total"] == 50010.39
    assert read_csv("Product,Total\nA,10\nB,5.5\nTotal,15.5")["total"] == 15.5
    assert read_csv("Product,Total\nA,10\nB,5\n")["total"] == 15
    for text in ("Product,Total\nA,10\nB,5", "Product,Total\nA,1.55\nB,1.5"):
        with pytest.raises(DocumentError, match="ends inside row 3, column 'Total', without a final line end"):
            read_csv(text)
    assert read_csv('"Product","Total"\n"A","10"\n"B","5"')["total"] == 15
    with pytest.raises(DocumentError, match="ends inside row 3, without a final line end"):
        read_csv('"Product","Description","Total"\n"A","a","10"\n"B"')


def test_carriage_returns_with_a_line_feed_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "excel_for_mac.csv"
    path.write_bytes(b'Product,Description,Total (USD)\r"Alpha","line one\nline two",10.00\rBeta,GB,2.50\r')
    found = totals_and_lines(path)
    assert (found["total"], found["currency"], found["lines"]) == (12.5, "USD", 2)


@pytest.mark.parametrize(
    "rows",
    ["Item,Cost\na,5\nProduct,Units,Total\nIon,1,10\n", 'Product,Total\nIon,"1,234"\n', "Product,Total,Total\na,1,2\n"],
)
def test_json_is_no_way_out_for_compute(read_csv: Read, rows: str) -> None:
    with pytest.raises(DocumentError, match="columns") as caught:
        read_csv(rows, source_type="compute")
    assert "JSON" not in str(caught.value)
