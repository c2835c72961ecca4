# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Journals: what chains, what does not, and what a killed run has left."""

from __future__ import annotations

import hashlib
import json
import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive import journal_chain
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.journal_chain import Chain, read_chain
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import chained

if t.TYPE_CHECKING:
    from pathlib import Path

RECORDS = [{"action": "fetched", "path": f"C-1/2024-05/{number}.pdf", "sha256": f"{number}"} for number in range(5)]


def read(tmp_path: Path, lines: t.Sequence[bytes], end: bytes = b"\n") -> Chain:
    (tmp_path / "journal.jsonl").write_bytes(b"\n".join(lines) + end)
    chain = read_chain(str(tmp_path))
    assert chain
    return chain


def test_a_chain(tmp_path: Path) -> None:
    lines = list(chained([*RECORDS, RECORDS[0] | {"sha256": "new"}, {"action": "verified", "path": None}]))
    chain = read(tmp_path, lines)
    assert (chain.lines, chain.flaws, chain.is_torn) == (7, [], False)
    assert chain.last == hashlib.sha256(lines[-1]).hexdigest()
    assert chain.documents == {f"C-1/2024-05/{number}.pdf": f"{number or 'new'}" for number in range(5)}


def test_no_journal_and_an_empty_one(tmp_path: Path) -> None:
    assert read_chain(str(tmp_path)) is None
    assert read(tmp_path, [], b"") == Chain()


def altered(lines: list[bytes]) -> None:
    lines[2] = lines[2].replace(b'"2"', b'"3"')


def removed(lines: list[bytes]) -> None:
    del lines[2]


def swapped(lines: list[bytes]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def added(lines: list[bytes]) -> None:
    lines.insert(2, lines[1])


@pytest.mark.parametrize(
    ("change", "flaws"),
    [
        (altered, ["line 4 does not continue line 3: a line was altered, added or removed there"]),
        (removed, ["line 3 does not continue line 2: a line was altered, added or removed there"]),
        (
            swapped,
            [f"line {n} does not continue line {n - 1}: a line was altered, added or removed there" for n in (2, 3, 4)],
        ),
        (added, ["line 3 does not continue line 2: a line was altered, added or removed there"]),
        (lambda lines: lines.pop(0), ["line 1 names a line before it: lines were removed"]),
    ],
)
def test_what_was_changed_shows(tmp_path: Path, change: t.Callable[[list[bytes]], None], flaws: list[str]) -> None:
    lines = list(chained(RECORDS))
    change(lines)
    assert read(tmp_path, lines).flaws == flaws


@pytest.mark.parametrize("line", [b"", b"null", b"[]", b'{"action": 1}', b'{"action": "fetched"', b"\xff", b"[" * 9999])
def test_a_line_that_is_no_record(tmp_path: Path, line: bytes) -> None:
    lines = list(chained(RECORDS))
    assert "line 6 is not a record" in read(tmp_path, [*lines, line]).flaws
    assert "line 2 is not a record" in read(tmp_path, [lines[0], line, *lines[1:]]).flaws


def test_a_torn_line_is_closed_by_the_next_run(tmp_path: Path) -> None:
    lines = list(chained(RECORDS))
    torn = lines[-1][:20]
    chain = read(tmp_path, [*lines[:-1], torn], b"")
    assert (chain.flaws, chain.is_torn, chain.lines) == ([], True, 5)
    closed = {"action": "closed", "previous": hashlib.sha256(torn).hexdigest()}
    chain = read(tmp_path, [*lines[:-1], torn, json.dumps(closed).encode()])
    assert (chain.flaws, chain.is_torn, chain.lines) == ([], False, 6)
    assert len(chain.documents) == 4


def test_flaws_are_bounded_and_a_long_line_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read(tmp_path, [b"x"] * 1000).flaws) <= 102
    monkeypatch.setattr(journal_chain, "MAX_LINE_SIZE", 1000)
    assert read(tmp_path, [b"x" * 2500]).flaws


def test_a_journal_that_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "journal.jsonl")
    with pytest.raises(FileError, match="not a regular file"):
        read_chain(str(tmp_path))
