# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Modules are run as Ansible runs them: arguments in, JSON and an exit status out."""

from __future__ import annotations

import json
import os
import typing as t

import pytest
from ansible.module_utils import basic
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_archive

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

Run = t.Callable[..., dict[str, t.Any]]
Archive = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run a module's main() with arguments, and give its result."""
    for name in [name for name in os.environ if name.startswith("AKAMAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    umask = os.umask(0o022)
    # A process keeps its warnings for all modules that it runs, which is one for Ansible and many here.
    warned: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda self, warning: warned.append(warning))

    def call(main: Callable[[], None], arguments: dict[str, t.Any], *, check: bool = False) -> dict[str, t.Any]:
        fields = arguments | {"_ansible_check_mode": check, "_ansible_remote_tmp": str(tmp_path)}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": fields}).encode())
        warned.clear()
        with pytest.raises(SystemExit):
            main()
        result: dict[str, t.Any] = json.loads(capsys.readouterr().out)
        # Some versions of ansible-core repeat the arguments here, others only when they are asked to.
        result.pop("invocation", None)
        result["failed"] = result.get("failed", False)
        result["warned"] = list(warned)
        return result

    yield call
    os.umask(umask)


@pytest.fixture
def connection(simulator: Simulator) -> dict[str, t.Any]:
    """The connection options for the simulator."""
    return {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 30, "retries": 1}


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    """The root of an archive."""
    return tmp_path / "archive"


@pytest.fixture
def archive(run: Run, connection: dict[str, t.Any], dest: Path) -> Archive:
    """Archive a month of one contract, which has one bill with three documents, or what the options say."""

    def call(*, check: bool = False, diff: bool = False, **options: t.Any) -> dict[str, t.Any]:
        selected = {"contract_ids": ["C-0N7RAC7"], "month": "2024-05", "_ansible_diff": diff}
        arguments = connection | {"dest": str(dest)} | selected | options
        given = {name: value for name, value in arguments.items() if value is not None}
        return run(invoice_archive.main, given, check=check)

    return call
