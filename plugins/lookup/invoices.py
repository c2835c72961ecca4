# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: invoices
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: List Akamai bills for a loop
version_added: 0.1.0
description:
  - Lists invoices, credit memos and debit memos of an account or of some of its contracts.
  - Returns the same bills as the module M(edgebill.akamai_invoicing.invoice_info), as one list.
  - If there are no bills, the list is empty. This is not an error.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._edgegrid.plugins
  - edgebill.akamai_invoicing._selection
options:
  _terms:
    description:
      - The months of usage that the bills are for, each in any form that O(month) takes.
      - Mutually exclusive with O(month), O(from_month) and O(to_month).
    type: list
    elements: str
notes:
  - A lookup runs on the controller, once each time its value is used, for each host. To send the requests once, keep
    the result with M(ansible.builtin.set_fact) and C(run_once), or use M(edgebill.akamai_invoicing.invoice_info).
  - Use C(query(\)). When there is only one bill, C(lookup(\)) returns the bill itself and not a list.
seealso:
  - module: edgebill.akamai_invoicing.invoice_info
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Download the PDF document of each of last month's bills
  edgebill.akamai_invoicing.invoice_download:
    contract_id: "{{ item.contract_id }}"
    invoice_id: "{{ item.invoice_id }}"
    dest: /srv/bills/
    create_dirs: true
  loop: "{{ query('edgebill.akamai_invoicing.invoices') }}"
  loop_control:
    label: "{{ item.invoice_type }} {{ item.invoice_id }}"

- name: Show the bills of two months
  ansible.builtin.debug:
    msg: "{{ item.month }} {{ item.contract_id }}: {{ item.invoice_total }} {{ item.invoice_currency }}"
  loop: "{{ query('edgebill.akamai_invoicing.invoices', '2023-05', '2024-05') }}"
  loop_control:
    label: "{{ item.invoice_id }}"

- name: Show the credit memos of one contract since 2024
  ansible.builtin.debug:
    msg: "{{ memos | map(attribute='invoice_id') }}"
  vars:
    memos: "{{ query('edgebill.akamai_invoicing.invoices', from_month='2024-01', contract_ids=['C-0N7RAC7'],
               invoice_types=['CREDIT_MEMO']) }}"
"""

RETURN = r"""
_raw:
  description:
    - The bills, month by month, each once. The keys of a bill are documented at
      RV(edgebill.akamai_invoicing.invoice_info#module:invoices).
  type: list
  elements: dict
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
"""

import typing as t

from ansible.plugins.lookup import LookupBase
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import list_bills
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import Selection, selection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._lookup import (
    lookup_errors,
    open_session,
    read_options,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping


class LookupModule(LookupBase):
    """Bills as a list."""

    def run(self, terms: list[t.Any], variables: Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        """Return the bills that are selected."""
        with lookup_errors():
            options = read_options(self, variables, kwargs, selection_spec())
            selection = Selection.from_options(options, self._flatten(terms))
            with open_session(options) as session:
                return [bill.as_result() for bill in list_bills(session, selection)]
