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

from .clock import http_date, iso_time

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# The refill of so many seconds, one request at least, is always left to the account's other clients, so that they are
# not the ones refused. It delays a whole run once, by as much.
RESERVE = 0.25

# What others took between two answers they may take again before the next: so much more is left alone, half of it after
# each HALF_LIFE seconds without another surprise, and never more than this part of the bucket.
HALF_LIFE = 15.0
LARGEST_PART = 0.5

# The quota is one of requests a minute: an answer that asks for more patience than this is not waited for.
MAX_WAIT = 300.0

# Answers to other workers, and the end of others' work, can shorten a wait that has begun.
MAX_NAP = 1.0


class RateLimiter:
    """A model of the account's token bucket, corrected by every answer's X-RateLimit headers.

    The bucket fills with ``X-RateLimit-Limit`` requests a minute. What an answer says remains is reduced by the
    requests that may have been counted after it, so that concurrent workers do not spend a request twice. When less
    remains than this session explains, others use the quota too, and a larger reserve is left in the bucket, so that
    this session sends at the pace that they leave. Without these headers nothing is held back. Times are seconds of the
    monotonic clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limit: int | None = None
        self._tokens = 0.0
        # The most that any answer has left in the bucket: its size is not told, and may be less than the limit.
        self._largest_remaining = 0
        self._others_use = 0.0
        self._counted_at = 0.0
        self._not_before = 0.0
        self.sent = 0
        self._completed = 0
        # The tickets of open requests, each with how many requests were completed when it was sent.
        self._open: dict[int, int] = {}
        self._latest_counted = 0
        self._clock_offset = float("-inf")

    def acquire(self) -> int:
        """Wait until a request may be sent; the ticket says which one it is."""
        while True:
            with self._lock:
                wait = self._wait()
                if wait <= 0:
                    self._tokens -= 1
                    self.sent += 1
                    self._open[self.sent] = self._completed
                    return self.sent
            time.sleep(min(wait, MAX_NAP))

    def release(self, ticket: int, headers: Mapping[str, str] | None = None) -> None:
        """The request has been answered, with these headers, or has failed without an answer."""
        with self._lock:
            ended_before = self._open.pop(ticket)
            self._completed += 1
            if headers is None:
                return
            now = time.monotonic()
            self._follow_clock(headers, now)
            limit, remaining = _integer(headers, "X-RateLimit-Limit"), _integer(headers, "X-RateLimit-Remaining")
            # An answer that the answer to a later request has overtaken is out of date.
            if not limit or remaining is None or ticket < self._latest_counted:
                return
            self._latest_counted = ticket
            self._fill(now)
            if self._limit is not None:
                self._watch_others(remaining)
            # Each of the requests that were open at the same time may have been counted before this one or after it.
            in_flight = self.sent - ended_before - 1
            self._limit, self._counted_at = limit, now
            self._tokens = min(remaining, limit) - in_flight
            self._largest_remaining = max(self._largest_remaining, min(remaining, limit))
            if remaining == 0:
                self._not_before = max(self._not_before, now + min(MAX_WAIT, self._until_next(headers, now) or 0.0))

    def pause(self, seconds: float) -> None:
        """No request of this session is sent for so long: the API has refused one."""
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def requested_delay(self, headers: Mapping[str, str]) -> float | None:
        """The seconds that an answer asks to wait: ``Retry-After``, else until ``X-RateLimit-Next``, else None."""
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
            self._fill(now)
            wait = max(wait, (1 + self._reserve(self._limit) - self._tokens) * 60 / self._limit)
        return wait

    def _reserve(self, limit: int) -> float:
        wanted = max(1.0, limit / 60 * RESERVE) + self._others_use
        return min(wanted, max(1.0, self._largest_remaining * LARGEST_PART), limit - 1)

    def _fill(self, now: float) -> None:
        if self._limit is not None:
            passed = now - self._counted_at
            self._tokens = min(self._limit, self._tokens + passed * self._limit / 60)
            self._others_use *= 0.5 ** (passed / HALF_LIFE)
            self._counted_at = now

    def _watch_others(self, remaining: int) -> None:
        # A bucket that was full has not taken what the model says came in. Remaining is cut to whole requests: a
        # difference of less than one says nothing.
        taken = min(self._tokens, self._largest_remaining) - remaining
        if taken >= 1:
            # With nothing left, it is not known how much more they would have taken.
            taken = self._others_use + taken if remaining == 0 else max(self._others_use, taken)
            self._others_use = min(taken, self._largest_remaining * LARGEST_PART)

    def _until_next(self, headers: Mapping[str, str], now: float) -> float | None:
        moment = iso_time(headers.get("X-RateLimit-Next"))
        return None if moment is None else max(0.0, moment.timestamp() - self._server_time(now))

    def _server_time(self, now: float) -> float:
        if self._clock_offset == float("-inf"):
            return time.time()
        return now + self._clock_offset

    def _follow_clock(self, headers: Mapping[str, str], now: float) -> None:
        # Date is cut to whole seconds: each answer bounds the clock of the server from below: the largest is closest.
        date = http_date(headers.get("Date"))
        if date is not None:
            self._clock_offset = max(self._clock_offset, date.timestamp() - now)


def _integer(headers: Mapping[str, str], name: str) -> int | None:
    try:
        return max(0, int(headers.get(name, "")))
    except ValueError:
        return None
