# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents whose total is in doubt: it is right to the last cent, or the document is refused."""

from __future__ import annotations

import json
import typing as t
from contextlib import suppress

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_columns as _csv_columns
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_document as _csv_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import total_rows
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import (
    JsonDocument,
    ParsedDocument,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
    totals_of,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.total_rows import (
    is_total_label,
    may_mention_total,
    mentions_total,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import merge_totals
from hypothesis import given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from pathlib import Path

Read = t.Callable[[str], dict[str, t.Any]]


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are added up column by column from fewer on: these documents stay small, however large the pieces are."""
    monkeypatch.setattr(_csv_document, "_ROWS", 128)


@pytest.fixture
def read_csv(tmp_path: Path) -> Read:
    """Reads a CSV document, for totals and for lines, which agree."""

    def read(text: str) -> dict[str, t.Any]:
        path = tmp_path / "x.csv"
        path.write_bytes(text.encode())
        lines: list[t.Any] | None = None
        with suppress(DocumentError):
            lines = list(read_document(str(path), "csv"))
        try:
            found = document_totals(str(path), "csv")
        except DocumentError:
            assert lines is None
            raise
        assert lines is not None
        assert found["lines"] == len(lines)
        return found

    return read


@pytest.fixture
def read_json(tmp_path: Path) -> Read:
    """Reads a JSON document from disk and parsed, with one answer."""

    def read(text: str) -> dict[str, t.Any]:
        path = tmp_path / "x.json"
        path.write_text(text, encoding="utf-8")
        parsed = None
        with suppress(DocumentError):
            parsed = totals_of(ParsedDocument(json.loads(text)))
        try:
            found = document_totals(str(path), "json")
        except DocumentError:
            assert parsed is None
            raise
        assert parsed is not None
        assert parsed.items() <= found.items()
        return found

    return read


LABELS = [
    *["Total", "Total Charges", "Total amount due", "Total Cost", "Total for May 2024", "Total excl. VAT", "Totals:"],
    *["Total (2 items)", "Net total", "Balance due", "Subtotal A", "Total for C-0N7RAC7", "INVOICE TOTAL (USD)", "Sum"],
    *[
        "Gesamt",
        "Gesamtsumme:",
        "Gesamtbetrag inkl. MwSt.",
        "Summe netto",
        "Summe für Mai",
        "Zwischensumme A",
        "Betrag",
    ],
    *[
        "Somme",
        "Montant total",
        "Sous-total",
        "Total général TTC",
        "Suma",
        "Importe total",
        "Totale",
        "Somma",
        "Totaal",
    ],
    *[
        "Soma",
        "Valor total",
        "Razem",
        "Toplam",
        "Ara toplam",
        "合計",
        "小計（税抜）",
        "总计",
        "合计",
        "총계",
        "합계",
        "Итого",
    ],
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
        ("Product,Taxes,Total", ["A,1,10", "B,2,20"], ",{},30"),
    ],
)
def test_labelled_totals(read_csv: Read, label: str, headings: str, lines: list[str], end: str) -> None:
    total = end.format(label)
    assert [read_csv("\n".join([headings, *lines, total, ""]))[key] for key in ("total", "lines")] == [30, 2]
    # Once more with so many lines that they are added up column by column.
    text = "\n".join(
        [headings, *lines * 100, total.replace("30", "3000"), *lines * 100, total.replace("30", "6000"), ""]
    )
    assert [read_csv(text)[key] for key in ("total", "lines")] == [6000, 400]
    with pytest.raises(DocumentError, match=r"row 4, column 'Total': this total row says 31, .* add up to 30"):
        read_csv("\n".join([headings, *lines, total.replace("30", "31"), ""]))


def test_totals_far_inside(read_csv: Read) -> None:
    for label in ("Total (USD)", "Subtotal", "total"):
        text = "Product,Amount\n" + "A,1\n" * 60 + f"{label},60\n" + "B,1\n" * 90
        assert read_csv(text)["total"] == 150
    text = "Customer,Description,Amount\n" + "X,A,1\n" * 600 + "X,Total,600\n" + "Y,B,1\n" * 900 + "Y,Total,900\n"
    assert read_csv(text)["total"] == 1500


def test_products_named_like_totals(read_csv: Read) -> None:
    assert read_csv("Product,Total\nTotal Storage,10\nIon,20\nTotal Storage,31\nNodeBalancer,7\n")["total"] == 68
    # The second is one more line of a product that is known.
    assert read_csv("Product,Total\nTotal Storage,10\nTotal Storage,10\n")["total"] == 20
    with pytest.raises(DocumentError, match="row 3 could be a line, or the total of the lines before it"):
        read_csv("Product,Total\nIon,10\nTotal Storage,10\n")
    # A spreadsheet's subtotal: a line has a product.
    text = "Customer,Product,Total\nMain,A,10\nMain Total,,10\nThird,A,5\nThird,B,5\nThird Total,,10\n"
    assert [read_csv(text)[key] for key in ("total", "lines")] == [20, 3]


def test_words_for_sums() -> None:
    for word in total_rows._SUM_WORDS:
        for text in (word, word.upper(), f"({word.title()})"):
            assert is_total_label(text)
            assert mentions_total(text)
            assert may_mention_total(f"Ion\nx {text}, y\nconsumption, some import, checksum")
    for text in ("Consumption", "Import of logs", "Checksum", "Some", "Blossom", "Mintotal 5", "Assumed role", "計算"):
        assert not is_total_label(text)
        assert mentions_total(text) == ("total" in text)


@pytest.mark.parametrize("blanks", ["", "\n" * 30, ",,,\n" * 30])
@pytest.mark.parametrize("last", ["X,Kokku,,{}", ",A,U,{}", "X,A,,{}", ",Kokku,,{}"])
def test_a_last_row_that_lacks_what_others_have(read_csv: Read, last: str, blanks: str) -> None:
    start = "Customer,Product,Type,Total\n"
    # So many that the last row is the last that is added up column by column, and the last of all.
    for count in (2, 127, 247, 251, 300):
        lines = "X,A,U,-1.5\n" * count
        total = f"{count * -1.5}"
        with pytest.raises(DocumentError, match=f"row {count + 2} could be a line, or the total of the lines before"):
            read_csv(start + lines + last.format(total) + "\n" + blanks)
        for end in (last.format("-1"), f"X,Kokku,U,{total}", f"X,A,U,{total}"):
            assert read_csv(start + lines + end + "\n" + blanks)["lines"] == count + 1
        # Not the last, or not the sum of all.
        assert read_csv(start + lines + last.format(total) + "\nX,B,U,7\n" + blanks)["lines"] == count + 2


def test_last_rows_that_are_lines(read_csv: Read) -> None:
    start = "Customer,Product,Type,Total\n"
    for text in (
        "X,A,U,5\nX,B,,5\n",
        "X,A,U,5\nX,B,U,-5\nX,C,,0\n",
        "X,A,,5\nX,B,,5\nX,C,,10\n",
        "X,A,U,5\nX,B,U,\nX,C,,5\n",
        "X,A,U,5\nX,B,U,5\nX,C,,\n",
    ):
        assert read_csv(start + text)["lines"] == text.count("\n")
    with pytest.raises(DocumentError, match="row 5 could be a line"):
        read_csv(start + "X,A,U,5\nX,B,U,5\nTotal,,,10\nX,C,,10\n")
    start = "Product,Currency,Total\n"
    assert read_csv(start + "A,USD,1\nB,USD,2\nC,EUR,3\n")["lines"] == 3
    for text in ("A,USD,1\nB,USD,2\nKokku,,3\n", "A,USD,1\nB,EUR,2\nKokku,,3\n"):
        with pytest.raises(DocumentError, match="row 4 could be a line"):
            read_csv(start + text)
    with pytest.raises(DocumentError, match="row 4 could be a line"):
        read_csv("Product,Unit,Total\nA,h,€1\nB,h,€2\nKokku,,3\n")


@pytest.mark.parametrize(
    "heading", ["Customer", "PO Number", "Start date", "Unit", "Quantity", "Region", "Currency", ""]
)
def test_totals_beside_a_product(read_csv: Read, heading: str) -> None:
    lines = "A,USD,1\n" * 200
    text = f"Product,{heading},Total\n{lines}A,Total,200\n{lines}"
    assert [read_csv(text)[key] for key in ("total", "lines")] == [400, 400]
    with pytest.raises(DocumentError, match="row 202, .* this total row says 201"):
        read_csv(text.replace("200\n", "201\n"))


def test_signs_are_told_anew_in_each_pass(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match=r"row 602 has amounts in \$ and in ¥"):
        read_csv("Product,Total\n" + "A,$1\n" * 300 + "A,1\n" * 300 + "A,¥1\n")


@pytest.mark.parametrize(
    "text",
    [
        "Customer,Product,Total\nOne,Ion,10\nTotal Logistics,,10\n",
        "Customer,Product,Total\nOne,Ion,10\n,Total Protection,10\n",
        "Customer,Product,Taxes,Total\nOne,Ion,0,1\nTotal Logistics,,0.01,1\n",
    ],
)
def test_names_like_totals_that_may_be_lines(read_csv: Read, text: str) -> None:
    with pytest.raises(DocumentError, match="row 3 could be a line, or the total of the lines before it"):
        read_csv(text)


def test_rows_of_nothing_but_amounts(read_csv: Read) -> None:
    assert read_csv("Product,Type,Total\nA,U,10\nB,U,20\n,,30\n")["total"] == 30
    for text in (
        "Product,Total\nA,10\n,10\n",
        "Product,Units,Total\nA,1,5\nB,2,5\n,3,10\n",
        "Product,Type,Total\nA,U,10\nB,U,20\n,,30\nC,U,5\n",
        "Customer,Product,Total\nX,A,10\nX,B,10\nX,,20\n",
        "Product,Type,Total\n" + "A,U,10\n" * 200 + ",,2000\n" + "A,U,10\n" * 200,
    ):
        with pytest.raises(DocumentError, match="could be a line, or the total"):
            read_csv(text)
    with pytest.raises(DocumentError, match="row 3, .* this total row says 5"):
        read_csv("Product,Total\nA,10\n,5\n")
    # Where no line has a product, a row without one is a line.
    assert read_csv("Customer,Product,Total\nX,,10\nY,,10\n")["total"] == 20


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
    ],
)
def test_decimal_marks(read_csv: Read, text: str, total: float) -> None:
    assert read_csv(text)["total"] == total


@pytest.mark.parametrize(
    "text",
    [
        "Product\tTotal (JPY)\nA\t1,234\nB\t5,678\n",
        "Product;Total (JPY)\nA;1,234\nB;5,678\n",
        "Product\tTotal (USD)\nA\t1,234\nB\t500\n",
        "Product;Total (USD)\nA;1,234\n",
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
    with pytest.raises(DocumentError, match=r"row 2, column 'Total'.* cannot be read"):
        read_csv(f'Product,Total\nA,"{amount}"\n')
    with pytest.raises(DocumentError, match="INVOICE_LINE 1, ITEM_TOTAL: .* cannot be read"):
        read_json(json.dumps({"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": amount}}}}))


def test_files_cut_short(read_csv: Read) -> None:
    whole = "Product,Total,Currency\nA,10.00,USD\nB,50000.39,USD\n"
    for length in range(whole.index("\nB") + 4, len(whole) - 4):
        with pytest.raises(DocumentError, match="row 3 is cut short"):
            read_csv(whole[:length])
    whole = "Product,Total\nA,10.00\nB,50000.39\n"
    for length in range(whole.index("\nB") + 4, len(whole) - 1):
        with pytest.raises(DocumentError, match="ends in row 3 amid 'Total'|row 3 is cut short"):
            read_csv(whole[:length])
    assert read_csv(whole[:-1])["total"] == 50010.39
    assert read_csv("Product,Total\nA,10\nB,5.5\nTotal,15.5")["total"] == 15.5
    assert read_csv("Product,Total\nA,10\nB,5\n")["total"] == 15
    for text in ("Product,Total\nA,10\nB,5", "Product,Total\nA,1.5\nB,1.50", "Product,Total\nA,10.00\nB,"):
        with pytest.raises(DocumentError, match="ends in row 3 amid 'Total', without a line break"):
            read_csv(text)
    assert read_csv('"Product","Total"\n"A","10"\n"B","5"')["total"] == 15


def test_two_tables(read_csv: Read) -> None:
    with pytest.raises(
        DocumentError, match="holds two tables: the headings in row 4 and others, with amounts, in row 1"
    ):
        read_csv("Product,Total\nIon,100\n\nProduct,Description,Units,Total\nStorage,GB,5,20\n")
    with pytest.raises(DocumentError, match="row 5 is cut short"):
        read_csv("Product,Description,Units,Total\nStorage,GB,5,20\n\nProduct,Total\nIon,100\n")


def test_headings(read_csv: Read) -> None:
    assert read_csv("Product,Total %,Cost\nA,40,4\nB,60,6\n")["total"] == 10
    # Beside an amount before taxes, a total proves itself.
    found = read_csv("Product,Amount,Tax,Total\nA,10,2,12\nB,5,,5\n")
    assert [found[key] for key in ("total", "taxes")] == [17, 2]
    for text in ("Product,Units,Total,Cost\nA,GB,500,5\n", "Product,Amount,Tax %,Total\nA,100,20,120\n"):
        with pytest.raises(DocumentError, match="row 2 says .* which of them is the total cannot be told"):
            read_csv(text)
    with pytest.raises(DocumentError, match="several columns could be the taxes: 'Tax', 'Tax'"):
        read_csv("Product,Tax,Tax,Total\nA,1,2,13\n")
    with pytest.raises(DocumentError, match="several columns could be the taxes: 'Tax', 'Tax amount'"):
        read_csv("Product,Tax,Tax amount,Total\nA,20,2,12\n")


@pytest.mark.parametrize(
    ("bill", "message"),
    [
        ({"END_CUSTOMER": [], "INVOICE_LINE": [{"ITEM_TOTAL": 100}]}, "has INVOICE_LINE where none is expected"),
        ({"END_CUSTOMER": None, "MORE": {"lines": [{"item_total": 1}]}}, "has item_total where none is expected"),
        ({"END_CUSTOMER": [{"invoice_line": [{"ITEM_TOTAL": 100}]}]}, "no INVOICE_LINE in END_CUSTOMER 1"),
        ({"END_CUSTOMER": [{"INVOICE_LINE": None}, {"LINES": []}]}, "no INVOICE_LINE in END_CUSTOMER 2"),
        ({"END_CUSTOMER": [{"INVOICE_LINE": None, "LINES": [{"ITEM_TOTAL": 1}]}]}, "has ITEM_TOTAL where"),
        ({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1, "PARTS": [{"ITEM_TOTAL": 1}]}]}}, "has ITEM_TOTAL where"),
        ({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}, {"PRODUCT": "A"}]}}, "INVOICE_LINE 2 has no ITEM_TOTAL"),
        ({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}, {"AMOUNT": 1}]}}, "INVOICE_LINE 2 has no ITEM_TOTAL"),
        ({"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": 1, "item total": 2}}}, "has ITEM_TOTAL and item total"),
        ({"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": "1,234"}}}, "could be a decimal mark or group thousands"),
    ],
)
def test_amounts_in_other_places(read_json: Read, bill: dict[str, t.Any], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_json(json.dumps({"INVOICE": bill}))


def test_other_bills_beside_the_bill(read_json: Read) -> None:
    bill = {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}]}
    with pytest.raises(DocumentError, match="has END_CUSTOMER where none is expected"):
        read_json(json.dumps({"INVOICE": bill, "CREDITS": [bill]}))


@pytest.mark.parametrize("name", ["INVOICE", "END_CUSTOMER", "INVOICE_LINE", "ITEM_TOTAL"])
def test_names_twice(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.json"
    text = '{"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": 1}}}}'
    start = text.index(f'"{name}"')
    member = text[start : -["INVOICE", "END_CUSTOMER", "INVOICE_LINE", "ITEM_TOTAL"].index(name) - 1]
    path.write_text(text.replace(member, f"{member}, {member}"), encoding="utf-8")
    with pytest.raises(DocumentError, match="twice"):
        document_totals(str(path), "json")
    # It is JSON all the same.
    JsonDocument(str(path), None).check()


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


CELLS = st.sampled_from(
    ["A", "A", "A", "B", "", " ", "Total", "Total A", "Sum", "Summe", "consumption", "Balancer", "2024"]
)
AMOUNTS = st.sampled_from(["1", "2", "2", "3", "0", "-1", "", "x", "$1", "1.50", '"1,000"', "NaN"])


@settings(max_examples=150)
@given(st.data())
def test_adding_up_columns_is_the_same_as_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("same") / "x.csv"
    names = data.draw(st.permutations(["Product", "Customer", "Description", "Region", "Taxes", "Total"]))
    names = names[: names.index("Total") + data.draw(st.integers(1, 3))]
    rows = [",".join(names)]
    running = since = 0
    for _run in range(data.draw(st.integers(1, 6))):
        row = [data.draw(AMOUNTS if name in ("Total", "Taxes") else CELLS) for name in names]
        total = names.index("Total")
        # Mostly such as read, often such as could be totals.
        row[total] = data.draw(st.sampled_from(["1", "2", row[total], str(running), str(since)]))
        count = data.draw(st.sampled_from([1, 1, 130, 300]))
        rows += [",".join(row)] * count
        with suppress(ValueError):
            since = int(row[total]) * count
            running += since
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")

    def outcome() -> t.Any:
        try:
            return document_totals(str(path), "csv")
        except DocumentError as error:
            return str(error)

    fast = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_csv_columns, "add_columns", lambda *_args: False)
        assert outcome() == fast
