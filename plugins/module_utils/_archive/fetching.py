# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Doing what a plan says, and what became of it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._api.parallel import in_parallel
from .._errors import FileError, NoDataError
from .catalogue import no_note
from .parts import Part
from .plan import TO_FETCH, Item

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from .._errors import InvoicingError
    from .archive import Archive, Download
    from .catalogue import Note
    from .entry import Entry
    from .journal import Journal

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
    archive: Archive,
    download: Download,
    due: Sequence[Item],
    contract_ids: Collection[str],
    failures: list[Failure],
    journal: Journal | None = None,
    *,
    workers: int,
    stop: bool,
) -> bool:
    """Fetch what is due, so that each item says what became of it, and save the catalogue; whether that has changed.

    What cannot be done beside single documents is added to ``failures``.
    """
    try:
        archive.marks.add({Part.of(item.entry) for item in due})
    except FileError as exc:
        for item in due:
            item.action = "untried"
        failures.append(Failure("The archive cannot be changed", exc, {}))
        return False

    def work(item: Item) -> None:
        def noted(*args: t.Any) -> None:
            item.request_id = getattr(download(*args), "value", None)

        try:
            item.entry = archive.fetch(noted, item.entry, is_new=item.action == "downloaded")
        except NoDataError as exc:
            item.action, item.reason = "missing", str(exc)

    try:
        failed, untried = in_parallel(work, due, workers=workers, stop=stop)
        for item, error in failed:
            item.action, item.error = "failed", error
        for item in untried:
            item.action = "untried"
    finally:
        changed = _save(archive, contract_ids, due, failures, journal)
    return changed


def _save(
    archive: Archive,
    contract_ids: Collection[str],
    due: Sequence[Item],
    failures: list[Failure],
    journal: Journal | None,
) -> bool:
    try:
        note = _note(journal, due)
        changed = archive.save(contract_ids, note)
        if not changed:
            # A verification, and a document that was repaired as it was.
            with archive.lock():
                note([])
        return changed
    except FileError as exc:
        about = "The catalogue could not be saved, and the next run adds the documents to it"
        failures.append(Failure(about, exc, {}))
        return False


def _note(journal: Journal | None, due: Sequence[Item]) -> Note:
    """What is noted in the journal when the catalogue is saved: what was fetched, and what was found."""
    if journal is None:
        return no_note

    def note(added: Iterable[Entry]) -> None:
        done = [item for item in due if item.action in TO_FETCH]
        for item in done:
            new = "reissued" if item.entry.replaces else "fetched"
            journal.add("repaired" if item.action == "repaired" else new, item.entry, request_id=item.request_id)
        fetched = {item.entry.key for item in done}
        for entry in sorted(added, key=lambda entry: entry.key):
            if entry.key not in fetched:
                journal.add("recovered", entry)
        journal.append()

    return note


def predict(archive: Archive, due: Sequence[Item]) -> bool:
    """Whether fetch_items() would change the catalogue, as far as it is known without fetching."""
    for item in due:
        archive.catalogue.put(item.entry)
    return archive.catalogue.is_pending()
