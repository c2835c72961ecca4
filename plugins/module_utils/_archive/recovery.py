# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The catalogue of an archive, made again from the documents themselves."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t

from .._errors import FileError, counted
from .catalogue import Catalogue
from .entry import CHECKSUMS, WORK_DIRECTORY, Entry

if t.TYPE_CHECKING:
    from collections.abc import Iterator

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


def recover_catalogue(archive: Documents) -> list[str]:
    """Add the files that the catalogue does not know, as far as their paths identify them; returns warnings."""
    catalogue = archive.catalogue
    known = {entry.path for entry in catalogue.entries.values()}
    added, left = 0, []
    for path in _files(archive.root):
        if path in known:
            continue
        entry = _identify(archive.template, path)
        try:
            found = archive.inspect_file(entry) if entry else "has another path than path_template gives"
        except FileError as exc:
            found = f"cannot be read ({exc})"
        if isinstance(found, Entry):
            catalogue.entries.setdefault(found.key, found)
            added += 1
        elif path in catalogue.checksums:
            left.append(f"{path}, which {found}")
    if not catalogue.flaw:
        return []
    lost = f"{catalogue.path} {catalogue.flaw}"
    warnings = []
    if added or catalogue.is_damaged:
        warnings.append(f"{lost}: it was rebuilt with {counted(added, 'document')} found in the archive.")
    if left:
        warnings.append(
            f"{lost}, and {counted(len(left), 'document')} listed in {CHECKSUMS} cannot be added to it. "
            f"First: {left[0]}. Restore the catalogue from a backup, or run with the path_template that the documents "
            "were archived with."
        )
    return warnings


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
        month=values.get("month"),
        format=values["format"],
        source_type=values["source_type"],
        file_version=int(values["file_version"]),
        path=path,
    )


def _files(root: str) -> Iterator[str]:
    """The paths of all files below a directory, relative to it; links are not followed."""
    for directory, directories, names in os.walk(root):
        if directory == root and WORK_DIRECTORY in directories:
            directories.remove(WORK_DIRECTORY)
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), root)
