#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: account_switch_key_info
short_description: List the Akamai accounts that the API client may act on
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Lists account switch keys and the names of their accounts, for resellers and others who manage several accounts.
    Every module and lookup of this collection takes such a key as O(account_switch_key).
  - The API client needs a grant for the Identity Management API too.
  - The keys are the API client's own, so O(account_switch_key) is not sent, wherever it comes from.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.info_module
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
options:
  search:
    description:
      - A part of the name or the id of the accounts to list, 3 characters or more.
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
    - The keys, in the API's order. Empty if there are none.
    - A name may come several times, each time with another key.
  returned: success
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
    - What is known of a failed request. C(asked), C(status), C(title), C(detail), C(errors), C(incident_id),
      C(request_id) and C(attempts), as far as there are any.
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
    AccountSwitchKeys,
    check_search,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import open_session, run_module
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import connection_spec


def run(module: AnsibleModule) -> dict[str, t.Any]:
    search = check_search(module.params["search"])
    with open_session(module) as session:
        return {"account_switch_keys": AccountSwitchKeys(session).search(search)}


def main() -> None:
    argument_spec = connection_spec() | {"search": {"type": "str"}}
    run_module(AnsibleModule(argument_spec, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
