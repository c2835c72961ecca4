# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a result says of archives that are only read: bills with their sums, and what a task can fail for."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t

from ._archive.verification import GONE, STRAY, UNFINISHED
from ._errors import counted
from ._money.amounts import to_json_number
from ._reconciliation import compare, merge_reconciliations

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ._archive.archived_bills import ArchivedBill
    from ._reconciliation import Reconciliation

SUMS = ("currency", "total", "services", "taxes", "lines")


def bills_result(bills: Sequence[ArchivedBill], most: int) -> dict[str, t.Any]:
    """What a result says of bills and of their sums, and of ``most`` bills one by one: nothing but catalogues is read.

    Raises DocumentError.
    """
    by_bill: dict[t.Any, list[Reconciliation]] = {}
    entries = [entry for bill in bills for entry in bill.documents_with_lines()]
    for compared, part in compare([bill.as_bill() for bill in bills], entries):
        by_bill.setdefault((compared.contract_id, compared.invoice_id), []).append(part)
    pairs = list(zip(bills, by_bill.values()))
    return {
        "bills": [bill.as_result() | _sums_of(parts) for bill, parts in pairs[:most]],
        "unreconciled": [_unreconciled(bill, parts[0]) for bill, parts in pairs if parts[0]["reconciled"] is False],
        "totals": merge_reconciliations(part for _bill, parts in pairs for part in parts),
        "unknown": sum(parts[0]["reconciled"] is None for _bill, parts in pairs),
    }


def _sums_of(parts: Sequence[Reconciliation]) -> dict[str, t.Any]:
    """The sums of a bill by currency, the first being that of the bill."""
    totals = [{name: part[name] for name in SUMS} for part in parts if part["lines"] is not None]
    return {"totals": totals, "reconciled": parts[0]["reconciled"], "difference": _difference(parts[0])}


def _unreconciled(bill: ArchivedBill, part: Reconciliation) -> dict[str, t.Any]:
    newest = bill.newest
    about = {"contract_id": newest.contract_id, "invoice_id": newest.invoice_id, "month": bill.month}
    sums = {"currency": part["currency"], "invoice_total": newest.invoice_total, "total": part["total"]}
    return {**about, **sums, "difference": _difference(part)}


def _difference(part: Reconciliation) -> int | float | str | None:
    return None if part["difference"] is None else to_json_number(part["difference"])


def reasons_to_fail(fail_on: Iterable[str], result: dict[str, t.Any]) -> Iterator[str]:
    """A sentence for each of ``fail_on`` that was found."""
    damaged = [one for one in result["problems"] if one["kind"] not in (STRAY, UNFINISHED)]
    gone = [one for one in damaged if one["kind"] == GONE]
    for kind, found in (("damaged", damaged), ("missing", gone)):
        if kind in fail_on and found:
            yield f"{counted(len(found), f'{kind} file')}. First: {found[0]['msg']}"
    if "missing" in fail_on and (missing := result["missing_months"]):
        contract_id = min(missing)
        several = counted(sum(map(len, missing.values())), "month")
        yield f"{several} without a bill. First: {missing[contract_id][0]} of contract {contract_id}."
    if "unreconciled" in fail_on and (found := result["unreconciled"]):
        one = found[0]
        about = f"bill {one['invoice_id']} of contract {one['contract_id']}"
        total = f"{one['invoice_total']} {one['currency']}"
        several = counted(len(found), "bill")
        yield f"{several} whose lines do not add up. First: {about} has the total {total}, its lines {one['total']}."


def message_of(result: dict[str, t.Any]) -> str:
    """What was found, in a sentence."""
    counts, months = result["counts"], sum(map(len, result["missing_months"].values()))
    return (
        f"{counted(counts['bills'], 'bill')} with {counted(counts['documents'], 'document')}: "
        f"{counted(counts['problems'], 'problem')}, {counted(months, 'month')} without a bill, "
        f"{counted(counts['unreconciled'], 'bill')} whose lines do not add up."
    )
