# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Judges a row: makes its world, runs it with the fault and without, each row in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
import traceback
import typing as t
import warnings
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

from . import leaks
from .checks import check_catalogue, check_changed, check_files, check_message, secrets_of, snapshot
from .row import CONTRACT, INVOICE, MONTH, Row, Unavailable, World
from .run import run

if t.TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 60.0
# How a problem begins that is one of the machine.
SKIPPED = "skipped, since this machine cannot do it: "
FORMS = ("pdf", "csv", "json")
OTHER_MONTH = "2024-04"


@contextlib.contextmanager
def own_rights() -> Iterator[None]:
    """Look at files with the rights of this process, though the run is another user's."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    yield
    os.seteuid(user)


class Judge:
    """A simulator, and what rows begin with: other versions of the document, and archives of one and two months."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.folder = folder
        self._prepare()

    def _prepare(self) -> None:
        self.simulator.reset()
        for form in FORMS:
            world = World(self.simulator, self.folder / "base", "download", form)
            self._good(world, {"dest": f"{self.folder}/base/same.{form}", "create_dirs": True})
        archive = World(self.simulator, self.folder / "base", "archive", "csv")
        both = {"formats": ["pdf", "csv"]}
        self._good(archive, both | {"dest": f"{self.folder}/base/other", "month": OTHER_MONTH})
        self._good(
            archive,
            both | {"dest": f"{self.folder}/base/same", "month": None, "from_month": OTHER_MONTH, "to_month": MONTH},
        )
        self.simulator.reissue(CONTRACT, INVOICE)
        for form in FORMS:
            world = World(self.simulator, self.folder / "base", "download", form)
            self._good(world, {"dest": f"{self.folder}/base/other.{form}"})
        self.simulator.reset()

    def _good(self, world: World, options: dict[str, t.Any]) -> None:
        outcome = run(world, options, {})
        if outcome.failed or outcome.crash:
            raise RuntimeError(f"a run without a fault failed: {outcome.message or outcome.crash}")

    def judge(self, row: Row, target: str) -> list[str]:
        """What does not hold, in sentences; in a process of its own, so that nothing of it stays, or waits for ever."""
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix="row_"))
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # The threads of a test's runner wait, and the child ends without a word to them.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                found = list(self._problems(row, target, folder))
            except Unavailable as exc:
                found = [f"{SKIPPED}{exc}"]
            except BaseException:
                found = [f"the row itself fails: {traceback.format_exc(limit=-4)}"]
            with os.fdopen(writing, "w", encoding="utf-8", errors="backslashreplace") as pipe:
                json.dump(found, pipe)
            os._exit(0)
        os.close(writing)
        try:
            return _answer_of(child, reading, leaks.LONGEST + 10 if target == "playbook" else LONGEST)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _world(self, row: Row, target: str, folder: Path) -> World:
        form = row.form or ("csv" if target in ("archive", "lookup") else "pdf")
        world = World(self.simulator, folder, target, form)
        for name in ("outside", "files", "tmp"):
            (folder / name).mkdir()
        (folder / "outside" / "canary").write_text("alive\n", encoding="ascii")
        base = self.folder / "base"
        if row.start != "none" and target == "archive":
            shutil.copytree(base / row.start, world.dest, symlinks=True)
        elif row.start != "none" and target == "download":
            shutil.copy(base / f"{row.start}.{form}", world.dest)
        return world

    def _problems(self, row: Row, target: str, folder: Path) -> Iterator[str]:
        world = self._world(row, target, folder)
        self.simulator.reset()
        if target == "playbook":
            yield from leaks.problems(row, world)
            return
        if row.fault:
            row.fault(world)
        with own_rights():
            before = snapshot(folder)
        outcome = run(world, row.given | row.options | world.options, world.environ)
        with own_rights():
            after = snapshot(folder)
            secrets = secrets_of(world)
        yield from check_message(world, row, outcome, secrets)
        yield from check_changed(world, row, outcome)
        yield from check_files(world, row, outcome, before, after)
        for undo in reversed(world.undo):
            undo()
        if row.then and (problem := row.then(world, outcome)):
            yield problem
        self.simulator.reset()
        if not row.ends:
            return
        for _run in range(2):
            outcome = run(world, row.given, {})
            if outcome.failed or outcome.crash:
                yield f"the next run fails: {outcome.message or outcome.crash}"
                return
            if target == "archive":
                yield from check_catalogue(world.dest, all_known=True)
        if outcome.changed:
            yield "the run after the next changes something"


def _answer_of(child: int, reading: int, longest: float) -> list[str]:
    deadline = time.monotonic() + longest
    received = b""
    try:
        while select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
            piece = os.read(reading, 65536)
            if not piece:
                break
            received += piece
        else:
            return [f"does not end within {longest:.0f} seconds"]
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    found: list[str] = json.loads(received) if received else ["the process of the row ended early"]
    return found
