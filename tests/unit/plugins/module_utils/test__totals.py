# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Totals of generated bills, in every form a document may have, beside an oracle of fractions."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import tempfile
import typing as t
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import read_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import InvoicingError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._json_document import ParsedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._totals import (
    add_totals,
    added_totals,
    bill_totals,
    document_totals,
    line_totals,
    totals_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

PROFILE = settings(deadline=None, derandomize=True, database=None)
DIGITS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
HEADINGS = {
    "customer_id": ("END_CUSTOMER_ACCOUNT_ID", "End customer account ID", "customer-id"),
    "customer_name": ("END_CUSTOMER_ACCOUNT_NAME", "Customer name", "CUSTOMER"),
    "product": ("PRODUCT", "product", " Product Name", "Service"),
    "description": ("ITEM_DESC", "Description", "Item Desc"),
    "item_type": ("ITEM_TYPE", "Item Type", "type"),
    "start_date": ("ITEM_START_DATE", "Start date", "From"),
    "total": ("ITEM_TOTAL", "Item total", "Total", "Total ({})", "amount", "Cost ({})"),
    "services": ("ITEM_TOTAL_SERVICES", "Services", "Total Services"),
    "taxes": ("ITEM_TOTAL_TAXES", "Tax", "Taxes ({})"),
}


class Item(t.NamedTuple):
    """One line of a bill: its amounts are whole numbers of a unit of the bill."""

    customer: int
    product: str | None
    description: str | None
    item_type: str | None
    total: int
    services: int | None
    taxes: int | None


class Bill(t.NamedTuple):
    """A bill; C(scale) is how many digits its amounts have."""

    currency: str
    scale: int
    customers: list[tuple[str, str]]
    items: list[Item]

    def decimal(self, value: int) -> Decimal:
        return Decimal(value).scaleb(-self.scale)

    def fraction(self, value: int) -> Fraction:
        return Fraction(value, 10**self.scale)


# Nothing that a CSV reader may strip or that says that a row is a total.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]) | st.sampled_from(",;\"' "),
    min_size=1,
    max_size=12,
).map(lambda text: f"p{text}".strip())
VALUES = st.integers(-(10**9), 10**9) | st.sampled_from([0, 1, -1, 10, 100, 1234567, -1000])


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    currency = draw(st.sampled_from(sorted(DIGITS)))
    scale = draw(st.sampled_from([DIGITS[currency], DIGITS[currency], 2, 4, 6]))
    customers = [
        (f"A-{number}", name) for number, name in enumerate(draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)))
    ]
    products = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    services, taxes = draw(st.booleans()), draw(st.booleans())
    items = draw(
        st.lists(
            st.builds(
                Item,
                st.integers(0, len(customers) - 1),
                st.sampled_from([*products, None]),
                st.none() | WORDS,
                st.sampled_from(["U", "C", None]),
                VALUES,
                VALUES if services else st.none(),
                VALUES if taxes else st.none(),
            ),
            min_size=1,
            max_size=8,
        )
    )
    # Many rows go another way than few.
    return Bill(currency, scale, customers, items * draw(st.sampled_from([1, 1, 1, 40])))


def oracle_round(value: Fraction, currency: str) -> Fraction:
    """To the minor unit, halves away from zero."""
    unit = 10 ** DIGITS[currency]
    whole = int(abs(value) * unit + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, unit)


def exactly(value: t.Any) -> Fraction | None:
    """What a result prints."""
    return None if value is None else Fraction(value if isinstance(value, str) else json.dumps(value))


def check(bill: Bill, totals: dict[str, t.Any]) -> None:
    def group(key: Callable[[Item], t.Any]) -> dict[t.Any, tuple[Fraction, int]]:
        sums: dict[t.Any, list[Fraction]] = {}
        for item in bill.items:
            sums.setdefault(key(item), []).append(bill.fraction(item.total))
        return {
            name: (oracle_round(sum(values, Fraction(0)), bill.currency), len(values)) for name, values in sums.items()
        }

    def column(values: list[int | None]) -> Fraction | None:
        known = [bill.fraction(value) for value in values if value is not None]
        return oracle_round(sum(known, Fraction(0)), bill.currency) if known else None

    assert totals["currency"] == bill.currency
    assert totals["lines"] == len(bill.items)
    assert exactly(totals["total"]) == column([item.total for item in bill.items])
    assert exactly(totals["services"]) == column([item.services for item in bill.items])
    assert exactly(totals["taxes"]) == column([item.taxes for item in bill.items])
    expected: tuple[tuple[str, tuple[str, ...], Callable[[Item], t.Any]], ...] = (
        ("by_product", ("product",), lambda item: (item.product,)),
        ("by_customer", ("customer_id", "customer_name"), lambda item: bill.customers[item.customer]),
        ("by_item_type", ("item_type",), lambda item: (item.item_type,)),
    )
    for name, keys, key in expected:
        found = totals[name]
        assert {tuple(one[k] for k in keys): (exactly(one["total"]), one["lines"]) for one in found} == group(key)
        order = [(-1 * (exactly(one["total"]) or 0), one[keys[-1]] is None, one[keys[-1]] or "") for one in found]
        assert order == sorted(order)


def as_json(bill: Bill, root: str = "INVOICE", late: bool = False, indent: int | None = None) -> bytes:
    """The JSON document, every amount with exactly its digits."""
    amounts: dict[str, str] = {}

    def number(value: int | None) -> t.Any:
        if value is None:
            return None
        amounts[f"@{len(amounts)}@"] = format(bill.decimal(value), "f")
        return f"@{len(amounts) - 1}@"

    customers = []
    for index, (customer_id, customer_name) in enumerate(bill.customers):
        facts = {"END_CUSTOMER_ACCOUNT_ID": customer_id, "END_CUSTOMER_ACCOUNT_NAME": customer_name}
        lines = {
            "INVOICE_LINE": [
                {
                    "PRODUCT": item.product,
                    "ITEM_DESC": item.description,
                    "ITEM_TYPE": item.item_type,
                    "ITEM_TOTAL": number(item.total),
                    "ITEM_TOTAL_SERVICES": number(item.services),
                    "ITEM_TOTAL_TAXES": number(item.taxes),
                    "NEW_KEY": {"a": [1, "x"]},
                }
                for item in bill.items
                if item.customer == index
            ]
        }
        customers.append(lines | facts if late else facts | lines)
    parts: dict[str, t.Any] = {"END_CUSTOMER": customers, "INVOICE_CURRENCY": bill.currency, "INVOICE_ID": 17331001020}
    if not late:
        parts = dict(reversed(parts.items()))
    text = json.dumps({root: parts}, indent=indent, ensure_ascii=bool(indent))
    for name, digits in amounts.items():
        text = text.replace(f'"{name}"', digits)
    return text.encode()


class Dialect(t.NamedTuple):
    """How a CSV document is written."""

    delimiter: str
    end: str
    encoding: str
    comma: bool
    grouped: bool
    negative: str
    preamble: bool
    blanks: bool
    total: bool
    currency: str
    order: t.Any
    spelling: t.Any


DIALECTS = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    comma=st.booleans(),
    grouped=st.booleans(),
    negative=st.sampled_from(["-{}", "({})", "{}-"]),
    preamble=st.booleans(),
    blanks=st.booleans(),
    total=st.booleans(),
    currency=st.sampled_from(["given", "heading", "column", "preamble"]),
    order=st.randoms(use_true_random=False),
    spelling=st.randoms(use_true_random=False),
)


def as_csv(bill: Bill, dialect: Dialect) -> bytes:
    """The CSV document: columns in any order, headings in any spelling."""
    # What the amounts could leave open is tested by hand.
    grouped = dialect.grouped and (dialect.delimiter == "," or bill.scale > 0)
    doubtful = dialect.delimiter == "\t" and bill.scale == DIGITS["KWD"] and dialect.currency == "column"
    comma = dialect.comma and dialect.delimiter != "," and not doubtful
    marks = str.maketrans(",.", ".,") if comma else {}

    def number(value: int | None) -> str:
        if value is None:
            return ""
        text = format(abs(bill.decimal(value)), ",f" if grouped else "f").translate(marks)
        return dialect.negative.format(text) if value < 0 else text

    in_heading = dialect.currency == "heading"
    columns = ["customer_id", "customer_name", "product", "description", "item_type", "start_date", "total"]
    columns += [name for name in ("services", "taxes") if any(getattr(item, name) is not None for item in bill.items)]
    columns += ["currency"] if dialect.currency == "column" else []
    columns += ["region"]
    dialect.order.shuffle(columns)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.end)
    if dialect.preamble or dialect.currency == "preamble":
        writer.writerows(
            [["Main Street, Corporation"], [], ["Currency:", bill.currency], ["Total charges", "see below"]]
        )
    headings = []
    for name in columns:
        spellings = HEADINGS.get(name, (name.upper(),))
        if name == "total" and not in_heading:
            spellings = tuple(spelling for spelling in spellings if "{}" not in spelling)
        headings.append(dialect.spelling.choice(spellings).format(bill.currency))
        if in_heading and name == "total" and bill.currency not in headings[-1]:
            headings[-1] = f"Total ({bill.currency})"
    writer.writerow(headings)
    for item in bill.items:
        values = {
            "customer_id": bill.customers[item.customer][0],
            "customer_name": bill.customers[item.customer][1],
            "start_date": "2024-02-01",
            "currency": bill.currency,
            **{name: getattr(item, name) or "" for name in ("product", "description", "item_type")},
            **{name: number(getattr(item, name)) for name in ("total", "services", "taxes")},
        }
        if dialect.blanks:
            writer.writerows([[], [""] * len(columns)])
        writer.writerow([values.get(name, "EMEA") for name in columns])
    if dialect.total:
        sums = {name: sum(getattr(item, name) or 0 for item in bill.items) for name in ("total", "services", "taxes")}
        row = [number(sums[name]) if name in sums else "" for name in columns]
        row[columns.index("description")] = "Grand Total"
        writer.writerow(row)
    return file.getvalue().encode(dialect.encoding)


@contextmanager
def temporary(content: bytes) -> Iterator[str]:
    """A file with this content."""
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(content)
    try:
        yield file.name
    finally:
        os.unlink(file.name)


def read(content: bytes, format: str, **options: t.Any) -> tuple[dict[str, t.Any], list[dict[str, t.Any]]]:
    """The totals and the lines of a document on disk."""
    with temporary(content) as path:
        return document_totals(path, format, **options), list(read_document(path, format, **options))


@settings(PROFILE, max_examples=150)
@given(bills(), st.sampled_from(["INVOICE", "CREDIT_MEMO", "x"]), st.booleans(), st.sampled_from([None, 1]))
def test_json(bill: Bill, root: str, late: bool, indent: int | None) -> None:
    content = as_json(bill, root, late, indent)
    found, lines = read(content, "json")
    check(bill, found)
    exact = json.loads(content, parse_float=Decimal)
    assert totals_of(ParsedDocument(exact)) == found
    entry = [{key: value for key, value in found.items() if key != "by_currency"}]
    assert added_totals([ParsedDocument(exact)]) == entry
    assert line_totals(lines) == entry
    assert add_totals([found]) == entry


@settings(PROFILE, max_examples=200)
@given(bills(), DIALECTS, st.sampled_from(["regular", "compute"]))
def test_csv_in_any_dialect(bill: Bill, dialect: Dialect, source_type: str) -> None:
    options = {"currency": bill.currency} if dialect.currency == "given" else {}
    found, lines = read(as_csv(bill, dialect), "csv", source_type=source_type, **options)
    check(bill, found)
    assert line_totals(lines) == [{key: value for key, value in found.items() if key != "by_currency"}]


@settings(PROFILE, max_examples=100)
@given(bills(), DIALECTS)
def test_json_and_csv_of_one_bill_are_equal(bill: Bill, dialect: Dialect) -> None:
    known: dict[str, t.Any] = {
        "bill_total": bill.decimal(sum(item.total for item in bill.items)),
        "currency": bill.currency,
    }
    with temporary(as_json(bill)) as first, temporary(as_csv(bill, dialect)) as second:
        found = document_totals(first, "json", **known)
        assert document_totals(second, "csv", **known) == found
    assert (found["reconciled"], found["difference"]) == (True, 0)


def test_thousands_of_bills() -> None:
    chance = random.Random(20160401)
    for _number in range(2000):
        currency = chance.choice(sorted(DIGITS))
        items = [
            Item(0, chance.choice("abc"), None, chance.choice("UC"), chance.randint(-(10**8), 10**8), 0, None)
            for _line in range(chance.randint(1, 8))
        ]
        bill = Bill(currency, chance.choice([DIGITS[currency], 1, 5]), [("A-0", "x")], items)
        check(bill, totals_of(ParsedDocument(json.loads(as_json(bill), parse_float=Decimal))))


@settings(PROFILE, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(sorted(DIGITS)), st.integers(-(10**12), 10**12)), max_size=10))
def test_bills_by_their_own_totals(pairs: list[tuple[str, int]]) -> None:
    found = bill_totals(
        {"invoice_currency": currency, "invoice_total": Decimal(value).scaleb(-DIGITS[currency])}
        for currency, value in pairs
    )
    sums: dict[str, Fraction] = {}
    for currency, value in pairs:
        sums[currency] = sums.get(currency, Fraction(0)) + Fraction(value, 10 ** DIGITS[currency])
    assert {entry["currency"]: exactly(entry["total"]) for entry in found} == sums
    assert [entry["currency"] for entry in found] == sorted(sums)


def read_or_refuse(content: bytes) -> None:
    """Reading may fail with our own error, and with no other."""
    for format in ("json", "csv"):
        try:
            found, lines = read(content, format)
        except InvoicingError:
            continue
        assert len(lines) == found["lines"]
        json.dumps([found, lines], allow_nan=False)


@settings(PROFILE, max_examples=150)
@given(st.binary(max_size=300) | st.text().map(str.encode))
def test_random_bytes(content: bytes) -> None:
    read_or_refuse(content)


SCRAPS = [
    b"{",
    b"}",
    b'"',
    b"[",
    b"]",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"NaN",
    b"1e999",
    b"-",
    b"null",
    b"Total",
]


@settings(PROFILE, max_examples=200)
@given(bills(), DIALECTS, st.booleans(), st.data())
def test_documents_with_damage(bill: Bill, dialect: Dialect, json_form: bool, data: st.DataObject) -> None:
    content = as_json(bill) if json_form else as_csv(bill, dialect)
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 20))
    scrap = data.draw(st.sampled_from(SCRAPS) | st.binary(max_size=3))
    read_or_refuse(content[:start] + scrap + content[start + length :])


@settings(PROFILE, max_examples=60)
@given(bills(), st.data())
def test_json_cut_anywhere_is_refused(bill: Bill, data: st.DataObject) -> None:
    content = as_json(bill)
    end = data.draw(st.integers(0, len(content) - 1))
    try:
        read(content[:end], "json")
    except InvoicingError:
        return
    raise AssertionError("read a document that was cut")
