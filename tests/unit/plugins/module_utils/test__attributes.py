# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Modes, owners and groups: refused before any request, and set without losing the result."""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._attributes import (
    as_file_errors,
    directory_attributes,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError, OptionError

if t.TYPE_CHECKING:
    from pathlib import Path


class Module:
    """The part of AnsibleModule that is needed."""

    _symbolic_mode_to_octal = AnsibleModule._symbolic_mode_to_octal

    def __init__(self, **params: t.Any) -> None:
        self.params = dict.fromkeys(("mode", "directory_mode", "owner", "group")) | params

    def fail_json(self, msg: str, **details: t.Any) -> t.NoReturn:
        """End the module, as Ansible does."""
        raise SystemExit(msg)


def attributes(**params: t.Any) -> tuple[int, int, int]:
    return directory_attributes(t.cast("t.Any", Module(**params)))


@pytest.mark.parametrize(
    ("mode", "number"),
    [
        (None, 0o700),
        ("0", 0),
        ("0750", 0o750),
        ("2770", 0o2770),
        (0o755, 0o755),
        ("u=rwx,g=rx,o=", 0o750),
        ("g+rx", 0o750),
    ],
)
def test_modes_of_directories(mode: t.Any, number: int) -> None:
    assert attributes(directory_mode=mode) == (number, -1, -1)


@pytest.mark.parametrize("option", ["mode", "directory_mode"])
@pytest.mark.parametrize("mode", ["rwx", "0999", "", "77777", "-1", "u=q", "a b", "0640\n0", "²"])
def test_what_is_no_mode_is_refused(option: str, mode: str) -> None:
    with pytest.raises(OptionError, match=f"^{option} .* is not a mode: write an octal number"):
        attributes(**{option: mode})


def test_owners_and_groups() -> None:
    assert attributes(owner="root", group="0") == (0o700, 0, 0)
    assert attributes(owner="12345")[1] == 12345


@pytest.mark.parametrize(("option", "kind"), [("owner", "user"), ("group", "group")])
@pytest.mark.parametrize("name", ["nobody-has-this-name", "", "²", "\0"])
def test_an_owner_that_does_not_exist_is_refused(option: str, kind: str, name: str) -> None:
    with pytest.raises(OptionError, match=f"does not exist on this host: create the {kind} first"):
        attributes(**{option: name})


def test_what_ends_the_module_is_a_file_error(tmp_path: Path) -> None:
    module = t.cast("t.Any", Module())
    path = str(tmp_path / "x")
    with (
        pytest.raises(FileError, match=r"x: chown failed \(not permitted\)\. Correct the option"),
        as_file_errors(module, path),
    ):
        module.fail_json(path=path, msg="chown failed", details="not permitted")
    with pytest.raises(FileError, match="Cannot change .*x: No such file or directory"), as_file_errors(module, path):
        os.chmod(path, 0)
    with pytest.raises(SystemExit):
        module.fail_json("again as before")
