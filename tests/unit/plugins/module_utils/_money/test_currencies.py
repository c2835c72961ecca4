# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Currencies: what a cell or a sign means, and how many digits an amount has."""

from __future__ import annotations

import re

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.currencies import (
    CURRENCIES,
    MARK,
    currencies_of,
    minor_digits,
    parse_currency,
)

SIGNS = "$ £ ¥ ₩ kr € ₹ ₪ ₫ ₱ ₺ ₽ ₴ ฿ US$ A$ AU$ C$ CA$ NZ$ S$ HK$ NT$ MX$ R$".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XYZ", None), ("usd", None), (None, None)]
)
def test_minor_digits(currency: str | None, digits: int | None) -> None:
    assert minor_digits(currency) == digits


def test_every_code_has_three_letters_and_known_digits() -> None:
    for code in CURRENCIES:
        assert re.fullmatch("[A-Z]{3}", code)
        assert minor_digits(code) in (0, 2, 3, 4)
        assert currencies_of(code) == {code}
        assert parse_currency(f" {code.lower()} ") == code


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_is_found_beside_amounts_and_means_currencies(sign: str) -> None:
    assert re.fullmatch(MARK, sign)
    assert currencies_of(sign)
    assert currencies_of(sign) <= CURRENCIES


def test_a_sign_of_one_currency_is_that_currency() -> None:
    assert [parse_currency(text) for text in ("€", "US$", " ₹ ", "")] == ["EUR", "USD", "INR", None]
    assert currencies_of("kr.") == currencies_of("kr") > {"SEK"}
    # A code that is not in the list is kept: its amounts are never rounded.
    assert parse_currency("btc") == "BTC"


@pytest.mark.parametrize("text", ["$", "¥", "kr", "US", "n/a", "EURO", "12.5", "A.B"])
def test_what_is_not_one_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the code of one currency"):
        parse_currency(text)


def test_an_unknown_sign_means_nothing() -> None:
    assert [currencies_of(mark) for mark in ("¤", "XYZ", "")] == [frozenset()] * 3
