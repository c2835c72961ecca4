# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Starting and stopping from a shell."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.tests.simulator import client
from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator, next_line

FOLDER = Path(client.__file__).parent


def run(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, str(FOLDER), *arguments], check=True, timeout=30, stdout=subprocess.PIPE, text=True
    ).stdout


def test_start_and_stop(tmp_path: Path) -> None:
    ready = json.loads(run("start", "--directory", str(tmp_path)))
    try:
        assert json.loads(run("start", "--directory", str(tmp_path))) == ready
        attached = Simulator.attach(tmp_path)
        assert attached is not None
        assert attached.counters()["total"] == 0
    finally:
        run("stop", "--directory", str(tmp_path))
    assert Simulator.attach(tmp_path) is None
    assert run("stop", "--directory", str(tmp_path)) == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it(tmp_path: Path, number: signal.Signals) -> None:
    pid_file = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-m", FOLDER.name, "--directory", str(tmp_path), "--pid-file", str(pid_file)],
        cwd=FOLDER.parent,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        ready = json.loads(next_line(process))
        assert int(pid_file.read_text(encoding="ascii")) == ready["pid"] == process.pid
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
    assert not pid_file.exists()


def test_exports_name_the_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(FOLDER), "--directory", str(tmp_path), "--exports"], stdout=subprocess.PIPE, text=True
    ) as process:
        lines = [next_line(process) for _number in range(6)]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    ready = json.loads(lines[0])
    assert lines[-2:] == [f"export AKAMAI_EDGERC={ready['edgerc']}\n", f"export AKAMAI_CA_PATH={ready['ca_path']}\n"]
