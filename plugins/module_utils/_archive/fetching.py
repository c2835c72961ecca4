# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Doing what a plan says, what became of it, and how a result reports it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections import Counter
from dataclasses import dataclass

from .._api.parallel import in_parallel
from .._errors import MAX_MESSAGE_LENGTH, MIN_SECRET_LENGTH, FileError, NoDataError, counted, printable
from .plan import TO_FETCH, Item

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._errors import InvoicingError
    from .archive import Archive, Download

ROOM_FOR_MORE = 40

_IDENTITY: dict[str, t.Any] = dict.fromkeys(("contract_id", "invoice_id", "month", "format", "source_type"))


@dataclass(frozen=True)
class Failure:
    """What could not be done; ``identity`` is about the document or the list, and empty for the archive itself."""

    about: str
    error: InvoicingError
    identity: Mapping[str, t.Any]

    @classmethod
    def of_list(cls, month: str, contract_id: str | None, error: InvoicingError) -> Failure:
        """A list of bills that could not be retrieved."""
        contract = f" for contract {contract_id}" if contract_id else ""
        about = f"The list of bills of {month}{contract} could not be retrieved"
        return cls(about, error, {"month": month, "contract_id": contract_id})

    def as_result(self) -> dict[str, t.Any]:
        """The failure as results show it."""
        return {**_IDENTITY, **self.identity, "msg": str(self.error), "error": self.error.details}


def fetch_items(
    archive: Archive, download: Download, items: Sequence[Item], *, workers: int, stop: bool
) -> tuple[bool, list[Failure]]:
    """Fetch what is due, so that each item says what became of it, and save the catalogue.

    Returns whether the catalogue has changed, and what could not be done beside single documents.
    """
    due = [item for item in items if item.action in TO_FETCH]
    try:
        if due:
            archive.mark_dirty()
    except FileError as exc:
        for item in due:
            item.action = "untried"
        return False, [Failure("The archive cannot be changed", exc, {})]

    def work(item: Item) -> None:
        try:
            item.entry = archive.fetch(download, item.entry)
        except NoDataError as exc:
            item.action, item.reason = "missing", str(exc)

    changed, failures = False, []
    try:
        failed, untried = in_parallel(work, due, workers=workers, stop=stop)
        for item, error in failed:
            item.action, item.error = "failed", error
        for item in untried:
            item.action = "untried"
    finally:
        try:
            changed = archive.save()
        except FileError as exc:
            about = "The catalogue could not be saved, and the next run adds the documents to it"
            failures.append(Failure(about, exc, {}))
    return changed, failures


def predict(archive: Archive, items: Sequence[Item]) -> bool:
    """Whether fetch_items() would change the catalogue, as far as it is known without fetching."""
    for item in items:
        if item.action in TO_FETCH:
            archive.catalogue.entries.setdefault(item.entry.key, item.entry)
    return bool(archive.catalogue.pending_files())


def build_result(
    archive: Archive, items: Sequence[Item], months: Sequence[str], returned: str, *, check_mode: bool
) -> dict[str, t.Any]:
    """What became of the items: lists, counts and a sentence."""
    shown = {"all": (*TO_FETCH, "skipped"), "changed": TO_FETCH, "none": ()}[returned]
    counts = Counter(item.action for item in items)
    downloaded = counted(counts["downloaded"], "document") + (" would be" if check_mode else "")
    return {
        "documents": [
            item.entry._asdict() | {"path": archive.absolute(item.entry), "action": item.action, "reason": item.reason}
            for item in items
            if item.action in shown
        ],
        "missing": [item.identity() | {"reason": item.reason} for item in items if item.action == "missing" and shown],
        "counts": {action: counts[action] for action in (*TO_FETCH, "skipped", "missing", "failed")},
        "msg": f"{' to '.join(sorted({months[0], months[-1]}))}: {downloaded} downloaded, "
        f"{counts['repaired']} repaired, {counts['skipped']} already present, {counts['missing']} not available.",
    }


def failure_result(result: Mapping[str, t.Any], items: Sequence[Item], others: Sequence[Failure]) -> dict[str, t.Any]:
    """The result of a task that has failed: what could not be done, and a message that names it; else the result."""
    failures = [
        *others,
        *(Failure(f"The {item.name}", item.error, item.identity()) for item in items if item.error),
    ]
    if not failures:
        return dict(result)
    untried = sum(item.action == "untried" for item in items)
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
