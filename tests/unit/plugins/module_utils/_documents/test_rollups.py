# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lines that lack a text are found if they are the sum of others, wherever they stand."""

from __future__ import annotations

import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.fields import FIELDS
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.rollups import Rollups
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.sums import GroupedSums


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        # The lines that lack a text have a minus here, and positive amounts.
        ("1 2 -3", 3),
        ("-3 1 2", 1),
        ("1 2 -7 4 5 -9", 6),
        ("1 -3 4 5 -8 2 6", 5),
        ("5 -5", 2),
        ("5 -5 6 -7", None),
        ("1 2 -4", None),
        ("7 -7 -7 -7 8", None),
    ],
)
def test_find(amounts: str, found: int | None) -> None:
    sums = GroupedSums()
    rollups = Rollups(sums)
    for number, text in enumerate(amounts.split(), 1):
        line: dict[str, t.Any] = {**dict.fromkeys(FIELDS), "extra": {}} | {"total": Decimal(text.lstrip("-"))}
        if text.startswith("-"):
            rollups.note(number, [], line)
        sums.add(line)
    row = rollups.find()
    assert (row and row.number) == found
