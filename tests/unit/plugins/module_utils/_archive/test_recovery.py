# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A catalogue made again from the documents, as far as their paths identify them."""

from __future__ import annotations

import hashlib
import os
import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)

if t.TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.4\n%%EOF\n"


def write(root: Path, *paths: str) -> None:
    """Documents at these paths."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(PDF)


def opened(root: Path, template: str = DEFAULT_TEMPLATE) -> Archive:
    return Archive(str(root), PathTemplate(template))


def test_documents_are_found_by_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "C-1/2024-05/1_v1.pdf", "C-1/2024-05/1_v2.pdf", "notes.txt", "C-1/2024-05/notes.pdf")
    archive = opened(tmp_path)
    assert sorted((key[1], key[3], key[4]) for key in archive.catalogue.entries) == [(1, "pdf", 1), (1, "pdf", 2)]
    assert {entry.size for entry in archive.catalogue.entries.values()} == {len(PDF)}
    assert archive.warnings == [
        f"{tmp_path}/catalogue.json is not there: it was rebuilt with 2 documents found in the archive."
    ]


def test_one_document_is_one(tmp_path: Path) -> None:
    write(tmp_path, "C-1/2024-05/1_v1.pdf")
    assert opened(tmp_path).warnings[0].endswith("it was rebuilt with 1 document found in the archive.")


def test_an_empty_archive_needs_no_warning(tmp_path: Path) -> None:
    assert opened(tmp_path).warnings == []
    assert opened(tmp_path / "none").warnings == []


def test_what_cannot_be_identified_or_was_altered_is_named(tmp_path: Path) -> None:
    write(tmp_path, "1.pdf", "C-1/2024-05/2_v1.pdf")
    digest = hashlib.sha256(PDF).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  1.pdf\n")
    (warning,) = opened(tmp_path, "{invoice_id}.{ext}").warnings
    assert "and 1 document listed in SHA256SUMS cannot be added to it. First: 1.pdf, which has another path" in warning
    (tmp_path / "SHA256SUMS").write_text(f"{0:064}  C-1/2024-05/2_v1.pdf\n")
    (warning,) = opened(tmp_path).warnings
    assert "2_v1.pdf, which was altered: SHA256SUMS has another checksum for it" in warning


def test_links_and_pipes_are_left(tmp_path: Path) -> None:
    write(tmp_path / "outside", "2024-05/1_v1.pdf")
    root = tmp_path / "archive"
    write(root, "C-2/2024-05/1_v1.pdf")
    (root / "C-1").symlink_to(tmp_path / "outside")
    (root / "C-2" / "2024-05" / "2_v1.pdf").symlink_to(tmp_path / "outside" / "2024-05" / "1_v1.pdf")
    os.mkfifo(root / "C-2" / "2024-05" / "3_v1.pdf")
    assert [key[:2] for key in opened(root).catalogue.entries] == [("C-2", 1)]


def test_files_of_an_interrupted_run_are_added_without_a_warning(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.mark_dirty()
    assert archive.save() is True
    write(tmp_path, "C-1/2024-05/1_v1.pdf")
    assert opened(tmp_path).catalogue.entries == {}
    archive.mark_dirty()
    again = opened(tmp_path)
    assert (len(again.catalogue.entries), again.warnings) == (1, [])
