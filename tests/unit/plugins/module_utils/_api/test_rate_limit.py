# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How the rate limiter paces requests, on a clock of the tests' own, against every form of quota."""

from __future__ import annotations

import heapq
import itertools
import random
import typing as t
from email.utils import formatdate

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import rate_limit as _rate_limit
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.rate_limit import (
    FIRST_WAIT,
    MAX_UNKNOWN,
    MAX_WAIT,
    MINUTE,
    RESERVE,
    RateLimiter,
)
from ansible_collections.edgebill.akamai_invoicing.tests.simulator.quota import FORMS, Quota

if t.TYPE_CHECKING:
    from collections.abc import Callable

START = 1_767_225_600.0  # 2026-01-01T00:00:00Z
LIMIT = 500


class World:
    """A clock that moves from event to event."""

    def __init__(self, seed: int = 0) -> None:
        self.now = 1000.0
        self.random = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return START + self.now - 1000.0

    def later(self, seconds: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), event))

    def run(self) -> None:
        """Let everything happen."""
        while self._events:
            self.now, _number, event = heapq.heappop(self._events)
            event()


class Client:
    """A process with several workers that fetches documents, as a session does: what is refused is tried again."""

    def __init__(self, world: World, quota: Quota, documents: int, workers: int) -> None:
        self.limiter = RateLimiter()
        self.sent = self.done = self.refused = self.lost = 0
        self.ended = 0.0
        self._world = world
        self._quota = quota
        self._waiting = documents
        self._workers = workers
        self._open = 0
        self._next_look = 0.0

    def look(self) -> None:
        """Send what may be sent."""
        while self._waiting and self._open < self._workers:
            delay = self.limiter.delay()
            if delay > 0:
                if not self._world.now < self._next_look <= self._world.now + delay:
                    # A real wait takes longer than it was asked to, if only by this.
                    self._next_look = self._world.now + delay + 1e-4
                    self._world.later(delay + 1e-4, self.look)
                return
            self._waiting -= 1
            self._open += 1
            self.sent += 1
            ticket = self.limiter.take()
            self._world.later(self._half_a_round_trip(), lambda ticket=ticket: self._arrive(ticket))  # type: ignore[misc]

    def _half_a_round_trip(self) -> float:
        return self._world.random.uniform(0.01, 0.04)

    def _arrive(self, ticket: int) -> None:
        granted = self._quota.take("account")
        headers = self._quota.headers("account", self._world.time, refused=not granted)
        headers["Date"] = formatdate(self._world.time(), usegmt=True)
        self._world.later(self._half_a_round_trip(), lambda: self._receive(ticket, granted, headers))

    def _receive(self, ticket: int, granted: bool, headers: dict[str, str]) -> None:
        self.limiter.release(ticket, 200 if granted else 429, headers)
        self._open -= 1
        self.done += granted
        self.refused += not granted
        if not granted:
            self.lost += self.limiter.exhausted
            self._waiting += not self.limiter.exhausted
        self.ended = self._world.now
        self.look()


def fetch(
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    *,
    documents: int = 1000,
    clients: int = 1,
    workers: int = 4,
    **form: t.Any,
) -> tuple[float, list[Client]]:
    """Fetch documents with each of the clients; the seconds that it took."""
    world = World(seed)
    monkeypatch.setattr(_rate_limit, "time", world)
    monkeypatch.setattr(_rate_limit, "random", world.random)
    quota = Quota(["account"], LIMIT, world.monotonic)
    quota.configure(**form)
    found = [Client(world, quota, documents, workers) for _client in range(clients)]
    for client in found:
        world.later(world.random.uniform(0, 5) if clients > 1 else 0, client.look)
    world.run()
    return max(client.ended for client in found) - 1000.0, found


@pytest.mark.parametrize("workers", [8, 16])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("form", FORMS)
def test_with_headers_all_of_the_quota_is_used_and_nothing_refused(
    monkeypatch: pytest.MonkeyPatch, form: str, seed: int, workers: int
) -> None:
    seconds, (client,) = fetch(monkeypatch, seed, form=form, workers=workers)
    assert (client.done, client.refused) == (1000, 0)
    # The first 500 are permitted at once, and the other 500 within the minute after, or at its end.
    assert seconds <= 1.15 * MINUTE


@pytest.mark.parametrize("workers", [1, 4, 16])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("retry_after", [True, False], ids=["Retry-After", "without a word"])
@pytest.mark.parametrize("form", FORMS)
def test_without_headers_refusals_are_few_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, form: str, retry_after: bool, seed: int, workers: int
) -> None:
    _seconds, (client,) = fetch(monkeypatch, seed, form=form, workers=workers, shown=False, retry_after=retry_after)
    assert (client.done, client.lost) == (1000, 0)
    assert client.refused <= 0.02 * client.sent


@pytest.mark.parametrize("clients", [2, 20])
@pytest.mark.parametrize(
    "signs",
    [{"shown": True}, {"shown": False, "retry_after": True}, {"shown": False}],
    ids=["headers", "Retry-After", "without a word"],
)
@pytest.mark.parametrize("form", FORMS)
def test_several_processes_lose_nothing(
    monkeypatch: pytest.MonkeyPatch, form: str, signs: dict[str, bool], clients: int
) -> None:
    _seconds, found = fetch(monkeypatch, 1, documents=2000 // clients, clients=clients, form=form, **signs)
    assert sum(client.lost for client in found) == 0
    assert sum(client.done for client in found) == 2000


def test_a_server_that_only_refuses_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, (client,) = fetch(monkeypatch, 1, documents=10, limit=1, form="fixed", window=10**9, shown=False)
    assert (client.done, client.lost) == (1, 9)
    # The first is given up after ten probes, and the next ones do not wait as long again.
    assert seconds < 300 + 9 * 2 * FIRST_WAIT


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """The clock of the rate limiter."""
    world = World()
    monkeypatch.setattr(_rate_limit, "time", world)
    return world


def answer(remaining: object, **headers: str) -> dict[str, str]:
    """Headers of an answer."""
    return {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": str(remaining)} | headers


@pytest.mark.parametrize("remaining", ["many", "", "-1", "1.5", "\u00b2", "9" * 400])
def test_headers_that_are_no_numbers_are_ignored(world: World, remaining: str) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, answer(remaining))
    assert limiter.delay() == 0


def test_as_long_as_nothing_is_known_few_are_under_way(world: World) -> None:
    limiter = RateLimiter()
    tickets = [limiter.take() for _request in range(MAX_UNKNOWN)]
    assert limiter.delay() > 0
    limiter.release(tickets[0], 200, {})
    assert limiter.delay() == 0
    limiter.release(tickets[1], 200, answer(100))
    for _request in range(50):
        assert limiter.delay() == 0
        limiter.take()


def test_the_last_requests_are_sent_one_at_a_time(world: World) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, answer(RESERVE + 2))
    first, second = limiter.take(), limiter.take()
    assert limiter.delay() > 0
    limiter.release(second, 200, answer(RESERVE))
    assert limiter.delay() > 0
    # Somebody else has taken the others: all the same, the server permits one.
    limiter.release(first, 200, answer(1))
    assert limiter.delay() == 0


def test_an_answer_that_was_overtaken_is_out_of_date(world: World) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, answer(20))
    slow, fast = limiter.take(), limiter.take()
    limiter.release(fast, 200, answer(3))
    limiter.release(slow, 200, answer(19))
    limiter.take()
    assert limiter.delay() > 0


def test_at_the_limit_the_servers_next_time_counts(world: World) -> None:
    limiter = RateLimiter()
    late = answer(0, **{"Date": "Thu, 01 Jan 2026 01:00:00 GMT", "X-RateLimit-Next": "2026-01-01T01:00:09.5Z"})
    limiter.release(limiter.take(), 200, late)
    assert limiter.delay() == pytest.approx(9.5)


@pytest.mark.parametrize("year", ["2036", "9999"])
def test_a_next_time_in_years_is_not_waited_for(world: World, year: str) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, answer(0, **{"X-RateLimit-Next": f"{year}-01-01T00:00:00Z"}))
    assert limiter.delay() == 0
    limiter.release(limiter.take(), 429, {"Retry-After": "999999"})
    assert limiter.delay() <= MAX_WAIT


def test_after_a_refusal_one_request_probes(world: World) -> None:
    limiter = RateLimiter()
    first, second, third = limiter.take(), limiter.take(), limiter.take()
    limiter.release(first, 429, {"Retry-After": "7"})
    limiter.release(second, 429, {})
    assert limiter.delay() > 7
    world.now += 7
    # Not before the answers to all that was under way.
    assert limiter.delay() > 0
    limiter.release(third, 200, {})
    assert limiter.delay() == 0
    probe = limiter.take()
    assert limiter.delay() > 0
    limiter.release(probe, 200, {})
    assert limiter.delay() == 0
    limiter.take()
    assert limiter.delay() == 0


def test_requests_are_spaced_by_what_the_minute_before_the_refusal_had(world: World) -> None:
    limiter = RateLimiter()
    for _request in range(1000):
        world.now += 0.1
        limiter.release(limiter.take(), 200, {})
    limiter.release(limiter.take(), 429, {})
    world.now += limiter.delay()
    limiter.release(limiter.take(), 200, {})
    # 600 were granted in the last minute, and 95 % of them are asked for again.
    assert limiter.delay() == pytest.approx(MINUTE / 570, rel=0.01)


def test_a_failed_request_does_not_block_the_others(world: World) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, answer(1))
    limiter.release(limiter.take())
    assert limiter.delay() == 0


def test_no_retries_means_that_one_refusal_is_enough(world: World) -> None:
    limiter = RateLimiter(retries=0)
    limiter.release(limiter.take(), 429, {})
    assert limiter.exhausted


def test_the_servers_clock_is_found_closer_than_a_second(world: World) -> None:
    # The server's clock is 100.9 seconds ahead; Date is cut to whole seconds.
    limiter = RateLimiter()
    for _request in range(20):
        ticket = limiter.take()
        world.now += 0.13
        limiter.release(ticket, 200, {"Date": formatdate(world.time() + 100.9, usegmt=True)})
    ahead = world.time() + 100.9 - START + 1
    wait = limiter.requested_delay({"X-RateLimit-Next": f"2026-01-01T00:{int(ahead // 60):02}:{ahead % 60:09.6f}Z"})
    assert wait == pytest.approx(1, abs=0.14)


def test_an_absurd_clock_is_not_believed(world: World) -> None:
    limiter = RateLimiter()
    limiter.release(limiter.take(), 200, {"Date": "Fri, 31 Dec 9999 23:59:59 GMT"})
    assert limiter.requested_delay({"X-RateLimit-Next": "2026-01-01T00:00:05Z"}) == pytest.approx(5)
