# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""REGULAR and COMPUTE CSV: dialect, headings and total rows are recognised, and many rows are added up at once."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import chain, compress, islice, repeat

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._amounts import (
    CURRENCIES,
    EXACT,
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
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._headings import (
    FIELDS,
    MONEY,
    NUMBERS,
    is_total_label,
    may_have_total,
    may_mention_total,
    mentions_total,
    resolve,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._sums import Sums

_SAMPLE = 65536
# So few that they stay in the processor's cache while they are gone through.
_ROWS = 256
_AHEAD = 8
# The digits of currencies whose amounts look like thousands.
_MILLS = 3
_CURRENCY_NOTE = r"(?i:\bcurrency\b|\bamounts?(?: are)? in\b)\W*([A-Z]{3})\b"
# Not what an amount is, but what looks like one and not like a word or a date.
_AMOUNT = r"[A-Z]{0,3}\W*[0-9][0-9.,' ]*\W*[A-Z]{0,3}"
# What a line is for: a row without any of these may be a total that nothing says to be one.
_WHAT = ("product", "product_id", "description", "item_type")


class CsvDocument(Document):
    """A CSV document. Its rows are counted as a spreadsheet counts them: the first is 1, blank ones count."""

    def __init__(
        self, path: str, currency: str | None, content: bytes | None = None, source_type: str = "regular"
    ) -> None:
        super().__init__(path, currency, content)
        with self._opened("") as text:
            sample = text.read(_SAMPLE)
        # Looking for one kind of line ending takes less time than looking for all.
        self._newline = "\n" if "\n" in sample else ""
        self._delimiter, preamble, self.headings = self._recognise(sample, source_type)
        self._before = len(preamble) + 1
        self._columns = resolve(tuple(self.headings))
        self._fields = self._columns.fields
        for field, doubtful in self._columns.doubtful.items():
            raise self.error(
                f"several columns could be the {field}: {_listed(doubtful)}. Only one may be so named;"
                " turn parsing off, or rename the others."
            )
        self._width = max(index for index, heading in enumerate(self.headings, 1) if heading.strip())
        self._what = [self._fields[field] for field in _WHAT if field in self._fields]
        # Where the label of a total may stand beside a product, and is not looked at as the name of a group.
        self._notes = list(self._columns.extra.values())
        self._notes += [self._fields[field] for field in ("product_id", "description") if field in self._fields]
        self._texts = [index for field, index in self._fields.items() if field not in (*MONEY, *NUMBERS, "currency")]
        self._money = [self._fields[field] for field in MONEY if field in self._fields]
        # A comma separates amounts in one dialect and is part of them in another: None until the amounts tell.
        self._decimal = "." if self._delimiter == "," else None
        self._sign: str | None = None
        self.currency = self._columns.currency or _noted_currency(preamble) or currency

    def lines(self) -> Iterator[Line]:
        sums = Sums()
        for number, rows, _close in self._pieces():
            yield from self._lines(number, rows, sums)

    def sums(self) -> Sums:
        try:
            sums = self._summed(self._add_columns)
            if any(name and mentions_total(name) for name, _currency in (*sums.products, *sums.item_types)):
                raise ValueError("one of them may be a total")
            return sums
        except (ArithmeticError, DocumentError, ValueError):
            # Such as NaN, a currency beside an amount, or a total among the lines: what shows line by line.
            return self._summed(lambda _rows, _sums: False)

    def _summed(self, add_columns: Callable[[list[list[str]], Sums], bool]) -> Sums:
        sums = Sums(self._plain_amount)
        for number, rows, last in self._pieces():
            # The last rows may hold the file's own total.
            if last or not add_columns(rows, sums):
                deque(self._lines(number, rows, sums), 0)
        sums.fold()
        return sums

    def _recognise(self, sample: str, source_type: str) -> tuple[str, list[list[str]], list[str]]:
        """The delimiter, the rows before the headings and the headings: where the most headings are known."""
        best: tuple[tuple[int, int], str, list[list[str]], list[str]] = ((0, 0), "", [], [])
        guess: list[str] = []
        for delimiter in [char for char in ",;\t" if char in sample] or [","]:
            rows: list[list[str]] = []
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
            # What is wrong is found, and placed, when all is read.
            with suppress(csv.Error):
                rows.extend(islice(reader, 100))
            for number, row in enumerate(rows):
                if (fields := _as_headings(row)) and (rank := (len(fields), sum(map(bool, row)))) > best[0]:
                    best = (rank, delimiter, rows[:number], row)
            guess = max([guess, *rows], key=len)
        if not best[1]:
            found = f"The headings found are {_listed(guess)}." if guess else "The file is empty."
            raise self.error(
                f"has no column that can be told to be the total. {found} A {source_type} CSV needs a heading such as"
                " ITEM_TOTAL, Total, Total (USD), Amount or Cost; download it again, or turn parsing off.",
                headings=guess,
            )
        _rank, delimiter, before, headings = best
        for number, row in enumerate(before):
            index = _as_headings(row).get("total")
            if index is not None and any(_is_amount(cell) for later in before[number:] for cell in later[index:][:1]):
                raise self.error(
                    f"holds two tables: the headings in row {len(before) + 1} and others, with amounts, in row"
                    f" {number + 1}. Part the tables into files, or turn parsing off."
                )
        return delimiter, before, headings

    def _pieces(self) -> Iterator[tuple[int, list[list[str]], bool]]:
        """The rows after the headings, some at a time: the first one's number, the rows, whether they are the last."""
        self._told = False
        self._unsaid = self._open = 0
        if self._decimal is None:
            self._decimal = self._learn()
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
                        if self._may_be_cut(rows):
                            self._open = number + len(rows) - 1
                    if self._columns.rivals and number == self._before + 1:
                        self._check_rivals(number, rows)
                    yield number, rows, last
                    if last:
                        return
                    number += len(rows)
                    rows = [*ahead, *islice(reader, _ROWS - _AHEAD)]
            except csv.Error as error:
                raise self.error(f"line {reader.line_num} is not CSV ({error}). Download it again.") from error

    def _learn(self) -> str:
        """The decimal mark that the amounts of the whole file tell."""
        codes: set[str | None] = set()
        unmarked = False

        def texts() -> Iterator[str]:
            nonlocal unmarked
            with self._opened(self._newline) as text, suppress(csv.Error):
                reader = csv.reader(text, delimiter=self._delimiter, skipinitialspace=True)
                for row in islice(reader, self._before, None):
                    if len(row) >= self._width:
                        codes.add(currency_code(row[self._fields["currency"]]) if "currency" in self._fields else None)
                        for index in self._money:
                            unmarked = unmarked or bool(row[index].strip()) and not set(row[index]) & {".", ","}
                            yield row[index]

        try:
            mark, certain = decimal_mark(texts())
            # An amount of three minor digits always has them; else 1,234 may be much or little.
            mills = {minor_digits(code or self.currency) for code in codes} == {_MILLS}
            if mark and not certain and (unmarked or not mills):
                raise ValueError(f"{mark!r} could be a decimal mark or group thousands")
        except ValueError as error:
            raise self.error(
                f"the amounts after row {self._before} cannot be read for certain: {error}. Ask for the bill as json,"
                " or turn parsing off."
            ) from None
        return mark or "."

    def _may_be_cut(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the file may end amid an amount: no line break follows it, and it is not as long as those before."""
        with self._file() as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4))
            if file.read().rstrip(b"\0").endswith((b"\n", b"\r", b'"')):
                return False
        last = len(rows[-1]) - 1
        if last not in self._money:
            return False
        digits = {
            len(row[last].rstrip(" )-").partition(self._decimal or ".")[2])
            for row in rows
            if len(row) > last and (row[last].strip() or row is rows[-1])
        }
        return len(digits) != 1 or min(digits) < max(1, minor_digits(self.currency))

    def _check_rivals(self, number: int, rows: Iterable[Sequence[str]]) -> None:
        """Other columns that could be the total have to say the same, or the same before taxes."""
        total, taxes = self._fields["total"], self._fields.get("taxes")
        for place, row in enumerate(rows, number):
            for rival in self._columns.rivals:
                if len(row) < self._width or not (row[total].strip() and row[rival].strip()):
                    continue
                with suppress(ValueError):
                    value, other = self._plain_amount(row[total]), self._plain_amount(row[rival])
                    tax = self._plain_amount(row[taxes]) if taxes is not None and row[taxes].strip() else Decimal(0)
                    if value not in (other, EXACT.add(other, tax)):
                        raise self.error(
                            f"row {place} says {short(row[total])} under {self._heading('total')} and"
                            f" {short(row[rival])} under {self.headings[rival].strip()!r}: which of them is the total"
                            " cannot be told. Ask for the bill as json, turn parsing off, or rename one of them.",
                            row=place,
                            column=self.headings[total].strip(),
                        )

    def _add_columns(self, rows: list[list[str]], sums: Sums) -> bool:
        """Add many rows at once, column by column; false, and nothing added, when they need a closer look."""
        try:
            columns: list[Sequence[str]] = list(zip(*rows, strict=True))
        except ValueError:
            return False
        fields = self._fields
        width = len(self.headings)
        if len(columns) < width or any(map(any, columns[width:])) or self._unsaid:
            return False
        notes = self._notes
        if "product" in fields and all(columns[fields["product"]]):
            self._told = True
        else:
            notes = list(range(width))
            what = [columns[index] for index in self._what]
            if any(all(map(str.strip, column)) for column in what):
                self._told = True
            elif self._told or any(map(str.strip, chain.from_iterable(what))):
                # The first to tell nothing may be a total.
                return False
        if may_mention_total("\n".join(chain.from_iterable(columns[index] for index in notes))):
            return False
        codes = {self.currency}
        currencies: Iterable[str | None] = repeat(self.currency)
        if "currency" in fields:
            currencies = columns[fields["currency"]]
            codes = set(currencies)
            if any(code != currency_code(code or "") for code in codes):
                return False
        for index in self._money:
            if self._decimal == ",":
                try:
                    columns[index] = [text and str(self._plain_amount(text)) for text in columns[index]]
                except ValueError:
                    return False
        totals = columns[fields["total"]]
        if not all(totals):
            return False
        groups = (
            columns[fields[field]] if field in fields else repeat(None)
            for field in ("product", "customer_id", "customer_name", "item_type")
        )
        # The loop over all rows, without a line of Python in it.
        keys = zip(*groups, currencies, strict=False)
        deque(map(list.append, map(sums.waiting.__getitem__, keys), totals), 0)
        sums.added(len(rows))
        for field, by_currency in (("services", sums.services), ("taxes", sums.taxes)):
            for code in codes if field in fields else ():
                texts = columns[fields[field]]
                if len(codes) > 1:
                    texts = list(compress(texts, map(code.__eq__, currencies)))
                if not all(texts):
                    texts = list(filter(None, texts))
                if not texts:
                    continue
                if texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
                    # Often all are zero.
                    value = EXACT.multiply(sums.sum_of(texts[:1]), len(texts))
                else:
                    value = sums.sum_of(texts)
                by_currency[code].add(value, len(texts))
        return True

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
            if self._is_total(place, cells, sums):
                continue
            if len(row) < self._width:
                raise self.error(
                    f"row {place} is cut short: it has {len(row)} of {width} values. Download it again.", row=place
                )
            if place == self._open:
                raise self.error(
                    f"ends in row {place} amid {self.headings[len(row) - 1].strip()!r}, without a line break, and may"
                    " be cut short. Download it again; if it is whole, end it in a line break.",
                    row=place,
                )
            if self._unsaid:
                raise self._doubt(self._unsaid)
            self._told = self._told or any(cells[index].strip() for index in self._what)
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

    def _is_total(self, place: int, cells: Sequence[str], sums: Sums) -> bool:
        """Whether a row is a total of lines before it. Where that cannot be told for certain, it is an error."""
        total = self._fields["total"]
        texts = [cell.strip() for index, cell in enumerate(cells) if index != total and cell.strip()]
        hints = list(filter(mentions_total, texts)) if may_mention_total("\n".join(texts)) else []
        if not hints and (not self._told or any(cells[index].strip() for index in self._what)):
            return False
        label = any(map(is_total_label, hints))
        text = cells[total].strip()
        if label and not text:
            text = next(filter(_is_amount, reversed(texts)), "")
        if not text:
            return label
        value, mark = self._money_in(place, "total", text)
        currency = currency_code(cells[self._fields["currency"]]) if "currency" in self._fields else None
        currency = self._agreed(place, currency or self.currency, [mark])
        before = self._sums_before(currency, sums)
        digits = max(minor_digits(currency), -int(value.as_tuple().exponent))
        matches = value in [rounded_to(one, digits) for one in before]
        only_amounts = not any(
            cell.strip() and (index in self._texts or not _is_amount(cell))
            for index, cell in enumerate(cells)
            if index != self._fields.get("currency")
        )
        if before and not matches and (label or only_amounts):
            raise self.error(
                f"row {place}, column {self._heading('total')}: this total row says {value}, but the lines before it"
                f" add up to {before[0]}. The file is not whole, or not what it seems: download it again, or turn"
                " parsing off.",
                row=place,
                column=self.headings[total].strip(),
            )
        if not label:
            if not matches or not any(set("123456789").intersection(cells[index]) for index in self._money):
                return False
            groups = {
                "product": [key[0] for key in sums.products],
                "customer_id": [key[0] for key in sums.customers],
                "customer_name": [key[1] for key in sums.customers],
                "item_type": [key[0] for key in sums.item_types],
            }
            if hints and all(any(hint in names for names in groups.values()) for hint in hints):
                # The lines of a product or customer with such a name.
                return False
            lacks = [
                field
                for field, names in groups.items()
                if field in self._fields and not cells[self._fields[field]].strip() and None not in names
            ]
            if not (lacks if hints else only_amounts and len(lacks) > 1):
                raise self._doubt(place)
            if not hints:
                self._unsaid = place
        if before:
            sums.compared[currency] = before[0]
        return True

    def _sums_before(self, currency: str | None, sums: Sums) -> list[Decimal]:
        """What a total row may say: the sum of all lines, or of those since the last one. Nothing when unknown."""
        sums.fold()
        several = [sums.totals[currency]] if currency in sums.totals else sums.totals.values()
        values = [one.value for one in several if one.value is not None]
        if len(values) < len(several):
            return []
        total = exact_sum(values)
        return [total, exact_sum((total, sums.compared.get(currency, Decimal(0)).copy_negate()))]

    def _doubt(self, place: int) -> DocumentError:
        return self.error(
            f"row {place} could be a line, or the total of the lines before it, which it is equal to. Ask for the bill"
            " as json, or turn parsing off.",
            row=place,
        )

    def _heading(self, field: str) -> str:
        return repr(self.headings[self._fields[field]].strip())


def _as_headings(row: Sequence[str]) -> dict[str, int]:
    """The column of each field, if the row can be the headings: they have a total, and no amounts."""
    if may_have_total(row) and not any(map(_is_amount, row)):
        fields = resolve(tuple(row)).fields
        if "total" in fields:
            return fields
    return {}


def _noted_currency(preamble: Iterable[Iterable[str]]) -> str | None:
    found = re.findall(_CURRENCY_NOTE, "\n".join(" ".join(row) for row in preamble))
    return next((code for code in found if code in CURRENCIES), None)


def _is_amount(text: str) -> bool:
    return bool(re.fullmatch(_AMOUNT, text.strip()))


def _listed(names: Iterable[str]) -> str:
    shown = [short(name.strip()) for name in names if name.strip()]
    return ", ".join(shown[:40]) + (", ..." if len(shown) > 40 else "")
