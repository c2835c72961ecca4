# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What is found in archives that are damaged in one way each, and in archives that other runs write to."""

from __future__ import annotations

import json
import os
import shutil
import threading
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive import inspection
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.inspection import (
    Inspection,
    Wanted,
    inspect_archive,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import CONTRACT, MadeArchive, journal_record

if t.TYPE_CHECKING:
    from pathlib import Path

    Change = t.Callable[[MadeArchive], object]

FIRST = f"{CONTRACT}/2024-05/1_v1.csv"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "PAUSE", 0.001)


@pytest.fixture(params=[1, 2], ids=["catalogue 1", "catalogue 2"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> MadeArchive:
    """An archive of three months and two contracts, with both versions of the catalogue."""
    archive = MadeArchive(tmp_path / "archive", request.param)
    archive.add(1)
    archive.add(1, format="pdf")
    archive.add(2, "2024-06")
    archive.add(3, None)
    archive.add(4, "2024-07", contract_id="K-0N7RAK71", source_type="compute")
    archive.save()
    return archive


def inspect(made: MadeArchive, level: str = "full", wanted: Wanted = Wanted()) -> Inspection:  # noqa: B008
    return inspect_archive(str(made.root), wanted, level)


def kinds(made: MadeArchive, level: str = "full") -> list[tuple[str, str]]:
    """The kind and the relative path of each problem."""
    return [(one.kind, os.path.relpath(one.path, made.root)) for one in inspect(made, level).problems]


@pytest.mark.parametrize("level", inspection.LEVELS)
def test_an_archive_without_a_problem(made: MadeArchive, level: str) -> None:
    found = inspect(made, level)
    assert found.problems == []
    assert [entry.invoice_id for entry in found.entries] == [1, 1, 2, 4, 3]
    assert found.months == {CONTRACT: {"2024-05", "2024-06"}, "K-0N7RAK71": {"2024-07"}}
    assert found.version == made.version
    assert (found.chain is None) is (level != "full")


@pytest.mark.parametrize(
    ("wanted", "invoice_ids"),
    [
        (Wanted(months=("2024-05",)), [1, 1]),
        (Wanted(months=("2024-06", "2024-07")), [2, 4]),
        (Wanted(contract_ids=("K-0N7RAK71",)), [4]),
        (Wanted(contract_ids=("K-0N7RAK71",), months=("2024-05",)), []),
        (Wanted(accepts=lambda entry: entry.format == "pdf"), [1]),
    ],
)
def test_selected_documents(made: MadeArchive, wanted: Wanted, invoice_ids: list[int]) -> None:
    for level in ("size", "full"):
        found = inspect(made, level, wanted)
        assert [entry.invoice_id for entry in found.entries] == invoice_ids
        assert found.problems == []


def replace_first(make: t.Callable[[Path], object]) -> Change:
    """Something else at the path of the first document."""

    def change(made: MadeArchive) -> None:
        path = made.root / FIRST
        path.unlink()
        make(path)

    return change


def same_size(path: Path) -> None:
    path.write_bytes(b"x" * 35)


def behind_a_link(made: MadeArchive) -> None:
    directory = (made.root / FIRST).parent
    directory.rename(made.root.parent / "elsewhere")
    directory.symlink_to(made.root.parent / "elsewhere")


@pytest.mark.parametrize(
    ("change", "kind", "least"),
    [
        (replace_first(lambda path: None), "gone", "size"),
        (lambda made: shutil.rmtree(made.root / CONTRACT / "2024-06"), "gone", "size"),
        (replace_first(lambda path: path.write_bytes(b"x" * 36)), "size", "size"),
        (replace_first(same_size), "altered", "sha256"),
        (replace_first(lambda path: path.mkdir()), "unreadable", "size"),
        (replace_first(os.mkfifo), "unreadable", "size"),
        (replace_first(lambda path: path.symlink_to("1_v1.pdf")), "unreadable", "size"),
        (behind_a_link, "unreadable", "size"),
    ],
)
def test_damaged_documents(made: MadeArchive, change: Change, kind: str, least: str) -> None:
    change(made)
    for level in ("none", "size", "sha256", "full"):
        found = [one for one in kinds(made, level) if one[0] != "stray"]
        shows = inspection.LEVELS.index(level) >= inspection.LEVELS.index(least)
        assert {one[0] for one in found} == ({kind} if shows else set()), level
    assert len(found) == (2 if change is behind_a_link else 1)


def edit(name: str, old: str, new: str) -> Change:
    """Other text in a file."""

    def change(made: MadeArchive) -> None:
        path = made.root / name
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")

    return change


def sha256_of(made: MadeArchive) -> str:
    return str(made.entries[0]["sha256"])


def list_another_checksum(made: MadeArchive) -> None:
    edit("SHA256SUMS", sha256_of(made), "0" * 64)(made)


def list_all_but_the_first(made: MadeArchive) -> None:
    edit("SHA256SUMS", f"{sha256_of(made)}  {FIRST}\n", "")(made)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda made: (made.root / "SHA256SUMS").unlink(), [("checksums", "SHA256SUMS")]),
        (list_another_checksum, [("checksums", FIRST)]),
        (list_all_but_the_first, [("checksums", FIRST)]),
        (edit("SHA256SUMS", "  C", "  D"), [("checksums", FIRST), ("checksums", FIRST.replace("C", "D", 1))]),
        (edit("SHA256SUMS", "  C", "\n"), None),
        (edit("journal.jsonl", '"size": 35', '"size": 34'), [("journal", "journal.jsonl")]),
        (
            lambda made: made.write_journal([journal_record(made.entries[0] | {"sha256": "0" * 64})]),
            [("journal", FIRST)],
        ),
        (
            lambda made: made.write_journal([journal_record(made.entries[0] | {"path": "C-1/2024-05/9_v1.pdf"})]),
            [("journal", "C-1/2024-05/9_v1.pdf")],
        ),
        (lambda made: (made.root / "notes.txt").write_text("", encoding="utf-8"), [("stray", "notes.txt")]),
        (lambda made: (made.root / CONTRACT / "x").symlink_to("2024-05"), [("stray", f"{CONTRACT}/x")]),
        (lambda made: (made.root / "SHA256SUMS.sig").write_bytes(b"signed"), []),
        (lambda made: (made.root / "journal.jsonl").unlink(), []),
        (lambda made: made.write_journal([]), []),
    ],
)
def test_full_verification(made: MadeArchive, change: Change, expected: list[tuple[str, str]] | None) -> None:
    change(made)
    assert kinds(made, "sha256") == []
    found = kinds(made)
    assert found == expected if expected is not None else {kind for kind, _path in found} == {"checksums"}


def test_a_damaged_part_costs_itself_only(tmp_path: Path) -> None:
    made = MadeArchive(tmp_path / "archive")
    for number in (1, 2, 3):
        made.add(number)
    made.add(4, "2024-06")
    made.save()
    part = made.part(made.entries[0])
    part.write_text(part.read_text(encoding="utf-8").replace('"size": 35', '"size": -1', 1), encoding="utf-8")
    found = inspect(made, "size")
    assert [entry.invoice_id for entry in found.entries] == [2, 3, 4]
    assert [one.kind for one in found.problems] == ["catalogue"]
    assert "has 1 line that cannot be used" in found.problems[0].msg


def test_a_document_that_is_in_two_parts_counts_once(tmp_path: Path) -> None:
    made = MadeArchive(tmp_path / "archive")
    entry = made.add(1)
    made.save()
    (made.part(entry).with_name("unknown.jsonl")).write_text(json.dumps(entry | {"month": None}), encoding="utf-8")
    assert [(one.invoice_id, one.month) for one in inspect(made).entries] == [(1, "2024-05")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not there: name the root of an archive"),
        ("{", "is damaged"),
        ('{"version": 3, "documents": []}', "has version 3"),
        ('{"version": 1, "documents": {}}', "is damaged"),
    ],
)
def test_what_is_no_archive(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "catalogue.json").write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=message):
        inspect_archive(str(tmp_path), Wanted(), "full")
    with pytest.raises(FileError, match="is not there"):
        inspect_archive(str(tmp_path / "nothing"), Wanted(), "full")


def test_a_lost_pointer_is_a_problem_while_the_parts_are_there(tmp_path: Path) -> None:
    made = MadeArchive(tmp_path / "archive")
    made.add(1)
    made.save()
    (made.root / "catalogue.json").unlink()
    assert kinds(made) == [("catalogue", "catalogue.json")]


def mark(made: MadeArchive, age: float) -> None:
    """What a run leaves that is under way, or was killed, and that began so many seconds ago."""
    path = made.root / ".akamai_invoicing" / CONTRACT / "unsaved"
    path.parent.mkdir(parents=True)
    path.write_text('["2024-05"]', encoding="utf-8")
    began = path.stat().st_mtime_ns - int(age * 1e9)
    os.utime(path, ns=(began, began))


def test_what_a_run_has_not_saved_is_no_damage(made: MadeArchive) -> None:
    mark(made, 60)
    for path in made.root.rglob("*_v1.*"):
        os.utime(path, (1, 1))
    (made.root / FIRST).write_bytes(b"repaired")
    (made.root / CONTRACT / "2024-05" / "9_v1.pdf").write_bytes(b"new")
    made.write_journal(map(journal_record, (*made.entries, made.entries[0] | {"sha256": "0" * 64})))
    assert kinds(made) == [("unfinished", ".")]
    (made.root / f"{CONTRACT}/2024-06/2_v1.csv").unlink()
    assert kinds(made) == [("gone", f"{CONTRACT}/2024-06/2_v1.csv"), ("unfinished", ".")]


def test_what_was_damaged_before_a_run_began_is_damage(made: MadeArchive) -> None:
    (made.root / FIRST).write_bytes(b"altered")
    mark(made, -60)
    assert ("size", FIRST) in kinds(made, "size")


def test_a_line_of_the_journal_that_is_being_written(made: MadeArchive) -> None:
    path = made.root / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"action": "fet')
    assert kinds(made) == [("unfinished", "journal.jsonl")]


def test_other_runs_make_no_false_problem(tmp_path: Path) -> None:
    """Runs add a bill each, file by file, in the order of a real one."""
    made = MadeArchive(tmp_path / "archive")
    made.add(1)
    made.save()
    stop = threading.Event()
    unsaved = made.root / ".akamai_invoicing" / CONTRACT / "unsaved"
    unsaved.parent.mkdir(parents=True)

    def put(path: Path, content: str) -> None:
        temporary = tmp_path / "temporary"
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(path)

    def write() -> None:
        number = 2
        while not stop.is_set():
            unsaved.write_text("[]", encoding="utf-8")
            made.add(number, "2024-06" if number % 2 else "2024-07")
            made.save(put)
            unsaved.unlink()
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [inspect(made) for _reading in range(10)]
    finally:
        stop.set()
        writer.join()
    assert {one.kind for each in found for one in each.problems} <= {"unfinished", "stray"}
    assert len(found[-1].entries) > len(found[0].entries)
    assert inspect(made).problems == []
