# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The command line: judge all rows, or those whose names hold a word; print what does not hold, and a table."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import tempfile
import time
import typing as t
from collections import Counter
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

from .judge import SKIPPED, Judge
from .table import ROWS

WORKERS = 2
JUDGES: list[Judge] = []


def _begin(numbers: t.Any, simulators: list[Simulator], folder: str) -> None:
    JUDGES.append(Judge(simulators[numbers.get()], Path(tempfile.mkdtemp(dir=folder))))


def _judge(name: str) -> tuple[str, list[str], float]:
    _area, row, target = ROWS[name]
    started = time.monotonic()
    return name, JUDGES[0].judge(row, target), time.monotonic() - started


def main() -> int:
    """Judge what the command line names."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of the rows' names: areas, faults or targets")
    parser.add_argument("--slow", type=float, default=20.0, help="name rows that take longer, in seconds")
    options = parser.parse_args()
    names = [name for name in ROWS if not options.words or any(word in name for word in options.words)]
    asked = Counter(ROWS[name][0] for name in names)
    held: Counter[str] = Counter()
    skipped = 0
    context = multiprocessing.get_context("fork")
    numbers = context.SimpleQueue()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-"))
        simulators = [stack.enter_context(Simulator()) for _worker in range(WORKERS)]
        for number in range(WORKERS):
            numbers.put(number)
        with context.Pool(WORKERS, _begin, (numbers, simulators, folder)) as pool:
            for name, problems, seconds in pool.imap_unordered(_judge, names):
                if problems and problems[0].startswith(SKIPPED):
                    asked[ROWS[name][0]] -= 1
                    skipped += 1
                held[ROWS[name][0]] += not problems
                for problem in problems:
                    print(f"{name}\n    {problem}", flush=True)
                if seconds > options.slow:
                    print(f"{name}: {seconds:.0f} seconds", flush=True)
    width = max(map(len, asked), default=0)
    for area, count in asked.items():
        print(f"{area:{width}}  {held[area]:4} of {count:4}")
    print(f"{held.total()} of {asked.total()}" + (f", and {skipped} skipped" if skipped else ""))
    return 0 if held == asked else 1
