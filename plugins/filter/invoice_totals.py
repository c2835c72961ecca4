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
  - Adds up parsed JSON documents, lines, bills, or totals.
  - The sums are decimal and exact. Only the result is rounded to the minor unit of its currency, halves away from
    zero, and only when the input has more digits than that.
  - Amounts in different currencies are never added together. There is one entry for each currency.
  - Does not use the network, and gives the same result for the same input.
positional: _input
options:
  _input:
    description:
      - A JSON document, as P(ansible.builtin.from_json#filter) or the lookup
        P(edgebill.akamai_invoicing.invoice#lookup) parse it, or a list of documents.
      - Or a list of lines, as P(edgebill.akamai_invoicing.invoice_lines#filter) returns them.
      - Or a list of bills with C(invoice_total) and C(invoice_currency), as
        M(edgebill.akamai_invoicing.invoice_info) returns them. Each counts with its own total.
      - Or a list of totals of bills, RV(edgebill.akamai_invoicing.invoice_archive#module:totals) or
        RV(edgebill.akamai_invoicing.invoice_info#module:totals), such as those of several months. They are added up to
        one of the same kind, without C(by_product), C(by_customer) and C(by_item_type).
      - Or a list of totals of documents, as M(edgebill.akamai_invoicing.invoice_download) returns them.
      - Anything else is an error.
    type: raw
    required: true
notes:
  - P(ansible.builtin.from_json#filter) makes amounts binary floating-point numbers. They are read as the decimal that
    they print as, which is the one of the document up to 15 digits.
seealso:
  - plugin: edgebill.akamai_invoicing.invoice_lines
    plugin_type: filter
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Fail when a document is above the budget
  ansible.builtin.assert:
    that: totals[0].total <= 50000
    fail_msg: "The bill is {{ totals[0].total }} {{ totals[0].currency }}."
  vars:
    document: "{{ lookup('ansible.builtin.file', 'C-0N7RAC7_1234567890.json') | ansible.builtin.from_json }}"
    totals: "{{ document | edgebill.akamai_invoicing.invoice_totals }}"

- name: Show what one product costs across all customers
  ansible.builtin.debug:
    msg: "{{ lines | selectattr('product', 'eq', 'Access Control') | edgebill.akamai_invoicing.invoice_totals }}"
  vars:
    document: "{{ lookup('ansible.builtin.file', 'C-0N7RAC7_1234567890.json') | ansible.builtin.from_json }}"
    lines: "{{ document | edgebill.akamai_invoicing.invoice_lines }}"

- name: Show what last month's credit memos come to in each currency
  ansible.builtin.debug:
    msg: "{{ item.total }} {{ item.currency }}"
  loop: "{{ memos | edgebill.akamai_invoicing.invoice_totals }}"
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
      description: The sum of all amounts, V(null) where a line or bill has none, since it cannot be known then.
      type: float
    services:
      description: The part for services, from the lines that tell it, V(null) where no line does.
      type: float
    taxes:
      description: The part for taxes, from the lines that tell it, V(null) where no line does.
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
          description: The name of the product.
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
          description: The customer's account.
          type: str
        customer_name:
          description: The name of the account.
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
          description: The item type.
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
    reconciled:
      description:
        - For totals, whether they all agree with their bills, V(null) where that is unknown.
        - V(null) for documents, lines and bills.
      type: bool
    difference:
      description: How much the lines are above the bills, V(null) where that is not known of any.
      type: float
    bills:
      description: The number of bills.
      returned: for totals of bills
      type: int
    invoice_total:
      description: The sum of the bills' own totals, V(null) where one is unknown.
      returned: for totals of bills
      type: float
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
      reconciled: null
      difference: null
"""

import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import documents_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import (
    bill_totals,
    line_totals,
    merge_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import merge_reconciliations
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import (
    Kind,
    documents,
    filter_errors,
    items_of,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

WANTED: dict[Kind, str] = {
    "document": "a parsed JSON document or a list of them",
    "line": "a list of lines",
    "bill": "a list of bills",
    "balance": "a list of the totals of bills",
    "totals": "a list of totals",
}


def invoice_totals(value: t.Any) -> list[dict[str, t.Any]]:
    """One entry for each currency."""
    with filter_errors("invoice_totals"):
        kind, items = items_of(value, "invoice_totals", WANTED)
        if kind == "line":
            return line_totals(items)
        if kind == "bill":
            return bill_totals(items)
        if kind == "balance":
            return merge_reconciliations(items)
        if kind == "totals":
            return merge_totals(items)
        return documents_totals(documents(items))


class FilterModule:
    """The filter invoice_totals."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Its name and function."""
        return {"invoice_totals": invoice_totals}
