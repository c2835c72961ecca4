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

from .currencies import MARK, currencies_of, minor_digits

_TRAPS = [DivisionByZero, Inexact, InvalidOperation, Overflow, Subnormal, Underflow]
# Reads what an amount may be, without ever rounding: the rest is an ArithmeticError.
PARSING = Context(prec=38, Emin=-30, Emax=30, traps=_TRAPS)
# Adds any number of them without ever rounding.
SUMMING = Context(prec=150, Emin=-99, Emax=99, traps=_TRAPS)
_ROUNDING = Context(prec=150, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
# No amount is longer: what is can be refused without a closer look.
_MAX_LENGTH = 100
# A point or a comma that may group thousands as well as part the decimals.
_AMBIGUOUS = re.compile("(?<![0-9])(?<![0-9][ '\u2019\u00a0\u202f])[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9eE])")
_SURROGATE = re.compile("[\ud800-\udfff]")


def rounded(value: Decimal, currency: str | None) -> Decimal:
    """The value in the currency's minor unit, halves away from zero. Without a known currency nothing is rounded."""
    digits = minor_digits(currency)
    return value if digits is None else rounded_to(value, digits)


def rounded_to_show(value: Decimal, currency: str | None) -> Decimal:
    """The same, but for a value below the minor unit, which would be shown as 0."""
    return rounded(value, currency) or value


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
    """The lines of a document minus its bill's total, both in the minor unit; None where it is not known."""
    found = exact_sum((rounded(lines, currency), rounded(bill, currency).copy_negate()))
    # Whether a usage file covers all of the bill or a part of it is not known.
    return None if found and source_type == "compute" else found


def to_json_number(value: Decimal) -> int | float | str:
    """The JSON number that prints exactly this decimal; the digits as text where no JSON number would."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else format(value, "f")


def to_plain_text(text: str) -> str:
    """The same text as a plain string that can be encoded: half surrogate pairs become U+FFFD."""
    return _SURROGATE.sub("\ufffd", str.__str__(text))


def to_plain_data(value: t.Any) -> t.Any:
    """The same data in nothing but JSON's own Python types: no tagged subclasses, decimals by ``to_json_number``."""
    if isinstance(value, Mapping):
        return {to_plain_data(key): to_plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain_data(item) for item in value]
    if isinstance(value, Decimal):
        return to_json_number(value)
    if isinstance(value, str):
        return to_plain_text(value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def detect_decimal_mark(texts: Iterable[str]) -> tuple[str | None, bool]:
    """The decimal mark of the amounts of a column, None if none has one, and whether it is certain.

    It is not while every mark that was seen could group thousands as well, as in ``1,234``. No more texts are taken
    than it needs. Raises ValueError.
    """
    guess = None
    for text in texts:
        comma, point = text.rfind(","), text.rfind(".")
        if comma == point:
            continue
        mark, other = (",", ".") if comma > point else (".", ",")
        if text.count(mark) > 1:
            return other, True
        if other in text or not _AMBIGUOUS.search(text):
            return mark, True
        if guess == other:
            raise ValueError("both a point and a comma could be their decimal mark")
        guess = mark
    return guess, False


def parse_amount_with_currency(text: str, decimal: str = ".") -> tuple[Decimal, str | None]:
    """The amount in a text and the sign or code beside it, such as ``1,234.56``, ``$(12.00)`` or ``USD 12.00-``.

    Raises ValueError.
    """
    # All kinds of blanks are one, and a formula guard is no part of the amount.
    text = " ".join(text.split()) if len(text) <= _MAX_LENGTH else text.strip()
    if len(text) > _MAX_LENGTH:
        raise ValueError("not an amount")
    if decimal == ".":
        with suppress(ArithmeticError):
            value = PARSING.create_decimal(text)
            if value.is_finite():
                return value, None
    bare, negative = _without_parentheses(text.removeprefix("'"))
    match = _pattern(decimal).fullmatch(bare)
    if match is None:
        raise ValueError("not an amount")
    signs = [sign for sign in match.group("sign", "inner", "trailing") if sign] + ["("] * negative
    before, after = match.group("before", "after")
    mark = before or after
    if len(signs) > 1 or (before and after) or (mark and not currencies_of(mark)):
        raise ValueError("not an amount")
    if match["number"] is None:
        # How spreadsheets write zero in the accounting format: $ -
        if mark and signs == ["-"]:
            return Decimal(0), mark
        raise ValueError("not an amount")
    digits = re.sub(f"[{'.,'.replace(decimal, '')} '\u2019]", "", match["number"]).replace(decimal, ".")
    try:
        value = PARSING.create_decimal(digits)
    except ArithmeticError:
        raise ValueError("more digits than an amount has") from None
    return value if signs in ([], ["+"]) else value.copy_negate(), mark


def _without_parentheses(text: str) -> tuple[str, bool]:
    """A text without the parentheses that make an amount negative, also behind a sign, and whether it had them."""
    start, parenthesis, rest = text.partition("(")
    if parenthesis and rest.endswith(")") and not any(map(str.isdigit, start)):
        return " ".join((start + rest[:-1]).split()), True
    return text, False


def is_amount(text: str) -> bool:
    """Whether a text is an amount, with either decimal mark."""
    text = text.strip()
    return len(text) <= _MAX_LENGTH and _is_amount(text)


@lru_cache(maxsize=2048)
def _is_amount(text: str) -> bool:
    for decimal in (".", ","):
        with suppress(ValueError):
            parse_amount_with_currency(text, decimal)
            return True
    return False


def parse_amount(value: object) -> Decimal | None:
    """The exact amount of a number or text out of JSON, None for nothing there. Raises ValueError."""
    if value is None or isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, str):
        if detect_decimal_mark((value[:_MAX_LENGTH],)) == (",", False):
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
    """Amounts whose blanks are single: each part is optional, and none can take what another one could."""
    other = "." if decimal == "," else ","
    grouped = rf"[1-9][0-9]{{0,2}}(?:(?P<group>[{other} '\u2019])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*"
    # The grouping of India, where only the last group has three digits.
    lakh = rf"[1-9][0-9]?(?:{re.escape(other)}[0-9]{{2}})+{re.escape(other)}[0-9]{{3}}"
    number = rf"(?=[{decimal}]?[0-9])(?:{grouped}|{lakh}|[0-9]*)(?:[{decimal}][0-9]*)?(?:[eE][-+]?[0-9]{{1,2}})?"
    return re.compile(
        rf"(?:(?P<sign>[-+−]) ?)?(?:(?P<before>{MARK}) ?)?(?:(?P<inner>[-+−]) ?)?"
        rf"(?P<number>{number})? ?(?P<after>{MARK})? ?(?P<trailing>[-+−])?"
    )


def number_or_text(value: t.Any, decimal: str | None = None) -> t.Any:
    """A number where it reads as one, else what it is."""
    try:
        return parse_amount_with_currency(value, decimal)[0] if decimal else parse_amount(value)
    except ValueError:
        return value
