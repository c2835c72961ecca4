# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Months for loops: the same as in options."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_months import FilterModule, invoice_months


@pytest.mark.parametrize(
    ("from_month", "to_month", "months"),
    [
        ("2024-05", "2024-05", ["2024-05"]),
        ("2024-11", "2025-02", ["2024-11", "2024-12", "2025-01", "2025-02"]),
    ],
)
def test_both_ends_are_included(from_month: str, to_month: str, months: list[str]) -> None:
    assert FilterModule().filters()["invoice_months"](from_month, to_month) == months


def test_the_current_month_is_the_default_end() -> None:
    assert invoice_months("last_month") == invoice_months("last_month", "this_month")
    assert len(invoice_months("last_month")) == 2


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (("2024-1", "2024-03"), "from_month '2024-1' is not a month"),
        (("2024-01", "9999-12"), "to_month 9999-12 is in the future"),
        (("2024-06", "2024-05"), "from_month 2024-06 is after to_month 2024-05"),
        (("2016-03",), "from_month 2016-03 is before 2016-04"),
        ((2024, 2024), "is not a month"),
        ((None,), "is not a month"),
    ],
)
def test_other_months_are_refused(months: tuple[t.Any, ...], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"invoice_months: .*{message}"):
        invoice_months(*months)
