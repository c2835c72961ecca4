# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The operations, their data and their refusals."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests
from ansible_collections.edgebill.akamai_invoicing.tests.simulator import data

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    Call = Callable[..., requests.Response]

INVOICING = "/invoicing-api/v4"
CONTRACTS = "/contract-api/v1/contracts/identifiers"
SWITCH_KEYS = "/identity-management/v3/api-clients/self/account-switch-keys"
KEYS = {account.account_id: (account.switch_keys or ("",))[0] for account in data.ACCOUNTS.values()}
TOTAL_HEADINGS = {"ITEM_TOTAL", "Total (USD)", "Total (EUR)", "Total (JPY)"}


def parse(answer: requests.Response) -> Any:
    assert answer.status_code == requests.codes.ok, answer.text
    return json.loads(answer.content, parse_float=Decimal)


def document(call: Call, bill: dict[str, Any], accept: str, source_type: str = "REGULAR") -> requests.Response:
    path = f"{INVOICING}/contracts/{bill['contractId']}/invoices/{bill['invoiceId']}/download"
    params = {"sourceType": source_type, "accountSwitchKey": KEYS[bill["accountId"]]}
    return call(path, params=params, headers={"Accept": accept})


def sum_of_csv(content: bytes) -> Decimal:
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))
    start, column = next(
        (number, row.index(name)) for number, row in enumerate(rows) for name in row if name in TOTAL_HEADINGS
    )
    lines = [row for row in rows[start + 1 :] if row[0] != "Total"]
    return sum((Decimal(row[column].replace(",", ".")) for row in lines), Decimal(0))


def test_demo_bill(call: Call) -> None:
    bill = parse(call(f"{INVOICING}/contracts/C-0N7RAC7/invoices?month=2024-05"))[0]
    assert (bill["invoiceId"], bill["invoiceTotal"], bill["accountId"]) == (
        1234567890,
        Decimal("50000.42"),
        "A-CCT7890",
    )
    kinds = [(entry["contentType"], entry["sourceType"]) for entry in bill["files"]]
    assert kinds == [("application/pdf", "REGULAR"), ("text/csv", "REGULAR"), ("text/csv", "COMPUTE")]
    assert parse(document(call, bill, "application/json"))["INVOICE"]["INVOICE_ID"] == bill["invoiceId"]


@pytest.mark.parametrize("account", data.ACCOUNTS)
@pytest.mark.parametrize("month", ["2016-04", "2023-03", "2024-05", "2025-01"])
def test_documents_agree_with_the_bill(call: Call, account: str, month: str) -> None:
    bills = parse(call(f"{INVOICING}/invoices", params={"month": month, "accountSwitchKey": KEYS[account]}))
    assert {bill["accountId"] for bill in bills} == {account}
    for bill in bills:
        total = bill["invoiceTotal"]
        (content,) = parse(document(call, bill, "application/json")).values()
        customers = content["END_CUSTOMER"]
        assert len(customers) == (len(data.ACCOUNTS[account].customers) or 1)
        lines = [line for customer in customers for line in customer["INVOICE_LINE"]]
        assert sum(line["ITEM_TOTAL"] for line in lines) == total
        assert sum_of_csv(document(call, bill, "text/csv").content) == total
        pdf = document(call, bill, "application/pdf")
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF-")
        assert pdf.content.endswith(b"%%EOF\n")
        offset = int(re.findall(rb"startxref\n(\d+)", pdf.content)[0])
        assert pdf.content[offset:].startswith(b"xref")
        for shown in (bill["invoiceId"], bill["contractId"], month):
            assert str(shown).encode() in pdf.content
        compute = document(call, bill, "text/csv", "COMPUTE")
        if any(entry["sourceType"] == "COMPUTE" for entry in bill["files"]):
            assert sum_of_csv(compute.content) == total
        else:
            assert compute.status_code == requests.codes.no_content
        if bill["invoiceCurrency"] == "JPY":
            assert total == total.__class__(int(total))
        assert (total < 0) == (bill["invoiceType"] == "CREDIT_MEMO")


def test_kinds_of_bills() -> None:
    book = data.Book()
    bills = [
        bill
        for contract in data.CONTRACTS
        for number in range(data.month_number(data.this_month()) + 1)
        for bill in book.bills(contract, data.month_at(number))
    ]
    assert {bill.invoice_type for bill in bills} == {"INVOICE", "CREDIT_MEMO", "DEBIT_MEMO", "ADJUSTMENT"}
    assert {bill.contract.currency for bill in bills} == {"USD", "EUR", "JPY"}
    assert {bill.version for bill in bills} == {1, 2}
    assert len({bill.invoice_id for bill in bills}) == len(bills)
    assert sum(bill.invoice_id > 2**32 for bill in bills) == len(bills) - 1
    assert all(book.find(bill.contract.contract_id, bill.invoice_id) is bill for bill in bills)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/invoices?month=2020-02", 204),
        ("/invoices?month=2099-01", 204),
        ("/invoices?month=2016-03", 400),
        ("/invoices?month=2016-3", 400),
        ("/invoices", 400),
        ("/invoices?month=2024-05&accountSwitchKey=unknown", 403),
        ("/contracts/3-1EFAKE/invoices?month=2024-05", 403),
        ("/contracts/C-0N7RAC7/invoices/1/download?sourceType=REGULAR", 404),
        ("/contracts/C-0N7RAC7/invoices/x/download?sourceType=REGULAR", 400),
        ("/contracts/C-0N7RAC71/invoices/1234567890/download?sourceType=REGULAR", 404),
        ("/contracts/C-0N7RAC7/invoices/1234567890/download?sourceType=OTHER", 400),
        ("/nothing", 404),
    ],
)
def test_refusals(call: Call, path: str, status: int) -> None:
    answer = call(INVOICING + path)
    assert answer.status_code == status
    if status == requests.codes.no_content:
        assert answer.content == b""
    else:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "incidentId"} <= set(answer.json())
    assert answer.headers["X-RateLimit-Limit"] == "500"


def test_wrong_method(call: Call) -> None:
    assert call(f"{INVOICING}/invoices", method="DELETE").status_code == requests.codes.not_allowed


def test_bad_month_names_the_field(call: Call) -> None:
    problem = call(f"{INVOICING}/invoices?month=May").json()
    assert problem["errors"][0]["title"] == "Field 'month' is invalid. Incorrect value: May"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["C-0N7RAC7", "K-0N7RAK71"]),
        ("?depth=TOP", ["C-0N7RAC7", "K-0N7RAK71"]),
        ("?depth=ALL", ["C-0N7RAC7", "C-0N7RAC71", "K-0N7RAK71"]),
        ("?depth=ALL&accountSwitchKey=A-CCT5432:A-CCT7890", ["3-1EFAKE", "3-XBOGUS"]),
    ],
)
def test_contracts(call: Call, query: str, expected: list[str]) -> None:
    assert call(CONTRACTS + query).json() == expected


@pytest.mark.parametrize(
    ("search", "keys"),
    [("internet", ["1-ABCD:Z-XYZ", "1-ABCD"]), ("A-CCT54", ["A-CCT5432:A-CCT7890"]), ("nobody", [])],
)
def test_switch_keys(call: Call, search: str, keys: list[str]) -> None:
    assert [entry["accountSwitchKey"] for entry in call(SWITCH_KEYS, params={"search": search}).json()] == keys


@pytest.mark.parametrize("query", ["?search=ab", "?search=internet&accountSwitchKey=1-ABCD"])
def test_switch_keys_refused(call: Call, query: str) -> None:
    assert call(SWITCH_KEYS + query).status_code == requests.codes.bad_request


def test_notifications(call: Call) -> None:
    path = f"{INVOICING}/notifications"
    body = {
        "notificationTitle": "Bills",
        "notificationStatus": "ACTIVE",
        "emails": ["bills@example.com"],
        "contracts": ["C-0N7RAC7", "C-0N7RAC71"],
    }
    assert call(path).status_code == requests.codes.no_content
    created = call(path, method="POST", json=body)
    assert created.status_code == requests.codes.created
    notification = created.json()
    assert body.items() <= notification.items()
    own = f"{path}/{notification['notificationId']}"
    assert call(own).json() == notification
    same = body | {"contracts": body["contracts"][::-1]}
    assert call(path, method="POST", json=same).status_code == requests.codes.bad_request
    changed = call(own, method="PUT", json=same | {"notificationStatus": "SUSPENDED"}).json()
    assert (changed["notificationStatus"], changed["creationDate"]) == ("SUSPENDED", notification["creationDate"])
    assert call(path).json() == [changed]
    assert call(path, params={"accountSwitchKey": "1-ABCD"}).status_code == requests.codes.no_content
    assert call(path, method="POST", json=body | {"contracts": ["3-1EFAKE"]}).status_code == requests.codes.forbidden
    problem = call(path, method="POST", json=body | {"emails": []}).json()
    assert problem["errors"][0]["title"].startswith("Field 'emails'")
    assert call(own, method="DELETE").status_code == requests.codes.no_content
    assert call(own, method="DELETE").status_code == requests.codes.not_found


def test_reissue(simulator: Simulator, call: Call) -> None:
    path = f"{INVOICING}/contracts/C-0N7RAC7/invoices?month=2024-04"
    before = parse(call(path))[0]
    simulator.reissue("C-0N7RAC7", before["invoiceId"])
    after = parse(call(path))[0]
    assert after["files"][0]["fileVersion"] == before["files"][0]["fileVersion"] + 1
    assert after["invoiceTotal"] != before["invoiceTotal"]
    assert sum_of_csv(document(call, after, "text/csv").content) == after["invoiceTotal"]


def test_catalogue(simulator: Simulator, call: Call) -> None:
    simulator.catalogue(300)
    bills = parse(call(f"{INVOICING}/contracts/C-0N7RAC71/invoices?month=2023-11"))
    assert len({bill["invoiceId"] for bill in bills}) == len(bills) == 300
    assert sum(len(bill["files"]) for bill in bills) == 600
    assert sum_of_csv(document(call, bills[-1], "text/csv").content) == bills[-1]["invoiceTotal"]


def test_big_file(simulator: Simulator, call: Call) -> None:
    facts = simulator.big("C-0N7RAC7", 1234567890, 1_000_000)
    content = document(
        call, {"accountId": "A-CCT7890", "contractId": "C-0N7RAC7", "invoiceId": 1234567890}, "text/csv", "COMPUTE"
    ).content
    assert len(content) == 1_000_000
    assert content.count(b"\n") == facts["lines"] + 1
    assert sum_of_csv(content) == Decimal(facts["total"])
