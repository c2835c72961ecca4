# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The control endpoint: how a test sets faults and quota, and reads what happened. It needs no signature."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import documents

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from .server import ForeignHost, Gateway

SMALLEST_BIG_FILE = 100_000


class Control:
    """The calls under /_control/."""

    def __init__(self, gateway: Gateway, foreign: ForeignHost, stop: asyncio.Event) -> None:
        self._gateway = gateway
        self._foreign = foreign
        self._stop = stop

    def routes(self) -> list[web.RouteDef]:
        """Which path is answered by what."""
        return [
            web.get("/_control/", self.status),
            web.get("/_control/counters", self.counters),
            web.get("/_control/requests", self.requests),
            web.get("/_control/foreign", self.foreign),
            web.post("/_control/fault", self.fault),
            web.post("/_control/quota", self.quota),
            web.post("/_control/reissue", self.reissue),
            web.post("/_control/catalogue", self.catalogue),
            web.post("/_control/big", self.big),
            web.post("/_control/reset", self.reset),
            web.post("/_control/stop", self.stop),
        ]

    async def status(self, request: web.Request) -> web.Response:
        return web.json_response({"pid": os.getpid()})

    async def counters(self, request: web.Request) -> web.Response:
        facts = self._gateway.counters.facts()
        return web.json_response({**facts, "reused_nonces": self._gateway.gate.reused_nonces})

    async def requests(self, request: web.Request) -> web.Response:
        return web.json_response(list(self._gateway.counters.log))

    async def foreign(self, request: web.Request) -> web.Response:
        return web.json_response(self._foreign.requests)

    async def fault(self, request: web.Request) -> web.Response:
        self._gateway.faults.add(await _fields(request))
        return web.json_response({})

    async def quota(self, request: web.Request) -> web.Response:
        self._gateway.quota.configure(**await _fields(request))
        return web.json_response({})

    async def reissue(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        bill = self._gateway.book.reissue(fields["contract"], fields["invoice"])
        if bill is None:
            raise ValueError(f"there is no bill {fields['invoice']} in contract {fields['contract']}")
        return web.json_response({"file_version": bill.version, "invoice_total": str(bill.total)})

    async def catalogue(self, request: web.Request) -> web.Response:
        self._gateway.book.bills_per_month = (await _fields(request))["bills_per_month"]
        return web.json_response({})

    async def big(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        bill = self._gateway.book.find(fields["contract"], fields["invoice"])
        if bill is None or not bill.compute or fields["size"] < SMALLEST_BIG_FILE:
            raise ValueError(f"needs a bill with a COMPUTE document and a size of {SMALLEST_BIG_FILE} or more")
        big = documents.BigFile(bill, fields["size"])
        self._gateway.api.big_files[bill.invoice_id] = big
        return web.json_response(big.facts)

    async def reset(self, request: web.Request) -> web.Response:
        self._gateway.reset()
        self._foreign.requests.clear()
        return web.json_response({})

    async def stop(self, request: web.Request) -> web.Response:
        self._stop.set()
        return web.json_response({})


async def _fields(request: web.Request) -> dict[str, Any]:
    fields = json.loads(await request.read())
    if not isinstance(fields, dict):
        raise ValueError("send an object")
    # Before ansible-core 2.19 a template makes a string of a number.
    return {key: int(value) if isinstance(value, str) and value.isdecimal() else value for key, value in fields.items()}


async def explain(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Say what is wrong with a control call."""
    try:
        return await handler(request)
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
