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
from .parts import Part
from .plan import Item

if t.TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .._errors import InvoicingError
    from .archive import Archive, Download

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
        try:
            item.entry = archive.fetch(download, item.entry, is_new=item.action == "downloaded")
        except NoDataError as exc:
            item.action, item.reason = "missing", str(exc)

    changed = False
    try:
        failed, untried = in_parallel(work, due, workers=workers, stop=stop)
        for item, error in failed:
            item.action, item.error = "failed", error
        for item in untried:
            item.action = "untried"
    finally:
        try:
            changed = archive.save(contract_ids)
        except FileError as exc:
            about = "The catalogue could not be saved, and the next run adds the documents to it"
            failures.append(Failure(about, exc, {}))
    return changed


def predict(archive: Archive, due: Sequence[Item]) -> bool:
    """Whether fetch_items() would change the catalogue, as far as it is known without fetching."""
    for item in due:
        archive.catalogue.put(item.entry)
    return archive.catalogue.is_pending()
