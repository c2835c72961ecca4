# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Answers that are endless, slow, cut, packed or hostile, from a server that sends raw bytes."""

from __future__ import annotations

import json
import time
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session, read_json
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError, InvoicingError

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/pdf\n"
CHUNKED = HEAD + "Transfer-Encoding: chunked"
LIST = "/invoicing-api/v4/contracts/C-0N7RAC7/invoices"

Fetch = t.Callable[..., bytes]


@pytest.fixture
def fetch(simulator: Simulator) -> Fetch:
    """Fetch the demo invoice with the connection options given, in one try."""

    def call(**options: t.Any) -> bytes:
        connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 20.0, "retries": 0}
        with Session.from_options(connection | {"validate_certs": True} | options, {}) as session:
            return session.get(
                f"{LIST}/1234567890/download",
                lambda response: b"".join(response.pieces()),
                params={"sourceType": "REGULAR"},
                accept="application/pdf",
            ).value

    return call


def refused(fetch: Fetch, **options: t.Any) -> str:
    """What a user reads: one line, without anything that a terminal obeys."""
    with pytest.raises(InvoicingError) as failed:
        fetch(**options)
    message = str(failed.value)
    assert message.startswith("GET /")
    assert message.isprintable()
    assert len(message) <= 600
    json.dumps(failed.value.details).encode()
    return message


@pytest.mark.parametrize(
    "fault",
    [
        {"head": HEAD + "Content-Length: 1000000", "body": "", "repeat": "x", "pause": 0.1},
        {"head": CHUNKED, "body": "", "repeat": "1\nx\n", "pause": 0.1},
        {"head": "", "body": "HTTP/1.1 200 OK\r\nX-Slow: ", "repeat": "x", "pause": 0.1},
        {"head": "", "body": "", "repeat": "H", "pause": 0.1},
        {"head": "", "body": "", "repeat": "HTTP/1.1 100 Continue\n\n", "pause": 0.1},
        {"head": CHUNKED, "body": "0\r\n", "repeat": "X: y\n", "pause": 0.1},
    ],
    ids=["body", "chunks", "headers", "status line", "100 Continue", "trailers"],
)
def test_an_answer_that_drips_without_end_is_given_up(
    fetch: Fetch, simulator: Simulator, fault: dict[str, t.Any]
) -> None:
    simulator.fault("raw", **fault)
    started = time.monotonic()
    assert "slow" in refused(fetch, timeout=1.0)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "fault",
    [
        {"head": "", "body": "", "repeat": "HTTP/1.1 100 Continue\n\n" * 1000},
        {"head": "", "body": "HTTP/1.1 200 OK\r\nX-Long: ", "repeat": "x" * 10000},
        {"head": "", "body": "", "repeat": "x" * 10000},
        {"head": CHUNKED, "body": "", "repeat": "x" * 10000},
        {"head": CHUNKED, "body": "0\r\n", "repeat": "X: " + "y" * 60000 + "\n"},
    ],
    ids=["100 Continue", "header", "status line", "size of a chunk", "trailers"],
)
def test_an_answer_without_end_is_given_up(fetch: Fetch, simulator: Simulator, fault: dict[str, t.Any]) -> None:
    simulator.fault("raw", **fault)
    started = time.monotonic()
    refused(fetch)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "fault",
    [
        {"head": HEAD + "X-None: 0", "body": "", "repeat": "x" * 10000},
        {"head": HEAD + "Content-Length: 99999999999999", "body": ""},
        {"head": HEAD + "Content-Encoding: gzip", "zeros": 100 * 2**20, "layers": ["gzip"]},
        {"head": CHUNKED, "body": "", "repeat": "64\n" + "x" * 100 + "\n"},
    ],
    ids=["endless", "announced", "packed", "chunks"],
)
def test_max_size_is_checked_while_the_document_arrives(
    fetch: Fetch, simulator: Simulator, fault: dict[str, t.Any]
) -> None:
    simulator.fault("raw", **fault)
    assert "is larger than max_size (1000000 bytes). Nothing of it was kept" in refused(fetch, max_size=1000000)


def test_max_size_permits_a_document_of_its_size(fetch: Fetch) -> None:
    document = fetch()
    assert fetch(max_size=len(document)) == document
    assert "larger than max_size" in refused(fetch, max_size=len(document) - 1)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "\x1b[31m"])
def test_an_encoding_that_was_not_requested_is_refused(fetch: Fetch, simulator: Simulator, encoding: str) -> None:
    simulator.fault("raw", head=f"{HEAD}Content-Length: $length\nContent-Encoding: {encoding}", layers=["gzip", "gzip"])
    assert "but only gzip or deflate was requested" in refused(fetch)


@pytest.mark.parametrize(("layer", "encoding"), [("gzip", "gzip"), ("gzip", "X-GZIP"), ("deflate", "deflate")])
def test_a_packed_document_is_unpacked(fetch: Fetch, simulator: Simulator, layer: str, encoding: str) -> None:
    document = fetch()
    simulator.fault("raw", head=f"{HEAD}Content-Encoding: {encoding}", layers=[layer])
    assert fetch() == document


@pytest.mark.parametrize("keep", [-1, -8, -9, -40, 10, 1, 0])
def test_a_packed_document_that_is_cut_is_refused(fetch: Fetch, simulator: Simulator, keep: int) -> None:
    # Without a length only the packed stream itself says that something is missing.
    simulator.fault("raw", head=HEAD + "Content-Encoding: gzip", layers=["gzip"], keep=keep)
    assert "cut short: its gzip stream has no end" in refused(fetch)


def test_what_is_not_packed_is_refused(fetch: Fetch, simulator: Simulator) -> None:
    simulator.fault("raw", head=HEAD + "Content-Encoding: gzip", body="%PDF-1.4")
    assert "it cannot be decoded as gzip" in refused(fetch)


@pytest.mark.parametrize(
    "size",
    ["-1", "+3", "zz", "", "0x3", "1_0", "f" * 400, "\x1b[31m", "3\x00", "$authorization", "$signature"],
    ids=lambda size: ascii(size)[:12],
)
def test_the_size_of_a_chunk_is_a_number(fetch: Fetch, simulator: Simulator, size: str) -> None:
    simulator.fault("raw", head=CHUNKED, body=f"{size}\r\nabc\r\n0\r\n\r\n")
    message = refused(fetch)
    assert "EG1-" not in message
    assert "a chunk without its size" in message


def test_chunks_with_extensions_and_trailers_are_read(fetch: Fetch, simulator: Simulator) -> None:
    simulator.fault("raw", head=CHUNKED, body="3;a=b\r\nabc\r\n0A \r\n0123456789\r\n0\r\nX: y\r\n\r\n")
    assert fetch() == b"abc0123456789"


@pytest.mark.parametrize("length", ["\xb2", "x", "-5", "12.5", "0x10", "1_0", ""])
def test_a_length_that_is_no_number_is_none(fetch: Fetch, simulator: Simulator, length: str) -> None:
    document = fetch()
    simulator.fault("raw", head=f"{HEAD}Content-Length: {length}")
    assert fetch() == document


@pytest.mark.parametrize("length", ["9" * 400, "9" * 5000, "1, 2"], ids=len)
def test_a_length_that_cannot_be_is_refused(fetch: Fetch, simulator: Simulator, length: str) -> None:
    simulator.fault("raw", head=f"{HEAD}Content-Length: {length}")
    refused(fetch)


@pytest.mark.parametrize("echo", ["$authorization", "$client_token", "$access_token", "signature=$signature"])
@pytest.mark.parametrize(
    "fault",
    [
        {"head": "HTTP/1.1 2x0 ECHO"},
        {"head": "HTTP/1.1 403 No", "body": "<p>ECHO</p>"},
        {"head": "HTTP/1.1 403 No", "body": '{"title": "ECHO", "detail": "ECHO", "errors": [{"title": "ECHO"}]}'},
        {"head": "HTTP/1.1 302 No\nLocation: https://ECHO.example/"},
        {"head": HEAD + "Content-Encoding: ECHO"},
        {"head": CHUNKED, "body": "ECHO\r\n"},
        {"head": "ECHO"},
    ],
    ids=["status line", "page", "problem", "redirect", "encoding", "chunk", "no HTTP"],
)
def test_credentials_that_a_server_repeats_are_not_shown(
    fetch: Fetch, simulator: Simulator, fault: dict[str, str], echo: str
) -> None:
    simulator.fault(
        "raw", **{name: text.replace("{}", echo).replace("{{", "{").replace("}}", "}") for name, text in fault.items()}
    )
    with pytest.raises(InvoicingError) as failed:
        fetch()
    shown = str(failed.value) + str(failed.value.details)
    with open(simulator.edgerc, encoding="utf-8") as file:
        secrets = [line.partition("= ")[2].strip() for line in file if "_" in line]
    assert not any(secret in shown for secret in secrets if secret)
    assert "EG1-HMAC" not in shown
    # What is left of a signature is none: 44 characters of base64.
    assert not any(len(word) > 40 and word.endswith("=") for word in shown.replace("'", " ").split())


@pytest.mark.parametrize("digits", ["9" * 401, "0." + "9" * 500, "NaN", "-Infinity"], ids=lambda text: text[:9])
def test_numbers_of_a_list_are_bounded(simulator: Simulator, digits: str) -> None:
    simulator.fault("body", body=f"[{digits}]", content_type="application/json")
    connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 20.0, "retries": 0}
    with (
        Session.from_options(connection | {"validate_certs": True}, {}) as session,
        pytest.raises(ApiError, match="is not JSON"),
    ):
        session.get(LIST, read_json, params={"month": "2024-05"})
