# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Parts of a catalogue: their lines, their names, and which bills they have."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.parts import (
    Part,
    existing_parts,
    find_bills,
    read_part,
)
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import save

if t.TYPE_CHECKING:
    from pathlib import Path

BILL = ("A-CCT7890", "INVOICE", "2024-06-01", "USD", 50000.42, None)
MAY = Part("C-1", "2024-05")


def entry(invoice_id: int = 1, month: str | None = "2024-05", contract_id: str = "C-1") -> Entry:
    """A document that is there."""
    path = f"{contract_id}/{invoice_id}.pdf"
    return Entry(contract_id, invoice_id, "regular", "pdf", 1, *BILL, month=month, path=path, size=1, sha256="0" * 64)


@pytest.mark.parametrize("values", [{"contract_id": "C-2"}, {"month": "2024-06"}, {"month": None}])
def test_a_line_in_a_part_of_others_is_set_aside(tmp_path: Path, values: dict[str, t.Any]) -> None:
    save(tmp_path, entry(1))
    with (tmp_path / MAY.path).open("a") as file:
        file.write(f"{json.dumps(entry(2)._asdict() | values)}\n")
    content = read_part(str(tmp_path), MAY)
    assert list(content.entries) == [entry(1).key]
    assert (content.flaw or "").startswith("has 1 line that cannot be used (the first is line 2: ")


def test_a_part_is_read_as_it_was_written(tmp_path: Path) -> None:
    save(tmp_path, entry(10), entry(2))
    content = read_part(str(tmp_path), MAY)
    assert (list(content.entries.values()), content.flaw, content.bad) == ([entry(2), entry(10)], None, [])
    assert content.text == (tmp_path / MAY.path).read_bytes()
    assert (content.is_there, content.is_changed, content.changed_entries) == (True, False, [])
    content.entries[entry(3).key] = entry(3)
    assert (content.is_changed, content.changed_entries) == (True, [entry(3)])
    assert not read_part(str(tmp_path), Part("C-2", None)).is_there


def test_the_names_of_parts(tmp_path: Path) -> None:
    assert Part("C-1", None).path == "catalogue/C-1/unknown.jsonl"
    assert existing_parts(str(tmp_path)) == []
    save(tmp_path, entry(1), entry(2, None), entry(3, contract_id="C-2"))
    for name in ("C-1/2024-5.jsonl", "C-1/notes.txt", "notes.txt", "no contract/2024-05.jsonl"):
        (tmp_path / "catalogue" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "catalogue" / name).touch()
    (tmp_path / "catalogue" / "notes.txt").unlink()
    assert existing_parts(str(tmp_path)) == [MAY, Part("C-1", None), Part("C-2", "2024-05")]
    assert existing_parts(str(tmp_path), "C-2") == [Part("C-2", "2024-05")]


def test_bills_are_found_without_reading_entries(tmp_path: Path) -> None:
    save(tmp_path, *(entry(number) for number in (5, 7, 10**18)), entry(6, "2024-06"))
    parts = existing_parts(str(tmp_path))
    assert find_bills(str(tmp_path), parts, {5, 6, 8, 10**18, 10**19}) == {
        5: MAY,
        6: Part("C-1", "2024-06"),
        10**18: MAY,
    }
    # Whatever a part looks like, it is read where it may have the bill.
    (tmp_path / MAY.path).write_bytes(b'x\n"invoice_id": 9,\n')
    assert find_bills(str(tmp_path), [MAY, Part("C-9", None)], {9}) == {9: MAY}
