# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The selectors: which bills are meant."""

# Private to this collection: it can change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the selectors."""

    DOCUMENTATION = r"""
options:
  contract_ids:
    description:
      - The contracts whose bills are meant, such as V(C-0N7RAC71). Each month costs one request for each of them.
      - By default the bills of the whole account are meant, for one request each month. They may belong to several
        contracts and accounts.
      - An empty list is an error.
    type: list
    elements: str
  month:
    description:
      - The month of usage that the bills are for, as V(YYYY-MM).
      - V(last_month) and V(this_month) are told from today's date in UTC, whatever the time zone of the machine.
      - The first month that the API has bills for is V(2016-04). A month that is yet to come is an error.
      - By default V(last_month), unless O(from_month) is given.
      - Mutually exclusive with O(from_month) and O(to_month).
    type: str
  from_month:
    description:
      - The first of several months, in any form that O(month) takes. It is included.
      - Each month costs one request at least, since the API lists one month at a time.
    type: str
  to_month:
    description:
      - The last of several months, in any form that O(month) takes. It is included.
      - By default V(this_month). Needs O(from_month).
    type: str
  invoice_types:
    description:
      - The types of bills that are meant, such as V(INVOICE), V(CREDIT_MEMO) and V(DEBIT_MEMO), in upper or lower case.
        Other types that the API knows are possible.
      - By default all types are meant. An empty list is an error.
    type: list
    elements: str
"""
