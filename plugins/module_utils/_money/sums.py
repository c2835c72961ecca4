# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Exact running sums of lines, in memory that grows with the groups and not with the lines."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from .amounts import SUMMING, exact_sum

# What a line is summed by.
GROUP_KEYS = ("product", "customer_id", "customer_name", "item_type", "currency")
Group = tuple[t.Any, ...]
Line = dict[str, t.Any]

# Few enough to stay in the processor's cache.
_MAX_PENDING = 2048

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
    """Sums of lines by product, customer, item type and currency.

    Totals wait until ``flush``, by their groups in the order of ``GROUP_KEYS``, so that a group is looked up once for
    many lines.
    """

    def __init__(self) -> None:
        self.products: defaultdict[Group, Sum] = defaultdict(Sum)
        self.customers: defaultdict[Group, Sum] = defaultdict(Sum)
        self.item_types: defaultdict[Group, Sum] = defaultdict(Sum)
        self.totals: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.services: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self.taxes: defaultdict[t.Any, Sum] = defaultdict(Sum)
        self._pending: defaultdict[Group, list[Decimal]] = defaultdict(list)
        self._count = 0

    def add(self, line: Mapping[str, t.Any]) -> None:
        """Add one line."""
        if line["total"] is None:
            self._add(_key(line), None, 1)
        else:
            self._pending[_key(line)].append(line["total"])
            self._flush_many(1)
        for part, sums in (("services", self.services), ("taxes", self.taxes)):
            if line[part] is not None:
                sums[line["currency"]].add(line[part], 1)

    def add_totals(self, groups: Iterable[Group], totals: Sequence[Decimal]) -> None:
        """Add the totals of many lines, each of its group."""
        # A loop over all lines without a line of Python in it.
        deque(map(list.append, map(self._pending.__getitem__, groups), totals), 0)
        self._flush_many(len(totals))

    def add_component(self, part: str, currency: str | None, amounts: Sequence[Decimal]) -> None:
        """Add the services or the taxes of many lines in one currency."""
        if amounts:
            sums = {"services": self.services, "taxes": self.taxes}[part]
            sums[currency].add(exact_sum(amounts), len(amounts))

    def so_far(self, currency: str | None) -> tuple[Decimal | None, int]:
        """The sum and the number of the lines in one currency."""
        self.flush()
        one = self.totals.get(currency)
        return (one.value, one.lines) if one else (Decimal(0), 0)

    def flush(self) -> None:
        """Add up what is pending."""
        pending, self._pending, self._count = self._pending, defaultdict(list), 0
        for group, totals in pending.items():
            self._add(group, exact_sum(totals), len(totals))

    def _flush_many(self, count: int) -> None:
        self._count += count
        if self._count >= _MAX_PENDING:
            self.flush()

    def _add(self, key: Group, value: Decimal | None, lines: int) -> None:
        product, customer_id, customer_name, item_type, currency = (
            text.strip() or None if isinstance(text, str) else text for text in key
        )
        self.products[product, currency].add(value, lines)
        self.customers[customer_id, customer_name, currency].add(value, lines)
        self.item_types[item_type, currency].add(value, lines)
        self.totals[currency].add(value, lines)
