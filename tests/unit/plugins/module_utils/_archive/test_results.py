# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a run reports: in counts, in failures, and in sentences that are right for one and for many."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.fetching import Failure
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
)

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


def results_of(archive: Archive, returned: str, *items: Item, check_mode: bool = False) -> Results:
    results = Results(archive, returned, lambda bills, entries: [], check_mode=check_mode)
    results.add(Month(0, [], Plan(list(items))))
    return results


def message(archive: Archive, *items: Item, check_mode: bool = False, others: tuple[Failure, ...] = ()) -> str:
    results = results_of(archive, "all", *items, check_mode=check_mode)
    result = results.build(["2024-05", "2024-06"])
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
    result = results.build(["2024-05"]) | {"changed": True}
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
