# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Runs as processes of their own: killed at any moment, or several on one archive."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_archive
from ansible_collections.edgebill.akamai_invoicing.tests.processes import module_command
from ansible_collections.edgebill.akamai_invoicing.tests.unit import archives
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import assert_intact, entries

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

TREE = Path(invoice_archive.__file__).parents[5]

CONTRACTS = ("C-0N7RAC7", "C-0N7RAC71")

Start = t.Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(simulator: Simulator, tmp_path: Path) -> Start:
    """Start a run on an archive of 42 documents."""
    simulator.catalogue(20)
    connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "_ansible_remote_tmp": str(tmp_path)}
    selection = {"contract_ids": ["C-0N7RAC71"], "month": "2024-07", "formats": ["pdf", "csv"]}

    def run(dest: Path, **options: t.Any) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TREE), *sys.path])}
        return subprocess.Popen(
            module_command("invoice_archive", connection | selection | {"dest": str(dest)} | options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    return run


def result(run: subprocess.Popen[str]) -> dict[str, t.Any]:
    """What a run came to."""
    output, errors = run.communicate(timeout=60)
    assert output, errors
    found: dict[str, t.Any] = json.loads(output)
    return found


def wait_for(run: subprocess.Popen[str], dest: Path, wanted: int) -> None:
    """Wait until so many documents are there or the run has ended, for a minute at most."""
    deadline = time.monotonic() + 60
    while run.poll() is None and len(documents(dest)) < wanted:
        assert time.monotonic() < deadline, f"{len(documents(dest))} of {wanted} documents after a minute"
        time.sleep(0.002)


def documents(dest: Path) -> dict[str, bytes]:
    """The files at final paths."""
    return {path: (dest / path).read_bytes() for path in archives.documents(dest)}


def test_killed_at_any_moment(start: Start, simulator: Simulator, tmp_path: Path) -> None:
    assert result(start(tmp_path / "good"))["counts"]["downloaded"] == 40
    good = documents(tmp_path / "good")
    dest = tmp_path / "archive"
    simulator.fault("slow", path="/download", delay=0.03, times=None)
    seed = 20240501
    rng = random.Random(seed)
    for wanted in (0, 1, 9, 20, 31, 39):
        run = start(dest)
        wait_for(run, dest, wanted)
        time.sleep(rng.uniform(0, 0.06))
        run.kill()
        run.communicate(timeout=60)
        found = documents(dest)
        assert found == {name: good[name] for name in found}, f"seed {seed}"
    simulator.reset()
    simulator.catalogue(20)
    done = result(start(dest))
    assert done["counts"]["failed"] == 0
    assert done["counts"]["downloaded"] + done["counts"]["skipped"] == 40
    assert documents(dest) == good
    assert_intact(dest)
    # When they were fetched is not the same, and not known of what a killed run has fetched.
    assert [one | {"fetched": None} for one in entries(dest)] == [
        one | {"fetched": None} for one in entries(tmp_path / "good")
    ]
    assert (dest / "SHA256SUMS").read_bytes() == (tmp_path / "good" / "SHA256SUMS").read_bytes()
    assert result(start(dest))["changed"] is False


def test_two_runs_at_once_wait_for_each_other(start: Start, simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("slow", path="/download", delay=0.1, times=None)
    dest = tmp_path / "archive"
    months = ("2024-07", "2024-07", "2024-08")
    done = [result(run) for run in [start(dest, month=month) for month in months]]
    assert sorted(one["counts"]["downloaded"] for one in done) == [0, 40, 40]
    assert len(documents(dest)) == 80
    assert_intact(dest)
    warnings = [warning for one in done for warning in one.get("warnings", ())]
    assert any("Another run worked on the archive: waited" in str(warning) for warning in warnings)


def test_a_version_of_a_killed_run_that_is_re_issued_meanwhile_is_kept(
    start: Start, simulator: Simulator, tmp_path: Path
) -> None:
    dest = tmp_path / "archive"
    simulator.fault("slow", path="/download", delay=0.05, times=None)
    run = start(dest)
    wait_for(run, dest, 4)
    run.kill()
    run.communicate(timeout=60)
    old = documents(dest)
    assert len(old) >= 4
    simulator.reset()
    simulator.catalogue(20)
    for name in {Path(name).name.partition("_")[0] for name in old}:
        simulator.reissue("C-0N7RAC71", int(name))
    result(start(dest))
    found = documents(dest)
    assert len(found) > 40
    assert {name: found[name] for name in old} == old
    assert_intact(dest)


def test_contracts_are_archived_at_the_same_time(start: Start, simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("slow", path="/download", delay=0.05, times=None)
    dest = tmp_path / "archive"
    tasks = [{"contract_ids": [contract], "month": month} for contract in CONTRACTS for month in ("2024-07", "2024-08")]
    killed = [start(dest, **task) for task in tasks]
    wait_for(killed[0], dest, 9)
    for run in killed:
        run.kill()
        run.communicate(timeout=60)
    found = documents(dest)
    simulator.reset()
    simulator.catalogue(20)
    done = [result(run) for run in [start(dest, **task) for task in (*tasks, *tasks)]]
    assert [one["counts"]["failed"] for one in done] == [0] * len(done)
    assert sum(one["counts"]["downloaded"] for one in done) == 40 * len(tasks) - len(found)
    assert len(documents(dest)) == 40 * len(tasks)
    assert {name: documents(dest)[name] for name in found} == found
    assert_intact(dest)
    lines = (dest / "journal.jsonl").read_bytes().splitlines()
    digests = [None, *(hashlib.sha256(line).hexdigest() for line in lines)]
    assert [json.loads(line)["previous"] for line in lines] == digests[:-1]
    assert sorted({json.loads(line)["path"] for line in lines}) == sorted(documents(dest))
