# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Modules as processes of their own, for tests and benchmarks."""

from __future__ import annotations

import json
import sys
import tempfile
import typing as t

CODE = """
import importlib, sys
from ansible.module_utils import basic
basic._ANSIBLE_PROFILE, basic._ANSIBLE_ARGS = "legacy", sys.argv[2].encode()
importlib.import_module("ansible_collections.edgebill.akamai_invoicing.plugins.modules." + sys.argv[1]).main()
"""


def module_command(name: str, options: dict[str, t.Any]) -> list[str]:
    """The command that runs a module with these options; its result is the JSON that it prints."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": {"_ansible_remote_tmp": tempfile.gettempdir()} | options})
    return [sys.executable, "-c", CODE, name, arguments]
