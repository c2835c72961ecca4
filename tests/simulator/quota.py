# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The quota of each account: a token bucket, a fixed or a sliding window, shown in headers or not at all."""

from __future__ import annotations

import datetime
import itertools
import math
import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LIMIT = 500
MINUTE = 60.0
# A token, but for what floating point loses on the way.
WHOLE = 1 - 1e-6


class Form(Protocol):
    """How the requests of one account are counted. Times are in seconds."""

    def left(self, now: float) -> float:
        """How many requests are permitted now."""

    def take(self, count: float, now: float) -> None:
        """Count so many requests."""

    def wait(self, now: float) -> float:
        """The seconds until a request is permitted, when none is."""


class TokenBucket:
    """Tokens that are refilled all the time."""

    def __init__(self, limit: int, window: float, burst: int, now: float) -> None:
        self._rate = limit / window
        self._burst = burst
        self._tokens: float = burst
        self._filled = now

    def left(self, now: float) -> float:
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        return self._tokens

    def take(self, count: float, now: float) -> None:
        self._tokens = self.left(now) - count

    def wait(self, now: float) -> float:
        return (1 - self.left(now)) / self._rate


class FixedWindow:
    """So many requests in each minute of the server's clock."""

    def __init__(self, limit: int, window: float, burst: int, now: float) -> None:
        self._limit = limit
        self._window = window
        self._end = now + window
        self._taken = 0.0

    def left(self, now: float) -> float:
        if now >= self._end:
            self._end += self._window * (1 + (now - self._end) // self._window)
            self._taken = 0
        return self._limit - self._taken

    def take(self, count: float, now: float) -> None:
        self._taken = self._limit - self.left(now) + count

    def wait(self, now: float) -> float:
        return self._end - now


class SlidingWindow:
    """So many requests in any minute."""

    def __init__(self, limit: int, window: float, burst: int, now: float) -> None:
        self._limit = limit
        self._window = window
        self._times: deque[float] = deque()

    def left(self, now: float) -> float:
        while self._times and self._times[0] <= now - self._window:
            self._times.popleft()
        return self._limit - len(self._times)

    def take(self, count: float, now: float) -> None:
        self._times.extend([now] * round(count))

    def wait(self, now: float) -> float:
        return self._times[0] + self._window - now


FORMS: dict[str, Callable[[int, float, int, float], Form]] = {
    "bucket": TokenBucket,
    "fixed": FixedWindow,
    "sliding": SlidingWindow,
}


class Quota:
    """Counts the requests of each account."""

    def __init__(
        self, accounts: Iterable[str], limit: int = LIMIT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._accounts = list(accounts)
        self._default = limit
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Back to the limit given at the start, nothing used."""
        self.off = self._default == 0
        self.limit = self._default or LIMIT
        self.burst = self.limit
        self.window = MINUTE
        self.form = "bucket"
        self.shown = True
        self.retry_after = False
        self.refused = 0
        self._counts: dict[str, Form] = {}
        # Akamai's fractions of a second have no fixed number of digits.
        self._digits = itertools.cycle((3, 6, 1, 9))

    def configure(
        self,
        *,
        limit: int | None = None,
        burst: int | None = None,
        tokens: int | None = None,
        used: int | None = None,
        account: str | None = None,
        off: bool = False,
        form: str | None = None,
        window: float | None = None,
        shown: bool | None = None,
        retry_after: bool | None = None,
    ) -> None:
        """Change the quota for all, or what is left to one account (without ``account``: to all).

        ``form`` is one of FORMS, ``window`` its seconds; ``shown`` is whether answers have X-RateLimit headers, and
        ``retry_after`` whether a refusal has Retry-After.
        """
        self.off = off
        if form is not None and form not in FORMS:
            raise ValueError(f"unknown form {form!r}: one of {', '.join(FORMS)}")
        if limit is not None:
            self.limit = self.burst = limit
        self.burst = self.burst if burst is None else burst
        self.form = form or self.form
        self.window = window or self.window
        self.shown = self.shown if shown is None else shown
        self.retry_after = self.retry_after if retry_after is None else retry_after
        if any(option is not None for option in (limit, burst, form, window)):
            self._counts.clear()
        now = self._clock()
        for name in [account] if account else self._accounts:
            count = self._count(name)
            if tokens is not None:
                count.take(count.left(now) - tokens, now)
            if used is not None:
                count.take(min(used, count.left(now)), now)

    def _count(self, account: str) -> Form:
        if account not in self._counts:
            self._counts[account] = FORMS[self.form](self.limit, self.window, self.burst, self._clock())
        return self._counts[account]

    def take(self, account: str) -> bool:
        """Charge one request; False, and nothing charged, when the account is at its limit."""
        if self.off:
            return True
        count, now = self._count(account), self._clock()
        if count.left(now) < WHOLE:
            self.refused += 1
            return False
        count.take(1, now)
        return True

    def headers(self, account: str, server_time: Callable[[], float], *, refused: bool = False) -> dict[str, str]:
        """What a response shows of the quota."""
        if self.off:
            return {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(self.limit)}
        count, moment = self._count(account), self._clock()
        # Read second: a delay between them makes the time in the header late, never early.
        now = server_time()
        left = count.left(moment)
        headers = {}
        if refused and self.retry_after:
            headers["Retry-After"] = str(math.ceil(count.wait(moment)))
        if self.shown:
            headers["X-RateLimit-Limit"] = str(self.limit)
            headers["X-RateLimit-Remaining"] = str(int(left + 1 - WHOLE))
            if left < WHOLE:
                headers["X-RateLimit-Next"] = self._iso(now + count.wait(moment))
        return headers

    def _iso(self, moment: float) -> str:
        digits = next(self._digits)
        scale = 10 ** min(digits, 6)
        # Rounded up: who waits until then is let in.
        whole, fraction = divmod(math.ceil(moment * scale), scale)
        text = datetime.datetime.fromtimestamp(whole, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{text}.{str(fraction).zfill(len(str(scale)) - 1).ljust(digits, '0')}Z"
