# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""REGULAR and COMPUTE CSV: one loop over its rows, which adds up lines and keeps what may be none for the end."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import islice

from .._errors import DocumentError, abbreviated, printable
from .._money.amounts import detect_decimal_mark, is_amount
from .._money.currencies import minor_digits
from .._money.sums import GroupedSums, Line
from .csv_layout import detect_layout
from .csv_loop import Analysis, RowLoop
from .csv_rows import RowReader
from .document import Document
from .fields import MONEY
from .total_rows import HeldRow, TotalRowDetector

_SAMPLE_SIZE = 65536


class CsvDocument(Document):
    """A CSV document. Its rows are counted as a spreadsheet counts them: the first is 1, blank ones count."""

    def __init__(
        self,
        path: str,
        currency: str | None,
        content: bytes | None = None,
        source_type: str = "regular",
        columns: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(path, currency, content, columns)
        with self._open_text("") as text:
            sample = text.read(_SAMPLE_SIZE)
        json = "Use the JSON document of the bill, or compare" if source_type == "regular" else "Compare"
        self._advice = f"{json} this file with the PDF."
        self._layout = detect_layout(sample, source_type, currency, self.columns, self.error, self._advice)
        self.currency = self._layout.currency

    def lines(self) -> Iterator[Line]:
        analysis = self._analysis
        reader = RowReader(self._layout, self._decimal, self.error, self._advice, analysis.unreadable)
        with self._rows() as rows:
            for number, row in enumerate(rows, self._layout.first_row + 1):
                if number not in analysis.left_out and any(row):
                    yield reader.line(number, reader.padded(number, row), analysis.amounts.get(number))

    def sums(self) -> GroupedSums:
        return self._analysis.sums

    @cached_property
    def _analysis(self) -> Analysis:
        """All rows, once more where it turns out that another column could be the total."""
        loop = self._run()
        if loop.rivals:
            columns = self._layout.columns
            columns = replace(columns, alternatives=(*columns.alternatives, *sorted(loop.rivals)))
            self._layout = replace(self._layout, columns=columns, unproven=frozenset())
            loop = self._run()
        if row := loop.find_rollup():
            raise self._may_be_rollup(row)
        loop.finish()
        if not (end := self._last_bytes()).endswith((b"\n", b"\r", b"\x1a")):
            self._check_end(loop, quoted=end.endswith(b'"'))
        analysis = loop.analysis
        self.warnings = list(analysis.unreadable.values())
        self.ignored_rows = loop.ignored
        for part in analysis.unreadable:
            getattr(analysis.sums, part).clear()
        return analysis

    def _run(self) -> RowLoop:
        """Go through all rows once."""
        layout = self._layout
        reader = RowReader(layout, self._decimal, self.error, self._advice)
        way_out = "If lines have more, such as a quantity, name its column with the option columns, such as columns:"
        detector = TotalRowDetector(
            self.error,
            layout.heading("total"),
            self._advice,
            layout.naming,
            f"{way_out} {{units: Quantity}}. " if reader.is_poor else "",
        )
        loop = RowLoop(reader, detector, self.error, self._advice)
        loop.hold_preamble()
        with self._rows() as rows:
            loop.run(rows)
        return loop

    def _may_be_rollup(self, row: HeldRow) -> DocumentError:
        layout = self._layout
        heading = next(layout.headings[index].strip() for index in layout.describing if not row.cells[index].strip())
        return self.error(
            f"row {row.number}, column {layout.heading('total')!r}: {row.value} equals the sum of other lines, and it"
            f" lacks {abbreviated(heading)}, so the row may be a line or their total. If each line has one, say so with"
            f" the option columns, such as columns: {{description: {printable(heading, 60)}}}. {self._advice}",
            row=row.number,
            column=layout.heading("total"),
        )

    @cached_property
    def _decimal(self) -> str:
        """The decimal mark, which all amounts together show. Raises DocumentError."""
        layout = self._layout
        columns = [layout.fields[field] for field in MONEY if field in layout.fields]
        code = layout.fields.get("currency")
        # The currencies of amounts with a mark, and of those without one.
        marked: set[str | None] = set()
        unmarked: set[str | None] = set()

        def texts() -> Iterator[str]:
            with self._rows() as rows:
                for row in rows:
                    for index in columns:
                        text = row[index].strip() if index < len(row) else ""
                        if text and is_amount(text):
                            named = row[code].strip() if code is not None and code < len(row) else ""
                            (marked if set(text) & {".", ","} else unmarked).add(named or layout.currency)
                            yield text

        try:
            mark, certain = detect_decimal_mark(texts())
            digits = {minor_digits(one) for one in marked}
            if mark == layout.delimiter and digits == {0}:
                # Amounts without decimals, in quotes because of the commas between their thousands.
                mark = "."
            elif mark and not certain and (digits != {3} or marked & unmarked):
                # An amount of three minor digits always has them; else 1,234 may be much or little.
                raise ValueError(f"{mark!r} could be a decimal mark or group thousands")
        except ValueError as error:
            raise self.error(
                f"the amounts in column {layout.heading('total')!r} after row {layout.first_row} cannot be read for"
                f" certain: {error}. An amount with decimals would decide. Another column of amounts can be named with"
                f" the option columns, such as columns: {{total: Extended}}. {self._advice}",
                column=layout.heading("total"),
            ) from None
        return mark or "."

    @contextmanager
    def _rows(self) -> Iterator[Iterator[list[str]]]:
        """The rows after the headings."""
        first = self._layout.first_row
        with self._open_text("") as text:
            reader = csv.reader(text, delimiter=self._layout.delimiter, skipinitialspace=True, strict=True)
            try:
                yield islice(reader, first, None)
            except csv.Error as error:
                place = "ends inside quotes" if "end of data" in str(error) else "is not CSV"
                raise self.error(f"line {reader.line_num} {place} ({error}). {self._advice}") from error

    def _last_bytes(self) -> bytes:
        """The end of the file, without the zeros of UTF-16."""
        with self._open() as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4))
            return file.read().rstrip(b"\0")

    def _check_end(self, loop: RowLoop, quoted: bool) -> None:
        """Refuse a last amount without quotes that is not as long as those before it, and a last word."""
        layout, (number, cells) = self._layout, loop.last
        if loop.last_text:
            raise self.error(
                f"ends inside row {loop.last_text}, without a final line end, so it may be truncated. Download it"
                " again; if it is complete, add the line end.",
                row=loop.last_text,
            )
        if quoted or not loop.ends_in_line:
            return
        filled = [index for index, cell in enumerate(cells[: layout.width]) if cell.strip()]
        unfinished = loop.is_short or filled[-1:] < [layout.fields["total"]]
        money = [layout.fields[field] for field in MONEY if field in layout.fields]
        if not filled or (filled[-1] not in money and not unfinished):
            return
        digits = [
            len(text.rstrip(" )-").partition(self._decimal)[2])
            for text in (*self._first_amounts(filled[-1]), cells[filled[-1]])
        ]
        if unfinished or digits[-1] < max(1, minor_digits(layout.currency) or 0, *digits):
            heading = layout.headings[filled[-1]].strip()
            raise self.error(
                f"ends inside row {number}, column {heading!r}, without a final line end, so it may be truncated."
                " Download it again; if it is complete, add the line end.",
                row=number,
                column=heading,
            )

    def _first_amounts(self, index: int) -> Iterator[str]:
        """The first amounts of a column."""
        with self._rows() as rows:
            for row in islice(rows, 1000):
                if len(row) > index and row[index].strip() and is_amount(row[index]):
                    yield row[index]
