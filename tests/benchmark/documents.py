# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A large COMPUTE CSV parsed to totals beside a bare csv.reader loop, and what an invoice of three lines costs."""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIB = 1024 * 1024
HEADINGS = (
    "END_CUSTOMER_ACCOUNT_ID,END_CUSTOMER_ACCOUNT_NAME,PRODUCT,PRODUCT_ID,ITEM_DESC,ITEM_TYPE,REGION,ITEM_START_DATE,"
    "ITEM_END_DATE,ITEM_UNITS,UNIT_MEASURE,ITEM_UNIT_PRICE,ITEM_TOTAL_SERVICES,ITEM_TOTAL_TAXES,ITEM_TOTAL"
)
UTILS = "ansible_collections.edgebill.akamai_invoicing.plugins.module_utils"
# What any module has imported before it comes to a document.
AT_HAND = f"collections.abc contextlib dataclasses functools itertools json re typing {UTILS}._errors {UTILS}._files"


def large_csv(path: Path, size: int) -> None:
    """Usage by customer, product and day; services, taxes and totals differ on every line."""
    chance = random.Random(202402)
    rows = []
    for customer in range(40):
        for number in range(500):
            product, services = chance.randrange(25), chance.randrange(100000)
            taxes = services // 5
            day = f"2024-02-{number % 28 + 1:02}"
            rows.append(
                f'A-CCT{customer:04},"Customer {customer}, Inc.",Compute plan {product},9-{product:03}ABC,'
                f"instance-{customer:04}-{number:06},U,us-east-{product % 3},{day},{day},24,hour,0.0{product:03},"
                f"{services / 100:.2f},{taxes / 100:.2f},{(services + taxes) / 100:.2f}\r\n"
            )
    block = "".join(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADINGS + "\r\n")
        for _block in range(size // len(block) + 1):
            file.write(block)


def three_lines(folder: Path) -> list[Path]:
    """An invoice of three lines in both formats."""
    line = '{"PRODUCT": "Edge DNS", "ITEM_TYPE": "U", "ITEM_TOTAL": 0.1, "ITEM_TOTAL_SERVICES": 0.08, "REGION": null}'
    lines = ", ".join([line] * 3)
    texts = {
        "json": f'{{"INVOICE": {{"INVOICE_CURRENCY": "USD", "END_CUSTOMER": [{{"INVOICE_LINE": [{lines}]}}]}}}}',
        "csv": "PRODUCT,ITEM_TYPE,ITEM_TOTAL,REGION\r\n" + "Edge DNS,U,0.10,\r\n" * 3,
    }
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"three.{name}")
        paths[-1].write_text(text, encoding="utf-8", newline="")
    return paths


def bare_loop(path: str) -> None:
    """What anyone would write."""
    import csv
    from decimal import Decimal

    total = Decimal(0)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        column = next(reader).index("ITEM_TOTAL")
        for row in reader:
            total += Decimal(row[column])


def our_totals(path: str) -> None:
    """Import and parse."""
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import document_totals

    document_totals(path, path.rpartition(".")[2], "compute")


def measure(loop: str, path: str | Path, **environment: str) -> tuple[float, float]:
    """Processor seconds and MiB of a process of its own."""
    command = [sys.executable, __file__, "--loop", loop, str(path)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment)
    seconds, memory = map(float, run.stdout.split())
    return seconds, memory


def row(title: str, ours: str, beside: str = "", ratio: str = "", goal: str = "") -> None:
    """One row of the table."""
    print(title, ours, beside, ratio, goal, sep="\t")


def main() -> None:
    """Print the rows: measured, ours, beside it, ratio, goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024, help="of the CSV file, in MiB")
    parser.add_argument("--loop", nargs=2, metavar=("NAME", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        for name in AT_HAND.split():
            __import__(name)
        start = time.process_time()
        {"bare": bare_loop, "ours": our_totals}[options.loop[0]](options.loop[1])
        print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
        for path in three_lines(folder):
            measure("ours", path, **compiled)
            title = f"totals of a three-line {path.suffix[1:]}"
            cost = statistics.median(measure("ours", path, **compiled)[0] for _round in range(9)) * 1000
            row(f"{title}, import and parse", f"{cost:.1f} ms", goal="< 5 ms")
            cost = (
                statistics.median(measure("ours", path, PYTHONDONTWRITEBYTECODE="1")[0] for _round in range(5)) * 1000
            )
            row(f"{title}, compiled first", f"{cost:.1f} ms")
        large = folder / "large.csv"
        large_csv(large, options.size * MIB)
        pairs = [(measure("ours", large), measure("bare", large)) for _round in range(3)]
        ours, bare = (statistics.median(pair[index][0] for pair in pairs) for index in range(2))
        speed = statistics.median(bare[0] / ours[0] for ours, bare in pairs)
        title = f"totals of a {options.size} MiB COMPUTE CSV beside a csv.reader loop"
        row(title, f"{ours:.1f} s", f"{bare:.1f} s", f"{speed:.2f}", ">= 0.50 of its speed")
        memory = max(pair[0][1] for pair in pairs)
        row(f"memory for a {options.size} MiB COMPUTE CSV", f"{memory:.0f} MiB", goal="<= 100 MiB")


if __name__ == "__main__":
    main()
