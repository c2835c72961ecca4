#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: invoice_info
short_description: List Akamai bills
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Lists invoices, credit memos and debit memos of an account or of some of its contracts, with the documents that the
    Invoicing API v4 offers for each, and adds up their totals.
  - If there are no bills, the list is empty. This is not an error.
  - If a list of bills, or an entry of one, cannot be read, the task fails and returns the other bills.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._selection
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.info_module
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
seealso:
  - module: edgebill.akamai_invoicing.invoice_download
  - module: edgebill.akamai_invoicing.contract_info
  - plugin: edgebill.akamai_invoicing.invoices
    plugin_type: lookup
    description: The same bills as a list in a template.
  - plugin: edgebill.akamai_invoicing.merge_totals
    plugin_type: filter
    description: Adds up the totals of several tasks.
"""

EXAMPLES = r"""
- name: List last month's bills of the account
  edgebill.akamai_invoicing.invoice_info:
  register: bills

- name: Fail when a currency is over its budget, has none, or its total is not known
  ansible.builtin.assert:
    that:
      - item.invoice_total is not none
      - item.invoice_total | float <= budgets[item.currency] | default(0)
    fail_msg: "The total of {{ item.invoice_total }} {{ item.currency }} is not within the budget."
  loop: "{{ bills.totals }}"
  loop_control:
    label: "{{ item.currency }}"
  vars:
    budgets:
      EUR: 20000
      USD: 200000

- name: List the credit memos of two contracts for a quarter
  edgebill.akamai_invoicing.invoice_info:
    contract_ids:
      - C-0N7RAC7
      - K-0N7RAK71
    from_month: 2024-04
    to_month: 2024-06
    invoice_types:
      - CREDIT_MEMO

- name: List the bills of May 2024
  edgebill.akamai_invoicing.invoice_info:
    month: 2024-05
  register: bills

- name: Download the PDF document of each of them
  edgebill.akamai_invoicing.invoice_download:
    contract_id: "{{ item.contract_id }}"
    invoice_id: "{{ item.invoice_id }}"
    dest: /srv/bills/
    create_dirs: true
  loop: "{{ bills.invoices }}"
  loop_control:
    label: "{{ item.invoice_type }} {{ item.invoice_id }}"
"""

RETURN = r"""
invoices:
  description: The bills, month by month, each once. Empty if there are none.
  returned: success, and when only some of the bills can be read
  type: list
  elements: dict
  contains:
    account_id:
      description: The account that the bill is for, empty if the API does not provide it.
      type: str
    contract_id:
      description: The contract that the bill is for.
      type: str
    invoice_id:
      description: The invoice ID.
      type: int
    invoice_type:
      description:
        - The type of the bill, in the words of the API. V(INVOICE), V(CREDIT_MEMO), V(DEBIT_MEMO) or another. Empty if
          the API does not provide it.
      type: str
    invoice_date:
      description: The date of the bill, V(null) if the API does not provide it.
      type: str
    invoice_due_date:
      description: The date when the bill is due, V(null) if the API does not provide it.
      type: str
    invoice_currency:
      description: The currency of the bill, V(null) if the API does not provide it.
      type: str
    invoice_total:
      description:
        - The total of the bill, below zero for a credit memo. V(null) if the API does not provide it.
        - It is a number that prints exactly the decimal, or a string of its digits if it has more digits than
          a number can carry.
      type: float
    month:
      description: The month of usage that the bill was found under.
      type: str
    documents:
      description: The documents that the API lists for the bill. A JSON document can be retrieved without being listed.
      type: list
      elements: dict
      contains:
        format:
          description: V(pdf), V(csv) or V(json), and V(null) for a type that this collection does not know.
          type: str
        source_type:
          description: Which services the document is about. V(regular), V(compute) or another, in lower case.
          type: str
        file_version:
          description: The version, above V(1) for a bill that was issued again.
          type: int
        file_name:
          description: The name that the API gives the document, V(null) if it gives none. Do not use it as a path.
          type: str
        content_type:
          description: The content type that the API gives, V(null) if it gives none.
          type: str
        file_creation_date:
          description: The date when the document was made, V(null) if the API does not provide it.
          type: str
  sample:
    - account_id: A-CCT7890
      contract_id: C-0N7RAC7
      invoice_id: 1234567890
      invoice_type: INVOICE
      invoice_date: "2024-06-01"
      invoice_due_date: "2024-06-20"
      invoice_currency: USD
      invoice_total: 50000.42
      month: "2024-05"
      documents:
        - format: pdf
          source_type: regular
          file_version: 1
          file_name: InvoiceName_1-XYZ_1-ABCD_1234567890_FINAL_1.pdf
          content_type: application/pdf
          file_creation_date: "2024-06-01"
        - format: csv
          source_type: regular
          file_version: 1
          file_name: 1234567890_1.csv
          content_type: text/csv
          file_creation_date: "2024-06-01"
        - format: csv
          source_type: compute
          file_version: 1
          file_name: 1234567890_COMPUTE_1.csv
          content_type: text/csv
          file_creation_date: "2024-06-01"
totals:
  description: The sums of the bills' own totals, one entry for each currency. Currencies are never added together.
  returned: success, and when only some of the bills can be read
  type: list
  elements: dict
  contains:
    currency:
      description: The currency, V(null) for bills whose currency the API does not provide.
      type: str
    bills:
      description: The number of bills.
      type: int
    invoice_total:
      description:
        - The sum of RV(invoices[].invoice_total). Credit memos are below zero, so they lower it.
        - V(null) if the total of one of the bills is not known.
      type: float
  sample:
    - currency: EUR
      bills: 2
      invoice_total: 2001.96
    - currency: USD
      bills: 2
      invoice_total: 63321.38
months:
  description: The selected months, such as the one that V(last_month) stands for.
  returned: success, and when only some of the bills can be read
  type: list
  elements: str
  sample: ["2024-05"]
error:
  description:
    - What is known about a failed request. C(asked), C(status), C(title), C(detail), C(errors), C(incident_id),
      C(request_id) and C(attempts), as far as there are any.
  returned: when a request failed
  type: dict
  sample:
    asked: GET /invoicing-api/v4/invoices?month=2024-05
    status: 403
    title: Forbidden
    detail: The client does not have the grant needed for the request
    request_id: 859fd0d0
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import list_bills
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import Selection, selection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import (
    open_session,
    run_module,
    with_problems,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import connection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import reconcile

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import InvoicingError


def run(module: AnsibleModule) -> dict[str, t.Any]:
    selection = Selection.from_options(module.params)
    problems: list[InvoicingError] = []

    def on_failure(_month: str, _contract_id: str | None, problem: InvoicingError) -> None:
        problems.append(problem)

    with open_session(module) as session:
        bills = list(list_bills(session, selection, on_failure=on_failure))
    if problems and not bills:
        raise problems[0]
    result = {
        "invoices": [bill.as_result() for bill in bills],
        "totals": [
            {name: total[name] for name in ("currency", "bills", "invoice_total")} for total in reconcile(bills)
        ],
        "months": selection.months,
    }
    return with_problems(result, problems, "list or entry", "lists or entries")


def main() -> None:
    spec = connection_spec() | selection_spec()
    run_module(AnsibleModule(**spec._asdict(), supports_check_mode=True), run)


if __name__ == "__main__":
    main()
