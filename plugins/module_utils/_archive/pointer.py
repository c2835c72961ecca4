# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""catalogue.json: it says which version a catalogue has, and since version 2, where its entries are."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t

from .._errors import FileError, abbreviated
from .entry import CATALOGUE, CHECKSUMS, PARTS
from .parts import existing_parts, parse_json, read_file

VERSION = 2
# It is complete as soon as catalogue.json says so: until then, what a killed run has written of it does not count.
POINTER = {"version": VERSION, "documents": f"{PARTS}/*/*.jsonl"}


def read_pointer(root: str) -> tuple[int, t.Any, bytes | None, str | None]:
    """The version of a catalogue, what catalogue.json says, its bytes, and what is wrong with it.

    The version is 0 if there is no catalogue that can be used. Raises FileError, also for a later version.
    """
    path = os.path.join(root, CATALOGUE)
    content = read_file(path)
    flaw = "is not there"
    if content is not None:
        try:
            parsed = parse_json(content)
            version, documents = parsed["version"], parsed["documents"]
            if version not in (1, VERSION):
                raise FileError(
                    f"{path} has version {abbreviated(version)}, and this release of the collection reads versions 1 "
                    f"and {VERSION}: update the collection on this machine.",
                    path=path,
                )
            if version == 1 and not isinstance(documents, list):
                raise TypeError("documents is not a list")
        except (ValueError, TypeError, KeyError, RecursionError) as exc:
            flaw = f"is damaged ({abbreviated(str(exc))})"
        else:
            if version == 1 or not _has_lost_parts(root):
                return version, parsed, content, None
            flaw = "has lost its parts"
    return VERSION if existing_parts(root) else 0, None, content, flaw


def _has_lost_parts(root: str) -> bool:
    try:
        return os.path.getsize(os.path.join(root, CHECKSUMS)) > 0 and not existing_parts(root)
    except OSError:
        return False
