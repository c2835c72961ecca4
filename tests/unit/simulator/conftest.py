# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A session that signs with edgegrid-python, as a client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from akamai.edgegrid import EdgeGridAuth, EdgeRc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


@pytest.fixture
def call(simulator: Simulator) -> Iterator[Callable[..., requests.Response]]:
    """Send a signed request: path, then what requests takes; ``section`` and ``method`` choose the rest."""
    edgerc = EdgeRc(simulator.edgerc)
    with requests.Session() as session:

        def send(path: str, *, section: str = "default", method: str = "GET", **options: Any) -> requests.Response:
            options.setdefault("auth", EdgeGridAuth.from_edgerc(edgerc, section))
            options.setdefault("timeout", 10)
            url = f"https://{simulator.host}{path}"
            return session.request(method, url, verify=simulator.ca_path, allow_redirects=False, **options)

        yield send
