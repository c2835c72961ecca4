# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Turns a failed answer of the API into an error that says what was asked, what came back and what to do next."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import typing as t

from .._errors import ApiError, NoDataError, printable
from .values import http_date, iso_time

if t.TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# By how many seconds a timestamp may be off (API reference, EdgeGrid).
MAX_CLOCK_SKEW = 30

NO_DATA = "Select another format or source_type, or another bill."

# Status, a part of what the answer says (lower case), what to do.
ADVICE: t.Final = (
    (
        400,
        "ipblock-burst",
        "This address sent too many requests at once and is blocked for some minutes; the credentials are not at "
        "fault. Wait, then run again with fewer at a time.",
    ),
    (400, "client token", "This host does not know the client_token: take both from the same API client."),
    (
        401,
        "signature",
        "The client_secret does not belong to the client_token, or a proxy changed the request: copy all four "
        "credentials again.",
    ),
    (401, "", "The API client is not active: activate it, or make a new one, under Identity and access."),
    (
        403,
        "",
        "The API client needs a grant for this API (Invoicing: READ-WRITE; the Contract API and Identity Management "
        "have their own) and access to this account: check its APIs, its groups and the account_switch_key.",
    ),
    (404, "", "Check the contract, the bill and the account_switch_key: the bill may be another account's."),
    (
        429,
        "",
        "The account's quota of requests a minute is used up, also by its other clients: run fewer at a time, or "
        "raise retries.",
    ),
)


def error_from_response(
    request_line: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    source: str,
    now: datetime,
) -> ApiError:
    """The error for an answer whose status is not 200.

    ``request_line`` names the request; ``body`` is the start of the answer; ``source`` is where the credentials were
    found; ``now`` is this machine's time, with a zone.
    The two forms of problem details are those of the API reference: the Invoicing API's and the EdgeGrid gateway's.
    """
    problem = _problem(body)

    def text(value: object) -> str | None:
        return None if value is None else printable(value) or None

    title, detail = text(problem.get("title")), text(problem.get("detail"))
    errors = [text(error.get("title")) for error in _dicts(problem.get("errors"))]
    facts = {
        "asked": request_line,
        "status": status,
        "title": title,
        "detail": detail,
        "errors": [error for error in errors if error] or None,
        "incident_id": text(problem.get("incidentId")),
        "request_id": text(problem.get("requestId")),
    }
    if status == 204:
        return NoDataError(f"{request_line} was answered with status 204: there is no data for it. {NO_DATA}", **facts)
    texts = [part for part in (title, detail, *errors) if part] or [
        text(body.decode("utf-8", "replace")) or "no reason"
    ]
    ids = [f"{key.removesuffix('_id')} {facts[key]}" for key in ("incident_id", "request_id") if facts[key]]
    message = f"{request_line} was answered with status {status}: {'; '.join(dict.fromkeys(texts))}"
    message += f" ({', '.join(ids)}). " if ids else ". "
    said_lower = f"{title} {detail}".lower()
    message += _advice(status, said_lower, problem, headers, now)
    if status in (401, 403) or "client token" in said_lower:
        message += f" The credentials are those of {source}."
    return (NoDataError if status == 404 else ApiError)(message.strip(), **facts)


def clock_skew(problem: Mapping[str, t.Any], headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds by which this machine's clock is ahead of the server's (negative: behind), None if unknown."""
    server = iso_time(problem.get("requestTime")) or http_date(headers.get("Date"))
    return (now - server).total_seconds() if server else None


def _advice(status: int, texts: str, problem: Mapping[str, t.Any], headers: Mapping[str, str], now: datetime) -> str:
    if status == 400 and "invalid timestamp" in texts:
        skew = clock_skew(problem, headers, now)
        if skew is None:
            return "This machine's clock differs from the server's by more than 30 seconds: set it."
        if abs(skew) <= MAX_CLOCK_SKEW:
            return "The request was under way for too long, or the clock was set meanwhile: run again."
        direction = "ahead of" if skew > 0 else "behind"
        return f"This machine's clock is {abs(skew):.0f} seconds {direction} the server's (30 are allowed): set it."
    if status >= 500:
        return "The API failed on its side: run again later, and give the ids to Akamai's support if it lasts."
    return next(
        (advice for code, part, advice in ADVICE if code == status and part in texts),
        "Check the options of this task.",
    )


def _problem(body: bytes) -> dict[str, t.Any]:
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return problem if isinstance(problem, dict) else {}


def _dicts(value: object) -> list[dict[str, t.Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
