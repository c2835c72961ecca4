# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the first rows of a CSV document show: its dialect, its columns, its currency, and what its lines have."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from .._errors import DocumentError
from .._money.amounts import is_amount
from .._money.currencies import CURRENCIES
from .columns import ambiguous_parts, list_headings, match_columns
from .fields import MONEY, NUMBERS, Columns, is_unknown, match_headings, normalize
from .total_rows import mentions_total

# Makes the error that names the document.
Failure = Callable[..., DocumentError]
Rows = list[list[str]]

DELIMITERS = ",;\t|"
MAX_HEADINGS_ROW = 100
MAX_HEADINGS = 1000
MAX_SAMPLE_ROWS = 2000
_CURRENCY_NOTE = re.compile(r"(?i:\bcurrency\b|\bamounts?(?: are)? in\b)\W{0,9}([A-Z]{3})\b")
_DECIMALS = re.compile(r"\d[.,]\d")
# What a line is for, and what was used: a row without what lines have of these may be a total.
_DESCRIBING = ("product", "description", "product_id", "item_type")
_MEASURING = ("units", "unit_price", "product_id")


@dataclass(frozen=True)
class Layout:
    """Where the rows of a document have what.

    ``first_row`` is the number of rows up to the headings, and ``preamble`` are those before them. ``naming`` are the
    columns that say what a line is for (lines fill all of them, or one where ``described_by_any``), ``measuring`` those
    of quantities and prices, if lines fill them, and ``describing`` those of ``naming`` and of all other texts that
    lines fill. ``labels`` are all columns that can hold the label of a total, ``usual`` those that each line fills.
    """

    delimiter: str
    preamble: Rows
    headings: list[str]
    columns: Columns
    currency: str | None
    noted_currency: str | None
    naming: tuple[int, ...] = ()
    describing: tuple[int, ...] = ()
    measuring: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    usual: tuple[int, ...] = ()
    described_by_any: bool = False
    # Sentences about parts that are null, by field.
    unreadable: Mapping[str, str] = field(default_factory=dict)
    # Columns that hold no amounts with decimals so far, and that could be the total if they do further below.
    unproven: frozenset[int] = frozenset()

    @property
    def first_row(self) -> int:
        return len(self.preamble) + 1

    @property
    def width(self) -> int:
        return len(self.headings)

    @property
    def fields(self) -> dict[str, int]:
        return self.columns.fields

    def heading(self, field: str) -> str:
        """The heading of a field, as the document has it."""
        return self.headings[self.fields[field]].strip()


def detect_layout(
    sample: str, source_type: str, currency: str | None, given: Mapping[str, str], failure: Failure, advice: str
) -> Layout:
    """The layout in which the most headings are known.

    ``currency`` counts when the document names none. ``given`` are the headings that the option ``columns`` gives, and
    ``advice`` is what else can be done.
    """
    best: tuple[tuple[int, int], str, int, Rows] = ((0, 0), "", 0, [])
    guess: list[str] = []
    for delimiter in [char for char in DELIMITERS if char in sample] or [","]:
        rows = _split(sample, delimiter)
        for number, row in enumerate(rows[:MAX_HEADINGS_ROW]):
            columns = _as_headings(row, given)
            if columns and (rank := (len(columns.fields), sum(map(bool, row)))) > best[0]:
                best = (rank, delimiter, number, rows)
        guess = max([guess, *rows[:MAX_HEADINGS_ROW]], key=len)
    _rank, delimiter, number, rows = best
    if not rows:
        raise _no_headings(guess, source_type, given, failure)
    headings = rows[number]
    if len(headings) > MAX_HEADINGS:
        raise failure(
            f"has {len(headings)} headings in row {number + 1}, and up to {MAX_HEADINGS} are read. Delete the"
            " columns that are not needed.",
            row=number + 1,
        )
    _check_one_table(rows[:number], failure, advice)
    columns = match_headings(tuple(headings), tuple(match_columns(given, headings).items()))
    unreadable = ambiguous_parts(columns.ambiguous)
    if problem := unreadable.pop("total", None):
        raise failure(problem, headings=headings)
    lines = rows[number + 1 :][:MAX_SAMPLE_ROWS]
    columns = replace(columns, fields={name: at for name, at in columns.fields.items() if name not in unreadable})
    unproven: frozenset[int] = frozenset()
    if "total" not in given and not columns.known_layout:
        amounts = dict(_other_amounts(headings, columns, lines))
        unproven = frozenset(index for index, has_decimals in amounts.items() if not has_decimals)
        columns = replace(columns, alternatives=(*columns.alternatives, *sorted(amounts.keys() - unproven)))
    layout = Layout(delimiter, rows[:number], headings, columns, currency, None, unreadable=unreadable)
    return _with_what_lines_have(replace(layout, unproven=unproven), lines)


def has_decimals(text: str) -> bool:
    """Whether a text is an amount with decimals, as amounts of money are."""
    return bool(_DECIMALS.search(text)) and is_amount(text)


def _other_amounts(headings: Sequence[str], columns: Columns, rows: Rows) -> Iterator[tuple[int, bool]]:
    """The columns right of the total of no known name that hold nothing but amounts, and whether some have decimals."""
    for index in range(columns.fields["total"] + 1, len(headings)):
        if index not in {*columns.fields.values(), *columns.alternatives} and is_unknown(headings[index]):
            texts = [row[index].strip() for row in rows if len(row) > index and row[index].strip()]
            if all(map(is_amount, texts)):
                yield index, any(map(has_decimals, texts))


def _split(sample: str, delimiter: str) -> Rows:
    rows: Rows = []
    # What is wrong is found, and placed, when all is read.
    with suppress(csv.Error):
        rows.extend(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True))
    return rows


def _as_headings(row: Sequence[str], given: Mapping[str, str]) -> Columns | None:
    """The columns of a row that can be the headings: they have a total, and no amounts."""
    places: dict[str, int] = {}
    if given:
        try:
            places = match_columns(given, row)
        except ValueError:
            return None
    if any(cell[:60].strip("'\"$€£( -")[:1].isdigit() for cell in row):
        return None
    columns = match_headings(tuple(row), tuple(places.items()))
    fields = columns.fields
    if "total" not in fields or (row[fields["total"]].strip() in CURRENCIES and "currency" in fields):
        # Such as a note: Currency: USD
        return None
    return columns


def _no_headings(guess: Sequence[str], source_type: str, given: Mapping[str, str], failure: Failure) -> DocumentError:
    try:
        match_columns(given, guess)
    except ValueError as error:
        return failure(f"has {error}", headings=guess)
    found = f"The headings found are {list_headings(guess)}." if guess else "The file is empty."
    return failure(
        f"no column could be identified as the total. {found} A {source_type} CSV needs a heading such as ITEM_TOTAL,"
        " Total, Total (USD), Amount or Cost, or the option columns, such as columns: {total: Extended}.",
        headings=guess,
    )


def _check_one_table(before: Rows, failure: Failure, advice: str) -> None:
    """Headings among the rows before the headings, with amounts below, are those of another table."""
    for number, row in enumerate(before):
        columns = _as_headings(row, {})
        index = columns.fields["total"] if columns else 0
        if columns and any(is_amount(cell) for later in before[number:] for cell in later[index : index + 1]):
            raise failure(
                f"holds two tables: the headings in row {len(before) + 1} and others, with amounts, in row"
                f" {number + 1}. Split the tables into files, or name a heading of the right one with the option"
                f" columns, such as columns: {{total: {before[number][index].strip()}}}. {advice}",
                row=number + 1,
            )


def _with_what_lines_have(layout: Layout, rows: Rows) -> Layout:
    """The layout with the currency that the rows show, and with the columns that half of the rows or more fill."""
    columns = layout.columns
    if "currency" not in columns.fields and (index := _find_currency(columns, rows)) is not None:
        # A column of nothing but codes is the currency, whatever its name.
        extra = {heading: place for heading, place in columns.extra.items() if place != index}
        columns = replace(columns, fields={**columns.fields, "currency": index}, extra=extra)
    fields, total = columns.fields, columns.fields["total"]
    others = {total, fields.get("currency"), *columns.alternatives, *columns.adjustments}
    labels = [index for index in range(layout.width) if index not in others]
    with_amount = [row for row in rows if len(row) > total and row[total].strip()]
    candidates = [
        row for row in with_amount if not any(mentions_total(row[index]) for index in labels if index < len(row))
    ]
    candidates = candidates or with_amount

    def share(index: int) -> float:
        filled = sum(1 for row in candidates if len(row) > index and row[index].strip())
        return filled / len(candidates) if candidates else 1

    def filled(index: int) -> bool:
        return share(index) >= 0.5

    names = _DESCRIBING[:2] if {"product", "description"} & fields.keys() else _DESCRIBING
    numbers = {fields.get(field) for field in (*MONEY, *NUMBERS)}
    texts = [index for index in labels if filled(index) and index not in numbers]
    naming = [fields[field] for field in names if field in fields and filled(fields[field])]
    described_by_any = columns.known_layout or not naming
    naming = naming or texts
    measuring = [fields[field] for field in _MEASURING if field in fields and filled(fields[field])]
    if columns.known_layout:
        measuring = []
    noted = _noted_currency(layout.preamble)
    return replace(
        layout,
        columns=columns,
        currency=columns.currency or noted or layout.currency,
        noted_currency=noted,
        naming=tuple(naming),
        describing=tuple(naming if columns.known_layout else dict.fromkeys((*naming, *texts))),
        measuring=tuple(measuring),
        labels=tuple(labels),
        usual=tuple(index for index in labels if share(index) == 1),
        described_by_any=described_by_any,
    )


def _find_currency(columns: Columns, rows: Rows) -> int | None:
    """The first column of which half of the cells or more are codes of currencies: the others are errors then."""
    for index in columns.extra.values():
        cells = [cell for row in rows if len(row) > index and (cell := row[index].strip())]
        codes = [cell.upper() for cell in cells if cell.upper() in CURRENCIES]
        # Words of English that are codes too.
        if codes and 2 * len(codes) >= len(cells) and not {*codes} <= {"ALL", "TOP", "TRY", "CUP", "MOP"}:
            return index
    return None


def _noted_currency(preamble: Iterable[Iterable[str]]) -> str | None:
    text = "\n".join(" ".join(row) for row in preamble)
    return next((code for code in _CURRENCY_NOTE.findall(text) if code in CURRENCIES), None)


def is_repeated(row: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether a row is the headings once more, as on each page of a report."""
    return [normalize(cell) for cell in row if cell.strip()] == [normalize(cell) for cell in headings if cell.strip()]
