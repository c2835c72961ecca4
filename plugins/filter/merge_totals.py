# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: merge_totals
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: Add up totals of several Akamai bills, months or accounts
version_added: 0.1.0
description:
  - Adds up what modules and lookups of this collection return as totals, such as those of several months, accounts or
    tasks.
  - Amounts in different currencies are never added together. There is one entry for each currency.
  - Totals that name their bill count once for each bill, however many tasks returned them. Two entries of one bill
    that contradict each other are an error. A value that is V(null) in one of them is taken from the other.
  - The sums are decimal and exact. Only the result is rounded to the minor unit of its currency.
  - Does not use the network, and gives the same result for the same input.
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
positional: _input
options:
  _input:
    description:
      - A list of RV(edgebill.akamai_invoicing.invoice_archive#module:bills), from any number of tasks. Each of them
        names its bill by C(contract_id) and C(invoice_id).
      - Or a list of RV(edgebill.akamai_invoicing.invoice_archive#module:totals) or
        RV(edgebill.akamai_invoicing.invoice_info#module:totals). These do not name their bills, so make sure that no
        bill is part of two of them.
      - Or a list of totals of documents, as the module M(edgebill.akamai_invoicing.invoice_download), the lookup
        P(edgebill.akamai_invoicing.invoice#lookup) or the filter P(edgebill.akamai_invoicing.invoice_totals#filter)
        return them. These do not name their bill either.
      - Anything else is an error, V(null) too. A document whose amounts cannot be read has no totals.
    type: raw
    required: true
seealso:
  - module: edgebill.akamai_invoicing.invoice_archive
  - plugin: edgebill.akamai_invoicing.invoice_totals
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Archive the bills of two accounts
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    month: 2024-05
    account_switch_key: "{{ item }}"
  loop:
    - A-CCT5432:A-CCT7890
    - 1-5C0YLB:1-8BYUX
  loop_control:
    label: "{{ item }}"
  register: accounts

- name: Show the total of both accounts in each currency, each bill once
  ansible.builtin.debug:
    msg: "{{ item.invoice_total }} {{ item.currency }} (bills: {{ item.bills }})"
  loop: "{{ accounts.results | map(attribute='bills') | flatten | edgebill.akamai_invoicing.merge_totals }}"
  loop_control:
    label: "{{ item.currency }}"

- name: Download the usage files of two bills
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: "{{ item }}"
    format: csv
    dest: /srv/usage/
    create_dirs: true
  loop:
    - 1234567890
    - 17009800000
  loop_control:
    label: "{{ item }}"
  register: files

- name: Show the sum of their lines, unless the amounts of one cannot be read or it was not downloaded yet
  ansible.builtin.debug:
    msg: "{{ totals | edgebill.akamai_invoicing.merge_totals }}"
  vars:
    totals: "{{ files.results | map(attribute='totals') }}"
  when: none not in totals
"""

RETURN = r"""
_value:
  description:
    - One entry for each currency, in the order of their codes.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more digits than
      a number can carry.
  type: list
  elements: dict
  contains:
    currency:
      description: The currency, V(null) where the input names none.
      type: str
    bills:
      description: The number of bills. V(0) for a currency that only lines have.
      returned: for totals of bills
      type: int
    invoice_total:
      description: The sum of the bills' own totals, V(null) where one of them is not known.
      returned: for totals of bills
      type: float
    total:
      description: The sum of the lines, V(null) where it is not known.
      type: float
    services:
      description: The part for services, V(null) where it is not known of any.
      type: float
    taxes:
      description: The part for taxes, V(null) where it is not known of any.
      type: float
    lines:
      description: The number of lines, V(null) for bills without lines.
      type: int
    reconciled:
      description: Whether the lines add up to all bills. V(null) where that is not known of one and no other differs.
      type: bool
    difference:
      description: The sum of the lines minus the bills' totals, V(null) where it is not known of any bill.
      type: float
    by_product:
      description: One entry for each product and currency, the largest amount first.
      returned: for totals of documents
      type: list
      elements: dict
    by_customer:
      description: One entry for each end customer and currency, the largest amount first.
      returned: for totals of documents
      type: list
      elements: dict
    by_item_type:
      description: One entry for each item type and currency, the largest amount first.
      returned: for totals of documents
      type: list
      elements: dict
  sample:
    - currency: USD
      bills: 2
      invoice_total: 63321.38
      total: null
      services: null
      taxes: null
      lines: null
      reconciled: null
      difference: null
"""

import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money import totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import merge_reconciliations
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import (
    as_result,
    bill_totals,
    filter_errors,
    items_of,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable


def merge_totals(value: t.Any) -> list[dict[str, t.Any]]:
    """One entry for each currency."""
    with filter_errors("merge_totals"):
        kind, items = items_of(value, "bill_totals", "document_totals")
        merged = totals.merge_totals(items) if kind == "document_totals" else merge_reconciliations(bill_totals(items))
        return [as_result(entry) for entry in merged]


class FilterModule:
    """The filter merge_totals."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Its name and function."""
        return {"merge_totals": merge_totals}
