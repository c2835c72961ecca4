# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A CSV document as rows of texts, and its bytes."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .notation import Notation, either
from .truth import AMOUNTS, NUMBERS, Bill, Line

if t.TYPE_CHECKING:
    from random import Random

AKAMAI = {
    **{"product": "PRODUCT", "product_id": "PRODUCT_ID", "description": "ITEM_DESC", "item_type": "ITEM_TYPE"},
    **{"start_date": "ITEM_START_DATE", "end_date": "ITEM_END_DATE", "units": "ITEM_UNITS"},
    **{"unit_price": "ITEM_UNIT_PRICE", "total": "ITEM_TOTAL", "services": "ITEM_TOTAL_SERVICES"},
    **{"taxes": "ITEM_TOTAL_TAXES", "currency": "INVOICE_CURRENCY"},
    **{"customer_id": "END_CUSTOMER_ACCOUNT_ID", "customer_name": "END_CUSTOMER_ACCOUNT_NAME"},
}
PLAIN = {
    **{"product": ["Product", "Product Name"], "product_id": ["Product ID"]},
    **{"description": ["Description"], "item_type": ["Charge Type", "Type"]},
    **{"start_date": ["From", "Start Date"], "end_date": ["To", "End Date"]},
    **{"units": ["Quantity", "Units"], "unit_price": ["Unit Price", "Rate"]},
    **{"total": ["Total", "Amount", "Cost", "Total Cost"], "services": ["Services"], "taxes": ["Tax", "Taxes"]},
    **{"customer_id": ["Account ID", "Customer ID"], "customer_name": ["Account Name", "Customer Name"]},
    "currency": ["Currency"],
}
Row = list[str]


@dataclass
class Sheet:
    """Rows before the headings, headings, rows of lines and others, rows after; and how they are written."""

    columns: list[str]
    """The field of each column, or any other name."""
    headings: Row
    body: list[Row]
    notation: Notation = field(default_factory=Notation)
    delimiter: str = ","
    before: list[Row] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)
    newline: str = "\r\n"
    ends: bool = True
    """Whether a line end follows the last row."""
    quotes: bool = False
    """Whether every cell is quoted."""
    encoding: str = "utf-8"

    def row(self, **cells: str) -> Row:
        """A row with these cells, else empty."""
        return [cells.get(name, "") for name in self.columns]

    def line(self, line: Line) -> Row:
        """The row of a line."""
        return self.row(**{name: self.cell(line, name) for name in self.columns})

    def cell(self, line: Line, name: str) -> str:
        """One value of a line as it is written here."""
        value = getattr(line, name, None)
        if value is None:
            return ""
        if name == "units":
            return f"{value:f}"
        return self.notation.write(value, line.currency) if name in NUMBERS else str(value)

    def add_column(self, name: str, heading: str, cells: t.Sequence[str], place: int | None = None) -> None:
        """One more column, last or at a place."""
        place = len(self.columns) if place is None else place
        self.columns.insert(place, name)
        self.headings.insert(place, heading)
        for row, cell in zip(self.body, cells):
            row.insert(place, cell)

    @property
    def rows(self) -> list[Row]:
        """All rows in the order of the file."""
        return [*self.before, self.headings, *self.body, *self.after]

    def text(self) -> str:
        """The document as text."""
        return self.newline.join(map(self._joined, self.rows)) + (self.newline if self.ends else "")

    def content(self) -> bytes:
        """The document as bytes."""
        return self.text().encode(self.encoding)

    def _joined(self, row: Row) -> str:
        return self.delimiter.join(map(self._quoted, row))

    def _quoted(self, cell: str) -> str:
        if self.quotes or self.delimiter in cell or any(mark in cell for mark in '"\r\n'):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def headings_for(chance: Random, bill: Bill, *, code: bool = False) -> dict[str, str]:
    """A heading for each field, of Akamai's own or of a usual kind; with ``code``, the total's names the currency."""
    if not code and chance.random() < 0.3:
        return dict(AKAMAI)
    found = {name: chance.choice(several) for name, several in PLAIN.items()}
    letters = chance.choice((str, str, str.upper, str.lower))
    found = {name: letters(heading) for name, heading in found.items()}
    if code and bill.currency:
        found |= {name: f"{found[name]} ({bill.currency})" for name in AMOUNTS}
    return found


def sheet_of(
    chance: Random,
    bill: Bill,
    *,
    delimiter: str = ",",
    notation: Notation | None = None,
    code: bool | None = None,
    currency_column: bool = False,
) -> Sheet:
    """The bill as a sound table; its total's heading names the currency or (``code`` is false) does not."""
    code = chance.random() < 0.5 if code is None else code
    headings = headings_for(chance, bill, code=code)
    columns = [*bill.fields, *(["currency"] if currency_column else [])]
    if chance.random() < 0.3:
        columns = chance.sample(columns, len(columns))
    sheet = Sheet(columns, [headings[name] for name in columns], [], notation or either(chance, delimiter), delimiter)
    sheet.newline = chance.choice(("\r\n", "\n"))
    sheet.quotes = chance.random() < 0.2
    sheet.body = [sheet.line(line) for line in bill.lines]
    return sheet
