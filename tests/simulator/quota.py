# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The quota: one token bucket for each account, told in the headers of every response."""

from __future__ import annotations

import datetime
import itertools
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 500
# A token, but for what floating point loses on the way.
WHOLE = 1 - 1e-6


@dataclass
class Bucket:
    """Tokens of one account, refilled all the time."""

    tokens: float
    filled: float

    def fill(self, rate: float, burst: int, now: float) -> None:
        """Add what has come in since the last look."""
        self.tokens = min(burst, self.tokens + (now - self.filled) * rate)
        self.filled = now


class Quota:
    """Counts the requests of each account."""

    def __init__(self, accounts: Iterable[str], limit: int = LIMIT) -> None:
        self._accounts = list(accounts)
        self._default = limit
        self.reset()

    def reset(self) -> None:
        """Back to the limit given at the start, nothing used."""
        self.off = self._default == 0
        self.limit = self._default or LIMIT
        self.burst = self.limit
        self.refused = 0
        self._buckets: dict[str, Bucket] = {}
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
    ) -> None:
        """Change the limit for all, or the tokens of one account (without ``account``: of all)."""
        self.off = off
        if limit is not None:
            self.limit = self.burst = limit
        if burst is not None:
            self.burst = burst
        if limit is not None or burst is not None:
            self._buckets.clear()
        for name in [account] if account else self._accounts:
            bucket = self._bucket(name)
            if tokens is not None:
                bucket.tokens = tokens
            if used is not None:
                bucket.tokens = max(0, bucket.tokens - used)

    def _bucket(self, account: str) -> Bucket:
        now = time.monotonic()
        bucket = self._buckets.get(account)
        if bucket is None:
            bucket = self._buckets[account] = Bucket(self.burst, now)
        bucket.fill(self.limit / 60, self.burst, now)
        return bucket

    def take(self, account: str) -> bool:
        """Charge one request; False, and nothing charged, when the account is at its limit."""
        if self.off:
            return True
        bucket = self._bucket(account)
        if bucket.tokens < WHOLE:
            self.refused += 1
            return False
        bucket.tokens -= 1
        return True

    def headers(self, account: str, now: float) -> dict[str, str]:
        """What a response tells about the quota; ``now`` is the server's clock."""
        if self.off:
            return {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(self.limit)}
        tokens = self._bucket(account).tokens
        headers = {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(int(tokens + 1 - WHOLE))}
        if tokens < WHOLE:
            headers["X-RateLimit-Next"] = self._iso(now + (1 - tokens) * 60 / self.limit)
        return headers

    def _iso(self, moment: float) -> str:
        digits = next(self._digits)
        scale = 10 ** min(digits, 6)
        # Rounded up: who waits until then is let in.
        whole, fraction = divmod(math.ceil(moment * scale), scale)
        text = datetime.datetime.fromtimestamp(whole, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{text}.{str(fraction).zfill(len(str(scale)) - 1).ljust(digits, '0')}Z"
