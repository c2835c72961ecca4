# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One run of the server: its certificate, its clients and what it tells others when it is ready."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shlex
import signal
import ssl
from typing import TYPE_CHECKING

import trustme

from .auth import Client
from .data import ACCOUNTS, HOME_ACCOUNT, SWITCH_KEYS, Book
from .quota import Quota
from .server import Gateway, listen

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


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


async def serve(options: argparse.Namespace, directory: Path) -> None:
    """Serve until a signal or the control endpoint ends it."""
    directory.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    ca_path = directory / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    gateway = Gateway(Quota(ACCOUNTS, options.quota), Book(options.bills_per_month))
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
    if options.exports:
        facts = json.loads(ready)
        print("\nThe simulator runs until you press Ctrl+C. To use it from another terminal:\n")
        for name, fact in (("AKAMAI_EDGERC", "edgerc"), ("AKAMAI_CA_PATH", "ca_path")):
            print(f"export {name}={shlex.quote(facts[fact])}", flush=True)
    await stop.wait()
    await close()
    for path in (ready_file, options.pid_file):
        if path:
            path.unlink(missing_ok=True)
