# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Tens of thousands of bills in every dialect: never a wrong value, and next to no refusal of what is certain."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.dialects import DIALECTS
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.run import load_reader, make, run

# With over ninety dialects, more than 20,000 bills.
BILLS = 240
MAX_REFUSED = 0.02


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_totals_are_exact_or_refused(dialect: str, record_property: t.Callable[[str, object], None]) -> None:
    tally = run(load_reader(), dialect, range(BILLS))
    record_property("bills", [dialect, [[*key, count] for key, count in tally.counts.items()]])
    command = f"python tests/oracle --dialect {dialect!r} --bills 1 --seed"
    assert not tally.failures, f"{command} {tally.failures[0][0]} shows the first of: {tally.failures[:20]}"
    assert tally.share <= MAX_REFUSED, f"{command} {tally.refused[0]} --kinds shows the first of: {tally.refused[:20]}"


def test_bills_are_the_same_in_every_run() -> None:
    assert sum(1 for _name in DIALECTS) * BILLS >= 20_000
    for dialect in DIALECTS:
        assert make(dialect, 3) == make(dialect, 3)
        assert make(dialect, 3).content != make(dialect, 4).content
