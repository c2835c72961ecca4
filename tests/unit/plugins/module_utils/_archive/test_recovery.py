# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A catalogue made again from the documents, as far as their paths identify them."""

from __future__ import annotations

import hashlib
import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import exclusive_access
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.parts import Part
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import PRIVATE
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import assert_intact, entries, save_as_version_1

if t.TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.4\n%%EOF\n"


def write(root: Path, *paths: str) -> None:
    """Documents at these paths."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(PDF)


def keys(archive: Archive) -> list[tuple[t.Any, ...]]:
    """The documents that the catalogue has, in memory or on disk."""
    return sorted(entry.key for entry in archive.catalogue.all_entries())


def opened(root: Path, template: str = DEFAULT_TEMPLATE) -> Archive:
    return Archive(str(root), PathTemplate(template))


def test_documents_are_found_by_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "C-1/2024-05/1_v1.pdf", "C-1/2024-05/1_v2.pdf", "notes.txt", "C-1/2024-05/notes.pdf")
    archive = opened(tmp_path)
    assert [(key[1], key[3], key[4]) for key in keys(archive)] == [(1, "pdf", 1), (1, "pdf", 2)]
    assert {entry.size for entry in archive.catalogue.all_entries()} == {len(PDF)}
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
    assert [key[:2] for key in keys(opened(root))] == [("C-2", 1)]


def saved(root: Path) -> Archive:
    """An archive with one document of May, whose catalogue knows it."""
    write(root, "C-1/2024-05/1_v1.pdf")
    with exclusive_access(str(root), ("C-1",), PRIVATE, 5, pytest.fail):
        archive = opened(root)
        assert archive.save({"C-1"}) is True
    return archive


MAY, JUNE = Part("C-1", "2024-05"), Part("C-1", "2024-06")


def test_files_of_an_interrupted_run_are_added_without_a_warning(tmp_path: Path) -> None:
    archive = saved(tmp_path)
    write(tmp_path, "C-1/2024-05/2_v1.pdf", "C-1/2024-06/3_v1.pdf", "C-2/2024-05/4_v1.pdf")
    # They may be anybody's: nothing says that a run has begun.
    again = opened(tmp_path)
    again.restore_unsaved([MAY, JUNE])
    assert [key[1] for key in keys(again)] == [1]
    archive.marks.add([MAY, JUNE])
    # The part that a run does not work on is left to a run that does.
    again = opened(tmp_path)
    again.restore_unsaved([MAY])
    assert ([key[1] for key in keys(again)], again.warnings, again.unsaved) == ([1, 2], [], {MAY})
    assert again.save({"C-1"}) is True
    again = opened(tmp_path)
    again.restore_unsaved([MAY])
    assert (again.unsaved, again.marks.is_marked(JUNE)) == (set(), True)
    again.restore_unsaved([MAY, JUNE])
    assert [key[1] for key in keys(again)] == [1, 2, 3]
    assert again.save({"C-1"}) is True
    assert not (tmp_path / ".akamai_invoicing" / "C-1" / "unsaved").exists()


def test_files_of_a_run_that_an_older_release_was_killed_in_are_added(tmp_path: Path) -> None:
    saved(tmp_path)
    save_as_version_1(tmp_path)
    (tmp_path / ".akamai_invoicing" / "unsaved").touch()
    write(tmp_path, "C-2/2024-06/2_v1.pdf")
    again = opened(tmp_path)
    assert ([key[1] for key in keys(again)], again.warnings) == ([1, 2], [])
    assert again.save(set()) is True
    assert_intact(tmp_path)


def test_a_path_that_another_month_has_is_not_added_again(tmp_path: Path) -> None:
    template = "{contract_id}/{invoice_id}_v{file_version}.{ext}"
    write(tmp_path, "C-1/1_v1.pdf")
    archive = opened(tmp_path, template)
    (entry,) = archive.catalogue.all_entries()
    archive.catalogue.put(entry._replace(month="2024-05"))
    with exclusive_access(str(tmp_path), ("C-1",), PRIVATE, 5, pytest.fail):
        archive.save({"C-1"})
    archive.marks.add([JUNE])
    write(tmp_path, "C-1/2_v1.pdf")
    again = opened(tmp_path, template)
    again.restore_unsaved([JUNE])
    again.save({"C-1"})
    assert [(one["invoice_id"], one["month"]) for one in entries(tmp_path)] == [(1, "2024-05"), (2, None)]


@pytest.mark.parametrize("content", [None, b"{", b'{"version": 1}'])
def test_parts_outlive_catalogue_json(tmp_path: Path, content: bytes | None) -> None:
    saved(tmp_path)
    (tmp_path / "catalogue.json").unlink()
    if content is not None:
        (tmp_path / "catalogue.json").write_bytes(content)
    again = opened(tmp_path)
    (warning,) = again.warnings
    assert warning.endswith(": it was written again, for the parts of the catalogue that are there.")
    assert again.save(set()) is True
    assert_intact(tmp_path)
