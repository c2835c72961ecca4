# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Rows that are totals of others, wherever they stand, and lines that only look like them."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from .case import BAD, CERTAIN, DOUBTFUL, Case, case_of
from .notation import Notation
from .rows import base
from .sheet import Row, Sheet, sheet_of
from .truth import Bill, Line, exact_sum, random_bill, random_fields, some

if t.TYPE_CHECKING:
    from random import Random

LABELS = [
    *("Total", "TOTAL", "total:", "Grand Total", "Sum", "Amount due", "Total charges", "Total for all services"),
    *("Total amount payable", "Total (excluding taxes)", "Total USD", "Invoice total", "Balance due", "Net total"),
    *("Gesamt", "Gesamtsumme:", "Gesamtbetrag", "Montant total", "Total HT", "Importe total", "Totale fattura"),
    *("Total amount for invoice", "Total new charges", "Total this month", "Monthly total", "Account total"),
    *("Total usage", "Total: Main Street Corporation", "TOTAL DUE BY 2024-06-30", "Estimated total"),
]
BARE = ("Total", "TOTAL", "total:", "Grand Total", "Sum", "Amount due", "Gesamt", "Gesamtsumme:", "Gesamtbetrag")
PAIR = ("Compute", "Storage")
LIKE_TOTALS = ["Total Protection", "Balance Transfer", "Subtotal Guard", "Sum of Squares", "Total for May", "Due Care"]


def total_row(sheet: Sheet, lines: t.Sequence[Line], label: str, more: Decimal = Decimal(0)) -> Row:
    """A row that states the sum of lines, plus ``more``, beside a label in the first text column."""
    total = exact_sum([*(line.total for line in lines), more])
    place = next(name for name in sheet.columns if name in ("description", "product"))
    return sheet.row(**{place: label, "total": sheet.notation.write(total, "USD")})


def could_be_total(lines: t.Sequence[Line], place: int) -> bool:
    """Whether this line's amount is by chance the sum of lines before or behind it."""
    amount = lines[place].total
    for several in (reversed(lines[:place]), lines[place + 1 :]):
        since = Decimal(0)
        for line in several:
            since += line.total
            if since == amount:
                return True
    return not amount


def total(chance: Random) -> Case:
    """One total row, last or first, that lacks what lines have."""
    bill, sheet = base(chance, "description", "units")
    row = total_row(sheet, bill.lines, chance.choice(LABELS))
    sheet.body.insert(0 if some(chance, 0.3) else len(sheet.body), row)
    return case_of(sheet.content(), bill, CERTAIN if bill.total else DOUBTFUL, f"{row}", currency="USD")


def total_without_label(chance: Random) -> Case:
    """Behind the lines stands their sum, and nothing beside it."""
    bill, sheet = base(chance, "description", "units")
    sheet.body.append(total_row(sheet, bill.lines, ""))
    return case_of(sheet.content(), bill, CERTAIN if bill.total else DOUBTFUL, currency="USD")


def total_of_two_columns(chance: Random) -> Case:
    """Product and total only: the label stands where lines have their product."""
    bill = random_bill(chance, "USD", fields=("product", "total"), size=chance.randint(2, 8))
    sheet = sheet_of(chance, bill)
    label = chance.choice((*BARE, *LABELS))
    row = total_row(sheet, bill.lines, label)
    sheet.body.insert(0 if some(chance, 0.3) else len(sheet.body), row)
    return case_of(
        sheet.content(), bill, CERTAIN if bill.total and label in BARE else DOUBTFUL, f"{row}", currency="USD"
    )


def total_of_one_line(chance: Random) -> Case:
    """One line and its total: equal amounts."""
    bill = random_bill(chance, "USD", size=1)
    sheet = sheet_of(chance, bill)
    sheet.body.append(total_row(sheet, bill.lines, chance.choice((*LABELS, "Due"))))
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def wrong_total(chance: Random) -> Case:
    """The total row is off: by a cent, or by much."""
    bill, sheet = base(chance, "description", "units")
    more = Decimal(chance.choice(("0.01", "-0.01", "1", "1000")))
    row = total_row(sheet, bill.lines, chance.choice(LABELS), more)
    place = 0 if some(chance, 0.2) else len(sheet.body)
    sheet.body.insert(place, row)
    return Case(sheet.content(), BAD, about=f"{row}", currency="USD", row=place + 2)


def grouped(bill: Bill) -> tuple[Bill, list[tuple[str, list[Line]]]]:
    """The bill sorted by product, and its groups."""
    lines = sorted(bill.lines, key=lambda line: line.product or "")
    groups = [(name or "", list(several)) for name, several in groupby(lines, key=lambda line: line.product)]
    return Bill(tuple(lines), bill.fields, bill.currency), groups


def subtotals(chance: Random) -> Case:
    """A subtotal behind or above each group, and mostly a grand total at the end."""
    bill, sheet = base(chance, "description", "units", "unit_price")
    bill, groups = grouped(
        replace(bill, lines=tuple(replace(line, product=chance.choice(PAIR)) for line in bill.lines))
    )
    above, named, sheet.body = some(chance, 0.2), some(chance, 0.3), []
    for name, lines in groups:
        row = total_row(sheet, lines, "" if named else chance.choice(("Subtotal", f"Total {name}", f"{name} total")))
        if named:
            # The group's name stands in its own column, and only there.
            row[sheet.columns.index("product")] = name
        rows = [sheet.line(line) for line in lines]
        sheet.body += [row, *rows] if above else [*rows, row]
    if some(chance, 0.7):
        sheet.body.append(total_row(sheet, bill.lines, "Total"))
    doubtful = (
        named or above or any(len(lines) < 2 or not exact_sum(line.total for line in lines) for _name, lines in groups)
    )
    return case_of(sheet.content(), bill, DOUBTFUL if doubtful else CERTAIN, currency="USD")


def nested_subtotals(chance: Random) -> Case:
    """Subtotals of customers and of their products, and a grand total."""
    bill = random_bill(chance, "USD", size=12, fields=random_fields(chance, "description", "units", "customer_id"))
    sheet = sheet_of(chance, bill)
    customers = [bill.lines[:5], bill.lines[5:]]
    sheet.body = []
    for customer in customers:
        for part in (customer[:2], customer[2:]):
            sheet.body += [*map(sheet.line, part), total_row(sheet, part, "Subtotal product")]
        sheet.body.append(total_row(sheet, customer, "Subtotal customer"))
    sheet.body.append(total_row(sheet, bill.lines, "Total"))
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def rolled_up(chance: Random) -> Case:
    """Net, VAT and gross behind the lines: the net or the gross, or an error, never both."""
    bill, sheet = base(chance, "description", "units")
    tax = Decimal(chance.randint(1, 9999)) / 100
    names = chance.choice(
        (("Net", "VAT", "Gross"), ("Subtotal", "Tax (20%)", "Total"), ("Net total", "Taxes", "Total due"))
    )
    rows = [total_row(sheet, bill.lines, names[0]), total_row(sheet, [], names[1], tax)]
    sheet.body += [*rows, total_row(sheet, bill.lines, names[2], tax)]
    gross = Bill((*bill.lines, Line(tax, "USD")), bill.fields, "USD")
    return Case(sheet.content(), BAD, bill.entries, names[2], currency="USD", alternatives=(gross.entries,))


def short_summary(chance: Random) -> Case:
    """Totals in rows of two cells behind a blank one, as people add them."""
    bill, sheet = base(chance, "description", "units")
    sheet.after = [[], ["Total", sheet.notation.write(bill.total, "USD")]]
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def parents(chance: Random) -> Case:
    """The sum of a group stands in a row of the product, its parts below it without the product."""
    bill, sheet = base(chance, "description", zeros=False)
    bill, groups = grouped(bill)
    sheet.body = []
    for name, lines in groups:
        sheet.body.append(total_row(sheet, lines, ""))
        sheet.body[-1][sheet.columns.index("product")] = name
        sheet.body += [sheet.line(replace(line, product="")) for line in lines]
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def zero_total(chance: Random) -> Case:
    """Charges and credits that cancel each other out, with a total of 0."""
    bill = random_bill(chance, "USD", size=3, fields=random_fields(chance, "description", "units"))
    lines = (*bill.lines, replace(bill.lines[0], total=-bill.total))
    bill = Bill(lines, bill.fields, "USD")
    sheet = sheet_of(chance, bill)
    sheet.body.append(total_row(sheet, lines, "Total"))
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def lines_like_totals(chance: Random) -> Case:
    """Lines that have all that lines have are lines, whatever they are called."""
    bill = random_bill(chance, "USD", size=chance.randint(3, 8), fields=random_fields(chance, "description", "units"))
    place = chance.randrange(len(bill.lines))
    lines, name = list(bill.lines), chance.choice(LIKE_TOTALS)
    lines[place] = replace(lines[place], product=name) if some(chance) else replace(lines[place], description=name)
    bill = Bill(tuple(lines), bill.fields, "USD")
    sheet = sheet_of(chance, bill, notation=Notation())
    return case_of(sheet.content(), bill, DOUBTFUL if could_be_total(lines, place) else CERTAIN, currency="USD")


def sparse_lines(chance: Random) -> Case:
    """A fee without quantity and price, as in most bills, under its own product."""
    bill, sheet = base(chance, "description", "units", "unit_price", zeros=False)
    place = chance.randrange(len(sheet.body))
    row = sheet.body[place]
    for name in ("units", "unit_price"):
        row[sheet.columns.index(name)] = ""
    return case_of(sheet.content(), bill, DOUBTFUL if could_be_total(bill.lines, place) else CERTAIN, currency="USD")


TOTAL_ROWS = {
    "total row": total,
    "total row without label": total_without_label,
    "total row of two columns": total_of_two_columns,
    "total row of one line": total_of_one_line,
    "wrong total row": wrong_total,
    "subtotals": subtotals,
    "nested subtotals": nested_subtotals,
    "rolled up": rolled_up,
    "short summary": short_summary,
    "parents": parents,
    "total row of zero": zero_total,
    "lines like totals": lines_like_totals,
    "sparse lines": sparse_lines,
}
