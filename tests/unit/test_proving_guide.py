# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The commands of the guide "Proving your archive", run one after the other as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import MadeArchive

GUIDE = Path(__file__).parents[2] / "docs" / "docsite" / "rst" / "proving.rst"
# The commands of the sections that need no key, and those about signatures.
PLAIN, SIGNATURES = "Verify without this collection", "Sign the checksums"


def sections() -> dict[str, str]:
    """The text of each section by its title."""
    parts = re.split(r"^(.+)\n-{3,}\n", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def commands(*titles: str) -> list[str]:
    """The commands of these sections."""
    found = [match for title in titles for match in re.findall(r"^ +\$ (.+)$", sections()[title], re.MULTILINE)]
    assert found
    return found


@pytest.fixture
def made(tmp_path: Path) -> MadeArchive:
    """An archive of some documents in two contracts."""
    archive = MadeArchive(tmp_path / "bills")
    for number in range(1, 7):
        archive.add(number, f"2024-0{number}", contract_id="C-0N7RAC7" if number % 2 else "K-0N7RAK71")
        archive.add(number, f"2024-0{number}", "pdf", contract_id="C-0N7RAC7" if number % 2 else "K-0N7RAK71")
    archive.save()
    return archive


@pytest.fixture
def run(made: MadeArchive, tmp_path: Path) -> t.Callable[..., subprocess.CompletedProcess[str]]:
    """Run commands in the archive, as a person would in one shell."""

    def call(*lines: str) -> subprocess.CompletedProcess[str]:
        for tool in ("bash", "jq", "sha256sum", "ssh-keygen"):
            if tool in "\n".join(lines) + "bash" and not shutil.which(tool):
                pytest.skip(f"{tool} is not installed")
        script = "\n".join(lines).replace("/srv/bills", str(made.root))
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=made.root,
            env=os.environ | {"HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


Run = t.Callable[..., "subprocess.CompletedProcess[str]"]


def test_an_intact_archive_is_verified_without_the_collection(run: Run) -> None:
    *checks, bills = commands(PLAIN)
    done = run(*checks)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    listed = run(bills).stdout.splitlines()
    assert len(listed) == 6
    assert listed[0].split("\t") == ["2024-01", "C-0N7RAC7", "1", "INVOICE", "10", "USD"]


def alter_document(made: MadeArchive) -> None:
    (made.root / str(made.entries[0]["path"])).write_bytes(b"altered")


def alter_entry(made: MadeArchive) -> None:
    part = made.part(made.entries[0])
    part.write_text(part.read_text(encoding="utf-8").replace('"sha256": "', '"sha256": "0', 1), encoding="utf-8")


def add_file(made: MadeArchive) -> None:
    (made.root / "C-0N7RAC7" / "notes.txt").write_text("", encoding="utf-8")


def remove_line(made: MadeArchive) -> None:
    path = made.root / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        (1, alter_document, "C-0N7RAC7/2024-01/1_v1.csv: FAILED"),
        (2, alter_entry, "C-0N7RAC7/2024-01/1_v1.csv"),
        (3, add_file, "C-0N7RAC7/notes.txt"),
        (4, remove_line, "not continued: {"),
    ],
)
def test_each_command_finds_what_it_is_for(
    run: Run, made: MadeArchive, number: int, change: t.Callable[[MadeArchive], None], says: str
) -> None:
    change(made)
    command = commands(PLAIN)[number]
    assert says in run(command).stdout
    assert run(*(one for one in commands(PLAIN)[:5] if one != command)).stdout == ""


def test_signatures(run: Run, made: MadeArchive) -> None:
    *made_and_signed, checksums, journal = commands(SIGNATURES)
    done = run(*made_and_signed, checksums, journal)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Good") == 2
    for name, command in (("SHA256SUMS", checksums), ("journal.jsonl", journal)):
        path = made.root / name
        path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
        assert run(command).returncode != 0


def test_the_restore_drill(run: Run, tmp_path: Path) -> None:
    done = run(*commands(SIGNATURES, "Drill: restore the archive"))
    assert done.returncode == 0, done.stderr
    assert "FAILED" in done.stdout
    assert not (tmp_path / "restored").exists()
