# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A session with the simulator, and requests for one document from a server that sends whatever a test wants."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import InvoicingError

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

LIST = "/invoicing-api/v4/contracts/C-0N7RAC7/invoices"

Fetch = t.Callable[..., bytes]
Refused = t.Callable[..., str]


@pytest.fixture
def session(simulator: Simulator) -> Iterator[Session]:
    """A session with the simulator, without retries."""
    options = {
        "edgerc": simulator.edgerc,
        "ca_path": simulator.ca_path,
        "timeout": 30.0,
        "retries": 0,
        "validate_certs": True,
    }
    with Session.from_options(options, {}) as opened:
        yield opened


@pytest.fixture
def fetch(simulator: Simulator) -> Fetch:
    """Fetch the demo invoice with the connection options given, in one try."""

    def call(**options: t.Any) -> bytes:
        connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 20.0, "retries": 0}
        with Session.from_options(connection | {"validate_certs": True} | options, {}) as session:
            content: bytes = session.get(
                f"{LIST}/1234567890/download",
                lambda response: b"".join(response.pieces()),
                params={"sourceType": "REGULAR"},
                accept="application/pdf",
            ).value
            return content

    return call


@pytest.fixture
def refused(fetch: Fetch) -> Refused:
    """Fetch what is refused. Returns what a user reads: one line, without anything that a terminal obeys."""

    def call(**options: t.Any) -> str:
        with pytest.raises(InvoicingError) as failed:
            fetch(**options)
        message = str(failed.value)
        assert message.startswith("GET /")
        assert message.isprintable()
        assert len(message) <= 600
        json.dumps(failed.value.details).encode()
        return message

    return call
