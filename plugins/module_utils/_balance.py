# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What many bills come to, by their own totals and by the lines of their documents."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from decimal import Decimal

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import exact_sum, plain

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._catalogue import Entry
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._invoicing import Bill

# Which document of a bill tells its lines: usage files come last, since they may be about a part of it.
_PREFERENCE = {("regular", "json"): 0, ("regular", "csv"): 1, ("compute", "csv"): 2}


class _Part(t.NamedTuple):
    """One bill in one currency: what it says, the totals of its document there, and what these have more."""

    bill: Bill | None
    lines: dict[str, t.Any] | None
    difference: Decimal | None = None


def balance(bills: Iterable[Bill], entries: Iterable[Entry]) -> list[dict[str, t.Any]]:
    """One entry for each currency: the bills' own totals, those of the lines, and whether they agree."""
    parts = _parts(bills, entries)
    return [_sum(currency, parts[currency]) for currency in sorted(parts, key=lambda code: code or "")]


def disagreements(bills: Iterable[Bill], entries: Iterable[Entry]) -> list[str]:
    """A sentence for each bill that its lines do not add up to."""
    return [
        f"bill {bill.invoice_id} of {bill.contract_id} says {bill.as_result()['invoice_total']} {currency}, "
        f"and its lines come to {lines['total']} {currency}"
        for currency, parts in _parts(bills, entries).items()
        for bill, lines, difference in parts
        if bill and lines and difference
    ]


def _parts(bills: Iterable[Bill], entries: Iterable[Entry]) -> dict[str | None, list[_Part]]:
    documents: dict[tuple[str, int], Entry] = {}
    for entry in entries:
        if entry.totals is not None:
            first = documents.setdefault((entry.contract_id, entry.invoice_id), entry)
            if _rank(entry) < _rank(first):
                documents[entry.contract_id, entry.invoice_id] = entry
    parts: dict[str | None, list[_Part]] = {}
    for bill in bills:
        document = documents.get((bill.contract_id, bill.invoice_id))
        by_currency = {part["currency"]: part for part in document.totals or ()} if document else {}
        lines = by_currency.pop(bill.invoice_currency, None)
        difference = _difference(bill, lines)
        if difference and document and document.source_type == "compute":
            # Whether it tells all of the bill or a part of it is not known.
            difference = None
        parts.setdefault(bill.invoice_currency, []).append(_Part(bill, lines, difference))
        for currency, others in by_currency.items():
            parts.setdefault(currency, []).append(_Part(None, others))
    return parts


def _difference(bill: Bill, lines: dict[str, t.Any] | None) -> Decimal | None:
    if lines is None or bill.invoice_total is None or lines["total"] is None:
        return None
    return exact_sum((_decimal(lines["total"]), bill.invoice_total.copy_negate()))


def _sum(currency: str | None, parts: Sequence[_Part]) -> dict[str, t.Any]:
    bills = [part.bill.invoice_total for part in parts if part.bill]
    lines = [part.lines for part in parts if part.lines]
    differences = [part.difference for part in parts]
    known = [difference for difference in differences if difference is not None]
    return {
        "currency": currency,
        "bills": len(bills),
        "invoice_total": None if None in bills else plain(exact_sum(total for total in bills if total is not None)),
        "total": _added(lines, "total"),
        "services": _added(lines, "services"),
        "taxes": _added(lines, "taxes"),
        "lines": sum(part["lines"] for part in lines),
        "reconciled": False if any(known) else None if None in differences else True,
        "difference": plain(exact_sum(known)) if known else None,
    }


def added_balances(balances: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Several balances as one, such as those of the months of a year."""
    parts: dict[str | None, list[Mapping[str, t.Any]]] = {}
    for part in balances:
        parts.setdefault(part["currency"], []).append(part)
    return [_added_balances(currency, parts[currency]) for currency in sorted(parts, key=lambda code: code or "")]


def _added_balances(currency: str | None, parts: Sequence[Mapping[str, t.Any]]) -> dict[str, t.Any]:
    totals = [part["invoice_total"] for part in parts]
    reconciled = [part.get("reconciled") for part in parts]
    return {
        "currency": currency,
        "bills": sum(part["bills"] for part in parts),
        "invoice_total": None if None in totals else _added(parts, "invoice_total"),
        "total": _added(parts, "total"),
        "services": _added(parts, "services"),
        "taxes": _added(parts, "taxes"),
        "lines": sum(part.get("lines") or 0 for part in parts),
        "reconciled": False if False in reconciled else None if None in reconciled else True,
        "difference": _added(parts, "difference"),
    }


def _added(parts: Iterable[Mapping[str, t.Any]], name: str) -> t.Any:
    amounts = [_decimal(part[name]) for part in parts if part.get(name) is not None]
    return plain(exact_sum(amounts)) if amounts else None


def _decimal(amount: t.Any) -> Decimal:
    # A plain number prints exactly the decimal that it is.
    return Decimal(str(amount))


def _rank(entry: Entry) -> int:
    return _PREFERENCE.get((entry.source_type, entry.format), len(_PREFERENCE))
