#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: account_switch_key_info
short_description: List the Akamai accounts that the API client can act on
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Lists account switch keys and the names of their accounts, for resellers and others who manage several accounts.
    Every module and lookup of this collection accepts such a key as O(account_switch_key).
  - The API client also needs a grant for the Identity Management API.
  - The keys belong to the API client, so O(account_switch_key) is not sent, wherever it comes from.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.info_module
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
options:
  search:
    description:
      - List only accounts with this text in their name or ID. It needs 3 characters or more.
      - By default all accounts are listed.
    type: str
seealso:
  - module: edgebill.akamai_invoicing.contract_info
  - module: edgebill.akamai_invoicing.invoice_info
"""

EXAMPLES = r"""
- name: Find the keys of an account
  edgebill.akamai_invoicing.account_switch_key_info:
    search: Tokyo Media
  register: found

- name: Make sure that only one key was found
  ansible.builtin.assert:
    that: found.account_switch_keys | length == 1
    fail_msg: "Choose one of {{ found.account_switch_keys }}"

- name: List the bills of that account
  edgebill.akamai_invoicing.invoice_info:
    account_switch_key: "{{ found.account_switch_keys[0].account_switch_key }}"

- name: Find all keys
  edgebill.akamai_invoicing.account_switch_key_info:
"""

RETURN = r"""
account_switch_keys:
  description:
    - The keys, in the order of the API. The list is empty if there are none.
    - An account can have several keys, and is then listed several times.
    - If the API lists an entry that is not an account switch key, the task fails and returns the others.
  returned: when the API has sent the list
  type: list
  elements: dict
  contains:
    account_switch_key:
      description: The key, for O(account_switch_key) of other tasks.
      type: str
    account_name:
      description: The name of the account, V(null) if the API does not provide it.
      type: str
  sample:
    - account_name: Internet Company
      account_switch_key: 1-ABCD:Z-XYZ
    - account_name: Internet Company
      account_switch_key: 1-ABCD
error:
  description:
    - Facts about a request that failed. C(asked) is the request, C(status) the status of the answer, and C(attempts)
      the number of tries. C(title), C(detail), C(errors), C(incident_id) and C(request_id) come from the answer. Keys
      without a value are left out.
  returned: when a request failed
  type: dict
  sample:
    asked: GET /identity-management/v3/api-clients/self/account-switch-keys?search=Tokyo+Media
    status: 403
    title: Forbidden
    detail: The client does not have the grant needed for the request
    request_id: 859fd0d0
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.accounts import (
    check_search,
    list_account_switch_keys,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import (
    open_session,
    run_module,
    with_problems,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import connection_spec

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError


def run(module: AnsibleModule) -> dict[str, t.Any]:
    search = check_search(module.params["search"])
    problems: list[ApiError] = []
    with open_session(module) as session:
        keys = list_account_switch_keys(session, search, problems.append)
    return with_problems({"account_switch_keys": keys}, problems)


def main() -> None:
    argument_spec = connection_spec() | {"search": {"type": "str"}}
    run_module(AnsibleModule(argument_spec, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
