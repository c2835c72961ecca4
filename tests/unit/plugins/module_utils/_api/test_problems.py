# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a user reads when the API refuses."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.problems import error_from_response
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    MAX_TEXT_LENGTH,
    ApiError,
    NoDataError,
    hide,
)

NOW = datetime(2026, 2, 1, 12, 0, 47, tzinfo=timezone.utc)


def failure(status: int, problem: object = None, headers: dict[str, str] | None = None) -> ApiError:
    """The error for an answer."""
    body = problem if isinstance(problem, bytes) else json.dumps(problem).encode()
    return error_from_response("GET /x", status, headers or {}, body, source="section x of /edgerc", now=NOW)


def test_the_problem_of_the_invoicing_api() -> None:
    error = failure(
        400,
        {
            "title": "An incorrect request has been sent",
            "incidentId": "abc-1",
            "errors": [{"title": "Field 'from' is invalid. Incorrect value: null"}, "x", {"title": None}],
        },
    )
    assert str(error) == (
        "GET /x was answered with status 400: An incorrect request has been sent; "
        "Field 'from' is invalid. Incorrect value: null (incident abc-1). Check the options of this task."
    )
    assert error.details == {
        "asked": "GET /x",
        "status": 400,
        "title": "An incorrect request has been sent",
        "errors": ["Field 'from' is invalid. Incorrect value: null"],
        "incident_id": "abc-1",
    }


def test_the_problem_of_the_gateway() -> None:
    error = failure(
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "The client does not have the grant needed for the request",
            "requestId": "1a2b3c",
        },
    )
    assert "status 403: Forbidden; The client does not have the grant needed for the request (request 1a2b3c)" in str(
        error
    )
    assert "Invoicing: READ-WRITE" in str(error)
    assert str(error).endswith(" The credentials are those of section x of /edgerc.")
    assert error.details["request_id"] == "1a2b3c"


@pytest.mark.parametrize(
    ("problem", "headers", "sentence"),
    [
        ({"requestTime": "2026-02-01T12:00:00Z"}, {}, "clock is 47 seconds ahead of the server's"),
        ({"requestTime": "2026-02-01T12:10:47.1Z"}, {}, "clock is 600 seconds behind the server's"),
        ({}, {"Date": "Sun, 01 Feb 2026 12:00:00 GMT"}, "clock is 47 seconds ahead of the server's"),
        ({"requestTime": "?"}, {"Date": "?"}, "differs from the server's by more than 30 seconds"),
        ({"requestTime": "2026-02-01T12:00:46Z"}, {}, "was under way for too long"),
    ],
    ids=str,
)
def test_a_clock_that_is_off(problem: dict[str, str], headers: dict[str, str], sentence: str) -> None:
    assert sentence in str(failure(400, {"title": "Bad request", "detail": "Invalid timestamp"} | problem, headers))


@pytest.mark.parametrize(
    ("status", "detail", "sentence"),
    [
        (400, "WAF deny rule IPBLOCK-BURST4-54013", "credentials are not at fault"),
        (400, "Invalid client token", "does not know the client_token"),
        (401, "The signature does not match", "client_secret does not belong"),
        (401, "Inactive client token", "not active"),
        (404, "", "may be another account's"),
        (429, "", "quota of requests a minute"),
        (500, "", "run again later"),
        (418, "", "Check the options"),
    ],
)
def test_what_to_do(status: int, detail: str, sentence: str) -> None:
    message = str(failure(status, {"title": "Problem", "detail": detail}))
    assert sentence in message
    about_credentials = status == 401 or "client token" in detail
    assert message.endswith(" The credentials are those of section x of /edgerc.") is about_credentials


@pytest.mark.parametrize("status", [204, 404])
def test_nothing_there_is_an_error_of_its_own(status: int) -> None:
    assert isinstance(failure(status, b""), NoDataError)
    assert not isinstance(failure(403, b""), NoDataError)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no reason"),
        (b"too many\r\n  requests", "too many requests"),
        (b"[1]", "[1]"),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        (b"x" * 999, "x" * (MAX_TEXT_LENGTH - 3) + "..."),
    ],
)
def test_bodies_that_are_no_problem_details(body: bytes, said: str) -> None:
    assert f"status 429: {said}. The account's quota" in str(failure(429, body))


def test_secrets_and_control_characters_are_not_repeated() -> None:
    hide(["akab-1", "akab-1-long-enough"])
    error = failure(400, {"title": "bad token akab-1-long-enough\x1b[2J", "detail": "akab-1"})
    assert error.details["title"] == "bad token ******** [2J"
    assert error.details["detail"] == "********"
    assert "akab" not in str(error)
