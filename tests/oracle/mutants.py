# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Sound documents that state their total, damaged in one place: right, or refused."""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

from .case import BAD, GARBAGE, Case
from .json_bills import json_text, json_tree
from .notation import Notation
from .sheet import Sheet, sheet_of
from .total_rows import total_row
from .truth import random_bill

if t.TYPE_CHECKING:
    from random import Random

    from .truth import Bill

FIELDS = ("product", "description", "units", "unit_price", "total")
SCRAPS = (b"", b"\0", b"\xff", b'"', b"\r", b"\n", b"\t", b",", b";", b"-", b".", b"0", b"9", b"(", b"'", b" ", b"e")


def stated(chance: Random) -> tuple[Bill, Sheet]:
    """A table with a total row that only damage to itself can hide."""
    bill = random_bill(chance, "USD", fields=FIELDS, zeros=False, size=chance.choice((3, 4, 6, 12)))
    sheet = sheet_of(chance, bill, delimiter=chance.choice(",,;\t|"), notation=Notation(), code=False)
    sheet.headings[sheet.columns.index("total")] = "Total"
    sheet.body.append(total_row(sheet, bill.lines, "Grand Total"))
    return bill, sheet


def case(content: bytes, bill: Bill, about: str) -> Case:
    """Right or refused, of a bill whose list says its total and its currency."""
    return Case(content, BAD, bill.entries, about, currency="USD", bill_total=bill.total)


def changed_bytes(chance: Random, content: bytes) -> bytes:
    """One byte dropped, doubled, swapped with the next or replaced."""
    start = chance.randrange(len(content))
    here, rest = content[start : start + 1], content[start + 1 :]
    kinds = (rest, here + here + rest, rest[:1] + here + rest[1:], chance.choice(SCRAPS) + rest)
    return content[:start] + chance.choice(kinds)


def byte(chance: Random) -> Case:
    """A byte."""
    bill, sheet = stated(chance)
    return case(changed_bytes(chance, sheet.content()), bill, "byte")


def cell(chance: Random) -> Case:
    """A cell dropped, doubled, emptied or swapped with the next one."""
    bill, sheet = stated(chance)
    row = chance.choice(sheet.rows)
    place = chance.randrange(len(row) - 1)
    kind = chance.choice(("dropped", "doubled", "emptied", "swapped"))
    if kind == "dropped":
        del row[place]
    elif kind == "doubled":
        row.insert(place, row[place])
    elif kind == "emptied":
        row[place] = ""
    else:
        row[place], row[place + 1] = row[place + 1], row[place]
    return case(sheet.content(), bill, kind)


def row(chance: Random) -> Case:
    """A row dropped, doubled, or swapped with another."""
    bill, sheet = stated(chance)
    rows = sheet.rows
    first, second = chance.sample(range(len(rows)), 2)
    kind = chance.choice(("dropped", "doubled", "swapped"))
    if kind == "dropped":
        del rows[first]
    elif kind == "doubled":
        rows.insert(first, rows[first])
    else:
        rows[first], rows[second] = rows[second], rows[first]
    sheet.before, sheet.body, sheet.headings = rows[:-1], [], rows[-1]
    return case(sheet.content(), bill, f"{kind} {first} {second}")


def column(chance: Random) -> Case:
    """A column dropped, doubled, or two headings swapped."""
    bill, sheet = stated(chance)
    first, second = chance.sample(range(len(sheet.headings)), 2)
    kind = chance.choice(("dropped", "doubled", "swapped"))
    if kind == "swapped":
        sheet.headings[first], sheet.headings[second] = sheet.headings[second], sheet.headings[first]
    else:
        for cells in sheet.rows:
            cells[first : first + 1] = [] if kind == "dropped" else [cells[first]] * 2
    return case(sheet.content(), bill, f"{kind} {first} {second}")


def json_byte(chance: Random) -> Case:
    """A byte of a JSON document that states its total."""
    bill = random_bill(chance, "USD", fields=FIELDS)
    tree = json_tree(chance, bill)
    [content] = tree.values()
    content["INVOICE_TOTAL"] = f"@{bill.total:f}@"
    found = case(changed_bytes(chance, json_text(tree).encode()), bill, "byte")
    # A code that nobody knows is the currency that the document states: its amounts are not rounded.
    code = re.search(rb'"INVOICE_CURRENCY": "([A-Za-z]{3})"', found.content)
    stated = code and tuple(replace(entry, currency=code[1].decode().upper()) for entry in bill.entries)
    return replace(found, format="json", alternatives=(stated,) if stated else ())


def garbage(chance: Random) -> Case:
    """Bytes that are no bill at all."""
    letters = '{}[]":,;|\t\r\n\\ \0ITEM_TOTAL01.9eE-+()'
    text = "".join(chance.choice(letters) for _letter in range(chance.randint(0, 200))).encode()
    content = chance.choice((text, chance.randbytes(chance.randint(0, 200)), b"a,Total\n" + text))
    return Case(content, GARBAGE, format=chance.choice(("csv", "json")))


def scraps(chance: Random) -> Case:
    """A document with several places damaged: anything but a crash."""
    bill, sheet = stated(chance)
    tree = json_text(json_tree(chance, bill)).encode()
    format, content = chance.choice((("csv", sheet.content()), ("json", tree)))
    for _time in range(chance.randint(1, 3)):
        start = chance.randint(0, len(content))
        end = start + chance.choice((0, 0, 1, 2, 10, 1000))
        scrap = chance.choice((*SCRAPS, b"1e999", b"e9999", b"NaN", b"Total", b"USD", b"\\ud800", b"null", b"{", b"]"))
        content = content[:start] + scrap + content[end:]
    return Case(content, GARBAGE, format=format)


MUTANTS = {
    "mutant: byte": byte,
    "mutant: cell": cell,
    "mutant: row": row,
    "mutant: column": column,
    "mutant: byte of json": json_byte,
    "mutant: scraps": scraps,
    "garbage": garbage,
}
