# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Bills out of the entries of archives: each once, in its newest version; what is missing, and what is new."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archived_bills import (
    ArchivedBill,
    Copy,
    collect_bills,
    missing_months,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.inspection import Inspection
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

SHA256 = "a" * 64


def entry(format: str = "csv", version: int = 1, **fields: t.Any) -> Entry:
    values: dict[str, t.Any] = dict.fromkeys(Entry._fields)
    values |= {"contract_id": "C-1", "invoice_id": 1, "source_type": "regular", "format": format}
    values |= {"file_version": version, "month": "2024-05", "path": f"{format}{version}", "sha256": SHA256}
    return Entry(**values | fields)


def bill(*entries: Entry) -> ArchivedBill:
    return ArchivedBill([Copy("/a", one) for one in entries])


def collected(*several: list[Entry]) -> tuple[list[ArchivedBill], list[str]]:
    inspections = [Inspection(f"/{letter}", entries=entries) for letter, entries in zip("abc", several)]
    bills, problems = collect_bills(inspections)
    return bills, [one.msg for one in problems]


def test_a_bill_of_two_archives_counts_once() -> None:
    bills, problems = collected(
        [entry(), entry(invoice_id=7, month="2024-04")],
        [entry(), entry("pdf"), entry(contract_id="C-0")],
    )
    assert [(one.newest.contract_id, one.newest.invoice_id) for one in bills] == [("C-1", 7), ("C-0", 1), ("C-1", 1)]
    assert [copy.path for copy in bills[-1].copies] == ["/a/csv1", "/b/csv1", "/b/pdf1"]
    assert problems == []


def test_archives_that_disagree() -> None:
    _bills, problems = collected([entry()], [entry(sha256="b" * 64)], [entry(file_version=2, path="csv2")])
    assert problems == ["/b/csv1 and /a/csv1 are one document, and differ: compare them with the PDF."]


def test_the_newest_version_says_what_the_bill_is() -> None:
    one = bill(entry("csv", 1, invoice_total=5), entry("csv", 2, invoice_total=6), entry("json", 1, invoice_total=5))
    assert one.as_bill().invoice_total == 6
    assert [document.path for document in one.documents_with_lines()] == ["csv2"]
    usage = entry("csv", 1, source_type="compute", path="usage")
    assert [document.path for document in bill(*[copy.entry for copy in one.copies], usage).documents_with_lines()] == [
        "csv2",
        "usage",
    ]


def test_a_rebuilt_entry_does_not_hide_what_the_others_know() -> None:
    one = bill(entry("pdf", month=None), entry("csv", invoice_currency="USD", invoice_total=5))
    assert (one.newest.invoice_currency, one.month) == ("USD", "2024-05")


def test_an_amount_that_is_none() -> None:
    with pytest.raises(DocumentError, match="invoice_total"):
        bill(entry(invoice_total="9" * 60)).as_bill()


OLD, NEW = "2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("entries", "reason", "paths"),
    [
        ([entry(fetched=NEW), entry("pdf", fetched=NEW)], "new", ["csv1", "pdf1"]),
        ([entry(fetched=OLD), entry("csv", 2, fetched=NEW, replaces=SHA256)], "reissued", ["csv2"]),
        ([entry(fetched=NEW), entry("pdf", fetched=OLD)], "repaired", ["csv1"]),
        ([entry(fetched=NEW), entry("pdf")], "repaired", ["csv1"]),
    ],
)
def test_new_bills(entries: list[Entry], reason: str, paths: list[str]) -> None:
    new = bill(*entries).new_since(NEW)
    assert new
    assert (new["reason"], [file["path"] for file in new["files"]]) == (reason, [f"/a/{path}" for path in paths])


@pytest.mark.parametrize("fetched", [OLD, None])
def test_what_is_not_new(fetched: str | None) -> None:
    assert bill(entry(fetched=fetched)).new_since(NEW) is None


def missing(*own: str, months: tuple[str, ...] | None = None, contract_ids: tuple[str, ...] = ()) -> list[str]:
    found = missing_months([Inspection("/a", months={"C-1": set(own)} if own else {})], contract_ids, months)
    assert set(found) <= {"C-1"}
    return found.get("C-1", [])


def test_missing_months() -> None:
    assert missing("2023-11", "2024-02") == ["2023-12", "2024-01"]
    assert missing("2023-11") == []
    assert missing("2024-02", months=("2024-01", "2024-02", "2024-03")) == ["2024-03"]
    assert missing("2024-02", months=("2024-01",)) == []
    assert missing(contract_ids=("C-1",)) == []
    assert missing(contract_ids=("C-1",), months=("2024-01",)) == ["2024-01"]
    this_month = f"{datetime.now(timezone.utc):%Y-%m}"
    assert missing("2016-04", months=(this_month,)) == []


def test_the_months_of_several_archives_are_those_of_a_contract_together() -> None:
    several = [Inspection("/a", months={"C-1": {"2024-01"}}), Inspection("/b", months={"C-1": {"2024-02", "2024-04"}})]
    assert missing_months(several, (), None) == {"C-1": ["2024-03"]}
