# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""JSON documents, from a file or parsed already: one walk over the parsed data gives lines and sums."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache

from .._errors import FileError, NotABillError, abbreviated
from .._money.amounts import (
    SUMMING,
    number_or_text,
    parse_amount,
    rounded,
    to_json_number,
    to_plain_text,
)
from .._money.currencies import CURRENCIES, parse_currency
from .._money.sums import GroupedSums, Line
from .columns import list_headings
from .document import Document
from .fields import FIELDS, MONEY, NUMBERS, could_be_total, match_headings, normalize
from .json_text import parse_json

# Parsed data takes several times as much memory as its text.
MAX_JSON_SIZE = 256 << 20
_PLACED = frozenset(("endcustomer", "invoiceline"))
# What a document may state about all of its lines, by field.
_STATED = {
    "total": frozenset(
        ("invoicetotal", "total", "totalamount", "invoiceamount", "billtotal", "amountdue", "itemtotal")
    ),
    "services": frozenset(("totalservices", "invoicetotalservices", "itemtotalservices")),
    "taxes": frozenset(("totaltaxes", "totaltax", "taxtotal", "invoicetotaltaxes", "itemtotaltaxes")),
}


def load_json(path: str, content: bytes | None = None) -> dict[str, t.Any]:
    """A JSON document as data, its numbers as int and Decimal; numbers beyond any amount stay text.

    Raises DocumentError, also for a name that is there twice and for NaN and Infinity, and FileError.
    """
    document = JsonDocument(path, content=content)
    return document.data


class JsonDocument(Document):
    """A JSON document on disk."""

    @cached_property
    def data(self) -> dict[str, t.Any]:
        """All of the document, parsed once. Raises DocumentError and FileError."""
        return self._load()

    def lines(self) -> Iterator[Line]:
        yield from self._lines

    def sums(self) -> GroupedSums:
        sums = GroupedSums()
        for line in self._lines:
            sums.add(line)
        sums.flush()
        return sums

    def _load(self) -> dict[str, t.Any]:
        try:
            size = os.path.getsize(self.path) if self._content is None else len(self._content)
        except OSError as error:
            raise FileError(f"Cannot read {self.path}: {error.strerror}", path=self.path) from error
        if size > MAX_JSON_SIZE:
            raise self.error(
                f"has {size} bytes, and JSON is read up to {MAX_JSON_SIZE} bytes. Use the CSV document of the bill."
            )
        with self._open_text() as file:
            text = file.read()
        data = parse_json(text, self.error)
        if not isinstance(data, dict):
            raise self.error(f"is not the JSON document of a bill, which is an object: {abbreviated(data)}.")
        return data

    @cached_property
    def _lines(self) -> list[Line]:
        """All lines. What the document says about the bill is known afterwards."""
        bill = self._find_bill()
        number = bill.get("INVOICE_ID")
        self.invoice_id = None if number is None else str(number)
        self.currency = self._find_currency(bill) or self.currency
        self._unreadable: dict[str, str] = {}
        self._names: set[str] = set()
        self._total_name = ""
        lines: list[Line] = []
        for index, customer in enumerate(_entries(bill["END_CUSTOMER"]), 1):
            lines += self._customer_lines(index, customer, len(lines))
        self._check_named_columns(lines)
        for field in self._unreadable:
            for line in lines:
                line[field] = None
        self.warnings = list(self._unreadable.values())
        for outside in (self.data, bill):
            self._check_stated(outside, lines, "the bill")
        return lines

    def _find_bill(self) -> Mapping[str, t.Any]:
        bills = [part for part in (self.data, *self.data.values()) if is_bill(part)]
        if len(bills) > 1:
            raise self.error("holds more than one bill.")
        if not bills:
            raise self.error("is not a bill: it has no END_CUSTOMER.", NotABillError)
        return t.cast("Mapping[str, t.Any]", bills[0])

    def _find_currency(self, bill: Mapping[str, t.Any]) -> str | None:
        """The currency that the bill names, else the only key that holds nothing but a code."""
        fields = _match_names(tuple(map(str, bill)), ())[0]
        names = [fields["currency"]] if "currency" in fields else []
        names += [name for name, value in bill.items() if isinstance(value, str) and value in CURRENCIES]
        for name in names:
            if bill[name] is None or isinstance(bill[name], str):
                try:
                    return parse_currency(to_plain_text(bill[name] or ""))
                except ValueError as error:
                    raise self.error(f"{name}: {abbreviated(bill[name])} cannot be read ({error}).") from None
        return None

    def _customer_lines(self, index: int, customer: t.Any, before: int) -> list[Line]:
        if not isinstance(customer, Mapping):
            raise self.error(f"END_CUSTOMER {index} is {abbreviated(customer)}, not an object.")
        if "INVOICE_LINE" not in customer:
            raise self.error(f"has no INVOICE_LINE in END_CUSTOMER {index}.")
        facts = {name: value for name, value in customer.items() if name != "INVOICE_LINE"}
        fields = _match_names(tuple(map(str, facts)), ())[0]
        names = [fields.get(field) for field in ("customer_id", "customer_name")]
        try:
            customer_id, customer_name = (_text(facts[name]) if name else None for name in names)
        except ValueError as error:
            raise self.error(f"END_CUSTOMER {abbreviated(facts)} cannot be read ({error}).") from None
        known = {
            "customer_id": customer_id,
            "customer_name": customer_name,
            "extra": {name: value for name, value in facts.items() if name not in names},
        }
        lines = []
        for number, item in enumerate(_entries(customer["INVOICE_LINE"]), before + 1):
            lines.append(self._line(number, item, known))
        self._check_stated(facts, lines, f"END_CUSTOMER {index}")
        return lines

    def _line(self, number: int, item: t.Any, known: Mapping[str, t.Any]) -> Line:
        """One INVOICE_LINE in the vocabulary of lines."""
        if not isinstance(item, Mapping):
            raise self.error(f"INVOICE_LINE {number} is {abbreviated(item)}, not an object.", row=number)
        fields, extra, ambiguous = _match_names(tuple(map(str, item)), tuple(self.columns.items()))
        if self.columns:
            self._names.update(map(normalize, map(str, item)))
        self._total_name = self._total_name or fields.get("total", "ITEM_TOTAL")
        if fields.get("total") != self._total_name:
            raise self.error(
                f"INVOICE_LINE {number} has no {self._total_name}. Its names are {list_headings(map(str, item))}."
                " Name the one of its total with the option columns, such as columns: {total: NET_AMOUNT}.",
                row=number,
            )
        line: Line = {**dict.fromkeys(FIELDS), "extra": {}}
        for field, name in fields.items():
            line[field] = self._field(number, field, name, item[name])
        self._check_others(number, line, fields["total"], {name: item[name] for name in ambiguous})
        line["currency"] = line["currency"] or self.currency
        line["customer_id"], line["customer_name"] = known["customer_id"], known["customer_name"]
        self._check_places({name: item[name] for name in extra}, f"INVOICE_LINE {number}")
        line["extra"] = {**known["extra"], **{name: item[name] for name in extra}}
        return line

    def _field(self, number: int, field: str, name: str, value: t.Any) -> t.Any:
        try:
            if field in MONEY:
                return parse_amount(value)
            if field in NUMBERS:
                return number_or_text(value)
            return parse_currency(_text(value) or "") if field == "currency" else _text(value)
        except ValueError as error:
            if field in ("services", "taxes"):
                problem = f"INVOICE_LINE {number}, {name}: {abbreviated(value)} cannot be read ({error})"
                self._unreadable.setdefault(field, f"{problem}. So {field} is null.")
                return None
            raise self.error(
                f"INVOICE_LINE {number}, {name}: {abbreviated(value)} cannot be read ({error}).",
                row=number,
                column=name,
            ) from None

    def _check_others(self, number: int, line: Line, name: str, others: Mapping[str, t.Any]) -> None:
        """Other amounts of a line that could be its total have to say the same, or the same before taxes."""
        total = line["total"]
        for other, value in others.items():
            amount = self._field(number, "total", other, value)
            if total is None or amount is None:
                continue
            if amount not in (total, SUMMING.subtract(total, line["taxes"] or Decimal(0))):
                raise self.error(
                    f"INVOICE_LINE {number} has {total} in {name} and {amount} in {other}, and either could be the"
                    f" total. Name the right one with the option columns, such as columns: {{total: {other}}}.",
                    row=number,
                    column=name,
                )

    def _check_stated(self, facts: Mapping[str, t.Any], lines: list[Line], place: str) -> None:
        """What is stated about all lines has to be their sum; other amounts would be left out of it."""
        rest = {}
        for name, value in facts.items():
            field = next((field for field, names in _STATED.items() if normalize(str(name)) in names), None)
            if name == "END_CUSTOMER" or is_bill(value):
                continue
            if field is None or not _is_amount(value):
                rest[name] = value
                continue
            stated = parse_amount(value)
            amounts = [line[field] for line in lines if field == "total" or line[field] is not None]
            if stated is None or None in amounts or len({line["currency"] for line in lines}) > 1:
                continue
            found = Decimal(0)
            for amount in amounts:
                found = SUMMING.add(found, amount)
            if stated not in (found, rounded(found, self.currency)):
                raise self.error(
                    f"{name} of {place} is {to_json_number(stated)}, but its lines add up to {to_json_number(found)}."
                    " Compare the document with the PDF of the bill.",
                    column=str(name),
                )
        self._check_places(rest, place)

    def _check_places(self, value: t.Any, place: str) -> None:
        """Amounts in a place where they are not expected are an error: they would be missing in the sums."""
        inner = isinstance(value, Mapping) and not place.startswith("INVOICE_LINE")
        waiting = [(value, inner)]
        while waiting:
            value, look = waiting.pop()
            if isinstance(value, (list, tuple)):
                waiting += [(item, True) for item in value]
            elif isinstance(value, Mapping):
                for name, item in value.items():
                    waiting.append((item, True))
                    key = normalize(str(name))
                    if key in _PLACED or (
                        look and _is_amount(item) and (could_be_total(_spaced(name)) or key == "itemtotal")
                    ):
                        raise self.error(
                            f"has {name} in a place of {place} where no amount is expected: it would be left out of the"
                            " sums. Use the CSV document of the bill.",
                            column=str(name),
                        )

    def _check_named_columns(self, lines: list[Line]) -> None:
        """A name of the option columns that no line has is a mistake."""
        for field, name in self.columns.items():
            if lines and normalize(name) not in self._names:
                raise self.error(
                    f"has no INVOICE_LINE with the name {abbreviated(name)} that the option columns gives for {field}."
                )


def is_bill(value: t.Any) -> bool:
    """Whether this is what stands below the root key of a JSON document."""
    return isinstance(value, Mapping) and "END_CUSTOMER" in value


class ParsedDocument(JsonDocument):
    """A JSON document that was parsed already."""

    def __init__(self, document: Mapping[str, t.Any], currency: str | None = None, path: str = "the document") -> None:
        super().__init__(path, currency)
        self._document = document

    def _load(self) -> dict[str, t.Any]:
        return dict(self._document)


@lru_cache(maxsize=256)
def _match_names(
    names: tuple[str, ...], columns: tuple[tuple[str, str], ...]
) -> tuple[dict[str, str], list[str], list[str]]:
    """The names by field, those of no field, and others that could be the total."""
    normalized = [normalize(name) for name in names]
    given = tuple(
        (field, normalized.index(normalize(name))) for field, name in columns if normalize(name) in normalized
    )
    found = match_headings(tuple(map(_spaced, names)), given)
    fields = {field: names[index] for field, index in found.fields.items()}
    others = [names[index] for index in found.alternatives]
    taken = set(fields.values())
    return fields, [name for name in names if name not in taken], others


def _spaced(name: t.Any) -> str:
    return str(name).replace("_", " ")


def _entries(value: t.Any) -> Iterable[t.Any]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _is_amount(value: t.Any) -> bool:
    try:
        return parse_amount(value) is not None
    except ValueError:
        return False


def _text(value: t.Any) -> str | None:
    if value is None or isinstance(value, str):
        text = (value or "").strip()
        return (text if text.isascii() else to_plain_text(text)) or None
    if isinstance(value, (bool, Mapping, list, tuple)):
        raise ValueError("not text")
    return str(to_json_number(value) if isinstance(value, Decimal) else value)
