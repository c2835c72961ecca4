# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Money: amounts out of text and numbers, into exact decimals, and out again as plain JSON numbers."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Subnormal,
    Underflow,
    localcontext,
)
from functools import lru_cache

from .currencies import CURRENCIES, SIGNS, minor_digits

_TRAPS = [DivisionByZero, Inexact, InvalidOperation, Overflow, Subnormal, Underflow]
# Reads what an amount may be, without ever rounding: the rest is an ArithmeticError.
PARSING = Context(prec=38, Emin=-30, Emax=30, traps=_TRAPS)
# Adds any number of them without ever rounding.
SUMMING = Context(prec=150, Emin=-99, Emax=99, traps=_TRAPS)
_ROUNDING = Context(prec=150, rounding=ROUND_HALF_UP, traps=[InvalidOperation])


def rounded(value: Decimal, currency: str | None) -> Decimal:
    """The value in the currency's minor unit, halves away from zero. Without a currency nothing is rounded."""
    return value if currency is None else rounded_to(value, minor_digits(currency))


def rounded_to(value: Decimal, digits: int) -> Decimal:
    """The value with at most so many digits after the decimal mark, halves away from zero."""
    if -int(value.as_tuple().exponent) <= digits:
        return value
    return value.quantize(Decimal(1).scaleb(-digits), context=_ROUNDING)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum with every digit; an ArithmeticError where a value is not a number."""
    with localcontext(SUMMING):
        total = sum(values, Decimal(0))
    if not total.is_finite():
        raise InvalidOperation(f"{total} is not a number")
    return total


def rounded_difference(lines: Decimal, bill: Decimal, currency: str | None, source_type: str) -> Decimal | None:
    """What the lines of a document have more than its bill says, both in the minor unit; None where it is not known."""
    found = exact_sum((rounded(lines, currency), rounded(bill, currency).copy_negate()))
    # Whether a usage file tells all of the bill or a part of it is not known.
    return None if found and source_type == "compute" else found


def to_json_number(value: Decimal) -> int | float | str:
    """The JSON number that prints exactly this decimal; the digits as text where no JSON number would."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else format(value, "f")


def to_plain_data(value: t.Any) -> t.Any:
    """The same data in nothing but JSON's own Python types: no tagged subclasses, decimals by ``plain``."""
    if isinstance(value, Mapping):
        return {to_plain_data(key): to_plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain_data(item) for item in value]
    if isinstance(value, Decimal):
        return to_json_number(value)
    for kind in (str, bool, int, float):
        if isinstance(value, kind):
            return value if type(value) in (str, bool) else kind.__str__(value) if kind is str else kind(value)
    return value


def decimal_mark(texts: Iterable[str]) -> tuple[str | None, bool]:
    """The decimal mark of amounts that may use either, None while nothing tells, and whether it is certain.

    It is not while every mark that was seen could group thousands as well, as in ``1,234``.
    """
    guess = None
    for text in texts:
        comma, point = text.rfind(","), text.rfind(".")
        if comma == point:
            continue
        mark, other = (",", ".") if comma > point else (".", ",")
        if text.count(mark) > 1:
            return other, True
        if other in text or not re.search(r"(?<![0-9])[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9])", text):
            return mark, True
        if guess == other:
            raise ValueError("both a point and a comma could be their decimal mark")
        guess = mark
    return guess, False


def parse_amount_with_currency(text: str, decimal: str = ".") -> tuple[Decimal, str | None]:
    """The amount a text says and the currency it says it in, such as ``1,234.56``, ``(12.00)`` or ``USD 12.00-``."""
    text = text.strip()
    if decimal == ".":
        with suppress(ArithmeticError):
            value = PARSING.create_decimal(text)
            if value.is_finite():
                return value, None
    match = _pattern(decimal).fullmatch(text)
    if match:
        before, after = match["before"], match["after"]
        signs = [sign for sign in (match["open"], match["sign"], match["inner"], match["trailing"]) if sign]
        code = (before or after or "")[-3:]
        if (
            len(signs) <= 1
            and bool(match["open"]) == bool(match["close"])
            and not (before and after)
            and (not code.isalpha() or code in CURRENCIES)
        ):
            grouping = ".,".replace(decimal, "") + " '\u2019\u00a0\u202f"
            digits = match["number"].translate(dict.fromkeys(map(ord, grouping))).replace(decimal, ".")
            mark = before or after
            try:
                value = PARSING.create_decimal(digits)
            except ArithmeticError:
                raise ValueError("more digits than an amount has") from None
            return value if signs in ([], ["+"]) else value.copy_negate(), SIGNS.get(mark, mark) if mark else None
    raise ValueError("not an amount")


def parse_amount(value: object) -> Decimal | None:
    """The exact amount of a number or text out of JSON, None for nothing there. What is no amount is a ValueError."""
    if value is None or isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, str):
        if decimal_mark((value,)) == (",", False):
            raise ValueError("its comma could be a decimal mark or group thousands")
        exact, mark = parse_amount_with_currency(value)
        if mark:
            raise ValueError(f"an amount in {mark}")
        return exact
    if isinstance(value, float):
        value = float.__repr__(value)
    if isinstance(value, (Decimal, int, str)) and not isinstance(value, bool):
        with suppress(ArithmeticError):
            exact = PARSING.create_decimal(value)
            if exact.is_finite():
                return exact
    raise ValueError("not an amount")


@lru_cache(maxsize=2)
def _pattern(decimal: str) -> re.Pattern[str]:
    other = "." if decimal == "," else ","
    mark = r"[A-Z]{3}|[A-Z]{0,2}[$€£¥₩₹₪₫₱₺₽₴฿]"
    grouped = rf"[1-9][0-9]{{0,2}}(?:(?P<group>[{other} '\u2019\u00a0\u202f])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*"
    number = rf"(?=[{decimal}]?[0-9])(?:{grouped}|[0-9]*)(?:[{decimal}][0-9]*)?(?:[eE][-+]?[0-9]{{1,2}})?"
    return re.compile(
        rf"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<before>{mark})?\s*(?P<inner>[-+−])?\s*"
        rf"(?P<number>{number})\s*(?P<after>{mark})?\s*(?P<trailing>[-+−])?\s*(?P<close>\))?"
    )


def number_or_text(value: t.Any, decimal: str | None = None) -> t.Any:
    """A number where it reads as one, else what it is."""
    try:
        return parse_amount_with_currency(value, decimal)[0] if decimal else parse_amount(value)
    except ValueError:
        return value
