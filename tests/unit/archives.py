# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Archives, as tests look at them."""

from __future__ import annotations

import json
import os
import subprocess
import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path


def documents(dest: Path) -> list[str]:
    """The paths of all documents below an archive, relative to it."""
    found = (path for path in dest.rglob("*") if path.is_file() and ".akamai_invoicing" not in path.parts)
    return sorted(str(path.relative_to(dest)) for path in found if path.parent != dest)


def entries(dest: Path) -> list[dict[str, t.Any]]:
    """What the catalogue says."""
    found: list[dict[str, t.Any]] = json.loads((dest / "catalogue.json").read_bytes())["documents"]
    return found


def assert_intact(dest: Path) -> None:
    """Catalogue, checksums and files say the same, and nothing is left of the work."""
    if entries(dest):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dest, check=True, timeout=60)
    assert sorted(entry["path"] for entry in entries(dest)) == documents(dest)
    for entry in entries(dest):
        assert (dest / entry["path"]).stat().st_size == entry["size"]
    assert set(os.listdir(dest / ".akamai_invoicing")) <= {"lock", "damaged_catalogue.json"}
