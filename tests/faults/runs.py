# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Runs that are killed, and runs at the same time."""

from __future__ import annotations

import os
import signal
import time
import typing as t

from .row import Row, Step, World
from .run import run

BOTH = "download archive"


def _start(world: World, delay: float) -> int:
    """Another run of the same task, which waits for each answer; its process."""
    if delay:
        world.simulator.fault("slow", delay=delay, times=None)
    child = os.fork()
    if child == 0:
        outcome = run(world, {}, {})
        os._exit(1 if outcome.failed or outcome.crash else 0)
    return child


def killed(number: signal.Signals, after: float) -> Step:
    """The same task was begun before, and ended by a signal so many seconds later."""

    def step(world: World) -> None:
        child = _start(world, 0.1)
        time.sleep(after)
        os.kill(child, number)
        os.waitpid(child, 0)
        world.simulator.reset()

    return step


def killed_often(times: int) -> Step:
    """The same task was begun and killed so many times, each a little later."""

    def step(world: World) -> None:
        for number in range(times):
            killed(signal.SIGKILL, 0.03 * number)(world)

    return step


def beside(count: int) -> Step:
    """The same task runs in other processes at the same time; all of them must complete."""

    def step(world: World) -> None:
        children = [_start(world, 0.05) for _number in range(count)]

        def wait() -> None:
            codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            if any(codes):
                raise RuntimeError(f"a run beside this one failed: {codes}")

        world.undo.append(wait)

    return step


def stopped(after: float) -> Step:
    """Another run has the archive and does not go on: it is stopped, and goes on two seconds later."""

    def step(world: World) -> None:
        child = _start(world, 0.3)
        time.sleep(after)
        os.kill(child, signal.SIGSTOP)
        starter = os.fork()
        if starter == 0:
            time.sleep(2)
            os.kill(child, signal.SIGCONT)
            os._exit(0)

        def wait() -> None:
            for process in (starter, child):
                os.waitpid(process, 0)

        world.undo.append(wait)

    return step


# A run that was killed late may have done its work.
HOLDS: dict[str, t.Any] = {"holds": True, "alters": True, "changed": "either"}

TABLE = {
    "runs": [
        *(
            Row(
                f"a run ended by {number.name} after {after} seconds, {start} files there",
                BOTH,
                killed(number, after),
                "",
                start=start,
                **HOLDS,
            )
            for number, after, start in (
                (signal.SIGKILL, 0.02, "none"),
                (signal.SIGKILL, 0.15, "none"),
                (signal.SIGKILL, 0.15, "other"),
                (signal.SIGKILL, 0.25, "other"),
                (signal.SIGTERM, 0.15, "other"),
                (signal.SIGINT, 0.15, "other"),
                (signal.SIGHUP, 0.15, "other"),
                (signal.SIGABRT, 0.15, "none"),
            )
        ),
        *(Row(f"{count} other runs at the same time", BOTH, beside(count), "", **HOLDS) for count in (1, 3)),
        Row("another run that is stopped for two seconds", "archive", stopped(0.4), "wait", **HOLDS),
        Row("ten runs killed, one after the other", BOTH, killed_often(10), "", **HOLDS),
    ],
}
