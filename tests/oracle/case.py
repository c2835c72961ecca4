# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A document with what a reader may make of it, and the judgement of what it did make of it."""

from __future__ import annotations

import json
import typing as t
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .truth import AMOUNTS, Bill, Entry, Line, rounded

CERTAIN, DOUBTFUL, BAD, GARBAGE = "certain", "doubtful", "bad", "garbage"
RIGHT, REFUSED, WRONG, CRASH, SLOW = "right", "refused", "WRONG", "CRASH", "SLOW"
GROUPS = {"by_product": ("product",), "by_customer": ("customer_id", "customer_name"), "by_item_type": ("item_type",)}


@dataclass(frozen=True)
class Case:
    """A document and the oracle's verdict.

    ``certain`` documents have one right value. ``doubtful`` ones may be refused too. Of ``bad`` ones nothing but a
    refusal is right; where ``entries`` are given, these too, and what does not agree with the bill's total and says so.
    Of ``garbage`` nobody knows the value: it must end well.
    """

    content: bytes
    verdict: str
    entries: tuple[Entry, ...] = ()
    about: str = ""
    """What is special about it, for a message."""
    format: str = "csv"
    source_type: str = "regular"
    currency: str | None = None
    """What the list of bills says."""
    bill_total: Decimal | None = None
    columns: dict[str, str] | None = None
    lines: tuple[Line, ...] = ()
    """Where every field of every line is certain."""
    fields: tuple[str, ...] = ()
    alternatives: tuple[tuple[Entry, ...], ...] = ()
    """Other totals that are as right as ``entries``."""
    row: int | None = None
    """The row that a refusal has to name."""


def case_of(content: bytes, bill: Bill, verdict: str = CERTAIN, about: str = "", **more: t.Any) -> Case:
    """The case of a bill's document; ``currency`` in ``more`` is the list's."""
    return Case(content, verdict, bill.entries, about, **more)


def fraction(value: t.Any) -> Fraction:
    """The value that the digits of a result say."""
    return Fraction(value if isinstance(value, str) else json.dumps(value))


def judge_totals(case: Case, found: dict[str, t.Any]) -> str:
    """``right``, ``refused`` (where a total or its currency is withheld), or a sentence about what is wrong."""
    if case.verdict == GARBAGE:
        json.dumps(found, allow_nan=False)
        return _disagreement(case, found) or RIGHT
    several = [_judge_entries(case, found, entries) for entries in (case.entries, *case.alternatives)]
    return next((text for text in several if text in (RIGHT, REFUSED)), several[0])


def _judge_entries(case: Case, found: dict[str, t.Any], wanted: tuple[Entry, ...]) -> str:
    entries = {entry.currency: entry for entry in wanted}
    outcome = RIGHT
    for given in found["by_currency"]:
        entry = entries.pop(given["currency"], None)
        if given["total"] is None or (case.verdict == BAD and found.get("reconciled") is False):
            outcome = REFUSED
            continue
        if entry is None and not given["lines"] and not given["total"]:
            continue
        if entry is None and given["currency"] is None and len(wanted) == 1:
            # A total without its currency is no lie, but withholds a part.
            outcome = REFUSED
            entry = replace(wanted[0], currency=None)
            entries.clear()
        problem = _flaw(entry, given) if entry else f"{given['total']} {given['currency']}, of which nothing is certain"
        if problem:
            return problem
    if outcome == RIGHT and any(entry.lines for entry in entries.values()):
        return f"nothing in {', '.join(map(str, entries))}"
    return _disagreement(case, found) or (_groups(case, found) if outcome == RIGHT else "") or outcome


def _flaw(entry: Entry, given: dict[str, t.Any]) -> str:
    if not entry.accepts(fraction(given["total"])):
        return f"{given['total']} {given['currency']} for {float(entry.total):.15g}"
    if given["lines"] != entry.lines:
        return f"{given['lines']} lines for {entry.lines}"
    for name in ("taxes", "services"):
        known = getattr(entry, name)
        if given[name] is not None and (
            known is None or not replace(entry, total=known).accepts(fraction(given[name]))
        ):
            return f"{name} {given[name]} for {None if known is None else float(known)}"
    return ""


def _disagreement(case: Case, found: dict[str, t.Any]) -> str:
    """What the parts of one result say against each other."""
    entries = found["by_currency"]
    if found["lines"] != sum(entry["lines"] for entry in entries):
        return "the lines of all currencies are not the lines of the document"
    only = entries[0] if len(entries) == 1 else {}
    if any(found[name] != only.get(name) for name in ("currency", *AMOUNTS)):
        return "the totals of the only currency are not the totals of the document"
    if case.bill_total is not None and found.get("reconciled") is not None and found["total"] is not None:
        same = fraction(found["total"]) == Fraction(case.bill_total)
        if found.get("reconciled") is not same:
            return f"reconciled is {found['reconciled']} for a bill of {case.bill_total}"
    return ""


def _groups(case: Case, found: dict[str, t.Any]) -> str:
    """What is wrong in the sums of groups, where the fields of lines are certain."""
    for by, keys in GROUPS.items() if case.lines else ():
        wanted: dict[t.Any, list[Line]] = defaultdict(list)
        for line in case.lines:
            wanted[tuple(getattr(line, key) for key in ("currency", *keys))].append(line)
        given = {tuple(group[key] for key in ("currency", *keys)): group for group in found[by]}
        if given.keys() != wanted.keys() or len(given) != len(found[by]):
            return f"{by} has {sorted(map(str, given))} for {sorted(map(str, wanted))}"
        for key, lines in wanted.items():
            entry = Entry(key[0], sum((Fraction(line.total) for line in lines), Fraction(0)), len(lines))
            total = fraction(given[key]["total"])
            # The total shows that there is more than 0; a group of it may be rounded.
            if total != rounded(entry.total, key[0]) and not entry.accepts(total) or given[key]["lines"] != len(lines):
                return f"{by}: {given[key]['total']} of {given[key]['lines']} lines for {key}"
    return ""


def judge_lines(case: Case, found: dict[str, t.Any], lines: list[dict[str, t.Any]]) -> str:
    """What is wrong in the lines of a document whose totals are known; nothing where they agree."""
    if len(lines) != found["lines"]:
        return f"{len(lines)} lines for totals of {found['lines']}"
    sums: dict[t.Any, Fraction] = defaultdict(Fraction)
    for line in lines:
        if line["total"] is None:
            return ""
        sums[line["currency"]] += fraction(line["total"])
    for given in found["by_currency"]:
        if given["total"] is not None and not Entry(given["currency"], sums[given["currency"]], 0).accepts(
            fraction(given["total"])
        ):
            return f"the lines add up to {float(sums[given['currency']])} for {given['total']}"
    for line, truth in zip(lines, case.lines):
        for name in case.fields:
            value, right = line[name], getattr(truth, name)
            if isinstance(right, Decimal):
                value, right = None if value is None else fraction(value), Fraction(right)
            if value != right:
                return f"{name} of a line is {value!r} for {right!r}"
    return ""
