# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the first rows of a CSV document show: its table, headings and currency."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

Read = t.Callable[..., dict[str, t.Any]]


def test_a_column_in_another_currency_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Tax (EUR),Total (USD)\na,1,2\n", encoding="utf-8")
    found = document_totals(str(path), "csv")
    assert [found[key] for key in ("currency", "total", "taxes", "lines")] == ["USD", 2, None, 1]
    assert next(iter(read_document(str(path), "csv")))["extra"] == {"Tax (EUR)": "1"}


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


@pytest.mark.parametrize("headings", ["Tax,VAT", "Tax,Tax", "Taxes,Tax", "Services,Total Services"])
def test_several_columns_for_an_optional_part_never_cost_the_total(read_csv: Read, headings: str) -> None:
    field = "services" if "Services" in headings else "taxes"
    found = read_csv(f"Product,{headings},Total\nIon,1,1,10\n")
    assert (found["total"], found[field]) == (10, None)
    [warning] = found["warnings"]
    assert f"could be the {field}: '" in warning
    assert f"So {field} is null. Name the right one with" in warning


def test_an_optional_part_is_named(read_csv: Read) -> None:
    found = read_csv("Product,Tax,VAT,Total\nIon,1,2,10\n", columns={"taxes": "VAT"})
    assert (found["total"], found["taxes"], found["warnings"]) == (10, 2, [])


def test_the_user_names_equal_headings(read_csv: Read) -> None:
    assert read_csv("Product,Total,Total\nIon,10,10\n", columns={"total": "Total"})["total"] == 10
    with pytest.raises(DocumentError, match="10 differs from 8"):
        read_csv("Product,Total,Total\nIon,10,8\n", columns={"total": "Total"})


def test_too_many_headings_are_an_error(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match="has 1001 headings in row 1, and up to 1000 are read. Delete the columns"):
        read_csv("Total" + ",x" * 1000 + "\n5\n")
    assert read_csv("Total" + ",x" * 999 + "\n5\n")["total"] == 5


@pytest.mark.parametrize("heading", ["Ccy", "Money", "Currency", "Curr"])
def test_a_column_of_codes_is_the_currency(read_csv: Read, heading: str) -> None:
    text = f"Product,{heading},Total\nIon,usd,5\nAC,EUR,6\n"
    found = read_csv(text)
    assert [(part["currency"], part["total"]) for part in found["by_currency"]] == [("EUR", 6), ("USD", 5)]


@pytest.mark.parametrize("heading", ["Ccy", "Money"])
def test_a_word_among_codes_is_an_error(read_csv: Read, heading: str) -> None:
    text = f"Product,{heading},Total\nIon,USD,5\nAC,EUR,6\nKona,n/a,3\n"
    with pytest.raises(DocumentError, match=f"row 4, column '{heading}'"):
        read_csv(text)


def test_codes_far_behind_blanks_are_currencies(read_csv: Read) -> None:
    rows = "Ion,,5\n" * 9000
    text = f"Product,Ccy,Total\n{rows}Ion,EUR,6\nAC,USD,7\n"
    found = read_csv(text)
    assert {part["currency"]: part["total"] for part in found["by_currency"]} == {None: 45000, "EUR": 6, "USD": 7}
