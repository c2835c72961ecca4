# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Failures in the two forms of problem details: the gateway's and the Invoicing API's."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from .auth import Refused

GATEWAY_TITLES = {400: "Bad request", 401: "Not authorized", 403: "Forbidden", 429: "Too many requests"}
INVOICING_TITLES = {
    400: "An incorrect request has been sent",
    403: "User in current context cannot access resource",
    404: "URL not found",
    405: "Method not allowed",
    500: "An unexpected error occurred during request processing",
}


def _problem(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/problem+json")


def gateway(request: web.Request, status: int, type_tail: str, detail: str) -> web.Response:
    """A request that never reached the API."""
    return _problem(
        status,
        {
            "type": f"https://problems.luna.akamaiapis.net/-/{type_tail}",
            "title": GATEWAY_TITLES.get(status, "Error"),
            "status": status,
            "detail": detail,
            "instance": f"https://{request.headers.get('Host', '')}{request.raw_path}",
            "method": request.method,
            "serverIp": "192.0.2.1",
            "clientIp": request.remote,
            "requestId": uuid.uuid4().hex[:8],
            "requestTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(request["now"])),
        },
    )


def refusal(request: web.Request, refused: Refused) -> web.Response:
    """The gateway's answer to a request it does not let in."""
    return gateway(request, refused.status, refused.type_tail, refused.detail)


def invoicing(status: int, *errors: str, title: str | None = None) -> web.Response:
    """A failure of the API itself."""
    body: dict[str, Any] = {
        "type": f"/invoicing-api/error-types/{status}",
        "title": title or INVOICING_TITLES.get(status, "An error occurred"),
        "incidentId": str(uuid.uuid4()),
    }
    if errors:
        body["errors"] = [{"type": f"/invoicing-api/error-types/{status}", "title": error} for error in errors]
    return _problem(status, body)
