# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Totals of documents and bills: exact sums by currency, product, customer and item type."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import (
    amount,
    difference,
    exact_sum,
    plain,
    rounded,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import (
    Document,
    Line,
    read_document,
    short,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, NotABillError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._sums import LINE_KEYS, Sum, Sums

Totals = dict[str, t.Any]

_GROUPS = {
    "by_product": ("products", ("product",)),
    "by_customer": ("customers", ("customer_id", "customer_name")),
    "by_item_type": ("item_types", ("item_type",)),
}
_AMOUNTS = ("total", "services", "taxes")


def document_totals(
    path: str,
    format: str,
    source_type: str = "regular",
    bill_total: Decimal | None = None,
    currency: str | None = None,
    content: bytes | None = None,
    invoice_id: int | None = None,
) -> Totals:
    """The totals of a document on disk; a DocumentError where the document is not sound.

    C(bill_total) and C(currency) are what the list of bills says: the total to compare with, and the currency of a
    document that names none. The file is not read when its C(content) is at hand. A document that says to be of another
    bill than C(invoice_id) raises NotABillError.
    """
    document = read_document(path, format, source_type, currency=currency, content=content)
    totals = totals_of(document, bill_total, currency, source_type)
    if invoice_id is not None and document.invoice_id not in (None, str(invoice_id)):
        raise document.error(f"is bill {document.invoice_id}, not {invoice_id}.", NotABillError)
    return totals


def totals_of(
    document: Document,
    bill_total: Decimal | None = None,
    currency: str | None = None,
    source_type: str = "regular",
) -> Totals:
    """The totals of one document."""
    sums = document.sums()
    if not sums.totals:
        sums.totals[document.currency].add(Decimal(0), 0)
    entries = _entries(sums)
    only = entries[0] if len(entries) == 1 else {}
    found = None
    if bill_total is not None:
        # Amounts in another currency than the bill's say nothing about it.
        same = [one for code, one in sums.totals.items() if currency in (None, code) or code is None]
        if len(same) == 1 and same[0].value is not None and (currency or only):
            found = difference(same[0].value, bill_total, currency or only["currency"], source_type)
    return {
        **{key: only.get(key) for key in ("currency", *_AMOUNTS)},
        "lines": sum(entry["lines"] for entry in entries),
        **{name: [one for entry in entries for one in entry[name]] for name in _GROUPS},
        "by_currency": [{key: entry[key] for key in ("currency", *_AMOUNTS, "lines")} for entry in entries],
        "reconciled": None if found is None else not found,
        "difference": None if found is None else plain(found),
    }


def added_totals(documents: Iterable[Document]) -> list[Totals]:
    """The totals of several documents added up, one entry for each currency."""
    sums = Sums()
    for document in documents:
        empty = True
        for line in document.lines():
            sums.add(line)
            empty = False
        if empty:
            sums.totals[document.currency].add(Decimal(0), 0)
    sums.fold()
    return _entries(sums)


def line_totals(lines: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """The totals of lines as a result holds them, one entry for each currency."""
    sums = Sums()
    for number, line in enumerate(lines, 1):
        read: Line = {key: line.get(key) for key in LINE_KEYS}
        for name in _AMOUNTS:
            read[name] = read_amount_of(line, name, f"line {number}")
        sums.add(read)
    sums.fold()
    return _entries(sums)


def bill_totals(bills: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """The totals of bills by their own C(invoice_total), one entry for each C(invoice_currency).

    They have no lines; and a currency with a bill whose total is unknown has none either.
    """
    sums = Sums()
    for number, bill in enumerate(bills, 1):
        sums.totals[bill["invoice_currency"]].add(read_amount_of(bill, "invoice_total", f"bill {number}"), 1)
    return [entry | {"lines": None} for entry in _entries(sums)]


def add_totals(several: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """Add up the totals of several documents, one entry for each currency."""
    sums = Sums()
    compared: dict[str | None, list[tuple[bool | None, Decimal | None]]] = {}
    for number, totals in enumerate(several, 1):
        place = f"totals {number}"
        for entry in totals.get("by_currency", [totals]):
            currency = entry["currency"]
            sums.totals[currency].add(read_amount_of(entry, "total", place), entry["lines"] or 0)
            for name, by_currency in (("services", sums.services), ("taxes", sums.taxes)):
                if entry[name] is not None:
                    by_currency[currency].add(read_amount_of(entry, name, place), 0)
            only = currency == totals["currency"]
            compared.setdefault(currency, []).append(
                (totals["reconciled"], read_amount_of(totals, "difference", place)) if only else (None, None)
            )
        for by, (field, keys) in _GROUPS.items():
            groups = getattr(sums, field)
            for group in totals[by]:
                key = tuple(group[name] for name in (*keys, "currency"))
                groups[key].add(read_amount_of(group, "total", f"{place}, {by}"), group["lines"])
    return [entry | _reconciled(compared[entry["currency"]]) for entry in _entries(sums)]


def read_amount_of(item: Mapping[str, t.Any], name: str, place: str) -> Decimal | None:
    """The amount of that name in a line, a bill or totals, None if it has none. Raises DocumentError."""
    value = item.get(name)
    try:
        return amount(value)
    except ValueError as error:
        raise DocumentError(f"{place}, {name}: {short(value)} cannot be read ({error}).") from None


def _reconciled(compared: list[tuple[bool | None, Decimal | None]]) -> Totals:
    """Whether all documents agree with their bills, null where one is unknown and none disagrees."""
    answers = [answer for answer, _difference in compared]
    differences = [difference for _answer, difference in compared if difference is not None]
    if False in answers or None not in answers:
        return {"reconciled": False not in answers, "difference": plain(exact_sum(differences))}
    return {"reconciled": None, "difference": None}


def _entries(sums: Sums) -> list[Totals]:
    """One entry for each currency, in the order of their codes."""
    return [
        {
            "currency": currency,
            "total": _money(sums.totals[currency], currency),
            "services": _money(sums.services.get(currency), currency),
            "taxes": _money(sums.taxes.get(currency), currency),
            "lines": sums.totals[currency].lines,
            **{name: _groups(getattr(sums, field), keys, currency) for name, (field, keys) in _GROUPS.items()},
            "reconciled": None,
            "difference": None,
        }
        for currency in sorted(sums.totals, key=lambda code: code or "")
    ]


def _groups(groups: Mapping[tuple[t.Any, ...], Sum], keys: tuple[str, ...], currency: str | None) -> list[Totals]:
    """The groups of one currency, the largest amount first, then by name."""
    found = [
        (None if one.value is None else rounded(one.value, currency), group[:-1], one.lines)
        for group, one in groups.items()
        if group[-1] == currency
    ]
    found.sort(key=lambda entry: [(name is None, name or "") for name in reversed(entry[1])])
    found.sort(key=lambda entry: (entry[0] is not None, entry[0] or Decimal(0)), reverse=True)
    return [
        {
            **dict(zip(keys, group, strict=True)),
            "currency": currency,
            "total": None if value is None else plain(value),
            "lines": lines,
        }
        for value, group, lines in found
    ]


def _money(one: Sum | None, currency: str | None) -> int | float | str | None:
    return None if one is None or one.value is None else plain(rounded(one.value, currency))
