# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with archives that are verified."""

from __future__ import annotations

import json
import shutil
import typing as t

from .disk import dangling, directory, fifo, text
from .documents import CSV
from .row import CONTRACT, INVOICE, MONTH, Row, Step, World

if t.TYPE_CHECKING:
    from pathlib import Path

VERIFY = "verify"
RAW, PART = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.csv", f"catalogue/{CONTRACT}/{MONTH}.jsonl"
STRICT = {"verify": "full", "fail_on": ["damaged", "missing", "unreconciled"]}


def archive(change: t.Callable[[Path], object]) -> Step:
    """The archive that is verified is changed."""

    def step(world: World) -> None:
        root = world.folder / "archive"
        shutil.copytree(world.folder.parent / "base" / "same", root, symlinks=True)
        change(root)
        world.options.update(STRICT | {"src": [str(root)], "describe_columns": True})

    return step


def put(name: str, make: t.Callable[[Path], object]) -> Step:
    """The same with something else at one of its paths."""

    def change(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        make(root / name)

    return archive(change)


def entry(**fields: t.Any) -> Step:
    """The same with other fields in all entries of a part."""

    def change(root: Path) -> None:
        path = root / PART
        entries = [json.loads(line) | fields for line in path.read_text(encoding="utf-8").splitlines()]
        path.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in entries))

    return archive(change)


def nothing(path: Path) -> None:
    """Nothing is there."""


TABLE = {
    "verified archives": [
        *(
            Row(f"{name} {what}", VERIFY, put(name, make), says)
            for name, kinds in {
                RAW: (
                    ("is gone", nothing, f"{RAW} is gone"),
                    ("is altered", text(CSV), RAW),
                    ("is a directory", directory, f"{RAW} is not a regular file"),
                    ("is a FIFO", fifo, f"{RAW} is not a regular file"),
                    ("is a dangling link", dangling, f"{RAW} cannot be read"),
                ),
                "catalogue.json": (
                    ("is of a later version", text('{"version": 3, "documents": "x"}'), "version 3"),
                    ("is cut", text('{"version": 2'), "catalogue.json is damaged"),
                    ("is gone", nothing, "catalogue.json is not there"),
                    ("is a FIFO", fifo, "catalogue.json"),
                    ("is a directory", directory, "catalogue.json"),
                ),
                PART: (
                    ("is cut", text('{"contract_id": '), "1 line that cannot be used"),
                    ("is deep", text("[" * 100_000 + "\n"), "1 line that cannot be used"),
                    ("is not UTF-8", text(b"\xff\xfe\n"), "1 line that cannot be used"),
                    ("is a FIFO", fifo, PART),
                ),
                "SHA256SUMS": (
                    ("is gone", nothing, "SHA256SUMS is not there"),
                    ("is of another archive", text(f"{'0' * 64}  {RAW}\n"), "SHA256SUMS does not list"),
                    ("is no text", text(b"\xff\x00\n"), "SHA256SUMS"),
                    ("is a FIFO", fifo, "SHA256SUMS"),
                ),
                "journal.jsonl": (
                    ("names a line before its first", text('{"action": "x", "previous": "x"}\n'), "line 1"),
                    ("is no journal", text("no journal\nat all\n"), "line 1 is not a record"),
                    ("is a FIFO", fifo, "journal.jsonl"),
                    ("is a directory", directory, "journal.jsonl"),
                ),
            }.items()
            for what, make, says in kinds
        ),
        Row("entry with a total that no amount has", VERIFY, entry(invoice_total="9" * 60), "invoice_total"),
        Row("entry with another total", VERIFY, entry(invoice_total=1), "1 bill whose lines do not add up"),
        Row("entry with a path that leaves", VERIFY, entry(path="../outside/canary"), "cannot be used"),
        Row("a file that belongs to nothing", VERIFY, put("notes\x1b[31m.txt", text("")), "", holds=True),
        Row("a torn line in the journal", VERIFY, put("journal.jsonl", text('{"action": ')), "", holds=True),
        Row("an archive that is right", VERIFY, archive(lambda root: None), "0 problems", holds=True),
        Row("src is not there", VERIFY, lambda world: world.options.update(src=["/no/archive"]), "/no/archive"),
        Row("src is empty", VERIFY, lambda world: world.options.update(src=[""]), "src is empty"),
        Row("src with a NUL", VERIFY, lambda world: world.options.update(src=["/a\0b"]), "NUL"),
    ],
}
