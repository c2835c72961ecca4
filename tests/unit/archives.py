# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Archives, as tests look at them."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import typing as t

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry

# What a run may leave in the work directory.
LEFT = re.compile(r"([A-Za-z0-9-]+/)?lock|damaged_catalogue\.json|[A-Za-z0-9-]+/damaged_[0-9a-z-]+\.jsonl")


def documents(dest: Path) -> list[str]:
    """The paths of all documents below an archive, relative to it."""
    found = (path.relative_to(dest) for path in dest.rglob("*") if path.is_file())
    own = (".akamai_invoicing", "catalogue")
    return sorted(str(path) for path in found if len(path.parts) > 1 and path.parts[0] not in own)


def parts(dest: Path) -> list[Path]:
    """The files of the catalogue."""
    return sorted(dest.glob("catalogue/*/*.jsonl"))


def entries(dest: Path, **options: t.Any) -> list[dict[str, t.Any]]:
    """What the catalogue says."""
    pointer = {"version": 2, "documents": "catalogue/*/*.jsonl"}
    assert json.loads((dest / "catalogue.json").read_bytes()) == pointer
    return [json.loads(line, **options) for part in parts(dest) for line in part.read_bytes().splitlines()]


def save(root: Path, *entries: Entry) -> Catalogue:
    """Add entries to the catalogue of an archive."""
    catalogue = Catalogue(str(root))
    for entry in entries:
        catalogue.put(entry)
    assert catalogue.save({entry.contract_id for entry in entries}, contextlib.nullcontext) is True
    return catalogue


def save_as_version_1(dest: Path, documents: t.Any = None) -> bytes:
    """Give an archive a catalogue of version 1, of what its catalogue says, or of other documents; its bytes."""
    if documents is None:
        documents = [as_version_1(entry) for entry in entries(dest)]
    for part in parts(dest):
        part.unlink()
    content = json.dumps({"version": 1, "documents": documents}).encode()
    (dest / "catalogue.json").write_bytes(content)
    return content


def as_version_1(entry: dict[str, t.Any]) -> dict[str, t.Any]:
    """An entry as catalogue 1 has it."""
    added = ("invoice_due_date", "file_creation_date", "fetched", "replaces")
    sums = ("currency", "total", "services", "taxes", "lines")
    totals = entry["totals"] and [{name: one[name] for name in sums} for one in entry["totals"]]
    return {name: value for name, value in entry.items() if name not in added} | {"totals": totals}


def lose_catalogue(dest: Path) -> None:
    """Remove all of a catalogue."""
    for path in (*parts(dest), dest / "catalogue.json"):
        path.unlink(missing_ok=True)


def assert_intact(dest: Path) -> None:
    """Catalogue, checksums and files say the same, and nothing is left of the work."""
    if entries(dest):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dest, check=True, timeout=60)
    assert sorted(entry["path"] for entry in entries(dest)) == documents(dest)
    for entry in entries(dest):
        assert (dest / entry["path"]).stat().st_size == entry["size"]
    for part in parts(dest):
        lines = [json.loads(line) for line in part.read_bytes().splitlines()]
        assert {(line["contract_id"], line["month"] or "unknown") for line in lines} <= {(part.parent.name, part.stem)}
    work = dest / ".akamai_invoicing"
    left = [str(path.relative_to(work)) for path in work.rglob("*") if path.is_file()]
    assert [path for path in left if not LEFT.fullmatch(path)] == []
