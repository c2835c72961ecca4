# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Sound tables: delimiters, notations of amounts, encodings, line ends."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from decimal import Decimal

from .case import CERTAIN, DOUBTFUL, Case, case_of
from .notation import Notation, continental, plain
from .sheet import Sheet, sheet_of
from .truth import TWO_DIGITS, Bill, Line, random_bill, random_fields, some

if t.TYPE_CHECKING:
    from random import Random

TRICKY = [
    'a "b"',
    "a; b, c\td | e",
    "two\nlines",
    "Žluťoučký",
    "日本",
    "2024",
    "=A1+B1",
    "x" * 300,
]


def delimited(delimiter: str) -> t.Callable[[Random], Case]:
    """A sound table of this delimiter, with texts that need quotes."""

    def make(chance: Random) -> Case:
        currency = chance.choice(TWO_DIGITS)
        bill = random_bill(chance, currency, more=chance.choice((0, 0, 0, 2, 4)))
        if some(chance, 0.3):
            bill = replace(bill, lines=tuple(replace(line, product=chance.choice(TRICKY)) for line in bill.lines))
        sheet = sheet_of(chance, bill, delimiter=delimiter)
        # A heading or the list names the currency; the units have no mark from which to tell a comma's meaning.
        fields = tuple(name for name in bill.fields if name != "unit_price")
        return case_of(sheet.content(), bill, currency=currency, lines=bill.lines, fields=fields)

    return make


def notated(currency: str, delimiters: str, *notations: Notation, more: int = 0) -> t.Callable[[Random], Case]:
    """Amounts in one of these notations; ``more`` decimals than the currency has."""

    def make(chance: Random) -> Case:
        bill = random_bill(chance, currency, more=more)
        sheet = sheet_of(chance, bill, delimiter=chance.choice(delimiters), notation=chance.choice(notations))
        return case_of(sheet.content(), bill, about=repr(sheet.notation), currency=currency)

    return make


def credits_behind(chance: Random) -> Case:
    """``12.50-``, and ``12.50 CR`` which could also be something else."""
    bill = random_bill(chance, "USD")
    sheet = sheet_of(chance, bill, notation=Notation(minus=chance.choice(("{}-", "{} -", "-{}"))))
    if some(chance, 0.2):
        sheet.notation = Notation(minus=chance.choice(("{} CR", "{}CR")))
        sheet.body = [sheet.line(line) for line in bill.lines]
    certain = "CR" not in sheet.notation.minus and " " not in sheet.notation.minus
    return case_of(sheet.content(), bill, CERTAIN if certain else DOUBTFUL, sheet.notation.minus, currency="USD")


def formula_guard(chance: Random) -> Case:
    """``'-42.50``: an apostrophe keeps a spreadsheet from taking a cell for a formula."""
    bill = random_bill(chance, "USD", size=chance.randint(3, 12))
    sheet = sheet_of(chance, bill, notation=Notation())
    for row in sheet.body:
        row[:] = ["'" + cell if cell.startswith("-") else cell for cell in row]
    return case_of(sheet.content(), bill, currency="USD")


def exponents(chance: Random) -> Case:
    """``6.123E-7``, as usage that is charged by the second."""
    bill = random_bill(chance, "USD", more=6)
    sheet = sheet_of(chance, bill, notation=Notation())
    place = sheet.columns.index("total")
    for row, line in zip(sheet.body, bill.lines):
        if some(chance):
            row[place] = chance.choice(("{:E}", "{:e}")).format(line.total)
    return case_of(sheet.content(), bill, currency="USD")


def below_the_minor_unit(chance: Random) -> Case:
    """A sum of less than half a cent is not 0."""
    fields = random_fields(chance)
    lines = random_bill(chance, "USD", fields=fields).lines
    bill = Bill(tuple(replace(line, total=Decimal(chance.randint(1, 99)).scaleb(-7)) for line in lines), fields, "USD")
    return case_of(sheet_of(chance, bill, notation=Notation()).content(), bill, currency="USD")


def encoded(*encodings: str) -> t.Callable[[Random], Case]:
    """Names with accents in one of these encodings."""

    def make(chance: Random) -> Case:
        bill = random_bill(chance, "EUR")
        names = ("Hébergement", "Größe M", "Año nuevo", "Façade – été")
        bill = replace(bill, lines=tuple(replace(line, product=chance.choice(names)) for line in bill.lines))
        delimiter = chance.choice(",;\t")
        sheet = sheet_of(chance, bill, delimiter=delimiter, notation=chance.choice((plain, continental))(chance))
        if sheet.notation.group in "\u202f\u2019" and not encodings[0].startswith("utf"):
            sheet.notation = replace(sheet.notation, group="\u00a0")
            sheet.body = [sheet.line(line) for line in bill.lines]
        sheet.encoding = chance.choice(encodings)
        return case_of(
            sheet.content(), bill, about=sheet.encoding, currency="EUR", lines=bill.lines, fields=("product",)
        )

    return make


def ended(newline: str, *cells: str) -> t.Callable[[Random], Case]:
    """Rows that end so, with line ends within a cell."""

    def make(chance: Random) -> Case:
        bill = random_bill(chance, "USD", fields=random_fields(chance, "description"))

        def change(line: Line) -> Line:
            text = f"line one{chance.choice(cells)}line two"
            return replace(line, description=text) if some(chance) else line

        bill = replace(bill, lines=tuple(map(change, bill.lines)))
        sheet = sheet_of(chance, bill)
        sheet.newline = newline
        return case_of(sheet.content(), bill, currency="USD")

    return make


def no_last_line_end(chance: Random) -> Case:
    """The last cell could be cut, unless quotes end it."""
    bill = random_bill(chance, "USD")
    sheet: Sheet = sheet_of(chance, bill)
    sheet.ends = False
    return case_of(sheet.content(), bill, CERTAIN if sheet.quotes else DOUBTFUL, currency="USD")


SPACES = tuple(Notation(mark, space) for space in "\u00a0\u202f'\u2019" for mark in ",.")
ACCOUNTING = Notation(group=",", minus="({})", beside="sign", zero="-   ")
PLAIN_TABLES = {
    "comma": delimited(","),
    "semicolon": delimited(";"),
    "tab": delimited("\t"),
    "pipe": delimited("|"),
    "decimal comma": notated("EUR", ";\t|,", Notation(","), Notation(",", ".")),
    "grouped": notated("USD", ",;\t|", Notation(group=","), *SPACES),
    "lakh": notated("INR", ",;\t|", Notation(group=",", lakh=True)),
    "accounting": notated("USD", ",;\t", ACCOUNTING, replace(ACCOUNTING, space=" "), replace(ACCOUNTING, zero="")),
    "trailing minus": credits_behind,
    "formula guard": formula_guard,
    "exponents": exponents,
    "below the minor unit": below_the_minor_unit,
    "bom": encoded("utf-8-sig"),
    "utf-16": encoded("utf-16", "utf-16-le", "utf-16-be"),
    "windows-1252": encoded("cp1252"),
    "carriage return": ended("\r", "\r"),
    "carriage return, line feed in cells": ended("\r", "\n", "\r\n"),
    "line feed": ended("\n", "\n", "\r\n", "\r"),
    "both line ends": ended("\r\n", "\n", "\r\n", "\r"),
    "no last line end": no_last_line_end,
}
