# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What results say of bills: their sums by currency, and the sentences of a task that fails."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archived_bills import (
    ArchivedBill,
    Copy,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive_info import (
    bills_result,
    message_of,
    reasons_to_fail,
)


def bill(invoice_id: int, total: float | None, *sums: tuple[str, float], source_type: str = "regular") -> ArchivedBill:
    values: dict[str, t.Any] = dict.fromkeys(Entry._fields)
    values |= {"contract_id": "C-1", "invoice_id": invoice_id, "source_type": source_type, "format": "csv"}
    values |= {"file_version": 1, "invoice_currency": "USD", "invoice_total": total, "month": "2024-05", "path": "x"}
    parts = [{"currency": code, "total": value, "services": None, "taxes": None, "lines": 1} for code, value in sums]
    return ArchivedBill([Copy("/a", Entry(**values | {"totals": parts or None}))])


def test_a_bill_with_lines_in_two_currencies_is_one_bill() -> None:
    found = bills_result([bill(1, 10, ("USD", 10), ("EUR", 5)), bill(2, 7, ("USD", 7.25))], 9)
    assert [one["invoice_id"] for one in found["bills"]] == [1, 2]
    assert [part["currency"] for part in found["bills"][0]["totals"]] == ["USD", "EUR"]
    assert [(one["invoice_id"], one["difference"]) for one in found["unreconciled"]] == [(2, 0.25)]
    assert {one["currency"]: (one["bills"], one["total"]) for one in found["totals"]} == {
        "EUR": (0, 5),
        "USD": (2, 17.25),
    }


@pytest.mark.parametrize(
    "one", [bill(1, None, ("USD", 10)), bill(1, 10), bill(1, 10, ("USD", 9), source_type="compute")]
)
def test_what_is_not_known_is_not_unreconciled(one: ArchivedBill) -> None:
    found = bills_result([one], 9)
    assert (found["unreconciled"], found["unknown"]) == ([], 1)
    assert found["bills"][0]["reconciled"] is None


def test_only_as_many_bills_as_are_asked_for() -> None:
    found = bills_result([bill(number, 10, ("USD", 9)) for number in range(5)], 2)
    assert (len(found["bills"]), len(found["unreconciled"]), found["totals"][0]["bills"]) == (2, 5, 5)


def test_sentences() -> None:
    result: dict[str, t.Any] = {
        "problems": [
            {"kind": "stray", "path": "/a/x", "msg": "x belongs to no document."},
            {"kind": "gone", "path": "/a/y", "msg": "y is gone."},
            {"kind": "checksums", "path": "/a/z", "msg": "z differs."},
        ],
        "missing_months": {"C-1": ["2024-05", "2024-06"]},
        "unreconciled": [],
        "counts": {"bills": 1, "documents": 2, "problems": 3, "unreconciled": 0},
    }
    assert list(reasons_to_fail(["damaged", "missing", "unreconciled"], result)) == [
        "2 damaged files. First: y is gone.",
        "1 missing file. First: y is gone.",
        "2 months without a bill. First: 2024-05 of contract C-1.",
    ]
    assert list(reasons_to_fail([], result)) == []
    assert message_of(result) == (
        "1 bill with 2 documents: 3 problems, 2 months without a bill, 0 bills whose lines do not add up."
    )
