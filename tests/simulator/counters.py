# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What happened since the last reset, for tests to read."""

from __future__ import annotations

import weakref
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

KEPT_REQUESTS = 20_000


class Counters:
    """Numbers of requests, answers, bytes and connections."""

    def __init__(self) -> None:
        self.active = 0
        self.reset()

    def reset(self) -> None:
        """Back to nothing; requests under way stay so."""
        self.requests: Counter[str] = Counter()
        self.templates: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self._connections: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()
        self.connections = 0
        self.bytes = 0
        self.max_concurrent = 0
        self.log: deque[dict[str, Any]] = deque(maxlen=KEPT_REQUESTS)

    def begin(self, connection: asyncio.BaseTransport | None) -> None:
        """A request has come."""
        if connection is not None and connection not in self._connections:
            self._connections.add(connection)
            self.connections += 1
        self.active += 1
        self.max_concurrent = max(self.max_concurrent, self.active)

    def end(self, method: str, path: str, template: str, status: int, size: int) -> None:
        """A request is answered."""
        self.active -= 1
        self.requests[f"{method} {path}"] += 1
        self.templates[f"{method} {template}"] += 1
        self.statuses[status] += 1
        self.bytes += size

    def facts(self) -> dict[str, Any]:
        """All numbers."""
        asked = Counter((entry["method"], entry["path"], entry["accept"]) for entry in self.log)
        return {
            "total": sum(self.requests.values()),
            "requests": self.requests,
            "templates": self.templates,
            "retries": sum(tries - 1 for tries in asked.values()),
            "statuses": self.statuses,
            "throttled": self.statuses[429],
            "connections": self.connections,
            "bytes": self.bytes,
            "max_concurrent": self.max_concurrent,
        }
