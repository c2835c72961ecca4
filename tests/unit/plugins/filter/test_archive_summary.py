# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Results of several tasks as one: each bill once, each failure with its account and month."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter import archive_summary

summary = archive_summary.FilterModule().filters()["archive_summary"]


def bill(invoice_id: int, total: float, currency: str = "USD", **values: t.Any) -> dict[str, t.Any]:
    """A bill as invoice_archive returns it."""
    lines = {"total": total, "services": None, "taxes": None, "lines": 1, "reconciled": True, "difference": 0}
    identity = {"contract_id": "C-1", "invoice_id": invoice_id, "month": "2024-05"}
    return identity | {"currency": currency, "bills": 1, "invoice_total": total} | lines | values


def result(account: str, month: str, *bills: dict[str, t.Any], **values: t.Any) -> dict[str, t.Any]:
    """The result of one task of a loop."""
    counts = {"downloaded": len(bills), "repaired": 0, "skipped": 0, "missing": 0, "failed": 0, "requests": 1}
    loop = {"ansible_loop_var": "run", "run": [account, month]}
    return {"bills": list(bills), "counts": counts, "failed": False} | loop | values


def failure(invoice_id: int | None, month: str | None, message: str) -> dict[str, t.Any]:
    """A failure as invoice_archive returns it."""
    return {"invoice_id": invoice_id, "month": month, "msg": message, "error": {}}


def test_a_bill_counts_once_however_many_keys_bring_it() -> None:
    found = summary(
        [
            result("key 1", "2024-05", bill(1, 10.1), bill(2, 5, "JPY")),
            result("key 1", "2024-06", bill(3, 0.2)),
            result("key 2", "2024-05", bill(1, 10.1), bill(2, 5, "JPY")),
            result("key 2", "2024-06", bill(3, 0.2)),
        ]
    )
    assert [(one["currency"], one["bills"], one["invoice_total"]) for one in found["totals"]] == [
        ("JPY", 1, 5),
        ("USD", 2, 10.3),
    ]
    assert found["counts"]["downloaded"] == 6
    assert found["months"] == ["2024-05", "2024-06"]
    assert [(one["account"], one["complete"], one["totals"]) for one in found["accounts"]] == [
        ("key 1", True, found["totals"]),
        ("key 2", True, found["totals"]),
    ]
    assert found["failures"] == []


@pytest.mark.parametrize(
    "newer",
    [
        [bill(1, 12.5)],
        [bill(1, 12.5, "EUR")],
        [bill(1, 12.5), bill(1, 3, "EUR", bills=0, invoice_total=0, reconciled=None, difference=None)],
    ],
)
def test_the_later_of_two_versions_counts(newer: list[dict[str, t.Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: set[str] = set()
    monkeypatch.setattr(archive_summary.display, "warning", warnings.add)
    older = [bill(1, 10), bill(1, 2, "EUR", bills=0, invoice_total=0, reconciled=None, difference=None)]
    both = [result("key 1", "2024-05", *older, bill(2, 1)), result("key 2", "2024-05", *newer, bill(2, 1))]
    assert summary(both)["totals"] == summary(both[1:])["totals"]
    assert [one["totals"] for one in summary(both)["accounts"]] == [summary([one])["totals"] for one in both]
    (warning,) = warnings
    assert warning.startswith("Bill 1 of contract C-1 has other amounts in a later run than before.")
    assert summary(both)["failures"] == []


def test_failures_have_their_account_and_month() -> None:
    counts = {"failed": 1, "requests": 2}
    found = summary(
        [
            result("a", "2024-05", bill(1, 1)),
            result("a", "2024-06", failed=True, counts=counts, failures=[failure(None, "2024-06", "list refused")]),
            result("b", "2024-05", bill(2, 2), failed=True, counts=counts, failures=[failure(2, "2024-05", "cut")]),
            {"ansible_loop_var": "run", "run": ["b", "2024-06"], "failed": True, "msg": "no credentials"},
        ]
    )
    assert found["failures"] == [
        {"account": "a", "month": "2024-06", "message": "list refused"},
        {"account": "b", "month": "2024-05", "message": "cut"},
        {"account": "b", "month": "2024-06", "message": "no credentials"},
    ]
    assert [one["failures"] for one in found["accounts"]] == [found["failures"][:1], found["failures"][1:]]
    assert [one["complete"] for one in found["accounts"]] == [False, False]
    assert found["months"] == ["2024-05"]
    assert (found["counts"]["failed"], found["counts"]["requests"]) == (2, 5)
    assert found["totals"][0]["invoice_total"] == 3


def test_a_document_that_failed_leaves_the_bills_complete() -> None:
    failed = [failure(1, "2024-05", "cut"), failure(None, None, "catalogue not saved")]
    found = summary([result("", "2024-05", bill(1, 1), failed=True, failures=failed)])
    assert found["accounts"][0]["complete"] is True
    assert [one["message"] for one in found["failures"]] == ["cut", "catalogue not saved"]


def test_nothing() -> None:
    found = summary([])
    assert (found["totals"], found["accounts"], found["failures"], found["months"]) == ([], [], [], [])
    assert set(found["counts"].values()) == {0}


@pytest.mark.parametrize("value", [[1], [{}], [{"ansible_loop_var": "item"}], None])
def test_other_input_is_an_error_of_the_filter(value: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match="^archive_summary: "):
        summary(value)


def test_a_new_bill_is_listed_once() -> None:
    new = [{"contract_id": "C-1", "month": "2024-05", "invoice_id": number, "reason": "new"} for number in (1, 2)]
    found = summary([result("key 1", "2024-05", new_bills=new[1:]), result("key 2", "2024-05", new_bills=new)])
    assert found["new_bills"] == new
    assert summary([result("key 1", "2024-05")])["new_bills"] == []
