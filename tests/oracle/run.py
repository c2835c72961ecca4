# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Gives documents to the reader, bounded in time, and counts what it makes of them."""

from __future__ import annotations

import signal
import sys
import time
import typing as t
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random

from .case import CERTAIN, CRASH, REFUSED, RIGHT, SLOW, WRONG, Case, judge_lines, judge_totals
from .dialects import DIALECTS

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = Path("ansible_collections", "edgebill", "akamai_invoicing")
SECONDS = 2.0
"""Of the processor, for one document: a thousand times what it needs."""
PATH = "bill"
OUTCOMES = (RIGHT, REFUSED, WRONG, CRASH, SLOW)


class TookTooLong(BaseException):
    """No ``Exception``, so that nothing on the way catches it."""


class Reader(t.NamedTuple):
    """The code under test."""

    document_totals: t.Callable[..., dict[str, t.Any]]
    read_document: t.Callable[..., t.Iterable[dict[str, t.Any]]]
    refusals: tuple[type[Exception], ...]


def load_reader(checkout: Path | None = None) -> Reader:
    """The reader of a checkout, or the one that can be imported already."""
    if checkout:
        place = checkout.resolve()
        if place.parts[-3:] == COLLECTION.parts:
            sys.path.insert(0, str(place.parents[2]))
        else:
            link = place / ".build" / "checkout" / COLLECTION
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(place, target_is_directory=True)
            sys.path.insert(0, str(link.parents[2]))
    utils = f"{'.'.join(COLLECTION.parts)}.plugins.module_utils"
    errors, reader = import_module(f"{utils}._errors"), import_module(f"{utils}._documents.reader")
    return Reader(reader.document_totals, reader.read_document, (errors.DocumentError, errors.FileError))


@dataclass
class Tally:
    """The outcomes of one dialect."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By verdict and outcome."""
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    """Seed, outcome and what happened."""
    refused: list[int] = field(default_factory=list)
    """The seeds of certain documents that were refused."""

    def of(self, outcome: str, verdict: str = "") -> int:
        """How many documents had this outcome."""
        return sum(count for key, count in self.counts.items() if key[1] == outcome and verdict in ("", key[0]))

    @property
    def certain(self) -> int:
        """How many documents were certain."""
        return sum(count for key, count in self.counts.items() if key[0] == CERTAIN)

    @property
    def share(self) -> float:
        """Of the certain documents, which share was refused."""
        return self.of(REFUSED, CERTAIN) / max(1, self.certain)


def make(dialect: str, seed: int) -> Case:
    """The same document for the same dialect and seed, everywhere."""
    return DIALECTS[dialect](Random(f"{dialect} {seed}"))


@contextmanager
def bounded(seconds: float) -> t.Iterator[None]:
    """Raise TookTooLong after this much time of the processor: another load of the machine does not count."""

    def end(*_arguments: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome_of(reader: Reader, case: Case, *, lines: bool = True, seconds: float = SECONDS) -> tuple[str, str]:
    """The outcome and a sentence about it; with ``lines``, the document is also read line by line."""
    options: dict[str, t.Any] = {"currency": case.currency, "content": case.content}
    if case.columns:
        options["columns"] = case.columns
    place = (PATH, case.format, case.source_type)
    found = None
    start = time.process_time()
    try:
        with bounded(seconds):
            try:
                found = reader.document_totals(*place, bill_total=case.bill_total, **options)
                text = judge_totals(case, found)
            except reader.refusals as error:
                named = getattr(error, "details", {}).get("row")
                text = (
                    f"{REFUSED}: {error}"
                    if case.row in (None, named)
                    else f"row {case.row} is wrong, not {named}: {error}"
                )
            if lines:
                text = _compare_lines(reader, place, options, case, found, text)
    except TookTooLong:
        return SLOW, f"took more than {time.process_time() - start:.1f} s of the processor"
    except Exception as error:  # noqa: BLE001 (whatever comes is counted)
        return CRASH, f"{type(error).__name__}: {error}"
    if text.partition(":")[0] not in (RIGHT, REFUSED):
        return WRONG, text
    return (RIGHT, "") if text == RIGHT else (REFUSED, text)


def _compare_lines(
    reader: Reader,
    place: tuple[str, ...],
    options: dict[str, t.Any],
    case: Case,
    found: dict[str, t.Any] | None,
    text: str,
) -> str:
    """The text of the outcome, or what is wrong in the lines: they have to be refused just as the totals are."""
    try:
        read = list(reader.read_document(*place, **options))
    except reader.refusals as error:
        return text if found is None else f"the totals are given, but the lines refused: {error}"
    if found is None:
        return f"the lines are given, but the totals refused: {text}"
    return (judge_lines(case, found, read) if text == RIGHT else "") or text


def run(reader: Reader, dialect: str, seeds: t.Iterable[int]) -> Tally:
    """The tally of these bills of a dialect."""
    tally = Tally()
    for seed in seeds:
        case = make(dialect, seed)
        outcome, text = outcome_of(reader, case, lines=seed % 3 == 0)
        tally.counts[case.verdict, outcome] += 1
        if outcome in (WRONG, CRASH, SLOW):
            tally.failures.append((seed, outcome, text))
        elif outcome == REFUSED and case.verdict == CERTAIN:
            tally.refused.append(seed)
    return tally


def table(tallies: dict[str, Tally]) -> str:
    """The tallies as a table with a row of sums."""
    rows = [["dialect", "bills", *OUTCOMES, "certain", "refused of certain"]]
    together = Tally()
    for tally in tallies.values():
        together.counts.update(tally.counts)
    for name, tally in [*tallies.items(), ("all", together)]:
        counts = [sum(tally.counts.values()), *map(tally.of, OUTCOMES), tally.certain]
        rows.append([name, *map(str, counts), f"{tally.share:.1%}"])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))])
        for row in rows
    )
