# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Print one table: of a nox report (JSON), or of rows with tabs between their cells."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path


def session_row(result: dict[str, str]) -> list[str]:
    """The row of one session of a nox report: check, versions, seconds, result."""
    check = result["signatures"][0]
    versions = ""
    if parts := re.fullmatch(r"(.+)-(\d\.\d+)-(\d\.\d+)", check):
        check, core, python = parts.groups()
        versions = f"ansible-core {core}, Python {python}"
    outcome = f"{result['result']}: {result['reason']}" if result["reason"] else result["result"]
    return [check, versions, f"{float(result['duration']):.0f}", outcome]


def main(path: Path) -> None:
    """Print the table of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        rows = [["check", "versions", "seconds", "result"], *map(session_row, json.loads(text)["sessions"])]
    else:
        rows = [line.split("\t") for line in text.splitlines()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
