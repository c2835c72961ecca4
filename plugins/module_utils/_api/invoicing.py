# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The list of bills of the Invoicing API v4."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from .._documents.formats import FORMATS
from .._errors import MIN_SECRET_LENGTH, InvoicingError, abbreviated, counted, printable
from .._money.amounts import parse_amount, to_json_number
from .._options import check_contract_id
from .lists import get_list
from .parallel import in_parallel
from .values import parse_integer, require_text

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .._errors import ApiError
    from .selection import Selection
    from .session import Session

MAX_VALUE_LENGTH = 1000


@dataclass(frozen=True)
class OfferedDocument:
    """One file that the list offers for a bill; ``format`` is None for a content type that is not known here."""

    format: str | None
    source_type: str
    file_version: int
    file_name: str | None
    content_type: str | None
    file_creation_date: str | None


@dataclass(frozen=True)
class Bill:
    """An invoice, credit memo or debit memo, as the list describes it. Dates are the API's own text (YYYY-MM-DD)."""

    account_id: str
    contract_id: str
    invoice_id: int
    invoice_type: str
    invoice_date: str | None
    invoice_due_date: str | None
    invoice_currency: str | None
    invoice_total: Decimal | None
    month: str
    documents: tuple[OfferedDocument, ...]

    def as_result(self) -> dict[str, t.Any]:
        """The bill as results show it: only what JSON and templates know."""
        total = None if self.invoice_total is None else to_json_number(self.invoice_total)
        documents = [dict(vars(document)) for document in self.documents]
        return vars(self) | {"invoice_total": total, "documents": documents}


def list_month(
    session: Session, month: str, contract_id: str | None = None, on_bad_entry: Callable[[ApiError], None] | None = None
) -> list[Bill]:
    """The bills of a month (YYYY-MM), of one contract or of all contracts of the account.

    ``on_bad_entry`` is that of get_list(). Raises InvoicingError.
    """
    contract = f"/contracts/{contract_id}" if contract_id else ""
    path = f"/invoicing-api/v4{contract}/invoices"
    return get_list(
        session, path, lambda entry: _bill(entry, month), params={"month": month}, on_bad_entry=on_bad_entry
    )


def list_bills(
    session: Session,
    selection: Selection,
    *,
    workers: int = 1,
    on_failure: Callable[[str, str | None, InvoicingError], None] | None = None,
) -> Iterator[Bill]:
    """The bills of a selection, each once, month by month: one request for each month and contract.

    A list that cannot be retrieved, or a bill in it that cannot be read, is reported to ``on_failure`` with month and
    contract, from any thread, and the others are listed all the same. Without it, the first failure is raised: ApiError
    or TransportError.
    """
    lists = [(month, contract_id) for month in selection.months for contract_id in selection.contract_ids or (None,)]
    found: dict[tuple[str, str | None], list[Bill]] = {}

    def retrieve(each: tuple[str, str | None]) -> None:
        found[each] = list_month(session, *each, partial(on_failure, *each) if on_failure else None)

    failures, untried = in_parallel(retrieve, lists, workers=workers, stop=on_failure is None)
    if on_failure is None:
        for _each, error in failures:
            raise error
    else:
        for each, error in failures:
            on_failure(*each, error)
        for each in untried:
            others, last = counted(len(failures), "other list"), failures[-1][1]
            reason = f"The list was not requested, since {others} could not be retrieved. The last: {last}"
            on_failure(*each, InvoicingError(reason, **last.details))
    bills: dict[tuple[str, int], Bill] = {}
    for bill in (bill for each in lists for bill in found.get(each, ())):
        # The list of a contract may hold the bills of its children too, and a bill's files may come in several parts.
        first = bills.setdefault((bill.contract_id, bill.invoice_id), bill)
        if bill.documents != first.documents:
            documents = tuple(dict.fromkeys(first.documents + bill.documents))
            bills[bill.contract_id, bill.invoice_id] = replace(first, documents=documents)
    return filter(lambda bill: selection.has_type(bill.invoice_type), bills.values())


def _bill(entry: Mapping[str, t.Any], month: str) -> Bill:
    return Bill(
        account_id=_text(entry.get("accountId")) or "",
        contract_id=check_contract_id(require_text(entry["contractId"])),
        invoice_id=_positive(entry["invoiceId"], "invoiceId"),
        invoice_type=_text(entry.get("invoiceType")) or "",
        invoice_date=_text(entry.get("invoiceDate")),
        invoice_due_date=_text(entry.get("invoiceDueDate")),
        invoice_currency=_text(entry.get("invoiceCurrency")),
        invoice_total=parse_amount(entry.get("invoiceTotal")),
        month=month,
        documents=tuple(_document(file) for file in _files(entry)),
    )


def _document(file: Mapping[str, t.Any]) -> OfferedDocument:
    content_type = _text(file.get("contentType"))
    kind = (content_type or "").partition(";")[0].strip().lower()
    return OfferedDocument(
        format=next((form.name for form in FORMATS.values() if form.accept == kind), None),
        source_type=(_text(file.get("sourceType")) or "REGULAR").lower(),
        file_version=_positive(file.get("fileVersion") or 1, "fileVersion"),
        file_name=_text(file.get("fileName")),
        content_type=content_type,
        file_creation_date=_text(file.get("fileCreationDate")),
    )


def _files(entry: Mapping[str, t.Any]) -> list[t.Any]:
    files = entry.get("files") or []
    if not isinstance(files, list):
        raise TypeError(f"files: a list is expected, not {type(files).__name__}")
    return files


def _positive(value: object, key: str) -> int:
    number = parse_integer(value)
    if not number:
        raise ValueError(f"{key} {abbreviated(value)} is not a positive integer")
    return number


def _text(value: object) -> str | None:
    """A text or a number of the list as text. Raises TypeError for what is neither."""
    if value is None:
        return None
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return printable(value, MAX_VALUE_LENGTH, MIN_SECRET_LENGTH) or None
    raise TypeError(f"a text is expected, not {type(value).__name__}")
