# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""All that Ansible can print, log or leave, searched for credentials: complete playbooks, with ansible-playbook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import ansible_collections.edgebill as namespace

from .checks import secrets_of
from .credentials import good
from .row import CONTRACT, INVOICE, MONTH, Row, World

if t.TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 170
NAME = "edgebill.akamai_invoicing"
COLLECTIONS = Path(list(namespace.__path__)[0]).parents[1]
KEYS = ("host", "client_token", "client_secret", "access_token")
ALL = ["-vvvvv", "--diff"]


def _connection(world: World, source: str) -> dict[str, t.Any]:
    """The credentials as a task names them."""
    options: dict[str, t.Any] = {"ca_path": world.simulator.ca_path, "retries": 0}
    if source == "edgerc":
        options["edgerc"] = world.simulator.edgerc
    elif source == "options":
        options |= {
            name: f"{{{{ lookup('ini', '{name}', section='default', file=simulator_edgerc) }}}}" for name in KEYS
        }
    return options


def _playbook(world: World, source: str) -> list[dict[str, t.Any]]:
    """Each module, each lookup and the role, and some that fail."""
    options = _connection(world, source)
    keywords = ", ".join(f"{name}={json.dumps(value)}" for name, value in options.items() if "{{" not in str(value))
    if source == "options":
        keywords += "".join(
            f", {name}=lookup('ini', '{name}', section='default', file=simulator_edgerc)" for name in KEYS
        )
    bill = {"contract_id": CONTRACT, "invoice_id": INVOICE}
    selected = {"contract_ids": [CONTRACT], "month": MONTH}
    folder = str(world.folder / "files")
    tasks: list[dict[str, t.Any]] = [
        {f"{NAME}.contract_info": {}},
        {f"{NAME}.account_switch_key_info": {}},
        {f"{NAME}.invoice_info": selected},
        {f"{NAME}.invoice_download": bill | {"format": "csv", "dest": f"{folder}/"}},
        {f"{NAME}.invoice_download": bill | {"invoice_id": 1, "dest": f"{folder}/"}, "ignore_errors": True},
        {f"{NAME}.invoice_download": bill | {"edgerc_section": "nobody", "dest": f"{folder}/"}, "ignore_errors": True},
        {f"{NAME}.invoice_archive": selected | {"dest": f"{folder}/archive"}},
        {
            "ansible.builtin.include_role": {"name": f"{NAME}.invoice_archive"},
            "vars": {"invoice_archive_dest": f"{folder}/role", "invoice_archive_from_month": MONTH},
        },
        {"ansible.builtin.debug": {"msg": f"{{{{ query('{NAME}.invoices', '{MONTH}', {keywords}) }}}}"}},
        {
            "ansible.builtin.debug": {
                "msg": f"{{{{ query('{NAME}.invoice', {INVOICE}, contract_id='{CONTRACT}', {keywords}) }}}}"
            }
        },
        {
            "ansible.builtin.debug": {
                "msg": f"{{{{ query('{NAME}.invoice', 1, contract_id='{CONTRACT}', {keywords}) }}}}"
            },
            "ignore_errors": True,
        },
    ]
    return [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"simulator_edgerc": world.simulator.edgerc},
            "module_defaults": {f"group/{NAME}.edgegrid": options},
            "tasks": tasks,
        }
    ]


class Watch:
    """The command lines of all processes, looked at again and again."""

    def __init__(self, secrets: set[str]) -> None:
        self.found: set[str] = set()
        self._secrets = secrets
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> set[str]:
        """The command lines that had a secret in them."""
        self._ended.set()
        self._thread.join(5)
        return self.found

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            for process in os.listdir("/proc"):
                if not process.isdigit():
                    continue
                try:
                    line = Path("/proc", process, "cmdline").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if any(secret in line for secret in self._secrets):
                    self.found.add(line.replace("\x00", " ")[:60])


def _of_ours(content: bytes) -> bytes:
    """The content without what ANSIBLE_DEBUG writes by itself: the arguments of each task as they are."""
    return b"\n".join(line for line in content.splitlines() if b"done with _execute_module" not in line)


def problems(row: Row, world: World) -> Iterator[str]:
    """Where a credential shows."""
    simulator = world.simulator
    simulator.reset()
    source = row.given["source"]
    home = world.folder / "home"
    home.mkdir()
    playbook = world.folder / "leaks.yml"
    playbook.write_text(json.dumps(_playbook(world, source)), encoding="utf-8")
    environ = world.environment() | {
        "HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_LOG_PATH": str(world.folder / "ansible.log"),
        "ANSIBLE_LOCAL_TEMP": str(home / "local"),
        "ANSIBLE_REMOTE_TEMP": str(home / "remote"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        **row.given.get("environ", {}),
    }
    if source == "environment":
        environ |= {f"AKAMAI_{name.upper()}": value for name, value in good(world).items() if name in KEYS}
    secrets = secrets_of(world)
    watch = Watch(secrets)
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local"]
    run = subprocess.run(
        [*command, *row.given["flags"], str(playbook)],
        env=environ,
        cwd=world.folder,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=LONGEST,
    )
    secrets |= secrets_of(world)
    for line in watch.stop():
        yield f"a process shows a secret: {line}"
    if run.returncode or not re.search(rb"failed=0 .*ignored=[1-3]", run.stdout):
        yield f"the playbook did not run as it should: {(run.stdout + run.stderr)[-600:]!r}"
    wanted = [secret.encode() for secret in secrets] + [b"EG1-HMAC"]
    for name, content in (("stdout", run.stdout), ("stderr", run.stderr)):
        if any(secret in _of_ours(content) for secret in wanted):
            yield f"a secret is in {name}"
    for path in world.folder.rglob("*"):
        if path.is_file() and any(secret in _of_ours(path.read_bytes()) for secret in wanted):
            yield f"a secret is in {path.relative_to(world.folder)}"


def _row(name: str, source: str, *flags: str, **environ: str) -> Row:
    return Row(name, "playbook", None, "", holds=True, given={"source": source, "flags": flags, "environ": environ})


TABLE = {
    "leaks": [
        *(
            row
            for source in ("edgerc", "options", "environment")
            for row in (
                _row(f"{source}: -vvvvv, diff, log, ps", source, *ALL),
                _row(f"{source}: debug", source, "-vvv", ANSIBLE_DEBUG="1"),
                _row(f"{source}: check and diff", source, "-vvvv", "--check", "--diff"),
            )
        ),
        _row("edgerc: files that are kept", "edgerc", "-vvv", ANSIBLE_KEEP_REMOTE_FILES="1"),
        _row("environment: files that are kept", "environment", "-vvv", ANSIBLE_KEEP_REMOTE_FILES="1"),
    ],
}
