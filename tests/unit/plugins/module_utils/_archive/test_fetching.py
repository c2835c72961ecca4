# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What becomes of each document that is due."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import exclusive_access
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.fetching import (
    Failure,
    fetch_items,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.plan import Item
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    InvoicingError,
    NoDataError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import PRIVATE
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import entries

if t.TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("A-1", "INVOICE", None, "USD", 5, None)


def item(invoice_id: int = 1, action: str = "downloaded", error: InvoicingError | None = None) -> Item:
    entry = Entry("C-1", invoice_id, "regular", "pdf", 1, *FIELDS, "2024-05", f"{invoice_id}.pdf")
    return Item(entry, action, "It was not there.", error)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive that is empty."""
    return Archive(str(tmp_path), PathTemplate(DEFAULT_TEMPLATE))


def download(contract_id: str, invoice_id: int, *args: t.Any) -> None:
    """Write a document, or fail, by the invoice ID."""
    if invoice_id == 2:
        raise NoDataError("nothing there", status=404)
    if invoice_id == 3:
        raise ApiError("refused", status=403)
    args[-1].write([b"%PDF-1.4 %%EOF"])


def test_each_item_says_what_became_of_it(archive: Archive, tmp_path: Path) -> None:
    items = [item(number) for number in (1, 2, 3, 4)]
    with exclusive_access(str(tmp_path), ["C-1"], PRIVATE, 5, pytest.fail):
        failures: list[Failure] = []
        assert fetch_items(archive, download, items, ["C-1"], failures, workers=1, stop=True) is True
    assert failures == []
    assert [one.action for one in items] == ["downloaded", "missing", "failed", "untried"]
    assert (tmp_path / "1.pdf").read_bytes() == b"%PDF-1.4 %%EOF"
    assert items[0].entry.size == 14
    assert [entry["invoice_id"] for entry in entries(tmp_path)] == [1]


def test_nothing_that_the_plan_has_not_seen_is_overwritten(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "1.pdf").write_text("of another run")
    due = item()
    with exclusive_access(str(tmp_path), ["C-1"], PRIVATE, 5, pytest.fail):
        fetch_items(archive, download, [due], ["C-1"], [], workers=1, stop=True)
    assert due.action == "failed"
    assert "1.pdf was made by another run or program while the document was downloaded" in str(due.error)
    assert (tmp_path / "1.pdf").read_text() == "of another run"
