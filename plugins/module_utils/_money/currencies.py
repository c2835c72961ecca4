# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Currencies: their codes, signs and minor units, defined once."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re

# ISO 4217 as of 2026-01, with the codes withdrawn since 2016.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BYR BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYU UYW UZS VED VEF VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
    """.split()  # noqa: SIM905
)
_MINOR_DIGITS = {
    **dict.fromkeys("BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),  # noqa: SIM905
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Which currencies each sign can mean.
_SIGNS = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BSD BBD BMD BND BZD DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD "
    "XCD",
    "£": "GBP EGP FKP GIP LBP SDG SHP SSP SYP",
    "¥": "JPY CNY",
    "₩": "KRW KPW",
    "kr": "SEK NOK DKK ISK",
    **{"€": "EUR", "₹": "INR", "₪": "ILS", "₫": "VND", "₱": "PHP", "₺": "TRY", "₽": "RUB", "₴": "UAH", "฿": "THB"},
    **{"US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD"},
    **{"NT$": "TWD", "MX$": "MXN", "R$": "BRL"},
}
_CURRENCIES_OF_SIGN = {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()}
# How a sign or a code is written beside an amount, as a pattern.
MARK = r"[A-Z]{0,3}[$€£¥₩₹₪₫₱₺₽₴฿]|[A-Z]{3}|kr\.?"
_UNKNOWN_CODE = re.compile("[A-Za-z]{3}")


def minor_digits(currency: str | None) -> int | None:
    """How many digits a currency has after the decimal mark; None for one that is not known."""
    return _MINOR_DIGITS.get(currency or "", 2) if currency in CURRENCIES else None


def currencies_of(mark: str) -> frozenset[str]:
    """The currencies that a sign or code beside an amount can mean; none for an unknown one."""
    mark = mark.rstrip(".")
    return frozenset((mark,)) if mark in CURRENCIES else _CURRENCIES_OF_SIGN.get(mark, frozenset())


def parse_currency(text: str) -> str | None:
    """The currency that a cell names, None if it is blank. Raises ValueError.

    That is an ISO 4217 code in any case, another code of three letters, such as BTC, or a sign of one currency.
    """
    text = text.strip()
    if _UNKNOWN_CODE.fullmatch(text):
        return text.upper()
    if not text:
        return None
    codes = currencies_of(text)
    if len(codes) != 1:
        raise ValueError("not the code of one currency")
    return next(iter(codes))
