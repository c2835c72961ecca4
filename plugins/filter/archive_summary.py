# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: archive_summary
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: What several invoice_archive tasks have done, by account
version_added: 0.1.0
description:
  - Adds up the results of a loop over M(edgebill.akamai_invoicing.invoice_archive) whose items are pairs of account
    and month.
  - Each bill counts once, even if several account switch keys lead to the same account, or two months list it.
    If a bill was issued again between two runs, its amounts of the later run count, and a warning names it.
  - Does not use the network, and gives the same result for the same input.
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
positional: _input
options:
  _input:
    description:
      - The C(results) of the registered loop. Each item of the loop is a list of an account switch key, which can be
        empty, and a month.
    type: list
    elements: dict
    required: true
seealso:
  - module: edgebill.akamai_invoicing.invoice_archive
  - plugin: edgebill.akamai_invoicing.merge_totals
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Archive two months of two accounts
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    account_switch_key: "{{ item[0] }}"
    month: "{{ item[1] }}"
    returned: none
  loop: "{{ ['A-CCT5432:A-CCT7890', '1-5C0YLB:1-8BYUX'] | product(['2024-05', '2024-06']) }}"
  loop_control:
    label: "{{ item | join(' ') }}"
  register: archived
  ignore_errors: true

- name: Show what failed
  ansible.builtin.debug:
    msg: "{{ (archived.results | edgebill.akamai_invoicing.archive_summary).failures }}"
"""

RETURN = r"""
_value:
  description: The sums of all accounts, and those of each.
  type: dict
  contains:
    totals:
      description:
        - The totals of all bills, one entry for each currency, as
          RV(edgebill.akamai_invoicing.invoice_archive#module:totals).
      type: list
      elements: dict
    counts:
      description: The sums of RV(edgebill.akamai_invoicing.invoice_archive#module:counts).
      type: dict
    months:
      description: The months whose bills were listed, in order.
      type: list
      elements: str
    accounts:
      description: The same for each account, in the order of the loop.
      type: list
      elements: dict
      contains:
        account:
          description: The account switch key. It is empty for the API client's own account.
          type: str
        complete:
          description: Whether all lists of bills were retrieved, so that no bill is missing from C(totals).
          type: bool
        totals:
          description: The totals of the account's bills.
          type: list
          elements: dict
        counts:
          description: The counts of the account.
          type: dict
        failures:
          description: The failures of the account.
          type: list
          elements: dict
    new_bills:
      description:
        - The bills that are new, were issued again or were repaired, as
          RV(edgebill.akamai_invoicing.invoice_archive#module:new_bills).
      type: list
      elements: dict
    failures:
      description: What failed, in the order of the loop.
      type: list
      elements: dict
      contains:
        account:
          description: The account switch key.
          type: str
        month:
          description: The month of the task.
          type: str
        message:
          description: What was requested, what came back, and what to do next.
          type: str
"""

import typing as t
from operator import itemgetter

from ansible.utils.display import Display
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import merge_reconciliations
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._filter import bill_totals, filter_errors

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Result = Mapping[str, t.Any]

display = Display()
COUNTS = ("downloaded", "repaired", "skipped", "missing", "failed", "requests")


def archive_summary(results: Sequence[Result]) -> dict[str, t.Any]:
    """The sums of all results, and those of each account."""
    with filter_errors("archive_summary"):
        accounts: dict[str, list[Result]] = {}
        for result in results:
            accounts.setdefault(_run(result)[0], []).append(result)
        return {
            **_sums(results),
            "new_bills": _new_bills(results),
            "months": sorted({_run(result)[1] for result in results if _is_complete(result)}),
            "accounts": [
                {"account": account, "complete": all(map(_is_complete, own)), **_sums(own)}
                for account, own in accounts.items()
            ],
        }


def _sums(results: Sequence[Result]) -> dict[str, t.Any]:
    return {
        "totals": merge_reconciliations(_bills(results)),
        "counts": {name: sum(result.get("counts", {}).get(name, 0) for result in results) for name in COUNTS},
        "failures": [failure for result in results for failure in _failures(result)],
    }


def _bills(results: Sequence[Result]) -> Iterator[Result]:
    """The totals of each bill once. Of a bill that was issued again between two runs, the later one counts."""
    found: dict[tuple[object, object], list[list[Result]]] = {}
    for result in results:
        own: dict[tuple[object, object], list[Result]] = {}
        for bill in result.get("bills", ()):
            own.setdefault((bill["contract_id"], bill["invoice_id"]), []).append(bill)
        for identity, entries in own.items():
            found.setdefault(identity, []).append(entries)
    for (contract_id, invoice_id), versions in found.items():
        last = bill_totals(versions[-1])
        try:
            yield from bill_totals([entry for entries in versions for entry in entries])
        except DocumentError:
            display.warning(
                f"Bill {invoice_id} of contract {contract_id} has other amounts in a later run than before. The sums"
                " have those of the later run: it was probably issued again. Run again to confirm them."
            )
            yield from last


def _new_bills(results: Sequence[Result]) -> list[Result]:
    """Each new bill once: in check mode, each account switch key of its account predicts it."""
    found = {(bill["contract_id"], bill["invoice_id"]): bill for one in results for bill in one.get("new_bills", ())}
    return sorted(found.values(), key=itemgetter("contract_id", "month", "invoice_id"))


def _run(result: Result) -> tuple[str, str]:
    account, month = result[result["ansible_loop_var"]]
    return str(account), str(month)


def _is_complete(result: Result) -> bool:
    """Whether a task retrieved all its lists: their failures are about a month, and about no bill."""
    failures = result.get("failures", ())
    lists = [failure for failure in failures if failure["month"] and failure["invoice_id"] is None]
    return "counts" in result and not lists


def _failures(result: Result) -> list[dict[str, str]]:
    if not result.get("failed"):
        return []
    account, month = _run(result)
    messages = [failure["msg"] for failure in result.get("failures", ())] or [result["msg"]]
    return [{"account": account, "month": month, "message": str(message)} for message in messages]


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """All filters of this file."""
        return {"archive_summary": archive_summary}
