# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""No path for two documents, in all of an archive of which a run reads a small part."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t

from .._errors import OptionError
from .._files import check_path
from .entry import RESERVED

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .entry import Entry, Key


class TakenPaths:
    """Which document has which path: names that differ in case only are one file on some systems.

    ``listed`` gives the paths in SHA256SUMS, and ``owners`` all documents by path: they are asked only where there is
    something new, and where a new path is listed.
    """

    def __init__(self, root: str, listed: Callable[[], set[str]], owners: Callable[[], dict[str, Key]]) -> None:
        self._root = root
        self._listed = listed
        self._find_owners = owners
        self._owners: dict[str, Key] = {}
        self._others: set[str] | None = None
        self._all: dict[str, Key] | None = None

    def check(self, known: Iterable[Entry], new: Mapping[str, Entry]) -> None:
        """No two documents have one path, and none that of another one's directory. Raises OptionError.

        ``new`` are the documents that get a path, by their names for messages.
        """
        if not new:
            return
        self._owners.update((entry.path.casefold(), entry.key) for entry in known)
        for name, entry in new.items():
            path = entry.path
            owner = self._owner(path)
            if owner and owner != entry.key:
                _contract_id, invoice_id, source_type, format, version = owner
                raise OptionError(
                    f"path_template gives two documents one path: {path} is for the {name}, and for the "
                    f"{source_type} {format} version {version} of bill {invoice_id}. Add the fields that distinguish "
                    "them, such as {contract_id}, {invoice_id}, {file_version}, {ext} and [_compute]."
                )
            self._owners[path.casefold()] = entry.key
            if path.partition("/")[0].casefold() in RESERVED:
                raise OptionError(f"path_template gives {path} to the {name}: the archive needs that name itself.")
            check_path(os.path.join(self._root, path), "The path that path_template gives")
        for directory in {os.path.dirname(entry.path) for entry in new.values()}:
            above = directory
            while above:
                if self._owner(above):
                    raise OptionError(f"path_template makes a directory of {above}, which is the path of a document.")
                above = os.path.dirname(above)

    def _owner(self, path: str) -> Key | None:
        folded = path.casefold()
        if self._others is None:
            self._others = self._listed()
        if folded in self._owners or folded not in self._others:
            return self._owners.get(folded)
        # The catalogue may have lost it, and then the path is free for its document.
        if self._all is None:
            self._all = self._find_owners()
        return self._all.get(folded)
