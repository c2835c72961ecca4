# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Runs modules and lookups in this process, as Ansible does."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import traceback
import typing as t
from dataclasses import dataclass, field
from unittest import mock

from ansible.errors import AnsibleError
from ansible.module_utils import basic
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible.utils.display import Display

from .row import CONTRACT, INVOICE, MONTH, World

COLLECTION = "ansible_collections.edgebill.akamai_invoicing.plugins"
MODULES = {
    "download": "invoice_download",
    "archive": "invoice_archive",
    "info": "invoice_info",
    "contracts": "contract_info",
    "keys": "account_switch_key_info",
    "verify": "invoice_archive_info",
}
LOOKUPS = {"lookup": "invoice", "invoices": "invoices"}


@dataclass
class Outcome:
    """What a run came to; ``crash`` is the trace of an exception that is not ours."""

    failed: bool = False
    changed: bool = False
    message: str = ""
    warnings: list[str] = field(default_factory=list)
    result: t.Any = None
    crash: str = ""

    @property
    def said(self) -> str:
        """All that the run says to people."""
        reason = str(self.result.get("reason", "")) if isinstance(self.result, dict) else ""
        return "\n".join([self.message, *self.warnings, reason])


def arguments(world: World, given: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options of a run of the world's target: one document, or one list."""
    simulator, form = world.simulator, world.form
    connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 5, "retries": 0}
    selection: dict[str, t.Any] = {"contract_ids": [CONTRACT], "month": MONTH}
    own: dict[str, dict[str, t.Any]] = {
        "download": {
            **{"contract_id": CONTRACT, "invoice_id": INVOICE, "format": form},
            **{"dest": str(world.dest), "overwrite": "different"},
        },
        "archive": selection
        | {"dest": str(world.dest), "formats": [form], "source_types": ["regular"], "concurrency": 1},
        "info": selection,
        "invoices": selection,
        "lookup": {"contract_id": CONTRACT, "source_type": "regular"},
        # It reads an archive, and connects to nothing.
        "verify": {**dict.fromkeys(connection), "src": [str(world.folder.parent / "base" / "same")]},
    }
    options = connection | own.get(world.target, {}) | given
    return {name: value for name, value in options.items() if value is not None}


def run(world: World, options: dict[str, t.Any], environ: dict[str, str], *, check: bool = False) -> Outcome:
    """Run the target once, with these options on top of its own."""
    given = arguments(world, options)
    with mock.patch.dict(os.environ, world.environment() | environ, clear=True):
        if world.target in LOOKUPS:
            return _look_up(world.target, given)
        return _run_module(world, given, check)


def _run_module(world: World, given: dict[str, t.Any], check: bool) -> Outcome:
    module = importlib.import_module(f"{COLLECTION}.modules.{MODULES[world.target]}")
    remote_tmp = world.folder / "tmp"
    fields = given | {"_ansible_check_mode": check, "_ansible_remote_tmp": str(remote_tmp)}
    outcome = Outcome()
    printed = io.StringIO()
    with (
        mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": fields}).encode()),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        # A process keeps its warnings for all modules that it runs, which is one for Ansible and many here.
        mock.patch.object(
            basic.AnsibleModule,
            "warn",
            lambda self, warning: outcome.warnings.append(basic.remove_values(warning, self.no_log_values)),
        ),
        contextlib.redirect_stdout(printed),
    ):
        umask = os.umask(0o022)
        try:
            module.main()
        except SystemExit:
            outcome.result = json.loads(printed.getvalue())
        except BaseException:
            outcome.crash = traceback.format_exc(limit=-3)
            return outcome
        finally:
            # A module sets its own, and this process goes on.
            os.umask(umask)
    outcome.result.pop("invocation", None)
    outcome.failed = outcome.result.get("failed", False)
    outcome.changed = outcome.result.get("changed", False)
    outcome.message = str(outcome.result.get("msg", ""))
    return outcome


def _look_up(target: str, given: dict[str, t.Any]) -> Outcome:
    loader = DataLoader()
    plugin = lookup_loader.get(
        f"edgebill.akamai_invoicing.{LOOKUPS[target]}", loader=loader, templar=Templar(loader=loader, variables={})
    )
    terms = given.pop("terms", [INVOICE] if target == "lookup" else [])
    outcome = Outcome()
    with mock.patch.object(Display, "warning", lambda _self, message, **_more: outcome.warnings.append(message)):
        try:
            outcome.result = plugin.run(terms, {}, **given)
        except AnsibleError as exc:
            outcome.failed, outcome.message = True, str(exc)
        except BaseException:
            outcome.crash = traceback.format_exc(limit=-3)
    return outcome
