# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The journal: a chain of lines that are only ever appended, also after a crash."""

from __future__ import annotations

import hashlib
import json
import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.journal import (
    COLLECTION_VERSION,
    Journal,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.tests import conftest
from yaml import safe_load

if t.TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("A-1", "INVOICE", None, "USD", 5, None)
ENTRY = Entry("C-1", 1, "regular", "pdf", 1, *FIELDS, month="2024-05", path="C-1/1.pdf", size=3, sha256="0" * 64)


def write(root: Path, *actions: str) -> None:
    journal = Journal(str(root))
    for action in actions:
        journal.add(action, ENTRY, request_id="1a2b")
    journal.append()


def lines(root: Path) -> list[bytes]:
    """The lines, after a look that each names the one before it."""
    content = (root / "journal.jsonl").read_bytes()
    assert content.endswith(b"\n")
    found = content[:-1].split(b"\n")
    for before, line in zip([None, *found], found):
        if line.startswith(b'{"time"') and line.endswith(b"}"):
            digest = None if before is None else hashlib.sha256(before).hexdigest()
            assert json.loads(line)["previous"] == digest
    return found


def test_lines_name_the_line_before_them(tmp_path: Path) -> None:
    write(tmp_path, "fetched", "repaired")
    write(tmp_path, "reissued")
    write(tmp_path)
    found = [json.loads(line) for line in lines(tmp_path)]
    assert [one["action"] for one in found] == ["fetched", "repaired", "reissued"]
    assert found[0] == {
        "time": found[0]["time"],
        "action": "fetched",
        "contract_id": "C-1",
        "invoice_id": 1,
        "source_type": "regular",
        "format": "pdf",
        "file_version": 1,
        "path": "C-1/1.pdf",
        "size": 3,
        "sha256": "0" * 64,
        "documents": None,
        "flaws": None,
        "request_id": "1a2b",
        "user": found[0]["user"],
        "host": os.uname().nodename,
        "collection_version": COLLECTION_VERSION,
        "previous": None,
    }
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b"", b"{", b'{"time": "2024', b"x" * 200_000])
def test_a_torn_line_is_closed_and_kept(tmp_path: Path, torn: bytes) -> None:
    write(tmp_path, "fetched")
    path = tmp_path / "journal.jsonl"
    before = path.read_bytes() + torn
    path.write_bytes(before)
    write(tmp_path, "repaired")
    assert path.read_bytes().startswith(before)
    actions = [json.loads(line)["action"] for line in lines(tmp_path)[2 if torn else 1 :]]
    assert actions == (["closed", "repaired"] if torn else ["repaired"])


def test_only_the_end_of_a_journal_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with path.open("wb") as file:
        file.seek(10**12)
        file.write(b"\nlast\n")
    write(tmp_path, "fetched")
    with path.open("rb") as file:
        file.seek(10**12 + 6)
        assert json.loads(file.read())["previous"] == hashlib.sha256(b"last").hexdigest()


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").symlink_to("elsewhere")
    with pytest.raises(FileError, match="Cannot write .*journal.jsonl"):
        write(tmp_path, "fetched")
    assert not (tmp_path / "elsewhere").exists()


def test_the_version_is_that_of_the_collection() -> None:
    assert safe_load((conftest.ROOT / "galaxy.yml").read_bytes())["version"] == COLLECTION_VERSION
