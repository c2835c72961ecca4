# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""invoice_archive beside a pool of threads and a loop of get_url; with nothing to do; in a quota; its memory."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from akamai.edgegrid import EdgeGridAuth, EdgeRc
from ansible_collections.edgebill.akamai_invoicing.tests.processes import module_command
from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

CONTRACT = "C-0N7RAC7"
ROUNDS = 5
WORKERS = 4
SAMPLE = 20
PER_SECOND, BURST = 50, 50
# With two documents for each bill, 10,032 documents.
BILLS, MONTHS = "209", ("2022-01", "2023-12")
ACCEPT = {"pdf": "application/pdf", "csv": "text/csv"}
Task = dict[str, t.Any]


def fetch_bare(edgerc: str, ca_path: str, jobs: str, dest: str) -> None:
    """What the task is measured against: the same requests, and the same new files, with nothing around them."""
    with requests.Session() as session, ThreadPoolExecutor(WORKERS) as pool:
        session.auth = EdgeGridAuth.from_edgerc(EdgeRc(edgerc), "default")
        session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=WORKERS))

        def fetch(job: list[str]) -> None:
            url, accept, name = job
            path = Path(dest, name)
            answer = session.get(url, headers={"Accept": accept}, verify=ca_path, timeout=60)
            answer.raise_for_status()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer.content)

        list(pool.map(fetch, json.loads(Path(jobs).read_text(encoding="utf-8"))))


def play(folder: Path, tasks: list[Task]) -> list[tuple[float, dict[str, t.Any]]]:
    """Run the tasks; the seconds and the result of each."""
    timed: list[Task] = []
    for number, task in enumerate(tasks):
        timed += [
            {"ansible.builtin.set_fact": {f"begin_{number}": "{{ now().timestamp() | string }}"}},
            task | {"register": f"result_{number}"},
            {"ansible.builtin.set_fact": {f"end_{number}": "{{ now().timestamp() | string }}"}},
        ]
    rows = ", ".join(f"[end_{n} | float - begin_{n} | float, result_{n}]" for n in range(len(tasks)))
    timed.append(
        {"ansible.builtin.copy": {"content": f"{{{{ [{rows}] | to_json }}}}", "dest": f"{folder}/results.json"}}
    )
    path = folder / "play.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": timed}]), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(path)]
    quiet = os.environ | {"ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    run = subprocess.run(command, check=False, capture_output=True, text=True, env=quiet)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    results: list[tuple[float, dict[str, t.Any]]] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return results


def archive(simulator: Simulator, dest: Path, first: str, last: str, **more: t.Any) -> dict[str, t.Any]:
    """The options of a task."""
    connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "contract_ids": [CONTRACT]}
    return connection | {"dest": str(dest), "from_month": first, "to_month": last, "concurrency": WORKERS} | more


def task(options: dict[str, t.Any]) -> Task:
    """A task with these options."""
    return {"edgebill.akamai_invoicing.invoice_archive": options}


def row(title: str, ours: str, beside: str = "", ratio: str = "", goal: str = "") -> None:
    """One row of the table: measured, ours, beside it, ratio, goal."""
    print(title, ours, beside, ratio, goal, sep="\t", flush=True)


def throughput(folder: Path) -> None:
    """1,000 documents in one task, a bare pool as a task, and a loop of get_url."""
    with Simulator("--quota", "0", "--bills-per-month", "100") as simulator:
        months = ("2024-06", "2024-10")
        ((_seconds, warm),) = play(folder, [task(archive(simulator, folder / "warm", *months, returned="all"))])
        base = f"https://{simulator.host}/invoicing-api/v4/contracts/{CONTRACT}/invoices"
        jobs = [
            (
                f"{base}/{document['invoice_id']}/download?sourceType=REGULAR",
                ACCEPT[document["format"]],
                str(Path(document["path"]).relative_to(folder / "warm")),
            )
            for document in warm["documents"]
        ]
        (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        bare = [sys.executable, __file__, simulator.edgerc, simulator.ca_path, str(folder / "jobs.json")]
        tasks = []
        for number in range(ROUNDS):
            tasks.append(task(archive(simulator, folder / f"ours_{number}", *months, returned="none")))
            # Overwriting files would take less than making them.
            tasks.append({"ansible.builtin.command": {"argv": [*bare, str(folder / f"bare_{number}")]}})
        url = f"{simulator.ready['control']}counters"
        tasks.append(
            {
                "ansible.builtin.get_url": {"url": url, "dest": str(folder) + "/get_url_{{ item }}"},
                "loop": list(range(SAMPLE)),
                "environment": {"SSL_CERT_FILE": simulator.ca_path},
            }
        )
        seconds = [seconds for seconds, _result in play(folder, tasks)]
    count = len(jobs)
    pairs = [(count / ours, count / other) for ours, other in zip(seconds[0:-1:2], seconds[1:-1:2], strict=True)]
    ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    title = f"{count} documents in one invoice_archive beside a pool of {WORKERS} threads with requests"
    row(title, f"{ours:.0f}/s", f"{other:.0f}/s", f"{ratio:.2f}", ">= 0.95")
    loop = SAMPLE / seconds[-1]
    title = f"{count} documents in one invoice_archive beside a loop of get_url ({SAMPLE} measured)"
    row(title, f"{ours:.0f}/s", f"{loop:.2f}/s", f"{ours / loop:.0f}", ">= 150")


def measure(options: dict[str, t.Any]) -> tuple[dict[str, t.Any], float]:
    """Run the module as a process of its own; its result, and its peak memory in MiB."""
    with subprocess.Popen(module_command("invoice_archive", options), stdout=subprocess.PIPE) as process:
        output = process.stdout.read() if process.stdout else b""
        _pid, process.returncode, usage = os.wait4(process.pid, 0)
    return json.loads(output), usage.ru_maxrss / 1024


def size(folder: Path) -> None:
    """10,000 documents over 24 months: memory, and the time when all are there."""
    with Simulator("--quota", "0", "--bills-per-month", BILLS) as simulator:
        options = archive(simulator, folder / "large", *MONTHS)
        fetched, peak = measure(options)
        _skipped, peak_again = measure(options)
        results = play(folder, [task(options)] * ROUNDS)
    count, counts = fetched["counts"]["downloaded"], results[-1][1]["counts"]
    if (counts["skipped"], counts["requests"]) != (count, 24):
        sys.exit(f"nothing was due, and yet: {counts}")
    seconds = statistics.median(seconds for seconds, _result in results)
    row(f"{count} documents over 24 months, all there", f"{seconds:.2f} s", goal="<= 2.0 s")
    row(f"memory for {count} documents, fetched or all there", f"{max(peak, peak_again):.0f} MiB", goal="< 120 MiB")


def quota(folder: Path) -> None:
    """A task within a quota, which fetches 10,000 documents over 24 months."""
    with Simulator("--quota", str(60 * PER_SECOND), "--bills-per-month", BILLS) as simulator:
        simulator.quota(limit=60 * PER_SECOND, burst=BURST)
        ((seconds, result),) = play(folder, [task(archive(simulator, folder / "quota", *MONTHS))])
        throttled = simulator.counters()["throttled"]
    allowed = (result["counts"]["requests"] - BURST) / PER_SECOND
    title = f"{result['counts']['downloaded']} documents at {PER_SECOND} a second, {throttled} answers 429"
    row(title, f"{seconds:.1f} s", f"{allowed:.1f} s", f"{seconds / allowed:.3f}", "<= 1.05, none")


def main() -> int:
    """Print the rows."""
    folder = Path(tempfile.mkdtemp(prefix="archive-"))
    try:
        throughput(folder)
        size(folder)
        quota(folder)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fetch_bare(*sys.argv[1:])
    else:
        sys.exit(main())
