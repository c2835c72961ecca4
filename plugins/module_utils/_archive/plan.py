# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Which documents an archive is to have, and what is due for each: settled before anything is fetched."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

from .._errors import InvoicingError, OptionError
from .._money.amounts import to_json_number
from .catalogue import CATALOGUE, FACTS, SUMS, WORKROOM, Entry

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .._api.invoicing import Bill
    from .archive import Archive
    from .catalogue import Facts, Key

DUE = ("downloaded", "repaired")
RESERVED = frozenset(name.casefold() for name in (CATALOGUE, SUMS, WORKROOM))


@dataclass
class Task:
    """A document that was asked for.

    Its ``action`` is ``downloaded`` or ``repaired`` as long as that is due, ``skipped`` or ``missing``. After the work
    it can be ``missing``, ``failed`` or ``untried`` in their place.
    """

    entry: Entry
    action: str
    reason: str
    error: InvoicingError | None = None

    @property
    def name(self) -> str:
        """The document, for messages."""
        kind = f"{'compute ' if self.entry.source_type == 'compute' else ''}{self.entry.format}"
        version = f"version {self.entry.file_version}"
        return f"{kind} {version} of bill {self.entry.invoice_id} of {self.entry.contract_id}"

    def brief(self) -> dict[str, t.Any]:
        """Which document it is, for results."""
        names = ("contract_id", "invoice_id", "month", "format", "source_type")
        return {name: getattr(self.entry, name) for name in names}


def plan(
    archive: Archive, bills: Iterable[Bill], formats: Collection[str], source_types: Collection[str], verify: str
) -> list[Task]:
    """What the bills offer of what was asked for. Raises OptionError for paths that clash or lead out."""
    tasks: dict[Key, Task] = {}
    placed: list[Task] = []
    for bill in bills:
        facts = _facts(bill)
        versions = _versions(bill, formats, source_types)
        for (source_type, format), version in versions.items():
            key = (bill.contract_id, bill.invoice_id, source_type, format, version)
            known = archive.catalogue.entries.get(key)
            if key in tasks:
                continue
            if known is None:
                tasks[key] = _new(archive, Entry(*key, *facts, bill.month, ""))
                placed.append(tasks[key])
            else:
                tasks[key] = _known(archive, known, facts, bill.month, verify)
        # A regular document in each format is to be expected, and a usage file where nothing else was asked for.
        kind, expected = ("regular", formats) if "regular" in source_types else ("compute", ["csv"])
        for format in expected:
            if format in formats and (kind, format) not in versions:
                entry = Entry(bill.contract_id, bill.invoice_id, kind, format, 0, *facts, bill.month, "")
                tasks[entry.key] = Task(entry, "missing", "The list does not offer it.")
    _check_paths(archive, placed)
    archive.catalogue.entries |= {task.entry.key: task.entry for task in placed if task.action == "skipped"}
    _check_links(archive, [task for task in tasks.values() if task.action in DUE])
    _check_superseded(archive, tasks.keys(), verify)
    return list(tasks.values())


def _versions(bill: Bill, formats: Collection[str], source_types: Collection[str]) -> dict[tuple[str, str], int]:
    """The documents that the list offers, in the newest version of each: no other can be asked for."""
    versions: dict[tuple[str, str], int] = {}
    newest = 1
    for document in bill.documents:
        kind, format, version = document.source_type, document.format, document.file_version
        if kind == "regular":
            newest = max(newest, version)
        if format and format in formats and kind in source_types:
            versions[kind, format] = max(version, versions.get((kind, format), version))
    if "json" in formats and "regular" in source_types:
        # It can be downloaded though lists do not name it.
        versions.setdefault(("regular", "json"), newest)
    return versions


def _facts(bill: Bill) -> Facts:
    total = None if bill.invoice_total is None else to_json_number(bill.invoice_total)
    return bill.account_id, bill.invoice_type, bill.invoice_date, bill.invoice_currency, total


def _new(archive: Archive, entry: Entry) -> Task:
    """What is due for a document that the catalogue does not know."""
    entry = entry._replace(path=archive.template.path(entry._asdict()))
    if not os.path.lexists(archive.absolute(entry)):
        return Task(entry, "downloaded", "It was not there.")
    found = archive.examined(entry)
    if isinstance(found, str):
        return Task(entry, "repaired", f"The file {found}.")
    return Task(found, "skipped", "It is there.")


def _known(archive: Archive, entry: Entry, facts: Facts, month: str, verify: str) -> Task:
    """What is due for a document that the catalogue knows: it stays where it is."""
    if entry.facts != facts or entry.month is None:
        # What the list says of the bill may be newer.
        newer: dict[str, t.Any] = dict(zip(FACTS, facts))
        other_currency = entry.invoice_currency != newer["invoice_currency"]
        entry = entry._replace(**newer, month=entry.month or month)
        if other_currency and archive.flaw(entry, verify) is None:
            # The lines of a document that names no currency are in that of its bill.
            entry = archive.read(entry, archive.absolute(entry))
        archive.catalogue.entries[entry.key] = entry
    if flaw := archive.flaw(entry, verify):
        return Task(entry, "repaired", f"The file {flaw}.")
    return Task(entry, "skipped", "It is there.")


def _check_paths(archive: Archive, tasks: Collection[Task]) -> None:
    """No two documents have one path, and none that of another one's directory."""
    if not tasks:
        return
    # Names that differ in case only are one file on some systems, to which an archive may be copied.
    owners = {entry.path.casefold(): entry.key for entry in archive.catalogue.entries.values()}
    for task in tasks:
        path = task.entry.path
        if owners.setdefault(path.casefold(), task.entry.key) != task.entry.key:
            _contract_id, invoice_id, source_type, format, version = owners[path.casefold()]
            raise OptionError(
                f"path_template gives two documents one path: {path} is for the {task.name}, and for the {source_type} "
                f"{format} version {version} of bill {invoice_id}. Add the fields that tell them apart, such as "
                "{contract_id}, {invoice_id}, {file_version}, {ext} and [_compute]."
            )
        if path.partition("/")[0].casefold() in RESERVED:
            raise OptionError(f"path_template gives {path} to the {task.name}: the archive needs that name itself.")
    for directory in {os.path.dirname(task.entry.path) for task in tasks}:
        above = directory
        while above:
            if above.casefold() in owners:
                raise OptionError(f"path_template makes a directory of {above}, which is the path of a document.")
            above = os.path.dirname(above)


def _check_links(archive: Archive, tasks: Collection[Task]) -> None:
    """Nothing is written outside the archive."""
    root = os.path.realpath(archive.root)
    for directory in {os.path.dirname(task.entry.path) for task in tasks} | {WORKROOM}:
        path = os.path.normpath(os.path.join(root, directory))
        if (real := os.path.realpath(path)) != path:
            raise OptionError(
                f"{directory} in {archive.root} leads over a link, to {real}: an archive has no linked directories. "
                "Put a directory in the link's place, or link the whole archive."
            )


def _check_superseded(archive: Archive, keys: Collection[Key], verify: str) -> None:
    """Say so when an older version is damaged: the API does not serve it again."""
    newest: dict[tuple[t.Any, ...], int] = {}
    for *document, version in keys:
        newest[tuple(document)] = max(version, newest.get(tuple(document), 0))
    for (*document, version), entry in archive.catalogue.entries.items():
        if version < newest.get(tuple(document), 0) and (flaw := archive.flaw(entry, verify)):
            archive.warnings.append(f"{entry.path} {flaw}, and the API serves newer versions only: restore a backup.")
