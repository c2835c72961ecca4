# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: invoice_months
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: The months from one to another
version_added: 0.1.0
description:
  - Lists the months from one to another, oldest first, such as for a loop with one task for each month.
  - Months are in the same forms as in the options O(edgebill.akamai_invoicing.invoice_info#module:from_month) and
    O(edgebill.akamai_invoicing.invoice_info#module:to_month), and the same months are refused.
  - Does not use the network. Which month V(last_month) and V(this_month) are depends on the date in UTC.
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
positional: _input, to_month
options:
  _input:
    description:
      - The first month, as V(YYYY-MM), V(last_month) or V(this_month).
    type: str
    required: true
  to_month:
    description:
      - The last month, in the same forms, not before the first.
      - By default the current month.
    type: str
seealso:
  - module: edgebill.akamai_invoicing.invoice_info
  - module: edgebill.akamai_invoicing.invoice_archive
"""

EXAMPLES = r"""
- name: Archive the bills since January, month by month
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    month: "{{ item }}"
  loop: "{{ '2026-01' | edgebill.akamai_invoicing.invoice_months('last_month') }}"
  loop_control:
    label: "{{ item }}"
"""

RETURN = r"""
_value:
  description: The months as V(YYYY-MM), oldest first.
  type: list
  elements: str
  sample: [2024-11, 2024-12, 2025-01]
"""

import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import months_between
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import filter_errors

if t.TYPE_CHECKING:
    from collections.abc import Callable


def invoice_months(from_month: t.Any, to_month: t.Any = None) -> list[str]:
    """The months from one to another, both included."""
    with filter_errors("invoice_months"):
        return list(months_between(str(from_month), None if to_month is None else str(to_month)))


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """All filters of this file."""
        return {"invoice_months": invoice_months}
