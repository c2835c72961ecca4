# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How long the limiter holds requests back, on a clock of the test's own."""

from __future__ import annotations

import heapq
import itertools
import random
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import rate_limit as _rate_limit
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.rate_limit import MAX_WAIT, RateLimiter

if t.TYPE_CHECKING:
    from collections.abc import Callable

START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class Clock:
    """Monotonic time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return START + self.now - 1000.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        # Floating point would lose a shorter time, and with it the end of a wait.
        self.now += max(seconds, 1e-9)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the limiter."""
    clock = Clock()
    monkeypatch.setattr(_rate_limit, "time", clock)
    return clock


def answer(remaining: object, limit: object = 60, **headers: str) -> dict[str, str]:
    """Headers of an answer."""
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(remaining)} | headers


def waited(limiter: RateLimiter, clock: Clock) -> float:
    """The seconds that the next request waits."""
    before = clock.now
    limiter.acquire()
    return clock.now - before


def test_without_headers_nothing_is_held_back(clock: Clock) -> None:
    limiter = RateLimiter()
    for _request in range(1000):
        limiter.release(limiter.acquire(), {"Content-Type": "text/plain"})
    assert clock.now == 1000.0


@pytest.mark.parametrize("headers", [answer("many"), answer(1, "none"), answer(1, 0)], ids=str)
def test_headers_that_are_no_numbers_are_ignored(clock: Clock, headers: dict[str, str]) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), headers)
    assert waited(limiter, clock) == 0


def test_one_request_is_left_to_others(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(3))
    assert [waited(limiter, clock) for _request in range(3)] == pytest.approx([0, 0, 1])


def test_the_server_counts_for_other_clients_too(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(50))
    ticket = limiter.acquire()
    limiter.release(ticket, answer(0))
    # Half of the bucket, 25, is left to who took 49 at once; after 15 seconds half of that is enough.
    assert waited(limiter, clock) == pytest.approx(15, abs=1)


def test_open_requests_are_not_spent_twice(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(6))
    tickets = [limiter.acquire() for _request in range(4)]
    # The first one's answer was counted before the other three: two are left, and one of them is reserved.
    limiter.release(tickets[0], answer(5))
    assert waited(limiter, clock) == 0
    assert waited(limiter, clock) == pytest.approx(1)


def test_a_failed_request_is_not_waited_for_in_the_count(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(4))
    lost = limiter.acquire()
    limiter.release(lost)
    limiter.release(limiter.acquire(), answer(2))
    assert waited(limiter, clock) == 0


def test_at_the_limit_the_servers_next_time_counts(clock: Clock) -> None:
    limiter = RateLimiter()
    late = answer(0, **{"Date": "Thu, 01 Jan 2026 01:00:00 GMT", "X-RateLimit-Next": "2026-01-01T01:00:09.5Z"})
    limiter.release(limiter.acquire(), late)
    assert waited(limiter, clock) == pytest.approx(9.5)


def test_an_absurd_next_time_is_not_waited_for(clock: Clock) -> None:
    limiter = RateLimiter()
    absurd = answer(0, **{"Date": "Thu, 01 Jan 2026 00:00:00 GMT", "X-RateLimit-Next": "2036-01-01T00:00:00Z"})
    limiter.release(limiter.acquire(), absurd)
    assert waited(limiter, clock) == pytest.approx(MAX_WAIT)


def test_a_pause_holds_everything(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.pause(7)
    limiter.pause(3)
    assert waited(limiter, clock) == pytest.approx(7)


def test_a_limit_of_one_request_does_not_wait_for_ever(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(0, 1))
    assert waited(limiter, clock) == pytest.approx(60)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT"}, 30),
        ({"Retry-After": "Thu, 01 Jan 2026 01:00:30 GMT", "Date": "Thu, 01 Jan 2026 01:00:00 GMT"}, 30),
        ({"Retry-After": "Wed, 31 Dec 2025 00:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"X-RateLimit-Next": "2026-01-01T00:00:02.25Z"}, 2.25),
        ({"X-RateLimit-Next": "2026-01-01T00:00:02+00:00", "Retry-After": "5"}, 5),
        ({"X-RateLimit-Next": "tomorrow"}, None),
    ],
    ids=str,
)
def test_the_wait_that_an_answer_asks_for(clock: Clock, headers: dict[str, str], seconds: float | None) -> None:
    assert RateLimiter().requested_delay(headers) == (None if seconds is None else pytest.approx(seconds))


def test_the_servers_clock_is_found_closer_than_a_second(clock: Clock) -> None:
    # The server's clock is 100.9 seconds ahead; Date is cut to whole seconds.
    limiter = RateLimiter()
    for _request in range(20):
        ticket = limiter.acquire()
        clock.sleep(0.13)
        second = int(clock.time() + 100.9 - START)
        limiter.release(ticket, {"Date": f"Thu, 01 Jan 2026 00:{second // 60:02}:{second % 60:02} GMT"})
    ahead = clock.time() + 100.9 - START + 1
    wait = limiter.requested_delay({"X-RateLimit-Next": f"2026-01-01T00:{int(ahead // 60):02}:{ahead % 60:09.6f}Z"})
    assert wait == pytest.approx(1, abs=0.14)


class Account(Clock):
    """An account's token bucket, with others who use it, and a session of ours, all in one time of their own."""

    def __init__(self, limit: int, burst: int, seed: int) -> None:
        super().__init__()
        self.refused = 0
        self._limit = limit
        self._burst = self._tokens = float(burst)
        self._filled = self.now
        self._random = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        # A real sleep takes longer than it was asked to, if only by this.
        until = self.now + seconds + 1e-4
        while self._events and self._events[0][0] <= until:
            self._pass()
        self.now = until

    def others(self, count: int, every: float) -> None:
        """Somebody else takes so many requests each so many seconds."""

        def take() -> None:
            self._fill()
            self._tokens = max(0, self._tokens - count)
            self._later(every, take)

        self._later(every * self._random.random(), take)

    def fetch(self, requests: int, workers: int) -> float:
        """Have so many requests granted; the seconds that it took."""
        limiter = RateLimiter()
        started, granted, open_ones = self.now, 0, 0

        def send() -> None:
            nonlocal open_ones
            ticket = limiter.acquire()
            open_ones += 1
            self._later(self._random.uniform(0.003, 0.007), lambda: arrive(ticket))

        def arrive(ticket: int) -> None:
            self._fill()
            is_granted = self._tokens >= 1
            self._tokens -= is_granted
            told = answer(int(self._tokens), self._limit)
            self._later(self._random.uniform(0.003, 0.007), lambda: receive(ticket, told, is_granted))

        def receive(ticket: int, told: dict[str, str], is_granted: bool) -> None:
            nonlocal granted, open_ones
            open_ones -= 1
            granted += is_granted
            limiter.release(ticket, told)
            if not is_granted:
                self.refused += 1
                limiter.pause(0.4)

        while granted < requests:
            if open_ones < min(workers, requests - granted):
                send()
            else:
                self._pass()
        return self.now - started

    def _later(self, seconds: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), event))

    def _pass(self) -> None:
        self.now, _number, event = heapq.heappop(self._events)
        event()

    def _fill(self) -> None:
        self._tokens = min(self._burst, self._tokens + (self.now - self._filled) * self._limit / 60)
        self._filled = self.now


@pytest.fixture(params=range(5))
def account(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Account:
    """An account of 25 requests a second and 20 at once."""
    account = Account(1500, 20, seed=request.param)
    monkeypatch.setattr(_rate_limit, "time", account)
    return account


@pytest.mark.parametrize("workers", [1, 4, 16])
@pytest.mark.parametrize(("count", "every"), [(1, 0.1), (4, 0.4), (2, 0.15)])
def test_what_others_take_is_left_to_them(account: Account, count: int, every: float, workers: int) -> None:
    account.others(count, every)
    seconds = account.fetch(120, workers)
    assert account.refused == 0
    # All that they leave is used, but for what stays in the bucket at the end, half of it at most, and their next lot.
    assert seconds <= (120 - 20 + 20 / 2 + count) / (25 - count / every)


@pytest.mark.parametrize("workers", [4, 16])
def test_others_who_take_more_than_can_be_left_to_them_are_noticed(account: Account, workers: int) -> None:
    account.others(8, 0.8)
    account.fetch(250, workers)
    assert account.refused <= 3


@pytest.mark.parametrize("workers", [4, 16])
def test_alone_the_quota_is_used_up_and_not_exceeded(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    account = Account(3000, 50, seed=1)
    monkeypatch.setattr(_rate_limit, "time", account)
    assert account.fetch(2000, workers) <= 1.02 * (2000 - 50) / 50
    assert account.refused == 0


def test_what_others_took_is_left_to_them_for_a_while(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(50))
    limiter.release(limiter.acquire(), answer(39))
    # Ten were missing: they and one more are left of the 39.
    assert [waited(limiter, clock) for _request in range(29)] == pytest.approx([0] * 28 + [1], abs=0.5)
    clock.sleep(120)
    assert [waited(limiter, clock) for _request in range(59)] == pytest.approx([0] * 58 + [0.05], abs=0.05)


def test_an_answer_that_was_overtaken_is_out_of_date(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(4))
    slow, fast = limiter.acquire(), limiter.acquire()
    # The slow one may not have been counted yet: one is left, the one that is reserved.
    limiter.release(fast, answer(2))
    limiter.release(slow, answer(3))
    assert waited(limiter, clock) == pytest.approx(1)


def test_the_last_answer_may_not_be_the_last_one_counted(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(5))
    first, second = limiter.acquire(), limiter.acquire()
    limiter.release(first, answer(3))
    # Its answer came last; all the same, the first was counted after it: three are left, one of them is reserved.
    limiter.release(second, answer(4))
    assert [waited(limiter, clock) for _request in range(3)] == pytest.approx([0, 0, 1])


def test_a_bucket_smaller_than_the_limit_is_no_sign_of_others(clock: Clock) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.acquire(), answer(19, 600))
    clock.sleep(30)
    limiter.release(limiter.acquire(), answer(19, 600))
    # The refill of a quarter of a second, 2.5, is always left.
    assert [waited(limiter, clock) for _request in range(17)] == pytest.approx([0] * 16 + [0.05])
