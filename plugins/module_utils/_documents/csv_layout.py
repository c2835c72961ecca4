# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the first rows of a CSV document tell: its dialect, its columns and its currency."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import re
import typing as t
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from .._errors import DocumentError
from .._money.amounts import decimal_mark
from .._money.currencies import CURRENCIES, currency_code, minor_digits
from .._money.sums import GROUP_KEYS
from .columns import list_headings, match_columns
from .fields import MONEY, NUMBERS, may_have_total, resolve

# Makes the error that names the document.
Failure = Callable[..., DocumentError]

# The digits of currencies whose amounts look like thousands.
_MILLS = 3
_CURRENCY_NOTE = r"(?i:\bcurrency\b|\bamounts?(?: are)? in\b)\W*([A-Z]{3})\b"
_DIGITS = frozenset("0123456789")
# Not what an amount is, but what looks like one and not like a word or a date.
_AMOUNT = r"[A-Z]{0,3}\W*[0-9][0-9.,' ]*\W*[A-Z]{0,3}"
# What a line is for: a row without any of these may be a total that nothing says to be one.
_WHAT = ("product", "product_id", "description", "item_type")


# A dataclass would take as long to define as a small document to read.
class Layout:
    """Where the rows of a document have what."""

    def __init__(
        self,
        delimiter: str,
        preamble: Sequence[Sequence[str]],
        headings: Sequence[str],
        currency: str | None,
        given: Mapping[str, str],
    ) -> None:
        columns = resolve(tuple(headings), tuple(match_columns(given, headings).items()))
        fields = columns.fields
        self.delimiter: t.Final = delimiter
        self.headings: t.Final = headings
        # How many rows there are before the first line.
        self.before: t.Final = len(preamble) + 1
        # How many values a row has at most, and at least.
        self.width: t.Final = len(headings)
        self.least: t.Final = max(index for index, heading in enumerate(headings, 1) if heading.strip())
        self.fields: t.Final = fields
        self.extra: t.Final = columns.extra
        self.doubtful: t.Final = columns.doubtful
        self.rivals: t.Final = columns.rivals
        self.currency: t.Final = columns.currency or _noted_currency(preamble) or currency
        # A comma separates amounts in one dialect and is part of them in another: None until the amounts tell.
        self.decimal: t.Final = "." if delimiter == "," else None
        self.what: t.Final = [fields[field] for field in _WHAT if field in fields]
        self.money: t.Final = [fields[field] for field in MONEY if field in fields]
        # Where the label of a total may stand and is not looked at as the name of a group.
        looked_at = [fields[field] for field in (*GROUP_KEYS, *MONEY) if field in fields]
        self.notes: t.Final = [index for index in range(len(headings)) if index not in looked_at]
        self.texts: t.Final = [index for field, index in fields.items() if field not in (*MONEY, *NUMBERS, "currency")]

    def heading(self, field: str) -> str:
        """The heading of a field, as the document has it."""
        return self.headings[self.fields[field]].strip()


def recognise(
    sample: str, source_type: str, currency: str | None, given: Mapping[str, str], failure: Failure
) -> Layout:
    """The layout in which the most headings are known. ``currency`` counts when the document names none.

    ``given`` are the headings of fields that the option ``columns`` gives.
    """
    best: tuple[tuple[int, int], str, list[list[str]], list[str]] = ((0, 0), "", [], [])
    guess: list[str] = []
    for delimiter in [char for char in ",;\t" if char in sample] or [","]:
        rows: list[list[str]] = []
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
        # What is wrong is found, and placed, when all is read.
        with suppress(csv.Error):
            rows.extend(islice(reader, 100))
        for number, row in enumerate(rows):
            if (fields := _as_headings(row, given)) and (rank := (len(fields), sum(map(bool, row)))) > best[0]:
                best = (rank, delimiter, rows[:number], row)
        guess = max([guess, *rows], key=len)
    _rank, delimiter, before, headings = best
    if not headings:
        if given and guess:
            try:
                match_columns(given, guess)
            except ValueError as error:
                raise failure(f"has {error}", headings=guess) from None
        found = f"The headings found are {list_headings(guess)}." if guess else "The file is empty."
        raise failure(
            f"has no column that can be told to be the total. {found} A {source_type} CSV needs a heading such as"
            " ITEM_TOTAL, Total, Total (USD), Amount or Cost; name its column with the option columns, such as"
            " columns: {total: Extended}.",
            headings=guess,
        )
    _check_one_table(before, failure)
    layout = Layout(delimiter, before, headings, currency, given)
    for field, doubtful in layout.doubtful.items():
        raise failure(
            f"several columns could be the {field}: {list_headings(doubtful)}. Name the right one"
            f" with the option columns, such as columns: {{{field}: {doubtful[0].strip()}}}."
        )
    return layout


def told_decimal(rows: Iterable[Sequence[str]], layout: Layout) -> str:
    """The decimal mark that the amounts of all rows tell. A ValueError where they leave it in doubt."""
    codes: set[str | None] = set()
    unmarked = False

    def texts() -> Iterable[str]:
        nonlocal unmarked
        code = layout.fields.get("currency")
        for row in rows:
            if len(row) >= layout.least:
                # A total row or a blank one may name none.
                if code is not None and row[code].strip():
                    codes.add(currency_code(row[code]))
                for index in layout.money:
                    unmarked = unmarked or bool(row[index].strip()) and not set(row[index]) & {".", ","}
                    yield row[index]

    mark, certain = decimal_mark(texts())
    # An amount of three minor digits always has them; else 1,234 may be much or little.
    mills = {minor_digits(code or layout.currency) for code in codes or (None,)} == {_MILLS}
    if mark and not certain and (unmarked or not mills):
        raise ValueError(f"{mark!r} could be a decimal mark or group thousands")
    return mark or "."


def is_amount(text: str) -> bool:
    """Whether a text looks like an amount."""
    # Headings seldom have a digit: a small document need not wait for the pattern to be compiled.
    return not _DIGITS.isdisjoint(text) and bool(re.fullmatch(_AMOUNT, text.strip()))


def _check_one_table(before: Sequence[Sequence[str]], failure: Failure) -> None:
    """Headings among the rows before the headings, with amounts below, are those of another table."""
    for number, row in enumerate(before):
        index = _as_headings(row, {}).get("total")
        if index is not None and any(is_amount(cell) for later in before[number:] for cell in later[index:][:1]):
            raise failure(
                f"holds two tables: the headings in row {len(before) + 1} and others, with amounts, in row"
                f" {number + 1}. Ask for the bill as json, or part the tables into files."
            )


def _as_headings(row: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
    """The column of each field, if the row can be the headings: they have a total, and no amounts."""
    if given:
        try:
            places = tuple(match_columns(given, row).items())
        except ValueError:
            return {}
        fields = resolve(tuple(row), places).fields
        return fields if "total" in fields else {}
    if may_have_total(row) and not any(map(is_amount, row)):
        fields = resolve(tuple(row)).fields
        if "total" in fields:
            return fields
    return {}


def _noted_currency(preamble: Iterable[Iterable[str]]) -> str | None:
    text = "\n".join(" ".join(row) for row in preamble)
    found = re.findall(_CURRENCY_NOTE, text) if text else []
    return next((code for code in found if code in CURRENCIES), None)
