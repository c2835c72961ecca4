# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Keeps one session within the requests a minute that an account shares among all its clients."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import threading
import time
import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._times import http_date, iso_time

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# One request is left for the account's other clients, so that they are not the ones refused.
RESERVE = 1

# The quota is one of requests a minute: an answer that asks for more patience than this is not waited for.
LONGEST_WAIT = 300.0


class Quota:
    """A model of the account's token bucket, corrected by every answer's X-RateLimit headers.

    The bucket holds C(X-RateLimit-Limit) requests and fills again within a minute. What an answer says remains is
    reduced by the requests that may have been counted after it, so that concurrent workers do not spend a request
    twice. Without these headers nothing is held back. Times are seconds of the monotonic clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limit: int | None = None
        self._tokens = 0.0
        self._counted_at = 0.0
        self._not_before = 0.0
        self.issued = 0
        self._open: set[int] = set()
        self._server_ahead = float("-inf")

    def acquire(self) -> int:
        """Wait until a request may be sent; the ticket says which one it is."""
        while True:
            with self._lock:
                wait = self._wait()
                if wait <= 0:
                    self._tokens -= 1
                    self.issued += 1
                    self._open.add(self.issued)
                    return self.issued
            time.sleep(wait)

    def release(self, ticket: int, headers: Mapping[str, str] | None = None) -> None:
        """The request has been answered, with these headers, or has failed without an answer."""
        with self._lock:
            self._open.discard(ticket)
            if headers is None:
                return
            now = time.monotonic()
            self._follow_clock(headers, now)
            limit, remaining = _integer(headers, "X-RateLimit-Limit"), _integer(headers, "X-RateLimit-Remaining")
            if not limit or remaining is None:
                return
            maybe_uncounted = self.issued - ticket + sum(1 for other in self._open if other < ticket)
            self._limit, self._counted_at = limit, now
            self._tokens = min(remaining, limit) - maybe_uncounted
            if remaining == 0:
                self._not_before = max(self._not_before, now + min(LONGEST_WAIT, self._until_next(headers, now) or 0.0))

    def pause(self, seconds: float) -> None:
        """No request of this session is sent for so long: the API has refused one."""
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def asked_wait(self, headers: Mapping[str, str]) -> float | None:
        """The seconds that an answer asks to wait: C(Retry-After), else until C(X-RateLimit-Next); None if neither."""
        now = time.monotonic()
        retry_after = headers.get("Retry-After", "").strip()
        if retry_after.isdigit():
            return float(retry_after)
        until = http_date(retry_after)
        with self._lock:
            self._follow_clock(headers, now)
            if until is not None:
                return max(0.0, until.timestamp() - self._server_time(now))
            return self._until_next(headers, now)

    def _wait(self) -> float:
        now = time.monotonic()
        wait = self._not_before - now
        if self._limit is not None:
            rate = self._limit / 60
            self._tokens = min(self._limit, self._tokens + (now - self._counted_at) * rate)
            self._counted_at = now
            wait = max(wait, (1 + min(RESERVE, self._limit - 1) - self._tokens) / rate)
        return wait

    def _until_next(self, headers: Mapping[str, str], now: float) -> float | None:
        moment = iso_time(headers.get("X-RateLimit-Next"))
        return None if moment is None else max(0.0, moment.timestamp() - self._server_time(now))

    def _server_time(self, now: float) -> float:
        if self._server_ahead == float("-inf"):
            return time.time()
        return now + self._server_ahead

    def _follow_clock(self, headers: Mapping[str, str], now: float) -> None:
        # Date is cut to whole seconds: each answer bounds the clock of the server from below: the largest is closest.
        date = http_date(headers.get("Date"))
        if date is not None:
            self._server_ahead = max(self._server_ahead, date.timestamp() - now)


def _integer(headers: Mapping[str, str], name: str) -> int | None:
    try:
        return max(0, int(headers.get(name, "")))
    except ValueError:
        return None
