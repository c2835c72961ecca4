# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Random bills in every dialect beside an oracle: how many totals are wrong, how many certain ones refused."""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor

from ansible_collections.edgebill.akamai_invoicing.tests.oracle.case import CERTAIN, CRASH, REFUSED, RIGHT, SLOW, WRONG
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.dialects import DIALECTS
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.run import Tally, load_reader, run

FIRST = 1_000_000
"""No seed of the unit tests."""


def tally_of(dialect: str, bills: int) -> Tally:
    """The tally of one dialect."""
    return run(load_reader(), dialect, range(FIRST, FIRST + bills))


def row(title: str, ours: str, ratio: str = "", goal: str = "") -> None:
    """One row of the table; there is nothing to measure beside it."""
    print(title, ours, "", ratio, goal, sep="\t")


def main() -> None:
    """Print the rows: measured, ours, beside it, ratio, goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=200_000, help="of all dialects together")
    bills = parser.parse_args().bills // len(DIALECTS) + 1
    start = time.monotonic()
    with ProcessPoolExecutor() as pool:
        tallies = dict(zip(DIALECTS, pool.map(tally_of, DIALECTS, [bills] * len(DIALECTS))))
    seconds = time.monotonic() - start
    together = Tally()
    for tally in tallies.values():
        together.counts.update(tally.counts)
    count = bills * len(DIALECTS)
    row(f"{count} random bills in {len(DIALECTS)} dialects: wrong totals", str(together.of(WRONG)), goal="0")
    for name, outcomes in (("crashed or slow", (CRASH, SLOW)), ("read right", (RIGHT,))):
        row(f"random bills {name}", str(sum(map(together.of, outcomes))), goal="0" if SLOW in outcomes else "")
    refused = together.of(REFUSED, CERTAIN)
    row(f"random bills refused, of {together.certain} certain ones", str(refused), f"{together.share:.2%}", "<= 2 %")
    worst = max(tallies, key=lambda name: tallies[name].share)
    row(f"the dialect refused most: {worst}", str(tallies[worst].of(REFUSED, CERTAIN)), f"{tallies[worst].share:.2%}")
    row("random bills made, read and judged", f"{count / seconds:.0f}/s")


if __name__ == "__main__":
    main()
