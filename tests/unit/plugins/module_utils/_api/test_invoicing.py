# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Bills as the list tells them, and documents as they are downloaded."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import invoicing
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import (
    Bill,
    OfferedDocument,
    list_bills,
    list_month,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.parallel import MAX_CONSECUTIVE_FAILURES
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import Selection, selection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    InvoicingError,
    NoDataError,
    TransportError,
)

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


def test_lists_the_bills_of_a_contract(session: Session) -> None:
    bills = {bill.invoice_id: bill for bill in list_month(session, "2024-05", "C-0N7RAC7")}
    bill = bills[1234567890]
    assert (bill.account_id, bill.contract_id, bill.month) == ("A-CCT7890", "C-0N7RAC7", "2024-05")
    assert (bill.invoice_type, bill.invoice_currency) == ("INVOICE", "USD")
    assert isinstance(bill.invoice_total, Decimal)
    assert {(document.format, document.source_type) for document in bill.documents} >= {
        ("pdf", "regular"),
        ("csv", "regular"),
        ("csv", "compute"),
    }


def test_lists_the_bills_of_an_account(session: Session) -> None:
    bills = list_month(session, "2024-05")
    assert len({bill.contract_id for bill in bills}) > 1


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 204}, {"kind": "body", "body": []}], ids=str)
def test_nothing_there_is_an_empty_list(session: Session, simulator: Simulator, fault: dict[str, t.Any]) -> None:
    simulator.fault(**fault)
    assert list_month(session, "2024-05") == []


def test_an_unknown_contract_is_not_an_empty_list(session: Session, simulator: Simulator) -> None:
    simulator.fault("status", status=404)
    with pytest.raises(NoDataError):
        list_month(session, "2024-05", "C-0N7RAC7")


@pytest.mark.parametrize(
    "body",
    [{"a": 1}, 12, ["a"], [{"invoiceId": 1}], [{"contractId": "C-1", "invoiceId": "x"}],
     [{"contractId": "C-1", "invoiceId": 1, "invoiceTotal": "much"}],
     [{"contractId": "C-1", "invoiceId": 1, "files": [{"fileVersion": "latest"}]}]],
    ids=str,
)  # fmt: skip
def test_a_list_that_is_none_is_an_error(session: Session, simulator: Simulator, body: object) -> None:
    simulator.fault("body", body=body)
    with pytest.raises(ApiError, match="not the list"):
        list_month(session, "2024-05")


@pytest.mark.parametrize(
    "bad",
    [
        {"invoiceId": 1.9},
        {"invoiceId": True},
        {"invoiceId": -1},
        {"invoiceId": 10**30},
        {"invoiceId": "\u00b2"},
        {"contractId": "C-1\x1b[2J"},
        {"contractId": "../C-1"},
        {"contractId": None},
        {"contractId": "C\ud800"},
        {"files": [{"fileVersion": 1.5}]},
        {"files": {"a": 1}},
    ],
    ids=ascii,
)
def test_one_bad_entry_does_not_cost_the_others(session: Session, simulator: Simulator, bad: dict[str, t.Any]) -> None:
    good = {"contractId": "C-1", "invoiceId": 1}
    simulator.fault("body", body=json.dumps([good, good | bad, good | {"invoiceId": 2}]), times=2)
    problems: list[ApiError] = []
    assert [bill.invoice_id for bill in list_month(session, "2024-05", on_bad_entry=problems.append)] == [1, 2]
    (problem,) = problems
    assert str(problem).startswith("GET /invoicing-api/v4/invoices?month=2024-05 was answered with status 200 (")
    assert "but the body is not the list it documents (entry 2 of 3: " in str(problem)
    assert str(problem).isprintable()
    with pytest.raises(ApiError, match="entry 2 of 3"):
        list_month(session, "2024-05")


def test_unknown_values_are_taken_as_they_come(session: Session, simulator: Simulator) -> None:
    entry = {
        "contractId": "C-1",
        "invoiceId": 17331001020,
        "invoiceTotal": 0.10,
        "invoiceType": "PRO_FORMA",
        "surprise": [],
        "files": [{"contentType": "application/zip"}, {"contentType": "text/CSV;charset=x", "sourceType": "EDGE"}],
    }
    simulator.fault("body", body=[entry, entry | {"files": None, "invoiceTotal": None}])
    first, second = list_month(session, "2024-05")
    assert first == Bill(
        account_id="",
        contract_id="C-1",
        invoice_id=17331001020,
        invoice_type="PRO_FORMA",
        invoice_date=None,
        invoice_due_date=None,
        invoice_currency=None,
        invoice_total=Decimal("0.1"),
        month="2024-05",
        documents=(
            OfferedDocument(None, "regular", 1, None, "application/zip", None),
            OfferedDocument("csv", "edge", 1, None, "text/CSV;charset=x", None),
        ),
    )
    assert (second.documents, second.invoice_total) == ((), None)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("invoiceDate", 20240601, "20240601"),
        ("invoiceDate", 1.5, "1.5"),
        ("invoiceCurrency", 7, "7"),
        ("invoiceCurrency", "", None),
        ("invoiceDueDate", None, None),
    ],
)
def test_odd_values_of_a_list_are_text(
    session: Session, simulator: Simulator, name: str, value: t.Any, found: t.Any
) -> None:
    simulator.fault("body", path="/invoices[?]", body=[{"contractId": "C-1", "invoiceId": 1, name: value}])
    (bill,) = list_month(session, "2024-05")
    key = re.sub("([A-Z])", lambda match: f"_{match[0].lower()}", name)
    assert bill.as_result()[key] == found
    json.dumps(bill.as_result())


@pytest.mark.parametrize("value", [["USD"], {"code": "USD"}, True])
def test_values_of_a_list_that_are_no_text_are_refused(session: Session, simulator: Simulator, value: t.Any) -> None:
    body = [{"contractId": "C-1", "invoiceId": 1, "invoiceCurrency": value}]
    simulator.fault("body", path="/invoices[?]", body=body)
    with pytest.raises(ApiError, match="a text is expected"):
        list_month(session, "2024-05")


def select(**options: t.Any) -> Selection:
    """The selection of these options on the last day of January 2026."""
    return Selection.from_options(dict.fromkeys(selection_spec().argument_spec) | options, today=date(2026, 1, 31))


def bill(invoice_id: int, contract_id: str = "C-1", invoice_type: str = "INVOICE", month: str = "2025-12") -> Bill:
    """A bill of which only the identity matters."""
    return Bill("A-1", contract_id, invoice_id, invoice_type, None, None, None, None, month, ())


class Lists:
    """Lists that are known beforehand, in place of the API's."""

    def __init__(self, lists: dict[tuple[str, str | None], list[Bill] | InvoicingError]) -> None:
        self.lists = lists
        self.asked: list[tuple[str, str | None]] = []

    def bills(self, selection: Selection, **options: t.Any) -> list[Bill]:
        """The bills of a selection."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(invoicing, "list_month", self._list_month)
            return list(list_bills(t.cast("t.Any", None), selection, **options))

    def _list_month(self, _session: None, month: str, contract_id: str | None, _on_bad_entry: object) -> list[Bill]:
        self.asked.append((month, contract_id))
        found = self.lists.get((month, contract_id), [])
        if isinstance(found, InvoicingError):
            raise found
        return found


def test_asks_for_the_account_once_each_month() -> None:
    lists = Lists({("2025-11", None): [bill(1)], ("2025-12", None): [bill(2), bill(3, "C-2")]})
    selection = select(from_month="2025-11")
    assert [found.invoice_id for found in lists.bills(selection)] == [1, 2, 3]
    assert lists.asked == [("2025-11", None), ("2025-12", None), ("2026-01", None)]


def test_asks_for_each_contract_once() -> None:
    lists = Lists({})
    assert lists.bills(select(contract_ids=["C-2", "C-1", "C-2"])) == []
    assert lists.asked == [("2025-12", "C-2"), ("2025-12", "C-1")]


def test_a_bill_that_is_listed_twice_comes_once() -> None:
    both = [bill(1), bill(1, "C-2"), bill(1)]
    lists = Lists({("2025-12", "C-1"): both, ("2025-12", "C-2"): [bill(1, "C-2")], ("2026-01", "C-1"): [bill(1)]})
    found = lists.bills(select(contract_ids=["C-1", "C-2"], from_month="2025-12"))
    assert found == [bill(1), bill(1, "C-2")]


def test_types_are_matched_in_any_case() -> None:
    listed = [
        bill(1),
        bill(2, invoice_type="CREDIT_MEMO"),
        bill(3, invoice_type="Adjustment"),
        bill(4, invoice_type=""),
    ]
    lists = Lists({("2025-12", None): listed})
    assert lists.bills(select(invoice_types=["credit_memo", "ADJUSTMENT", "NEVER_HEARD_OF"])) == listed[1:3]
    assert lists.bills(select()) == listed


def test_the_files_of_a_bill_may_come_in_two_parts() -> None:
    pdf, csv, again = (OfferedDocument(form, "regular", 1, None, None, None) for form in ("pdf", "csv", "pdf"))
    parts = [replace(bill(1), documents=(pdf,)), bill(2), replace(bill(1), documents=(csv, again))]
    found = Lists({("2025-12", None): parts}).bills(select())
    assert found == [replace(bill(1), documents=(pdf, csv)), bill(2)]


def test_a_list_that_fails_is_reported_and_the_others_go_on() -> None:
    error = ApiError("refused", status=403)
    lists = Lists({("2025-11", None): [bill(1)], ("2025-12", None): error, ("2026-01", None): [bill(2)]})
    failures: list[t.Any] = []
    found = lists.bills(select(from_month="2025-11"), on_failure=lambda *each: failures.append(each))
    assert [one.invoice_id for one in found] == [1, 2]
    assert failures == [("2025-12", None, error)]
    with pytest.raises(ApiError, match="refused"):
        lists.bills(select(from_month="2025-11"))


def test_lists_that_were_not_requested_are_reported_too() -> None:
    months = select(from_month="2023-01").months
    lists = Lists({(month, None): TransportError("no route") for month in months})
    failures: list[t.Any] = []
    assert lists.bills(select(from_month="2023-01"), on_failure=lambda *each: failures.append(each)) == []
    assert sorted(month for month, _contract, _error in failures) == list(months)
    assert len(lists.asked) == MAX_CONSECUTIVE_FAILURES
    assert "not requested, since 20 other lists could not be retrieved. The last: no route" in str(failures[-1][2])


def test_a_bill_that_cannot_be_read_leaves_the_others(session: Session, simulator: Simulator) -> None:
    good = {"contractId": "C-1", "invoiceId": 7}
    simulator.fault("body", path="/invoices", body=[good, {"contractId": "C-1"}, None, good | {"invoiceId": 8}])
    failures: list[t.Any] = []
    found = list_bills(session, select(month="2024-05"), on_failure=lambda *each: failures.append(each))
    assert [one.invoice_id for one in found] == [7, 8]
    assert [failure[:2] for failure in failures] == [("2024-05", None)] * 2
    assert "is not the list it documents (entry" in str(failures[0][2])
