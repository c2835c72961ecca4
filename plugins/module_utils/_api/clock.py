# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Reads the moments that servers write."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache


# Answers of one second carry the same date.
@lru_cache(maxsize=8)
def http_date(text: object) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, 5.6.7), with its zone; None if it is none."""
    try:
        return _zoned(parsedate_to_datetime(str(text)))
    except (ValueError, TypeError, IndexError):
        return None


def iso_time(text: object) -> datetime | None:
    """The moment of an ISO 8601 time, UTC if it names no zone, any number of fraction digits; None if it is none."""
    # Python 3.10's fromisoformat takes neither "Z" nor any number of fraction digits.
    head, dot, tail = str(text).strip().replace("Z", "+00:00").partition(".")
    zone = tail.lstrip("0123456789")
    fraction = tail[: len(tail) - len(zone)]
    try:
        return _zoned(datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}{zone}" if dot else head))
    except ValueError:
        return None


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
