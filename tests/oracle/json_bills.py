# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""JSON of all shapes."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import replace
from decimal import Decimal

from .case import BAD, CERTAIN, DOUBTFUL, Case, case_of
from .sheet import AKAMAI
from .truth import NUMBERS, TWO_DIGITS, Bill, Line, amount, random_bill, random_fields, some

if t.TYPE_CHECKING:
    from random import Random

Tree = dict[str, t.Any]
ROOTS = ("INVOICE", "INVOICE", "CREDIT_MEMO", "DEBIT_MEMO", "Memo")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
DUPLICATES = ("INVOICE_LINE", "END_CUSTOMER", "ITEM_TOTAL", "INVOICE")


def json_text(tree: Tree, indent: int | None = None, ascii_only: bool = False) -> str:
    """The tree as JSON; a text such as ``@1.50@`` is the number with these digits."""
    return re.sub(r'"@([-+0-9.Ee]+)@"', r"\1", json.dumps(tree, indent=indent, ensure_ascii=ascii_only))


def any_bill(chance: Random) -> Bill:
    """A bill as JSON can carry it: any digits, several currencies."""
    currency = chance.choice((*TWO_DIGITS, "JPY", "KWD"))
    fields = random_fields(chance, *(name for name in ("taxes", "services", "customer_id") if some(chance, 0.3)))
    others = chance.choice(((), (), (), ("EUR", "KWD")))
    return random_bill(chance, currency, fields=fields, more=chance.choice((0, 0, 2, 4)), others=others)


def json_tree(chance: Random, bill: Bill) -> Tree:
    """The document as data: order, nulls, more fields and how numbers are written are random."""
    number = chance.choice(("@{:f}@", "@{:f}@", "@{:E}@", "{:f}"))
    nulls = some(chance)

    def line_of(line: Line) -> Tree:
        found: Tree = {"EFFECTIVE_END_DATE": None, "TAGS": [{"a": 1}, None], "NOTE": "ITEM_TOTAL"} if nulls else {}
        for name in (name for name in bill.fields if not name.startswith("customer")):
            value = getattr(line, name)
            found[AKAMAI[name]] = number.format(value) if name in NUMBERS else value
        if bill.currency is None:
            found["ITEM_CURRENCY"] = line.currency
        return dict(chance.sample(list(found.items()), len(found)))

    customers: list[Tree] = []
    for line in bill.lines:
        facts: Tree = {"END_CUSTOMER_ACCOUNT_ID": line.customer_id, "END_CUSTOMER_ACCOUNT_NAME": line.customer_name}
        if not customers or not facts.items() <= customers[-1].items() or some(chance, 0.1):
            customers.append({**facts, "END_CUSTOMER_ORDER_ID": "1-23ABC4", "INVOICE_LINE": []})
        customers[-1]["INVOICE_LINE"].append(line_of(line))
    for customer in customers:
        if len(customer["INVOICE_LINE"]) == 1 and some(chance):
            customer["INVOICE_LINE"] = customer["INVOICE_LINE"][0]
    only = len(customers) == 1 and some(chance)
    found: Tree = {"INVOICE_ID": 1234567890, "END_CUSTOMER": customers[0] if only else customers}
    found["INVOICE_CURRENCY"] = bill.currency or bill.lines[0].currency
    return {chance.choice(ROOTS): dict(chance.sample(list(found.items()), len(found)))}


def lines_of(tree: Tree) -> list[Tree]:
    """The lines of a document as they stand in it."""
    [bill] = tree.values()
    customers = bill["END_CUSTOMER"] if isinstance(bill["END_CUSTOMER"], list) else [bill["END_CUSTOMER"]]
    several = (customer["INVOICE_LINE"] for customer in customers)
    return [line for lines in several for line in (lines if isinstance(lines, list) else [lines])]


def shapes(chance: Random) -> Case:
    """A sound document of any shape."""
    bill = any_bill(chance)
    text = json_text(json_tree(chance, bill), chance.choice((None, 1)), some(chance))
    encoding = chance.choice(ENCODINGS)
    fields = tuple(name for name in bill.fields if name != "description")
    return case_of(text.encode(encoding), bill, about=encoding, format="json", lines=bill.lines, fields=fields)


def stated(chance: Random) -> Case:
    """INVOICE_TOTAL is right, or wrong: then the lines' sum with a warning, or an error."""
    bill = random_bill(chance, chance.choice(TWO_DIGITS))
    tree = json_tree(chance, bill)
    right = some(chance)
    total = bill.total if right else bill.total + amount(chance.choice((1, -1, 5000)), 2)
    [content] = tree.values()
    content["INVOICE_TOTAL"] = chance.choice(("@{:f}@", "{:f}")).format(total)
    verdict = CERTAIN if right else BAD
    return case_of(json_text(tree).encode(), bill, verdict, format="json")


def beside_the_list(chance: Random) -> Case:
    """What the list of bills says as the total is compared."""
    bill = random_bill(chance, chance.choice(TWO_DIGITS))
    below = amount(chance.choice((0, 0, 1, -5000)), 2)
    content = json_text(json_tree(chance, bill)).encode()
    return case_of(content, bill, format="json", bill_total=bill.total + below, currency=bill.currency)


def grouped_texts(chance: Random) -> Case:
    """Texts for numbers, with groups: certain only where a decimal mark follows."""
    bill = random_bill(chance, "USD")
    tree = json_tree(chance, bill)
    for line, truth in zip(lines_of(tree), bill.lines):
        line["ITEM_TOTAL"] = f"{truth.total:,f}"
    return case_of(json_text(tree).encode(), bill, DOUBTFUL, format="json")


def half_surrogates(chance: Random) -> Case:
    """An emoji cut in two, in a name: the total is as certain as ever."""
    bill = random_bill(chance, "USD")
    tree = json_tree(chance, bill)
    chance.choice(lines_of(tree))["PRODUCT"] = "Cut here \ud83d"
    return case_of(json_text(tree, ascii_only=True).encode(), bill, format="json")


def endless_number(chance: Random) -> Case:
    """A huge exponent in a field that nobody adds up."""
    bill = random_bill(chance, "USD")
    tree = json_tree(chance, bill)
    place = chance.choice((*tree.values(), *lines_of(tree)))
    place["PO_NUMBER"] = f"@{chance.choice(('1e9999', '-1e99999', '1E-99999', '9' * 5000))}@"
    return case_of(json_text(tree).encode(), bill, DOUBTFUL, format="json")


def bad_number(chance: Random) -> Case:
    """A total that is no amount: nothing but an error, or an unknown total, is right."""
    bill = random_bill(chance, "USD")
    tree = json_tree(chance, bill)
    value: t.Any = chance.choice(("@1e99999@", "abc", "", True, [], {}, [1], None, "1.2.3", "NaN", "-", "(5"))
    chance.choice(lines_of(tree))["ITEM_TOTAL"] = value
    return Case(json_text(tree).encode(), BAD, about=repr(value), format="json")


def not_a_number(chance: Random) -> Case:
    """NaN and Infinity, which JSON does not have, wherever they stand."""
    tree = json_tree(chance, random_bill(chance, "USD"))
    place, name = chance.choice(lines_of(tree)), chance.choice(("ITEM_TOTAL", "ITEM_UNITS", "OTHER"))
    text = chance.choice(("NaN", "Infinity", "-Infinity"))
    place[name] = "here"
    return Case(json_text(tree).replace('"here"', text).encode(), BAD, about=f"{name} {text}", format="json")


def names_twice(chance: Random) -> Case:
    """A name twice in one object: which of both counts, nobody knows."""
    text = json_text(json_tree(chance, random_bill(chance, "USD")))
    name = chance.choice([name for name in DUPLICATES if f'"{name}": ' in text])
    text = text.replace(f'"{name}": ', f'"{name}": null, "{name}": ', 1)
    return Case(text.encode(), BAD, about=name, format="json")


def amounts_elsewhere(chance: Random) -> Case:
    """Amounts where none are expected, beside the lines or instead of them."""
    tree = json_tree(chance, random_bill(chance, "USD"))
    [bill] = tree.values()
    kind = chance.choice(("lines", "invoice line", "parts", "customer", "missing", "other root"))
    if kind == "lines":
        bill["LINES"] = [{"TOTAL": 5}]
    elif kind == "invoice line":
        bill["INVOICE_LINE"] = [{"ITEM_TOTAL": 5}]
    elif kind == "parts":
        chance.choice(lines_of(tree))["PARTS"] = [{"ITEM_TOTAL": 1}]
    elif kind == "customer":
        customers = bill["END_CUSTOMER"] if isinstance(bill["END_CUSTOMER"], list) else [bill["END_CUSTOMER"]]
        customers[0]["CHARGES"] = [{"AMOUNT": 7.5}]
    elif kind == "missing":
        del chance.choice(lines_of(tree))["ITEM_TOTAL"]
    else:
        tree["CREDITS"] = {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}]}
    return Case(json_text(tree).encode(), BAD, about=kind, format="json")


def no_lines(chance: Random) -> Case:
    """Customers without lines beside others: null or an empty list."""
    bill = random_bill(chance, "USD")
    tree = json_tree(chance, bill)
    [content] = tree.values()
    customers = content["END_CUSTOMER"] if isinstance(content["END_CUSTOMER"], list) else [content["END_CUSTOMER"]]
    customers.append({"END_CUSTOMER_ACCOUNT_ID": "A-0", "INVOICE_LINE": chance.choice(([], None))})
    content["END_CUSTOMER"] = customers
    return case_of(json_text(tree).encode(), bill, format="json")


def cut_json(chance: Random) -> Case:
    """The end is lost."""
    text = json_text(json_tree(chance, any_bill(chance)), chance.choice((None, 1))).encode()
    return Case(text[: chance.randrange(len(text))], BAD, format="json")


def large_numbers(chance: Random) -> Case:
    """More digits than binary numbers carry."""
    bill = random_bill(chance, "USD")
    lines = tuple(replace(line, total=Decimal(chance.randint(-(10**24), 10**24)).scaleb(-2)) for line in bill.lines)
    bill = Bill(lines, bill.fields, "USD")
    return case_of(json_text(json_tree(chance, bill)).encode(), bill, format="json", lines=lines, fields=("total",))


JSON = {
    "json": shapes,
    "json stated total": stated,
    "json beside the list": beside_the_list,
    "json grouped texts": grouped_texts,
    "json half surrogates": half_surrogates,
    "json endless number": endless_number,
    "json bad number": bad_number,
    "json not a number": not_a_number,
    "json names twice": names_twice,
    "json amounts elsewhere": amounts_elsewhere,
    "json customers without lines": no_lines,
    "json cut": cut_json,
    "json large numbers": large_numbers,
}
