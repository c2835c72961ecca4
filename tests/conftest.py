# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lets plain pytest run in any checkout, such as from an editor: ansible-test brings its own loader of collections."""

from __future__ import annotations

import sys
from pathlib import Path

from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

ROOT = Path(__file__).resolve().parent.parent
COLLECTION = Path("ansible_collections", "edgebill", "akamai_invoicing")


def _collections_path() -> Path:
    """The folder that holds this checkout at the path that the loader wants, by a link where it has another."""
    if ROOT.parts[-3:] == COLLECTION.parts:
        return ROOT.parents[2]
    link = ROOT / ".build" / "checkout" / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(ROOT, target_is_directory=True)
    return link.parents[2]


if not any(isinstance(finder, _AnsibleCollectionFinder) for finder in sys.meta_path):
    _AnsibleCollectionFinder(paths=[str(_collections_path())])._install()
