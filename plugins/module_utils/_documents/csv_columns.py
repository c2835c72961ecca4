# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Many rows of a CSV document added up at once, column by column."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat

from .._money.currencies import currency_code
from .._money.sums import GROUP_KEYS
from .csv_rows import Lines, plain_amount
from .total_rows import may_mention_total

Columns = list[Sequence[str]]

# The currency is looked at by itself.
_GROUPS = GROUP_KEYS[:-1]


def add_columns(number: int, rows: Sequence[Sequence[str]], lines: Lines) -> bool:
    """Add rows to the sums of the lines before them; false, and nothing added, when they need a closer look."""
    if len(set(map(len, rows))) != 1:
        return False
    columns: Columns = list(zip(*rows))
    layout = lines.layout
    if len(columns) < layout.width or any(map(any, columns[layout.width :])) or lines.unsaid:
        return False
    if _may_have_total(columns, lines):
        return False
    fields = layout.fields
    codes: set[str | None] = {layout.currency}
    currencies: Iterable[str | None] = repeat(layout.currency)
    if "currency" in fields:
        currencies = named = columns[fields["currency"]]
        if any(code != currency_code(code) or may_mention_total(code) for code in set(named)):
            return False
        codes = set(named)
    if lines.decimal == "," and not _with_points(columns, lines):
        return False
    totals = columns[fields["total"]]
    if not all(totals):
        return False
    groups = (columns[fields[field]] if field in fields else repeat(None) for field in _GROUPS)
    lines.sums.add_many(zip(*groups, currencies), totals)
    for part in ("services", "taxes"):
        for code in codes if part in fields else ():
            texts = columns[fields[part]]
            if len(codes) > 1:
                texts = list(compress(texts, map(code.__eq__, currencies)))
            lines.sums.add_part(part, code, texts)
    for place, row in enumerate(rows[-2:], number + len(rows) - 2):
        lines.keep(place, row)
    return True


def _may_have_total(columns: Columns, lines: Lines) -> bool:
    """Whether one of the rows may be a total: it says so, or it does not tell what it is for as others do."""
    layout = lines.layout
    notes: Iterable[int] = layout.notes
    if "product" in layout.fields and all(columns[layout.fields["product"]]):
        lines.told = True
    else:
        notes = range(layout.width)
        what = [columns[index] for index in layout.what]
        if any(all(map(str.strip, column)) for column in what):
            lines.told = True
        elif lines.told or any(map(str.strip, chain.from_iterable(what))):
            # The first to tell nothing may be a total.
            return True
    return any(may_mention_total("\n".join(columns[index])) for index in notes)


def _with_points(columns: Columns, lines: Lines) -> bool:
    """Write the amounts with a decimal point; false when one cannot be read."""
    try:
        for index in lines.layout.money:
            columns[index] = [text and str(plain_amount(text, ",")) for text in columns[index]]
    except ValueError:
        return False
    return True
