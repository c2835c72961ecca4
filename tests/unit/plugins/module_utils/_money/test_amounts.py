# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Amounts: what is one, exactly, and how it leaves."""

from __future__ import annotations

import json
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.amounts import (
    detect_decimal_mark,
    exact_sum,
    parse_amount,
    parse_amount_with_currency,
    rounded,
    to_json_number,
    to_plain_data,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.currencies import minor_digits
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "decimal", "value", "mark"),
    [
        ("12", ".", "12", None),
        (" 12.50 ", ".", "12.50", None),
        ("1,234.56", ".", "1234.56", None),
        ("1,234,567", ".", "1234567", None),
        ("(12.00)", ".", "-12.00", None),
        ("-12.00", ".", "-12.00", None),
        ("−12.00", ".", "-12.00", None),
        ("12.00-", ".", "-12.00", None),
        ("+12.00", ".", "12.00", None),
        (".5", ".", "0.5", None),
        ("5.", ".", "5", None),
        ("1E-7", ".", "1E-7", None),
        ("$1,234.50", ".", "1234.50", "$"),
        ("-$5", ".", "-5", "$"),
        ("$-5", ".", "-5", "$"),
        ("($5.00)", ".", "-5.00", "$"),
        ("US$ 5", ".", "5", "US$"),
        ("€ 5", ".", "5", "€"),
        ("USD 12.00", ".", "12.00", "USD"),
        ("12.00 EUR", ".", "12.00", "EUR"),
        ("1 234.50", ".", "1234.50", None),
        ("1'234.50", ".", "1234.50", None),
        ("1.234,56", ",", "1234.56", None),
        ("1 234,56", ",", "1234.56", None),
        ("12,5", ",", "12.5", None),
        ("1.234", ",", "1234", None),
        ("-0,10 €", ",", "-0.10", "€"),
    ],
)
def test_read_amount(text: str, decimal: str, value: str, mark: str | None) -> None:
    found, found_mark = parse_amount_with_currency(text, decimal)
    assert (str(found), found_mark) == (str(Decimal(value)), mark)


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "$",
        "USD",
        "--5",
        "(-5)",
        "(5",
        "5)",
        "-5-",
        "1.2.3",
        "1,2,3",
        "1_000",
        "NaN",
        "-Infinity",
        "0x10",
    ]
    + ["12 GB", "12 XYZ", "USD 12 USD", "1,234 567", "2021-01-31", "1/2", "5%", "1e99", "9" * 39, "1,23.4", "12:30"],
)
def test_no_amount(text: str, decimal: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount|more digits"):
        parse_amount_with_currency(text, decimal)


@pytest.mark.parametrize("text", ["12,50", "1,23", "1234,567.0", ",5"])
def test_a_comma_does_not_group_just_anything(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_amount_with_currency(text)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        ([], (None, False)),
        (["12", "", "abc"], (None, False)),
        (["12.50"], (".", True)),
        (["12,50"], (",", True)),
        (["0,125"], (",", True)),
        (["1,234.56"], (".", True)),
        (["1.234,56"], (",", True)),
        (["1,234,567"], (".", True)),
        (["1.234.567"], (",", True)),
        (["1,234"], (",", False)),
        (["1.234"], (".", False)),
        (["1,234", "12.5"], (".", True)),
        (["1.234", "12,5"], (",", True)),
    ],
)
def test_decimal_mark(texts: list[str], mark: tuple[str | None, bool]) -> None:
    assert detect_decimal_mark(texts) == mark


def test_decimal_mark_in_doubt() -> None:
    with pytest.raises(ValueError, match="both a point and a comma"):
        detect_decimal_mark(["1,234", "1.234"])


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (0, "0"),
        (-7, "-7"),
        (0.1, "0.1"),
        (1e22, "1E+22"),
        (Decimal("1.10"), "1.10"),
        ("(1,234.50)", "-1234.50"),
    ],
)
def test_amount(value: object, exact: str | None) -> None:
    assert parse_amount(value) == (None if exact is None else Decimal(exact))


@pytest.mark.parametrize(
    "value", [True, "abc", "12 EUR", [], {}, object(), float("nan"), float("inf"), 1e300, Decimal("sNaN"), 10**40]
)
def test_what_is_no_amount(value: object) -> None:
    with pytest.raises(ValueError, match="an amount"):
        parse_amount(value)


@pytest.mark.parametrize(
    ("value", "currency", "result"),
    [
        ("0.005", "USD", "0.01"),
        ("-0.005", "USD", "-0.01"),
        ("0.0049", "USD", "0.00"),
        ("0.1", "USD", "0.1"),
        ("0.5", "JPY", "1"),
        ("1.2345", "KWD", "1.235"),
        ("1.23456", "CLF", "1.2346"),
        ("1.23456", None, "1.23456"),
        ("12345678901234567890123456789012345.675", "EUR", "12345678901234567890123456789012345.68"),
    ],
)
def test_rounded(value: str, currency: str | None, result: str) -> None:
    assert str(rounded(Decimal(value), currency)) == result


def test_minor_digits() -> None:
    assert [minor_digits(code) for code in ("USD", "JPY", "BHD", "UYW", "XXX", None)] == [2, 0, 3, 4, None, None]


def test_sums_never_round() -> None:
    tiny, huge = Decimal("1E-30"), Decimal("9E+29")
    assert exact_sum([huge, tiny, huge.copy_negate()]) == tiny
    with pytest.raises(ArithmeticError):
        exact_sum([tiny, Decimal("NaN")])


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25, places=6))
def test_plain_prints_exactly_the_decimal(value: Decimal) -> None:
    left = to_json_number(value)
    text = left if isinstance(left, str) else json.dumps(left)
    assert Decimal(text) == value
    if value == int(value):
        assert isinstance(left, int)


def test_plain_of_more_digits_than_a_number_carries() -> None:
    assert to_json_number(Decimal("1234567890123456789.01")) == "1234567890123456789.01"
    assert to_json_number(Decimal("0.10")) == 0.1
    assert json.dumps(to_json_number(Decimal("-0.00"))) == "0"


class Text(str):
    """A tagged string."""


class Number(int):
    """A tagged number."""


class Fraction(float):
    """A tagged float."""


class Dictionary(dict[t.Any, t.Any]):
    """A tagged dictionary."""


def test_plain_types() -> None:
    tagged = Dictionary({Text("a"): [Number(1), Fraction(0.5), Text("b"), None, True, (Decimal("0.30"),)]})
    plain_data = to_plain_data(tagged)
    assert plain_data == {"a": [1, 0.5, "b", None, True, [0.3]]}
    assert [type(plain_data), *map(type, plain_data)] == [dict, str]
    assert [type(item) for item in plain_data["a"]] == [int, float, str, type(None), bool, list]
