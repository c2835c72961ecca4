# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: invoice_totals
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: Exact totals of Akamai bills
version_added: 0.1.0
description:
  - Adds up parsed JSON documents, lines, or bills.
  - The sums are decimal and exact. Only the result is rounded to the minor unit of its currency, halves away from
    zero, and only when the input has more digits than that.
  - Amounts in different currencies are never added together. There is one entry for each currency.
  - Each bill counts once, however often the input contains it. Two entries that contradict each other, such as two
    documents of one bill with different content, are an error.
  - Does not use the network, and gives the same result for the same input.
  - To add up totals that modules have returned, use P(edgebill.akamai_invoicing.merge_totals#filter).
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
positional: _input
options:
  _input:
    description:
      - A JSON document, as parsed by P(ansible.builtin.from_json#filter) or returned in C(invoice) by the lookup
        P(edgebill.akamai_invoicing.invoice#lookup), or a list of documents. Documents with the same C(ACCOUNT_ID) and
        C(INVOICE_ID) are one bill.
      - Or a list of lines, as P(edgebill.akamai_invoicing.invoice_lines#filter) returns them. Lines do not name their
        bill, so each of them counts.
      - Or a list of bills, as the module M(edgebill.akamai_invoicing.invoice_info) and the lookup
        P(edgebill.akamai_invoicing.invoices#lookup) return them. Each counts with its own C(invoice_total). Entries
        with the same C(contract_id) and C(invoice_id) are one bill.
      - Anything else is an error.
    type: raw
    required: true
notes:
  - P(ansible.builtin.from_json#filter) turns amounts into binary floating-point numbers. They are read as the decimal
    that they print as, which is exact for amounts of up to 15 digits.
seealso:
  - plugin: edgebill.akamai_invoicing.merge_totals
    plugin_type: filter
  - plugin: edgebill.akamai_invoicing.invoice_lines
    plugin_type: filter
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Fail when a document is above the budget in USD, or its total is not known
  ansible.builtin.assert:
    that: item.total is not none and item.total | float <= 60000
    fail_msg: "The bill is {{ item.total }} {{ item.currency }}."
  loop: "{{ document | edgebill.akamai_invoicing.invoice_totals | selectattr('currency', 'eq', 'USD') }}"
  loop_control:
    label: "{{ item.currency }}"
  vars:
    document: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7').invoice }}"

- name: Show what one product costs across all customers
  ansible.builtin.debug:
    msg: "{{ lines | selectattr('product', 'eq', 'Access Control') | edgebill.akamai_invoicing.invoice_totals }}"
  vars:
    document: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7').invoice }}"
    lines: "{{ document | edgebill.akamai_invoicing.invoice_lines }}"

- name: Show the sum of last month's credit memos in each currency
  ansible.builtin.debug:
    msg: "{{ item.total }} {{ item.currency }}"
  loop: "{{ memos | edgebill.akamai_invoicing.invoice_totals }}"
  loop_control:
    label: "{{ item.currency }}"
  vars:
    memos: "{{ query('edgebill.akamai_invoicing.invoices', invoice_types=['CREDIT_MEMO']) }}"
"""

RETURN = r"""
_value:
  description: One entry for each currency, in the order of their codes.
  type: list
  elements: dict
  contains:
    currency:
      description: The currency, V(null) where the input names none.
      type: str
    total:
      description:
        - The sum of all amounts. V(null) where a line or a bill has no amount, because the sum is not known then.
        - It is a number that prints exactly the decimal, or a string of its digits if it has more digits than a number
          can carry.
      type: float
    services:
      description: The part for services, from the lines that name it. V(null) where no line does.
      type: float
    taxes:
      description: The part for taxes, from the lines that name it. V(null) where no line does.
      type: float
    lines:
      description: The number of lines, V(null) for bills.
      type: int
    by_product:
      description: One entry for each product, the largest amount first. Empty for bills.
      type: list
      elements: dict
      contains:
        product:
          description: The name of the product, V(null) for lines without one.
          type: str
        currency:
          description: The currency.
          type: str
        total:
          description: The sum of the amounts of its lines.
          type: float
        lines:
          description: The number of its lines.
          type: int
    by_customer:
      description: One entry for each end customer, the largest amount first. Empty for bills.
      type: list
      elements: dict
      contains:
        customer_id:
          description: The account of the customer, V(null) for lines without one.
          type: str
        customer_name:
          description: The name of the account, V(null) for lines without one.
          type: str
        currency:
          description: The currency.
          type: str
        total:
          description: The sum of the amounts of its lines.
          type: float
        lines:
          description: The number of its lines.
          type: int
    by_item_type:
      description: One entry for each item type, the largest amount first. Empty for bills.
      type: list
      elements: dict
      contains:
        item_type:
          description: The item type, V(null) for lines without one.
          type: str
        currency:
          description: The currency.
          type: str
        total:
          description: The sum of the amounts of its lines.
          type: float
        lines:
          description: The number of its lines.
          type: int
  sample:
    - currency: USD
      total: 0.03
      services: 0.02
      taxes: 0
      lines: 1
      by_product:
        - {product: Access Control, currency: USD, total: 0.03, lines: 1}
      by_customer:
        - {customer_id: A-CCT7890, customer_name: Main Street Corporation, currency: USD, total: 0.03, lines: 1}
      by_item_type:
        - {item_type: U, currency: USD, total: 0.03, lines: 1}
"""

import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import documents_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import bill_totals, line_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import (
    as_result,
    bills,
    documents,
    filter_errors,
    items_of,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable


def invoice_totals(value: t.Any) -> list[dict[str, t.Any]]:
    """One entry for each currency."""
    with filter_errors("invoice_totals"):
        kind, items = items_of(value, "document", "line", "bill")
        if kind == "line":
            totals = line_totals(items)
        elif kind == "bill":
            totals = bill_totals(bills(items))
        else:
            totals = documents_totals(documents(items))
        return [as_result(entry) for entry in totals]


class FilterModule:
    """The filter invoice_totals."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Its name and function."""
        return {"invoice_totals": invoice_totals}
