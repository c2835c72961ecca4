# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The neighbours of the Invoicing API: what contracts an account has, and what accounts a client may switch to."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t

from .._errors import OptionError

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .session import Session

MIN_SEARCH_LENGTH = 3


def check_search(value: str | None) -> str | None:
    """A part of the name or id of an account. Raises OptionError."""
    if value is not None and len(value.strip()) < MIN_SEARCH_LENGTH:
        raise OptionError(
            f"search {value!r} is too short: the API wants {MIN_SEARCH_LENGTH} characters or more of the name or id "
            "of an account."
        )
    return value and value.strip()


def contract_ids(session: Session, depth: str) -> list[str]:
    """The ids of the account's contracts: ``top`` those that have no parent, ``all`` their children too."""
    return session.entries("/contract-api/v1/contracts/identifiers", _text, params={"depth": depth.upper()})


def account_switch_keys(session: Session, search: str | None) -> list[dict[str, str | None]]:
    """The keys of the accounts that the API client may act on, and their names. One account may have several keys."""
    path = "/identity-management/v3/api-clients/self/account-switch-keys"
    params = {"search": search} if search else {}
    # The keys are the API client's own: the API refuses to be asked for those of another account.
    return session.entries(path, _account_switch_key, params=params, switch_account=False)


def _account_switch_key(entry: Mapping[str, t.Any]) -> dict[str, str | None]:
    return {"account_switch_key": _text(entry["accountSwitchKey"]), "account_name": entry.get("accountName")}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was due, not {type(value).__name__}")
    return value
