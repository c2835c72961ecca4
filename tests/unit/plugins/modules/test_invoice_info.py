# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lists of bills: what is selected, what comes back, and what is refused before any request."""

from __future__ import annotations

import re
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_info
from yaml import safe_load

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Run

TOKYO = "1-5C0YLB:1-8BYUX"


@pytest.fixture
def info(run: Run, connection: dict[str, t.Any]) -> t.Callable[..., dict[str, t.Any]]:
    """Run invoice_info against the simulator."""

    def call(*, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        return run(invoice_info.main, connection | options, check=check)

    return call


Info = t.Callable[..., dict[str, t.Any]]


def paths(simulator: Simulator) -> list[str]:
    """What was asked for, without the API's prefix."""
    return [request["path"].removeprefix("/invoicing-api/v4") for request in simulator.requests()]


def test_the_bills_of_a_month(info: Info, simulator: Simulator) -> None:
    result = info(month="2024-05")
    assert result["failed"] is False
    assert result.get("changed", False) is False
    assert paths(simulator) == ["/invoices?month=2024-05"]
    documented = safe_load(invoice_info.RETURN)
    assert result["months"] == documented["months"]["sample"]
    assert result["invoices"][:1] == documented["invoices"]["sample"]
    assert result["totals"] == documented["totals"]["sample"]


def test_check_mode_lists_the_same(info: Info) -> None:
    assert info(month="2024-05", check=True) == info(month="2024-05")


def test_without_a_month_last_month_is_meant(info: Info, simulator: Simulator) -> None:
    result = info()
    assert result["invoices"]
    assert result == info(month="last_month")
    (month,) = result["months"]
    assert paths(simulator) == [f"/invoices?month={month}"] * 2


def test_a_range_of_months_and_several_contracts(info: Info, simulator: Simulator) -> None:
    result = info(from_month="2024-04", to_month="2024-06", contract_ids=["K-0N7RAK71", "C-0N7RAC7", "K-0N7RAK71"])
    assert paths(simulator) == [
        f"/contracts/{contract_id}/invoices?month={month}"
        for month in ("2024-04", "2024-05", "2024-06")
        for contract_id in ("K-0N7RAK71", "C-0N7RAC7")
    ]
    assert simulator.counters()["connections"] == 1
    assert result["months"] == ["2024-04", "2024-05", "2024-06"]
    assert {bill["contract_id"] for bill in result["invoices"]} == {"K-0N7RAK71", "C-0N7RAC7"}
    assert sorted({bill["month"] for bill in result["invoices"]}) == result["months"]
    account = info(from_month="2024-04", to_month="2024-06")["invoices"]
    assert [bill for bill in account if bill["contract_id"] == "C-0N7RAC7"] == [
        bill for bill in result["invoices"] if bill["contract_id"] == "C-0N7RAC7"
    ]


def test_nothing_there_is_an_empty_list(info: Info, simulator: Simulator) -> None:
    nothing = {"invoices": [], "totals": [], "failed": False, "warned": []}
    result = info(month="2020-02")
    assert {key: result[key] for key in nothing} == nothing
    simulator.fault("body", body="[]", content_type="application/json")
    result = info(month="2024-05")
    assert {key: result[key] for key in nothing} == nothing


def test_types(info: Info) -> None:
    memos = info(from_month="2024-01", to_month="2024-12", invoice_types=["credit_memo"])["invoices"]
    assert {bill["invoice_type"] for bill in memos} == {"CREDIT_MEMO"}
    assert all(bill["invoice_total"] < 0 for bill in memos)
    assert info(month="2024-05", invoice_types=["NEVER_HEARD_OF"])["invoices"] == []


def test_a_type_and_a_kind_of_document_that_nobody_documented(info: Info) -> None:
    options = {"account_switch_key": "A-CCT5432:A-CCT7890", "month": "2023-03", "invoice_types": ["ADJUSTMENT"]}
    (bill,) = info(**options)["invoices"]
    assert bill["invoice_type"] == "ADJUSTMENT"
    document = bill["documents"][-1]
    assert (document["format"], document["source_type"], document["content_type"]) == (
        None,
        "ledger",
        "application/xml",
    )


def test_currencies_are_never_added_together(info: Info) -> None:
    result = info(account_switch_key=TOKYO, from_month="2024-01", to_month="2024-06")
    exact: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for bill in result["invoices"]:
        currency = bill["invoice_currency"]
        exact[currency] = exact.get(currency, Decimal(0)) + Decimal(str(bill["invoice_total"]))
        counts[currency] = counts.get(currency, 0) + 1
    assert sorted(exact) == ["JPY", "USD"]
    assert {entry["currency"]: Decimal(str(entry["invoice_total"])) for entry in result["totals"]} == exact
    assert {entry["currency"]: entry["bills"] for entry in result["totals"]} == counts
    assert all(isinstance(entry["invoice_total"], int) for entry in result["totals"] if entry["currency"] == "JPY")


def test_an_amount_prints_exactly_what_came(info: Info, simulator: Simulator) -> None:
    entry = '{"contractId": "C-1", "invoiceId": %d, "invoiceCurrency": "USD", "invoiceTotal": %s}'
    amounts = ["0.1", "0.2", "12345678901234567.89", "-0.30", "7.00"]
    body = ",".join(entry % (number, amount) for number, amount in enumerate(amounts, 1))
    simulator.fault("body", body=f"[{body}]", content_type="application/json")
    result = info(month="2024-05")
    assert [str(bill["invoice_total"]) for bill in result["invoices"]] == [
        "0.1",
        "0.2",
        "12345678901234567.89",
        "-0.3",
        "7",
    ]
    assert str(result["totals"][0]["invoice_total"]) == "12345678901234574.89"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"month": "2024-13"}, "is not a month"),
        ({"month": "May"}, "is not a month"),
        ({"month": "2016-03"}, "is before 2016-04"),
        ({"month": "2999-01"}, "is in the future"),
        ({"from_month": "2024-1"}, "from_month '2024-1' is not a month"),
        ({"from_month": "2024-01", "to_month": "2999-01"}, "to_month 2999-01 is in the future"),
        ({"from_month": "2024-02", "to_month": "2024-01"}, "is after to_month"),
        ({"from_month": "2024-02", "month": "2024-02"}, "parameters are mutually exclusive: month|from_month"),
        ({"to_month": "2024-02"}, "missing parameter(s) required by 'to_month': from_month"),
        ({"contract_ids": ["../C-1"]}, "is not a contract ID"),
        ({"contract_ids": []}, "contract_ids is an empty list"),
        ({"invoice_types": []}, "invoice_types is an empty list"),
    ],
)
def test_refuses_before_any_request(info: Info, simulator: Simulator, options: dict[str, t.Any], message: str) -> None:
    result = info(**options)
    assert result["failed"]
    assert message in result["msg"]
    assert simulator.counters()["total"] == 0
    assert info(**options, edgerc="/nowhere")["msg"] == result["msg"]


@pytest.mark.parametrize(
    ("options", "fault", "message"),
    [
        ({"edgerc_section": "no_grant"}, None, "status 403: .*grant.*Invoicing"),
        ({"edgerc_section": "inactive"}, None, "status 401: .*Inactive client token"),
        ({"edgerc_section": "wrong_secret"}, None, "status 401: .*signature does not match.*client_secret"),
        ({"contract_ids": ["3-1EFAKE"]}, None, "status 403: .*Access is denied.*incident.*account_switch_key"),
        ({"account_switch_key": "1-UNKNOWN"}, None, "status 403: .*account_switch_key"),
        ({}, {"kind": "skew", "seconds": 300}, "clock is (299|300|301) seconds behind the server's"),
        ({}, {"kind": "status", "status": 404}, "status 404: .*Check the contract"),
        ({}, {"kind": "status", "status": 500, "times": None}, "status 500: .*Given up after 2 tries"),
        ({}, {"kind": "auth", "reason": "burst"}, "status 400: .*blocked for some minutes"),
        ({}, {"kind": "reset", "times": None}, "no answer from .*Given up after 2 tries"),
        ({}, {"kind": "html"}, "is not JSON"),
        ({}, {"kind": "body", "body": "{}", "content_type": "application/json"}, "not the list it documents"),
        ({}, {"kind": "redirect", "location": "https://example.com/"}, "redirected to another host"),
    ],
)
def test_errors(
    info: Info, simulator: Simulator, options: dict[str, t.Any], fault: dict[str, t.Any] | None, message: str
) -> None:
    if fault:
        simulator.fault(**fault)
    result = info(month="2024-05", **options)
    assert result["failed"]
    assert re.search(message, result["msg"]), result["msg"]
    assert re.search("GET .*invoices", result["msg"]) or "answer of https://" in result["msg"]
    assert "invoices" not in result


def test_what_cannot_be_read_leaves_the_other_bills(info: Info, simulator: Simulator) -> None:
    good = {"contractId": "C-1", "invoiceId": 7, "invoiceCurrency": "USD", "invoiceTotal": 5}
    simulator.fault("status", path="month=2024-05", status=404, times=None)
    simulator.fault("body", path="month=2024-06", body=[good, {"contractId": "C-1"}], times=None)
    result = info(from_month="2024-05", to_month="2024-06")
    assert result["failed"]
    assert "is not the list it documents (entry 2" in result["msg"]
    assert result["msg"].endswith(" 1 more list or entry cannot be read.")
    assert result["error"]["asked"].endswith("month=2024-06")
    assert [bill["invoice_id"] for bill in result["invoices"]] == [7]
    assert result["totals"] == [{"currency": "USD", "bills": 1, "invoice_total": 5}]
    assert result["months"] == ["2024-05", "2024-06"]
    # Nothing is left: there is only the error.
    assert "invoices" not in info(month="2024-05")


def test_the_facts_of_an_error(info: Info) -> None:
    error = info(month="2024-05", edgerc_section="no_grant")["error"]
    documented = safe_load(invoice_info.RETURN)["error"]["sample"]
    assert error == documented | {"request_id": error["request_id"]}


def test_a_try_that_fails_is_repeated(info: Info, simulator: Simulator) -> None:
    simulator.fault("cut")
    assert len(info(month="2024-05")["invoices"]) == len(info(month="2024-05")["invoices"]) > 0
    assert simulator.counters()["total"] == 3
