# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Reads the numbers and times that servers write. Each parser returns None for what it cannot read, in bounded time."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# No number of bytes, of seconds or of a bill has more digits, and no time more characters.
_INTEGER = re.compile(r"[0-9]{1,18}", re.ASCII)
MAX_INTEGER = 10**18 - 1
MAX_TIME_LENGTH = 64


def parse_integer(value: object) -> int | None:
    """An integer from 0, of up to 18 digits: an integer, or its decimal digits as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value) if 0 <= value <= MAX_INTEGER else None
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


# Answers of one second carry the same date.
@lru_cache(maxsize=8)
def http_date(text: object) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, 5.6.7), with its zone."""
    text = str(text)
    try:
        return _zoned(parsedate_to_datetime(text)) if len(text) <= MAX_TIME_LENGTH else None
    except (ValueError, TypeError, LookupError, ArithmeticError):
        return None


def iso_time(text: object) -> datetime | None:
    """The moment of an ISO 8601 time, UTC if it names no zone, with any number of fraction digits."""
    text = str(text).strip()
    # Python 3.10's fromisoformat takes neither "Z" nor any number of fraction digits.
    head, dot, tail = text.replace("Z", "+00:00").partition(".")
    zone = tail.lstrip("0123456789")
    fraction = tail[: len(tail) - len(zone)]
    try:
        if len(text) > MAX_TIME_LENGTH:
            return None
        return _zoned(datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}{zone}" if dot else head))
    except (ValueError, ArithmeticError):
        return None


def parse_delay(headers: Mapping[str, str], server_time: float) -> float | None:
    """The seconds that an answer asks to wait: ``Retry-After``, else until ``X-RateLimit-Next``."""
    retry_after = headers.get("Retry-After", "").strip()
    seconds = parse_integer(retry_after)
    if seconds is not None:
        return float(seconds)
    moment = http_date(retry_after) or iso_time(headers.get("X-RateLimit-Next"))
    return None if moment is None else max(0.0, moment.timestamp() - server_time)


def require_text(value: object) -> str:
    """The text of a list that nothing can take the place of. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"a text is expected, not {type(value).__name__}")
    return value


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
