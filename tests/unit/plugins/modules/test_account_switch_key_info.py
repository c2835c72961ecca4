# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Account switch keys, as a task gets them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import account_switch_key_info
from yaml import safe_load

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Run


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, ["A-CCT5432:A-CCT7890", "1-ABCD:Z-XYZ", "1-ABCD", "1-5C0YLB:1-8BYUX"]),
        ({"search": "tokyo"}, ["1-5C0YLB:1-8BYUX"]),
        ({"search": "Internet"}, ["1-ABCD:Z-XYZ", "1-ABCD"]),
        ({"search": "A-CCT5432"}, ["A-CCT5432:A-CCT7890"]),
        ({"search": "1-8"}, ["1-5C0YLB:1-8BYUX"]),
        ({"search": "nobody"}, []),
    ],
)
@pytest.mark.parametrize("connected", [{}, {"edgerc_section": "reseller"}, {"account_switch_key": "1-ABCD"}])
def test_lists_keys_whatever_account_is_acted_on(
    run: Run,
    connection: dict[str, t.Any],
    simulator: Simulator,
    connected: dict[str, t.Any],
    options: dict[str, t.Any],
    keys: list[str],
) -> None:
    result = run(account_switch_key_info.main, connection | connected | options)
    assert [entry["account_switch_key"] for entry in result["account_switch_keys"]] == keys
    assert all(entry["account_name"] for entry in result["account_switch_keys"])
    assert result.get("changed", False) is False
    (request,) = simulator.requests()
    assert "accountSwitchKey" not in request["path"]


@pytest.mark.parametrize("search", ["", "ab", " ab "])
def test_refuses_a_short_search(run: Run, connection: dict[str, t.Any], simulator: Simulator, search: str) -> None:
    result = run(account_switch_key_info.main, connection | {"search": search}, check=True)
    assert "3 characters or more" in result["msg"]
    assert simulator.counters()["total"] == 0


def test_an_error_names_the_grant(run: Run, connection: dict[str, t.Any]) -> None:
    result = run(account_switch_key_info.main, connection | {"edgerc_section": "no_grant", "search": "Tokyo Media"})
    assert result["failed"]
    assert "account-switch-keys?search=Tokyo+Media was answered with status 403" in result["msg"]
    assert "Identity Management" in result["msg"]
    documented = safe_load(account_switch_key_info.RETURN)["error"]["sample"]
    assert result["error"] == documented | {"request_id": result["error"]["request_id"]}


def test_one_name_may_have_two_keys(run: Run, connection: dict[str, t.Any]) -> None:
    result = run(account_switch_key_info.main, connection | {"search": "Internet Company"})
    documented = safe_load(account_switch_key_info.RETURN)["account_switch_keys"]["sample"]
    assert result["account_switch_keys"] == documented
