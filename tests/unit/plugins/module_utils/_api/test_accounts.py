# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Contracts and account switch keys, over HTTPS from the simulator."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.accounts import (
    check_search,
    list_account_switch_keys,
    list_contracts,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError, OptionError

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


@pytest.fixture(params=[{}, {"account_switch_key": "1-5C0YLB:1-8BYUX"}], ids=["own account", "switched"])
def session(simulator: Simulator, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session with the simulator, of the API client's own account or switched to another."""
    options = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 30.0, "retries": 0}
    with Session.from_options(options | {"validate_certs": True} | request.param, {}) as opened:
        yield opened


def test_contracts_of_the_account_that_is_acted_on(session: Session) -> None:
    home = session.credentials.account_switch_key is None
    assert list_contracts(session, "top") == (["C-0N7RAC7", "K-0N7RAK71"] if home else ["J-0N7RAJ7", "J-0N7RAJ8"])
    more = set(list_contracts(session, "all")) - set(list_contracts(session, "top"))
    assert more == ({"C-0N7RAC71"} if home else {"J-0N7RAJ71"})


def test_keys_are_asked_for_without_a_key(session: Session, simulator: Simulator) -> None:
    assert list_account_switch_keys(session, "internet") == [
        {"account_switch_key": "1-ABCD:Z-XYZ", "account_name": "Internet Company"},
        {"account_switch_key": "1-ABCD", "account_name": "Internet Company"},
    ]
    assert [request["path"].partition("?")[2] for request in simulator.requests()] == ["search=internet"]


def test_all_keys(session: Session) -> None:
    assert len(list_account_switch_keys(session, None)) == 4


def test_a_search_is_sent_as_it_is_meant(session: Session) -> None:
    found = list_account_switch_keys(session, "A-CCT5432:A-CCT7890")
    assert [entry["account_name"] for entry in found] == ["Reseller Unlimited"]
    assert list_account_switch_keys(session, "&search=Tokyo") == []


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 204}, {"kind": "body", "body": "[]", "content_type": "application/json"}]
)
def test_nothing_there_is_an_empty_list(session: Session, simulator: Simulator, fault: dict[str, t.Any]) -> None:
    simulator.fault(times=None, **fault)
    assert list_contracts(session, "all") == []
    assert list_account_switch_keys(session, None) == []


@pytest.mark.parametrize(
    "body", ["null", "{}", '{"contracts": ["C-1"]}', "[1]", "[null]", '[{"accountName": "X"}]', "7"]
)
def test_refuses_what_is_not_the_list(session: Session, simulator: Simulator, body: str) -> None:
    simulator.fault("body", body=body, content_type="application/json", times=None)
    answered = r"was answered with status 200 \(application/json.*\), but the body is not the list it documents"
    with pytest.raises(ApiError, match=answered) as failed:
        list_contracts(session, "top")
    # As it was sent, with the account switch key too.
    sent = simulator.requests()[-1]
    assert failed.value.details == {"asked": f"GET {sent['path']}", "status": 200}
    assert str(failed.value).startswith(f"GET {sent['path']} was answered")
    with pytest.raises(ApiError, match=f"account-switch-keys {answered}"):
        list_account_switch_keys(session, None)


@pytest.mark.parametrize("search", ["", "  ", "ab", " ab "])
def test_refuses_a_short_search(search: str) -> None:
    with pytest.raises(OptionError, match="is too short: give 3 characters or more"):
        check_search(search)


@pytest.mark.parametrize(("search", "sent"), [(None, None), ("abc", "abc"), (" 1-ABCD ", "1-ABCD")])
def test_a_search_long_enough(search: str | None, sent: str | None) -> None:
    assert check_search(search) == sent
