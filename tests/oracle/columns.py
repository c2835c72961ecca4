# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Several columns that could be the total, and parts of it that cannot be read."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from decimal import Decimal

from .case import BAD, CERTAIN, DOUBTFUL, Case, case_of
from .notation import Notation
from .sheet import Sheet, sheet_of
from .truth import Bill, Line, amount, random_bill, random_fields, some

if t.TYPE_CHECKING:
    from random import Random

RIVALS = ("Cost", "Amount", "Charge", "Total Price", "Net Charge", "Amount Due", "Total Amount")


def base(chance: Random, *fields: str) -> tuple[Bill, Sheet]:
    """A bill and its table, with a plain heading over the total."""
    bill = random_bill(chance, "USD", fields=random_fields(chance, *fields))
    sheet = sheet_of(chance, bill, notation=Notation(), code=True)
    sheet.headings[sheet.columns.index("total")] = "Total"
    return bill, sheet


def same_twice(chance: Random) -> Case:
    """Two columns that could be the total say the same in every row."""
    bill, sheet = base(chance)
    cells = [sheet.notation.write(line.total) for line in bill.lines]
    sheet.add_column("rival", chance.choice(RIVALS), cells, chance.randint(0, len(sheet.columns)))
    return case_of(sheet.content(), bill, currency="USD")


def one_row_differs(chance: Random) -> Case:
    """Two columns that could be the total differ in one row only, maybe far down."""
    bill = random_bill(chance, "USD", size=chance.choice((3, 30, 400)), fields=random_fields(chance))
    sheet = sheet_of(chance, bill, notation=Notation())
    sheet.headings[sheet.columns.index("total")] = "Total"
    cells = [sheet.notation.write(line.total) for line in bill.lines]
    place = chance.randrange(len(cells))
    cells[place] = sheet.notation.write(bill.lines[place].total + chance.choice((amount(1, 2), amount(-500, 2))))
    sheet.add_column("rival", chance.choice(RIVALS), cells, chance.randint(0, len(sheet.columns)))
    return Case(sheet.content(), BAD, about=f"row {place + 2}", currency="USD")


def before_taxes(chance: Random) -> Case:
    """Amount, tax and total of each line: the total proves itself."""
    bill, sheet = base(chance, "taxes")
    sheet.headings[sheet.columns.index("taxes")] = "Tax"
    before = [sheet.notation.write(line.total - (line.taxes or 0)) for line in bill.lines]
    sheet.add_column("before", "Amount", before, 1)
    return case_of(sheet.content(), bill, currency="USD")


NETS = [
    *(
        ("Charge", "Discount", "Net Charge", -1),
        ("Cost", "Discounts", "Subtotal", 1),
        ("Amount", "VAT", "Amount incl. VAT", 1),
    ),
    *(("Amount", "Discount Amount", "Amount Due", -1), ("Total", "Discount", "Total after discount", -1)),
    *(("Charges", "Credits", "Total", 1), ("Amount", "Tax", "Total", 1)),
]


def net_or_gross(chance: Random) -> Case:
    """A first column, what comes off or on, and the last column, which is right; the first alone is wrong."""
    first, between, last, sign = chance.choice(NETS)
    fields = ("product", "description", "units", "total")
    bill = random_bill(chance, "USD", fields=fields)
    sheet = sheet_of(chance, bill, notation=Notation(), code=False)
    sheet.headings[sheet.columns.index("total")] = last
    parts = [amount(chance.randint(1, 5000) * chance.choice((1, 1, -1)), 2) for _line in bill.lines]
    place = sheet.columns.index("total")
    sheet.add_column("part", between, [sheet.notation.write(part) for part in parts], place)
    before = [sheet.notation.write(line.total - part * sign) for line, part in zip(bill.lines, parts)]
    sheet.add_column("before", first, before, place)
    bill = Bill(tuple(with_part(line, between, part) for line, part in zip(bill.lines, parts)), fields, "USD")
    return case_of(sheet.content(), bill, DOUBTFUL, f"{first}, {between}, {last}", currency="USD")


def with_part(line: Line, heading: str, part: Decimal) -> Line:
    """The line with its taxes, where the heading says that they are taxes."""
    return replace(line, taxes=part) if heading in ("VAT", "Tax") else line


def total_on_each_line(chance: Random) -> Case:
    """The bill's total is repeated on each of its lines, beside the line's own amount."""
    bill, sheet = base(chance)
    sheet.headings[sheet.columns.index("total")] = chance.choice(("Amount", "Line Amount", "Cost"))
    heading = chance.choice(("Total", "Invoice Total", "Total Amount"))
    sheet.add_column("rival", heading, [sheet.notation.write(bill.total)] * len(bill.lines))
    return case_of(sheet.content(), bill, DOUBTFUL, heading, currency="USD")


TAX_WORDS = ("20%", "VAT 20%", "Exempt", "-", "n/a", "reverse charge", "see note", "19 %")


def words_under_tax(chance: Random) -> Case:
    """Words or rates where taxes were expected: they stay unknown, the total is certain."""
    bill, sheet = base(chance)
    words = chance.choice((("-",), TAX_WORDS, ("20%",), ("VAT 20%", "Exempt")))
    sheet.add_column("taxes", chance.choice(("Tax", "Taxes", "VAT")), [chance.choice(words) for _line in bill.lines])
    return case_of(sheet.content(), bill, about=f"{words}", currency="USD")


def names_under_services(chance: Random) -> Case:
    """Names where the part of services was expected."""
    bill, sheet = base(chance)
    names = [chance.choice(("Alpha", "Compute", "Edge DNS")) for _line in bill.lines]
    sheet.add_column("services", "Services", names, chance.choice((0, 1)))
    return case_of(sheet.content(), bill, currency="USD")


def parts_of_the_total(chance: Random) -> Case:
    """Services and taxes of each line, which add up to its total."""
    bill = random_bill(chance, "USD", fields=random_fields(chance, "services", "taxes"))
    sheet = sheet_of(chance, bill, notation=Notation())
    return case_of(sheet.content(), bill, currency="USD", lines=bill.lines, fields=("taxes", "services", "total"))


def named_by_the_user(chance: Random) -> Case:
    """The option ``columns`` ends a doubt about two columns, and names headings that nobody could guess."""
    bill, sheet = base(chance)
    heading = chance.choice(("Extended", "Betrag EUR alt", "Total after discount", "X7"))
    sheet.headings[sheet.columns.index("total")] = heading
    if some(chance):
        rival = [sheet.notation.write(line.total + 1) for line in bill.lines]
        sheet.add_column("rival", chance.choice(RIVALS), rival)
    return case_of(sheet.content(), bill, about=heading, currency="USD", columns={"total": heading})


def not_an_amount(chance: Random) -> Case:
    """A cell under the total that is no amount."""
    bill, sheet = base(chance, "description")
    text = chance.choice(
        ("abc", "1.2.3", "--5", "NaN", "inf", "#REF!", "(5", "5)", "0x10", "-" + " " * 800 + "x", "12 EURO")
    )
    place = chance.randrange(len(sheet.body))
    sheet.body[place][sheet.columns.index("total")] = text
    return Case(sheet.content(), BAD, about=text[:20], currency="USD", row=place + 2)


def no_amount(chance: Random) -> Case:
    """A line without an amount: the sum is not known."""
    bill, sheet = base(chance, "description")
    chance.choice(sheet.body)[sheet.columns.index("total")] = ""
    return Case(sheet.content(), BAD, currency="USD")


def no_total(chance: Random) -> Case:
    """No column can be the total, whatever else has amounts."""
    bill, sheet = base(chance, "units", "unit_price")
    sheet.headings[sheet.columns.index("total")] = chance.choice(("Region", "Total Hours", "Unit Count", "Weight", ""))
    return Case(sheet.content(), BAD, currency="USD")


def extra_columns(chance: Random) -> Case:
    """Columns that no bill needs, some with numbers."""
    bill, sheet = base(chance)
    for heading in chance.sample(
        ("Region", "Cost Center", "Total Hours", "Discount %", "Month", "Usage Hours", "Tags"), 2
    ):
        cells = [str(chance.randint(1, 99)) for _line in bill.lines]
        sheet.add_column(heading, heading, cells, chance.randint(0, len(sheet.columns)))
    return case_of(sheet.content(), bill, CERTAIN, repr(sheet.headings), currency="USD")


COLUMNS = {
    "same total twice": same_twice,
    "one row differs": one_row_differs,
    "before taxes": before_taxes,
    "net or gross": net_or_gross,
    "total on each line": total_on_each_line,
    "words under tax": words_under_tax,
    "names under services": names_under_services,
    "services and taxes": parts_of_the_total,
    "columns named": named_by_the_user,
    "no amount can be read": not_an_amount,
    "line without amount": no_amount,
    "no total column": no_total,
    "extra columns": extra_columns,
}
