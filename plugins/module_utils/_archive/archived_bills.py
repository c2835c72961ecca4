# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The bills of one or several archives, each once, by what the catalogues say of their documents."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .._api.invoicing import Bill
from .._api.selection import all_months
from .._money.totals import amount_of
from .entry import BILL_FIELDS, Entry
from .verification import CONFLICT, Problem, problem

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .inspection import Inspection

DOCUMENT_FIELDS = ("format", "source_type", "file_version", "size", "sha256", "fetched", "replaces", "totals_error")
SORTED_BY = ("source_type", "format", "file_version")


class Copy(t.NamedTuple):
    """A document in one of the archives."""

    root: str
    entry: Entry

    @property
    def path(self) -> str:
        """Where it is on this machine."""
        return f"{self.root}/{self.entry.path}"


@dataclass
class ArchivedBill:
    """A bill and its documents, from all archives that have some of them."""

    copies: list[Copy] = field(default_factory=list)

    @property
    def newest(self) -> Entry:
        """The entry that says what the list said last of the bill."""
        entries = (copy.entry for copy in self.copies)
        return max(entries, key=lambda one: (one.file_version, one.invoice_currency is not None, one.fetched or ""))

    @property
    def month(self) -> str | None:
        """The month of usage, None if no document says it."""
        return next((copy.entry.month for copy in self.copies if copy.entry.month), None)

    def as_bill(self) -> Bill:
        """The bill as the API's list describes it, to be compared with its lines. Raises DocumentError."""
        newest = self.newest
        return Bill(
            newest.account_id or "",
            newest.contract_id,
            newest.invoice_id,
            newest.invoice_type or "",
            newest.invoice_date,
            newest.invoice_due_date,
            newest.invoice_currency,
            amount_of(newest._asdict(), "invoice_total", newest.path),
            self.month or "",
            (),
        )

    def documents_with_lines(self) -> list[Entry]:
        """The documents with the lines of the bill as it is now: an older version has those of another bill."""
        newest: dict[str, int] = {}
        entries = [copy.entry for copy in self.copies if copy.entry.format != "pdf"]
        for entry in entries:
            newest[entry.source_type] = max(entry.file_version, newest.get(entry.source_type, 0))
        return [entry for entry in entries if entry.file_version == newest[entry.source_type]]

    def as_result(self) -> dict[str, t.Any]:
        """What results say of the bill and of each of its documents."""
        newest = self.newest
        known = {"contract_id": newest.contract_id, "invoice_id": newest.invoice_id, "month": self.month}
        known |= {name: getattr(newest, name) for name in BILL_FIELDS}
        return known | {"documents": [{"path": copy.path} | fields_of(copy, DOCUMENT_FIELDS) for copy in self.copies]}

    def new_since(self, time: str) -> dict[str, t.Any] | None:
        """What results say of documents that were fetched at a time (UTC) or later, None if none was."""
        new = [copy for copy in self.copies if (copy.entry.fetched or "") >= time]
        if not new:
            return None
        reissued = any(copy.entry.replaces for copy in new)
        newest = self.newest
        return {
            "contract_id": newest.contract_id,
            "invoice_id": newest.invoice_id,
            "invoice_type": newest.invoice_type,
            "month": self.month,
            "currency": newest.invoice_currency,
            "total": newest.invoice_total,
            "due_date": newest.invoice_due_date,
            "reason": "reissued" if reissued else "new" if len(new) == len(self.copies) else "repaired",
            "files": [{"path": copy.path} | fields_of(copy, ("format", "source_type", "sha256")) for copy in new],
        }


def fields_of(copy: Copy, names: Iterable[str]) -> dict[str, t.Any]:
    """Some of the fields of a document."""
    return {name: getattr(copy.entry, name) for name in names}


def collect_bills(inspections: Iterable[Inspection]) -> tuple[list[ArchivedBill], list[Problem]]:
    """The bills by month, contract and ID, each once; and documents that archives disagree about."""
    bills: dict[tuple[str, int], ArchivedBill] = {}
    first: dict[t.Any, Copy] = {}
    problems = []
    for inspection in inspections:
        for entry in inspection.entries:
            copy = Copy(inspection.root, entry)
            bills.setdefault((entry.contract_id, entry.invoice_id), ArchivedBill()).copies.append(copy)
            other = first.setdefault(entry.key, copy)
            if other.entry.sha256 != entry.sha256:
                sentence = f"{copy.path} and {other.path} are one document, and differ: compare them with the PDF."
                problems.append(problem(CONFLICT, copy.path, sentence))
    for bill in bills.values():
        bill.copies.sort(key=lambda copy: (*(getattr(copy.entry, name) for name in SORTED_BY), copy.root))
    ordered = sorted(bills.items(), key=lambda item: (item[1].month or "", *item[0]))
    return [bill for _identity, bill in ordered], problems


def missing_months(
    inspections: Iterable[Inspection], contract_ids: Iterable[str], months: Collection[str] | None
) -> dict[str, list[str]]:
    """The months without any bill, of each contract that has some.

    Without ``months`` those between its first bill and its last one, else those of ``months`` that are over, and not
    before its first. ``contract_ids`` are those that are expected, also if they have no bill.
    """
    found: dict[str, set[str]] = {contract_id: set() for contract_id in contract_ids}
    for inspection in inspections:
        for contract_id, own in inspection.months.items():
            found.setdefault(contract_id, set()).update(own)
    this_month = f"{datetime.now(timezone.utc):%Y-%m}"
    missing = {}
    for contract_id, own in sorted(found.items()):
        first = min(own, default="")
        if months is not None:
            expected: Iterable[str] = [month for month in months if first <= month < this_month]
        else:
            expected = all_months(first, max(own)) if own else ()
        missing[contract_id] = [month for month in expected if month not in own]
    return {contract_id: absent for contract_id, absent in missing.items() if absent}
