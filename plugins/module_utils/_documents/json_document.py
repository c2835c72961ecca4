# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""JSON documents, streamed from a file or parsed already."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import io
import json
import re
import typing as t
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from .._errors import DocumentError, NotABillError, abbreviated
from .._money.amounts import number_or_text, parse_amount, to_json_number
from .._money.currencies import currency_code
from .._money.sums import GroupedSums, Line
from .document import Document
from .fields import FIELDS, MONEY, NUMBERS, normalize, resolve

_CHARACTERS = 65536
# How deep a line is: root, bill, customers, customer, lines.
_LINE_DEPTH = 5
# What holds amounts: found in any other place, it would be left out of the sums.
_PLACED = frozenset(("endcustomer", "invoiceline", "itemtotal"))
_BLANKS = re.compile(r"[ \t\n\r]*")


class JsonDocument(Document):
    """A JSON document, gone through by hand, so that it may be larger than memory."""

    def __init__(
        self,
        path: str,
        currency: str | None = None,
        content: bytes | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(path, currency, content, columns)
        self._given = currency
        self._customers: list[dict[str, t.Any]] = []

    def check(self) -> None:
        """Raise DocumentError unless the whole file is JSON, be it a bill or not."""
        with self._opened() as file:
            text = _JsonText(file, self, twice=True)
            text.skip(_LINE_DEPTH)
            text.end()

    def lines(self) -> Iterator[Line]:
        # What a document says of the bill and of a customer may stand after their lines.
        deque(self._items(), 0)
        customers = [self._customer_fields(customer) for customer in self._customers]
        for number, (index, item) in enumerate(self._items(), 1):
            line = self._line(number, item)
            line["customer_id"], line["customer_name"], extra = customers[index]
            line["currency"] = line["currency"] or self.currency
            line["extra"] = extra | line["extra"]
            yield line

    def sums(self) -> GroupedSums:
        sums = GroupedSums()
        for number, (index, item) in enumerate(self._items(), 1):
            sums.add(self._line(number, item) | {"customer_id": index, "customer_name": None})
        customers = (self._customer_fields(customer)[:2] for customer in self._customers)
        sums.rename(self.currency, dict(enumerate(customers)))
        return sums

    def _items(self) -> Iterator[tuple[int, Mapping[str, t.Any]]]:
        """Each INVOICE_LINE as it is and the index of its customer; ``currency`` is known at the end."""
        self._customers = []
        self._total: str | None = None
        with self._opened() as file:
            text = _JsonText(file, self)
            _root, bill = yield from self._walk(text)
            text.end()
        self._conclude(bill)

    def _walk(self, text: _JsonText, inside: bool = False) -> t.Generator[tuple[int, t.Any], None, tuple[t.Any, t.Any]]:
        """Go through the root or a member of it: what it holds, and the bill found there."""
        facts: dict[str, t.Any] = {}
        bill: dict[str, t.Any] | None = None
        for name in text.members():
            if name == "END_CUSTOMER":
                found: dict[str, t.Any] | None = facts
                yield from self._walk_customers(text)
            elif text.peek() == "{" and not inside:
                facts[name], found = yield from self._walk(text, True)
            else:
                facts[name], found = text.value(), None
            if bill is not None and found is not None:
                raise self.error("holds more than one bill.")
            bill = bill if found is None else found
        self._check_places(facts)
        return facts, bill

    def _walk_customers(self, text: _JsonText) -> Iterator[tuple[int, t.Any]]:
        for _customer in text.entries():
            self._customers.append({})
            listed = False
            for name in text.members():
                if name == "INVOICE_LINE":
                    listed = True
                    for _item in text.entries():
                        yield len(self._customers) - 1, text.value()
                else:
                    self._customers[-1][name] = text.value()
            self._check_customer(self._customers[-1], listed)

    def _check_customer(self, customer: Mapping[str, t.Any], listed: bool) -> None:
        if not listed:
            raise self.error(f"has no INVOICE_LINE in END_CUSTOMER {len(self._customers)}.")
        self._check_places(customer)

    def _check_places(self, value: t.Any) -> None:
        """Amounts in a place where they are not expected are an error: they would be missing in the sums."""
        waiting = [value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, (list, tuple)):
                waiting += value
            elif isinstance(value, Mapping):
                waiting += value.values()
                found = next((name for name in value if normalize(str(name)) in _PLACED), None)
                if found is not None:
                    raise self.error(
                        f"has {found} where none is expected: amounts there would be left out. Ask for the bill as"
                        " csv.",
                        column=str(found),
                    )

    def _conclude(self, bill: Mapping[str, t.Any] | None) -> None:
        """What is known when the whole document was seen."""
        if bill is None:
            raise self.error("is not a bill: it has no END_CUSTOMER.", NotABillError)
        number = bill.get("INVOICE_ID")
        self.invoice_id = None if number is None else str(number)
        name = _names(tuple(bill))[0].get("currency")
        self.currency = currency_code(bill[name]) if name and isinstance(bill[name], str) else None
        self.currency = self.currency or self._given

    def _customer_fields(self, customer: Mapping[str, t.Any]) -> tuple[str | None, str | None, dict[str, t.Any]]:
        fields, _extra, _doubtful = _names(tuple(customer))
        known = [fields.get(field) for field in ("customer_id", "customer_name")]
        try:
            customer_id, customer_name = (_text(customer[name]) if name else None for name in known)
        except ValueError as error:
            raise self.error(f"END_CUSTOMER {abbreviated(customer)} cannot be read ({error}).") from None
        return customer_id, customer_name, {name: value for name, value in customer.items() if name not in known}

    def _line(self, number: int, item: t.Any) -> Line:
        """One INVOICE_LINE in the vocabulary of lines."""
        if not isinstance(item, Mapping):
            raise self.error(f"INVOICE_LINE {number} is {abbreviated(item)}, not an object.", row=number)
        fields, extra, doubtful = _names(tuple(item), tuple(self.columns.items()))
        if doubtful:
            raise self.error(f"INVOICE_LINE {number} has {' and '.join(doubtful)}: which counts?", row=number)
        self._total = self._total or fields.get("total")
        if not self._total or fields.get("total") != self._total:
            raise self.error(f"INVOICE_LINE {number} has no {self._total or 'ITEM_TOTAL'}.", row=number)
        line: Line = dict.fromkeys(FIELDS)
        for field, name in fields.items():
            value = item[name]
            try:
                if field in MONEY:
                    line[field] = parse_amount(value)
                elif field in NUMBERS:
                    line[field] = number_or_text(value)
                else:
                    line[field] = _text(value)
            except ValueError as error:
                raise self.error(
                    f"INVOICE_LINE {number}, {name}: {abbreviated(value)} cannot be read ({error}).",
                    row=number,
                    column=name,
                ) from None
        line["currency"] = currency_code(line["currency"] or "")
        line["extra"] = {name: item[name] for name in extra}
        self._check_places(line["extra"])
        return line


def is_bill(value: t.Any) -> bool:
    """Whether this is what stands below the root key of a JSON document."""
    return isinstance(value, Mapping) and "END_CUSTOMER" in value


class ParsedDocument(JsonDocument):
    """A JSON document that was parsed already."""

    def __init__(self, document: Mapping[str, t.Any], currency: str | None = None, path: str = "the document") -> None:
        super().__init__(path, currency)
        self._document = document

    def _items(self) -> Iterator[tuple[int, t.Any]]:
        self._customers = []
        self._total: str | None = None
        members = (self._document, *self._document.values())
        bills = list(filter(is_bill, members))
        if len(bills) > 1:
            raise self.error("holds more than one bill.")
        for customer in _entries(bills[0]["END_CUSTOMER"]) if bills else ():
            if not isinstance(customer, Mapping):
                raise self.error(f"END_CUSTOMER holds {abbreviated(customer)}, not an object.")
            for item in _entries(customer.get("INVOICE_LINE")):
                yield len(self._customers), item
            self._customers.append({name: value for name, value in customer.items() if name != "INVOICE_LINE"})
            self._check_customer(self._customers[-1], "INVOICE_LINE" in customer)
        for outside in (self._document, *bills[:1]):
            self._check_places(
                {name: value for name, value in outside.items() if name != "END_CUSTOMER" and not is_bill(value)}
            )
        self._conclude(bills[0] if bills else None)


class _JsonText:
    """JSON read piece by piece: its objects and arrays can be entered, or taken whole."""

    def __init__(self, file: io.TextIOWrapper, document: Document, twice: bool = False) -> None:
        self._file = file
        self._document = document
        self._buffer = ""
        self._at = 0
        self._passed = 0
        # A name that is there twice is JSON, but which of the two counts cannot be told.
        self._twice = twice
        hook = None if twice else _object
        self._decode = json.JSONDecoder(
            parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=hook
        ).raw_decode

    def peek(self) -> str:
        """The next character that is not blank, nothing at the end."""
        while True:
            self._at = t.cast("re.Match[str]", _BLANKS.match(self._buffer, self._at)).end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def value(self) -> t.Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                # It may just not be whole yet.
                whole = error.pos < len(self._buffer) - 20 and not error.msg.startswith("Unterminated")
                if whole or not self._more():
                    raise self._error(error.msg, error.pos) from None
            except (ArithmeticError, RecursionError, ValueError) as error:
                raise self._error(str(error) or "not a number", self._at) from None
            else:
                # A number may go on behind what was read so far.
                if end + 3 > len(self._buffer) and self._more():
                    continue
                self._at = end
                return value

    def members(self) -> Iterator[str]:
        """Enter an object: the name of each member; its value has to be taken before the next."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        names = set()
        while True:
            if self.peek() != '"':
                raise self._error("Expecting a name", self._at)
            name = self.value()
            if name in names and not self._twice:
                raise self._error(f"{abbreviated(name)} is there twice", self._at)
            names.add(name)
            self._take(":")
            yield name
            if self._take(",}") == "}":
                return

    def entries(self) -> Iterator[None]:
        """Enter an array, or stand before the only entry where there is no array; ``null`` has none."""
        start = self.peek()
        if start == "n":
            self.value()
        elif start != "[":
            yield
        else:
            self._at += 1
            if self.peek() == "]":
                self._at += 1
                return
            while True:
                yield
                if self._take(",]") == "]":
                    return

    def skip(self, depth: int) -> None:
        """Pass the next value: piece by piece down to this depth, whole below it."""
        if depth and self.peek() == "{":
            for _name in self.members():
                self.skip(depth - 1)
        elif depth and self.peek() == "[":
            for _entry in self.entries():
                self.skip(depth - 1)
        else:
            self.value()

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek():
            raise self._error("Extra data", self._at)

    def _take(self, wanted: str) -> str:
        char = self.peek()
        if not char or char not in wanted:
            raise self._error(f"Expecting {' or '.join(wanted)}", self._at)
        self._at += 1
        return char

    def _more(self) -> bool:
        text = self._file.read(max(_CHARACTERS, len(self._buffer) - self._at))
        if not text:
            return False
        self._passed += self._at
        self._buffer = self._buffer[self._at :] + text
        self._at = 0
        return True

    def _error(self, problem: str, at: int) -> DocumentError:
        place = self._passed + at + 1
        return self._document.error(f"character {place} is not JSON ({problem}). Download it again.", character=place)


@lru_cache(maxsize=256)
def _names(
    names: tuple[str, ...], columns: tuple[tuple[str, str], ...] = ()
) -> tuple[dict[str, str], list[str], list[str]]:
    """The names by field, those of no field, and those that could all be the same field of money."""
    normalized = [normalize(str(name)) for name in names]
    given = tuple(
        (field, normalized.index(normalize(name))) for field, name in columns if normalize(name) in normalized
    )
    found = resolve(tuple(map(str, names)), given)
    fields = {field: names[index] for field, index in found.fields.items()}
    taken = set(fields.values())
    doubtful = next(iter(found.doubtful.values()), [])
    return fields, [name for name in names if name not in taken], doubtful


def _entries(value: t.Any) -> Iterable[t.Any]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _object(members: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name is there twice in an object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _text(value: t.Any) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, (bool, Mapping, list, tuple)):
        raise ValueError("not text")
    return str(to_json_number(value) if isinstance(value, Decimal) else value)
