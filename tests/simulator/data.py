# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Accounts, contracts and bills: always the same, made when asked for."""

from __future__ import annotations

import calendar
import datetime
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

FIRST_MONTH = "2016-04"
FIRST_COMPUTE_MONTH = "2024-02"
EMPTY_MONTH = "2020-02"
UNKNOWN_KINDS_MONTH = "2023-03"
FIXED_INVOICE = 1234567890
FIXED_MONTH = "2024-05"
REISSUED_MONTH = "2024-06"
_FIRST_ID = 17_000_000_000

CONTENT_TYPES = {"pdf": "application/pdf", "csv": "text/csv", "json": "application/json"}

PRODUCTS = (
    ("Ion Premier", "1-2A3B4C", "GB", "Ion Premier, delivered traffic"),
    ("Access Control", "9-8ZYX76", "GB", "1 GB of Access Control Usage "),
    ("App & API Protector", "5-6QRS78", "hit", 'Requests inspected, "advanced" mode'),
    ("Cloud Computing", "7-1LIN04", "hour", "Dedicated 8 GB; us-east"),
    ("Edge DNS", "3-4EDN52", "zone", "Zones signed\nwith DNSSEC"),
)


@dataclass(frozen=True, eq=False)
class Contract:
    """A contract, maybe the child of another one."""

    number: int
    contract_id: str
    currency: str
    since: str = FIRST_MONTH
    parent: str | None = None


@dataclass(frozen=True, eq=False)
class Account:
    """An account and the keys that switch to it."""

    account_id: str
    name: str
    contracts: tuple[Contract, ...]
    switch_keys: tuple[str, ...] = ()
    customers: tuple[tuple[str, str], ...] = ()


ACCOUNTS = {
    account.account_id: account
    for account in (
        Account(
            "A-CCT7890",
            "Main Street Corporation",
            (
                Contract(0, "C-0N7RAC7", "USD"),
                Contract(1, "C-0N7RAC71", "USD", parent="C-0N7RAC7"),
                Contract(2, "K-0N7RAK71", "EUR", since="2019-01"),
            ),
        ),
        Account(
            "A-CCT5432",
            "Reseller Unlimited",
            (Contract(3, "3-1EFAKE", "USD"), Contract(4, "3-XBOGUS", "EUR", parent="3-1EFAKE")),
            switch_keys=("A-CCT5432:A-CCT7890",),
            customers=(("A-END0001", "Bakery Nord"), ("A-END0002", "Émile & Fils"), ("A-END0003", "Trains, Ltd.")),
        ),
        Account(
            "A-CCT1234",
            "Internet Company",
            (Contract(5, "C-1NTERN1", "EUR"), Contract(6, "C-1NTERN2", "USD")),
            switch_keys=("1-ABCD:Z-XYZ", "1-ABCD"),
        ),
        Account(
            "A-CCT8765",
            "Tokyo Media KK",
            (
                Contract(7, "J-0N7RAJ7", "JPY"),
                Contract(8, "J-0N7RAJ71", "JPY", parent="J-0N7RAJ7"),
                Contract(9, "J-0N7RAJ8", "USD", since="2022-07"),
            ),
            switch_keys=("1-5C0YLB:1-8BYUX",),
        ),
    )
}
HOME_ACCOUNT = "A-CCT7890"
SWITCH_KEYS = {key: account for account in ACCOUNTS.values() for key in account.switch_keys}
CONTRACTS = {contract.contract_id: contract for account in ACCOUNTS.values() for contract in account.contracts}
OWNERS = {contract.contract_id: account for account in ACCOUNTS.values() for contract in account.contracts}


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a bill; ``customer`` counts the account's end customers."""

    product: int
    item_type: str
    units: Decimal
    unit_price: Decimal
    services: Decimal
    taxes: Decimal
    total: Decimal
    customer: int = 0


@dataclass(frozen=True, eq=False)
class Bill:
    """An invoice, credit memo or debit memo in one version."""

    contract: Contract
    month: str
    invoice_id: int
    invoice_type: str
    version: int
    lines: tuple[Line, ...]
    compute: bool

    @functools.cached_property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def account(self) -> Account:
        """The account the bill belongs to."""
        return OWNERS[self.contract.contract_id]

    @property
    def dates(self) -> tuple[str, str]:
        """First and last day of the month."""
        year, month = map(int, self.month.split("-"))
        return f"{self.month}-01", f"{self.month}-{calendar.monthrange(year, month)[1]}"

    @property
    def billed_in(self) -> str:
        """The month in which the bill was made: the one after."""
        return month_at(month_number(self.month) + 1)


def month_number(month: str) -> int:
    """How many months after the first one."""
    year, number = map(int, month.split("-"))
    return (year - 2016) * 12 + number - 4


def month_at(number: int) -> str:
    """The month so many months after the first one."""
    years, month = divmod(number + 3, 12)
    return f"{2016 + years}-{month + 1:02}"


def this_month() -> str:
    """The month in which bills end."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")


def number(value: Decimal) -> int | float:
    """The JSON number that prints the decimal."""
    return int(value) if value == value.to_integral_value() else float(value)


def _fixed_lines(version: int) -> tuple[Line, ...]:
    # The first line is the documented sample: its total is not services and taxes.
    cent, one = Decimal("0.01") * version, Decimal(1)
    return (
        Line(1, "U", one, cent, 2 * cent, 0 * cent, 3 * cent),
        Line(0, "R", one, 4166699 * cent, 4166699 * cent, 833340 * cent, 5000039 * cent),
    )


def _lines(rng: random.Random, contract: Contract, invoice_type: str, customers: int) -> tuple[Line, ...]:
    sign = -1 if invoice_type == "CREDIT_MEMO" else 1
    places = Decimal(1) if contract.currency == "JPY" else Decimal("0.01")
    lines = []
    for customer in range(customers):
        for _count in range(rng.randint(1, 4)):
            units, cents = Decimal(rng.randint(1, 5000)), rng.randint(1, 400_000)
            services = sign * (Decimal(cents) * places).quantize(places)
            taxes = (services / 5).quantize(places) if rng.random() < 0.5 else Decimal(0) * places  # noqa: PLR2004
            price = (abs(services) / units).quantize(Decimal("0.0001"))
            item_type = rng.choice("URF")
            lines.append(
                Line(rng.randrange(len(PRODUCTS)), item_type, units, price, services, taxes, services + taxes, customer)
            )
    return tuple(lines)


@functools.lru_cache(maxsize=65536)
def make_bill(contract_id: str, month: str, sequence: int, version: int, *, catalogue: bool) -> Bill:
    """The bill at one place of the month; a catalogue has plain invoices only."""
    contract = CONTRACTS[contract_id]
    if (contract_id, month, sequence) == ("C-0N7RAC7", FIXED_MONTH, 0):
        return Bill(contract, month, FIXED_INVOICE, "INVOICE", version, _fixed_lines(version), compute=True)
    invoice_type = "INVOICE"
    if sequence and not catalogue:
        invoice_type = ("CREDIT_MEMO", "DEBIT_MEMO", "ADJUSTMENT")[sequence - 1]
    rng = random.Random(f"{contract_id} {month} {sequence} {version}")
    return Bill(
        contract,
        month,
        _FIRST_ID + contract.number * 100_000_000 + month_number(month) * 100_000 + sequence,
        invoice_type,
        version,
        _lines(rng, contract, invoice_type, len(OWNERS[contract_id].customers) or 1),
        compute=invoice_type == "INVOICE" and month >= FIRST_COMPUTE_MONTH and not catalogue,
    )


class Book:
    """The bills as they stand: what a test re-issued, and how many there are."""

    def __init__(self, bills_per_month: int = 0) -> None:
        self._default = bills_per_month
        self.reset()

    def reset(self) -> None:
        """Back to the start."""
        self.bills_per_month = self._default
        self._reissued: dict[int, int] = {}

    def bills(self, contract_id: str, month: str) -> Iterator[Bill]:
        """All bills of a contract in a month, the latest version of each."""
        if not max(CONTRACTS[contract_id].since, FIRST_MONTH) <= month <= this_month() or month == EMPTY_MONTH:
            return
        for sequence in self._sequences(contract_id, month):
            yield self._latest(contract_id, month, sequence)

    def _sequences(self, contract_id: str, month: str) -> list[int]:
        if self.bills_per_month:
            return list(range(self.bills_per_month))
        place = month_number(month) + CONTRACTS[contract_id].number
        memos = [1] if place % 3 == 0 else []
        memos += [2] if place % 5 == 0 else []
        memos += [3] if (contract_id, month) == ("3-1EFAKE", UNKNOWN_KINDS_MONTH) else []
        return [0, *memos]

    def _latest(self, contract_id: str, month: str, sequence: int) -> Bill:
        first = 2 if contract_id == "C-0N7RAC7" and month == REISSUED_MONTH and sequence == 0 else 1
        catalogue = bool(self.bills_per_month)
        bill = make_bill(contract_id, month, sequence, first, catalogue=catalogue)
        more = self._reissued.get(bill.invoice_id)
        return make_bill(contract_id, month, sequence, first + more, catalogue=catalogue) if more else bill

    def find(self, contract_id: str, invoice_id: int) -> Bill | None:
        """The latest version of one bill."""
        if invoice_id == FIXED_INVOICE:
            return self._latest("C-0N7RAC7", FIXED_MONTH, 0) if contract_id == "C-0N7RAC7" else None
        number, rest = divmod(invoice_id - _FIRST_ID, 100_000_000)
        contract = CONTRACTS[contract_id]
        month_index, sequence = divmod(rest, 100_000)
        if number != contract.number:
            return None
        month = month_at(month_index)
        if not max(contract.since, FIRST_MONTH) <= month <= this_month() or month == EMPTY_MONTH:
            return None
        if sequence not in self._sequences(contract_id, month):
            return None
        bill = self._latest(contract_id, month, sequence)
        return bill if bill.invoice_id == invoice_id else None

    def reissue(self, contract_id: str, invoice_id: int) -> Bill | None:
        """Make the next version of a bill, with other amounts."""
        if self.find(contract_id, invoice_id) is None:
            return None
        self._reissued[invoice_id] = self._reissued.get(invoice_id, 0) + 1
        return self.find(contract_id, invoice_id)


# Names and links that lie as the API's own samples do: never a path, never a link to follow.
def _file(bill: Bill, content_type: str, source_type: str, name: str) -> dict[str, Any]:
    return {
        "contentType": content_type,
        "fileCreationDate": f"{bill.billed_in}-01",
        "fileVersion": bill.version,
        "sourceType": source_type,
        "fileName": name,
        "fileLink": f"/invoicing-api/v4/contracts/{bill.contract.contract_id}"
        f"/invoices/{bill.invoice_id + 7_000_000_000}/download",
        "fileSize": None,
    }


def entry(bill: Bill) -> dict[str, Any]:
    """The bill as a list response shows it."""
    pdf = {
        "CREDIT_MEMO": f"CreditMemoName_1-XYZ_1-ABCD_{bill.invoice_id}_FINAL_COMPUTE_1.pdf",
        "DEBIT_MEMO": f"../../DebitMemoName_{bill.invoice_id}_FINAL_1.pdf",
    }.get(bill.invoice_type, f"InvoiceName_1-XYZ_1-ABCD_{bill.invoice_id}_FINAL_1.pdf")
    files = [
        _file(bill, "application/pdf", "REGULAR", pdf),
        _file(bill, "text/csv", "REGULAR", f"{bill.invoice_id}_1.csv"),
    ]
    if bill.compute:
        files.append(_file(bill, "text/csv", "COMPUTE", f"{bill.invoice_id}_COMPUTE_1.csv"))
    if bill.invoice_type == "ADJUSTMENT":
        files.append(_file(bill, "application/xml", "LEDGER", f"{bill.invoice_id}.xml"))
    return {
        "accountId": bill.account.account_id,
        "contractId": bill.contract.contract_id,
        "invoiceCurrency": bill.contract.currency,
        "invoiceDate": f"{bill.billed_in}-01",
        "invoiceDueDate": f"{bill.billed_in}-20",
        "invoiceId": bill.invoice_id,
        "invoiceTotal": number(bill.total),
        "invoiceType": bill.invoice_type,
        "billingEntity": {"name": "Example Billing", "country": None},
        "files": files,
    }
