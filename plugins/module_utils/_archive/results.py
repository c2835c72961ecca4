# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a run reports of its documents: in lists, counts, and sentences that are right for one and for many."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter

from .._errors import MAX_MESSAGE_LENGTH, MIN_SECRET_LENGTH, counted, printable
from .entry import GROUPS
from .fetching import Failure
from .parts import Part
from .plan import TO_FETCH

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .._api.invoicing import Bill
    from .archive import Archive
    from .entry import Entry
    from .months import Month
    from .plan import Item

ROOM_FOR_MORE = 40
MAX_WARNINGS = 10
PRESENT = (*TO_FETCH, "skipped")
# Why a bill is one of the new bills, the most important reason first.
REASONS = ("reissued", "new", "repaired")
NEW_BILL = (
    "contract_id",
    "invoice_id",
    "invoice_type",
    "month",
    "invoice_currency",
    "invoice_total",
    "invoice_due_date",
)


@dataclass
class Outcome:
    """What a result needs of a month whose work is done: all else of its documents is forgotten."""

    bills: list[dict[str, t.Any]]
    documents: list[dict[str, t.Any]]
    missing: list[dict[str, t.Any]]
    counts: Counter[str]
    new_bills: list[dict[str, t.Any]]
    failures: list[Failure]
    without_totals: list[str]
    present: list[str]


class Results:
    """What became of the documents, month by month.

    ``returned`` is the option. ``reconcile`` makes the rows of bills from bills and their entries.
    """

    def __init__(
        self,
        archive: Archive,
        returned: str,
        reconcile: Callable[[Sequence[Bill], Sequence[Entry]], list[dict[str, t.Any]]],
        *,
        check_mode: bool = False,
    ) -> None:
        self._archive = archive
        self._check_mode = check_mode
        self._shown = {"all": PRESENT, "changed": TO_FETCH, "none": ()}[returned]
        self._reconcile = reconcile
        self._outcomes: dict[int, Outcome] = {}

    def add(self, month: Month) -> None:
        """Add a month, of which nothing else is needed after that."""
        items = month.plan.items
        present = [item.entry for item in items if item.action in PRESENT]
        self._outcomes[month.number] = Outcome(
            bills=self._reconcile(month.bills, present),
            documents=[self._document(item) for item in items if item.action in self._shown],
            missing=[
                item.identity() | {"reason": item.reason} for item in items if item.action == "missing" and self._shown
            ],
            counts=Counter(item.action for item in items),
            new_bills=list(self._new_bills(month.bills, items)),
            failures=[Failure(f"The {item.name}", item.error, item.identity()) for item in items if item.error],
            without_totals=[entry.totals_error for entry in present if entry.totals_error],
            present=[entry.path for entry in present],
        )

    def all(self, name: str) -> list[t.Any]:
        """A list of all months, in the order of the list of bills."""
        return [one for number in sorted(self._outcomes) for one in getattr(self._outcomes[number], name)]

    @property
    def counts(self) -> Counter[str]:
        """The number of documents by what became of them."""
        return sum((outcome.counts for outcome in self._outcomes.values()), Counter())

    def checked(self, due: Sequence[Month]) -> tuple[int, int]:
        """How many documents were compared with the catalogue, with those of months that are due, and have flaws."""
        counts = self.counts + Counter(item.action for month in due for item in month.plan.items)
        return counts["skipped"] + counts["repaired"], counts["repaired"]

    def build(self, months: Sequence[str]) -> dict[str, t.Any]:
        """The lists, the counts and a sentence."""
        counts = self.counts
        downloaded = counted(counts["downloaded"], "document") + (" would be" if self._check_mode else "")
        return {
            **{name: self.all(name) for name in ("documents", "missing", "bills")},
            "new_bills": sorted(self.all("new_bills"), key=itemgetter("contract_id", "month", "invoice_id")),
            "counts": {action: counts[action] for action in (*TO_FETCH, "skipped", "missing", "failed")},
            "msg": f"{' to '.join(sorted({months[0], months[-1]}))}: {downloaded} downloaded, "
            f"{counts['repaired']} repaired, {counts['skipped']} already present, {counts['missing']} not available.",
        }

    def with_failures(self, result: Mapping[str, t.Any], others: Sequence[Failure]) -> dict[str, t.Any]:
        """The result of a task: after failures with what could not be done, and a message that names it."""
        failures = [*others, *self.all("failures")]
        if not failures:
            return dict(result)
        untried = self.counts["untried"]
        summary = counted(len(failures), "failure")
        summary += f", and {counted(untried, 'document')} not tried." if untried else "."
        return {
            **result,
            "failed": True,
            "msg": _message_of(failures, result["msg"], summary),
            "counts": {**result["counts"], "failed": len(failures)},
            "failures": [failure.as_result() for failure in failures],
            "error": failures[0].error.details,
        }

    def warnings(self, waited: float, differing: Sequence[str]) -> Iterator[str]:
        """Sentences about the run as a set, and about as many files as a reader can follow."""
        archive = self._archive
        if waited >= 1:
            yield f"Another run worked on the archive: waited {counted(round(waited), 'second')} for it."
        if not archive.kept_permissions:
            yield f"The file system of {archive.root} refuses to set permissions: files have those that it gives."
        if errors := self.all("without_totals"):
            kept = counted(len(errors), "document")
            yield f"{kept} kept without totals because the amounts cannot be read. First: {errors[0]}"
        if differing:
            several = counted(len(differing), "bill")
            yield f"For {several} the lines do not add up to the invoice total. First: {differing[0]}."
        # Documents can be read twice.
        warnings = list(dict.fromkeys(archive.warnings))
        yield from warnings[:MAX_WARNINGS]
        if (more := len(warnings) - MAX_WARNINGS) > 0:
            yield f"{counted(more, 'more warning')} of this kind."

    def _new_bills(self, bills: Sequence[Bill], items: Sequence[Item]) -> Iterator[dict[str, t.Any]]:
        """The bills of which documents are new, also if a killed run has fetched them, or were repaired."""
        reasons: dict[tuple[str, int], set[str]] = {}
        present: dict[tuple[str, int], list[Item]] = {}
        for item in items:
            if item.action in PRESENT:
                present.setdefault(item.entry.key[:2], []).append(item)
                if reason := self._reason(item):
                    reasons.setdefault(item.entry.key[:2], set()).add(reason)
        for bill in bills:
            if found := reasons.get((bill.contract_id, bill.invoice_id)):
                files = sorted(map(self._file, present[bill.contract_id, bill.invoice_id]), key=itemgetter("path"))
                reason = min(found, key=REASONS.index)
                yield {name: bill.as_result()[name] for name in NEW_BILL} | {"reason": reason, "files": files}

    def _reason(self, item: Item) -> str | None:
        if item.action == "repaired":
            return "repaired"
        catalogue, part = self._archive.catalogue, Part.of(item.entry)
        if item.action == "downloaded" or (part in self._archive.unsaved and catalogue.is_new(item.entry)):
            return "reissued" if item.entry.replaces else "new"
        return None

    def _file(self, item: Item) -> dict[str, t.Any]:
        entry = item.entry
        sha256 = None if self._check_mode and item.action in TO_FETCH else entry.sha256
        path = self._archive.absolute(entry)
        return {"path": path, "format": entry.format, "source_type": entry.source_type, "sha256": sha256}

    def _document(self, item: Item) -> dict[str, t.Any]:
        # The sums of each group have no bound: they are in the catalogue only.
        totals = item.entry.totals and [
            {name: value for name, value in one.items() if name not in GROUPS} for one in item.entry.totals
        ]
        path = self._archive.absolute(item.entry)
        return item.entry._asdict() | {"totals": totals, "path": path, "action": item.action, "reason": item.reason}


def _message_of(failures: Sequence[Failure], done: str, summary: str) -> str:
    """The failures in one message, as many as fit in it."""
    sentences = [f" {failure.about}: {failure.error}" for failure in failures]
    room = MAX_MESSAGE_LENGTH - ROOM_FOR_MORE
    message = f"{done} {summary}{sentences[0]}"
    if len(message) > room:
        # The counts say too what was done.
        message = summary + sentences[0]
    for number, sentence in enumerate(sentences[1:], 1):
        if len(message) + len(sentence) > room:
            shown = printable(message, room, MIN_SECRET_LENGTH)
            return f"{shown} See failures for the other {len(failures) - number}."
        message += sentence
    return printable(message, MAX_MESSAGE_LENGTH, MIN_SECRET_LENGTH)
