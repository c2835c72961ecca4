# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Readers of short documents."""

from __future__ import annotations

import json
import typing as t
from contextlib import suppress

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_loop
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import ParsedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import totals_of
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import totals_and_lines

if t.TYPE_CHECKING:
    from pathlib import Path

Read = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are added up in groups of fewer: these documents stay small."""
    monkeypatch.setattr(csv_loop, "_CHUNK", 64)
    monkeypatch.setattr(csv_loop, "_PART", 4)


@pytest.fixture
def read_csv(tmp_path: Path) -> Read:
    """Reads the text of a CSV document."""

    def read(text: str, **options: t.Any) -> dict[str, t.Any]:
        path = tmp_path / "x.csv"
        path.write_bytes(text.encode())
        return totals_and_lines(path, **options)

    return read


@pytest.fixture
def read_json(tmp_path: Path) -> Read:
    """Reads a bill, given as text or as data, as a JSON document from disk and parsed, with one answer."""

    def read(bill: str | dict[str, t.Any]) -> dict[str, t.Any]:
        path = tmp_path / "x.json"
        text = bill if isinstance(bill, str) else json.dumps({"INVOICE": bill})
        path.write_text(text, encoding="utf-8")
        parsed = None
        with suppress(DocumentError):
            parsed = totals_of(ParsedDocument(json.loads(text)))
        try:
            found = totals_and_lines(path)
        except DocumentError:
            assert parsed is None
            raise
        assert parsed == found
        return found

    return read
