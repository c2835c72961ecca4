# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""REGULAR and COMPUTE CSV: dialect, headings and total rows are recognised, and many rows are added up at once."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import compress, islice, repeat

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import (
    CURRENCIES,
    EXACT,
    READ,
    decimal_mark,
    exact_sum,
    minor_digits,
    read_amount,
    rounded_to,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import (
    Document,
    Line,
    currency_code,
    number_or_text,
    short,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._headings import (
    FIELDS,
    MONEY,
    NUMBERS,
    TOTAL_SPELLINGS,
    is_total_label,
    may_have_total,
    mentions_total,
    resolve,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._sums import Sums

_SAMPLE = 65536
# So few that they stay in the processor's cache while they are gone through.
_ROWS = 128
_AHEAD = 8
# The digits of currencies whose amounts look like thousands.
_MILLS = 3
_CURRENCY_NOTE = re.compile(r"(?i:\bcurrency\b|\bamounts?(?: are)? in\b)\W*([A-Z]{3})\b")
# Not what an amount is, but what looks like one and not like a word or a date.
_AMOUNT = re.compile(r"[A-Z]{0,3}\W*[0-9][0-9.,' ]*\W*[A-Z]{0,3}")
_SUSPECT_PRODUCTS = TOTAL_SPELLINGS | {""}


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
            raise self.error(
                f"several columns could be the total: {_listed(self._columns.doubtful)}. Only one may be so named;"
                " turn parsing off, or rename the others."
            )
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
        except ArithmeticError:
            # NaN, which adds up to NaN: going line by line names the row.
            deque(self.lines(), 0)
            raise
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
                if not may_have_total(row) or any(map(_is_amount, row)):
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
                    ahead = list(islice(reader, _AHEAD))
                    last = len(ahead) < _AHEAD
                    if last:
                        rows += ahead
                    if self._decimal is None:
                        self._decimal = self._learn(number, rows)
                    yield number, rows, last
                    if last:
                        return
                    number += len(rows)
                    rows = [*ahead, *islice(reader, _ROWS - _AHEAD)]
            except csv.Error as error:
                raise self.error(f"line {reader.line_num} is not CSV ({error}). Download it again.") from error

    def _learn(self, number: int, rows: Iterable[list[str]]) -> str | None:
        """The decimal mark, None while no amount has one."""
        try:
            mark, certain = decimal_mark(row[index] for row in rows for index in self._money if index < len(row))
            if mark and not certain:
                digits = minor_digits(self.currency)
                # A semicolon is there to leave the comma to the amounts; after a tab both are as likely.
                if digits == 0 or mark == "," and self._delimiter == "\t" and digits != _MILLS:
                    raise ValueError(f"{mark!r} could be a decimal mark or group thousands")
        except ValueError as error:
            raise self.error(f"the amounts after row {number - 1} cannot be read for certain: {error}.") from None
        return mark

    def _add_columns(self, rows: list[list[str]], sums: Sums) -> bool:
        """Add many rows at once, column by column; false, and nothing added, when they need a closer look."""
        try:
            columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        except ValueError:
            return False
        fields = self._fields
        width = len(self.headings)
        if len(columns) < width or any(map(any, columns[width:])) or not TOTAL_SPELLINGS.isdisjoint(columns[0]):
            return False
        if "product" in fields and not _SUSPECT_PRODUCTS.isdisjoint(columns[fields["product"]]):
            return False
        codes = {self.currency}
        currencies: Iterable[str | None] = repeat(self.currency)
        if "currency" in fields:
            currencies = columns[fields["currency"]]
            codes = set(currencies)
            if any(code != currency_code(code or "") for code in codes):
                return False
        try:
            totals = self._amounts(columns[fields["total"]])
            others = []
            for field, by_currency in (("services", sums.services), ("taxes", sums.taxes)):
                for code in codes if field in fields else ():
                    texts = columns[fields[field]]
                    if len(codes) > 1:
                        texts = list(compress(texts, map(code.__eq__, currencies)))
                    if "" in texts:
                        texts = list(filter(None, texts))
                    if texts:
                        # Without taxes, services are the total.
                        value = exact_sum(totals) if texts == columns[fields["total"]] else self._sum(texts)
                        others.append((by_currency[code], value, len(texts)))
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

    def _sum(self, texts: Sequence[str]) -> Decimal:
        # Often all are zero.
        if texts.count(texts[0]) == len(texts):
            return exact_sum((EXACT.multiply(self._amounts(texts[:1])[0], len(texts)),))
        return exact_sum(self._amounts(texts))

    def _amounts(self, texts: Sequence[str]) -> list[Decimal]:
        """Plain amounts; a ValueError or ArithmeticError when one of them needs a closer look."""
        if self._decimal == ",":
            if any("." in text for text in texts):
                return [self._plain_amount(text) for text in texts]
            texts = [text.replace(",", ".") for text in texts]
        try:
            return list(map(READ.create_decimal, texts))
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
                line[field] = number_or_text(text, self._decimal)
            else:
                line[field] = text or None
        line["currency"] = self._agreed(place, currency_code(line["currency"] or "") or self.currency, marks)
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
        """Whether a row is a total: by its label, or since it is nothing but amounts, with no product and no date."""
        fields = self._fields
        texts = [cell for index, cell in enumerate(cells) if index != fields.get("currency") and cell.strip()]
        texts = [text for text in texts if not _is_amount(text)]
        labels = list(map(is_total_label, texts))
        if texts and all(labels):
            return True
        if any(cells[fields[field]].strip() for field in ("product", "start_date", "end_date") if field in fields):
            return False
        return any(labels) or "product" in fields and (not texts or any(map(mentions_total, texts)))

    def _compare(self, place: int, cells: Sequence[str], sums: Sums) -> None:
        """Compare a total row with the lines before it: all of them, or those since the last total row."""
        text = cells[self._fields["total"]].strip() or next(filter(_is_amount, reversed(cells)), "")
        if not text:
            return
        value, mark = self._money_in(place, "total", text)
        currency = currency_code(cells[self._fields["currency"]]) if "currency" in self._fields else None
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


def _noted_currency(preamble: Iterable[Iterable[str]]) -> str | None:
    found = _CURRENCY_NOTE.findall("\n".join(" ".join(row) for row in preamble))
    return next((code for code in found if code in CURRENCIES), None)


def _is_amount(text: str) -> bool:
    return bool(_AMOUNT.fullmatch(text.strip()))


def _listed(names: Iterable[str]) -> str:
    shown = [short(name.strip()) for name in names if name.strip()]
    return ", ".join(shown[:40]) + (", ..." if len(shown) > 40 else "")
