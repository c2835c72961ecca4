# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The rows of a CSV document one by one: into lines, or told to be totals of lines and compared."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import repeat

from .._errors import CutShortError, DocumentError, abbreviated
from .._money.amounts import SUMMING, decimal_mark, exact_sum, number_or_text, parse_amount_with_currency, rounded_to
from .._money.currencies import CURRENCIES, currency_code, minor_digits
from .._money.sums import GroupedSums, Line
from .csv_layout import Failure, Layout, is_amount
from .fields import FIELDS, MONEY, NUMBERS
from .total_rows import is_total_label, may_mention_total, mentions_total, without_sum_words


class Lines:
    """The lines of one pass over a document, and their sums."""

    def __init__(self, layout: Layout, decimal: str, failure: Failure) -> None:
        self.layout = layout
        self.decimal = decimal
        self.sums = GroupedSums(partial(plain_amount, decimal=decimal))
        # The row in which the file may be cut.
        self.open = 0
        # Whether a line has told what it is for.
        self.told = False
        # The total row that nothing says to be one: it has to be the last.
        self.unsaid = 0
        self._failure = failure
        # A sign beside an amount that may mean several currencies: all have to be the same.
        self._sign: str | None = None
        # What total rows have confirmed so far, by currency.
        self._compared: dict[str | None, Decimal] = {}
        # The last line and the one before it, and the row of the last: 0 when a total row came after it.
        self._place = 0
        self._last: Sequence[str] = ()
        self._previous: Sequence[str] = ()

    def read(self, number: int, rows: Iterable[list[str]]) -> Iterator[Line]:
        """The lines of these rows, each looked at closely and added to the sums."""
        layout = self.layout
        for place, row in enumerate(rows, number):
            if not any(map(str.strip, row)):
                continue
            if any(map(str.strip, row[layout.width :])):
                raise self._failure(f"row {place} has {len(row)} values for {layout.width} headings.", row=place)
            cells = [*row, *repeat("", layout.width - len(row))]
            if self._is_total(place, cells):
                self._place = 0
                continue
            self._check_whole(place, row)
            if self.unsaid:
                raise self._doubt(self.unsaid)
            self.told = self.told or self._tells(cells)
            line = self._line(place, cells)
            self.sums.add(line)
            self.keep(place, cells)
            yield line

    def keep(self, place: int, cells: Sequence[str]) -> None:
        """Note the last line."""
        self._previous, self._last, self._place = self._last, cells, place

    def end(self) -> None:
        """Refuse a last line that no known word says to be a total, if it could be one: it lacks what others have."""
        lacks = any(before.strip() and not cell.strip() for before, cell in zip(self._previous, self._last))
        if not (self._place and lacks):
            return
        line = self._line(self._place, self._last)
        before = self._sum_before_last(line)
        if line["total"] and before is not None and _says(line["total"], line["currency"], [before]):
            raise self._doubt(self._place)

    def _sum_before_last(self, line: Line) -> Decimal | None:
        """What the lines before the last one add up to, None where that is not known or they are less than two."""
        self.sums.fold()
        own = self.sums.totals[line["currency"]]
        parts = [(own.value, own.lines), (SUMMING.minus(line["total"] or Decimal(0)), -1)]
        currency = self.layout.fields.get("currency")
        if own.lines == 1 and (currency is None or not self._last[currency].strip()):
            # Where it names no currency it may be the total of all.
            parts = [(one.value, one.lines) for one in self.sums.totals.values() if one is not own]
        values = [value for value, _lines in parts if value is not None]
        if len(values) < len(parts) or sum(lines for _value, lines in parts) < 2:
            return None
        return exact_sum(values)

    def _check_whole(self, place: int, row: Sequence[str]) -> None:
        layout = self.layout
        if len(row) < layout.least:
            raise self._failure(
                f"row {place} is cut short: it has {len(row)} of {layout.width} values. Download it again.",
                CutShortError,
                row=place,
            )
        if place == self.open:
            raise self._failure(
                f"ends in row {place} amid {layout.headings[len(row) - 1].strip()!r}, without a line break, and may"
                " be cut short. Download it again; if it is whole, end it in a line break.",
                row=place,
            )

    def _line(self, place: int, cells: Sequence[str]) -> Line:
        line: Line = dict.fromkeys(FIELDS)
        marks = set()
        for field, index in self.layout.fields.items():
            text = cells[index].strip()
            if text and field in MONEY:
                line[field], mark = self._money(place, field, text)
                marks.add(mark)
            elif text and field in NUMBERS and not self._may_be_either(text):
                line[field] = number_or_text(text, self.decimal)
            else:
                line[field] = text or None
        line["currency"] = self._agreed(place, currency_code(line["currency"] or "") or self.layout.currency, marks)
        line["extra"] = {heading: cells[index].strip() or None for heading, index in self.layout.extra.items()}
        return line

    def _may_be_either(self, text: str) -> bool:
        """Whether the comma of a number may be a decimal mark or group thousands: it stays text then."""
        return self.layout.decimal is None and self.decimal == "." and decimal_mark((text,)) == (",", False)

    def _money(self, place: int, field: str, text: str) -> tuple[Decimal, str | None]:
        try:
            return parse_amount_with_currency(text, self.decimal)
        except ValueError as error:
            heading = self.layout.heading(field)
            raise self._failure(
                f"row {place}, column {heading!r}: {abbreviated(text)} cannot be read ({error}).",
                row=place,
                column=heading,
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
                raise self._failure(f"row {place} has amounts in {known} and in {mark}.", row=place)
        return currency

    def _tells(self, cells: Sequence[str]) -> bool:
        """Whether a row tells what it is for."""
        return any(cells[index].strip() for index in self.layout.what)

    def _is_total(self, place: int, cells: Sequence[str]) -> bool:
        """Whether a row is a total of lines before it. Where that cannot be told for certain, it is an error."""
        total = self.layout.fields["total"]
        texts = [cell.strip() for index, cell in enumerate(cells) if index != total and cell.strip()]
        hints = list(filter(mentions_total, texts)) if may_mention_total("\n".join(texts)) else []
        if not hints and (not self.told or self._tells(cells)):
            return False
        label = any(map(is_total_label, hints))
        text = cells[total].strip()
        if label and not text:
            text = next(filter(is_amount, reversed(texts)), "")
        if not text:
            return label
        value, currency = self._value(place, cells, text)
        before = self._sums_before(currency)
        matches = _says(value, currency, before)
        only_amounts = self._has_only_amounts(cells)
        if before and not matches and (label or only_amounts):
            heading = self.layout.heading("total")
            raise self._failure(
                f"row {place}, column {heading!r}: this total row says {value}, but the lines before it"
                f" add up to {before[0]}. The file is not whole, or not what it seems: download it again.",
                row=place,
                column=heading,
            )
        if not (label or matches and self._is_unlabelled_total(place, cells, hints, only_amounts)):
            return False
        if before:
            self._compared[currency] = before[0]
        return True

    def _value(self, place: int, cells: Sequence[str], text: str) -> tuple[Decimal, str | None]:
        """What a total row says, and in which currency."""
        value, mark = self._money(place, "total", text)
        column = self.layout.fields.get("currency")
        currency = None if column is None else currency_code(cells[column])
        return value, self._agreed(place, currency or self.layout.currency, [mark])

    def _sums_before(self, currency: str | None) -> list[Decimal]:
        """What a total row may say: the sum of all lines, or of those since the last one. Nothing when unknown."""
        self.sums.fold()
        totals = self.sums.totals
        several = [totals[currency]] if currency in totals else totals.values()
        values = [one.value for one in several if one.value is not None]
        if len(values) < len(several):
            return []
        total = exact_sum(values)
        return [total, exact_sum((total, self._compared.get(currency, Decimal(0)).copy_negate()))]

    def _has_only_amounts(self, cells: Sequence[str]) -> bool:
        """Whether a row says nothing but amounts, and maybe their currency."""
        currency = self.layout.fields.get("currency")
        return not any(
            cell.strip() and (index in self.layout.texts or not is_amount(cell))
            for index, cell in enumerate(cells)
            if index != currency
        )

    def _is_unlabelled_total(self, place: int, cells: Sequence[str], hints: Sequence[str], only_amounts: bool) -> bool:
        """Whether a row without a label, that says what the lines before it add up to, is their total."""
        if not any(set("123456789").intersection(cells[index]) for index in self.layout.money):
            return False
        groups: dict[str, set[t.Any]] = {
            "product": {key[0] for key in self.sums.products},
            "customer_id": {key[0] for key in self.sums.customers},
            "customer_name": {key[1] for key in self.sums.customers},
            "item_type": {key[0] for key in self.sums.item_types},
        }
        if hints and all(any(hint in names for names in groups.values()) for hint in hints):
            # The lines of a product or customer with such a name.
            return False
        fields = self.layout.fields
        lacks = [
            field
            for field, names in groups.items()
            if field in fields and not cells[fields[field]].strip() and None not in names
        ]
        known = {str(name).casefold() for names in groups.values() for name in names if name}
        of_groups = lacks and all(without_sum_words(hint).casefold() in known for hint in hints)
        if not (of_groups if hints else only_amounts and len(lacks) > 1):
            raise self._doubt(place)
        if not hints:
            self.unsaid = place
        return True

    def _doubt(self, place: int) -> DocumentError:
        return self._failure(
            f"row {place} could be a line, or the total of the lines before it, which it is equal to. Ask for the bill"
            " as json.",
            row=place,
        )


def plain_amount(text: str, decimal: str) -> Decimal:
    """The amount that a text says, without a currency beside it."""
    value, mark = parse_amount_with_currency(text, decimal)
    if mark:
        raise ValueError("its currency has to be compared")
    return value


def _says(value: Decimal, currency: str | None, sums: Iterable[Decimal]) -> bool:
    """Whether a total row says one of these sums, maybe rounded."""
    digits = max(minor_digits(currency), -int(value.as_tuple().exponent))
    return value in [rounded_to(one, digits) for one in sums]
