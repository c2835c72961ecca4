# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Rows that are no lines and no totals: preambles, footers, headings again, sections; and rows that are short."""

from __future__ import annotations

import typing as t

from .case import BAD, CERTAIN, DOUBTFUL, Case, case_of
from .notation import Notation
from .sheet import Sheet, sheet_of
from .truth import Bill, random_bill, random_fields, some

if t.TYPE_CHECKING:
    from random import Random

PREAMBLES = [
    *([["Main Street Corporation"]], [["Invoice", "1234567890"], ["Period", "2024-05"]], [["Usage report"], []]),
    [["Note", 'All "usage", by line\nand day'], ["", ""]],
]
FOOTERS = [
    *("Page 1 of 1", "Thank you for your business", "***END OF FILE***", "All prices exclude VAT."),
    *("Generated on 2024-06-01", "End of report", "Questions? Mail billing@example.com", "Terms: 30 days net"),
]
WITH_AMOUNTS = [["Previous balance", "12.50"], ["Invoice total", "99.99"], ["Paid so far", "", "20.00"]]


def base(chance: Random, *fields: str, zeros: bool = True) -> tuple[Bill, Sheet]:
    """A bill of two lines or more, and its sound table."""
    bill = random_bill(
        chance, "USD", zeros=zeros, size=chance.choice((2, 3, 5, 8, 20)), fields=random_fields(chance, *fields)
    )
    return bill, sheet_of(chance, bill, delimiter=chance.choice(",,,;\t|"))


def padded(sheet: Sheet, row: list[str]) -> list[str]:
    """The row with as many cells as there are columns."""
    return row + [""] * (len(sheet.columns) - len(row))


def preamble(chance: Random) -> Case:
    """Rows above the headings, without amounts under the total."""
    bill, sheet = base(chance, "description", "units")
    sheet.before = [list(row) for row in chance.choice(PREAMBLES)]
    # A number under the total's heading would be an amount.
    if some(chance) and sheet.columns[1] != "total":
        sheet.before = [padded(sheet, row) for row in sheet.before]
    return case_of(sheet.content(), bill, currency="USD")


def preamble_with_amounts(chance: Random) -> Case:
    """Amounts above the headings: they are no lines; a reader may refuse them."""
    bill, sheet = base(chance, "description", "units")
    sheet.before = [padded(sheet, list(chance.choice(WITH_AMOUNTS)))]
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def footer(chance: Random) -> Case:
    """A note behind the last line, in one cell, full or short."""
    bill, sheet = base(chance, "description")
    texts = chance.sample(FOOTERS, chance.choice((1, 1, 2)))
    place = chance.choice((0, 0, sheet.columns.index("description")))
    if sheet.columns[place] == "total":
        place = sheet.columns.index("product")
    sheet.after = [padded(sheet, [""] * place + [text]) if some(chance) else [""] * place + [text] for text in texts]
    if some(chance, 0.4):
        sheet.after.insert(0, chance.choice(([], sheet.row())))
    return case_of(sheet.content(), bill, about=repr(sheet.after), currency="USD")


def blank_rows(chance: Random) -> Case:
    """Rows of nothing, of empty cells or of blanks, anywhere."""
    bill, sheet = base(chance)
    for _time in range(chance.randint(1, 4)):
        row = chance.choice(([], sheet.row(), [" "] * len(sheet.columns)))
        sheet.body.insert(chance.randint(0, len(sheet.body)), list(row))
    return case_of(sheet.content(), bill, currency="USD")


def headings_again(chance: Random) -> Case:
    """Equal headings in mid-file, as in exports that are paged or joined."""
    bill, sheet = base(chance)
    for _time in range(chance.randint(1, 3)):
        place = chance.randint(1, len(sheet.body))
        sheet.body[place:place] = [*([[]] if some(chance, 0.3) else []), list(sheet.headings)]
    return case_of(sheet.content(), bill, currency="USD")


def other_headings_again(chance: Random) -> Case:
    """Other headings in mid-file: columns may mean something else below them."""
    bill, sheet = base(chance, "description", "units")
    headings = list(sheet.headings)
    first, second = chance.sample(range(len(headings)), 2)
    headings[first], headings[second] = headings[second], headings[first]
    # A table below its swapped headings, with cells in the order of the first table.
    sheet.body.insert(chance.randint(1, len(sheet.body) - 1), headings)
    return Case(sheet.content(), BAD, bill.entries, about=f"{headings}", currency="USD")


def sections(chance: Random) -> Case:
    """A row of one text above each group of lines."""
    bill, sheet = base(chance, "description", "units")
    if sheet.columns[0] == "total":
        sheet.columns.reverse()
        sheet.headings.reverse()
        sheet.body = [sheet.line(line) for line in bill.lines]
    for place in sorted({0, chance.randint(0, len(sheet.body) - 1)}, reverse=True):
        text = chance.choice(("Main Street", "Harbour, Inc.", "May 2024", "Compute"))
        sheet.body.insert(place, padded(sheet, [text]) if some(chance, 0.8) else [text])
    return case_of(sheet.content(), bill, currency="USD")


def short_rows(chance: Random) -> Case:
    """Rows that lack their last, empty cells; or have an empty cell too many."""
    bill, sheet = base(chance, "description")
    note = sheet.headings[0] and "Notes"
    notes = ["" if some(chance, 0.8) else "see contract" for _line in bill.lines]
    sheet.add_column("notes", note, notes)
    for row in sheet.body:
        if not row[-1] and some(chance):
            row.pop()
        elif some(chance, 0.1):
            row.append("")
    return case_of(sheet.content(), bill, DOUBTFUL, currency="USD")


def cut(chance: Random) -> Case:
    """The end is lost amid the last row: to be refused, unless its amount is there."""
    bill, sheet = base(chance, "description", "units", zeros=False)
    text = sheet.text()
    start = text.rindex(sheet.newline, 0, len(text) - len(sheet.newline)) + len(sheet.newline)
    content = text[: chance.randrange(start + 1, len(text) - len(sheet.newline))].encode()
    return Case(content, BAD, bill.entries, currency="USD")


def tables_twice(chance: Random) -> Case:
    """Two tables of other columns in one file: their sum, or an error, but never one of them alone."""
    bill, sheet = base(chance, "description", "units")
    other = random_bill(chance, "USD", fields=("product", "total"))
    headings = ["Product", "Total"] if some(chance) else ["Client Name", "Total Price"]
    rows = [[], headings, *([line.product or "", Notation().write(line.total)] for line in other.lines)]
    if some(chance):
        sheet.before = [*rows[1:], []]
    else:
        sheet.after = rows
    both = Bill((*bill.lines, *other.lines), ("product", "total"), "USD")
    return Case(sheet.content(), BAD, both.entries, currency="USD")


def same_table_twice(chance: Random) -> Case:
    """Two tables with equal headings: all of their lines."""
    bill, sheet = base(chance)
    more = random_bill(chance, "USD", fields=bill.fields)
    sheet.after = [[], list(sheet.headings), *(sheet.line(line) for line in more.lines)]
    return case_of(sheet.content(), Bill((*bill.lines, *more.lines), bill.fields, "USD"), CERTAIN, currency="USD")


ROWS = {
    "preamble": preamble,
    "preamble with amounts": preamble_with_amounts,
    "footer": footer,
    "blank rows": blank_rows,
    "headings again": headings_again,
    "other headings again": other_headings_again,
    "sections": sections,
    "short rows": short_rows,
    "cut": cut,
    "two tables": tables_twice,
    "two equal tables": same_table_twice,
}
