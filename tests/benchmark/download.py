# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Loops of invoice_download beside stat and get_url, in one playbook run; and the memory that a large file takes."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.tests.processes import module_command
from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

LOOPS = 30
ROUNDS = 3
DOCUMENT = {"contract_id": "C-0N7RAC7", "invoice_id": 1234567890}
LARGE = 2**30


def clock(variable: str) -> dict[str, object]:
    """The task that keeps the time."""
    return {"ansible.builtin.set_fact": {variable: "{{ now().timestamp() | string }}"}}


def playbook(simulator: Simulator, folder: Path) -> list[dict[str, object]]:
    """The four loops, each between two looks at the clock, as many times as there are rounds."""
    ours = DOCUMENT | {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path}
    url = f"{simulator.ready['control']}counters"
    there = f"{folder}/there.pdf"
    new = str(folder) + "/{{ kind }}_{{ item }}_{{ round }}"
    loops: dict[str, dict[str, object]] = {
        "stat": {"ansible.builtin.stat": {"path": there}},
        "skip": {"edgebill.akamai_invoicing.invoice_download": ours | {"dest": there}},
        "get_url": {
            "ansible.builtin.get_url": {"url": url, "dest": new},
            "environment": {"SSL_CERT_FILE": simulator.ca_path},
        },
        "fetch": {"edgebill.akamai_invoicing.invoice_download": ours | {"dest": new}},
    }
    tasks: list[dict[str, object]] = [{"edgebill.akamai_invoicing.invoice_download": ours | {"dest": there}}]
    for number in range(ROUNDS):
        for name, task in loops.items():
            variables = {"round": number, "kind": name}
            begin, end = (clock(f"{name}_{number}{suffix}") for suffix in ("", "_end"))
            tasks += [begin, task | {"loop": list(range(LOOPS)), "vars": variables}, end]
    names = [f"{name}_{number}" for name in loops for number in range(ROUNDS)]
    seconds = "{" + ", ".join(f"'{name}': {name}_end | float - {name} | float" for name in names) + "}"
    tasks.append({"ansible.builtin.copy": {"content": "{{ " + seconds + " }}", "dest": f"{folder}/seconds.json"}})
    return [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]


def memory(simulator: Simulator, folder: Path) -> float:
    """The most memory that a process took to fetch a large usage file, in MiB."""
    simulator.big("C-0N7RAC7", 1234567890, LARGE)
    options = DOCUMENT | {"format": "csv", "source_type": "compute", "dest": f"{folder}/large.csv"}
    options |= {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path}
    subprocess.run(module_command("invoice_download", options), check=True, stdout=subprocess.DEVNULL)
    if (folder / "large.csv").stat().st_size != LARGE:
        sys.exit("The large file is not as large as it should be.")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> int:
    """Print the rows: measured, ours, beside it, ratio, goal."""
    with Simulator("--quota", "0") as simulator, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # First, since the system reports the most memory of all children.
        large = memory(simulator, folder)
        print(f"most memory for a document of {LARGE >> 20} MiB\t{large:.0f} MiB\t\t\t< 100 MiB")
        play = folder / "play.yml"
        play.write_text(json.dumps(playbook(simulator, folder)), encoding="utf-8")
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "localhost,",
            "-c",
            "local",
            str(play),
        ]
        quiet = os.environ | {"ANSIBLE_PYTHON_INTERPRETER": sys.executable}
        # Libraries are compiled when they are installed, whatever the environment says.
        quiet |= {"PYTHONPYCACHEPREFIX": f"{folder}/compiled", "PYTHONDONTWRITEBYTECODE": ""}
        run = subprocess.run(command, check=False, capture_output=True, text=True, env=quiet)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        seconds = json.loads((folder / "seconds.json").read_text(encoding="utf-8"))
    for title, ours, beside, goal in (
        (f"{LOOPS} skipped invoice_download beside ansible.builtin.stat", "skip", "stat", "<= 1.05"),
        (f"{LOOPS} fetched invoice_download beside ansible.builtin.get_url", "fetch", "get_url", "<= 1.10"),
    ):
        pairs = [(seconds[f"{ours}_{number}"], seconds[f"{beside}_{number}"]) for number in range(ROUNDS)]
        ratio = statistics.median(mine / other for mine, other in pairs)
        mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{title}\t{mine:.2f} s\t{other:.2f} s\t{ratio:.2f}\t{goal}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
