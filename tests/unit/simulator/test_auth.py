# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The EdgeGrid check: against published signatures, and against edgegrid-python over HTTPS."""

from __future__ import annotations

import configparser
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from akamai.edgegrid import EdgeGridAuth
from ansible_collections.edgebill.akamai_invoicing.tests.simulator import auth

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

PATH = "/invoicing-api/v4/invoices?month=2024-05"
HOST = "akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net"
UNSIGNED = (
    "EG1-HMAC-SHA256 client_token=akab-client-token-xxx-xxxxxxxxxxxxxxxx;"
    "access_token=akab-access-token-xxx-xxxxxxxxxxxxxxxx;"
    "timestamp=20140321T19:34:21+0000;nonce=nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx;"
)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        ("GET", "/", b"", "", "tL+y4hxyHxgWVD30X3pWnGKHcPzmrIF+LThiAOhMxYU="),
        ("GET", "/testapi/v1/t1?p1=1&p2=2", b"", "", "hKDH1UlnQySSHjvIcZpDMbQHihTQ0XyVAKZaApabdeA="),
        ("POST", "/testapi/v1/t3", b"data" * 8, "", "hXm4iCxtpN22m4cbZb4lVLW5rhX8Ca82vCFqXzSTPe4="),
        ("POST", "/testapi/v1/t3", b"d" * 2048, "", "6Q6PiTipLae6n4GsSIDTCJ54bEbHUBp+4MUXrbQCBoY="),
        ("POST", "/testapi/v1/t3", b"d" * 2049, "", "6Q6PiTipLae6n4GsSIDTCJ54bEbHUBp+4MUXrbQCBoY="),
        ("POST", "/testapi/v1/t6", b"", "", "1gEDxeQGD5GovIkJJGcBaKnZ+VaPtrc4qBUHixjsPCQ="),
        (
            "GET",
            "/testapi/v1/t4",
            b"",
            "x-test1:test-simple-header",
            "8F9AybcRw+PLxnvT+H0JRkjROrrUgsxJTnRXMzqvcwY=",
        ),
        ("PUT", "/testapi/v1/t6", b"P" * 31, "", "GNBWEYSEWOLtu+7dD52da2C39aX/Jchpon3K/AmBqBU="),
        ("PATCH", "/testapi/v1/t6", b"P" * 31, "", "JIl05ImY1AOnMtmw+9LKgaFA8mnzsEKabbnHmI8LsQ4="),
        (
            "GET",
            "/testapi/v1/configs/111;222;333?from=12345&limit=200000",
            b"",
            "",
            "pmQF7Is2+O4r/mMojPR4yeF58BrempNNoBX5/DT0Fxs=",
        ),
    ],
)
def test_published_signatures(method: str, path: str, body: bytes, headers: str, expected: str) -> None:
    secret = "x" * 43 + "="
    found = auth.signature(
        secret, "20140321T19:34:21+0000", UNSIGNED, method, HOST, path, body, signed_headers=headers, max_body=2048
    )
    assert found == expected


class Signed(EdgeGridAuth):
    """Signs with a chosen time and nonce, and can spoil the signature."""

    def __init__(self, simulator: Simulator, *, age: float = 0, nonce: str = "n", spoil: bool = False, **other: str):
        sections = configparser.ConfigParser(interpolation=None)
        sections.read(simulator.edgerc)
        section = sections["default"]
        names = ("client_token", "client_secret", "access_token")
        super().__init__(**({name: section[name] for name in names} | other))
        self.age, self.nonce, self.spoil = age, nonce, spoil

    def __call__(self, request: Any) -> Any:
        timestamp = time.strftime("%Y%m%dT%H:%M:%S+0000", time.gmtime(time.time() - self.age))
        header = self.ah.make_auth_header(request, timestamp, self.nonce)
        request.headers["Authorization"] = header.replace("signature=", "signature=A") if self.spoil else header
        return request


@pytest.mark.parametrize("section", ["default", "reseller"])
def test_accepted(call: Callable[..., requests.Response], section: str) -> None:
    assert call(PATH, section=section).status_code == requests.codes.ok


@pytest.mark.parametrize(
    ("options", "status", "type_tail", "detail"),
    [
        ({"age": 40}, 400, "pep-authn/request-error", "Invalid timestamp"),
        ({"age": -40}, 400, "pep-authn/request-error", "Invalid timestamp"),
        ({"client_token": "unknown"}, 400, "pep-authn/request-error", "Invalid client token"),
        ({"access_token": "unknown"}, 400, "pep-authn/request-error", "Invalid access token"),
        ({"client_secret": "wrong"}, 401, "pep-authn/deny", "The signature does not match"),
        ({"spoil": True}, 401, "pep-authn/deny", "The signature does not match"),
    ],
)
def test_refused(
    simulator: Simulator,
    call: Callable[..., requests.Response],
    options: dict[str, Any],
    status: int,
    type_tail: str,
    detail: str,
) -> None:
    answer = call(PATH, auth=Signed(simulator, **options))
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["detail"]) == (status, status, detail)
    assert problem["type"].endswith(type_tail)
    assert problem["instance"] == f"https://{simulator.host}{PATH}"
    assert {"title", "method", "serverIp", "clientIp", "requestId", "requestTime"} <= set(problem)


def test_nonce_works_once(simulator: Simulator, call: Callable[..., requests.Response]) -> None:
    signed = Signed(simulator, nonce="once")
    assert call(PATH, auth=signed).status_code == requests.codes.ok
    again = call(PATH, auth=signed)
    assert (again.status_code, again.json()["detail"]) == (400, "Invalid nonce")
    assert simulator.counters()["reused_nonces"] == 1


@pytest.mark.parametrize(
    ("section", "status", "detail"),
    [
        ("no_grant", 403, "The client does not have the grant needed for the request"),
        ("inactive", 401, "Inactive client token"),
        ("wrong_secret", 401, "The signature does not match"),
    ],
)
def test_sections_that_fail(call: Callable[..., requests.Response], section: str, status: int, detail: str) -> None:
    answer = call(PATH, section=section)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def test_unsigned_request(simulator: Simulator) -> None:
    answer = requests.get(f"https://{simulator.host}{PATH}", verify=simulator.ca_path, timeout=10)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Invalid authorization header")


def test_body_of_a_post_is_signed(simulator: Simulator, call: Callable[..., requests.Response]) -> None:
    class Swapped(Signed):
        def __call__(self, request: Any) -> Any:
            super().__call__(request)
            request.body = b'{"b"' + request.body[4:]
            return request

    answer = call("/invoicing-api/v4/notifications", method="POST", json={"a": 1}, auth=Swapped(simulator))
    assert (answer.status_code, answer.json()["detail"]) == (401, "The signature does not match")
