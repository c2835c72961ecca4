# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Random bills, what they come to, and writers of their documents. Nothing here uses the code under test."""

from __future__ import annotations

import json
import re
import typing as t
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

DIGITS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
SIGNS = {"USD": "$", "EUR": "€", "JPY": "¥"}
AMOUNTS = ("total", "services", "taxes")
MONEY = (*AMOUNTS, "unit_price")
NUMBERS = (*MONEY, "units")
TEXTS = ("product", "product_id", "description", "item_type", "start_date", "end_date")
CUSTOMER = ("customer_id", "customer_name")
LINE = (*TEXTS, *NUMBERS, *CUSTOMER, "currency", "unit_measure", "po_number", "credited_invoice", "credited_line")
GROUPS = {"by_product": ("product",), "by_customer": CUSTOMER, "by_item_type": ("item_type",)}

WORDS = ["Ion", "ion", "CPU hours", 'a "b"', "a; b, c\td", "two\nlines", "Žluťoučký", "日本", "-", "2024"]
# What makes a row look like the total of others.
DOUBTFUL = ["Total Protection", "Sum of Squares", "2.00", None]
CUSTOMERS = [("A-1", "One, Inc."), ("A-2", None), (None, "One, Inc."), (None, None), ("1-ABCD:2", "Ünï")]
DATES = ["2024-02-01", "2024-02-29", "01.02.2024", "2/1/2024"]
CURRENCIES = [("USD",), ("EUR",), ("JPY",), ("KWD",), (None,), ("USD", "EUR", "KWD"), ("JPY", "KWD")]
# As binary numbers; halves of a unit, and such that cancel each other out.
AWKWARD = (0, 0, 1, -1, 3, 10, 20, 30, 50, -50, 12345)

# Where all that is random comes from: drawn one by one by hypothesis, most bills would be like others.
CHANCES = st.integers(0, 2**24 - 1).map(Random)
# Of a test that fails hypothesis tells the smallest, whose lines are the first of the larger ones.
MOST = 50
SIZES = st.sampled_from((1, 2, 3, 5, 12, 30, MOST))
SIZES_OR_NONE = st.sampled_from((0, 1, 2, 3, 5, 12, 30, MOST))

Item = dict[str, t.Any]


@dataclass(frozen=True)
class Bill:
    """Lines with their amounts as Decimal, and which fields its documents tell."""

    items: tuple[Item, ...]
    currency: str | None
    told: tuple[str, ...] = ()
    more: int = 0
    """How many more digits than the minor unit amounts have: usage is often charged in fractions of it."""

    @property
    def currencies(self) -> list[str | None]:
        return sorted({item["currency"] for item in self.items} or {self.currency}, key=lambda code: code or "")

    @property
    def several(self) -> bool:
        return self.currencies != [self.currency]


def yes(chance: Random) -> bool:
    return chance.random() < 0.5


def shuffled(chance: Random, values: t.Sequence[t.Any]) -> list[t.Any]:
    return chance.sample(values, len(values))


def random_text(chance: Random) -> str:
    """Any letters, but none that a reader may strip; and nothing that is an amount or the label of a total."""
    letters = (chr(chance.choice((chance.randrange(0x110000), chance.randrange(0x300)))) for _letter in range(12))
    return "p" + "".join(one for one in letters if unicodedata.category(one) not in ("Cs", "Cc", "Zs", "Zl", "Zp"))


def random_number(chance: Random, large: bool) -> int:
    # Large ones have more digits than a JSON number carries.
    most = chance.choice((10**2, 10**6, 10**9, 10**24 if large else 10**9))
    return chance.choice((chance.choice(AWKWARD), chance.randint(-most, most)))


def random_bill(chance: Random, size: int, *, large: bool = False, doubtful: bool = False, known: bool = False) -> Bill:
    """A bill of a few different lines, each many times; all of its totals ``known``, or maybe not."""
    told = ("total", *(name for name in (*TEXTS, "units", "unit_price", "services", "taxes") if yes(chance)))
    currencies, more = chance.choice(CURRENCIES), chance.choice((0, 0, 2, 4))
    customers = chance.choices([*CUSTOMERS, *([("A-1", "Total Logistics")] if doubtful else ())], k=3)
    words = [*WORDS, random_text(chance), *(DOUBTFUL if doubtful else ())]
    # A row that does not tell what it is for may be a total.
    types = ["U", "R", "u", *([None] if doubtful or "product" in told else [])]
    options: dict[str, t.Sequence[t.Any]] = dict.fromkeys(TEXTS, words)
    options |= {"item_type": types, "start_date": DATES, "end_date": DATES, "units": [0, 1, 20, 1000000]}
    # Of one line without a total, the sum is not known.
    gaps = chance.choice(((), (), AMOUNTS if not known else AMOUNTS[1:]))

    def item() -> Item:
        currency: str | None = chance.choice(currencies)
        one: Item = dict.fromkeys(LINE) | {"currency": currency}
        one["customer_id"], one["customer_name"] = chance.choice(customers)
        for name in told:
            if name in options:
                one[name] = chance.choice(options[name])
            elif name not in gaps or chance.random() < 0.8:
                one[name] = amount(random_number(chance, large), DIGITS.get(currency or "", 2) + more)
        if doubtful and re.search("Total|Sum|^$", "".join(one[name] or "" for name in (*TEXTS, *CUSTOMER))):
            # One that says to be a total, or says nothing, and lacks what others tell is taken for what it seems.
            one |= {name: one[name] or "x" for name in {"product", "item_type", *CUSTOMER} & {*told, *CUSTOMER}}
        return one

    different = [item() for _number in range(chance.randint(1, 5))]
    return Bill(tuple(chance.choices(different, k=MOST)[:size]), currencies[0], told, more)


def amount(number: int, digits: int) -> Decimal:
    """A whole number of 10**-digits, not rounded as by ``scaleb``."""
    return Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -digits))


def rounded(value: Fraction, currency: str | None) -> Fraction:
    """The value in the minor unit, halves away from zero."""
    if currency is None:
        return value
    unit = 10 ** DIGITS[currency]
    # What is less than half a unit is not shown as nothing.
    return Fraction((abs(value) * unit * 2 + 1) // 2 * (1 if value >= 0 else -1), unit) or value


def sum_of(amounts: t.Iterable[Decimal | None], currency: str | None, part: bool = False) -> Fraction | None:
    """The sum of all, None where one is not known; of a ``part`` that only some lines have, None where none has it."""
    known = [None if amount is None else Fraction(amount) for amount in amounts if amount is not None or not part]
    if None in known or (part and not known):
        return None
    return rounded(sum(filter(None, known), Fraction(0)), currency)


def lines_of(bill: Bill) -> list[Item]:
    """The lines that every document of this bill has to give."""
    return [
        {name: Fraction(value) if name in NUMBERS and value is not None else value for name, value in item.items()}
        for item in bill.items
    ]


def totals_of(bill: Bill) -> list[dict[str, t.Any]]:
    """What the bill comes to, one entry for each currency."""

    def entry(currency: str | None) -> dict[str, t.Any]:
        lines = [item for item in bill.items if item["currency"] == currency]
        return {
            "currency": currency,
            "total": sum_of((line["total"] for line in lines), currency),
            **{name: sum_of((line[name] for line in lines), currency, part=True) for name in ("services", "taxes")},
            "lines": len(lines),
            **{by: groups(lines, currency, keys) for by, keys in GROUPS.items()},
        }

    def groups(lines: list[Item], currency: str | None, keys: tuple[str, ...]) -> list[dict[str, t.Any]]:
        found = defaultdict(list)
        for line in lines:
            found[tuple(line[key] for key in keys)].append(line["total"])
        entries = [
            dict(zip(keys, names)) | {"currency": currency, "total": sum_of(amounts, currency), "lines": len(amounts)}
            for names, amounts in found.items()
        ]
        # The largest first, then by name; what is not known comes last.
        entries.sort(key=lambda one: [(one[key] is None, one[key] or "") for key in reversed(keys)])
        return sorted(entries, key=lambda one: (one["total"] is None, -(one["total"] or 0)))

    return [entry(currency) for currency in bill.currencies]


def document_of(entries: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    """The same as the totals of one document."""
    head = ("currency", *AMOUNTS)
    only = entries[0] if len(entries) == 1 else {}
    return {
        **{name: only.get(name) for name in head},
        "lines": sum(entry["lines"] for entry in entries),
        **{by: [group for entry in entries for group in entry[by]] for by in GROUPS},
        "by_currency": [{name: entry[name] for name in (*head, "lines")} for entry in entries],
    }


def as_printed(value: t.Any, name: str = "") -> t.Any:
    """A result as it leaves, each number as the fraction that its digits say; what the oracle knows of it."""
    if isinstance(value, dict):
        left_out = ("reconciled", "difference", "extra", "ignored_rows", "encoding", "warnings")
        return {key: as_printed(item, key) for key, item in value.items() if key not in left_out}
    if isinstance(value, list):
        return [as_printed(item) for item in value]
    if isinstance(value, str) and name in NUMBERS and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        # Text is the last resort, for what no number prints.
        assert Fraction(repr(float(value))) != Fraction(value)
        return Fraction(value)
    return Fraction(json.dumps(value)) if name in NUMBERS and isinstance(value, (int, float)) else value


class File(t.NamedTuple):
    """The bytes of a document, and what the list of bills tells of it."""

    content: bytes
    format: str
    source_type: str = "regular"
    currency: str | None = None


ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
NAMES = {
    **{"product": "PRODUCT", "product_id": "PRODUCT_ID", "description": "ITEM_DESC", "item_type": "ITEM_TYPE"},
    **{"start_date": "ITEM_START_DATE", "end_date": "ITEM_END_DATE", "units": "ITEM_UNITS"},
    **{"unit_price": "ITEM_UNIT_PRICE", "total": "ITEM_TOTAL", "services": "ITEM_TOTAL_SERVICES"},
    **{"taxes": "ITEM_TOTAL_TAXES", "currency": "ITEM_CURRENCY"},
    **{"customer_id": "END_CUSTOMER_ACCOUNT_ID", "customer_name": "END_CUSTOMER_ACCOUNT_NAME"},
}


def json_tree(chance: Random, bill: Bill) -> dict[str, t.Any]:
    """The JSON document as data, its numbers as marked texts."""
    number = chance.choice(("@{:f}@", "@{:E}@", "{:f}"))
    nulls, backwards = yes(chance), yes(chance)
    fields = [*bill.told, *(["currency"] if bill.several or yes(chance) else [])]

    def ordered(members: dict[str, t.Any]) -> dict[str, t.Any]:
        return dict(reversed(members.items())) if backwards else members

    def line(item: Item) -> dict[str, t.Any]:
        found: dict[str, t.Any] = {"EFFECTIVE_END_DATE": None, "TAGS": [{"a": 1}, None], "NOTE": "ITEM_TOTAL"}
        for name in fields:
            value = item[name]
            if value is not None and name in MONEY:
                value = number.format(value)
            elif value is not None and name == "description":
                value += " "
            if value is not None or nulls or name == "total":
                found[NAMES[name]] = value
        return ordered(found)

    customers: list[dict[str, t.Any]] = []
    split = yes(chance)
    for item in bill.items:
        facts: dict[str, t.Any] = {NAMES[name]: item[name] for name in CUSTOMER} | {"END_CUSTOMER_ORDER_ID": "1-23ABC4"}
        if split or not customers or not facts.items() <= customers[-1].items():
            customers.append(ordered(facts | {"INVOICE_LINE": []}))
        customers[-1]["INVOICE_LINE"].append(line(item))
    only = len(customers) == 1 and yes(chance)
    found = {"INVOICE_CURRENCY": bill.currency, "END_CUSTOMER": customers[0] if only else customers, "INVOICE_ID": 17}
    return {chance.choice(("INVOICE", "CREDIT_MEMO", "Memo")): ordered(found)}


def json_text(tree: dict[str, t.Any], indent: int | None = None, ascii_only: bool = False) -> str:
    return re.sub(r'"@([-+0-9.E]+)@"', r"\1", json.dumps(tree, indent=indent, ensure_ascii=ascii_only))


def json_file(chance: Random, bill: Bill) -> File:
    """The bill as JSON."""
    text = json_text(json_tree(chance, bill), chance.choice((None, 1)), yes(chance))
    content = text.replace("\n", chance.choice(("\n", "\r\n"))).encode(chance.choice(ENCODINGS))
    return File(content, "json", currency=chance.choice((None, bill.currency)))


HEADINGS = {
    "regular": {name: [heading] for name, heading in NAMES.items()}
    | {"total": ["ITEM_TOTAL", "Total", "Amount"], "currency": ["INVOICE_CURRENCY"]},
    "compute": {
        **{"product": ["Service", "Product", "Product Name"], "product_id": ["Product ID"]},
        **{"description": ["Description", "Item Desc"], "item_type": ["Charge Type", "Type"]},
        **{"start_date": ["From", "Usage Start", "Start Date"], "end_date": ["To", "Usage End", "End Date"]},
        **{"units": ["Quantity", "Usage", "Units"], "unit_price": ["Rate", "Unit Price"]},
        **{"total": ["Cost", "Total", "Amount"], "services": ["Services", "Total Services"], "taxes": ["Tax", "Taxes"]},
        **{"customer_id": ["Account ID", "Customer-ID"], "customer_name": ["Account Name", "Customer"]},
        "currency": ["Currency"],
    },
}
LETTERS: list[t.Callable[[str], str]] = [
    *(str, str.upper, str.lower, " {} ".format),
    *(lambda text: text.replace("_", " ").title(), lambda text: text.replace(" ", "_")),
]
UNKNOWN = ["Region", "Cost Center", "Total Hours", "Tags; all", "", "Unit Count"]
PREAMBLES = [
    *(["Main Street, Corporation"], ["Invoice", "1234567890"], ["Invoice total", "123.45"], []),
    *(["Total charges", "see below"], ["Period", "2024-02", "", ""], ["Note", 'All "usage", by line\nand day']),
]
LABELS = ["Total", "TOTAL", "total:", "Grand Total", "Sum", "Amount due"]


@dataclass
class Sheet:
    """A CSV document as rows of texts, and how to write them down."""

    style: dict[str, t.Any]
    rows: list[list[str]]
    columns: dict[str, int]
    headings: list[str]
    places: list[int]
    """The index of the row of each item."""
    totals: list[tuple[int, str | None, set[Decimal]]]
    """The total rows: the index, the currency, and what each may say."""

    @property
    def file(self) -> File:
        style = self.style
        rows = [style["between"].join(map(self._quoted, row)) for row in self.rows]
        text = style["newline"].join(rows) + (style["newline"] if style["ends"] else "")
        return File(text.encode(style["encoding"]), "csv", style["source_type"], style["currency"])

    def _quoted(self, text: str) -> str:
        if self.style["quotes"] or re.search(r'[;,\t"\r\n]|^\s|\s$', text):
            return '"' + text.replace('"', '""') + '"'
        return text

    def written(self, amount: Decimal, currency: str | None) -> str:
        """An amount as this document writes it."""
        style = self.style
        text = f"{amount.copy_abs():,f}"
        if style["trim"] and "." in text:
            text = text.rstrip("0").rstrip(".")
        text = text.translate({ord(","): style["group"], ord("."): style["mark"]})
        beside = {"code": currency, "sign": SIGNS.get(currency or "")}.get(style["beside"])
        if beside:
            text = f"{text} {beside}" if style["behind"] else f"{beside} {text}"
        return str(style["minus"].format(text) if amount < 0 else text)


def random_sheet(
    chance: Random, bill: Bill, source_type: str = "", *, totals: bool = False, doubtful: bool = False
) -> Sheet:
    """The bill as CSV, as rows that can still be changed; with a total row; with amounts that could be others."""
    ways = ["column", "heading", "preamble", "argument"]
    if bill.several or bill.currency is None:
        ways = ["column"] if bill.several else [""]
    elif bill.items and all(item["total"] is not None for item in bill.items):
        ways.append("beside")
    way = chance.choice(ways)
    style = _style(chance, bill, way, doubtful)
    style["source_type"] = source_type or chance.choice(("regular", "compute"))
    style["currency"] = bill.currency if way in ("argument", "column") or yes(chance) else None

    fields = [*bill.told, *CUSTOMER, *(["currency"] if way == "column" else [])]
    names = shuffled(chance, [*fields, *[None] * chance.randint(0, 2)])
    columns = {name: index for index, name in enumerate(names) if name}
    # A file that ends in the digits of an amount may have been cut there.
    style["ends"] = style["ends"] or names[-1] in AMOUNTS
    headings = shuffled(chance, UNKNOWN)[: len(names)] + [""] * len(names)
    letters = chance.choice(LETTERS)
    for name, index in columns.items():
        headings[index] = letters(chance.choice(HEADINGS[style["source_type"]][name]))
        if way == "heading" and name in ("total", "taxes"):
            headings[index] += chance.choice([" ({})", " [{}]", " {}", " in {}"]).format(bill.currency)
    rows = [list(chance.choice(PREAMBLES)) for _number in range(chance.randint(0, 2))]
    # An amount above the heading of the total would be a total of its own.
    rows = [row for row in rows if not re.fullmatch("[0-9.]+", (row + [""] * len(names))[columns["total"]])]
    if way == "preamble":
        note = chance.choice([["Currency", "{}"], ["All amounts in {}"], ["Currency: {}", ""]])
        rows.append([cell.format(bill.currency) for cell in note])
    rows.append(headings[: len(names)])
    made = Sheet(style, rows, columns, rows[-1], [], [])
    _add_rows(chance, bill, made, totals)
    return made


def _style(chance: Random, bill: Bill, way: str, doubtful: bool) -> dict[str, t.Any]:
    digits = {DIGITS.get(code or "", 2) + bill.more for code in bill.currencies}
    # Three digits behind a point or a comma tell which it is only where the currency has as many.
    certain = 3 not in digits or (digits == {3} and way != "beside" and not bill.several)
    delimiter = chance.choice((",", ";", "\t") if certain or doubtful else (",",))
    mark = chance.choice(".." if delimiter == "," else ".,")
    groups = ["", "", "'", "\u00a0", " "]
    if delimiter == "," or 0 not in digits or doubtful:
        groups.append("," if mark == "." else ".")
    group = chance.choice(groups)
    trimmed = delimiter == "," or (max(digits) <= 2 and group not in (",", ".")) or (doubtful and 3 not in digits)
    return {
        "between": delimiter + chance.choice(("", "", "" if delimiter == "\t" else " ")),
        "quotes": yes(chance),
        "newline": chance.choice(("\n", "\r\n")),
        "ends": yes(chance),
        "encoding": chance.choice(ENCODINGS),
        "mark": mark,
        "group": group,
        "trim": trimmed and yes(chance),
        "minus": chance.choice(("-{}", "-{}", "({})", "{}-", "\u2212{}")),
        "beside": "code" if way == "beside" else chance.choice(("", "", "", "sign", "code")),
        "behind": yes(chance),
    }


def _ends_like_total(bill: Bill) -> bool:
    """Whether the last line, rounded, may seem to be the total of those before it."""
    *before, last = [item["total"] or 0 for item in bill.items if item["currency"] == bill.items[-1]["currency"]] or [1]
    return bool(abs(Fraction(last) - sum(map(Fraction, before))) < 1)


def _add_rows(chance: Random, bill: Bill, made: Sheet, totals: bool) -> None:
    """The items, with blank rows between, and total rows after some or all of them."""
    columns, width = made.columns, len(made.headings)
    blank = chance.choice(([], [""] * width, [" "] * width))
    blanks, every = chance.choice((0, 0, 5)), chance.choice((0, 0, 3, 20))
    last = totals or yes(chance) or _ends_like_total(bill)
    # Where people write it: in the first column, whatever it holds, or where the words are.
    where = [columns[name] for name in ("product", "description", "customer_name") if name in columns]
    if 0 not in (columns[name] for name in (*NUMBERS, "currency") if name in columns):
        where.append(0)
    place, label = chance.choice(where), chance.choice(LABELS)
    since = 0

    def add(name: str, items: t.Sequence[Item], currency: str | None) -> Decimal:
        digits = DIGITS.get(currency or "", 2) + bill.more
        known = [Fraction(item[name] or 0) for item in items if item["currency"] == currency]
        return amount(int(sum(known, Fraction(0)) * 10**digits), digits)

    def add_total(items: t.Sequence[Item], before: t.Sequence[Item]) -> None:
        for currency in sorted({item["currency"] for item in items}, key=str):
            row = [""] * width
            for name in AMOUNTS:
                if name in columns:
                    row[columns[name]] = made.written(add(name, items, currency), currency)
            if "currency" in columns:
                row[columns["currency"]] = currency or ""
            row[place] = label
            made.totals.append((len(made.rows), currency, {add("total", some, currency) for some in (items, before)}))
            made.rows.append(row)

    for done, item in enumerate(bill.items, 1):
        row = ["filler"] * width
        for name, index in columns.items():
            value = item[name]
            row[index] = "" if value is None else str(value)
            if value is not None and name in MONEY:
                row[index] = made.written(value, item["currency"])
        made.places.append(len(made.rows))
        made.rows.append(row)
        if blanks and done % blanks == 0:
            made.rows.append(list(blank))
        if every and done % every == 0 and not bill.several:
            add_total(bill.items[since:done], bill.items[:done])
            since = done
    if last:
        add_total(bill.items, bill.items[since:])
