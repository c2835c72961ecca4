# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The options that select bills."""

# Private to this collection: it can change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options that select bills."""

    DOCUMENTATION = r"""
options:
  contract_ids:
    description:
      - List only bills of these contracts, such as V(C-0N7RAC71). Each month takes one request for each contract.
      - By default all bills of the account are listed, with one request for each month. They may belong to several
        contracts and accounts.
      - An empty list is an error.
    type: list
    elements: str
  month:
    description:
      - The month of usage that the bills are for, as V(YYYY-MM), V(last_month) or V(this_month).
      - V(last_month) and V(this_month) depend on today's date in UTC, whatever the time zone of the machine.
      - The first month that the API has bills for is V(2016-04). A future month is an error.
      - By default V(last_month), unless O(from_month) is given.
      - Mutually exclusive with O(from_month) and O(to_month).
    type: str
  from_month:
    description:
      - The first of several months, in any form that O(month) takes. It is included.
      - Each month takes at least one request, since the API lists one month at a time.
      - Mutually exclusive with O(month).
    type: str
  to_month:
    description:
      - The last of several months, in any form that O(month) takes. It is included.
      - By default V(this_month). Requires O(from_month).
      - Mutually exclusive with O(month).
    type: str
  invoice_types:
    description:
      - List only bills of these types, such as V(INVOICE), V(CREDIT_MEMO) and V(DEBIT_MEMO), in upper or lower case.
        Other types that the API has are possible.
      - By default bills of all types are listed. An empty list is an error.
    type: list
    elements: str
"""
