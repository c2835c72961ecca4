# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Bills as they truly are: lines with exact amounts, and the totals that follow from them."""

from __future__ import annotations

import typing as t
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from fractions import Fraction

if t.TYPE_CHECKING:
    from random import Random

DIGITS = {"USD": 2, "EUR": 2, "GBP": 2, "INR": 2, "JPY": 0, "CLP": 0, "KRW": 0, "KWD": 3, "TND": 3, "BHD": 3}
TWO_DIGITS = ("USD", "EUR", "GBP")
TEXTS = ("product", "product_id", "description", "item_type", "start_date", "end_date", "customer_id", "customer_name")
AMOUNTS = ("total", "services", "taxes")
NUMBERS = (*AMOUNTS, "units", "unit_price")

PRODUCTS = ["Ion", "Compute", "Storage", "Edge DNS", "NetStorage", "Kona Site Defender", "Download Delivery"]
DESCRIPTIONS = ["hours", "GB transferred", "Dedicated 8GB", "web-1", "CPU hours", "requests (10k)", "us-ord"]
DATES = [("2024-05-01", "2024-05-31"), ("2024-06-01", "2024-06-30"), ("2024-02-01", "2024-02-29")]
CUSTOMERS = [("A-CCT7890", "Main Street Corporation"), ("A-CCT1234", "Ünï GmbH"), ("1-ABCD", "Harbour, Inc.")]
SIZES = (2, 2, 3, 3, 4, 5, 6, 8, 12, 30)


@dataclass(frozen=True)
class Line:
    """One line; None stands for what the bill does not state."""

    total: Decimal
    currency: str | None = None
    product: str | None = None
    product_id: str | None = None
    description: str | None = None
    item_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    units: Decimal | None = None
    unit_price: Decimal | None = None
    services: Decimal | None = None
    taxes: Decimal | None = None


@dataclass(frozen=True)
class Entry:
    """The totals of one currency; ``taxes`` and ``services`` are None where they are not known."""

    currency: str | None
    total: Fraction
    lines: int
    taxes: Fraction | None = None
    services: Fraction | None = None

    def accepts(self, total: Fraction) -> bool:
        """Whether a reader may state this total: rounded to the minor unit, but never to 0."""
        right = rounded(self.total, self.currency)
        return total == (right if right or not self.total else self.total)


@dataclass(frozen=True)
class Bill:
    """Lines, and the fields that they have."""

    lines: tuple[Line, ...]
    fields: tuple[str, ...]
    currency: str | None
    """Of all lines, or None."""
    entries: tuple[Entry, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", totals_of(self.lines))

    @property
    def total(self) -> Decimal:
        """The exact sum of all lines."""
        return exact_sum(line.total for line in self.lines)


def exact_sum(amounts: t.Iterable[Decimal]) -> Decimal:
    """A sum with every digit and with the decimals of its amounts, however long they are."""
    with localcontext(Context(prec=200)):
        return sum(amounts, Decimal(0))


def amount(number: int, digits: int) -> Decimal:
    """``number`` times 10**-``digits``, with that many decimals."""
    return Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -digits))


def rounded(value: Fraction, currency: str | None) -> Fraction:
    """The value in the minor unit, halves away from zero; as it is where the currency is not known."""
    if currency not in DIGITS:
        return value
    unit = 10 ** DIGITS[currency]
    return Fraction((abs(value) * unit * 2 + 1) // 2 * (1 if value >= 0 else -1), unit)


def totals_of(lines: t.Iterable[Line]) -> tuple[Entry, ...]:
    """The exact totals by currency."""
    found: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.currency].append(line)

    def part(several: list[Line], name: str) -> Fraction | None:
        known = [Fraction(getattr(line, name)) for line in several if getattr(line, name) is not None]
        return sum(known, Fraction(0)) if known else None

    return tuple(
        Entry(
            code, part(several, "total") or Fraction(0), len(several), part(several, "taxes"), part(several, "services")
        )
        for code, several in sorted(found.items(), key=lambda item: item[0] or "")
    )


def some(chance: Random, share: float = 0.5) -> bool:
    """True in this share of calls."""
    return chance.random() < share


def random_amount(chance: Random, digits: int) -> Decimal:
    """Mostly a charge, sometimes a credit or zero, from small to large."""
    largest = 10 ** chance.choice((3, 4, 5, 6, 8))
    number = chance.randint(1, largest)
    return amount(chance.choice((number,) * 12 + (-number, 0)), digits)


def random_fields(chance: Random, *always: str) -> tuple[str, ...]:
    """Which fields lines have: always a product and a total."""
    optional = ["description", "units", "unit_price", "product_id", "item_type"]
    pairs = [["start_date", "end_date"], ["customer_id", "customer_name"]]
    found = [name for name in optional if name in always or some(chance)]
    for pair in pairs:
        found += pair if set(pair) & set(always) or some(chance, 0.3) else []
    return ("product", *found, *(name for name in ("services", "taxes") if name in always), "total")


def random_line(chance: Random, fields: t.Sequence[str], currency: str | None, digits: int) -> Line:
    """A line that has each of these fields."""
    taxes, services = amount(chance.randint(0, 999), digits), random_amount(chance, digits)
    start, end = chance.choice(DATES)
    customer = chance.choice(CUSTOMERS)
    values: dict[str, t.Any] = {
        **{"product": chance.choice(PRODUCTS), "product_id": f"9-{chance.randint(100, 999)}XY"},
        **{"description": chance.choice(DESCRIPTIONS), "item_type": chance.choice("UR")},
        **{"start_date": start, "end_date": end, "customer_id": customer[0], "customer_name": customer[1]},
        **{"units": Decimal(chance.randint(1, 500)), "unit_price": amount(chance.randint(1, 9999), max(digits, 2))},
        **{"services": services, "taxes": taxes},
        "total": services + taxes if {"services", "taxes"} & set(fields) else services,
    }
    return Line(currency=currency, **{name: values[name] for name in fields})


def random_bill(
    chance: Random,
    currency: str | None = "USD",
    *,
    size: int | None = None,
    zeros: bool = True,
    fields: t.Sequence[str] = (),
    more: int = 0,
    others: t.Sequence[str] = (),
) -> Bill:
    """A bill; ``more`` decimals than the currency has; some lines in ``others``."""
    fields = tuple(fields or random_fields(chance))
    codes = [chance.choice((currency, *others)) for _line in range(size or chance.choice(SIZES))]
    lines = tuple(random_line(chance, fields, code, DIGITS.get(code or "", 2) + more) for code in codes)
    if not zeros:
        lines = tuple(line if line.total else replace(line, total=amount(1, 2)) for line in lines)
    return Bill(lines, fields, codes[0] if len(set(codes)) == 1 else None)
