# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents on disk as lines and totals: the one file that knows all kinds."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from decimal import Decimal

from .._errors import DocumentError, NotABillError
from .._money.amounts import rounded_difference, to_json_number
from .._money.sums import GroupedSums
from .._money.totals import _AMOUNTS, _GROUPS, Totals, _entries
from .document import Document


def read_document(
    path: str,
    format: str,
    source_type: str = "regular",
    *,
    currency: str | None = None,
    content: bytes | None = None,
    columns: Mapping[str, str] | None = None,
) -> Document:
    """Open a document on disk. Iterating over it gives its lines; ``currency`` counts when it names none itself.

    The file is not read when its ``content`` is at hand. ``columns`` are the headings of fields, as ``parse_columns``
    gives them.
    """
    # Each is imported when it is needed: a module compiles what it imports on each run.
    if format == "json":
        from .json_document import JsonDocument

        return JsonDocument(path, currency, content, columns)
    if format == "csv":
        from .csv_document import CsvDocument

        return CsvDocument(path, currency, content, source_type, columns)
    raise DocumentError(f"{path}: no lines can be read from {format}; ask for the bill as json or csv.", path=path)


def document_totals(
    path: str,
    format: str,
    source_type: str = "regular",
    bill_total: Decimal | None = None,
    currency: str | None = None,
    content: bytes | None = None,
    invoice_id: int | None = None,
    columns: Mapping[str, str] | None = None,
) -> Totals:
    """The totals of a document on disk; a DocumentError where they cannot be read for certain.

    ``bill_total`` and ``currency`` are what the list of bills says: the total to compare with, and the currency of a
    document that names none. The file is not read when its ``content`` is at hand. A document that says to be of
    another bill than ``invoice_id`` raises NotABillError.
    Besides the keys of totals it has ``ignored_rows``, ``encoding`` and ``warnings``.
    """
    document = read_document(path, format, source_type, currency=currency, content=content, columns=columns)
    return totals_of(document, bill_total, currency, source_type, invoice_id)


def totals_or_error(path: str, format: str, source_type: str, **options: t.Any) -> tuple[Totals | None, str | None]:
    """What document_totals() gives, or why a document that is kept all the same has no totals. Raises NotABillError."""
    try:
        return document_totals(path, format, source_type, **options), None
    except NotABillError:
        raise
    except DocumentError as exc:
        return None, str(exc)


def totals_of(
    document: Document,
    bill_total: Decimal | None = None,
    currency: str | None = None,
    source_type: str = "regular",
    invoice_id: int | None = None,
) -> Totals:
    """The totals of one document that is open, which is not read again for its lines; as ``document_totals``."""
    sums = document.sums()
    if invoice_id is not None and document.invoice_id not in (None, str(invoice_id)):
        raise document.error(
            f"has the invoice ID {document.invoice_id}, not {invoice_id}."
            " Run again, or name the invoice ID of this document.",
            NotABillError,
        )
    if not sums.totals:
        sums.totals[document.currency].add(Decimal(0), 0)
    entries = _entries(sums)
    only = entries[0] if len(entries) == 1 else {}
    found = None
    if bill_total is not None:
        # Amounts in another currency than the bill's say nothing about it.
        same = [one for code, one in sums.totals.items() if currency in (None, code) or code is None]
        if len(same) == 1 and same[0].value is not None and (currency or only):
            found = rounded_difference(same[0].value, bill_total, currency or only["currency"], source_type)
    return {
        **{key: only.get(key) for key in ("currency", *_AMOUNTS)},
        "lines": sum(entry["lines"] for entry in entries),
        **{name: [one for entry in entries for one in entry[name]] for name in _GROUPS},
        "by_currency": [{key: entry[key] for key in ("currency", *_AMOUNTS, "lines")} for entry in entries],
        "reconciled": None if found is None else not found,
        "difference": None if found is None else to_json_number(found),
        "ignored_rows": document.ignored_rows,
        "encoding": document.encoding,
        "warnings": document.warnings,
    }


def documents_totals(documents: Iterable[Document]) -> list[Totals]:
    """The totals of several documents added up, one entry for each currency."""
    sums = GroupedSums()
    for document in documents:
        empty = True
        for line in document.lines():
            sums.add(line)
            empty = False
        if empty:
            sums.totals[document.currency].add(Decimal(0), 0)
    sums.flush()
    return _entries(sums)
