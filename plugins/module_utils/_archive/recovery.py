# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A catalogue, or parts of it, made again from the documents themselves."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t

from .._errors import FileError, counted
from .catalogue import Catalogue
from .entry import CHECKSUMS, PARTS, WORK_DIRECTORY, Entry
from .parts import Part

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .path_template import PathTemplate

# What a path has to say for its document to be identified.
IDENTITY = frozenset(("contract_id", "invoice_id", "file_version", "format"))


class Documents(t.Protocol):
    """The part of an archive that recovery needs."""

    root: str
    template: PathTemplate
    catalogue: Catalogue

    def inspect_file(self, entry: Entry) -> Entry | str:
        """The entry of a file, or why it is not the document that it should be. Raises FileError."""


def recover(archive: Documents, lost: str | None, parts: Collection[Part] | None = None) -> list[str]:
    """Add the files that these parts do not know, as far as their paths identify them, or all files; returns warnings.

    ``lost`` says what was lost, as the beginning of a sentence; it is None after a run that was killed.
    """
    catalogue = archive.catalogue
    added, left = 0, []
    for path, entry in _unknown_files(archive, parts).items():
        try:
            found = archive.inspect_file(entry) if entry else "has another path than path_template gives"
        except FileError as exc:
            found = f"cannot be read ({exc})"
        if isinstance(found, Entry):
            catalogue.load(Part.of(found)).entries.setdefault(found.key, found)
            added += 1
        elif path in catalogue.checksums.by_path:
            left.append(f"{path}, which {found}")
    if not lost:
        return []
    warnings = []
    if added or parts or catalogue.is_damaged:
        warnings.append(f"{lost}: it was rebuilt with {counted(added, 'document')} found in the archive.")
    if left:
        warnings.append(
            f"{lost}, and {counted(len(left), 'document')} listed in {CHECKSUMS} cannot be added to it. "
            f"First: {left[0]}. Restore the catalogue from a backup, or run with the path_template that the documents "
            "were archived with."
        )
    return warnings


def _unknown_files(archive: Documents, parts: Collection[Part] | None) -> dict[str, Entry | None]:
    """The files that these parts do not know, or no part, by path, with what the path says of them."""
    catalogue = archive.catalogue
    known = {entry.path for content in catalogue.parts.values() for entry in content.entries.values()}
    files = {path: _identify(archive.template, path) for path in _files(archive.root) if path not in known}
    if parts is None:
        return files
    found: dict[str, Entry | None] = {}
    for part in parts:
        own = {path: entry for path, entry in files.items() if entry and Part.of(entry) == part}
        for other in set(catalogue.elsewhere(part, {entry.invoice_id for entry in own.values()}).values()):
            for entry in catalogue.load(other).entries.values():
                own.pop(entry.path, None)
        found |= own
    return found


def _identify(template: PathTemplate, path: str) -> Entry | None:
    """The entry that a path alone gives, None if it does not say enough."""
    values = template.parse(path)
    if values is None or not values.keys() >= IDENTITY:
        return None
    return Entry(
        account_id=values.get("account_id"),
        contract_id=values["contract_id"],
        invoice_id=int(values["invoice_id"]),
        invoice_type=values.get("invoice_type"),
        invoice_date=values.get("invoice_date"),
        invoice_currency=None,
        invoice_total=None,
        invoice_due_date=None,
        month=values.get("month"),
        format=values["format"],
        source_type=values["source_type"],
        file_version=int(values["file_version"]),
        path=path,
    )


def _files(root: str) -> Iterator[str]:
    """The paths of all files below a directory, relative to it; links are not followed."""
    for directory, directories, names in os.walk(root):
        if directory == root:
            directories[:] = [name for name in directories if name not in (WORK_DIRECTORY, PARTS)]
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), root)
