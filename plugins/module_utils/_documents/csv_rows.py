# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The rows of a CSV document one by one: what each is, and the lines among them."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from .._errors import DocumentError, abbreviated
from .._money.amounts import PARSING, detect_decimal_mark, is_amount, number_or_text, parse_amount_with_currency
from .._money.currencies import CURRENCIES, currencies_of, parse_currency
from .._money.sums import GROUP_KEYS, Line
from .csv_layout import Failure, Layout, is_repeated
from .fields import FIELDS, MONEY, NUMBERS, normalize
from .relations import Rivals
from .total_rows import Kind, is_tax_label, is_total_label, mentions_total

OPTIONAL = ("services", "taxes")
# What ends a report or a page: its row is no line, even in a document of two columns.
_FOOTER = re.compile(r"(?i)page\b|thank|end of\b|\W*$|.*[.!*]$|.*\b(?:generated|printed|confidential)\b")
# An amount at the end of a label in one cell.
_AMOUNT_BEHIND = re.compile(r"(.*?[^\W\d_])[ :=]+([^\w\s]*[A-Z]{0,3} ?[-(]?[0-9][0-9.,' ]*[.,][0-9]+\)?)")


class Reading(t.NamedTuple):
    """What one row is: a line, a row with an amount (``held``) that may be a total, or neither, and passed over.

    ``partial`` lines lack a text that lines have, ``sparse`` ones quantity, price and ID.
    """

    cells: list[str]
    line: Line | None = None
    held: str = ""
    kind: Kind | None = None
    mentions: bool = False
    partial: bool = False
    sparse: bool = False
    is_footer: bool = False


class RowReader:
    """Reads rows of one document by its layout and decimal mark. ``unreadable`` are parts that are null throughout."""

    def __init__(
        self, layout: Layout, decimal: str, failure: Failure, advice: str, unreadable: Mapping[str, str] | None = None
    ) -> None:
        self.layout = layout
        self.decimal = decimal
        self.unreadable = dict(unreadable or layout.unreadable)
        self._failure = failure
        self._advice = advice
        # Signs that can mean several currencies: all have to be the same.
        self._sign: str | None = None
        fields = layout.fields
        groups = (fields[name] for name in GROUP_KEYS[:-1] if name in fields)
        # Where a label is looked for in rows that have all that lines have.
        self.named_columns = layout.labels if self.is_poor else sorted({*layout.naming, *layout.measuring[:1], *groups})
        self._heading = normalize(layout.heading("total"))
        numbers = {*MONEY, *NUMBERS, "unit_measure", "start_date", "end_date"}
        self._names = set(layout.labels).difference(fields[name] for name in numbers.intersection(fields))
        self._rivals = Rivals(layout, decimal, failure) if layout.columns.alternatives else None

    @property
    def is_poor(self) -> bool:
        """Whether the lines have one text and an amount alone: nothing but words shows what a total is."""
        return not self.layout.measuring and len(self.layout.naming) <= 1

    def padded(self, number: int, row: Sequence[str]) -> list[str]:
        """The cells of a row, one for each heading. Raises DocumentError."""
        layout = self.layout
        if any(map(str.strip, row[layout.width :])):
            raise self._failure(f"row {number} has more values than headings. Download the file again.", row=number)
        return [*row[: layout.width], *[""] * (layout.width - len(row))]

    def read(self, number: int, row: Sequence[str]) -> Reading:
        """What a row is. Rows with equal cells are the same. Raises DocumentError."""
        cells = self.padded(number, row)
        if self._is_ignored(row, cells):
            return Reading(cells, is_footer=self._is_footer(cells))
        kind, mentions = self._kind_of(cells)
        is_short = len(row) <= self.layout.fields["total"]
        if is_short:
            # Such as a summary in two columns below the table.
            kind = kind or "lacking"
        if kind and (text := self.held_amount(row, cells)):
            return Reading(cells, held=text, kind=kind, mentions=mentions)
        if is_short:
            raise self._failure(
                f"row {number} ends before its total: it has {len(row)} of {self.layout.width} values. {self._advice}",
                row=number,
            )
        line = self.line(number, cells)
        partial = not all(cells[index].strip() for index in self.layout.describing)
        return Reading(cells, line, mentions=mentions, partial=partial, sparse=self._is_sparse(cells))

    def _is_ignored(self, row: Sequence[str], cells: Sequence[str]) -> bool:
        """Whether a row is blank, the headings once more, or one text without an amount: a footer or a title."""
        filled = [index for index, cell in enumerate(cells) if cell.strip()]
        total = cells[self.layout.fields["total"]].strip()
        if not filled or (normalize(total) == self._heading and is_repeated(row, self.layout.headings)):
            return True
        if total or any(is_amount(cells[index]) for index in filled):
            return False
        texts = [cells[index].strip() for index in filled]
        if any(is_total_label(text) for text in texts):
            return True
        complete = self.is_poor and len(row) == self.layout.width and filled == list(self.layout.naming)
        return len(filled) == 1 and (not complete or bool(_FOOTER.match(texts[0])))

    def held_amount(self, row: Sequence[str], cells: Sequence[str]) -> str:
        """The text of the amount of a row that may be a total: it can stand in another column than the lines'."""
        layout = self.layout
        total = layout.fields["total"]
        if cells[total].strip():
            return cells[total].strip()
        filled = [cell.strip() for cell in cells if cell.strip()]
        amounts = [cell for cell in filled if is_amount(cell)]
        labelled = any(map(mentions_total, filled)) or len(filled) == 2
        if len(amounts) == 1 and labelled and (len(row) <= total or any(map(is_total_label, filled))):
            return amounts[0]
        if len(filled) == 1 and mentions_total(filled[0]) and (match := _AMOUNT_BEHIND.fullmatch(filled[0][:200])):
            return match[2].strip()
        return ""

    def _kind_of(self, cells: Sequence[str]) -> tuple[Kind | None, bool]:
        """How a row may be a total, None if it has what lines have; and whether it mentions a total."""
        layout = self.layout
        described = [bool(cells[index].strip()) for index in layout.naming]
        lacks = bool(described) and not any(described) if layout.described_by_any else not all(described)
        # A row that has all that lines have is a line, whatever other columns say.
        is_sparse = self._is_sparse(cells)
        columns = layout.labels if lacks or is_sparse else self.named_columns
        texts = [cells[index].strip() for index in columns if cells[index].strip()]
        mentions = any(map(mentions_total, texts))
        if mentions and any(map(is_total_label, texts)):
            return "label", True
        # What all lines have counts too where a row says to be a total.
        if lacks and not any(cells[index].strip() for index in self._names):
            return "nameless", mentions
        if lacks or (mentions and (is_sparse or not all(cells[index].strip() for index in layout.usual))):
            return "lacking", mentions
        if not self.is_poor:
            return None, mentions
        return "mention" if mentions else "weak" if any(
            is_tax_label(cells[index]) for index in layout.naming
        ) else None, mentions

    def _is_sparse(self, cells: Sequence[str]) -> bool:
        """Whether a row lacks the quantity, price and ID that lines have."""
        return bool(self.layout.measuring) and not any(cells[index].strip() for index in self.layout.measuring)

    @staticmethod
    def _is_footer(cells: Sequence[str]) -> bool:
        """Whether a row of one text is the end of a report or of a page, and not the start of a line."""
        texts = [cell.strip() for cell in cells if cell.strip()]
        return len(texts) != 1 or bool(_FOOTER.match(texts[0])) or is_total_label(texts[0])

    def amount_of(self, number: int, cells: Sequence[str], text: str) -> tuple[Decimal, str | None]:
        """What a held row says, and in which currency. Raises DocumentError."""
        value, mark = self._money(number, "total", text)
        return value, self._currency(number, cells, [mark])

    def line(self, number: int, cells: Sequence[str], total: str | None = None) -> Line:
        """A row in the vocabulary of lines; ``total`` is its amount where that is in another column."""
        line: Line = dict.fromkeys(FIELDS)
        marks: list[str | None] = []
        for field, index in self.layout.fields.items():
            text = cells[index].strip() or (total if field == "total" else None) or ""
            if text and field in MONEY:
                line[field], mark = self._part(number, field, text)
                marks.append(mark)
            elif text and field in NUMBERS and not self._is_ambiguous(text):
                line[field] = number_or_text(text, self.decimal)
            else:
                line[field] = text or None
        line["currency"] = self._currency(number, cells, marks)
        line["extra"] = {heading: cells[index].strip() or None for heading, index in self.layout.columns.extra.items()}
        if self._rivals and line["total"] is not None:
            self._rivals.compare(number, cells, line)
        return line

    def _part(self, number: int, field: str, text: str) -> tuple[Decimal | None, str | None]:
        """An amount; one of an optional column that cannot be read makes its part null, and not the total."""
        if field in self.unreadable:
            return None, None
        try:
            return self._money(number, field, text)
        except DocumentError as error:
            if field not in OPTIONAL:
                raise
            problem = str(error)[len(str(error.details["path"])) + 2 :]
            self.unreadable[field] = f"{problem} So {field} is null."
            return None, None

    def _money(self, number: int, field: str, text: str) -> tuple[Decimal, str | None]:
        try:
            return parse_amount_with_currency(text, self.decimal)
        except ValueError as error:
            heading = self.layout.heading(field)
            raise self._failure(
                f"row {number}, column {heading!r}: {abbreviated(text)} cannot be read ({error}). Name another column"
                f" with the option columns, such as columns: {{{field}: ...}}. {self._advice}",
                row=number,
                column=heading,
            ) from None

    def _is_ambiguous(self, text: str) -> bool:
        """Whether the comma of a number may be a decimal mark or group thousands: it stays text then."""
        return self.decimal == "." and self.layout.delimiter != "," and detect_decimal_mark((text,)) == (",", False)

    def _currency(self, number: int, cells: Sequence[str], marks: Iterable[str | None]) -> str | None:
        """The currency of a row. Raises DocumentError where two speak of different ones."""
        layout = self.layout
        stated = layout.columns.currency or layout.noted_currency
        code = None
        if (index := layout.fields.get("currency")) is not None:
            code = self._code(number, index, cells)
            for other in layout.columns.other_currencies:
                self._agree(number, code, self._code(number, other, cells))
        self._agree(number, stated, code)
        currency = code or layout.currency
        for mark in filter(None, (layout.columns.sign, *marks)):
            meant = currencies_of(mark)
            if currency in CURRENCIES and (code or stated):
                if currency not in meant:
                    raise self._contradiction(number, currency, mark)
            elif len(meant) == 1:
                (only,) = meant
                self._agree(number, currency if code or stated else None, only)
                code = currency = only
            else:
                self._sign = self._sign or mark
                self._agree(number, self._sign, mark)
        return currency

    def _code(self, number: int, index: int, cells: Sequence[str]) -> str | None:
        try:
            return parse_currency(cells[index])
        except ValueError as error:
            heading = self.layout.headings[index].strip()
            raise self._failure(
                f"row {number}, column {heading!r}: {abbreviated(cells[index].strip())} cannot be read ({error})."
                " Name another column with the option columns, such as columns: {currency: ...}.",
                row=number,
                column=heading,
            ) from None

    def _agree(self, number: int, first: str | None, second: str | None) -> None:
        if first and second and first != second:
            raise self._contradiction(number, first, second)

    def _contradiction(self, number: int, first: str | None, second: str) -> DocumentError:
        return self._failure(
            f"row {number} has amounts in {first} and in {second}. Name the columns of one currency with the option"
            " columns, such as columns: {total: ..., currency: ...}.",
            row=number,
        )


def plain_amounts(texts: Sequence[str], decimal: str) -> list[Decimal]:
    """The amounts that texts say, without a currency beside them. Raises ValueError."""
    plain = texts
    if decimal == ",":
        plain = () if any("." in text for text in texts) else [text.replace(",", ".") for text in texts]
    with suppress(ArithmeticError):
        found = list(map(PARSING.create_decimal, plain))
        if len(found) == len(texts) and all(map(Decimal.is_finite, found)):
            return found
    return [_plain_amount(text, decimal) for text in texts]


def _plain_amount(text: str, decimal: str) -> Decimal:
    value, mark = parse_amount_with_currency(text, decimal)
    if mark:
        raise ValueError("its currency has to be compared")
    return value
