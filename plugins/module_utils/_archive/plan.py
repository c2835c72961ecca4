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
from .catalogue import BILL_FIELDS, CATALOGUE, CHECKSUMS, WORK_DIRECTORY, Entry

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .._api.invoicing import Bill
    from .archive import Archive
    from .catalogue import BillFields, Key

TO_FETCH = ("downloaded", "repaired")
RESERVED = frozenset(name.casefold() for name in (CATALOGUE, CHECKSUMS, WORK_DIRECTORY))


@dataclass
class Item:
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

    def identity(self) -> dict[str, t.Any]:
        """Which document it is, for results."""
        names = ("contract_id", "invoice_id", "month", "format", "source_type")
        return {name: getattr(self.entry, name) for name in names}


def plan(
    archive: Archive, bills: Iterable[Bill], formats: Collection[str], source_types: Collection[str], verify: str
) -> list[Item]:
    """What the bills offer of what was asked for. Raises OptionError for paths that clash or lead out."""
    items: dict[Key, Item] = {}
    placed: list[Item] = []
    for bill in bills:
        bill_fields = _bill_fields(bill)
        versions = _versions(bill, formats, source_types)
        for (source_type, format), version in versions.items():
            key = (bill.contract_id, bill.invoice_id, source_type, format, version)
            known = archive.catalogue.entries.get(key)
            if key in items:
                continue
            if known is None:
                items[key] = _new(archive, Entry(*key, *bill_fields, bill.month, ""))
                placed.append(items[key])
            else:
                items[key] = _known(archive, known, bill_fields, bill.month, verify)
        # A regular document in each format is to be expected, and a usage file where nothing else was asked for.
        kind, expected = ("regular", formats) if "regular" in source_types else ("compute", ["csv"])
        for format in expected:
            if format in formats and (kind, format) not in versions:
                entry = Entry(bill.contract_id, bill.invoice_id, kind, format, 0, *bill_fields, bill.month, "")
                items[entry.key] = Item(entry, "missing", "The list does not offer it.")
    _check_paths(archive, placed)
    archive.catalogue.entries |= {item.entry.key: item.entry for item in placed if item.action == "skipped"}
    _check_links(archive, [item for item in items.values() if item.action in TO_FETCH])
    _check_superseded(archive, items.keys(), verify)
    return list(items.values())


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


def _bill_fields(bill: Bill) -> BillFields:
    total = None if bill.invoice_total is None else to_json_number(bill.invoice_total)
    return bill.account_id, bill.invoice_type, bill.invoice_date, bill.invoice_currency, total


def _new(archive: Archive, entry: Entry) -> Item:
    """What is due for a document that the catalogue does not know."""
    entry = entry._replace(path=archive.template.render(entry._asdict()))
    if not os.path.lexists(archive.absolute(entry)):
        return Item(entry, "downloaded", "It was not there.")
    found = archive.inspect_file(entry)
    if isinstance(found, str):
        return Item(entry, "repaired", f"The file {found}.")
    return Item(found, "skipped", "It is there.")


def _known(archive: Archive, entry: Entry, bill_fields: BillFields, month: str, verify: str) -> Item:
    """What is due for a document that the catalogue knows: it stays where it is."""
    if entry.bill_fields != bill_fields or entry.month is None:
        # What the list says of the bill may be newer.
        newer: dict[str, t.Any] = dict(zip(BILL_FIELDS, bill_fields))
        other_currency = entry.invoice_currency != newer["invoice_currency"]
        entry = entry._replace(**newer, month=entry.month or month)
        if other_currency and archive.flaw(entry, verify) is None:
            # The lines of a document that names no currency are in that of its bill.
            entry = archive.with_totals(entry, archive.absolute(entry))
        archive.catalogue.entries[entry.key] = entry
    if flaw := archive.flaw(entry, verify):
        return Item(entry, "repaired", f"The file {flaw}.")
    return Item(entry, "skipped", "It is there.")


def _check_paths(archive: Archive, items: Collection[Item]) -> None:
    """No two documents have one path, and none that of another one's directory."""
    if not items:
        return
    # Names that differ in case only are one file on some systems, to which an archive may be copied.
    owners = {entry.path.casefold(): entry.key for entry in archive.catalogue.entries.values()}
    for item in items:
        path = item.entry.path
        if owners.setdefault(path.casefold(), item.entry.key) != item.entry.key:
            _contract_id, invoice_id, source_type, format, version = owners[path.casefold()]
            raise OptionError(
                f"path_template gives two documents one path: {path} is for the {item.name}, and for the {source_type} "
                f"{format} version {version} of bill {invoice_id}. Add the fields that tell them apart, such as "
                "{contract_id}, {invoice_id}, {file_version}, {ext} and [_compute]."
            )
        if path.partition("/")[0].casefold() in RESERVED:
            raise OptionError(f"path_template gives {path} to the {item.name}: the archive needs that name itself.")
    for directory in {os.path.dirname(item.entry.path) for item in items}:
        above = directory
        while above:
            if above.casefold() in owners:
                raise OptionError(f"path_template makes a directory of {above}, which is the path of a document.")
            above = os.path.dirname(above)


def _check_links(archive: Archive, items: Collection[Item]) -> None:
    """Nothing is written outside the archive."""
    root = os.path.realpath(archive.root)
    for directory in {os.path.dirname(item.entry.path) for item in items} | {WORK_DIRECTORY}:
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
