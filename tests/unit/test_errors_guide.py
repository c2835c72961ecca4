# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The guide to errors quotes messages as the plugins give them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _errors

ROOT = Path(_errors.__file__).parents[2]
# Texts of Ansible, of the system and of the libraries; those of Akamai's servers follow the status.
NOT_OURS = {
    "one of the following is required",
    "parameters are mutually exclusive",
    "Unknown option",
    "Connection refused",
    "Failed to resolve",
    "Read timed out",
}


def texts() -> Iterator[str]:
    """The strings of all plugins, with a NUL in place of each value; and what file_error() makes of its action."""
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "file_error":
                yield f"Cannot {ast.literal_eval(node.args[0])}"


def quoted(guide: str) -> Iterator[str]:
    """What the first columns of the tables quote, without values: ``waited 5 seconds`` gives two."""
    for row in re.findall(r"^    \* - (.*?)\n      - ", guide, re.MULTILINE | re.DOTALL):
        for message in re.findall("``(.*?)``", " ".join(row.split())):
            ours = re.sub(r"^(status 40\d): .*?($| \.\.\. )", r"\1\2", message)
            for part in re.split(r"\.\.\.|\d+|'|: ", ours):
                if len(part.strip(" ;,")) > 5:
                    yield part.strip(" ;,")


def test_the_guide_to_errors_quotes_messages_that_exist() -> None:
    source = "\n".join(" ".join(text.split()) for text in texts())
    guide = (ROOT / "docs" / "docsite" / "rst" / "errors.rst").read_text(encoding="utf-8")
    parts = set(quoted(guide)) - NOT_OURS
    assert len(parts) > 100
    assert sorted(part for part in parts if part not in source) == []
