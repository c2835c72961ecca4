# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Single rows of a CSV document: their numbers, currencies, and other columns that could be the total."""

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


def test_units_that_are_no_number_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Quantity,Total\nunlimited,1\n", encoding="utf-8")
    assert next(iter(read_document(str(path), "csv")))["units"] == "unlimited"


def test_units_that_may_be_either_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product;Quantity;Unit price;Total\nA;1,234;12,5;5\n", encoding="utf-8")
    line = next(iter(read_document(str(path), "csv")))
    assert (line["units"], line["total"]) == ("1,234", 5)


def test_a_mark_tells_the_currency(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Product,Total,Tax\na,€1,€0.10\nb,2 EUR,\n", encoding="utf-8")
    assert [document_totals(str(path), "csv")[key] for key in ("currency", "total", "taxes")] == ["EUR", 3, 0.1]


def test_two_signs(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match=r"row 602 has amounts in \$ and in ¥"):
        read_csv("Product,Total\n" + "A,$1\n" * 300 + "A,1\n" * 300 + "A,¥1\n")


def test_a_sign_does_not_replace_an_unknown_currency(read_csv: Read) -> None:
    with pytest.raises(DocumentError, match="row 2 has amounts in XYZ and in EUR"):
        read_csv("Product,Currency,Total\nA,XYZ,€5\n")


def test_two_candidates_that_differ_in_one_row_far_inside(read_csv: Read) -> None:
    rows = ["Product,Cost,Total"] + ["Ion,1.50,1.50"] * 400
    assert read_csv("\n".join([*rows, ""]))["total"] == 600
    rows[301] = "Ion,1.50,-1.50"
    with pytest.raises(DocumentError, match="row 302, column 'Total': -1.50 differs from 1.50 in column 'Cost'"):
        read_csv("\n".join([*rows, ""]))


def test_what_is_passed_over_is_counted(read_csv: Read) -> None:
    rows = "Product,Quantity,Total\nMain Street,,\nIon,1,10.00\n\nProduct,Quantity,Total\nAC,1,5.00\nThank you\n"
    found = read_csv(rows)
    assert [found[key] for key in ("total", "lines", "ignored_rows")] == [15, 2, 4]


def test_an_unknown_currency_is_never_rounded(read_csv: Read) -> None:
    found = read_csv("Product,Total,Currency\nIon,0.00797348,BTC\n")
    assert (found["currency"], found["total"]) == ("BTC", 0.00797348)
