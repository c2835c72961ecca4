# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One row of the table, and the world in which it happens."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

CONTRACT, INVOICE, MONTH = "C-0N7RAC7", 1234567890, "2024-05"

# What a target asks for, as a part of the path.
ASKS = {
    **dict.fromkeys(("download", "archive", "lookup"), "/download"),
    **dict.fromkeys(("info", "invoices"), "/invoices[?]"),
    "contracts": "/contracts/identifiers",
    "keys": "/account-switch-keys",
}


@dataclass
class World:
    """What a step can do harm to. ``dest`` is the file of a download, or the root of an archive."""

    simulator: Simulator
    folder: Path
    target: str
    form: str
    options: dict[str, t.Any] = field(default_factory=dict)
    """Options of the run with the fault; a step can add its own."""
    environ: dict[str, str] = field(default_factory=dict)
    """The environment of the run with the fault."""
    undo: list[t.Callable[[], object]] = field(default_factory=list)
    """What takes the fault away again, the last first."""

    @property
    def outside(self) -> Path:
        """A directory that no run may touch."""
        return self.folder / "outside"

    @property
    def dest(self) -> Path:
        """The file of a download, or the root of an archive."""
        return self.folder / ("archive" if self.target == "archive" else f"files/bill.{self.form}")

    @property
    def document(self) -> Path:
        """The document in question, in an archive or as a file."""
        return self.dest / f"{CONTRACT}/{MONTH}/{INVOICE}_v1.{self.form}" if self.target == "archive" else self.dest

    def environment(self) -> dict[str, str]:
        """The environment of a run: nothing of the machine's that would change it."""
        ours = ("AKAMAI_", "REQUESTS_", "CURL_")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(ours) and not name.lower().endswith("_proxy")
        }
        return kept | {"HOME": str(self.folder)}


class Unavailable(Exception):
    """This machine does not have what a step needs: why."""


Step = t.Callable[[World], object]


@dataclass(frozen=True)
class Row:
    """One fault; it counts once for each target."""

    name: str
    on: str
    """The targets: download, archive, info, contracts, keys, lookup (invoice), invoices, verify."""
    fault: Step | None
    says: str
    """What the message matches; of a run that holds, its warnings or its reason. Empty: nothing is said of it."""
    holds: bool = False
    """Whether the run succeeds in spite of the fault."""
    changed: bool | str | None = None
    """Whether the run changes something; None: if it holds; ``either``: another run may do it first."""
    form: str = ""
    """The format; by default csv in archives and lookups, else pdf."""
    start: str = "other"
    """What is there: an ``other`` document (another version, another month), ``none``, or the document itself."""
    options: dict[str, t.Any] = field(default_factory=dict)
    """Options of the run with the fault."""
    given: dict[str, t.Any] = field(default_factory=dict)
    """Options of all runs."""
    alters: bool = False
    """Whether the run may alter files that are there: it repairs them."""
    ends: bool = True
    """Whether the next run can complete: else it fails in the same way."""
    then: t.Callable[[World, t.Any], str] | None = None
    """One more check of the outcome: what is wrong with it, or nothing."""


def answer(kind: str, *, path: str = "", times: int | None = None, **options: t.Any) -> Step:
    """A fault of the simulator in the answer to what the target asks for."""

    def step(world: World) -> None:
        world.simulator.fault(kind, path=path or ASKS[world.target], times=times, **options)

    return step


def listing(kind: str, **options: t.Any) -> Step:
    """The same in the list of bills."""
    return answer(kind, path="/invoices[?]", **options)


def raw(headers: str = "Content-Length: $length", *, status: str = "200 OK", **options: t.Any) -> Step:
    """An answer whose headers are written as they are."""
    head = f"HTTP/1.1 {status}\nContent-Type: {options.pop('type', '$type')}" + (f"\n{headers}" if headers else "")
    return answer("raw", head=head, **options)


def all_of(*steps: Step) -> Step:
    """Several steps, one after the other."""

    def step(world: World) -> None:
        for one in steps:
            one(world)

    return step


def expand(table: dict[str, list[Row]]) -> dict[str, tuple[str, Row, str]]:
    """The rows by their full names: area, row and target."""
    return {
        f"{area}: {row.name} ({target})": (area, row, target)
        for area, rows in table.items()
        for row in rows
        for target in row.on.split()
    }
