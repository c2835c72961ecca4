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

from .._errors import FileError, InvoicingError, NotABillError, OptionError
from .._files import check_path
from .._money.amounts import to_json_number
from .entry import BILL_FIELDS, CATALOGUE, RESERVED, Entry

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .._api.invoicing import Bill
    from .entry import BillFields, Key
    from .path_template import PathTemplate

TO_FETCH = ("downloaded", "repaired")


class Disk(t.Protocol):
    """What a plan asks about files, see ``Archive``. Each raises FileError."""

    def absolute(self, entry: Entry) -> str:
        """Where a document is on this machine."""

    def exists(self, entry: Entry) -> bool:
        """Whether anything is at its path."""

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


def plan(
    bills: Iterable[Bill],
    known: Mapping[Key, Entry],
    disk: Disk,
    template: PathTemplate,
    formats: Collection[str],
    source_types: Collection[str],
) -> Plan:
    """What the bills offer of what was asked for, beside the entries that are ``known``.

    Raises OptionError for paths that clash or lead outside.
    """
    items: dict[Key, Item] = {}
    for bill in bills:
        fields = _bill_fields(bill)
        versions = _versions(bill, formats, source_types)
        for (source_type, format), version in versions.items():
            key = (bill.contract_id, bill.invoice_id, source_type, format, version)
            if key in known:
                items[key] = _known(disk, template, known[key], fields, bill.month)
            else:
                entry = Entry(*key, *fields, bill.month, "")
                items[key] = _new(disk, entry._replace(path=template.render(entry._asdict())))
        for kind, format in _expected(formats, source_types):
            if (kind, format) not in versions:
                entry = Entry(bill.contract_id, bill.invoice_id, kind, format, 0, *fields, bill.month, "")
                items[entry.key] = Item(entry, "missing", "The list does not offer it.")
    new = {
        key: item
        for key, item in items.items()
        if item.action != "missing" and not (key in known and item.entry.path == known[key].path)
    }
    _check_paths(disk, [entry for key, entry in known.items() if key not in new], new.values())
    made = Plan(list(items.values()))
    made.entries = {
        key: item.entry for key, item in items.items() if item.entry.size is not None and item.entry != known.get(key)
    }
    made.warnings = [
        f"{CATALOGUE} has {known[key].path} for the {item.name}, but that is a directory: its path is now "
        f"{item.entry.path}."
        for key, item in new.items()
        if key in known
    ]
    made.warnings += _superseded(disk, known, items)
    return made


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


def _expected(formats: Collection[str], source_types: Collection[str]) -> list[tuple[str, str]]:
    """A regular document in each format, and a usage file where nothing else was asked for."""
    if "regular" in source_types:
        return [("regular", format) for format in formats]
    return [("compute", "csv")] if "csv" in formats else []


def _bill_fields(bill: Bill) -> BillFields:
    total = None if bill.invoice_total is None else to_json_number(bill.invoice_total)
    return bill.account_id, bill.invoice_type, bill.invoice_date, bill.invoice_currency, total


def _new(disk: Disk, entry: Entry) -> Item:
    """What is due for a document that the catalogue does not know."""
    try:
        if not disk.exists(entry):
            return Item(entry, "downloaded", "It was not there.")
        found = disk.inspect_file(entry)
    except FileError as exc:
        return Item(entry, "failed", str(exc), exc)
    if isinstance(found, str):
        return Item(entry, "repaired", f"The file {found}.")
    return Item(found, "skipped", "It is there.")


def _known(disk: Disk, template: PathTemplate, entry: Entry, fields: BillFields, month: str) -> Item:
    """What is due for a document that the catalogue knows: it stays where it is, unless that is a directory."""
    other_currency = False
    if entry.bill_fields != fields or entry.month is None:
        # What the list says of the bill may be newer.
        newer: dict[str, t.Any] = dict(zip(BILL_FIELDS, fields))
        other_currency = entry.invoice_currency != newer["invoice_currency"]
        entry = entry._replace(**newer, month=entry.month or month)
    try:
        flaw = disk.flaw(entry)
        # The lines of a document that names no currency are in that of its bill.
        if flaw is None and (other_currency or not disk.is_read(entry)) and disk.exists(entry):
            entry = disk.with_totals(entry)
    except NotABillError as exc:
        flaw = f"cannot be used ({exc})"
    except FileError as exc:
        path = template.render(entry._asdict())
        if path != entry.path and os.path.isdir(disk.absolute(entry)):
            return _new(disk, Entry(*entry.key, *entry.bill_fields, entry.month, path))
        return Item(entry, "failed", str(exc), exc)
    if flaw:
        return Item(entry, "repaired", f"The file {flaw}.")
    return Item(entry, "skipped", "It is there.")


def _check_paths(disk: Disk, known: Collection[Entry], items: Collection[Item]) -> None:
    """No two documents have one path, and none that of another one's directory."""
    if not items:
        return
    # Names that differ in case only are one file on some systems, to which an archive may be copied.
    owners = {entry.path.casefold(): entry.key for entry in known}
    for item in items:
        path = item.entry.path
        if owners.setdefault(path.casefold(), item.entry.key) != item.entry.key:
            _contract_id, invoice_id, source_type, format, version = owners[path.casefold()]
            raise OptionError(
                f"path_template gives two documents one path: {path} is for the {item.name}, and for the {source_type} "
                f"{format} version {version} of bill {invoice_id}. Add the fields that distinguish them, such as "
                "{contract_id}, {invoice_id}, {file_version}, {ext} and [_compute]."
            )
        if path.partition("/")[0].casefold() in RESERVED:
            raise OptionError(f"path_template gives {path} to the {item.name}: the archive needs that name itself.")
        check_path(disk.absolute(item.entry), "The path that path_template gives")
    for directory in {os.path.dirname(item.entry.path) for item in items}:
        above = directory
        while above:
            if above.casefold() in owners:
                raise OptionError(f"path_template makes a directory of {above}, which is the path of a document.")
            above = os.path.dirname(above)


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
