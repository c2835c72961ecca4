# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Months one after the other: what is kept of them, and bills that are in another one."""

from __future__ import annotations

import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Bill, OfferedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import exclusive_access
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.fetching import fetch_items
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.months import Month, plan_months
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import PRIVATE
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import (
    assert_intact,
    entries,
    parts,
    save_as_version_1,
)

if t.TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.4\n%%EOF\n"


def bill(invoice_id: int, month: str, version: int = 1, **fields: t.Any) -> Bill:
    offered = (OfferedDocument("pdf", "regular", version, None, None, "2024-06-02"),)
    total = fields.get("total", Decimal(5))
    return Bill("A-1", "C-1", invoice_id, "INVOICE", "2024-06-01", "2024-07-01", "USD", total, month, offered)


def download(*args: t.Any) -> None:
    args[-1].write([PDF])


def run(root: Path, *bills: Bill) -> tuple[list[int], list[int], list[str]]:
    """A run with these bills: how many documents were due in each month, those without any, and warnings."""
    finished: list[Month] = []
    with exclusive_access(str(root), ("C-1",), PRIVATE, 5, pytest.fail):
        archive = Archive(str(root), PathTemplate(DEFAULT_TEMPLATE))
        months = plan_months(archive, bills, ["pdf"], ["regular"], finished.append)
        due = [item for month in months for item in month.plan.due]
        fetch_items(archive, download, due, ("C-1",), [], workers=1, stop=True)
    return [len(month.plan.due) for month in months], [month.number for month in finished], archive.warnings


def test_a_month_with_nothing_due_is_finished_at_once(tmp_path: Path) -> None:
    may, june = bill(1, "2024-05"), bill(2, "2024-06")
    assert run(tmp_path, may, june) == ([1, 1], [], [])
    assert run(tmp_path, may, bill(3, "2024-05"), june) == ([1], [1], [])
    assert run(tmp_path, may, bill(3, "2024-05"), june) == ([], [0, 1], [])
    assert_intact(tmp_path)


def test_a_bill_that_is_known_in_another_month_stays_there(tmp_path: Path) -> None:
    run(tmp_path, bill(1, "2024-05"), bill(2, "2024-06"))
    assert run(tmp_path, bill(1, "2024-06"), bill(2, "2024-06")) == ([], [0], [])
    assert run(tmp_path, bill(1, "2024-06", 2)) == ([1], [], [])
    assert [(one["invoice_id"], one["month"], one["file_version"]) for one in entries(tmp_path)] == [
        (1, "2024-05", 1),
        (1, "2024-05", 2),
        (2, "2024-06", 1),
    ]
    assert_intact(tmp_path)


def test_a_version_names_the_one_that_it_replaces(tmp_path: Path) -> None:
    for version in (1, 2, 4):
        run(tmp_path, bill(1, "2024-05", version))
    found = entries(tmp_path)
    assert [one["replaces"] for one in found] == [None, found[0]["sha256"], found[1]["sha256"]]


@pytest.mark.parametrize("content", [None, b""])
def test_a_part_that_is_gone_is_made_again(tmp_path: Path, content: bytes | None) -> None:
    run(tmp_path, bill(1, "2024-05"), bill(2, "2024-06"))
    run(tmp_path, bill(1, "2024-05", 2))
    path = parts(tmp_path)[0]
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    due, finished, warnings = run(tmp_path, bill(1, "2024-05", 2))
    assert (due, finished) == ([], [0])
    assert warnings == [f"{path} is not there: it was rebuilt with 2 documents found in the archive."]
    assert [one["file_version"] for one in entries(tmp_path)] == [1, 2, 1]
    assert_intact(tmp_path)


def test_what_only_version_2_has_changes_no_catalogue_of_version_1(tmp_path: Path) -> None:
    may = bill(1, "2024-05")
    run(tmp_path, may)
    content = save_as_version_1(tmp_path)
    run(tmp_path, may)
    assert (tmp_path / "catalogue.json").read_bytes() == content
    run(tmp_path, may, bill(2, "2024-06"))
    found = entries(tmp_path)
    assert [(one["invoice_due_date"], one["file_creation_date"]) for one in found] == [("2024-07-01", "2024-06-02")] * 2
    before = {path: path.read_bytes() for path in parts(tmp_path)}
    run(tmp_path, may, bill(2, "2024-06"))
    assert {path: path.read_bytes() for path in parts(tmp_path)} == before
