# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The catalogue of an archive: what is written, and what a damaged one does."""

from __future__ import annotations

import hashlib
import json
import subprocess
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError

if t.TYPE_CHECKING:
    from pathlib import Path

TEXT = b"%PDF-1.4\n%%EOF\n"
BILL = ("A-CCT7890", "INVOICE", "2024-06-01", "USD", 50000.42)


def entry(
    invoice_id: int = 1, format: str = "pdf", version: int = 1, source_type: str = "regular", **values: t.Any
) -> Entry:
    """A document that is there."""
    contract_id = values.pop("contract_id", "C-1")
    path = f"{contract_id}/{invoice_id} v{version} {source_type}.{format}"
    made = Entry(contract_id, invoice_id, source_type, format, version, *BILL, "2024-05", path)
    return made._replace(size=len(TEXT), sha256=hashlib.sha256(TEXT).hexdigest(), **values)


def save(root: Path, *entries: Entry) -> Catalogue:
    """An archive with these documents."""
    catalogue = Catalogue(str(root))
    for one in entries:
        catalogue.entries[one.key] = one
        path = root / one.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TEXT)
    assert catalogue.save() is True
    return catalogue


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    totals = [{"currency": "JPY", "total": 12, "services": None, "taxes": None, "lines": 1}]
    entries = [entry(2), entry(1, "csv", totals=totals), entry(1, invoice_total="12345678901234574.891")]
    save(tmp_path, *entries)
    found = Catalogue(str(tmp_path))
    assert found.flaw is None
    assert found.entries == {one.key: one for one in entries}
    assert found.pending_files() == []
    assert (found.diff()["before"], found.diff()["after"]) == ("", "")
    assert found.save() is False


def test_files_are_private_and_always_the_same(tmp_path: Path) -> None:
    entries = [entry(2), entry(1), entry(1, "csv")]
    save(tmp_path, *entries)
    files = [tmp_path / name for name in ("catalogue.json", "SHA256SUMS")]
    first = [file.read_bytes() for file in files]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    for file in files:
        file.unlink()
    save(tmp_path, *reversed(entries))
    assert [file.read_bytes() for file in files] == first
    assert len(json.loads(first[0])["documents"]) == 3
    assert first[0].count(b"\n") == 5


def test_sha256sum_accepts_the_sums(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2, contract_id="* Bücher {x}"), entry(3, contract_id=" "))
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert (
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=60).stdout.count(b": OK\n") == 3
    )
    (tmp_path / entry(1).path).write_bytes(b"x")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60).returncode == 1


def test_amounts_print_exactly_the_decimal(tmp_path: Path) -> None:
    save(tmp_path, entry(1, invoice_total=0.1), entry(2, invoice_total=-1020.71), entry(3, invoice_total=7))
    read = json.loads((tmp_path / "catalogue.json").read_bytes(), parse_float=Decimal, parse_int=Decimal)
    assert [str(one["invoice_total"]) for one in read["documents"]] == ["0.1", "-1020.71", "7"]


def test_lost_sums_are_written_again(tmp_path: Path) -> None:
    save(tmp_path, entry())
    sums = (tmp_path / "SHA256SUMS").read_bytes()
    for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"x")):
        damage(tmp_path / "SHA256SUMS")
        assert Catalogue(str(tmp_path)).save() is True
        assert (tmp_path / "SHA256SUMS").read_bytes() == sums


def change(**values: t.Any) -> bytes:
    """A catalogue whose only entry is changed."""
    return json.dumps({"version": 1, "documents": [entry()._asdict() | values]}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"documents": []}',
        b'{"version": 1}',
        b'{"version": 1, "documents": {"a": 1}}',
        b'{"version": 1, "documents": [{}]}',
        change(path="/etc/passwd"),
        change(path="../x"),
        change(path="a/./x"),
        change(path="a//x"),
        change(path=""),
        change(path="a\nx"),
        change(path=None),
        change(size=None),
        change(size="12"),
        change(sha256="x"),
        change(sha256=None),
        change(invoice_id="1"),
        change(file_version=None),
        change(colour="red"),
    ],
)
def test_a_damaged_catalogue_is_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.json").write_bytes(content)
    catalogue = Catalogue(str(tmp_path))
    assert catalogue.entries == {}
    assert catalogue.flaw
    assert catalogue.flaw.startswith(("is damaged (", "has 1 entry that cannot be used (the first is entry 1: "))
    assert catalogue.is_damaged
    assert [name for name, _text in catalogue.pending_files()] == ["catalogue.json", "SHA256SUMS"]


@pytest.mark.parametrize(
    ("other", "flaw"),
    [
        (entry(2, path=entry(1).path), "its document or path is there twice"),
        (entry(1, path="elsewhere"), "its document or path is there twice"),
        (entry(2, path=f"{entry(1).path}/x"), "its path is a directory of others"),
    ],
)
def test_entries_that_exclude_one_another_are_set_aside(tmp_path: Path, other: Entry, flaw: str) -> None:
    listed = [one._asdict() for one in (entry(3), entry(1), other)]
    (tmp_path / "catalogue.json").write_text(json.dumps({"version": 1, "documents": listed}))
    catalogue = Catalogue(str(tmp_path))
    assert entry(3) in catalogue.entries.values()
    assert entry(1) not in catalogue.entries.values()
    assert (catalogue.entries.get(other.key) == other) is ("directory" in flaw)
    assert catalogue.flaw
    assert "the first is entry 2: " in catalogue.flaw
    assert flaw in catalogue.flaw


def test_a_newer_catalogue_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text('{"version": 2, "documents": []}')
    with pytest.raises(FileError, match="version 2.*update the collection"):
        Catalogue(str(tmp_path))


def test_a_catalogue_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").mkdir()
    with pytest.raises(FileError, match=r"catalogue.json exists but is not a regular file"):
        Catalogue(str(tmp_path))


def test_changes_are_entries_before_and_after(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2))
    catalogue = Catalogue(str(tmp_path))
    newer = entry(2, invoice_total=8)
    catalogue.entries[newer.key] = newer
    catalogue.entries[entry(3).key] = entry(3)
    found = catalogue.diff()
    assert found["before"] == f"{entry(2).line}\n"
    assert found["after"] == f"{newer.line}\n{entry(3).line}\n"
    assert found["before_header"] == found["after_header"] == str(tmp_path / "catalogue.json")


def test_the_newest_document_with_lines_is_found(tmp_path: Path) -> None:
    save(
        tmp_path,
        entry(1, "pdf", 3),
        entry(1, "csv", 2),
        entry(1, "json", 2),
        entry(1, "json", 1),
        entry(1, "csv", 2, "compute"),
        entry(2, "csv"),
        entry(2, "csv", contract_id="C-2"),
        entry(4, "pdf"),
    )
    catalogue = Catalogue.of_archive(str(tmp_path))
    assert catalogue.document(1, None, "regular") == entry(1, "json", 2)
    assert catalogue.document(1, "C-1", "compute") == entry(1, "csv", 2, "compute")
    assert catalogue.document(2, "C-2", "regular") == entry(2, "csv", contract_id="C-2")
    with pytest.raises(DocumentError, match="bill 2 in several contracts: name its contract_id"):
        catalogue.document(2, None, "regular")
    for invoice_id, contract_id in ((4, None), (5, None), (1, "C-2")):
        with pytest.raises(DocumentError, match="no regular document of bill .* as JSON or CSV"):
            catalogue.document(invoice_id, contract_id, "regular")


def test_no_archive_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"catalogue.json is not there: name the root of an archive"):
        Catalogue.of_archive(str(tmp_path))
