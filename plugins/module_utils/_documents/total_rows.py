# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Rows that may be the total of lines: by what they say, by what they lack, and by what they are equal to.

A row is a line or it is explained. A row that lacks what lines have, or that says to be a total, is held until the end
of the document. If it equals the sum of lines before or after it, it is their total and left out. If it equals none,
it is a line only where a later total includes it; else it is an error, as is a row that could be either.
"""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .._errors import DocumentError
from .._money.amounts import SUMMING, exact_sum, rounded_to
from .._money.currencies import CURRENCIES, minor_digits

# A nameless row says nothing at all about what it is for.
Kind = t.Literal["label", "lacking", "nameless", "mention", "weak"]
# The sum of the lines so far by currency, None where it is not known, and their number.
Snapshot = dict[t.Optional[str], tuple[t.Optional[Decimal], int]]

MAX_HELD_ROWS = 10000
_MAX_LABEL = 200
_SUM_WORDS = frozenset(
    """
    total totals subtotal subtotals grandtotal sum due balance payable amount amounts
    gesamt gesamtbetrag gesamtsumme summe zwischensumme totale totaux importe
    """.split()  # noqa: SIM905
)
_TAX_WORDS = frozenset(("net", "gross", "vat", "gst", "tax", "taxes"))
# A cell of these words alone and one for a sum says nothing but that its row is a total.
_LABEL_WORDS = _TAX_WORDS | frozenset(
    """
    sub grand overall invoice bill statement account new current usage estimated monthly month this charge charges cost
    costs fees to pay before after excl excluding incl including ex inc with without item items line lines and of the in
    all services montant
    """.split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+")
_MENTIONS = tuple(
    (word.rstrip("s?"), re.compile(rf"\b{word}\b"))
    for word in ("sum", "due", "balance", "payable", "amounts?", "totaux", "importe")
) + (("gesamt", re.compile(r"\bgesamt")), ("summe", re.compile(r"summe\b")))
_TAX_MENTIONS = tuple((word.rstrip("s?"), re.compile(rf"\b{word}\b")) for word in sorted(_TAX_WORDS))


def may_mention_total(text: str, taxes: bool = False) -> bool:
    """Whether much text could mention a total somewhere, or ``taxes``; a quick look that misses none."""
    text = text.lower()
    words = _MENTIONS + _TAX_MENTIONS if taxes else _MENTIONS
    return "total" in text or any(word in text and pattern.search(text) for word, pattern in words)


def is_total_label(text: str) -> bool:
    """Whether a cell says nothing but that its row is a total, as ``Total excl. VAT`` and ``Amount due (USD)`` do."""
    words = _words(text)
    others = [word for word in words if word not in _SUM_WORDS]
    return len(others) < len(words) and all(word in _LABEL_WORDS or word.upper() in CURRENCIES for word in others)


def mentions_total(text: str) -> bool:
    """Whether a cell speaks of a total, be it a label or the name of a product."""
    words = _words(text)
    return any("total" in word for word in words) or bool(_SUM_WORDS.intersection(words[:1] + words[-1:]))


def is_tax_label(text: str) -> bool:
    """Whether a cell says nothing but that its row is before, after or for taxes, as ``Net`` and ``VAT 19 %`` do."""
    words = _words(text)
    return bool(_TAX_WORDS.intersection(words)) and all(word in _LABEL_WORDS for word in words)


def _words(text: str) -> tuple[str, ...]:
    """The words of a cell; none for what is too long for a label, or is data."""
    return () if len(text) > _MAX_LABEL or text[:1] in "[{" else _words_of_label(text)


@lru_cache(maxsize=2048)
def _words_of_label(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


@dataclass(frozen=True)
class HeldRow:
    """A row that may be a total: its number and cells, its amount, and the sums of the lines before it."""

    number: int
    cells: Sequence[str]
    value: Decimal
    currency: str | None
    kind: Kind
    mentions: bool
    before: Snapshot


class TotalRowDetector:
    """Holds the rows that may be totals, and decides at the end of the document which are."""

    def __init__(
        self,
        failure: Callable[..., DocumentError],
        heading: str,
        advice: str,
        describing: Sequence[int],
        way_out: str = "",
    ) -> None:
        self._failure = failure
        self._heading = heading
        self._advice = advice
        self._way_out = way_out
        self._describing = describing
        self._held: list[HeldRow] = []

    def hold(self, row: HeldRow) -> None:
        """Keep a row until all lines are known."""
        if len(self._held) == MAX_HELD_ROWS:
            raise self._error(
                row.number, f"this is one of more than {MAX_HELD_ROWS} rows that lack what other lines have"
            )
        self._held.append(row)

    def resolve(self, end: Snapshot) -> tuple[set[int], list[HeldRow]]:
        """The numbers of the rows that are totals, and the rows that are lines after all. Raises DocumentError."""
        totals: set[int] = set()
        lines: list[HeldRow] = []
        by_currency: dict[str | None, list[HeldRow]] = {}
        for row in self._held:
            by_currency.setdefault(_currency_of(row, end), []).append(row)
        for currency, rows in by_currency.items():
            self._resolve(currency, rows, end, totals, lines)
        self._check_parts(totals)
        return totals, sorted(lines, key=lambda row: row.number)

    def _resolve(
        self, currency: str | None, rows: list[HeldRow], end: Snapshot, totals: set[int], lines: list[HeldRow]
    ) -> None:
        """Decide about the rows of one currency, which are in the order of the document."""
        known = [_sum_of(row.before, currency, end) for row in rows]
        last = _sum_of(end, currency, end)
        if last is None or None in known:
            self._without_sums(rows, totals)
            return
        sums = _RunningSums(t.cast("list[Decimal]", [*known, last]), currency)
        # Rows that are lines if a later total includes them, each with its index, and their sum.
        open_rows: list[tuple[int, HeldRow]] = []
        open_sum = Decimal(0)
        for index, row in enumerate(rows):
            if sums.explains(index, row.value) or (not row.value and row.kind != "label"):
                if row.kind == "mention" and row.value:
                    raise self.ambiguous(row.number, row.value)
                if open_rows and row.value:
                    self._check_open(open_rows[-1][1], row)
                totals.add(row.number)
            elif open_rows and sums.explains(index, row.value, open_sum):
                if len(open_rows) == 1 and row.value == open_sum and _look_alike(row, open_rows[0][1]):
                    # Such as taxes of two rates: two lines of one amount, or one and its total.
                    raise self.ambiguous(row.number, row.value)
                sums.include(open_sum)
                lines += [one for _index, one in open_rows]
                open_rows, open_sum = [], Decimal(0)
                totals.add(row.number)
            elif row.kind in ("label", "mention", "nameless"):
                raise self._not_the_sum(row, sums.before(index))
            else:
                open_rows.append((index, row))
                open_sum = SUMMING.add(open_sum, row.value)
            sums.passed(index)
        for index, row in open_rows:
            if row.kind != "weak":
                raise self._not_the_sum(row, sums.before(index))
            lines.append(row)

    def _check_open(self, row: HeldRow, total: HeldRow) -> None:
        """A total that leaves out an amount before it contradicts that this is a line."""
        if total.before != row.before or total.kind == "label":
            raise self._error(row.number, f"{row.value} is not part of the total in row {total.number}")

    def _check_parts(self, totals: set[int]) -> None:
        """Totals without a label that each say what the other lacks may be a group and its only line."""
        parts = {
            frozenset(index for index in self._describing if row.cells[index].strip()): row
            for row in self._held
            if row.number in totals and row.value and not row.mentions
        }
        by_size = sorted(parts, key=len)
        for fewer, more in zip(by_size, by_size[1:]):
            if not fewer <= more:
                row = max(parts[fewer], parts[more], key=lambda row: row.number)
                raise self.ambiguous(row.number, row.value)

    def _without_sums(self, rows: list[HeldRow], totals: set[int]) -> None:
        """Where a line has no amount, only rows that say nothing but total are certain."""
        for row in rows:
            if row.kind != "label":
                raise self._error(
                    row.number, f"{row.value} may be a line or a total, and a line without an amount leaves that open"
                )
            totals.add(row.number)

    def _not_the_sum(self, row: HeldRow, before: Decimal) -> DocumentError:
        if row.kind == "label" or row.mentions:
            return self._error(
                row.number, f"this total row says {row.value}, but the lines before it add up to {before}"
            )
        return self._error(
            row.number,
            f"{row.value} may be a line or a total: the row lacks what other lines have, and it is not the sum of lines"
            " before or after it",
        )

    def _error(self, number: int, problem: str, way_out: str = "") -> DocumentError:
        return self._failure(
            f"row {number}, column {self._heading!r}: {problem}. {way_out}{self._advice}",
            row=number,
            column=self._heading,
        )

    def ambiguous(self, number: int, value: Decimal) -> DocumentError:
        """The error about a row that equals the sum of other lines, and may be a line all the same."""
        problem = f"{value} equals the sum of other lines, so the row may be a line or their total"
        return self._error(number, problem, self._way_out)


class _RunningSums:
    """The sums of lines at each held row and at the end, and which sums of consecutive lines a row may state."""

    def __init__(self, points: list[Decimal], currency: str | None) -> None:
        self._points = points
        self._digits = minor_digits(currency)
        self._included = Decimal(0)
        self._starts = {Decimal(0)}
        self._since = Decimal(0)
        self._last_index = {point: index for index, point in enumerate(points)}

    def before(self, index: int) -> Decimal:
        """The sum of all lines before a held row."""
        return SUMMING.add(self._points[index], self._included)

    def explains(self, index: int, value: Decimal, more: Decimal = Decimal(0)) -> bool:
        """Whether a value is the sum of lines before or after a held row, maybe rounded, with ``more`` before it."""
        point, before = self._points[index], SUMMING.add(self.before(index), more)
        sums = [before, SUMMING.subtract(before, self._since)]
        if not value:
            # The sum of no lines at all would be zero too.
            return not all(sums) or not self._points[-1]
        if SUMMING.subtract(before, value) in self._starts:
            return True
        if not more:
            after = SUMMING.add(point, value)
            if self._last_index.get(after, -1) > index:
                return True
            end = self._points[-1]
            sums += [SUMMING.subtract(self._points[index + 1], point), SUMMING.subtract(end, point), end]
        digits = max(2 if self._digits is None else self._digits, -int(value.as_tuple().exponent))
        return any(sum_ and value == rounded_to(sum_, digits) for sum_ in sums)

    def include(self, amount: Decimal) -> None:
        """Count rows that turned out to be lines."""
        self._included = SUMMING.add(self._included, amount)

    def passed(self, index: int) -> None:
        """A held row was decided: later ones may be about the lines since then."""
        self._since = self.before(index)
        self._starts.add(self._since)


def _look_alike(row: HeldRow, other: HeldRow) -> bool:
    """Whether two rows do not differ in what they are: no label, and the same cells filled."""
    filled, other_filled = ([bool(cell.strip()) for cell in one.cells] for one in (row, other))
    return row.kind != "label" and filled == other_filled


def _currency_of(row: HeldRow, end: Snapshot) -> str | None:
    """The currency of the lines that a row is compared with; None for all of them."""
    if row.currency in end:
        return row.currency
    return next(iter(end)) if len(end) == 1 else None


def _sum_of(snapshot: Snapshot, currency: str | None, end: Snapshot) -> Decimal | None:
    """The sum of the lines in one currency, or of all where None is no currency of the document."""
    if currency in end:
        return snapshot.get(currency, (Decimal(0), 0))[0]
    values = [value for value, _lines in snapshot.values()]
    return None if None in values else exact_sum(t.cast("list[Decimal]", values))


def lines_of(snapshot: Mapping[str | None, tuple[Decimal | None, int]]) -> int:
    """The number of lines in all currencies."""
    return sum(lines for _value, lines in snapshot.values())
