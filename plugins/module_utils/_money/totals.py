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

from .._errors import DocumentError, abbreviated
from .amounts import exact_sum, parse_amount, rounded_to_show, to_json_number
from .sums import GROUP_KEYS, GroupedSums, Line, Sum

Totals = dict[str, t.Any]

_GROUPS = {
    "by_product": ("products", ("product",)),
    "by_customer": ("customers", ("customer_id", "customer_name")),
    "by_item_type": ("item_types", ("item_type",)),
}
_AMOUNTS = ("total", "services", "taxes")


def line_totals(lines: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """The totals of lines as a result holds them, one entry for each currency."""
    sums = GroupedSums()
    for number, line in enumerate(lines, 1):
        read: Line = {key: line.get(key) for key in GROUP_KEYS}
        for name in _AMOUNTS:
            read[name] = amount_of(line, name, f"line {number}")
        sums.add(read)
    sums.flush()
    return _entries(sums)


def bill_totals(bills: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """The totals of bills by their own ``invoice_total``, one entry for each ``invoice_currency``.

    They have no lines. A currency with a bill whose total is not known has no total.
    """
    sums = GroupedSums()
    for number, bill in enumerate(bills, 1):
        sums.totals[bill["invoice_currency"]].add(amount_of(bill, "invoice_total", f"bill {number}"), 1)
    return [entry | {"lines": None} for entry in _entries(sums)]


def merge_totals(several: Iterable[Mapping[str, t.Any]]) -> list[Totals]:
    """Add up the totals of several documents, one entry for each currency; ``lines`` is null where one has none."""
    sums = GroupedSums()
    without_lines = set()
    compared: dict[str | None, list[tuple[bool | None, Decimal | None]]] = {}
    for number, totals in enumerate(several, 1):
        place = f"totals {number}"
        for entry in totals.get("by_currency", [totals]):
            currency, lines = entry["currency"], entry["lines"]
            if lines is None:
                without_lines.add(currency)
            amount = amount_of(entry, "total", place)
            # A total that is not known makes the sum unknown, also that of bills, which count no lines.
            sums.totals[currency].add(amount, lines or int(amount is None))
            for name, by_currency in (("services", sums.services), ("taxes", sums.taxes)):
                if entry[name] is not None:
                    by_currency[currency].add(amount_of(entry, name, place), 0)
            only = currency == totals["currency"]
            compared.setdefault(currency, []).append(
                (totals.get("reconciled"), amount_of(totals, "difference", place)) if only else (None, None)
            )
        for by, (field, keys) in _GROUPS.items():
            groups = getattr(sums, field)
            for group in totals[by]:
                key = tuple(group[name] for name in (*keys, "currency"))
                groups[key].add(amount_of(group, "total", f"{place}, {by}"), group["lines"])
    merged = [entry | _reconciled(compared[entry["currency"]]) for entry in _entries(sums)]
    return [entry | {"lines": None} if entry["currency"] in without_lines else entry for entry in merged]


def amount_of(item: Mapping[str, t.Any], name: str, place: str) -> Decimal | None:
    """The amount of that name in a line, a bill or totals, None if it has none. Raises DocumentError."""
    value = item.get(name)
    try:
        return parse_amount(value)
    except ValueError as error:
        raise DocumentError(f"{place}, {name}: {abbreviated(value)} cannot be read ({error}).") from None


def _reconciled(compared: list[tuple[bool | None, Decimal | None]]) -> Totals:
    """Whether all documents agree with their bills, null where one is unknown and none disagrees."""
    answers = [answer for answer, _difference in compared]
    differences = [difference for _answer, difference in compared if difference is not None]
    if False in answers or None not in answers:
        return {"reconciled": False not in answers, "difference": to_json_number(exact_sum(differences))}
    return {"reconciled": None, "difference": None}


def _entries(sums: GroupedSums) -> list[Totals]:
    """One entry for each currency, in the order of their codes."""
    by_currency: dict[tuple[str, str | None], dict[tuple[t.Any, ...], Sum]] = {}
    for name, (field, _keys) in _GROUPS.items():
        for group, one in getattr(sums, field).items():
            by_currency.setdefault((name, group[-1]), {})[group] = one
    return [
        {
            "currency": currency,
            "total": _money(sums.totals[currency], currency),
            "services": _money(sums.services.get(currency), currency),
            "taxes": _money(sums.taxes.get(currency), currency),
            "lines": sums.totals[currency].lines,
            **{name: _groups(by_currency.get((name, currency), {}), keys) for name, (_field, keys) in _GROUPS.items()},
        }
        for currency in sorted(sums.totals, key=lambda code: code or "")
    ]


def _groups(groups: Mapping[tuple[t.Any, ...], Sum], keys: tuple[str, ...]) -> list[Totals]:
    """The groups of one currency, the largest amount first, then by name."""
    found = [
        (None if one.value is None else rounded_to_show(one.value, group[-1]), group, one.lines)
        for group, one in groups.items()
    ]
    found.sort(key=lambda entry: [(name is None, name or "") for name in reversed(entry[1][:-1])])
    found.sort(key=lambda entry: (entry[0] is not None, entry[0] or Decimal(0)), reverse=True)
    return [
        {
            **dict(zip((*keys, "currency"), group)),
            "total": None if value is None else to_json_number(value),
            "lines": lines,
        }
        for value, group, lines in found
    ]


def _money(one: Sum | None, currency: str | None) -> int | float | str | None:
    return None if one is None or one.value is None else to_json_number(rounded_to_show(one.value, currency))
