# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Faults, quota, counters and the other host."""

from __future__ import annotations

import datetime
import gzip
import os
import stat
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    Call = Callable[..., requests.Response]

PATH = "/invoicing-api/v4/contracts/C-0N7RAC7/invoices/1234567890/download"
LIST = "/invoicing-api/v4/invoices?month=2024-05"


@pytest.fixture
def whole(call: Call) -> bytes:
    return call(PATH, headers={"Accept": "application/pdf"}).content


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("reset", {}),
        ("cut", {}),
        ("cut", {"chunked": True}),
        ("cut", {"after": 0}),
        ("length", {"by": 3}),
    ],
)
def test_broken_answers(simulator: Simulator, call: Call, kind: str, options: dict[str, Any]) -> None:
    simulator.fault(kind, path="download", **options)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call(PATH)
    assert call(PATH).content.endswith(b"%%EOF\n")


@pytest.mark.parametrize(
    ("kind", "options", "status", "content_type"),
    [
        ("status", {"status": 503, "headers": {"Retry-After": "2"}}, 503, "application/problem+json"),
        ("status", {"status": 429, "body": "slow down"}, 429, "text/plain"),
        ("html", {}, 200, "text/html"),
        ("empty", {}, 200, "application/pdf"),
        ("wrong_type", {}, 200, "application/octet-stream"),
        ("truncated", {}, 200, "application/pdf"),
        ("length", {"by": -3}, 200, "application/pdf"),
        ("auth", {"reason": "burst"}, 400, "application/problem+json"),
        ("auth", {"reason": "grant"}, 403, "application/problem+json"),
    ],
)
def test_wrong_answers(
    simulator: Simulator,
    call: Call,
    whole: bytes,
    kind: str,
    options: dict[str, Any],
    status: int,
    content_type: str,
) -> None:
    simulator.fault(kind, contract="C-0N7RAC7", invoice=1234567890, method="GET", **options)
    answer = call(PATH)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, content_type)
    assert (answer.content == whole) == (kind == "wrong_type")
    assert options.get("headers", {}).items() <= answer.headers.items()
    assert call(PATH).content == whole


@pytest.mark.parametrize(
    ("kind", "options", "header"),
    [
        ("gzip", {}, ("Content-Encoding", "gzip")),
        ("chunked", {}, ("Transfer-Encoding", "chunked")),
        ("slow", {"delay": 0.05, "trickle": 0.1}, ("Content-Type", "application/pdf")),
        ("stall", {"seconds": 0.05}, ("Content-Type", "application/pdf")),
    ],
)
def test_unusual_but_whole_answers(
    simulator: Simulator, call: Call, whole: bytes, kind: str, options: dict[str, Any], header: tuple[str, str]
) -> None:
    simulator.fault(kind, **options)
    answer = call(PATH)
    assert answer.content == whole
    assert answer.headers[header[0]] == header[1]
    assert "X-RateLimit-Remaining" in answer.headers


def test_raw_is_sent_as_it_is(simulator: Simulator, call: Call, whole: bytes) -> None:
    simulator.fault("raw")
    assert call(PATH).content == whole
    simulator.fault("raw", head="HTTP/1.1 200 $signature\nContent-Type: $type", layers=["deflate", "gzip"], zeros=9)
    answer = call(PATH)
    assert answer.reason == simulator.requests()[-1]["signature"]
    assert zlib.decompress(gzip.decompress(answer.content)) == whole + b"0" * 9
    simulator.fault("raw", body="$client_token", keep=4)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call(PATH)
    simulator.fault("raw", head="HTTP/1.1 200 OK\nContent-Length: 40", body="", repeat="drip", pause=0.01)
    assert call(PATH).content == b"drip" * 10


def test_gzip_is_gzip(simulator: Simulator, call: Call, whole: bytes) -> None:
    simulator.fault("gzip")
    with_stream = call(PATH, stream=True)
    assert gzip.decompress(with_stream.raw.read(decode_content=False)) == whole


def test_stall_ends_with_the_client(simulator: Simulator, call: Call) -> None:
    simulator.fault("stall")
    with pytest.raises(requests.ConnectionError):
        call(PATH, timeout=0.2)
    assert call(PATH).status_code == requests.codes.ok


@pytest.mark.parametrize("seconds", [120, -120])
def test_skew(simulator: Simulator, call: Call, seconds: int) -> None:
    simulator.fault("skew", seconds=seconds, times=None)
    answer = call(PATH)
    assert answer.json()["detail"] == "Invalid timestamp"
    server = datetime.datetime.strptime(answer.json()["requestTime"], "%Y-%m-%dT%H:%M:%S%z")
    assert abs(server.timestamp() - time.time() - seconds) < 5
    shown = datetime.datetime.strptime(answer.headers["Date"], "%a, %d %b %Y %H:%M:%S %Z")
    assert abs(shown - server.replace(tzinfo=None)) <= datetime.timedelta(seconds=1)


def test_redirect_to_another_host(simulator: Simulator, call: Call) -> None:
    simulator.fault("redirect", location=f"{simulator.foreign}stolen")
    answer = call(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{simulator.foreign}stolen")
    assert simulator.foreign_requests() == []
    requests.get(answer.headers["Location"], headers={"X-Seen": "1"}, verify=simulator.ca_path, timeout=10)
    (seen,) = simulator.foreign_requests()
    assert (seen["path"], seen["headers"]["X-Seen"]) == ("/stolen", "1")


def test_times_and_matching(simulator: Simulator, call: Call) -> None:
    simulator.fault("status", path=r"/download$", times=2)
    assert call(LIST).status_code == requests.codes.ok
    assert [call(PATH).status_code for _try in range(3)] == [500, 500, 200]


@pytest.mark.parametrize(
    "fields", [{"kind": "unknown"}, {"kind": "auth", "reason": "unknown"}, {"kind": "cut", "afterr": 1}]
)
def test_wrong_faults_are_refused(simulator: Simulator, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown|unexpected"):
        simulator.control("fault", fields)


def test_quota(simulator: Simulator, call: Call) -> None:
    simulator.quota(limit=1, burst=5, tokens=3)
    remaining = [call(LIST).headers["X-RateLimit-Remaining"] for _try in range(3)]
    assert remaining == ["2", "1", "0"]
    bodies = []
    for _try in range(4):
        refused = call(LIST)
        assert refused.status_code == requests.codes.too_many_requests
        bodies.append(refused.headers["Content-Type"].split(";")[0])
    assert set(bodies) == {"application/problem+json", "text/plain"}
    counters = simulator.counters()
    assert (counters["throttled"], counters["total"]) == (4, 7)


def test_from_the_time_told_on_a_request_is_let_in(simulator: Simulator, call: Call) -> None:
    simulator.quota(limit=60, tokens=0)
    # On a slow machine a token may come in before the first request does.
    answers = (call(LIST) for _try in range(20))
    refused = next(answer for answer in answers if answer.status_code == requests.codes.too_many_requests)
    moment, fraction = refused.headers["X-RateLimit-Next"].rstrip("Z").split(".")
    whole_seconds = datetime.datetime.fromisoformat(f"{moment}+00:00").timestamp()
    time.sleep(max(0.0, whole_seconds + float(f"0.{fraction}") - time.time()))
    assert call(LIST).status_code == requests.codes.ok


def test_quota_is_for_each_account(simulator: Simulator, call: Call) -> None:
    simulator.quota(limit=2)
    simulator.quota(used=2, account="A-CCT7890")
    assert call(LIST).status_code == requests.codes.too_many_requests
    assert call(LIST, params={"accountSwitchKey": "1-ABCD"}).headers["X-RateLimit-Remaining"] == "1"


def test_quota_off(simulator: Simulator, call: Call) -> None:
    simulator.quota(limit=1, off=True)
    assert {call(LIST).status_code for _try in range(3)} == {requests.codes.ok}


def test_counters(simulator: Simulator, call: Call) -> None:
    sizes = [len(call(path).content) for path in (PATH, PATH, LIST)]
    counters = simulator.counters()
    assert counters["requests"] == {f"GET {PATH}": 2, "GET /invoicing-api/v4/invoices": 1}
    assert counters["templates"]["GET /invoicing-api/v4/contracts/{contract}/invoices/{invoice}/download"] == 2
    assert (counters["retries"], counters["connections"], counters["max_concurrent"]) == (1, 1, 1)
    assert counters["bytes"] == sum(sizes)
    assert [entry["path"] for entry in simulator.requests()] == [PATH, PATH, LIST]


def test_files_are_private(simulator: Simulator) -> None:
    assert stat.S_IMODE(os.stat(simulator.edgerc).st_mode) == 0o600
    assert Path(simulator.ca_path).read_text(encoding="ascii").startswith("-----BEGIN CERTIFICATE")
