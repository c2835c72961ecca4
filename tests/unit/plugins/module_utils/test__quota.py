# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How long the quota holds requests back, on a clock of the test's own."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _quota
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._quota import LONGEST_WAIT, Quota

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
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the quota."""
    clock = Clock()
    monkeypatch.setattr(_quota, "time", clock)
    return clock


def answer(remaining: object, limit: object = 60, **headers: str) -> dict[str, str]:
    """Headers of an answer."""
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(remaining)} | headers


def waited(quota: Quota, clock: Clock) -> float:
    """The seconds that the next request waits."""
    before = clock.now
    quota.acquire()
    return clock.now - before


def test_without_headers_nothing_is_held_back(clock: Clock) -> None:
    quota = Quota()
    for _request in range(1000):
        quota.release(quota.acquire(), {"Content-Type": "text/plain"})
    assert clock.now == 1000.0


@pytest.mark.parametrize("headers", [answer("many"), answer(1, "none"), answer(1, 0)], ids=str)
def test_headers_that_are_no_numbers_are_ignored(clock: Clock, headers: dict[str, str]) -> None:
    quota = Quota()
    quota.release(quota.acquire(), headers)
    assert waited(quota, clock) == 0


def test_one_request_is_left_to_others(clock: Clock) -> None:
    quota = Quota()
    quota.release(quota.acquire(), answer(3))
    assert [waited(quota, clock) for _request in range(3)] == pytest.approx([0, 0, 1])


def test_the_server_counts_for_other_clients_too(clock: Clock) -> None:
    quota = Quota()
    quota.release(quota.acquire(), answer(50))
    ticket = quota.acquire()
    quota.release(ticket, answer(0))
    assert waited(quota, clock) == pytest.approx(2)


def test_open_requests_are_not_spent_twice(clock: Clock) -> None:
    quota = Quota()
    quota.release(quota.acquire(), answer(10))
    tickets = [quota.acquire() for _request in range(4)]
    # The first one's answer was counted before the other three: two are left, and one of them is reserved.
    quota.release(tickets[0], answer(5))
    assert waited(quota, clock) == 0
    assert waited(quota, clock) == pytest.approx(1)


def test_a_failed_request_is_not_waited_for_in_the_count(clock: Clock) -> None:
    quota = Quota()
    quota.release(quota.acquire(), answer(10))
    lost = quota.acquire()
    quota.release(lost)
    quota.release(quota.acquire(), answer(2))
    assert waited(quota, clock) == 0


def test_at_the_limit_the_servers_next_time_counts(clock: Clock) -> None:
    quota = Quota()
    late = answer(0, **{"Date": "Thu, 01 Jan 2026 01:00:00 GMT", "X-RateLimit-Next": "2026-01-01T01:00:09.5Z"})
    quota.release(quota.acquire(), late)
    assert waited(quota, clock) == pytest.approx(9.5)


def test_an_absurd_next_time_is_not_waited_for(clock: Clock) -> None:
    quota = Quota()
    absurd = answer(0, **{"Date": "Thu, 01 Jan 2026 00:00:00 GMT", "X-RateLimit-Next": "2036-01-01T00:00:00Z"})
    quota.release(quota.acquire(), absurd)
    assert waited(quota, clock) == pytest.approx(LONGEST_WAIT)


def test_a_pause_holds_everything(clock: Clock) -> None:
    quota = Quota()
    quota.pause(7)
    quota.pause(3)
    assert waited(quota, clock) == pytest.approx(7)


def test_a_limit_of_one_request_does_not_wait_for_ever(clock: Clock) -> None:
    quota = Quota()
    quota.release(quota.acquire(), answer(0, 1))
    assert waited(quota, clock) == pytest.approx(60)


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
    assert Quota().asked_wait(headers) == (None if seconds is None else pytest.approx(seconds))


def test_the_servers_clock_is_found_closer_than_a_second(clock: Clock) -> None:
    # The server's clock is 100.9 seconds ahead; Date is cut to whole seconds.
    quota = Quota()
    for _request in range(20):
        ticket = quota.acquire()
        clock.sleep(0.13)
        second = int(clock.time() + 100.9 - START)
        quota.release(ticket, {"Date": f"Thu, 01 Jan 2026 00:{second // 60:02}:{second % 60:02} GMT"})
    ahead = clock.time() + 100.9 - START + 1
    wait = quota.asked_wait({"X-RateLimit-Next": f"2026-01-01T00:{int(ahead // 60):02}:{ahead % 60:09.6f}Z"})
    assert wait == pytest.approx(1, abs=0.14)
