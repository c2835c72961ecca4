# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with files and archives that lookups read."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

from .disk import dangling, directory, fifo, text
from .documents import CSV, PDF, document, line
from .row import CONTRACT, INVOICE, MONTH, Row, Step, World

LOOKUP = "lookup"
RAW = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.csv"


def file(make: t.Callable[[Path], object], name: str = "bill.json", **options: t.Any) -> Step:
    """The lookup reads what is made at a path."""

    def step(world: World) -> None:
        path = world.folder / "files" / name
        make(path)
        world.options.update({"path": str(path), "terms": [], "contract_id": None} | options)

    return step


def archive(change: t.Callable[[Path], object], **options: t.Any) -> Step:
    """The lookup reads an archive that is changed."""

    def step(world: World) -> None:
        root = world.folder / "archive"
        shutil.copytree(world.folder.parent / "base" / "same", root, symlinks=True)
        change(root)
        world.options.update({"contract_id": None} | options | {"archive": str(root)})

    return step


def moved_behind_a_link(root: Path) -> None:
    """A link takes the place of the archive."""
    root.rename(f"{root}_2")
    root.symlink_to(f"{root.name}_2")


def put(name: str, make: t.Callable[[Path], object]) -> Step:
    """The same with something else at one of its paths."""

    def change(root: Path) -> None:
        (root / name).unlink()
        make(root / name)

    return archive(change)


PART = f"catalogue/{CONTRACT}/{MONTH}.jsonl"

TABLE = {
    "lookups": [
        *(
            Row(f"path is {name}", LOOKUP, file(make, file_name), says)
            for name, make, file_name, says in (
                ("not there", lambda path: None, "bill.json", "bill.json"),
                ("a directory", directory, "bill.json", "bill.json"),
                ("a FIFO", fifo, "bill.json", "bill.json"),
                ("a FIFO without a name's ending", fifo, "bill", "bill"),
                ("a dangling link", dangling, "bill.json", "bill.json"),
                ("a link to itself", lambda path: path.symlink_to(path), "bill.csv", "bill.csv"),
                ("a PDF", text(PDF), "bill", "PDF"),
                ("a PDF by another name", text(PDF), "bill.csv", "PDF|text"),
                ("a page", text("<html></html>"), "bill.json", "bill.json"),
                ("empty", text(""), "bill.csv", "empty"),
                ("zeros", text(b"\x00" * 999), "bill.csv", "bill.csv"),
                ("cut JSON", text(document()[:-9]), "bill.json", "bill.json"),
                ("deep JSON", text('{"a": ' + "[" * 100_000 + "}"), "bill.json", "bill.json"),
                ("a list", text("[]"), "bill.json", "bill.json"),
                ("a name with escape sequences", directory, "\x1b[31m.json", "json"),
            )
        ),
        *(
            Row(f"path is {name}", LOOKUP, file(make, file_name), says, holds=True)
            for name, make, file_name, says in (
                ("JSON", text(document()), "bill.json", ""),
                ("CSV", text(CSV), "bill.csv", ""),
                ("CSV without a name's ending", text(CSV), "bill", ""),
                ("JSON with half a surrogate", text(line(PRODUCT="\ud83d")), "bill.json", ""),
                ("JSON with a template", text(line(PRODUCT="{{ 7 * 7 }}")), "bill.json", ""),
                ("an amount that is none", text(line(ITEM_TOTAL="ten")), "bill.json", "ITEM_TOTAL"),
                ("unknown headings", text("Alpha,Beta\nIon,10\n"), "bill.csv", "columns"),
                ("hostile headings", text("Al\u2066pha,Be\u202eta\nIon,10\n"), "bill.csv", "bill.csv"),
            )
        ),
        Row("path is another bill", LOOKUP, file(text(document(INVOICE_ID=17)), terms=[INVOICE]), "17"),
        Row("path and archive", LOOKUP, file(text(document()), archive="/tmp"), "path.*archive|archive.*path"),
        Row("path of two bills", LOOKUP, file(text(document()), terms=[1, 2]), "one bill|path"),
        *(
            Row(f"query {name}", LOOKUP, file(text(document()), query=query), "query")
            for name, query in (
                ("is no JMESPath", "a["),
                ("calls what is not there", "nothing(@)"),
                ("sorts what is none", "sort(@)"),
                ("is deep", "[" * 5000),
                ("has escape sequences", "\x1b[31m"),
            )
        ),
        Row("query of a CSV", LOOKUP, file(text(CSV), "bill.csv", query="a"), "query"),
        *(
            Row(f"archive {name}", LOOKUP, step, says)
            for name, step, says in (
                (
                    "is not there",
                    lambda world: world.options.update(archive="/no/archive", contract_id=None),
                    "/no/archive",
                ),
                ("without a catalogue", archive(lambda root: (root / "catalogue.json").unlink()), "catalogue.json"),
                ("with a cut catalogue", put("catalogue.json", text('{"version": 1')), "catalogue.json"),
                (
                    "with a catalogue of numbers",
                    put("catalogue.json", text('{"version": 1, "documents": [1]}')),
                    "catalogue.json",
                ),
                ("with a catalogue that is a FIFO", put("catalogue.json", fifo), "catalogue.json"),
                ("with a catalogue that is a directory", put("catalogue.json", directory), "catalogue.json"),
                ("with a later catalogue", put("catalogue.json", text('{"version": 3, "documents": []}')), "version"),
                ("with a FIFO in the catalogue", put(PART, fifo), PART),
                ("with a part of numbers", put(PART, text("1\n")), "no regular document.*invoice_archive"),
                ("without the document", put(RAW, lambda path: None), RAW),
                ("with an altered document", put(RAW, text(CSV)), f"{RAW}.*checksum"),
                ("with a FIFO for the document", put(RAW, fifo), RAW),
                ("with a directory for the document", put(RAW, directory), RAW),
                ("with a dangling link for the document", put(RAW, dangling), RAW),
            )
        ),
        Row(
            "archive without the bill",
            LOOKUP,
            archive(lambda root: None),
            "invoice_archive|archive",
            options={"terms": [17]},
        ),
        Row("archive without terms", LOOKUP, archive(lambda root: None), "archive", options={"terms": []}),
        Row("archive of another contract", LOOKUP, archive(lambda root: None, contract_id="C-1"), "archive"),
        Row("archive that is right", LOOKUP, archive(lambda root: None), "", holds=True),
        Row(
            "archive whose root is a link",
            LOOKUP,
            archive(moved_behind_a_link),
            "",
            holds=True,
        ),
    ],
}
