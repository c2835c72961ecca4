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
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_loop, total_rows
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
    """Rows are added up in groups of fewer: these documents stay small."""
    monkeypatch.setattr(csv_loop, "_CHUNK", 64)
    monkeypatch.setattr(csv_loop, "_PART", 4)


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
        assert parsed == found
        return found

    return read


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


@pytest.mark.parametrize("label", [*LABELS, *MENTIONS])
def test_no_label_of_two_columns_is_counted(read_csv: Read, label: str) -> None:
    for rows in (["A,10", "B,20", f"{label},30"], [f"{label},30", "A,10", "B,20"]):
        with suppress(DocumentError):
            assert read_csv("\n".join(["Product,Total", *rows, ""]))["total"] == 30


def test_words_for_sums() -> None:
    for word in total_rows._SUM_WORDS:
        for text in (word, word.upper(), f"({word.title()})"):
            assert is_total_label(text)
            assert mentions_total(text)
            assert may_mention_total(f"Ion\nx {text}, y\nconsumption, some import, checksum")
    for text in ("Consumption", "Import of logs", "Checksum", "Some", "Mintotal 5", "Assumed role", "NodeBalancer"):
        assert not is_total_label(text)
        assert mentions_total(text) == ("total" in text)


def test_totals_far_inside(read_csv: Read) -> None:
    for label in ("Total (USD)", "Subtotal", "total"):
        text = "Product,Amount\n" + "A,1\n" * 60 + f"{label},60\n" + "B,1\n" * 90
        assert read_csv(text)["total"] == 150
    text = "Customer,Description,Amount\n" + "X,A,1\n" * 600 + "X,Total,600\n" + "Y,B,1\n" * 900 + "Y,Total,900\n"
    assert read_csv(text)["total"] == 1500


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


def test_two_signs(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match=r"row 602 has amounts in \$ and in ¥"):
        read_csv("Product,Total\n" + "A,$1\n" * 300 + "A,1\n" * 300 + "A,¥1\n")


def test_a_sign_does_not_replace_an_unknown_currency(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match="row 2 has amounts in XYZ and in EUR"):
        read_csv("Product,Currency,Total\nA,XYZ,€5\n")


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


def test_two_tables(read_csv: Read) -> None:
    with pytest.raises(
        DocumentError, match="holds two tables: the headings in row 4 and others, with amounts, in row 1"
    ):
        read_csv("Product,Total\nIon,100\n\nProduct,Description,Units,Total\nStorage,GB,5,20\n")
    with pytest.raises(DocumentError, match="row 5, column 'Total': 100 may be a line or a total"):
        read_csv("Product,Description,Units,Total\nStorage,GB,5,20\n\nProduct,Total\nIon,100\n")


def test_headings(read_csv: Read) -> None:
    assert read_csv("Product,Total %,Cost\nA,40,4\nB,60,6\n")["total"] == 10
    # Beside an amount before taxes, a total proves itself.
    found = read_csv("Product,Amount,Tax,Total\nA,10,2,12\nB,5,,5\n")
    assert [found[key] for key in ("total", "taxes")] == [17, 2]
    for text in ("Product,Region,Total,Cost\nA,GB,500,5\n", "Product,Amount,Tax %,Total\nA,100,20,120\n"):
        with pytest.raises(DocumentError, match="row 2, .* either could be the total. .* option columns"):
            read_csv(text)
    # Of several columns that could be the taxes, none is guessed.
    for headings in ("Tax,Tax", "Tax,Tax amount"):
        found = read_csv(f"Product,{headings},Total\nA,20,2,12\n")
        assert [found[key] for key in ("total", "taxes")] == [12, None]


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
        read_json(json.dumps({"INVOICE": bill}))


def test_other_bills_beside_the_bill(read_json: Read) -> None:
    bill = {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}]}
    with pytest.raises(DocumentError, match="has END_CUSTOMER in a place of the bill where no amount is expected"):
        read_json(json.dumps({"INVOICE": bill, "CREDITS": [bill]}))


@pytest.mark.parametrize("name", ["INVOICE", "END_CUSTOMER", "INVOICE_LINE", "ITEM_TOTAL"])
def test_names_twice(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.json"
    text = '{"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": {"ITEM_TOTAL": 1}}}}'
    start = text.index(f'"{name}"')
    member = text[start : -["INVOICE", "END_CUSTOMER", "INVOICE_LINE", "ITEM_TOTAL"].index(name) - 1]
    path.write_text(text.replace(member, f"{member}, {member}"), encoding="utf-8")
    for read in (lambda: document_totals(str(path), "json"), lambda: JsonDocument(str(path)).data):
        with pytest.raises(DocumentError, match=f"'{name}' is there twice"):
            read()


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
def test_adding_up_many_rows_is_the_same_as_looking_at_each(
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
    run = csv_loop.RowLoop.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_loop.RowLoop, "run", lambda loop, rows, _careful: run(loop, rows, True))
        assert outcome() == fast
