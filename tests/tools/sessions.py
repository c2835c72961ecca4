# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Run nox sessions: the screen shows progress, failures and a table of results; a log file holds the details."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

BUILD = Path(".build")
REPORT, LOG = BUILD / "report.json", BUILD / "output.log"
PROGRESS = re.compile(r"nox > (Running session |Session \S+ (was|has|is|failed|skipped|aborted))")
SIGN_OF_FAILURE = re.compile(r"FAILED |ERROR|FATAL|E  |fatal: |nox > (Command .* failed|Session .* failed)")
MAX_SIGNS, MAX_LAST, MAX_WIDTH = 40, 20, 300
"""How much of a failed session is shown: lines that look like a failure, last lines, characters of a line."""


def run(arguments: list[str]) -> int:
    """Run nox and show its progress; return its exit status."""
    REPORT.unlink(missing_ok=True)
    command = [sys.executable, "-m", "nox", "--report", str(REPORT), *arguments]
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
        )
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            if PROGRESS.match(line):
                print(line, end="", flush=True)
        return process.wait()


def show_failures() -> None:
    """Print what the log has of each session that failed."""
    failed = {
        session["signatures"][0]
        for session in json.loads(REPORT.read_text(encoding="utf-8"))["sessions"]
        if session["result"] in ("failed", "aborted")
    }
    for part in re.split(r"^nox > Running session ", LOG.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, *lines = part.splitlines()
        if name.strip() not in failed:
            continue
        print(f"\n{name} failed:")
        last = len(lines) - MAX_LAST
        signs = [number for number, line in enumerate(lines[:last]) if SIGN_OF_FAILURE.match(line)][-MAX_SIGNS:]
        for number in [*signs, *range(max(0, last), len(lines))]:
            print(f"  {lines[number][:MAX_WIDTH]}")


def main(arguments: list[str]) -> int:
    """Run sessions, and print what a contributor needs to know."""
    print(f"The output of all sessions goes to {LOG}.", flush=True)
    status = run(arguments)
    if not REPORT.exists():
        print(*LOG.read_text(encoding="utf-8").splitlines()[-MAX_LAST:], sep="\n")
        return status or 1
    if status:
        show_failures()
    subprocess.run([sys.executable, str(Path(__file__).with_name("table.py")), str(REPORT)], check=True)
    if status:
        print(f"\nFailed. The details are in {LOG}.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
