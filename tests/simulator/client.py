# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How a test talks to the simulator; the standard library is enough."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def next_line(process: subprocess.Popen[str], seconds: float = 60) -> str:
    """The next line that a process prints; a process that prints none for so long is killed."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return process.stdout.readline() if process.stdout else ""
    finally:
        timer.cancel()


class Simulator:
    """A simulator process: start it, set faults, read counters, stop it."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self.ready: dict[str, Any] = {}

    @classmethod
    def attach(cls, directory: Path) -> Simulator | None:
        """The simulator that runs with this directory, if one does."""
        simulator = cls()
        try:
            simulator.ready = json.loads((directory / "ready.json").read_text(encoding="utf-8"))
            alive = simulator.control("") == {"pid": simulator.ready["pid"]}
        except (OSError, ValueError):
            return None
        return simulator if alive else None

    def start(self) -> Simulator:
        """Start the process and wait until it serves."""
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent), *self._arguments], stdout=subprocess.PIPE, text=True
        )
        line = next_line(self._process)
        if not line:
            raise RuntimeError(f"the simulator did not start: exit status {self._process.wait(timeout=10)}")
        self.ready = json.loads(line)
        return self

    def stop(self) -> None:
        """End the process."""
        if self._process:
            self._process.terminate()
            self._process.communicate(timeout=10)
            self._process = None

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """Host and port, as in an .edgerc."""
        return str(self.ready["host"])

    @property
    def edgerc(self) -> str:
        """Path of the .edgerc."""
        return str(self.ready["edgerc"])

    @property
    def ca_path(self) -> str:
        """Path of the CA certificate."""
        return str(self.ready["ca_path"])

    @property
    def foreign(self) -> str:
        """URL of the other host."""
        return str(self.ready["foreign"])

    def control(self, call: str, fields: dict[str, Any] | None = None) -> Any:
        """Make one control call: POST when there are fields."""
        request = urllib.request.Request(
            f"{self.ready['control']}{call}", data=None if fields is None else json.dumps(fields).encode()
        )
        # Never through a proxy of the environment: a test may set one.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.ca_path)),
        )
        try:
            with opener.open(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ValueError(error.read().decode()) from error

    def reset(self) -> None:
        """Back to the state after the start."""
        self.control("reset", {})

    def fault(self, kind: str, **fields: Any) -> None:
        """Put a fault in force; kinds, matching fields and options are in the README."""
        self.control("fault", {"kind": kind, **fields})

    def quota(self, **fields: Any) -> None:
        """Change the quota: limit, burst, tokens, used, account, off."""
        self.control("quota", fields)

    def counters(self) -> dict[str, Any]:
        """All numbers since the last reset."""
        facts: dict[str, Any] = self.control("counters")
        return facts

    def requests(self) -> list[dict[str, Any]]:
        """Each request since the last reset: method, path with query, Accept, signature."""
        entries: list[dict[str, Any]] = self.control("requests")
        return entries

    def foreign_requests(self) -> list[dict[str, Any]]:
        """What reached the other host, with headers."""
        entries: list[dict[str, Any]] = self.control("foreign")
        return entries

    def reissue(self, contract: str, invoice: int) -> dict[str, Any]:
        """Make the next version of a bill, with other amounts."""
        facts: dict[str, Any] = self.control("reissue", {"contract": contract, "invoice": invoice})
        return facts

    def catalogue(self, bills_per_month: int) -> None:
        """So many invoices, of two documents each, in every month of every contract."""
        self.control("catalogue", {"bills_per_month": bills_per_month})

    def big(self, contract: str, invoice: int, size: int) -> dict[str, Any]:
        """Make the COMPUTE document of a bill so many bytes; tells its lines and total."""
        facts: dict[str, Any] = self.control("big", {"contract": contract, "invoice": invoice, "size": size})
        return facts
