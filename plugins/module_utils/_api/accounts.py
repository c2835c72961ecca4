# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The contracts of an account, and the accounts that an API client can switch to."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t

from .._errors import MIN_SECRET_LENGTH, OptionError, printable
from .._options import check_contract_id
from .credentials import check_switch_key
from .lists import get_list
from .values import require_text

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._errors import ApiError
    from .session import Session

MIN_SEARCH_LENGTH = 3


def check_search(value: str | None) -> str | None:
    """The part of the name or ID of an account to search for. Raises OptionError."""
    if value is not None and len(value.strip()) < MIN_SEARCH_LENGTH:
        raise OptionError(
            f"search {value!r} is too short: give {MIN_SEARCH_LENGTH} characters or more of an account's name or ID."
        )
    return value and value.strip()


def list_contracts(session: Session, depth: str, on_bad_entry: Callable[[ApiError], None] | None = None) -> list[str]:
    """The IDs of the account's contracts: with ``top`` those without a parent, with ``all`` their children too.

    ``on_bad_entry`` is that of get_list(). Raises InvoicingError.
    """
    return get_list(
        session,
        "/contract-api/v1/contracts/identifiers",
        lambda entry: check_contract_id(require_text(entry)),
        params={"depth": depth.upper()},
        on_bad_entry=on_bad_entry,
    )


def list_account_switch_keys(
    session: Session, search: str | None, on_bad_entry: Callable[[ApiError], None] | None = None
) -> list[dict[str, str | None]]:
    """The keys of the accounts that the API client can act on, with the accounts' names.

    ``search`` is a part of a name or an ID. One account may have several keys. ``on_bad_entry`` is that of get_list().
    Raises InvoicingError.
    """
    path = "/identity-management/v3/api-clients/self/account-switch-keys"
    params = {"search": search} if search else {}
    # The keys belong to the API client: the API refuses a request for those of another account.
    return get_list(session, path, _account_switch_key, params=params, switch_account=False, on_bad_entry=on_bad_entry)


def _account_switch_key(entry: Mapping[str, t.Any]) -> dict[str, str | None]:
    key = require_text(entry["accountSwitchKey"])
    name = entry.get("accountName")
    return {
        "account_switch_key": check_switch_key(key, "accountSwitchKey of the list"),
        "account_name": None if name is None else printable(name, min_secret_length=MIN_SECRET_LENGTH),
    }
