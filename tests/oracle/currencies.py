# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Where the currency stands, and what its decimals say about the amounts."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from decimal import Decimal

from .case import BAD, CERTAIN, DOUBTFUL, Case, case_of
from .notation import Notation
from .sheet import sheet_of
from .truth import TWO_DIGITS, Bill, amount, random_bill, some

if t.TYPE_CHECKING:
    from random import Random

BESIDE = (
    Notation(beside="code", space=" "),
    Notation(beside="code", space="\u00a0", behind=True),
    Notation(group=",", beside="code", space=" ", behind=True),
    Notation(group=",", beside="sign"),
    Notation(group=",", beside="sign", minus="({})"),
    Notation(beside="sign", space=" ", behind=True),
)


def currency_column(chance: Random) -> Case:
    """A column of codes, by any name; one currency or several."""
    first = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, first, others=chance.choice(((), (), ("EUR",), ("EUR", "GBP"))))
    sheet = sheet_of(chance, bill, code=False, currency_column=True, notation=Notation(group=chance.choice(("", ","))))
    place = sheet.columns.index("currency")
    sheet.headings[place] = chance.choice(("Currency", "CURRENCY", "Currency Code", "BillingCurrency", "Ccy", "Curr."))
    return case_of(sheet.content(), bill, about=sheet.headings[place])


def beside_amounts(chance: Random) -> Case:
    """A code or a sign beside each amount; the list says the same."""
    currency = chance.choice((*TWO_DIGITS, "INR"))
    bill = random_bill(chance, currency)
    sheet = sheet_of(chance, bill, code=False, notation=chance.choice(BESIDE))
    known = sheet.notation.beside == "code" or currency in ("EUR", "INR")
    given = currency if some(chance) else None
    verdict = CERTAIN if known or given else DOUBTFUL
    return case_of(sheet.content(), bill, verdict, repr(sheet.notation), currency=given)


def in_the_heading(chance: Random) -> Case:
    """``Total (USD)``, ``Total EUR``, ``total_usd`` and the like; the list says nothing."""
    currency = chance.choice((*TWO_DIGITS, "JPY", "KWD"))
    bill = random_bill(chance, currency)
    sheet = sheet_of(chance, bill, code=False, notation=Notation())
    name = chance.choice(("Total", "Amount", "Cost"))
    forms = (f"{name} ({currency})", f"{name} {currency}", f"{name} in {currency}", f"{name}_{currency}".lower())
    heading = chance.choice((*forms, f"{name} [{currency}]"))
    sheet.headings[sheet.columns.index("total")] = heading
    verdict = CERTAIN if heading in forms[:2] else DOUBTFUL
    return case_of(sheet.content(), bill, verdict, heading)


def code_as_heading(chance: Random) -> Case:
    """A code alone as a heading is the total in it."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency, fields=("product", "description", "total"))
    sheet = sheet_of(chance, bill, code=False, notation=Notation())
    sheet.headings[sheet.columns.index("total")] = currency
    return case_of(sheet.content(), bill)


def in_the_preamble(chance: Random) -> Case:
    """``Currency,USD`` above the headings; the list says the same or nothing."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency)
    sheet = sheet_of(chance, bill, code=False, notation=Notation())
    sheet.before = [
        ["Main Street Corporation"],
        [chance.choice(("Currency", "Currency:", "Invoice Currency")), currency],
    ]
    if some(chance):
        sheet.before.append([])
    given = currency if some(chance) else None
    return case_of(sheet.content(), bill, CERTAIN if given else DOUBTFUL, currency=given)


def three_decimals(chance: Random) -> Case:
    """Dinars: a point and three decimals is no group; a comma and three digits could be one."""
    currency = chance.choice(("KWD", "TND", "BHD"))
    bill = random_bill(chance, currency)
    mark, group = chance.choice(((".", ""), (".", ","), (",", ""), (",", ".")))
    sheet = sheet_of(chance, bill, delimiter=chance.choice(",;"), notation=Notation(mark, group))
    verdict = CERTAIN if mark == "." and sheet.delimiter == "," else DOUBTFUL
    return case_of(sheet.content(), bill, verdict, repr(sheet.notation), currency=currency)


def no_decimals(chance: Random) -> Case:
    """Yen and pesos: plain, with groups by commas, or by points, which could be decimal marks."""
    currency = chance.choice(("JPY", "CLP", "KRW"))
    bill = random_bill(chance, currency)
    group = chance.choice(("", ",", ".", "\u00a0"))
    sheet = sheet_of(chance, bill, notation=Notation(group=group), currency_column=some(chance))
    given = None if "currency" in sheet.columns else currency
    return case_of(sheet.content(), bill, DOUBTFUL if group == "." else CERTAIN, repr(group), currency=given)


def decimals_of_yen(chance: Random) -> Case:
    """``1234.00 JPY``: more decimals than the currency has, as programs write them."""
    bill = random_bill(chance, "JPY", more=2)
    whole = tuple(replace(line, total=amount(int(line.total), 0) * Decimal("1.00")) for line in bill.lines)
    bill = Bill(whole, bill.fields, bill.currency)
    sheet = sheet_of(chance, bill, notation=Notation(group=chance.choice(("", ","))))
    return case_of(sheet.content(), bill, currency="JPY")


def one_group(chance: Random) -> Case:
    """Every amount has one mark and three digits behind it: a comma or a point may mean either."""
    currency = chance.choice(("USD", None))
    bill = random_bill(chance, currency, fields=("product", "description", "total"), size=3)
    lines = tuple(replace(line, total=Decimal(chance.randint(1000, 999999))) for line in bill.lines)
    bill = Bill(lines, bill.fields, currency)
    delimiter = chance.choice(";\t|")
    sheet = sheet_of(chance, bill, delimiter=delimiter, notation=Notation(group=chance.choice(",.")), code=False)
    return case_of(sheet.content(), bill, DOUBTFUL, repr(sheet.notation.group), currency=currency)


def unknown_currency(chance: Random) -> Case:
    """No currency is stated, or one that is no currency of ISO 4217: never rounded."""
    code = chance.choice((None, "BTC"))
    bill = random_bill(chance, code, more=6)
    sheet = sheet_of(chance, bill, code=False, notation=Notation(), currency_column=bool(code))
    return case_of(sheet.content(), bill, CERTAIN if code is None else DOUBTFUL, str(code))


def contradiction(chance: Random) -> Case:
    """A heading, a sign or the list names another currency than the column; or its codes are cut."""
    bill = random_bill(chance, "EUR")
    kind = chance.choice(("sign", "heading", "list", "cut"))
    sheet = sheet_of(chance, bill, code=False, notation=Notation(), currency_column=True)
    total, code = sheet.columns.index("total"), sheet.columns.index("currency")
    if kind == "heading":
        sheet.headings[total] = "Total (USD)"
    for row in sheet.body:
        if kind == "sign":
            row[total] = "$" + row[total]
        elif kind == "cut":
            row[code] = chance.choice(("EUR", "EU", "E", "Eur0"))
    if kind == "list":
        # The document knows better than the list, or is refused.
        return case_of(sheet.content(), bill, DOUBTFUL, kind, currency="USD")
    if kind == "cut":
        return case_of(sheet.content(), bill, DOUBTFUL, kind)
    return Case(sheet.content(), BAD, about=kind)


CURRENCIES = {
    "currency column": currency_column,
    "currency beside amounts": beside_amounts,
    "currency in the heading": in_the_heading,
    "currency as the heading": code_as_heading,
    "currency in the preamble": in_the_preamble,
    "three decimals": three_decimals,
    "no decimals": no_decimals,
    "decimals of yen": decimals_of_yen,
    "one group": one_group,
    "unknown currency": unknown_currency,
    "currencies that contradict": contradiction,
}
