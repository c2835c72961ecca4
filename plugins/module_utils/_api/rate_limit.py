# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Keeps one session within the requests a minute that an account shares among all its clients."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import random
import threading
import time
import typing as t
from collections import deque

from .values import http_date, parse_delay, parse_integer

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# The last requests of the quota are sent one at a time, so that what other clients send meanwhile is noticed.
RESERVE = 5

# The quota is one of requests a minute: an answer that asks for more patience than this is not waited for.
MINUTE = 60.0
MAX_WAIT = 300.0

# Seconds to wait at least after a refusal, doubled with each further one in a row, so that a few of them outlast the
# minute in which a quota is renewed. They differ by chance, so that several clients do not meet again and again.
FIRST_WAIT = 3.0
MAX_PROBE_WAIT = 30.0
SPREAD = 1.3

# What was granted in the minute before a refusal is taken for the quota when it is so much at least. A part of it is
# used, less after each further refusal, and a little more after each minute without one.
MIN_EVIDENCE = 20
FIRST_PART = 0.95
NEXT_PART = 0.75
GROWTH = 1.1

# As long as no answer has shown what remains, no more requests than this wait for an answer: all are refused together.
MAX_UNKNOWN = 8

# A server's clock that differs more than this from ours is not believed.
MAX_CLOCK_OFFSET = 86400.0


class RateLimiter:
    """Sends what the answers permit, whether the quota is a token bucket, a fixed or a sliding window.

    - Answers with X-RateLimit headers: as many requests as the newest of them leaves may be under way at once, the last
      few one at a time, and after the last none before ``X-RateLimit-Next``.
    - Answers without these headers: nothing is held back until the first refusal. After it, requests are spaced so that
      a minute has a little fewer than were granted in the minute before.
    - After a refusal (status 429) one request probes, after as long as the answer asks or a growing time, and all
      others wait for its answer.

    Times are seconds of the monotonic clock. Twice ``retries`` probes in a row may be refused.
    """

    def __init__(self, retries: int = 5) -> None:
        self._retries = retries
        self._changed = threading.Condition()
        self.sent = 0
        self._completed = 0
        # The tickets of open requests, each with how many requests were completed when it was sent.
        self._open: dict[int, int] = {}
        self._latest_counted = 0
        self._remaining: int | None = None
        self._not_before = 0.0
        self._interval = 0.0
        self._learned_at = 0.0
        self._granted: deque[float] = deque()
        self._refusals = 0
        self._sent_before_refusal = 0
        self._clock_offset: float | None = None

    @property
    def exhausted(self) -> bool:
        """Whether so many probes in a row were refused that there is no hope: twice as many as there are retries."""
        return self._refusals > 2 * self._retries

    def acquire(self) -> int:
        """Wait until a request may be sent; the ticket says which one it is."""
        with self._changed:
            while (wait := self.delay()) > 0:
                self._changed.wait(wait)
            return self.take()

    def delay(self) -> float:
        """The seconds until it is worth asking again whether a request may be sent; 0 when one may."""
        if self._remaining is None:
            held = len(self._open) >= (1 if self._refusals else MAX_UNKNOWN)
        else:
            held = bool(self._open) and (self._refusals > 0 or self._remaining <= RESERVE)
        # An answer ends this wait.
        if held:
            return MINUTE
        return max(0.0, self._not_before - time.monotonic())

    def take(self) -> int:
        """Count a request that is sent now."""
        if self._remaining is not None:
            self._remaining -= 1
        if self._interval:
            self._not_before = time.monotonic() + self._interval
        self.sent += 1
        self._open[self.sent] = self._completed
        return self.sent

    def release(self, ticket: int, status: int | None = None, headers: Mapping[str, str] | None = None) -> None:
        """The request has been answered with this status and these headers, or has failed without an answer."""
        with self._changed:
            completed_before = self._open.pop(ticket)
            self._completed += 1
            if headers is not None:
                now = time.monotonic()
                self._follow_clock(headers, now)
                self._follow_headers(ticket, completed_before, headers, now)
                if status == 429:
                    self._refused(ticket, headers, now)
                else:
                    self._grant(ticket, now)
            self._changed.notify_all()

    def requested_delay(self, headers: Mapping[str, str]) -> float | None:
        """The seconds that an answer asks to wait, None if it does not."""
        offset = self._clock_offset
        return parse_delay(headers, time.time() if offset is None else time.monotonic() + offset)

    def _follow_headers(self, ticket: int, completed_before: int, headers: Mapping[str, str], now: float) -> None:
        remaining = parse_integer(headers.get("X-RateLimit-Remaining"))
        if remaining is None:
            return
        delay = self.requested_delay(headers)
        if remaining == 0 and delay is not None and delay <= MAX_WAIT:
            self._not_before = max(self._not_before, now + delay)
        # What the answer to a later request says is newer.
        if ticket > self._latest_counted:
            self._latest_counted = ticket
            # Each of the requests that were open at the same time may have been counted before this one or after it.
            in_flight = self.sent - completed_before - 1
            self._remaining = remaining - in_flight

    def _refused(self, ticket: int, headers: Mapping[str, str], now: float) -> None:
        delay = self.requested_delay(headers)
        # Those that were under way when another was refused say nothing new.
        if ticket > self._sent_before_refusal:
            self._sent_before_refusal = self.sent
            if not self._refusals:
                self._learn(now)
            self._refusals += 1
            least = min(FIRST_WAIT * 2 ** (self._refusals - 1), MAX_PROBE_WAIT) / (1 if delay is None else 2)
            # Once a request was given up, the next one does not wait as long to be refused too.
            delay = FIRST_WAIT if self.exhausted else max(delay or 0.0, least * random.uniform(1.0, SPREAD))  # noqa: S311
        if delay is not None and delay <= MAX_WAIT:
            self._not_before = max(self._not_before, now + delay)

    def _learn(self, now: float) -> None:
        self._forget(now)
        if self._remaining is None and len(self._granted) >= MIN_EVIDENCE:
            part = NEXT_PART if self._interval else FIRST_PART
            self._interval = MINUTE / (part * len(self._granted))
            self._learned_at = now

    def _grant(self, ticket: int, now: float) -> None:
        if ticket > self._sent_before_refusal:
            self._refusals = 0
        self._granted.append(now)
        self._forget(now)
        if self._interval and now - self._learned_at > MINUTE:
            self._interval /= GROWTH
            self._learned_at = now

    def _forget(self, now: float) -> None:
        while self._granted and self._granted[0] < now - MINUTE:
            self._granted.popleft()

    def _follow_clock(self, headers: Mapping[str, str], now: float) -> None:
        # Date is cut to whole seconds: each answer bounds the clock of the server from below: the largest is closest.
        date = http_date(headers.get("Date"))
        if date is not None and abs(date.timestamp() - time.time()) <= MAX_CLOCK_OFFSET:
            offset = date.timestamp() - now
            self._clock_offset = offset if self._clock_offset is None else max(self._clock_offset, offset)
