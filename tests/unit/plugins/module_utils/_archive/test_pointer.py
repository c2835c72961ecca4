# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""catalogue.json: which version it says, and what there is in place of it."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.pointer import POINTER, read_pointer
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("content", ['{"version": 3, "documents": "x"}', '{"version": [1], "documents": []}'])
def test_a_newer_catalogue_is_not_touched(tmp_path: Path, content: str) -> None:
    (tmp_path / "catalogue.json").write_text(content)
    with pytest.raises(FileError, match=r"has version .*, and this release .* 1 and 2: update the collection"):
        read_pointer(str(tmp_path))


def test_versions(tmp_path: Path) -> None:
    root, path = str(tmp_path), tmp_path / "catalogue.json"
    assert read_pointer(root) == (0, None, None, "is not there")
    old = {"version": 1, "documents": []}
    path.write_text(json.dumps(old))
    assert read_pointer(root) == (1, old, path.read_bytes(), None)
    path.write_text(json.dumps(POINTER))
    assert read_pointer(root) == (2, POINTER, path.read_bytes(), None)
    path.write_text("{")
    version, parsed, content, flaw = read_pointer(root)
    assert (version, parsed, content) == (0, None, b"{")
    assert (flaw or "").startswith("is damaged (")


def test_parts_are_the_catalogue_where_catalogue_json_is_lost(tmp_path: Path) -> None:
    (tmp_path / "catalogue" / "C-1").mkdir(parents=True)
    (tmp_path / "catalogue" / "C-1" / "2024-05.jsonl").touch()
    assert read_pointer(str(tmp_path)) == (2, None, None, "is not there")


def test_a_catalogue_that_has_lost_all_parts_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(POINTER))
    (tmp_path / "SHA256SUMS").touch()
    # An archive can be empty.
    assert read_pointer(str(tmp_path))[0] == 2
    (tmp_path / "SHA256SUMS").write_text(f"{0:064}  C-1/1.pdf\n")
    assert read_pointer(str(tmp_path)) == (0, None, path.read_bytes(), "has lost its parts")
