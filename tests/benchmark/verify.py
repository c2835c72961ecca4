# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""invoice_archive_info, which verifies a large archive, beside sha256sum; and its memory."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import MadeArchive
from ansible_collections.edgebill.akamai_invoicing.tests.processes import module_command

ROUNDS = 3
SIZE = 20_000
MONTHS = [f"{year}-{month:02}" for year in range(2017, 2027) for month in range(1, 13)]


def fill(root: Path, count: int) -> None:
    """Documents of ten years, two to a bill."""
    archive = MadeArchive(root)
    rows = b"Product,Total (USD)\n" + b"Ion,10\n" * (SIZE // 7)
    for number in range(count // 2):
        month = MONTHS[number * len(MONTHS) // (count // 2)]
        for format in ("pdf", "csv"):
            archive.add(number + 1, month, format, content=b"%d\n" % number + rows)
    archive.save()


def timed(command: list[str], **options: t.Any) -> tuple[bytes, float, float]:
    """What a command prints, its seconds, and its peak memory in MiB."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, **options) as process:
        output = process.stdout.read() if process.stdout else b""
        _pid, process.returncode, usage = os.wait4(process.pid, 0)
    if process.returncode:
        sys.exit(f"{command[0]} failed: {output[-600:]!r}")
    return output, time.monotonic() - start, usage.ru_maxrss / 1024


def main() -> int:
    """Print the rows: measured, ours, beside it, ratio, goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    count = parser.parse_args().documents
    folder = Path(tempfile.mkdtemp(prefix="verify-"))
    try:
        root = folder / "archive"
        fill(root, count)
        command = module_command("invoice_archive_info", {"src": [str(root)], "verify": "sha256", "returned": "none"})
        pairs = []
        # The first round reads the files into memory.
        for _round in range(ROUNDS + 1):
            output, ours, memory = timed(command)
            if (counts := json.loads(output)["counts"])["problems"] or counts["documents"] != count:
                sys.exit(f"the archive is intact, and yet: {counts}")
            _output, beside, _memory = timed(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=root)
            pairs.append((ours, beside))
        ours, beside = (statistics.median(column) for column in zip(*pairs[1:]))
        ratio = statistics.median(other / mine for mine, other in pairs[1:])
        title = f"{count} documents of {SIZE // 1000} kB verified by SHA-256 beside sha256sum"
        print(title, f"{count / ours:.0f}/s", f"{count / beside:.0f}/s", f"{ratio:.2f}", ">= 0.80", sep="\t")
        print(f"memory to verify {count} documents", f"{memory:.0f} MiB", "", "", "<= 250 MiB", sep="\t")
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
