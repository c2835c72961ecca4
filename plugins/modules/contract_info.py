#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: contract_info
short_description: List the contracts of an Akamai account
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Lists the contract IDs of an account, for the option O(edgebill.akamai_invoicing.invoice_info#module:contract_ids)
    and others.
  - The API client also needs a grant for the Contract API.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.info_module
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
options:
  depth:
    description:
      - Which contracts to list. V(top) lists the contracts without a parent, V(all) also their children.
    type: str
    choices: [top, all]
    default: top
seealso:
  - module: edgebill.akamai_invoicing.account_switch_key_info
  - module: edgebill.akamai_invoicing.invoice_info
"""

EXAMPLES = r"""
- name: List the contracts and their children
  edgebill.akamai_invoicing.contract_info:
    depth: all
  register: account

- name: List the bills of each contract for last month
  edgebill.akamai_invoicing.invoice_info:
    contract_ids: "{{ account.contract_ids }}"

- name: List the contracts of another account
  edgebill.akamai_invoicing.contract_info:
    account_switch_key: 1-5C0YLB:1-8BYUX
"""

RETURN = r"""
contract_ids:
  description:
    - The contract IDs, in the order of the API. The list is empty if the account has no contracts.
    - If the API lists an entry that is not a contract ID, the task fails and returns the others.
  returned: when the API has sent the list
  type: list
  elements: str
  sample:
    - C-0N7RAC7
    - C-0N7RAC71
    - K-0N7RAK71
error:
  description:
    - Facts about a request that failed. C(asked) is the request, C(status) the status of the answer, and C(attempts)
      the number of tries. C(title), C(detail), C(errors), C(incident_id) and C(request_id) come from the answer. Keys
      without a value are left out.
  returned: when a request failed
  type: dict
  sample:
    asked: GET /contract-api/v1/contracts/identifiers?depth=TOP
    status: 403
    title: Forbidden
    detail: The client does not have the grant needed for the request
    request_id: 859fd0d0
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.accounts import list_contracts
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import (
    open_session,
    run_module,
    with_problems,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import connection_spec

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError


def run(module: AnsibleModule) -> dict[str, t.Any]:
    problems: list[ApiError] = []
    with open_session(module) as session:
        contract_ids = list_contracts(session, module.params["depth"], problems.append)
    return with_problems({"contract_ids": contract_ids}, problems)


def main() -> None:
    argument_spec = connection_spec() | {"depth": {"type": "str", "choices": ["top", "all"], "default": "top"}}
    run_module(AnsibleModule(argument_spec, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
