# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""JSON text: exact numbers, and errors that name their place."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import JsonDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import totals_and_lines

Read = t.Callable[..., dict[str, t.Any]]


@pytest.mark.parametrize(
    "text",
    [
        '{"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1} {"ITEM_TOTAL": 1}]}]}}',
        '{"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1,}]}]}}',
        '{"INVOICE": {"END_CUSTOMER": nul}}',
        '{"INVOICE" {"END_CUSTOMER": []}}',
        '{INVOICE: {"END_CUSTOMER": []}}',
        "",
    ],
)
def test_what_is_not_json_names_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="character [0-9]+ is not JSON"):
        document_totals(str(path), "json")


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


@pytest.mark.parametrize(
    ("number", "total"), [("1e9999999", 5), ("-1E+99999999999", 5), ("9" * 100000, 5), ("1e-9999999", 5)]
)
def test_numbers_beyond_any_amount_take_no_time(tmp_path: Path, number: str, total: int) -> None:
    path = tmp_path / "x.json"
    line = f'{{"PO_NUMBER": {number}, "ITEM_UNITS": {number}, "ITEM_TOTAL": 5}}'
    path.write_text(f'{{"INVOICE": {{"END_CUSTOMER": {{"INVOICE_LINE": [{line}]}}}}}}', encoding="utf-8")
    start = time.process_time()
    assert totals_and_lines(path)["total"] == total
    path.write_text(
        path.read_text(encoding="utf-8").replace('"ITEM_TOTAL": 5', f'"ITEM_TOTAL": {number}'), encoding="utf-8"
    )
    with pytest.raises(DocumentError, match="INVOICE_LINE 1, ITEM_TOTAL: .* cannot be read"):
        document_totals(str(path), "json")
    assert time.process_time() - start < 2
