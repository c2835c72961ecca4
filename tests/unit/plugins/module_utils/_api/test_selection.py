# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Which months, contracts and types the options select."""

from __future__ import annotations

import typing as t
from datetime import date

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.doc_fragments._selection import ModuleDocFragment
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import (
    Selection,
    months_between,
    selection_spec,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import OptionError
from yaml import safe_load

TODAY = date(2026, 1, 31)


def select(*months: t.Any, **options: t.Any) -> Selection:
    """The selection of these options on the last day of January 2026."""
    return Selection.from_options(dict.fromkeys(selection_spec().argument_spec) | options, months, today=TODAY)


@pytest.mark.parametrize(
    ("options", "months"),
    [
        ({}, ("2025-12",)),
        ({"month": "last_month"}, ("2025-12",)),
        ({"month": "this_month"}, ("2026-01",)),
        ({"month": "2016-04"}, ("2016-04",)),
        ({"month": "2026-01"}, ("2026-01",)),
        ({"from_month": "2025-11", "to_month": "2025-11"}, ("2025-11",)),
        ({"from_month": "2024-11", "to_month": "2025-02"}, ("2024-11", "2024-12", "2025-01", "2025-02")),
        ({"from_month": "2025-11"}, ("2025-11", "2025-12", "2026-01")),
        ({"from_month": "last_month", "to_month": "this_month"}, ("2025-12", "2026-01")),
        ({"from_month": "2025-11", "to_month": "last_month"}, ("2025-11", "2025-12")),
    ],
)
def test_months(options: dict[str, str], months: tuple[str, ...]) -> None:
    assert select(**options).months == months


def test_all_months_since_the_first() -> None:
    months = select(from_month="2016-04").months
    assert (len(months), months[0], months[-1]) == (118, "2016-04", "2026-01")
    assert list(months) == sorted(set(months))


def test_months_given_by_themselves_come_sorted_and_once() -> None:
    assert select("last_month", "2024-05", "2025-12", "2024-04").months == ("2024-04", "2024-05", "2025-12")


@pytest.mark.parametrize(
    ("today", "month"), [(date(2026, 3, 1), "2026-02"), (date(2026, 12, 31), "2026-11"), (date(2028, 2, 29), "2028-01")]
)
def test_last_month(today: date, month: str) -> None:
    assert Selection.from_options(dict.fromkeys(selection_spec().argument_spec), today=today).months == (month,)


@pytest.mark.parametrize(
    "month",
    [
        "",
        " ",
        "2024",
        "2024-5",
        "2024-00",
        "2024-13",
        "202405",
        "2024-05-01",
        "24-05",
        "May 2024",
        "2024-05 ",
        "-2024-05",
    ]
    + ["2024/05", "next_month", "Last_Month", "٢٠٢٤-٠٥", "2024-05\n", "../2024-05", "2024-05&sourceType=X"],
)
@pytest.mark.parametrize("option", ["month", "from_month", "to_month", None])
def test_refuses_what_is_not_a_month(option: str | None, month: str) -> None:
    options = {option: month} if option else {}
    if option == "to_month":
        options["from_month"] = "2024-01"
    with pytest.raises(OptionError, match=f"^{option or 'month'} .* is not a month: write YYYY-MM such as 2024-05"):
        select(*([] if option else [month]), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"month": "2016-03"}, "month 2016-03 is before 2016-04"),
        ({"month": "0001-01"}, "before 2016-04"),
        ({"month": "2026-02"}, "month 2026-02 is in the future: the current month is 2026-01"),
        ({"from_month": "2016-03", "to_month": "2024-01"}, "from_month 2016-03 is before"),
        ({"from_month": "2024-01", "to_month": "2026-02"}, "to_month 2026-02 is in the future"),
        ({"from_month": "2024-03", "to_month": "2024-02"}, "from_month 2024-03 is after to_month 2024-02: swap them"),
        ({"from_month": "this_month", "to_month": "last_month"}, "from_month 2026-01 is after to_month 2025-12"),
    ],
)
def test_refuses_months_that_make_no_sense(options: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        select(**options)


def test_refuses_months_given_twice() -> None:
    with pytest.raises(OptionError, match="Give the months either as terms or with month, not both"):
        select("2024-05", month="2024-06")


@pytest.mark.parametrize("contract_id", ["../C-1", "C-1?", "C 1", "C-1/invoices", "C--1"])
def test_refuses_what_is_not_a_contract(contract_id: str) -> None:
    with pytest.raises(OptionError, match="is not a contract ID"):
        select(contract_ids=["C-1", contract_id])


@pytest.mark.parametrize("option", ["contract_ids", "invoice_types"])
@pytest.mark.parametrize("value", [None, True, 1.5, "", " ", {"a": 1}, ["C-1"]])
def test_refuses_values_that_are_not_text(option: str, value: object) -> None:
    with pytest.raises(OptionError, match=f"{option} contains .*: correct or remove it"):
        select(**{option: ["C-1", value]})


def test_months_between_are_the_ones_that_are_selected() -> None:
    assert months_between("2025-11", today=TODAY) == select(from_month="2025-11").months
    assert months_between("last_month", "this_month", today=TODAY) == ("2025-12", "2026-01")
    with pytest.raises(OptionError, match="from_month 2026-01 is after to_month 2025-12: swap them"):
        months_between("this_month", "last_month", today=TODAY)


@pytest.mark.parametrize("option", ["contract_ids", "invoice_types"])
def test_an_empty_list_does_not_select_all(option: str) -> None:
    with pytest.raises(OptionError, match=f"{option} is an empty list"):
        select(**{option: []})


def test_the_documentation_agrees_with_the_spec() -> None:
    documented = safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    facts = {
        name: {key: value for key, value in option.items() if key != "description"}
        for name, option in documented.items()
    }
    assert facts == selection_spec().argument_spec
