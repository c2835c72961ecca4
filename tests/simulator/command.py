# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The command line: serve in the foreground, or start and stop in the background."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .client import Simulator, next_line


def main() -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="simulator", description="A local server like the Akamai Invoicing API.")
    parser.add_argument("action", nargs="?", choices=("serve", "start", "stop"), default="serve")
    parser.add_argument("--directory", type=Path, help="where .edgerc and CA go (default: a new temporary directory)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pid-file", type=Path)
    parser.add_argument("--exports", action="store_true", help="end with lines for a shell that make plugins use it")
    parser.add_argument("--quota", type=int, default=500, help="requests a minute for each account, 0 for no limit")
    parser.add_argument("--bills-per-month", type=int, default=0, help="so many invoices in each month of a contract")
    options = parser.parse_args()
    if options.action == "stop":
        if options.directory is None:
            parser.error("stop needs --directory")
        _stop(options.directory)
    elif options.action == "start":
        _start(options.directory or Path(tempfile.mkdtemp(prefix="simulator-")))
    else:
        # Starting and stopping in the background need no server library.
        from .serve import serve  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="simulator-") as temporary:
            asyncio.run(serve(options, options.directory or Path(temporary)))
    return 0


def _start(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    arguments = [argument for argument in sys.argv[1:] if argument != "start"]
    running = Simulator.attach(directory)
    if running is None:
        with (directory / "simulator.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(Path(__file__).parent), *arguments, "--directory", str(directory)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        line = next_line(process)
        if not line:
            sys.exit(f"The simulator did not start, see {directory / 'simulator.log'}")
        print(line, end="")
        # The process goes on: it is not waited for.
        process.returncode = 0
    else:
        print(json.dumps(running.ready))


def _stop(directory: Path) -> None:
    running = Simulator.attach(directory)
    if running is None:
        return
    running.control("stop", {})
    deadline = time.monotonic() + 10
    while (directory / "ready.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    if (directory / "ready.json").exists():
        sys.exit(f"The simulator with process id {running.ready['pid']} does not end.")
