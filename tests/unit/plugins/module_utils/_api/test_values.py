# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Moments as servers write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.values import (
    http_date,
    iso_time,
    parse_delay,
    parse_integer,
)

NOON = datetime(2026, 2, 1, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-01T12:00:00Z", NOON),
        ("2026-02-01T12:00:00", NOON),
        ("2026-02-01T13:00:00+01:00", NOON),
        ("2026-02-01T12:00:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-02-01T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
        ("2026-02-01T13:00:00.25+01:00", NOON + timedelta(milliseconds=250)),
        ("2026-02-30T12:00:00Z", None),
        ("", None),
        (None, None),
        ("noon", None),
        ("\u00b2026-02-01T12:00:00Z", None),
        ("99999999999-02-01T12:00:00Z", None),
        ("2026-02-01T12:00:00+" + "9" * 20, None),
        ("2026-02-01T12:00:00." + "9" * 400, None),
    ],
)
def test_iso_time(text: object, moment: datetime | None) -> None:
    assert iso_time(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 01 Feb 2026 12:00:00 GMT", NOON),
        ("Sun, 01 Feb 2026 12:00:00 -0000", NOON),
        ("12", None),
        (None, None),
        ("Sun, 01 Feb 99999999999 12:00:00 GMT", None),
        ("Sun, 01 Feb 2026 12:00:00 +" + "9" * 20, None),
        ("Sun, 01 Feb 2026 12:00:00 " + "9" * 100_000, None),
        ("(" + " " * 400, None),
    ],
)
def test_http_date(text: object, moment: datetime | None) -> None:
    assert http_date(text) == moment


@pytest.mark.parametrize(
    ("value", "number"),
    [("0", 0), ("17331001020", 17331001020), (17331001020, 17331001020), ("9" * 18, 10**18 - 1), ("9" * 400, None),
     (10**400, None), ("\u00b2", None), ("\u0661", None), ("-1", None), (-1, None), ("+1", None), ("1_0", None),
     ("1.9", None), (1.9, None), (Decimal("1.9"), None), (True, None), ("", None), (" 1", None), (None, None),
     ([1], None)],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
def test_integers(value: object, number: int | None) -> None:
    assert parse_integer(value) == number


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "Sun, 01 Feb 2026 12:00:30 GMT"}, 30),
        ({"Retry-After": "Wed, 31 Dec 2025 00:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "\u00b2"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"X-RateLimit-Next": "2026-02-01T12:00:02.25Z"}, 2.25),
        ({"X-RateLimit-Next": "2026-02-01T12:00:02+00:00", "Retry-After": "5"}, 5),
        ({"X-RateLimit-Next": "tomorrow"}, None),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_delays(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_delay(headers, NOON.timestamp()) == (None if seconds is None else pytest.approx(seconds))
