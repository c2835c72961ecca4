# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The command line: serve in the foreground, or start and stop in the background."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trustme

from .auth import Client
from .client import Simulator
from .data import HOME_ACCOUNT, SWITCH_KEYS, Book
from .quota import LIMIT, Quota
from .server import Gateway, listen


def main() -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="simulator", description="A local server like the Akamai Invoicing API.")
    parser.add_argument("action", nargs="?", choices=("serve", "start", "stop"), default="serve")
    parser.add_argument("--directory", type=Path, help="where .edgerc and CA go (default: a new temporary directory)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pid-file", type=Path)
    parser.add_argument("--quota", type=int, default=LIMIT, help="requests a minute for each account, 0 for no limit")
    parser.add_argument("--bills-per-month", type=int, default=0, help="so many invoices in each month of a contract")
    options = parser.parse_args()
    if options.action == "stop" and options.directory is None:
        parser.error("stop needs --directory")
    directory = options.directory or Path(tempfile.mkdtemp(prefix="simulator-"))
    directory.mkdir(parents=True, exist_ok=True)
    if options.action == "serve":
        asyncio.run(_serve(options, directory))
    elif options.action == "start":
        arguments = [argument for argument in sys.argv[1:] if argument != "start"]
        _start(directory, [*arguments, "--directory", str(directory)])
    else:
        _stop(directory)
    return 0


def _credentials(directory: Path, host: str) -> list[Client]:
    """Make clients, and the .edgerc that knows them."""

    def client(*, active: bool = True, granted: bool = True) -> Client:
        tokens = [secrets.token_hex(16) for _part in range(3)]
        return Client(tokens[0], tokens[1], tokens[2], HOME_ACCOUNT, active=active, granted=granted)

    clients = {"default": client(), "no_grant": client(granted=False), "inactive": client(active=False)}
    reseller_key = next(iter(SWITCH_KEYS))
    sections = [(name, known, known.client_secret, "") for name, known in clients.items()]
    sections.append(
        ("reseller", clients["default"], clients["default"].client_secret, f"account_key = {reseller_key}\n")
    )
    sections.append(("wrong_secret", clients["default"], secrets.token_hex(16), ""))
    path = directory / "edgerc"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        "\n".join(
            f"[{name}]\nhost = {host}\nclient_token = {known.client_token}\nclient_secret = {secret}\n"
            f"access_token = {known.access_token}\n{more}"
            for name, known, secret, more in sections
        ),
        encoding="utf-8",
    )
    return list(clients.values())


async def _serve(options: argparse.Namespace, directory: Path) -> None:
    authority = trustme.CA()
    ca_path = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    gateway = Gateway(Quota(options.quota), Book(options.bills_per_month))
    port, foreign_port, close = await listen(gateway, context, options.host, options.port, stop)
    host = f"localhost:{port}"
    gateway.gate.know(_credentials(directory, host))
    ready = json.dumps(
        {
            "host": host,
            "port": port,
            "edgerc": str((directory / "edgerc").resolve()),
            "ca_path": str(ca_path.resolve()),
            "control": f"https://{host}/_control/",
            "foreign": f"https://127.0.0.1:{foreign_port}/",
            "pid": os.getpid(),
        }
    )
    ready_file = directory / "ready.json"
    ready_file.write_text(ready + "\n", encoding="utf-8")
    if options.pid_file:
        options.pid_file.write_text(f"{os.getpid()}\n", encoding="utf-8")
    print(ready, flush=True)
    await stop.wait()
    await close()
    for path in (ready_file, options.pid_file):
        if path:
            path.unlink(missing_ok=True)


def _start(directory: Path, arguments: list[str]) -> None:
    running = Simulator.attach(directory)
    if running is None:
        with (directory / "simulator.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(Path(__file__).parent), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        line = process.stdout.readline() if process.stdout else ""
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
    with contextlib.suppress(FileNotFoundError):
        (directory / "ready.json").unlink()
