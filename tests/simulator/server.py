# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The server: what happens to every request, in order, and the ports it listens on."""

from __future__ import annotations

import email.utils
import ssl
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import data, faults, problems
from .api import Api
from .auth import Gate, Refused
from .control import Control, explain
from .counters import Counters
from .data import Book
from .faults import Faults
from .quota import Quota

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gateway:
    """Counts, checks and charges a request, adds a fault when one is due, and answers it."""

    def __init__(self, quota: Quota, book: Book) -> None:
        self.gate = Gate()
        self.quota = quota
        self.faults = Faults()
        self.counters = Counters()
        self.api = Api(book)
        self.book = book

    def reset(self) -> None:
        """As if just started."""
        for part in (self.gate, self.quota, self.faults, self.counters, self.api):
            part.reset()

    @web.middleware
    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/_control"):
            return await explain(request, handler)
        self.counters.begin(request.transport)
        response = None
        self.counters.log.append(
            {
                "method": request.method,
                "path": request.raw_path,
                "accept": request.headers.get("Accept", ""),
                "signature": request.headers.get("Authorization", "").rpartition("signature=")[2],
            }
        )
        try:
            response = await self._answer(request, handler)
            return response
        finally:
            resource = request.match_info.route.resource
            status = response.status if response is not None else 0
            size = (response.content_length or 0) if response is not None else 0
            self.counters.end(request.method, request.path, resource.canonical if resource else "*", status, size)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        skew = self.faults.take(request, skew=True)
        request["skew"] = skew.options["seconds"] if skew else 0
        now = request["now"] = time.time() + request["skew"]
        request["charged"] = data.HOME_ACCOUNT
        response: web.StreamResponse
        try:
            request["charged"] = await self._enter(request, now)
        except Refused as refused:
            response = problems.refusal(request, refused)
        except LookupError:
            response = problems.invoicing(403, "Access is denied")
        else:
            if self.quota.take(request["charged"]):
                fault = self.faults.take(request, skew=False)
                response = await (
                    faults.apply(fault, request, lambda: _call(handler, request)) if fault else _call(handler, request)
                )
            else:
                request["refused"] = True
                response = _too_many(request, self.quota.refused)
        return response

    async def tell(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add what every answer carries, however it is sent."""
        if "charged" in request:

            def now() -> float:
                return time.time() + float(request["skew"])

            refused = request.get("refused", False)
            response.headers.update(self.quota.headers(request["charged"], now, refused=refused))
            response.headers["Date"] = email.utils.formatdate(now(), usegmt=True)

    async def _enter(self, request: web.Request, now: float) -> str:
        """Check the signature and the switch key; return the account that is charged."""
        body = await request.read() if request.method == "POST" else b""
        headers = request.headers
        client = self.gate.check(
            headers.get("Authorization", ""), now, request.method, headers.get("Host", ""), request.raw_path, body
        )
        key = request.query.get("accountSwitchKey")
        account = data.SWITCH_KEYS[key] if key else data.ACCOUNTS[client.account_id]
        request["account"] = account
        return account.account_id


async def _call(handler: Handler, request: web.Request) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return problems.invoicing(404)
    except web.HTTPMethodNotAllowed:
        return problems.invoicing(405)


def _too_many(request: web.Request, count: int) -> web.Response:
    if count % 2:
        return problems.gateway(
            request, 429, "rate-limit/too-many-requests", "The request limit of the account is reached"
        )
    return web.Response(status=429, text="Too Many Requests")


class ForeignHost:
    """Another host: it answers everything and keeps what was sent to it."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Keep the request with its headers."""
        self.requests.append({"method": request.method, "path": request.raw_path, "headers": dict(request.headers)})
        return web.Response(body=b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


async def listen(
    gateway: Gateway, context: ssl.SSLContext, host: str, port: int, stop: asyncio.Event
) -> tuple[int, int, Callable[[], Awaitable[None]]]:
    """Open both ports; return their numbers and what closes them."""
    foreign = ForeignHost()
    app = web.Application(middlewares=[gateway.handle], client_max_size=2**24)
    app.on_response_prepare.append(gateway.tell)
    app.add_routes(gateway.api.routes())
    app.add_routes(Control(gateway, foreign, stop).routes())
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    foreign_runner = web.ServerRunner(web.Server(foreign.handle, access_log=None), shutdown_timeout=0.5)
    await runner.setup()
    await foreign_runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=context, backlog=1024)
    foreign_site = web.TCPSite(foreign_runner, host, 0, ssl_context=context)
    await site.start()
    await foreign_site.start()

    async def close() -> None:
        await runner.cleanup()
        await foreign_runner.cleanup()

    return runner.addresses[0][1], foreign_runner.addresses[0][1], close
