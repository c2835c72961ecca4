# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What is due in an archive: a decision from bills, catalogue and files, which changes none of them."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass, field

from .._errors import FileError, InvoicingError, NotABillError
from .._money.amounts import to_json_number
from .entry import BILL_FIELDS, Entry

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .._api.invoicing import Bill
    from .entry import Key
    from .path_template import PathTemplate
    from .taken_paths import TakenPaths

TO_FETCH = ("downloaded", "repaired")


class Disk(t.Protocol):
    """What a plan asks about files, see ``Archive``. Each raises FileError."""

    is_current: bool

    def absolute(self, entry: Entry) -> str:
        """Where a document is on this machine."""

    def exists(self, relative: str) -> bool:
        """Whether anything is at a path of the archive."""

    def flaw(self, entry: Entry) -> str | None:
        """Why the file is not the document that was archived."""

    def inspect_file(self, entry: Entry) -> Entry | str:
        """The entry of a file that the catalogue does not know, or its flaw."""

    def is_read(self, entry: Entry) -> bool:
        """Whether the totals of its document are known."""

    def with_totals(self, entry: Entry) -> Entry:
        """The entry with the totals of its document."""


@dataclass
class Item:
    """A document that was asked for.

    Its ``action`` is ``downloaded`` or ``repaired`` as long as that is due, ``skipped``, ``missing`` or ``failed``.
    After the work it can be ``missing``, ``failed`` or ``untried`` instead. ``error`` is set when it is ``failed``.
    """

    entry: Entry
    action: str
    reason: str
    error: InvoicingError | None = None
    request_id: str | None = None

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


@dataclass
class Plan:
    """The documents that were asked for, the ``entries`` that the catalogue does not have like that, and warnings."""

    items: list[Item] = field(default_factory=list)
    entries: dict[Key, Entry] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def due(self) -> list[Item]:
        """The items that are to be fetched."""
        return [item for item in self.items if item.action in TO_FETCH]


def plan(
    bills: Iterable[Bill],
    known: Mapping[Key, Entry],
    disk: Disk,
    template: PathTemplate,
    taken: TakenPaths,
    formats: Collection[str],
    source_types: Collection[str],
) -> Plan:
    """What the bills offer of what was asked for, beside the entries that are ``known``.

    Raises OptionError for paths that clash or lead outside.
    """
    items = _items(bills, known, disk, template, formats, source_types)
    new = {
        key: item
        for key, item in items.items()
        if item.action != "missing" and not (key in known and item.entry.path == known[key].path)
    }
    taken.check(
        (entry for key, entry in known.items() if key not in new), {item.name: item.entry for item in new.values()}
    )
    made = Plan(list(items.values()))
    made.entries = {
        key: item.entry for key, item in items.items() if item.entry.size is not None and item.entry != known.get(key)
    }
    made.warnings = [
        f"The catalogue has {known[key].path} for the {item.name}, but that is a directory: its path is now "
        f"{item.entry.path}."
        for key, item in new.items()
        if key in known
    ]
    made.warnings += _superseded(disk, known, items)
    return made


def _items(
    bills: Iterable[Bill],
    known: Mapping[Key, Entry],
    disk: Disk,
    template: PathTemplate,
    formats: Collection[str],
    source_types: Collection[str],
) -> dict[Key, Item]:
    """What is due of each document, and what is missing."""
    items: dict[Key, Item] = {}
    older: dict[tuple[t.Any, ...], list[Entry]] = {}
    for entry in known.values():
        older.setdefault(entry.key[:4], []).append(entry)
    for bill in bills:
        fields = _bill_fields(bill)
        versions = _versions(bill, formats, source_types)
        for (source_type, format), (version, created) in versions.items():
            key = (bill.contract_id, bill.invoice_id, source_type, format, version)
            if key in known:
                items[key] = _known(disk, template, known[key], fields, bill.month, created)
            else:
                replaced = [one for one in older.get(key[:4], ()) if one.file_version < version]
                before = max(replaced, key=lambda one: one.file_version).sha256 if replaced else None
                entry = Entry(*key, **fields, month=bill.month, path="", file_creation_date=created, replaces=before)
                items[key] = _new(disk, entry._replace(path=template.render(entry._asdict())))
        for kind, format in _expected(formats, source_types):
            if (kind, format) not in versions:
                entry = Entry(bill.contract_id, bill.invoice_id, kind, format, 0, **fields, month=bill.month, path="")
                items[entry.key] = Item(entry, "missing", "The list does not offer it.")
    return items


def _versions(
    bill: Bill, formats: Collection[str], source_types: Collection[str]
) -> dict[tuple[str, str], tuple[int, str | None]]:
    """The documents that the list offers, in the newest version of each: no other can be asked for.

    With the date at which the API has made each.
    """
    versions: dict[tuple[str, str], tuple[int, str | None]] = {}
    newest = 1
    for document in bill.documents:
        kind, format, version = document.source_type, document.format, document.file_version
        if kind == "regular":
            newest = max(newest, version)
        if format and format in formats and kind in source_types and version > versions.get((kind, format), (0,))[0]:
            versions[kind, format] = version, document.file_creation_date
    if "json" in formats and "regular" in source_types:
        # It can be downloaded though lists do not name it.
        versions.setdefault(("regular", "json"), (newest, None))
    return versions


def _expected(formats: Collection[str], source_types: Collection[str]) -> list[tuple[str, str]]:
    """A regular document in each format, and a usage file where nothing else was asked for."""
    if "regular" in source_types:
        return [("regular", format) for format in formats]
    return [("compute", "csv")] if "csv" in formats else []


def _bill_fields(bill: Bill) -> dict[str, t.Any]:
    total = None if bill.invoice_total is None else to_json_number(bill.invoice_total)
    return {name: getattr(bill, name) for name in BILL_FIELDS} | {"invoice_total": total}


def _new(disk: Disk, entry: Entry) -> Item:
    """What is due for a document that the catalogue does not know."""
    try:
        if not disk.exists(entry.path):
            return Item(entry, "downloaded", "It was not there.")
        found = disk.inspect_file(entry)
    except FileError as exc:
        return Item(entry, "failed", str(exc), exc)
    if isinstance(found, str):
        return Item(entry, "repaired", f"The file {found}.")
    return Item(found, "skipped", "It is there.")


def _known(
    disk: Disk, template: PathTemplate, entry: Entry, fields: dict[str, t.Any], month: str, created: str | None
) -> Item:
    """What is due for a document that the catalogue knows: it stays where it is, unless that is a directory."""
    other_currency = False
    if not disk.is_current:
        fields, created = fields | {"invoice_due_date": entry.invoice_due_date}, None
    # What the list says may be newer.
    newer = entry._replace(**fields, month=entry.month or month, file_creation_date=created or entry.file_creation_date)
    if newer != entry:
        other_currency = entry.invoice_currency != newer.invoice_currency
        entry = newer
    try:
        flaw = disk.flaw(entry)
        # The lines of a document that names no currency are in that of its bill.
        if flaw is None and (other_currency or not disk.is_read(entry)) and disk.exists(entry.path):
            entry = disk.with_totals(entry)
    except NotABillError as exc:
        flaw = f"cannot be used ({exc})"
    except FileError as exc:
        path = template.render(entry._asdict())
        if path != entry.path and os.path.isdir(disk.absolute(entry)):
            return _new(disk, Entry(*entry.key, **fields, month=entry.month, path=path))
        return Item(entry, "failed", str(exc), exc)
    if flaw:
        return Item(entry, "repaired", f"The file {flaw}.")
    return Item(entry, "skipped", "It is there.")


def _superseded(disk: Disk, known: Mapping[Key, Entry], keys: Collection[Key]) -> list[str]:
    """A sentence for each older version that is damaged: the API does not serve it again."""
    newest: dict[tuple[t.Any, ...], int] = {}
    for *document, version in keys:
        newest[tuple(document)] = max(version, newest.get(tuple(document), 0))
    warnings = []
    for (*document, version), entry in known.items():
        if version < newest.get(tuple(document), 0):
            try:
                flaw = disk.flaw(entry)
            except FileError as exc:
                flaw = f"cannot be checked ({exc})"
            if flaw:
                warnings.append(
                    f"{entry.path} {flaw}, and the API serves only newer versions of it: restore it from a backup."
                )
    return warnings
