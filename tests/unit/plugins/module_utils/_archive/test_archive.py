# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An archive on disk: who may change it, and what its files say about its documents."""

from __future__ import annotations

import errno
import hashlib
import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import exclusive_access
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import (
    PRIVATE,
)

if t.TYPE_CHECKING:
    from pathlib import Path

CONTRACTS = ("C-1",)
CSV = b"Product,Total\nIon,1.50\n"
FIELDS = ("A-1", "INVOICE", None, "USD", 1.5, None)
ENTRY = Entry("C-1", 1, "regular", "csv", 1, *FIELDS, "2024-05", "C-1/1.csv")


def opened(root: Path, **options: t.Any) -> Archive:
    return Archive(str(root), PathTemplate(DEFAULT_TEMPLATE), **options)


def download(*args: t.Any) -> None:
    """Downloads the same document, whatever is asked for."""
    args[-1].write([CSV])


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    """A document that is there."""
    (tmp_path / "C-1").mkdir()
    (tmp_path / "C-1" / "1.csv").write_bytes(CSV)
    return ENTRY._replace(size=len(CSV), sha256=hashlib.sha256(CSV).hexdigest())


def test_files_are_compared_as_closely_as_asked(tmp_path: Path, entry: Entry) -> None:
    path = tmp_path / entry.path
    assert [opened(tmp_path, verify=verify).flaw(entry) for verify in ("size", "checksum", "none")] == [None] * 3
    path.write_bytes(CSV.replace(b"1.50", b"1.60"))
    assert opened(tmp_path).flaw(entry) is None
    assert opened(tmp_path, verify="checksum").flaw(entry) == "was altered: it has another checksum"
    path.write_bytes(CSV[:-1])
    assert opened(tmp_path).flaw(entry) == f"has {len(CSV) - 1} bytes instead of {len(CSV)}"
    path.unlink()
    assert opened(tmp_path).flaw(entry) == "is gone"
    assert opened(tmp_path, verify="none").flaw(entry) is None


def test_nothing_is_looked_at_over_a_link(tmp_path: Path, entry: Entry) -> None:
    (tmp_path / "C-1").rename(tmp_path / "outside")
    (tmp_path / "C-1").symlink_to(tmp_path / "outside")
    with pytest.raises(
        FileError, match="C-1 in .* goes through a symbolic link to .*outside, which an archive must not"
    ):
        opened(tmp_path).exists(entry.path)


def test_a_file_is_inspected_by_its_content(tmp_path: Path, entry: Entry) -> None:
    archive = opened(tmp_path, columns={"total": "Total"})
    found = archive.inspect_file(ENTRY)
    assert isinstance(found, Entry)
    assert (found.size, found.sha256, found.columns) == (entry.size, entry.sha256, {"total": "Total"})
    assert found.totals == [
        {
            "currency": "USD",
            "total": 1.5,
            "services": None,
            "taxes": None,
            "lines": 1,
            "by_product": [{"product": "Ion", "currency": "USD", "total": 1.5, "lines": 1}],
            "by_customer": [{"customer_id": None, "customer_name": None, "currency": "USD", "total": 1.5, "lines": 1}],
            "by_item_type": [{"item_type": None, "currency": "USD", "total": 1.5, "lines": 1}],
        }
    ]
    assert archive.is_read(found)
    assert not opened(tmp_path).is_read(found)
    (tmp_path / ENTRY.path).write_bytes(b"<html>")
    assert archive.inspect_file(ENTRY) == "is a web page"


def test_totals_that_cannot_be_read_name_the_path_in_the_archive(tmp_path: Path, entry: Entry) -> None:
    (tmp_path / ENTRY.path).write_bytes(b"Product,Owed\nIon,1.50\n")
    found = opened(tmp_path).with_totals(entry)
    assert found.totals is None
    assert (found.totals_error or "").startswith("C-1/1.csv: ")
    assert not opened(tmp_path).is_read(found)


def test_a_document_is_durable_before_the_catalogue_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    with exclusive_access(str(tmp_path), CONTRACTS, PRIVATE, 5, pytest.fail):
        archive = opened(tmp_path)
        archive.fetch(download, ENTRY)
        assert archive.save({"C-1"})
    paths = (ENTRY.path, "C-1", "catalogue.json")
    places = [synced.index((tmp_path / path).stat().st_ino) for path in paths]
    assert places == sorted(places)


def test_refused_permissions_of_a_document_are_noted(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with exclusive_access(str(tmp_path), CONTRACTS, PRIVATE, 5, pytest.fail):
        archive = opened(tmp_path)
        archive.fetch(download, entry)
        assert archive.kept_permissions
        monkeypatch.setattr(os, "chmod", refuse)
        archive.fetch(download, entry)
        assert not archive.kept_permissions
