# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a run reports: in counts, in failures, and in sentences that are right for one and for many."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import exclusive_access
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.fetching import (
    Failure,
    fetch_items,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.months import Month
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.plan import Item, Plan
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.results import Results
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    MAX_MESSAGE_LENGTH,
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


def results_of(archive: Archive, returned: str, *items: Item) -> Results:
    results = Results(archive, returned, lambda bills, entries: [])
    results.add(Month(0, [], Plan(list(items))))
    return results


def message(archive: Archive, *items: Item, check_mode: bool = False, others: tuple[Failure, ...] = ()) -> str:
    results = results_of(archive, "all", *items)
    result = results.build(["2024-05", "2024-06"], check_mode=check_mode)
    return str(results.with_failures(result, others)["msg"])


def test_messages_are_right_for_one_and_for_many(archive: Archive) -> None:
    rest = "0 repaired, 0 already present, 0 not available."
    assert message(archive, item()) == f"2024-05 to 2024-06: 1 document downloaded, {rest}"
    assert message(archive, item(), item(2)) == f"2024-05 to 2024-06: 2 documents downloaded, {rest}"
    assert "1 document would be downloaded, 0 repaired" in message(archive, item(), check_mode=True)
    error = ApiError("GET /x was refused.", status=403)
    one = message(archive, item(1, "failed", error), item(2, "untried"))
    assert one.endswith(" 1 failure, and 1 document not tried. The pdf version 1 of bill 1 of C-1: GET /x was refused.")
    many = message(archive, *(item(number, "failed", error) for number in (1, 2)), *map(item, (3, 4)))
    assert " 2 failures. The pdf version 1 of bill 1 of C-1: GET /x was refused. The pdf version 1 of bill 2" in many


def test_a_message_is_bounded(archive: Archive) -> None:
    for length in (*range(30, 230, 5), 500, 570, 600):
        error = ApiError("x" * length)
        found = message(archive, *(item(number, "failed", error) for number in range(1, 30)))
        assert len(found) <= MAX_MESSAGE_LENGTH
        assert re.search(r" See failures for the other 2[0-9]\.$", found)
        assert len(message(archive, item(1, "failed", error))) <= MAX_MESSAGE_LENGTH


def test_failures_come_with_all_keys(archive: Archive) -> None:
    items = [item(1, "failed", ApiError("refused", status=403)), item(2)]
    others = [Failure.of_list("2024-06", None, ApiError("no list", status=500))]
    results = results_of(archive, "none", *items)
    result = results.build(["2024-05"], check_mode=False) | {"changed": True}
    failed = results.with_failures(result, others)
    assert (failed["failed"], failed["changed"], failed["error"]) == (True, True, {"status": 500})
    assert failed["counts"] == {"downloaded": 1, "repaired": 0, "skipped": 0, "missing": 0, "failed": 2}
    assert failed["failures"] == [
        {
            "contract_id": None,
            "invoice_id": None,
            "month": "2024-06",
            "format": None,
            "source_type": None,
            "msg": "no list",
            "error": {"status": 500},
        },
        {
            "contract_id": "C-1",
            "invoice_id": 1,
            "month": "2024-05",
            "format": "pdf",
            "source_type": "regular",
            "msg": "refused",
            "error": {"status": 403},
        },
    ]
    assert "failures" not in results_of(archive, "none", item()).with_failures(result, [])


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
