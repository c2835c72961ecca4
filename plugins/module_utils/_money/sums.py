# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Exact running sums of lines, in memory that grows with the groups and not with the lines."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from .amounts import PARSING, SUMMING, exact_sum

# What a line is summed by.
GROUP_KEYS = ("product", "customer_id", "customer_name", "item_type", "currency")
Group = tuple[t.Any, ...]
Line = dict[str, t.Any]

Amounts = tuple[t.Any, ...]

# From so many on it pays to look whether they are alike.
_MANY = 8
_MAX_PENDING = 4096

_key = itemgetter(*GROUP_KEYS)
_amounts = itemgetter("total", "services", "taxes")


class Sum:
    """One group's amount and number of lines. The amount of a group with a line without one is not known: None."""

    __slots__ = ("lines", "value")

    def __init__(self) -> None:
        self.value: Decimal | None = None
        self.lines = 0

    def add(self, value: Decimal | None, lines: int) -> None:
        """Add another sum to this one."""
        if self.value is None and not self.lines:
            self.value = value
        elif value is None and lines:
            self.value = None
        elif value is not None and self.value is not None:
            self.value = SUMMING.add(self.value, value)
        self.lines += lines


class GroupedSums:
    """Sums of lines by product, customer, item type and currency.

    Lines wait in ``pending``, by their groups in the order of ``GROUP_KEYS``, as tuples of total, services and taxes;
    each is a Decimal or a text, None or empty when it is not there. ``read`` reads texts that are not plain numbers.
    """

    def __init__(self, read: Callable[[str], Decimal] = Decimal) -> None:
        self._read = read
        self.products: defaultdict[Group, Sum] = defaultdict(Sum)
        self.customers: defaultdict[Group, Sum] = defaultdict(Sum)
        self.item_types: defaultdict[Group, Sum] = defaultdict(Sum)
        self.totals: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.services: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.taxes: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.pending: defaultdict[Group, list[Amounts]] = defaultdict(list)

    def add(self, line: Mapping[str, t.Any]) -> None:
        """Add one line."""
        self.pending[_key(line)].append(_amounts(line))
        if len(self.pending) > _MAX_PENDING or len(self.pending[_key(line)]) > _MAX_PENDING:
            self.flush()

    def flush(self) -> None:
        """Add up what is pending."""
        pending, self.pending = self.pending, defaultdict(list)
        for group, amounts in pending.items():
            totals, services, taxes = zip(*amounts)
            self.add_totals(group, totals)
            self.add_part("services", group[-1], services)
            self.add_part("taxes", group[-1], taxes)

    def add_totals(self, group: Group, totals: Sequence[t.Any]) -> None:
        """Add the totals of many lines of one group, each a Decimal, a text, or None or empty where there is none."""
        self._add(group, None if None in totals or "" in totals else self._sum(totals), len(totals))

    def add_part(self, part: str, currency: str | None, amounts: Sequence[t.Any]) -> None:
        """Add the services or the taxes of many lines in one currency."""
        if None in amounts or "" in amounts:
            amounts = [amount for amount in amounts if amount is not None and amount != ""]
        if amounts:
            sums = {"services": self.services, "taxes": self.taxes}[part]
            sums[currency].add(self._sum(amounts), len(amounts))

    def _sum(self, amounts: Sequence[str | Decimal]) -> Decimal:
        """The exact sum of amounts and of texts that say one."""
        if len(amounts) >= _MANY:
            if amounts[0] == amounts[-1] and amounts.count(amounts[0]) == len(amounts):
                # Often all are zero.
                return SUMMING.multiply(self._sum(amounts[:1]), Decimal(len(amounts)))
            total = _sum_of_alike(t.cast("Sequence[str]", amounts))
            if total is not None:
                return total
        try:
            # One by one, so that no more than two decimals are in memory at once.
            return exact_sum(map(PARSING.create_decimal, amounts))
        except ArithmeticError:
            return exact_sum(self._read(amount) if isinstance(amount, str) else amount for amount in amounts)

    def _add(self, key: Group, value: Decimal | None, lines: int) -> None:
        product, customer_id, customer_name, item_type, currency = (
            text.strip() or None if isinstance(text, str) else text for text in key
        )
        self.products[product, currency].add(value, lines)
        self.customers[customer_id, customer_name, currency].add(value, lines)
        self.item_types[item_type, currency].add(value, lines)
        self.totals[currency].add(value, lines)


def _sum_of_alike(texts: Sequence[str]) -> Decimal | None:
    """The sum of amounts that all have as many decimals, None if they do not: whole numbers are added faster."""
    try:
        text = "\n".join(texts) + "\n"
    except TypeError:
        return None
    decimals = len(texts[0].partition(".")[2])
    if not _alike(decimals).fullmatch(text):
        return None
    whole = sum(map(int, text.replace(".", "").split()))
    return SUMMING.scaleb(Decimal(whole), -decimals)


@lru_cache(maxsize=8)
def _alike(decimals: int) -> re.Pattern[str]:
    return re.compile(rf"(?:-?[0-9]{{1,24}}\.[0-9]{{{decimals}}}\n)+" if decimals else r"(?:-?[0-9]{1,24}\n)+")
