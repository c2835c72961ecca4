# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: invoice_lines
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: Lines of Akamai bills as flat dictionaries
version_added: 0.1.0
description:
  - Returns the lines of parsed JSON documents as one flat list, with the same keys for every document. The lines that
    the lookup P(edgebill.akamai_invoicing.invoice#lookup) returns have these keys too, also those of CSV documents.
  - Documents with the same C(ACCOUNT_ID) and C(INVOICE_ID) are one bill, whose lines are returned once. If such
    documents differ, that is an error.
  - Does not use the network, and gives the same result for the same input.
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
positional: _input
options:
  _input:
    description:
      - A JSON document, as parsed by P(ansible.builtin.from_json#filter) or returned in C(invoice) by the lookup
        P(edgebill.akamai_invoicing.invoice#lookup), or a list of documents.
      - Anything else is an error.
    type: raw
    required: true
seealso:
  - plugin: edgebill.akamai_invoicing.invoice_totals
    plugin_type: filter
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Show the lines of more than 1000 in a document
  ansible.builtin.debug:
    msg: "{{ item.product }}: {{ item.total }} {{ item.currency }}"
  loop: "{{ lines | selectattr('total', 'number') | selectattr('total', 'gt', 1000) }}"
  loop_control:
    label: "{{ item.product }}"
  vars:
    document: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7').invoice }}"
    lines: "{{ document | edgebill.akamai_invoicing.invoice_lines }}"
"""

RETURN = r"""
_value:
  description: The lines in the order of the documents. A value that a document does not provide is V(null).
  type: list
  elements: dict
  contains:
    product:
      description: The name of the product.
      type: str
    product_id:
      description: The identifier of the product.
      type: str
    description:
      description: What is billed.
      type: str
    item_type:
      description: The item type, such as V(U).
      type: str
    start_date:
      description: The first day.
      type: str
    end_date:
      description: The last day.
      type: str
    units:
      description: The number of units, or the document's text where it is not a number.
      type: float
    unit_price:
      description: The price of one unit, or the document's text where it is not a number.
      type: float
    unit_measure:
      description: What one unit is, such as V(GB).
      type: str
    total:
      description:
        - The amount, below zero for a credit. V(null) where the line has none.
        - It is a number that prints exactly the decimal, or a string of its digits if it has more digits than a number
          can carry.
      type: float
    services:
      description: The part of the amount that is for services.
      type: float
    taxes:
      description: The part of the amount that is taxes.
      type: float
    po_number:
      description: The purchase order.
      type: str
    customer_id:
      description: The end customer's account.
      type: str
    customer_name:
      description: The name of that account.
      type: str
    credited_invoice:
      description: The bill that is credited.
      type: str
    credited_line:
      description: The line of that bill.
      type: str
    currency:
      description: The currency of the amounts.
      type: str
    extra:
      description: Everything else in the document about the line and its customer, by the document's own names.
      type: dict
  sample:
    - product: Access Control
      product_id: 9-8ZYX76
      description: 1 GB of Access Control Usage
      item_type: U
      start_date: '2021-01-01'
      end_date: '2021-01-31'
      units: 1
      unit_price: 0.01
      unit_measure: GB
      total: 0.03
      services: 0.02
      taxes: 0
      po_number: '1234567890'
      customer_id: A-CCT7890
      customer_name: Main Street Corporation
      credited_invoice: null
      credited_line: null
      currency: USD
      extra:
        END_CUSTOMER_EXTERNAL_REFERENCE: '1234567890'
        END_CUSTOMER_ORDER_ID: 1-23ABC4
        EFFECTIVE_END_DATE: '2022-01-31'
"""

import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import (
    as_result,
    documents,
    filter_errors,
    items_of,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable


def invoice_lines(value: t.Any) -> list[dict[str, t.Any]]:
    """The lines of all documents."""
    with filter_errors("invoice_lines"):
        _kind, items = items_of(value, "document")
        return [as_result(line) for document in documents(items) for line in document.lines()]


class FilterModule:
    """The filter invoice_lines."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Its name and function."""
        return {"invoice_lines": invoice_lines}
