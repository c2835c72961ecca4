# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The sums of many bills, by their own totals and by the lines of their documents."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from decimal import Decimal

from ._money.amounts import exact_sum, parse_amount, rounded_difference, rounded_to_show, to_json_number
from ._money.totals import amount_of

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ._api.invoicing import Bill
    from ._archive.entry import Entry

Reconciliation = dict[str, t.Any]

# Which document of a bill has its lines: usage files come last, since they may be about a part of it.
_PREFERENCE = {("regular", "json"): 0, ("regular", "csv"): 1, ("compute", "csv"): 2}


def reconcile(bills: Iterable[Bill], entries: Iterable[Entry] = ()) -> list[Reconciliation]:
    """One entry for each currency: the bills' own totals, those of the lines, and whether they agree."""
    return merge_reconciliations(part for _bill, part in compare(bills, entries))


def reconcile_each(compared: Iterable[tuple[Bill, Reconciliation]]) -> list[Reconciliation]:
    """What compare() found of each bill, with its ``contract_id``, ``invoice_id`` and ``month``, as results show it."""
    return [
        {"contract_id": bill.contract_id, "invoice_id": bill.invoice_id, "month": bill.month}
        | {name: to_json_number(value) if isinstance(value, Decimal) else value for name, value in part.items()}
        for bill, part in compared
    ]


def mismatches(rows: Iterable[Reconciliation]) -> list[str]:
    """The end of a sentence for each bill whose lines do not add up to its total, by what reconcile_each() gives."""
    return [
        f"bill {row['invoice_id']} of {row['contract_id']} has the total {row['invoice_total']} {row['currency']}, and "
        f"the sum of its lines is {row['total']} {row['currency']}"
        for row in rows
        if row["difference"]
    ]


def merge_reconciliations(several: Iterable[Mapping[str, t.Any]]) -> list[Reconciliation]:
    """Several balances as one, such as those of the months of a year. Raises DocumentError."""
    parts: dict[str | None, list[Mapping[str, t.Any]]] = {}
    for part in several:
        parts.setdefault(part["currency"], []).append(part)
    return [_added(currency, parts[currency]) for currency in sorted(parts, key=lambda code: code or "")]


def compare(bills: Iterable[Bill], entries: Iterable[Entry]) -> Iterator[tuple[Bill, Reconciliation]]:
    """The reconciliation of each bill, and one for each other currency of its lines; nothing is rounded yet."""
    documents: dict[tuple[str, int], Entry] = {}
    for entry in entries:
        if entry.totals is not None:
            first = documents.setdefault((entry.contract_id, entry.invoice_id), entry)
            if _rank(entry) < _rank(first):
                documents[entry.contract_id, entry.invoice_id] = entry
    for bill in bills:
        currency, total = bill.invoice_currency, bill.invoice_total
        document = documents.get((bill.contract_id, bill.invoice_id))
        by_currency = {sums["currency"]: sums for sums in document.totals or ()} if document else {}
        lines = by_currency.pop(currency, None)
        found = None
        if document and lines and total is not None and (sum_of_lines := parse_amount(lines["total"])) is not None:
            found = rounded_difference(sum_of_lines, total, currency, document.source_type)
        yield bill, _part(currency, 1, total, lines, found)
        for other, lines in by_currency.items():
            yield bill, _part(other, 0, Decimal(0), lines, None)


def _part(
    currency: str | None, bills: int, invoice_total: Decimal | None, lines: Reconciliation | None, found: Decimal | None
) -> Reconciliation:
    sums = {name: lines[name] if lines else None for name in ("total", "services", "taxes", "lines")}
    known = {"currency": currency, "bills": bills, "invoice_total": invoice_total}
    return {**known, **sums, "reconciled": None if found is None else not found, "difference": found}


def _added(currency: str | None, parts: Sequence[Mapping[str, t.Any]]) -> Reconciliation:
    def added(name: str) -> int | float | str | None:
        amounts = [amount_of(part, name, "the totals of bills") for part in parts]
        known = [amount for amount in amounts if amount is not None]
        return to_json_number(rounded_to_show(exact_sum(known), currency)) if known else None

    lines = [part["lines"] for part in parts if part.get("lines") is not None]
    reconciled = [part.get("reconciled") for part in parts]
    unknown = any(part["invoice_total"] is None for part in parts)
    # Lines that have no sum are not the same as no lines.
    unsummed = any(part.get("lines") and part.get("total") is None for part in parts)
    return {
        "currency": currency,
        "bills": sum(part["bills"] for part in parts),
        "invoice_total": None if unknown else added("invoice_total"),
        "total": None if unsummed else added("total"),
        "services": added("services"),
        "taxes": added("taxes"),
        "lines": sum(lines) if lines else None,
        "reconciled": False if False in reconciled else None if None in reconciled else True,
        "difference": added("difference"),
    }


def _rank(entry: Entry) -> int:
    return _PREFERENCE.get((entry.source_type, entry.format), len(_PREFERENCE))
