# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Imports inside module_utils go one way: from a folder to those below it, never in a circle. Each file has a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _errors

UTILS = Path(_errors.__file__).parent
# From the top down: each may import from those after it.
LAYERS = (
    "_module",
    "_archive_info",
    "_reconciliation",
    "_archive",
    "_api",
    "_documents",
    "_money",
    "_attributes",
    "_files",
    "_options",
    "_errors",
)
FILES = {path.relative_to(UTILS).with_suffix("").parts: path for path in UTILS.rglob("*.py")}
Name = tuple[str, ...]


def imports(name: Name) -> list[ast.ImportFrom | ast.Import]:
    """All imports of a file, those inside functions and under TYPE_CHECKING too."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.ImportFrom, ast.Import))]


def own_imports(name: Name) -> set[Name]:
    """Which other files of module_utils a file imports."""
    found = set()
    for node in imports(name):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (*name[:-1][: len(name) - node.level], *(node.module or "").split(".")) if node.module else name[:-1]
            found |= {base} if base in FILES else {(*base, alias.name) for alias in node.names}
    return found


@pytest.mark.parametrize("name", FILES, ids=".".join)
def test_each_util_has_its_test_file(name: Name) -> None:
    assert Path(__file__).parent.joinpath(*name[:-1], f"test_{name[-1]}.py").is_file()


def layer(name: Name) -> int:
    return LAYERS.index(name[0])


@pytest.mark.parametrize("name", FILES, ids=".".join)
def test_imports_go_down(name: Name) -> None:
    assert own_imports(name) <= FILES.keys(), "an import that this test does not understand"
    upwards = [".".join(other) for other in own_imports(name) if layer(other) < layer(name)]
    assert not upwards, f"{'.'.join(name)} imports from above: {upwards}"


def test_no_circle() -> None:
    below = {name: own_imports(name) for name in FILES}
    while leaves := [name for name, others in below.items() if not others & below.keys()]:
        for name in leaves:
            del below[name]
    assert not below, f"files that import each other: {sorted(map('.'.join, below))}"


@pytest.mark.parametrize("name", [name for name in FILES if name[0] == "_api"], ids=".".join)
def test_the_api_needs_no_ansible(name: Name) -> None:
    """Event sources run without Ansible's collection loader."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "t.TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    modules = [
        module
        for node in imports(name)
        if id(node) not in typing_only
        for module in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
    ]
    assert not [module for module in modules if module.partition(".")[0].startswith("ansible")]
