# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The one reader of documents: JSON, REGULAR CSV and COMPUTE CSV, streamed into lines and exact sums."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import json
import re
import typing as t
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from functools import lru_cache
from itertools import compress, islice, repeat

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import (
    CURRENCIES,
    EXACT,
    amount,
    decimal_mark,
    exact_sum,
    minor_digits,
    plain,
    plain_types,
    read_amount,
    rounded_to,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._headings import (
    FIELDS,
    MONEY,
    NUMBERS,
    TOTAL_SPELLINGS,
    Columns,
    is_total_label,
    mentions_total,
    resolve,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._sums import Sums

Line = dict[str, t.Any]

_SAMPLE = 65536
_ROWS = 256
# How deep a line is: root, bill, customers, customer, lines.
_LINE_DEPTH = 5
_CURRENCY_NOTE = re.compile(r"(?i:\bcurrency\b|\bamounts?(?: are)? in\b)\W*([A-Z]{3})\b")
_SUSPECT_PRODUCTS = TOTAL_SPELLINGS | {""}
_BLANKS = re.compile(r"[ \t\n\r]*")


def read_document(path: str, format: str, source_type: str = "regular", *, currency: str | None = None) -> Document:
    """Open a document on disk. Iterating over it gives its lines; C(currency) counts when it names none itself."""
    if format == "json":
        return JsonDocument(path, currency)
    if format == "csv":
        return CsvDocument(path, currency, source_type)
    raise DocumentError(f"{path}: no lines can be read from {format}; ask for the bill as json or csv.", path=path)


class Document:
    """A document on disk: iterate over it for its lines with plain numbers, or take its exact sums."""

    def __init__(self, path: str, currency: str | None) -> None:
        self.path = path
        self.currency = currency
        self.header: dict[str, t.Any] = {}

    def __iter__(self) -> Iterator[Line]:
        """The lines, ready to leave."""
        return map(plain_types, self.lines())

    def lines(self) -> Iterator[Line]:
        """The lines, their numbers as Decimal."""
        raise NotImplementedError

    def sums(self) -> Sums:
        """The exact sums of all lines, in one pass over the file."""
        raise NotImplementedError

    def error(self, problem: str, **details: t.Any) -> DocumentError:
        """A failure that names this file."""
        return DocumentError(f"{self.path}: {problem}", path=self.path, **details)

    @contextmanager
    def _opened(self, newline: str | None = None) -> Iterator[io.TextIOWrapper]:
        """The file as text, in the encoding that its first bytes tell."""
        try:
            with open(self.path, "rb") as file:
                start = file.read(3)
                encoding = "utf-8"
                if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                    encoding = "utf-16"
                elif b"\0" in start[:2]:
                    encoding = "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
                file.seek(3 if start == b"\xef\xbb\xbf" else 0)
                with io.TextIOWrapper(file, encoding=encoding, newline=newline) as text:
                    yield text
        except OSError as error:
            raise FileError(f"Cannot read {self.path}: {error.strerror}", path=self.path) from error
        except UnicodeError as error:
            raise self.error(f"is neither UTF-8 nor UTF-16 text ({error}). Download it again.") from error


class CsvDocument(Document):
    """A CSV document. Its rows are counted as a spreadsheet counts them: the first is 1, blank ones count."""

    def __init__(self, path: str, currency: str | None, source_type: str = "regular") -> None:
        super().__init__(path, currency)
        with self._opened("") as text:
            sample = text.read(_SAMPLE)
        # Looking for one kind of line ending takes less time than looking for all.
        self._newline = "\n" if "\n" in sample else ""
        self._delimiter, preamble, self.headings = self._recognise(sample, source_type)
        self._before = len(preamble) + 1
        self._columns = resolve(self.headings)
        self._fields = self._columns.fields
        if self._columns.doubtful:
            raise self.error(f"several columns could be the total: {_listed(self._columns.doubtful)}.")
        self._money = [self._fields[field] for field in MONEY if field in self._fields]
        # A comma separates amounts in one dialect and is part of them in another: None until the amounts tell.
        self._decimal = "." if self._delimiter == "," else None
        self._sign: str | None = None
        self.currency = self._columns.currency or _noted_currency(preamble) or currency

    def lines(self) -> Iterator[Line]:
        sums = Sums()
        for number, rows, _last in self._pieces():
            yield from self._lines(number, rows, sums)

    def sums(self) -> Sums:
        sums = Sums()
        try:
            for number, rows, last in self._pieces():
                # The last rows may hold the file's own total: they are looked at one by one.
                if last or not self._add_columns(rows, sums):
                    deque(self._lines(number, rows, sums), 0)
            sums.fold()
        except (ArithmeticError, ValueError):
            # Such as NaN, which adds up to NaN: going line by line names the row.
            deque(self.lines(), 0)
            raise self.error("its amounts have too many digits to be added up.") from None
        return sums

    def _recognise(self, sample: str, source_type: str) -> tuple[str, list[list[str]], list[str]]:
        """The delimiter, the rows before the headings and the headings: where the most headings are known."""
        best: tuple[tuple[int, int], str, list[list[str]], list[str]] = ((0, 0), "", [], [])
        guess: list[str] = []
        for delimiter in ",;\t":
            rows: list[list[str]] = []
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
            # What is wrong is found, and placed, when all is read.
            with suppress(csv.Error):
                rows.extend(islice(reader, 100))
            for number, row in enumerate(rows):
                if any(map(_is_amount, row)):
                    continue
                fields = resolve(row).fields
                rank = (len(fields), sum(map(bool, row)))
                if "total" in fields and rank > best[0]:
                    best = (rank, delimiter, rows[:number], row)
            guess = max([guess, *rows], key=len)
        if not best[1]:
            found = f"The headings found are {_listed(guess)}." if guess else "The file is empty."
            raise self.error(
                f"has no column that can be told to be the total. {found} A {source_type} CSV needs a heading such as"
                " ITEM_TOTAL, Total, Total (USD), Amount or Cost; download it again, or turn parsing off.",
                headings=guess,
            )
        return best[1:]

    def _pieces(self) -> Iterator[tuple[int, list[list[str]], bool]]:
        """The rows after the headings, some at a time: the first one's number, the rows, whether they are the last."""
        with self._opened(self._newline) as text:
            reader = csv.reader(text, delimiter=self._delimiter, skipinitialspace=True, strict=True)
            try:
                deque(islice(reader, self._before), 0)
                number = self._before + 1
                rows = list(islice(reader, _ROWS))
                while rows:
                    following = list(islice(reader, _ROWS))
                    if len(following) < _ROWS:
                        rows += following
                        following = []
                    if self._decimal is None:
                        self._decimal = self._learn(number, rows)
                    yield number, rows, not following
                    number += len(rows)
                    rows = following
            except csv.Error as error:
                raise self.error(f"line {reader.line_num} is not CSV ({error}). Download it again.") from error

    def _learn(self, number: int, rows: Iterable[list[str]]) -> str | None:
        try:
            return decimal_mark(row[index] for row in rows for index in self._money if index < len(row))
        except ValueError as error:
            raise self.error(f"the amounts after row {number - 1} cannot be read for certain: {error}.") from None

    def _add_columns(self, rows: list[list[str]], sums: Sums) -> bool:
        """Add many rows at once, column by column; false, and nothing added, when they need a closer look."""
        try:
            columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        except ValueError:
            return False
        fields = self._fields
        if len(columns) != len(self.headings) or not TOTAL_SPELLINGS.isdisjoint(columns[0]):
            return False
        if "product" in fields and not _SUSPECT_PRODUCTS.isdisjoint(columns[fields["product"]]):
            return False
        codes = {self.currency}
        currencies: Iterable[str | None] = repeat(self.currency)
        if "currency" in fields:
            currencies = columns[fields["currency"]]
            codes = set(currencies)
            if any(code != _code(code or "") for code in codes):
                return False
        try:
            totals = self._amounts(columns[fields["total"]])
            others = []
            for field, by_currency in (("services", sums.services), ("taxes", sums.taxes)):
                for code in codes if field in fields else ():
                    texts: Iterable[str] = columns[fields[field]]
                    if len(codes) > 1:
                        texts = compress(texts, map(code.__eq__, currencies))
                    values = self._amounts(list(filter(None, texts)))
                    if values:
                        others.append((by_currency[code], exact_sum(values), len(values)))
        except (ArithmeticError, ValueError):
            return False
        groups = (
            columns[fields[field]] if field in fields else repeat(None)
            for field in ("product", "customer_id", "customer_name", "item_type")
        )
        # The loop over all rows, without a line of Python in it.
        deque(map(list.append, map(sums.waiting.__getitem__, zip(*groups, currencies, strict=False)), totals), 0)
        sums.added(len(rows))
        for one, value, count in others:
            one.add(value, count)
        return True

    def _amounts(self, texts: Sequence[str]) -> list[Decimal]:
        """Plain amounts; a ValueError or ArithmeticError when one of them needs a closer look."""
        if self._decimal == ",":
            if any("." in text for text in texts):
                return [self._plain_amount(text) for text in texts]
            texts = [text.replace(",", ".") for text in texts]
        try:
            return list(map(EXACT.create_decimal, texts))
        except ArithmeticError:
            return [self._plain_amount(text) for text in texts]

    def _plain_amount(self, text: str) -> Decimal:
        value, mark = read_amount(text, self._decimal or ".")
        if mark:
            raise ValueError("its currency has to be compared")
        return value

    def _lines(self, number: int, rows: Iterable[list[str]], sums: Sums) -> Iterator[Line]:
        """The lines of these rows, each looked at closely and added to the sums."""
        width = len(self.headings)
        for place, row in enumerate(rows, number):
            if not any(map(str.strip, row)):
                continue
            if any(map(str.strip, row[width:])):
                raise self.error(f"row {place} has {len(row)} values for {width} headings.", row=place)
            cells = [*row, *repeat("", width - len(row))]
            if self._is_total(cells):
                self._compare(place, cells, sums)
                continue
            if len(row) <= self._fields["total"]:
                raise self.error(
                    f"row {place} is cut short: it has {len(row)} of {width} values and none in"
                    f" {self._heading('total')}. Download it again.",
                    row=place,
                )
            line = self._line(place, cells)
            sums.add(line)
            yield line

    def _line(self, place: int, cells: Sequence[str]) -> Line:
        line: Line = dict.fromkeys(FIELDS)
        marks = set()
        for field, index in self._fields.items():
            text = cells[index].strip()
            if text and field in MONEY:
                line[field], mark = self._money_in(place, field, text)
                marks.add(mark)
            elif text and field in NUMBERS:
                line[field] = _number(text, self._decimal)
            else:
                line[field] = text or None
        line["currency"] = self._agreed(place, _code(line["currency"] or "") or self.currency, marks)
        line["extra"] = {heading: cells[index].strip() or None for heading, index in self._columns.extra.items()}
        return line

    def _money_in(self, place: int, field: str, text: str) -> tuple[Decimal, str | None]:
        try:
            return read_amount(text, self._decimal or ".")
        except ValueError as error:
            raise self.error(
                f"row {place}, column {self._heading(field)}: {short(text)} cannot be read ({error}).",
                row=place,
                column=self.headings[self._fields[field]].strip(),
            ) from None

    def _agreed(self, place: int, currency: str | None, marks: Iterable[str | None]) -> str | None:
        """The currency of a row, where the marks beside its amounts do not speak of another."""
        for mark in filter(None, marks):
            if mark in CURRENCIES:
                known, currency = currency, currency or mark
            else:
                # A sign such as $ does not tell the currency, but two of them tell two currencies.
                known = self._sign = self._sign or mark
            if known and known != mark:
                raise self.error(f"row {place} has amounts in {known} and in {mark}.", row=place)
        return currency

    def _is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row has no product and no date and is a total: by its label, or since it is nothing but amounts."""
        fields = self._fields
        if any(cells[fields[field]].strip() for field in ("start_date", "end_date") if field in fields):
            return False
        product = cells[fields["product"]].strip() if "product" in fields else ""
        if product and not is_total_label(product):
            return False
        texts = [cell for index, cell in enumerate(cells) if index != fields.get("currency") and cell.strip()]
        texts = [text for text in texts if not _is_amount(text)]
        if any(map(is_total_label, texts)):
            return True
        return "product" in fields and (not texts or any(map(mentions_total, texts)))

    def _compare(self, place: int, cells: Sequence[str], sums: Sums) -> None:
        """Compare a total row with the lines before it: all of them, or those since the last total row."""
        filled = [cell.strip() for cell in cells if cell.strip() and not is_total_label(cell)]
        text = cells[self._fields["total"]].strip() or (filled[-1] if filled else "")
        if not text:
            return
        value, mark = self._money_in(place, "total", text)
        currency = _code(cells[self._fields["currency"]]) if "currency" in self._fields else None
        currency = self._agreed(place, currency or self.currency, [mark])
        sums.fold()
        if currency not in sums.totals and len(sums.totals) > 1:
            return
        if currency not in sums.totals and len(sums.totals) == 1:
            currency = next(iter(sums.totals))
        total = sums.totals[currency].value or Decimal(0)
        since = exact_sum((total, sums.compared.get(currency, Decimal(0)).copy_negate()))
        digits = max(minor_digits(currency), -int(value.as_tuple().exponent))
        if value not in (rounded_to(total, digits), rounded_to(since, digits)):
            raise self.error(
                f"row {place}, column {self._heading('total')}: this total row says {value}, but the lines before it"
                f" add up to {total}. The file is not whole, or not what it seems: download it again.",
                row=place,
                column=self.headings[self._fields["total"]].strip(),
            )
        sums.compared[currency] = total

    def _heading(self, field: str) -> str:
        return repr(self.headings[self._fields[field]].strip())


class JsonDocument(Document):
    """A JSON document, gone through by hand, so that it may be larger than memory."""

    def __init__(self, path: str, currency: str | None) -> None:
        super().__init__(path, currency)
        self._given = currency
        self._customers: list[dict[str, t.Any]] = []

    def check(self) -> None:
        """Raise DocumentError unless the whole file is JSON, be it a bill or not."""
        with self._opened() as file:
            text = _JsonText(file, self)
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

    def sums(self) -> Sums:
        sums = Sums()
        try:
            for number, (index, item) in enumerate(self._items(), 1):
                sums.add(self._line(number, item) | {"customer_id": index, "customer_name": None})
            customers = (self._customer_fields(customer)[:2] for customer in self._customers)
            sums.rename(self.currency, dict(enumerate(customers)))
        except ArithmeticError:
            raise self.error("its amounts have too many digits to be added up.") from None
        return sums

    def _items(self) -> Iterator[tuple[int, Mapping[str, t.Any]]]:
        """Each INVOICE_LINE as it is and the index of its customer; C(header) and C(currency) are known at the end."""
        self._customers = []
        self._listed = self._seen = self._priced = False
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
        return facts, bill

    def _walk_customers(self, text: _JsonText) -> Iterator[tuple[int, t.Any]]:
        for _customer in text.entries():
            self._customers.append({})
            for name in text.members():
                if name == "INVOICE_LINE":
                    self._listed = True
                    for _item in text.entries():
                        yield len(self._customers) - 1, text.value()
                else:
                    self._customers[-1][name] = text.value()

    def _conclude(self, bill: Mapping[str, t.Any] | None) -> None:
        """What is known when the whole document was seen."""
        if bill is None or self._customers and not self._listed:
            missing = "END_CUSTOMER" if bill is None else "INVOICE_LINE"
            raise self.error(f"is not a bill: it has no {missing}.")
        self.header = {name: value for name, value in bill.items() if name != "END_CUSTOMER"}
        name = _names(tuple(bill))[0].get("currency")
        self.currency = _code(bill[name]) if name and isinstance(bill[name], str) else None
        self.currency = self.currency or self._given
        if self._seen and not self._priced:
            raise self.error("no line has an ITEM_TOTAL.")

    def _customer_fields(self, customer: Mapping[str, t.Any]) -> tuple[str | None, str | None, dict[str, t.Any]]:
        fields, _extra = _names(tuple(customer))
        known = [fields.get(field) for field in ("customer_id", "customer_name")]
        customer_id, customer_name = (_text(customer[name]) if name else None for name in known)
        return customer_id, customer_name, {name: value for name, value in customer.items() if name not in known}

    def _line(self, number: int, item: t.Any) -> Line:
        """One INVOICE_LINE in the vocabulary of lines."""
        if not isinstance(item, Mapping):
            raise self.error(f"INVOICE_LINE {number} is {short(item)}, not an object.", row=number)
        fields, extra = _names(tuple(item))
        self._seen = True
        self._priced = self._priced or "total" in fields
        line: Line = dict.fromkeys(FIELDS)
        for field, name in fields.items():
            value = item[name]
            try:
                if field in MONEY:
                    line[field] = amount(value)
                elif field in NUMBERS:
                    line[field] = _number(value)
                else:
                    line[field] = _text(value)
            except ValueError as error:
                raise self.error(
                    f"INVOICE_LINE {number}, {name}: {short(value)} cannot be read ({error}).", row=number, column=name
                ) from None
        line["currency"] = _code(line["currency"] or "")
        line["extra"] = {name: item[name] for name in extra}
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
        self._listed = self._seen = self._priced = False
        members = (self._document, *self._document.values())
        bills = list(filter(is_bill, members))
        if len(bills) > 1:
            raise self.error("holds more than one bill.")
        for customer in _entries(bills[0]["END_CUSTOMER"]) if bills else ():
            if not isinstance(customer, Mapping):
                raise self.error(f"END_CUSTOMER holds {short(customer)}, not an object.")
            self._listed = self._listed or "INVOICE_LINE" in customer
            for item in _entries(customer.get("INVOICE_LINE")):
                yield len(self._customers), item
            self._customers.append({name: value for name, value in customer.items() if name != "INVOICE_LINE"})
        self._conclude(bills[0] if bills else None)


class _JsonText:
    """JSON read piece by piece: its objects and arrays can be entered, or taken whole."""

    def __init__(self, file: io.TextIOWrapper, document: Document) -> None:
        self._file = file
        self._document = document
        self._buffer = ""
        self._at = 0
        self._passed = 0
        self._decode = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant).raw_decode

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
        while True:
            if self.peek() != '"':
                raise self._error("Expecting a name", self._at)
            name = self.value()
            self._take(":")
            yield name
            if self._take(",}") == "}":
                return

    def entries(self) -> Iterator[None]:
        """Enter an array, or stand before the only entry where there is no array; C(null) has none."""
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
        text = self._file.read(max(_SAMPLE, len(self._buffer) - self._at))
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
def _names(names: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """The names by field, and those of no field."""
    columns: Columns = resolve([str(name) for name in names])
    fields = {field: names[index] for field, index in columns.fields.items()}
    taken = set(fields.values())
    return fields, [name for name in names if name not in taken]


def _entries(value: t.Any) -> Iterable[t.Any]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _text(value: t.Any) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, (bool, Mapping, list, tuple)):
        raise ValueError("not text")
    return str(plain(value) if isinstance(value, Decimal) else value)


def _number(value: t.Any, decimal: str | None = None) -> t.Any:
    """A number where it reads as one, else what it is."""
    try:
        return read_amount(value, decimal)[0] if decimal else amount(value)
    except ValueError:
        return value


def _code(text: str) -> str | None:
    code = text.strip()
    return (code.upper() if len(code) == 3 else code) or None


def _noted_currency(preamble: Iterable[Iterable[str]]) -> str | None:
    found = _CURRENCY_NOTE.findall("\n".join(" ".join(row) for row in preamble))
    return next((code for code in found if code in CURRENCIES), None)


def _is_amount(text: str) -> bool:
    for decimal in ".,":
        try:
            read_amount(text, decimal)
        except ValueError:
            continue
        return True
    return False


def short(value: t.Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(names: Iterable[str]) -> str:
    shown = [short(name.strip()) for name in names if name.strip()]
    return ", ".join(shown[:40]) + (", ..." if len(shown) > 40 else "")
