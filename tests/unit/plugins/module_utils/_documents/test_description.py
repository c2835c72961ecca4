# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Descriptions of CSV documents: what they show, and that they never show a value."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path
from random import Random

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import description
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.description import describe_csv
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.sheet import Sheet, sheet_of
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.truth import random_bill

CASES = Path(__file__).parents[3] / "fixtures" / "documents" / "cases"


def describe(tmp_path: Path, rows: str | bytes, **options: t.Any) -> dict[str, t.Any]:
    """The description of a document; `` | `` ends a row."""
    path = tmp_path / "x.csv"
    path.write_bytes(rows if isinstance(rows, bytes) else rows.replace(" | ", "\n").encode())
    return describe_csv(str(path), options.pop("source_type", "regular"), **options)


def headings(described: dict[str, t.Any]) -> list[str | None]:
    return [column["heading"] for column in described["layout"]["columns"]]


def kinds(described: dict[str, t.Any]) -> list[str]:
    return [column["kind"] for column in described["layout"]["columns"]]


def test_a_document_of_known_headings() -> None:
    assert describe_csv(str(CASES / "three_tables.csv"), "regular") == {
        "rows": 2,
        "error": None,
        "layout": {
            "source_type": "regular",
            "encoding": "utf-8",
            "delimiter": ",",
            "headings_row": 10,
            "columns": [
                {"heading": "Date", "meaning": None, "kind": "date"},
                {"heading": "Description", "meaning": "description", "kind": "text"},
                {"heading": "Order", "meaning": None, "kind": "text"},
                {"heading": "Amount", "meaning": "total", "kind": "amount"},
                {"heading": "VAT", "meaning": "taxes", "kind": "amount"},
                {"heading": "Amount incl. VAT", "meaning": None, "kind": "amount"},
            ],
        },
    }


def test_headings_that_the_reader_does_not_know(tmp_path: Path) -> None:
    found = describe(
        tmp_path, "Contract;Cost center;Usage GB;Extended value | C-1;Berlin;12;1.234,50 | C-2;Bonn;7;9,90"
    )
    assert found["layout"]["delimiter"] == ";"
    assert headings(found) == ["Contract", "Cost center", "Usage GB", "Extended value"]
    assert kinds(found) == ["text", "text", "amount", "amount"]
    named = describe(tmp_path, "Alpha,Beta | Ion,10 | DNS,20", columns={"total": "Beta"})
    assert [column["meaning"] for column in named["layout"]["columns"]] == [None, "total"]


@pytest.mark.parametrize(
    "rows",
    [
        "Ion,Example GmbH,10.00 | DNS,Example GmbH,20.00",
        # A name, and no heading; nor is one beside it.
        "Bill to,Example GmbH | Ion,10.00 | DNS,20.00",
        "Alpha,Beta | Ion,10 | DNS,20",
        "Example service,Example charge | Ion,Example charge | DNS,20.00",
        "Example total,usage@example.com | Ion,10 | DNS,20",
        # Nothing shows that the first row is another kind of row.
        "Product,Region | Ion,Berlin | DNS,Bonn",
        "Total,Example GmbH | Ion,Example KG",
        "Product\nExample GmbH\n",
        "",
    ],
)
def test_what_may_be_a_value_is_not_shown(tmp_path: Path, rows: str) -> None:
    found = describe(tmp_path, rows)
    assert set(headings(found)) <= {None}
    assert "Example" not in json.dumps(found)
    assert found["layout"]["headings_row"] is None


@pytest.mark.parametrize("seed", range(60))
def test_random_bills_show_their_headings_and_nothing_else(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    delimiter = chance.choice(",;\t")
    sheet: Sheet = sheet_of(chance, random_bill(chance, "USD", size=9), delimiter=delimiter)
    sheet.before = chance.choice(([], [["Example GmbH"]], [["Bill to", "Example GmbH"], []]))
    found = describe(tmp_path, sheet.content())
    assert (headings(found), found["rows"]) == (sheet.headings, 9)
    assert found["layout"]["headings_row"] == len(sheet.before) + 1
    assert (found["layout"]["delimiter"], found["layout"]["encoding"]) == (delimiter, "utf-8")
    assert all(column["meaning"] == name for column, name in zip(found["layout"]["columns"], sheet.columns))
    sheet.headings = sheet.before.pop() if sheet.before else sheet.body.pop()
    assert set(headings(describe(tmp_path, sheet.content()))) <= {None}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1.00", "-2", "$ 3", "(4.00)", "1.234,50", "5E2"], "amount"),
        (["2024-05-01", "2024-05", "01/05/2024", "1.5.2024", "05/2024", "2024-05-01T00:00:00Z"], "date"),
        (["1-May-2024", "May 1, 2024", "May 2024", "2024/05/01 10:00:00 UTC", "01 May 24"], "date"),
        (["Ion", "9-123XY", "2024-05-01 to 2024-05-31", "n/a"], "text"),
        (["", " "], "empty"),
        (["1.00", "", "2.00"], "amount"),
        (["1.00", "n/a"], "mixed"),
        (["2024-05-01", "1.00"], "mixed"),
    ],
)
def test_kinds(tmp_path: Path, cells: list[str], kind: str) -> None:
    rows = "".join(f'Ion,"{cell}",1.00\n' for cell in cells)
    assert kinds(describe(tmp_path, f"Product,Thing,Total\n{rows}".encode())) == ["text", kind, "amount"]


@pytest.mark.parametrize(
    ("codec", "encoding"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")]
)
def test_encodings(tmp_path: Path, codec: str, encoding: str) -> None:
    found = describe(tmp_path, "Product,Größe total,Total (EUR)\nÄ,1.00,2.00\n".encode(codec))
    assert (found["layout"]["encoding"], headings(found)[1]) == (encoding, "Größe total")


def test_all_rows_are_counted_and_the_first_ones_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(description, "MAX_SAMPLE_ROWS", 3)
    lines = "".join(f"Ion,{number}.00\n" for number in range(5))
    found = describe(tmp_path, f"Product,Total\n{lines}\n\nTotal,later\n".encode())
    assert (found["rows"], kinds(found)) == (6, ["text", "amount"])


def test_headings_once_more_are_no_text(tmp_path: Path) -> None:
    found = describe(tmp_path, b"Product,Total\nIon,1.00\nProduct,Total\nDNS,2.00\n")
    assert kinds(found) == ["text", "amount"]


@pytest.mark.parametrize("content", [b"Product,Total\nIon,\x00\xff\n\x81", b"Product,Total\n" + b"x" * 200_000])
def test_what_cannot_be_read_shows_nothing(tmp_path: Path, content: bytes) -> None:
    found = describe(tmp_path, content)
    assert (found["rows"], found["layout"]["columns"]) == (None, [])
    assert found["error"] == "It cannot be read as text in columns."


def test_many_columns_are_bounded(tmp_path: Path) -> None:
    found = describe(tmp_path, (",".join(["7"] * 3000) + "\n").encode())
    assert len(found["layout"]["columns"]) == 1000


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Cannot read"):
        describe_csv(str(tmp_path / "no.csv"), "regular")
