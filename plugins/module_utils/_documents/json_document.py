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

from .._errors import NotABillError, abbreviated, file_error
from .._money.amounts import (
    SUMMING,
    number_or_text,
    parse_amount,
    to_json_number,
    to_plain_text,
)
from .._money.currencies import CURRENCIES, parse_currency
from .._money.sums import GroupedSums, Line
from .columns import ambiguous_parts, list_headings
from .document import Document
from .fields import FIELDS, MONEY, NUMBERS, match_headings, normalize
from .json_checks import check_places, check_stated, is_bill, spaced
from .json_text import parse_json

# Parsed data takes several times as much memory as its text.
MAX_JSON_SIZE = 256 << 20


class JsonDocument(Document):
    """A JSON document on disk."""

    @cached_property
    def data(self) -> dict[str, t.Any]:
        """All of the document, parsed once: its numbers are int and Decimal, and text where they are beyond any amount.

        Raises DocumentError, also for a name that is there twice and for NaN and Infinity, and FileError.
        """
        return self._load()

    def lines(self) -> Iterator[Line]:
        for line in self._lines:
            shared, own = line["extra"]
            yield {**line, "extra": {**shared, **own}}

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
            raise file_error("read", self.path, error) from error
        if size > MAX_JSON_SIZE:
            raise self.error(
                f"has {size} bytes, and JSON is read up to {MAX_JSON_SIZE} bytes. Use the CSV document of the bill."
            )
        with self._open_text() as file:
            text = file.read()
        data = parse_json(text, self.error)
        if not isinstance(data, dict):
            raise self.error(
                f"is not the JSON document of a bill, which is an object: {abbreviated(data)}. Name another document."
            )
        return data

    @cached_property
    def _lines(self) -> list[Line]:
        """All lines. What the document says about the bill is known afterwards.

        Their ``extra`` is that of their customer and their own, which are joined for one line at a time.
        """
        bill = self._find_bill()
        number = bill.get("INVOICE_ID")
        self.invoice_id = None if number is None else str(number)
        stated = self._find_currency(bill)
        self.currency = stated or self.currency
        self._unreadable: dict[str, str] = {}
        self._names: set[str] = set()
        self._total_name = ""
        lines: list[Line] = []
        for index, customer in enumerate(_entries(bill["END_CUSTOMER"]), 1):
            lines += self._customer_lines(index, customer, len(lines))
        self._check_named_columns(lines)
        if stated and lines and all(line["currency"] != stated for line in lines):
            raise self.error(
                f"is in {stated}, but INVOICE_LINE 1 and all others are in other currencies, such as"
                f" {lines[0]['currency']}. Compare the document with the PDF of the bill."
            )
        for field in self._unreadable:
            for line in lines:
                line[field] = None
        self.warnings = list(self._unreadable.values())
        for outside in (self.data, bill):
            check_stated(outside, lines, "the bill", self.currency, self.error)
        return lines

    def _find_bill(self) -> Mapping[str, t.Any]:
        bills = [part for part in (self.data, *self.data.values()) if is_bill(part)]
        if len(bills) > 1:
            raise self.error("holds more than one bill. Give each bill in a document of its own.")
        if not bills:
            raise self.error(
                "is not a bill: it has no END_CUSTOMER. Use the JSON or the CSV document of a bill.", NotABillError
            )
        return t.cast("Mapping[str, t.Any]", bills[0])

    def _find_currency(self, bill: Mapping[str, t.Any]) -> str | None:
        """The currency that the bill names, else the only key that holds nothing but a code."""
        fields = _match_names(tuple(map(str, bill)), ()).fields
        names = [fields["currency"]] if "currency" in fields else []
        names += [name for name, value in bill.items() if isinstance(value, str) and value in CURRENCIES]
        for name in names:
            if bill[name] is None or isinstance(bill[name], str):
                try:
                    return parse_currency(to_plain_text(bill[name] or ""))
                except ValueError as error:
                    raise self.error(
                        f"{name}: {abbreviated(bill[name])} cannot be read ({error}). Use the CSV document of the bill."
                    ) from None
        return None

    def _customer_lines(self, index: int, customer: t.Any, before: int) -> list[Line]:
        if not isinstance(customer, Mapping):
            raise self.error(
                f"END_CUSTOMER {index} is {abbreviated(customer)}, not an object. Use the CSV document of the bill."
            )
        if "INVOICE_LINE" not in customer:
            raise self.error(f"has no INVOICE_LINE in END_CUSTOMER {index}. Use the CSV document of the bill.")
        facts = {name: value for name, value in customer.items() if name != "INVOICE_LINE"}
        fields = _match_names(tuple(map(str, facts)), ()).fields
        names = [fields.get(field) for field in ("customer_id", "customer_name")]
        try:
            customer_id, customer_name = (_text(facts[name]) if name else None for name in names)
        except ValueError as error:
            raise self.error(
                f"END_CUSTOMER {abbreviated(facts)} cannot be read ({error}). Use the CSV document of the bill."
            ) from None
        known = {
            "customer_id": customer_id,
            "customer_name": customer_name,
            "extra": {name: value for name, value in facts.items() if name not in names},
        }
        lines = []
        for number, item in enumerate(_entries(customer["INVOICE_LINE"]), before + 1):
            lines.append(self._line(number, item, known))
        check_stated(facts, lines, f"END_CUSTOMER {index}", self.currency, self.error)
        return lines

    def _line(self, number: int, item: t.Any, known: Mapping[str, t.Any]) -> Line:
        """One INVOICE_LINE in the vocabulary of lines."""
        if not isinstance(item, Mapping):
            raise self.error(
                f"INVOICE_LINE {number} is {abbreviated(item)}, not an object. Use the CSV document of the bill.",
                row=number,
            )
        fields, extra, others, ambiguous = _match_names(tuple(map(str, item)), tuple(self.columns.items()))
        self._unreadable = {**ambiguous, **self._unreadable}
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
        self._check_others(number, line, fields["total"], {name: item[name] for name in others})
        line["currency"] = line["currency"] or self.currency
        line["customer_id"], line["customer_name"] = known["customer_id"], known["customer_name"]
        check_places(
            {name: item[name] for name in extra}, f"INVOICE_LINE {number}", self.error, "total" in self.columns
        )
        line["extra"] = known["extra"], {name: item[name] for name in extra}
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
                f"INVOICE_LINE {number}, {name}: {abbreviated(value)} cannot be read ({error})."
                " Name another column with the option columns.",
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

    def _check_named_columns(self, lines: list[Line]) -> None:
        """A name of the option columns that no line has is a mistake."""
        for field, name in self.columns.items():
            if lines and normalize(name) not in self._names:
                raise self.error(
                    f"has no INVOICE_LINE with the name {abbreviated(name)} that the option columns gives for {field}."
                    " Name one that the lines have."
                )


class ParsedDocument(JsonDocument):
    """A JSON document that was parsed already."""

    def __init__(self, document: Mapping[str, t.Any], currency: str | None = None, path: str = "the document") -> None:
        super().__init__(path, currency)
        self._document = document

    def _load(self) -> dict[str, t.Any]:
        return dict(self._document)


class _Names(t.NamedTuple):
    """The names by field, those of no field, others that could be the total, and sentences about parts in doubt."""

    fields: dict[str, str]
    extra: list[str]
    others: list[str]
    ambiguous: dict[str, str]


@lru_cache(maxsize=256)
def _match_names(names: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> _Names:
    """What the names of an object are."""
    normalized = [normalize(name) for name in names]
    given = tuple(
        (field, normalized.index(normalize(name))) for field, name in columns if normalize(name) in normalized
    )
    found = match_headings(tuple(map(spaced, names)), given)
    # Several that could be the total are others, which have to agree.
    own = dict(zip(map(spaced, names), names))
    ambiguous = {field: [own[text] for text in texts] for field, texts in found.ambiguous.items() if field != "total"}
    fields = {field: names[index] for field, index in found.fields.items() if field not in ambiguous}
    others = [names[index] for index in found.alternatives]
    taken = set(fields.values())
    return _Names(fields, [name for name in names if name not in taken], others, ambiguous_parts(ambiguous))


def _entries(value: t.Any) -> Iterable[t.Any]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _text(value: t.Any) -> str | None:
    if value is None or isinstance(value, str):
        text = (value or "").strip()
        return (text if text.isascii() else to_plain_text(text)) or None
    if isinstance(value, (bool, Mapping, list, tuple)):
        raise ValueError("not text")
    return str(to_json_number(value) if isinstance(value, Decimal) else value)
