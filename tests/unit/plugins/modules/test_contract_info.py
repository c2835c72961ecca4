# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The ids of contracts, as a task gets them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import contract_info
from yaml import safe_load

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Run


@pytest.mark.parametrize(
    ("options", "contract_ids"),
    [
        ({}, ["C-0N7RAC7", "K-0N7RAK71"]),
        ({"depth": "top"}, ["C-0N7RAC7", "K-0N7RAK71"]),
        ({"depth": "all"}, safe_load(contract_info.RETURN)["contract_ids"]["sample"]),
        ({"depth": "all", "account_switch_key": "1-ABCD"}, ["C-1NTERN1", "C-1NTERN2"]),
        ({"edgerc_section": "reseller"}, ["3-1EFAKE"]),
        ({"edgerc_section": "reseller", "account_switch_key": ""}, ["C-0N7RAC7", "K-0N7RAK71"]),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_lists_contracts(
    run: Run, connection: dict[str, t.Any], options: dict[str, t.Any], contract_ids: list[str], check: bool
) -> None:
    result = run(contract_info.main, connection | options, check=check)
    assert result["contract_ids"] == contract_ids
    assert result.get("changed", False) is False


def test_refuses_another_depth(run: Run, connection: dict[str, t.Any], simulator: Simulator) -> None:
    result = run(contract_info.main, connection | {"depth": "middle"})
    assert "value of depth must be one of: top, all" in result["msg"]
    assert simulator.counters()["total"] == 0


def test_an_error_names_the_grant(run: Run, connection: dict[str, t.Any]) -> None:
    result = run(contract_info.main, connection | {"edgerc_section": "no_grant"})
    assert result["failed"]
    assert "GET /contract-api/v1/contracts/identifiers?depth=TOP was answered with status 403" in result["msg"]
    assert "Contract API" in result["msg"]
    documented = safe_load(contract_info.RETURN)["error"]["sample"]
    assert result["error"] == documented | {"request_id": result["error"]["request_id"]}
