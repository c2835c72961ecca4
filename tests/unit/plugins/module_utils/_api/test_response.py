# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Answers that are cut, packed or hostile, from a server that sends raw bytes."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    NOT_SHOWN,
    InvoicingError,
)

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/pdf\n"
CHUNKED = HEAD + "Transfer-Encoding: chunked"
LIST = "/invoicing-api/v4/contracts/C-0N7RAC7/invoices"

Fetch = t.Callable[..., bytes]
Refused = t.Callable[..., str]


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "\x1b[31m"])
def test_an_encoding_that_was_not_requested_is_refused(refused: Refused, simulator: Simulator, encoding: str) -> None:
    simulator.fault("raw", head=f"{HEAD}Content-Length: $length\nContent-Encoding: {encoding}", layers=["gzip", "gzip"])
    assert "but only gzip or deflate was requested" in refused()


@pytest.mark.parametrize(("layer", "encoding"), [("gzip", "gzip"), ("gzip", "X-GZIP"), ("deflate", "deflate")])
def test_a_packed_document_is_unpacked(fetch: Fetch, simulator: Simulator, layer: str, encoding: str) -> None:
    document = fetch()
    simulator.fault("raw", head=f"{HEAD}Content-Encoding: {encoding}", layers=[layer])
    assert fetch() == document


@pytest.mark.parametrize("keep", [-1, -8, -9, -40, 10, 1, 0])
def test_a_packed_document_that_is_cut_is_refused(refused: Refused, simulator: Simulator, keep: int) -> None:
    # Without a length only the packed stream itself says that something is missing.
    simulator.fault("raw", head=HEAD + "Content-Encoding: gzip", layers=["gzip"], keep=keep)
    assert "cut short: its gzip stream has no end" in refused()


def test_what_is_not_packed_is_refused(refused: Refused, simulator: Simulator) -> None:
    simulator.fault("raw", head=HEAD + "Content-Encoding: gzip", body="%PDF-1.4")
    assert "it cannot be decoded as gzip" in refused()


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
    simulator.fault("raw", **{name: text.replace("ECHO", echo) for name, text in fault.items()})
    with pytest.raises(InvoicingError) as failed:
        fetch()
    shown = str(failed.value) + str(failed.value.details)
    with open(simulator.edgerc, encoding="utf-8") as file:
        secrets = [line.partition("= ")[2].strip() for line in file if "_" in line]
    assert not any(secret in shown for secret in secrets if secret)
    # What was echoed is masked, all of it: also where only a part of it has room, or it is written in lower case.
    assert NOT_SHOWN in shown
    assert not re.search(r"eg1-hmac|signature=(?!\*{8})", shown, re.IGNORECASE)
