# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Each parser takes time in proportion to its input: eight times as much never takes as long as squares would."""

from __future__ import annotations

import contextlib
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import credentials
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.values import (
    http_date,
    iso_time,
    parse_integer,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import PathTemplate
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.fields import match_headings
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import document_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import InvoicingError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.amounts import is_amount
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.currencies import parse_currency

SIZE = 4096
GROWTH = 8
# Linear time grows by 8 and squares by 64.
BOUND = 4 * GROWTH
# Processor seconds that say nothing: a parser that stays below this times the bound is fast enough anyway.
FLOOR = 0.005

HEADINGS = "Product,Quantity,Price,Total\n"
ROWS = {
    "lines": "Ion,1,1,1\n",
    "blank rows": "\n",
    "rows of delimiters": ",,,\n",
    "lines without a price": "Ion,1,1,1\nIon,,,2\n",
    "total rows": "Ion,1,1,1\nTotal,,,1\n",
    "names like totals": "Total Guard,1,1,1\n",
    "headings on each page": "Ion,1,1,1\n" + HEADINGS,
    "footers": "Ion,1,1,1\nPage\n",
    "marks": "Ion,1,1,1\nIon,1,1,$1\n",
    "exponents": "Ion,1,1,1e30\n",
    "large exponents": "Ion,1e9999999,1,1\n",
    "empty quotes": '"",',
    "quotes": '"',
    "a sign and blanks": f"Ion,-{' ' * 800}x,1,1\n",
    "an amount of blanks": f"Ion,1,1,({' ' * 95}\n",
    "digits": f"Ion,{'1' * 95},1,1\n",
}
JSON_START = '{"INVOICE": {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": [{"INVOICE_LINE": ['
JSON_END = "]}]}}"
JSON_LINE = '{"PRODUCT": "Ion", "ITEM_TOTAL": 1}'
JSON_PARTS = {
    "lines": (JSON_START, f"{JSON_LINE}, ", JSON_LINE + JSON_END),
    "depth": ("", '{"INVOICE": [', ""),
    "half surrogates": (JSON_START + '{"PRODUCT": "', "\\ud800", '", "ITEM_TOTAL": 1}' + JSON_END),
    "digits": (JSON_START + '{"ITEM_TOTAL": 1', "1", "}" + JSON_END),
    "exponents": (JSON_START, '{"PO_NUMBER": 1e9999999, "ITEM_TOTAL": 1}, ', JSON_LINE + JSON_END),
    "quotes": (JSON_START + '{"PRODUCT": "', '\\"', '", "ITEM_TOTAL": 1}' + JSON_END),
}
TEXTS = ("1", "-", "(", " ", "- ", "1,", "1.", "1 ", "e", "$", "USD", "\u0663", "+1:", "2024-", "T0", "0.", "\xa0")
PARSERS: dict[str, t.Callable[[str], object]] = {
    "amounts": is_amount,
    "currencies": parse_currency,
    "integers": parse_integer,
    "dates of headers": http_date,
    "dates of problems": iso_time,
}


def seconds(parse: t.Callable[[str], object], text: str) -> float:
    """Processor time; refusals are answers too."""
    start = time.process_time()
    with contextlib.suppress(InvoicingError, ValueError):
        parse(text)
    return time.process_time() - start


def check_growth(parse: t.Callable[[str], object], make: t.Callable[[int], str]) -> None:
    # The first call imports and compiles. A busy machine can slow down one measurement, not each of several.
    seconds(parse, make(SIZE))
    small, large = make(SIZE), make(SIZE * GROWTH)
    assert any(seconds(parse, large) < BOUND * max(seconds(parse, small), FLOOR) for _try in range(4))


@pytest.mark.parametrize("unit", ROWS.values(), ids=ROWS)
def test_rows_of_csv(tmp_path: Path, unit: str) -> None:
    def totals(text: str) -> None:
        path = tmp_path / "bill.csv"
        path.write_text(text, encoding="utf-8")
        document_totals(str(path), "csv")

    check_growth(totals, lambda size: HEADINGS + "Ion,1,1,10\n" + unit * (size // len(unit)))


@pytest.mark.parametrize("row", ["Total,{},", "Product,Total,{}a;b|", "Total,Cost {},"])
def test_columns_of_csv(tmp_path: Path, row: str) -> None:
    def totals(text: str) -> None:
        path = tmp_path / "bill.csv"
        path.write_text(text, encoding="utf-8")
        document_totals(str(path), "csv")

    check_growth(totals, lambda size: f"{row.format('x,' * (size // 4))}\n{'1,' * (size // 4)}\n" * 2)


def test_headings() -> None:
    check_growth(
        lambda text: match_headings(tuple(text.split(","))),
        lambda size: ",".join(f"Amount {number}, Cost (USD)" for number in range(size // 16)),
    )


@pytest.mark.parametrize("parts", JSON_PARTS.values(), ids=JSON_PARTS)
def test_json(tmp_path: Path, parts: tuple[str, str, str]) -> None:
    def totals(text: str) -> None:
        path = tmp_path / "bill.json"
        path.write_text(text, encoding="utf-8")
        document_totals(str(path), "json")

    start, unit, end = parts
    check_growth(totals, lambda size: start + unit * (size // len(unit)) + end)


@pytest.mark.parametrize("unit", TEXTS)
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_texts(parse: t.Callable[[str], object], unit: str) -> None:
    check_growth(parse, lambda size: unit * (size // len(unit)) + "x")


@pytest.mark.parametrize("unit", ["[a]\n", "a = b\n", " ", "=", "[", "\\\n"])
def test_edgerc(tmp_path: Path, unit: str) -> None:
    def load(text: str) -> None:
        path = tmp_path / "edgerc"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        credentials.load({"edgerc": str(path), "edgerc_section": "default"}, {})

    check_growth(load, lambda size: "[default]\n" + unit * (size // len(unit)))


@pytest.mark.parametrize("unit", ["a", "/", "{", "}", "-", "\n", "2024-01-"])
def test_paths_of_the_archive(unit: str) -> None:
    template = PathTemplate("{year}/{month}/{invoice_id}[_usage].{ext}")
    check_growth(template.parse, lambda size: "2024/01/" + unit * (size // len(unit)))
