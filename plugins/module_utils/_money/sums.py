# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Exact running sums of lines, in memory that grows with the groups and not with the lines."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from .amounts import PARSING, SUMMING, exact_sum

# What a line is summed by.
GROUP_KEYS = ("product", "customer_id", "customer_name", "item_type", "currency")
Group = tuple[t.Any, ...]
Line = dict[str, t.Any]

# From so many on it pays to look whether they are alike.
_MANY = 8

_key = itemgetter(*GROUP_KEYS)


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
    """Sums of lines by product, customer, item type and currency. ``read`` reads amounts that are not plain numbers."""

    def __init__(self, read: Callable[[str], Decimal] = Decimal) -> None:
        self._read = read
        self.products: defaultdict[Group, Sum] = defaultdict(Sum)
        self.customers: defaultdict[Group, Sum] = defaultdict(Sum)
        self.item_types: defaultdict[Group, Sum] = defaultdict(Sum)
        self.totals: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.services: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.taxes: defaultdict[t.Any, Sum] = defaultdict(Sum)
        # Amounts wait here, so that a group is looked up once for many lines.
        self._waiting: defaultdict[Group, list[str | Decimal]] = defaultdict(list)
        self._count = 0

    def add(self, line: Mapping[str, t.Any]) -> None:
        """Add one line."""
        key = _key(line)
        if line["total"] is None:
            self._add(key, None, 1)
        else:
            self._waiting[key].append(line["total"])
            self._fold_many(1)
        for field, sums in (("services", self.services), ("taxes", self.taxes)):
            if line[field] is not None:
                sums[line["currency"]].add(line[field], 1)

    def add_many(self, keys: Iterable[Group], totals: Sequence[str]) -> None:
        """Add the totals of many lines, whose keys are in the order of ``LINE_KEYS``."""
        # The loop over all lines, without a line of Python in it.
        deque(map(list.append, map(self._waiting.__getitem__, keys), totals), 0)
        self._fold_many(len(totals))

    def add_part(self, part: str, currency: str | None, texts: Sequence[str]) -> None:
        """Add the services or taxes of many lines in one currency; those of lines without any are empty."""
        if not all(texts):
            texts = list(filter(None, texts))
        if not texts:
            return
        if texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
            # Often all are zero.
            value = SUMMING.multiply(self._sum(texts[:1]), len(texts))
        else:
            value = self._sum(texts)
        sums = {"services": self.services, "taxes": self.taxes}[part]
        sums[currency].add(value, len(texts))

    def fold(self) -> None:
        """Add up what waits."""
        waiting, self._waiting, self._count = self._waiting, defaultdict(list), 0
        for key, amounts in waiting.items():
            self._add(key, self._sum(amounts), len(amounts))

    def _fold_many(self, count: int) -> None:
        """Add up what waits when, with so many more, it is much for its groups."""
        self._count += count
        if self._count > min(4096 + 64 * len(self._waiting), 65536):
            self.fold()

    def _sum(self, amounts: Sequence[str | Decimal]) -> Decimal:
        """The exact sum of amounts and of texts that say one."""
        if len(amounts) >= _MANY:
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

    def rename(self, currency: str | None, customers: Mapping[t.Any, tuple[str | None, str | None]]) -> None:
        """Give sums without a currency this one, and customers known by a number their id and name."""
        self.fold()
        for field in ("products", "customers", "item_types", "totals", "services", "taxes"):
            renamed: defaultdict[t.Any, Sum] = defaultdict(Sum)
            for group, one in getattr(self, field).items():
                name: t.Any = group or currency
                if isinstance(group, tuple):
                    head = customers[group[0]] if field == "customers" else group[:-1]
                    name = (*head, group[-1] or currency)
                renamed[name].add(one.value, one.lines)
            setattr(self, field, renamed)


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
