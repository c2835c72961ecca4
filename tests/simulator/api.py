# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The operations: Invoicing, Contract API and account switch keys."""

from __future__ import annotations

import functools
import json
import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import data, documents, problems
from .data import Account, Bill, Book, Contract

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
NOTIFICATION_FIELDS = ("notificationTitle", "notificationStatus", "emails", "contracts")
SHORTEST_SEARCH = 3


def _json(content: Any, status: int = 200) -> web.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return web.Response(status=status, body=body, content_type="application/json")


def _refuse(status: int, *errors: str) -> web.Response:
    return problems.invoicing(status, *errors)


@functools.lru_cache(maxsize=65536)
def _entry(bill: Bill) -> str:
    return json.dumps(data.entry(bill))


class Api:
    """Answers requests that the gateway let in; request["account"] is the account they are for."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.reset()

    def reset(self) -> None:
        """Forget what clients and tests have made."""
        self._book.reset()
        self._notifications_of: dict[str, dict[int, dict[str, Any]]] = {}
        self._last_notification = 1000
        self.big_files: dict[int, documents.BigFile] = {}

    def routes(self) -> list[web.RouteDef]:
        """Which path is answered by what."""
        invoicing = "/invoicing-api/v4"
        return [
            web.get(invoicing + "/contracts/{contract}/invoices", self.contract_bills, allow_head=False),
            web.get(invoicing + "/invoices", self.account_bills, allow_head=False),
            web.get(invoicing + "/contracts/{contract}/invoices/{invoice}/download", self.download, allow_head=False),
            web.get(invoicing + "/notifications", self.notifications, allow_head=False),
            web.post(invoicing + "/notifications", self.create_notification),
            web.get(invoicing + "/notifications/{notification}", self.notification, allow_head=False),
            web.put(invoicing + "/notifications/{notification}", self.replace_notification),
            web.delete(invoicing + "/notifications/{notification}", self.remove_notification),
            web.get("/contract-api/v1/contracts/identifiers", self.contracts, allow_head=False),
            web.get("/identity-management/v3/api-clients/self/account-switch-keys", self.switch_keys, allow_head=False),
        ]

    async def account_bills(self, request: web.Request) -> web.Response:
        account: Account = request["account"]
        return self._bills(request, account.contracts)

    async def contract_bills(self, request: web.Request) -> web.Response:
        contract = self._contract(request)
        return self._bills(request, [contract]) if contract else _refuse(403, "Access is denied")

    @staticmethod
    def _contract(request: web.Request) -> Contract | None:
        contract_id = request.match_info["contract"]
        account: Account = request["account"]
        return data.CONTRACTS[contract_id] if data.OWNERS.get(contract_id) is account else None

    def _bills(self, request: web.Request, contracts: Iterable[Contract]) -> web.Response:
        month = request.query.get("month")
        if month is None or not MONTH.fullmatch(month):
            return _refuse(400, f"Field 'month' is invalid. Incorrect value: {month or 'null'}")
        if month < data.FIRST_MONTH:
            return _refuse(400, f"Field 'month' is before {data.FIRST_MONTH}. Incorrect value: {month}")
        entries = [_entry(bill) for contract in contracts for bill in self._book.bills(contract.contract_id, month)]
        return _json(f"[{','.join(entries)}]".encode()) if entries else web.Response(status=204)

    async def download(self, request: web.Request) -> web.Response:
        contract = self._contract(request)
        if contract is None:
            return _refuse(403, "Access is denied")
        invoice = request.match_info["invoice"]
        if not invoice.isdecimal():
            return _refuse(400, f"Field 'invoiceId' is invalid. Incorrect value: {invoice}")
        source_type = request.query.get("sourceType", "REGULAR")
        if source_type not in ("REGULAR", "COMPUTE"):
            return _refuse(400, f"Field 'sourceType' is invalid. Incorrect value: {source_type}")
        accept = request.headers.get("Accept", "*/*")
        format_name = "pdf" if "*/*" in accept else None
        for name, content_type in data.CONTENT_TYPES.items():
            if content_type in accept:
                format_name = name
        if format_name is None:
            return _refuse(400, f"Header 'Accept' is invalid. Incorrect value: {accept}")
        bill = self._book.find(contract.contract_id, int(invoice))
        if bill is None:
            return _refuse(404)
        content_type = data.CONTENT_TYPES[format_name]
        big = self.big_files.get(bill.invoice_id)
        if big and (source_type, format_name) == ("COMPUTE", "csv"):
            return web.Response(
                body=big.pieces(), headers={"Content-Type": content_type, "Content-Length": str(big.size)}
            )
        body = documents.document(bill, format_name, source_type)
        return web.Response(status=204) if body is None else web.Response(body=body, content_type=content_type)

    def _own_notifications(self, request: web.Request) -> dict[int, dict[str, Any]]:
        account: Account = request["account"]
        return self._notifications_of.setdefault(account.account_id, {})

    async def notifications(self, request: web.Request) -> web.Response:
        known = list(self._own_notifications(request).values())
        return _json(known) if known else web.Response(status=204)

    async def notification(self, request: web.Request) -> web.Response:
        found = self._find_notification(request)
        return _json(found) if found else _refuse(404)

    def _find_notification(self, request: web.Request) -> dict[str, Any] | None:
        number = request.match_info["notification"]
        return self._own_notifications(request).get(int(number)) if number.isdecimal() else None

    async def _read_notification(self, request: web.Request) -> dict[str, Any] | web.Response:
        """The fields of the body, or the refusal."""
        try:
            body = json.loads(await request.read())
        except ValueError:
            return _refuse(400, "The body is not JSON")
        if not isinstance(body, dict):
            return _refuse(400, "The body is not an object")
        wrong = [name for name in NOTIFICATION_FIELDS if not body.get(name)]
        wrong += [
            name
            for name in ("emails", "contracts")
            if name not in wrong
            and not (isinstance(body[name], list) and all(isinstance(item, str) for item in body[name]))
        ]
        if "notificationStatus" not in wrong and body["notificationStatus"] not in ("ACTIVE", "SUSPENDED"):
            wrong.append("notificationStatus")
        if wrong:
            return _refuse(
                400, *(f"Field '{name}' is invalid. Incorrect value: {json.dumps(body.get(name))}" for name in wrong)
            )
        if any(data.OWNERS.get(contract_id) is not request["account"] for contract_id in body["contracts"]):
            return _refuse(403, "Access is denied")
        own_id = request.match_info.get("notification")
        for number, other in self._own_notifications(request).items():
            if str(number) != own_id and set(other["contracts"]) == set(body["contracts"]):
                return _refuse(400, f"Notification {number} already exists for this set of contracts")
        return {name: body[name] for name in NOTIFICATION_FIELDS}

    async def create_notification(self, request: web.Request) -> web.Response:
        fields = await self._read_notification(request)
        if isinstance(fields, web.Response):
            return fields
        self._last_notification += 1
        return _json(self._store(request, self._last_notification, fields, created=None), 201)

    async def replace_notification(self, request: web.Request) -> web.Response:
        found = self._find_notification(request)
        if found is None:
            return _refuse(404)
        fields = await self._read_notification(request)
        if isinstance(fields, web.Response):
            return fields
        return _json(self._store(request, found["notificationId"], fields, created=found["creationDate"]))

    def _store(
        self, request: web.Request, number: int, fields: dict[str, Any], *, created: str | None
    ) -> dict[str, Any]:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(request["now"]))
        stored = {"notificationId": number, **fields, "creationDate": created or now, "modificationDate": now}
        self._own_notifications(request)[number] = stored
        return stored

    async def remove_notification(self, request: web.Request) -> web.Response:
        found = self._find_notification(request)
        if found is None:
            return _refuse(404)
        del self._own_notifications(request)[found["notificationId"]]
        return web.Response(status=204)

    async def contracts(self, request: web.Request) -> web.Response:
        depth = request.query.get("depth", "TOP")
        if depth not in ("TOP", "ALL"):
            return _refuse(400, f"Field 'depth' is invalid. Incorrect value: {depth}")
        account: Account = request["account"]
        return _json([contract.contract_id for contract in account.contracts if depth == "ALL" or not contract.parent])

    async def switch_keys(self, request: web.Request) -> web.Response:
        search = request.query.get("search", "")
        if "accountSwitchKey" in request.query:
            return _refuse(400, "Parameter 'accountSwitchKey' is not allowed here")
        if "search" in request.query and len(search) < SHORTEST_SEARCH:
            return _refuse(400, f"Field 'search' needs {SHORTEST_SEARCH} characters. Incorrect value: {search}")
        return _json(
            [
                {"accountName": account.name, "accountSwitchKey": key}
                for key, account in data.SWITCH_KEYS.items()
                if any(search.lower() in text.lower() for text in (key, account.name, account.account_id))
            ]
        )
