# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The option ``columns``: it decides which column holds what, and nothing else."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.columns import parse_columns
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, OptionError

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("nothing", [None, {}])
def test_no_columns(nothing: t.Any) -> None:
    assert parse_columns(nothing) is None


def test_columns_are_plain_text() -> None:
    class Tagged(str):
        pass

    columns = parse_columns({Tagged("total"): Tagged("Extended")})
    assert columns == {"total": "Extended"}
    assert {type(text) for item in columns.items() for text in item} == {str}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"totals": "Extended"}, r"^columns has no field 'totals': name some of product, .*currency\.$"),
        ({7: "Extended"}, "^columns has no field 7"),
        ({"total": ""}, "^columns.total is '': give the heading of its column as text"),
        ({"total": "-"}, "^columns.total is '-'"),
        ({"taxes": 7}, "^columns.taxes is 7"),
        ({"taxes": None}, "^columns.taxes is None"),
        ({"total": "Net", "taxes": "NET "}, "^columns gives total and taxes the same heading, 'Net'"),
        ("total", "^columns is 'total': give a dictionary"),
        (["total"], r"^columns is \['total'\]: give a dictionary"),
    ],
)
def test_bad_columns(value: t.Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_columns(value)


def test_named_columns_are_used(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Item;Extended;VAT;Ccy\nIon;1,50;0,50;EUR\nAC;2,50;0,25;EUR\n", encoding="utf-8")
    columns = {"total": "extended", "taxes": "vat", "currency": "CCY", "product": "Item"}
    found = document_totals(str(path), "csv", columns=columns)
    assert [found[key] for key in ("currency", "total", "taxes", "lines")] == ["EUR", 4, 0.75, 2]
    lines = list(read_document(str(path), "csv", columns=columns))
    assert [line["product"] for line in lines] == ["Ion", "AC"]
    assert (found["ignored_rows"], found["encoding"], found["warnings"]) == (0, "utf-8", [])


def test_a_named_column_is_used_whatever_else_could_be_it(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total,Cost,Total\nIon,7,1,9\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="7 differs from 1 in column 'Cost', .* option columns"):
        document_totals(str(path), "csv")
    assert document_totals(str(path), "csv", columns={"total": "Cost"})["total"] == 1
    with pytest.raises(DocumentError, match="7 differs from 9 in column 'Total', .* another heading"):
        document_totals(str(path), "csv", columns={"total": "total"})
    with pytest.raises(DocumentError, match="2 columns with the heading 'total'"):
        document_totals(str(path), "csv", columns={"taxes": "total"})


def test_a_heading_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total,Cost\nIon,7,1\n", encoding="utf-8")
    with pytest.raises(
        DocumentError,
        match=r"no column with the heading 'Net' that the option columns gives for taxes: name one of"
        r" 'Product', 'Total', 'Cost'",
    ):
        document_totals(str(path), "csv", columns={"taxes": "Net"})


def test_names_of_json(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    line = {"PRODUCT": "Ion", "NET": 5, "AMOUNT": 6, "TOTAL": 7}
    path.write_text(json.dumps({"INVOICE": {"END_CUSTOMER": {"INVOICE_LINE": [line]}}}), encoding="utf-8")
    assert document_totals(str(path), "json", columns={"total": "net"})["total"] == 5
