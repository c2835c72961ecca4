# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The option that names the columns of a document."""

# Private to this collection: it can change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of ``columns``."""

    DOCUMENTATION = r"""
options:
  columns:
    description:
      - 'Which column of a document holds which field of its lines. Each key is a field, each value the heading of its
        column, such as V({total: Extended, taxes: VAT}).'
      - Needed only for documents whose columns cannot be recognized for certain. The error about such a document lists
        its headings.
      - A column that is named here is used without comparing it with other columns that could hold the same field.
        Fields that are not named here are recognized by their headings as usual.
      - Headings match whatever their case, blanks and punctuation. In a JSON document, a value is the name in
        C(INVOICE_LINE) that holds the field.
      - The fields are V(total), V(services), V(taxes), V(currency), V(product), V(product_id), V(description),
        V(item_type), V(start_date), V(end_date), V(units), V(unit_price), V(unit_measure), V(po_number),
        V(customer_id), V(customer_name), V(credited_invoice), and V(credited_line).
    type: dict
"""
