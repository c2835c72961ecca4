# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents beside their entries: many at a time, of any size; what is wrong with one is said in a sentence."""

from __future__ import annotations

import hashlib
import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive import verification
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.verification import check_documents
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import PIECE

if t.TYPE_CHECKING:
    from pathlib import Path


def saved(root: Path, name: str, content: bytes) -> Entry:
    """The entry of a document that is written."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content)
    values: dict[str, t.Any] = dict.fromkeys(Entry._fields)
    values |= {"contract_id": "C-1", "invoice_id": 1, "path": name}
    return Entry(**values | {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()})


def found(root: Path, entries: t.Iterable[Entry], level: str = "sha256") -> list[tuple[str, str]]:
    return [(one.kind, entry.path) for entry, one in check_documents(str(root), iter(entries), level)]


def test_many_documents_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "CHUNK", 7)
    entries = [saved(tmp_path, f"C-1/{number % 9}/{number}.pdf", b"%d" % number) for number in range(200)]
    assert found(tmp_path, entries) == []
    for number in (3, 77, 199):
        (tmp_path / entries[number].path).write_bytes(b"x" * (entries[number].size or 0))
    assert found(tmp_path, entries) == [("altered", entries[number].path) for number in (3, 77, 199)]
    assert found(tmp_path, entries, "size") == []


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_documents_of_any_size(tmp_path: Path, size: int) -> None:
    entry = saved(tmp_path, "C-1/1.csv", b"x" * size)
    assert found(tmp_path, [entry]) == []
    if size:
        (tmp_path / entry.path).write_bytes(b"x" * (size - 1) + b"y")
        assert found(tmp_path, [entry]) == [("altered", entry.path)]


def test_the_sentence_names_the_document_and_what_to_do(tmp_path: Path) -> None:
    entry = saved(tmp_path, "C-1/1.csv", b"")
    (tmp_path / entry.path).unlink()
    ((_entry, one),) = check_documents(str(tmp_path), iter([entry]), "size")
    assert one.path == str(tmp_path / "C-1/1.csv")
    assert one.msg.startswith("C-1/1.csv is gone. Run invoice_archive with verify=checksum for its month")


def test_a_document_that_may_not_be_read(tmp_path: Path) -> None:
    entry = saved(tmp_path, "C-1/1.csv", b"")
    (tmp_path / entry.path).chmod(0)
    tmp_path.chmod(0o755)
    if os.geteuid() == 0:
        pytest.skip("root reads every file")
    assert found(tmp_path, [entry], "size") == []
    assert found(tmp_path, [entry]) == [("unreadable", entry.path)]


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    entry = saved(tmp_path / "archive", "C-1/1.csv", b"")
    (tmp_path / "link").symlink_to("archive")
    assert found(tmp_path / "link", [entry]) == []
