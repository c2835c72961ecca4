# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""SHA256SUMS: what sha256sum reads, and what is done to its lines."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.parts import Part
from ansible_collections.edgebill.akamai_invoicing.tests.unit import archives

if t.TYPE_CHECKING:
    from pathlib import Path

TEXT = b"%PDF-1.4\n%%EOF\n"
BILL = ("A-CCT7890", "INVOICE", "2024-06-01", "USD", 50000.42, None)


def entry(invoice_id: int = 1, **values: t.Any) -> Entry:
    """A document that is there."""
    made = Entry("C-1", invoice_id, "regular", "pdf", 1, *BILL, month="2024-05", path=f"C-1/{invoice_id}.pdf")
    return made._replace(size=len(TEXT), sha256=hashlib.sha256(TEXT).hexdigest())._replace(**values)


def save(root: Path, *entries: Entry) -> None:
    """An archive with these documents."""
    for one in entries:
        path = root / one.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TEXT)
    archives.save(root, *entries)


def again(root: Path) -> bool:
    """Save a catalogue whose parts of one contract were read; whether that has changed it."""
    catalogue = Catalogue(str(root))
    catalogue.load(Part("C-1", "2024-05"))
    return catalogue.save({"C-1"}, contextlib.nullcontext)


def test_sha256sum_accepts_the_sums(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2, path="* Bücher {x}/2"), entry(3, path=" /3"))
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert (
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=60).stdout.count(b": OK\n") == 3
    )
    (tmp_path / entry(1).path).write_bytes(b"x")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60).returncode == 1


@pytest.mark.parametrize(
    "damage",
    [
        None,
        b"",
        b"x",
        b"x\n",
        f"{0:064}  ../outside\n".encode(),
        f"{0:064}  a\0b\n".encode(),
        f"{1:064}  C-1/1".encode(),
    ],
)
def test_lost_sums_are_written_again(tmp_path: Path, damage: bytes | None) -> None:
    save(tmp_path, entry(), entry(2), entry(3, month="2024-06"))
    path = tmp_path / "SHA256SUMS"
    sums = path.read_bytes()
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    # Those of parts that were not read come back too.
    assert again(tmp_path) is True
    assert path.read_bytes() == sums
    assert again(tmp_path) is False


def test_only_lines_of_documents_that_have_changed_are_changed_in_the_sums(tmp_path: Path) -> None:
    save(tmp_path, entry(1), entry(2), entry(3, month="2024-06"))
    path = tmp_path / "SHA256SUMS"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(third + first)
    assert again(tmp_path) is True
    assert path.read_bytes() == first + second + third
    catalogue = Catalogue(str(tmp_path))
    catalogue.put(entry(2)._replace(sha256="a" * 64))
    # Another run has added a line meanwhile.
    other = f"{5:064}  C-2/5\n".encode()
    path.write_bytes(first + second + third + other)
    assert catalogue.save({"C-1"}, contextlib.nullcontext) is True
    assert path.read_bytes() == first + b"a" * 64 + second[64:] + third + other
