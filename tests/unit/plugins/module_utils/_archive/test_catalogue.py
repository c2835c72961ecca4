# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The catalogue of an archive: what is written, and what a damaged one does."""

from __future__ import annotations

import contextlib
import hashlib
import json
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.parts import Part
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, FileError
from ansible_collections.edgebill.akamai_invoicing.tests.unit import archives

if t.TYPE_CHECKING:
    from pathlib import Path

TEXT = b"%PDF-1.4\n%%EOF\n"
BILL = ("A-CCT7890", "INVOICE", "2024-06-01", "USD", 50000.42, "2024-07-01")


def entry(
    invoice_id: int = 1, format: str = "pdf", version: int = 1, source_type: str = "regular", **values: t.Any
) -> Entry:
    """A document that is there."""
    contract_id, month = values.pop("contract_id", "C-1"), values.pop("month", "2024-05")
    path = f"{contract_id}/{invoice_id} v{version} {source_type}.{format}"
    made = Entry(contract_id, invoice_id, source_type, format, version, *BILL, month, path)
    return made._replace(size=len(TEXT), sha256=hashlib.sha256(TEXT).hexdigest())._replace(**values)


PART = "catalogue/C-1/2024-05.jsonl"


def save(root: Path, *entries: Entry) -> Catalogue:
    """An archive with these documents."""
    for one in entries:
        path = root / one.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TEXT)
    return archives.save(root, *entries)


def again(root: Path) -> bool:
    """Save a catalogue whose parts of one contract were read; whether that has changed it."""
    catalogue = Catalogue(str(root))
    catalogue.load(Part("C-1", "2024-05"))
    return catalogue.save({"C-1"}, contextlib.nullcontext)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    groups: dict[str, t.Any] = {"by_product": [], "by_customer": [], "by_item_type": []}
    totals = [{"currency": "JPY", "total": 12, "services": None, "taxes": None, "lines": 1} | groups]
    entries = [entry(2), entry(1, "csv", totals=totals), entry(1, invoice_total="12345678901234574.891")]
    save(tmp_path, *entries)
    found = Catalogue(str(tmp_path))
    content = found.load(Part("C-1", "2024-05"))
    assert (found.flaw, content.flaw) == (None, None)
    assert content.entries == {one.key: one for one in entries}
    assert not found.is_pending()
    assert (found.diff()["before"], found.diff()["after"]) == ("", "")
    assert again(tmp_path) is False


def test_files_are_private_and_always_the_same(tmp_path: Path) -> None:
    entries = [entry(2), entry(10), entry(1), entry(1, "csv")]
    save(tmp_path, *entries)
    files = [tmp_path / name for name in ("catalogue.json", PART, "SHA256SUMS")]
    first = [file.read_bytes() for file in files]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    for file in files:
        file.unlink()
    save(tmp_path, *reversed(entries))
    assert [file.read_bytes() for file in files] == first
    assert first[0] == b'{"version": 2, "documents": "catalogue/*/*.jsonl"}\n'
    assert [json.loads(line)["invoice_id"] for line in first[1].splitlines()] == [1, 1, 2, 10]


def test_amounts_print_exactly_the_decimal(tmp_path: Path) -> None:
    save(tmp_path, entry(1, invoice_total=0.1), entry(2, invoice_total=-1020.71), entry(3, invoice_total=7))
    read = archives.entries(tmp_path, parse_float=Decimal, parse_int=Decimal)
    assert [str(one["invoice_total"]) for one in read] == ["0.1", "-1020.71", "7"]


def change(**values: t.Any) -> bytes:
    """A catalogue of version 1 whose only entry is changed."""
    return json.dumps({"version": 1, "documents": [archives.as_version_1(entry()._asdict()) | values]}).encode()


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
    assert list(catalogue.all_entries()) == []
    assert catalogue.flaw
    assert catalogue.flaw.startswith(("is damaged (", "has 1 entry that cannot be used (the first is entry 1: "))
    assert catalogue.is_damaged
    assert catalogue.is_pending()


EXCLUSIVE = [
    (entry(2, path=entry(1).path), "its document or path is there twice"),
    (entry(1, path="elsewhere"), "its document or path is there twice"),
    (entry(2, path=f"{entry(1).path}/x"), "its path is a directory of others"),
]


@pytest.mark.parametrize(("other", "flaw"), EXCLUSIVE)
@pytest.mark.parametrize("version", [1, 2])
def test_entries_that_exclude_one_another_are_set_aside(tmp_path: Path, other: Entry, flaw: str, version: int) -> None:
    listed = [one._asdict() for one in (entry(3), entry(1), other)]
    if version == 1:
        archives.save_as_version_1(tmp_path, list(map(archives.as_version_1, listed)))
    else:
        save(tmp_path, entry(3))
        (tmp_path / PART).write_text("".join(f"{json.dumps(one)}\n" for one in listed))
    catalogue = Catalogue(str(tmp_path))
    content = catalogue.load(Part("C-1", "2024-05"))
    keys = content.entries.keys()
    assert entry(3).key in keys
    assert (entry(1).key in keys, other.key in keys) == (False, "directory" in flaw)
    found = catalogue.flaw if version == 1 else content.flaw
    assert found
    assert f"the first is {'entry' if version == 1 else 'line'} 2: " in found
    assert flaw in found


def test_a_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2), entry(3))
    lines = (tmp_path / PART).read_bytes().splitlines(keepends=True)
    damaged = [line[:50] + b"\n" for line in lines]
    for number in (1, 2):
        (tmp_path / PART).write_bytes(lines[0] + b"".join(damaged[1 : number + 1]))
        assert again(tmp_path) is True
        assert (tmp_path / PART).read_bytes() == lines[0]
    # What was set aside before stays.
    kept = tmp_path / ".akamai_invoicing/C-1/damaged_2024-05.jsonl"
    assert kept.read_bytes() == damaged[1] + damaged[1] + damaged[2]


def test_a_catalogue_of_version_1_is_read_and_written_as_2_with_the_first_change(tmp_path: Path) -> None:
    totals = [{"currency": "USD", "total": 5, "services": None, "taxes": None, "lines": 1}]
    listed = [entry(1), entry(2, "csv", totals=totals), entry(3, month="2024-06"), entry(4, month=None)]
    save(tmp_path, *(one._replace(totals=None) for one in listed))
    content = archives.save_as_version_1(tmp_path, [archives.as_version_1(one._asdict()) for one in listed])
    assert again(tmp_path) is False
    assert (tmp_path / "catalogue.json").read_bytes() == content
    # Of a run that was killed here: it does not count.
    (tmp_path / "catalogue" / "C-1" / "2020-01.jsonl").write_bytes(b"x\n")
    catalogue = Catalogue(str(tmp_path))
    catalogue.put(entry(5, contract_id="C-2"))
    assert catalogue.save({"C-2"}, contextlib.nullcontext) is True
    assert [path.name for path in archives.parts(tmp_path)] == [
        "2024-05.jsonl",
        "2024-06.jsonl",
        "unknown.jsonl",
        "2024-05.jsonl",
    ]
    found = {one["invoice_id"]: one for one in archives.entries(tmp_path)}
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert found[2]["totals"] == [totals[0] | dict.fromkeys(("by_product", "by_customer", "by_item_type"))]
    assert (found[2]["invoice_due_date"], found[2]["fetched"]) == (None, None)
    assert again(tmp_path) is False


def test_two_runs_that_have_read_version_1_do_not_undo_each_others_work(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(1, contract_id="C-2"))
    archives.save_as_version_1(tmp_path)
    first, second = Catalogue(str(tmp_path)), Catalogue(str(tmp_path))
    first.put(entry(2))
    second.put(entry(2, contract_id="C-2"))
    assert first.save({"C-1"}, contextlib.nullcontext)
    assert second.save({"C-2"}, contextlib.nullcontext)
    assert [(one["contract_id"], one["invoice_id"]) for one in archives.entries(tmp_path)] == [
        ("C-1", 1),
        ("C-1", 2),
        ("C-2", 1),
        ("C-2", 2),
    ]


def test_a_month_that_is_known_at_last_moves_an_entry(tmp_path: Path) -> None:
    save(tmp_path, entry(1, month=None), entry(2, month=None))
    catalogue = Catalogue(str(tmp_path))
    assert len(catalogue.known(Part("C-1", "2024-05"))) == 2
    catalogue.put(entry(1))
    assert catalogue.save({"C-1"}, contextlib.nullcontext)
    assert [(one["invoice_id"], one["month"]) for one in archives.entries(tmp_path)] == [(1, "2024-05"), (2, None)]
    # A run was killed when it had written the one part, and not yet the other.
    with (tmp_path / "catalogue/C-1/unknown.jsonl").open("a") as file:
        file.write(f"{entry(1, month=None).line}\n")
    catalogue = Catalogue(str(tmp_path))
    assert catalogue.known(Part("C-1", "2024-05"))[entry(1).key].month == "2024-05"
    assert catalogue.save({"C-1"}, contextlib.nullcontext)
    assert [(one["invoice_id"], one["month"]) for one in archives.entries(tmp_path)] == [(1, "2024-05"), (2, None)]


def test_bills_are_found_in_other_months_of_their_contract(tmp_path: Path) -> None:
    save(
        tmp_path,
        *(entry(number) for number in (1, 5)),
        *(entry(number, month="2024-06") for number in (2, 3)),
        entry(7, contract_id="C-2"),
        entry(4, month=None),
    )
    catalogue = Catalogue(str(tmp_path))
    found = catalogue.elsewhere(Part("C-1", "2024-07"), {1, 3, 4, 7, 9})
    assert found == {1: Part("C-1", "2024-05"), 3: Part("C-1", "2024-06")}
    assert catalogue.elsewhere(Part("C-1", "2024-05"), {1, 5}) == {}
    assert catalogue.parts == {}


@pytest.mark.parametrize("name", ["catalogue.json", PART])
def test_a_catalogue_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    with pytest.raises(FileError, match=rf"{name} exists but is not a regular file"):
        Catalogue(str(tmp_path)).load(Part("C-1", "2024-05"))


@pytest.mark.parametrize("name", ["catalogue", "catalogue/C-1"])
def test_parts_are_not_looked_for_over_a_link(tmp_path: Path, name: str) -> None:
    save(tmp_path, entry(1))
    (tmp_path / name).rename(tmp_path / "outside")
    (tmp_path / name).symlink_to(tmp_path / "outside")
    with pytest.raises(FileError, match=rf"{name} is a symbolic link, which an archive must not contain"):
        Catalogue(str(tmp_path)).load(Part("C-1", "2024-05"))


def test_changes_are_entries_before_and_after(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2))
    catalogue = Catalogue(str(tmp_path))
    newer = entry(2, invoice_total=8)
    catalogue.put(newer)
    catalogue.put(entry(3))
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
