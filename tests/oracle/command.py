# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""``python tests/oracle --bills 1000 --seed 7 --dialect pipe``: what the reader makes of random bills."""

from __future__ import annotations

import argparse
from pathlib import Path

from .dialects import DIALECTS
from .run import ROOT, load_reader, make, outcome_of, run, table


def shown(dialect: str, seed: int, outcome: str, text: str) -> str:
    """A document, what is right and what came out."""
    case = make(dialect, seed)
    right = "; ".join(f"{float(entry.total):.15g} {entry.currency}, {entry.lines} lines" for entry in case.entries)
    content = case.content.decode("utf-8", "backslashreplace")
    known = f"currency of the list: {case.currency}; columns: {case.columns}; {case.about}"
    head = f"{dialect}, seed {seed}: {outcome}. {text}\n{case.verdict}; right: {right or 'an error'}; {known}"
    return f"{head}\n{content[:4000]}"


def main() -> int:
    """Print the table by dialect and the smallest disagreement of the first; 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python tests/oracle", description=__doc__)
    parser.add_argument("--bills", type=int, default=1000, help="bills of each dialect (1000)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first one (0)")
    parser.add_argument("--dialect", action="append", choices=list(DIALECTS), metavar="NAME", help="may be repeated")
    parser.add_argument("--list", action="store_true", help="print the names of the dialects")
    parser.add_argument(
        "--kinds", action="store_true", help="show the smallest disagreement and refusal of each dialect"
    )
    parser.add_argument("--checkout", type=Path, default=ROOT, help="of which checkout to try the reader (this one)")
    options = parser.parse_args()
    if options.list:
        print("\n".join(DIALECTS))
        return 0
    reader = load_reader(options.checkout)
    seeds = range(options.seed, options.seed + options.bills)
    tallies = {name: run(reader, name, seeds) for name in options.dialect or DIALECTS}
    print(table(tallies))
    failed = [name for name, tally in tallies.items() if tally.failures]
    for name in failed if options.kinds else failed[:1]:
        smallest = min(tallies[name].failures, key=lambda failure: len(make(name, failure[0]).content))
        print("", shown(name, *smallest), sep="\n")
    for name, tally in tallies.items() if options.kinds else ():
        if tally.refused:
            seed = min(tally.refused, key=lambda seed: len(make(name, seed).content))
            print("", shown(name, seed, *outcome_of(reader, make(name, seed))), sep="\n")
    return 1 if failed else 0
