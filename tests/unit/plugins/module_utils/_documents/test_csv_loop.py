# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The loop over the rows of a CSV document: many at once, or one by one where there is doubt."""

from __future__ import annotations

import typing as t
from contextlib import suppress
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_loop
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.currencies import CURRENCIES
from ansible_collections.edgebill.akamai_invoicing.tests.unit.accepted import accepted, at_least
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("small_pieces")
Read = t.Callable[..., dict[str, t.Any]]


def test_total_rows_far_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    part = "a,0.01\n" * 1000
    path.write_text("Product,Total\n" + part + "Subtotal,10.00\n" + part + ",\nTotal,20.00\n", encoding="utf-8")
    assert [document_totals(str(path), "csv")[key] for key in ("total", "lines")] == [20, 2000]
    path.write_text("Product,Total\n" + part + "Subtotal,10.01\n" + part, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"row 1002, .* says 10\.01"):
        document_totals(str(path), "csv")


@pytest.mark.parametrize("place", [1, 500, 1000])
def test_a_bad_amount_far_inside_is_placed(tmp_path: Path, place: int) -> None:
    path = tmp_path / "x.csv"
    rows = ["a,0.01"] * 1000
    for bad in ("abc", "NaN", "Infinity", "1_0", "9" * 50):
        rows[place - 1] = f"a,{bad}"
        path.write_text("\n".join(["Product,Total", *rows]) + "\n", encoding="utf-8")
        with pytest.raises(DocumentError, match=f"row {place + 1}, column 'Total': '{bad}"):
            document_totals(str(path), "csv")


def test_irregular_rows_far_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = ["a,USD,1.00,0.50"] * 1000
    for number, row in enumerate(["", ",,,", 'a,USD,"1,000.00",', "a,USD,$1,0.5", "a,EUR,1,0.5", "a, usd ,1,0.5"]):
        rows[number * 130] = row
    path.write_text("\r\n".join(["Product,Currency,Total,Taxes", *rows]), encoding="utf-8")
    found = document_totals(str(path), "csv")
    assert found["by_currency"] == [
        {"currency": "EUR", "total": 1, "services": None, "taxes": 0.5, "lines": 1},
        {"currency": "USD", "total": 994 + 1000 + 2, "services": None, "taxes": 498, "lines": 997},
    ]


def test_totals_far_inside(read_csv: Read) -> None:
    for label in ("Total (USD)", "Subtotal", "total"):
        text = "Product,Amount\n" + "A,1\n" * 60 + f"{label},60\n" + "B,1\n" * 90
        assert read_csv(text)["total"] == 150
    text = "Customer,Description,Amount\n" + "X,A,1\n" * 600 + "X,Total,600\n" + "Y,B,1\n" * 900 + "Y,Total,900\n"
    assert read_csv(text)["total"] == 1500


CELLS = st.sampled_from(
    ["A", "A", "A", "B", "", " ", "Total", "Total A", "Sum", "Summe", "consumption", "Balancer", "2024"]
)


AMOUNTS = st.sampled_from(["1", "2", "2", "3", "0", "-1", "", "x", "$1", "1.50", '"1,000"', "NaN"])


@at_least(30)
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
    if isinstance(fast, dict):
        accepted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_loop.RowLoop, "_add_lines", lambda *_rows: False)
        patch.setattr(csv_loop, "_MAX_REMEMBERED", 0)
        assert outcome() == fast


def test_many_currencies_are_an_error_only_beside_rows_that_may_be_totals(read_csv: Read) -> None:
    codes = sorted(CURRENCIES)[:60]
    text = "Product,Currency,Total\n" + "".join(f"Ion,{code},1.50\n" for code in codes)
    assert [read_csv(text)["total"], read_csv(text)["lines"]] == [None, 60]
    with pytest.raises(DocumentError, match="has rows that may be totals beside amounts in more than 50 .* columns"):
        read_csv(f"{text}Total,,90\n")


@pytest.mark.parametrize("value", ["8.50", "1.50", "x", "7"])
def test_a_column_that_is_filled_far_below_could_be_the_total(read_csv: Read, value: str) -> None:
    rows = ["Product,Cost,Wert", *["A long name of a product,1.50,"] * 3000]
    rows[2900] = f"A long name of a product,1.50,{value}"
    text = "\n".join([*rows, ""])
    assert len("".join(rows[:2900])) > 65536
    if value == "8.50":
        with pytest.raises(DocumentError, match="row 2901, column 'Cost': 1.50 differs from 8.50 in column 'Wert'"):
            read_csv(text)
        assert read_csv(text, columns={"total": "Cost"})["total"] == 4500
    else:
        assert read_csv(text)["total"] == 4500


def test_whole_numbers_above_amounts_are_amounts_too(read_csv: Read) -> None:
    rows = ["Product,Cost,Wert", *["A long name of a product,2,1"] * 3000, "A,1.50,1.50", ""]
    with pytest.raises(DocumentError, match="row 2, column 'Cost': 2 differs from 1 in column 'Wert'"):
        read_csv("\n".join(rows))


def test_many_short_rows_below_many_headings_are_an_error(read_csv: Read) -> None:
    assert read_csv("Total" + ",x" * 999 + "\n5" * 1000 + "\n")["lines"] == 1000
    with pytest.raises(DocumentError, match="has 1000 headings, and many rows that are much shorter, .* Delete the"):
        read_csv("Total" + ",x" * 999 + "\n5" * 1200 + "\n")
