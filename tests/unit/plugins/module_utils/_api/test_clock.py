# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Moments as servers write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.clock import http_date, iso_time

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
    ],
)
def test_iso_time(text: object, moment: datetime | None) -> None:
    assert iso_time(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Sun, 01 Feb 2026 12:00:00 GMT", NOON), ("Sun, 01 Feb 2026 12:00:00 -0000", NOON), ("12", None), (None, None)],
)
def test_http_date(text: object, moment: datetime | None) -> None:
    assert http_date(text) == moment
