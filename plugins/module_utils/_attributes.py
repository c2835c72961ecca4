# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The mode, owner and group that a task asks for: checked beforehand, and set without losing the result."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import re
import stat
import typing as t

from ._errors import FileError, OptionError, file_error
from ._files import DirectoryAttributes

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ansible.module_utils.basic import AnsibleModule


def directory_attributes(module: AnsibleModule) -> DirectoryAttributes:
    """What ``directory_mode``, ``owner`` and ``group`` ask for, and ``mode`` checked. Raises OptionError."""
    params = module.params
    _parse_mode(module, "mode", stat.S_IFREG | 0o600)
    return DirectoryAttributes(
        _parse_mode(module, "directory_mode", stat.S_IFDIR | 0o700),
        _parse_id(params, "owner", lambda name: pwd.getpwnam(name).pw_uid),
        _parse_id(params, "group", lambda name: grp.getgrnam(name).gr_gid),
    )


def _parse_mode(module: AnsibleModule, option: str, base: int) -> int:
    """The permissions that an option asks for, changes being made to ``base``."""
    value = module.params[option]
    if value is None:
        return stat.S_IMODE(base)
    text = str(value)
    try:
        if isinstance(value, int):
            mode = int(value)
        elif re.fullmatch(r"(0o)?[0-7]+", text):
            mode = int(text, 8)
        elif text:
            mode = module._symbolic_mode_to_octal(os.stat_result((base,) + (0,) * 9), text)
        else:
            mode = -1
        if not 0 <= mode <= 0o7777:
            raise ValueError
    except (ValueError, KeyError, IndexError):
        raise OptionError(
            f"{option} {text!r} is not a mode: write an octal number in quotes, such as '0640', or u=rw,g=r."
        ) from None
    return int(mode)


def _parse_id(params: Mapping[str, t.Any], option: str, look_up: Callable[[str], int]) -> int:
    """The number of the user or group that an option names, -1 without one."""
    value = params[option]
    if value is None:
        return -1
    try:
        return int(value) if str(value).isascii() and str(value).isdigit() else look_up(value)
    except (KeyError, ValueError):
        kind = "user" if option == "owner" else "group"
        raise OptionError(
            f"{option} {value!r} does not exist on this host: create the {kind} first, or use another."
        ) from None


def set_attributes(module: AnsibleModule, path: str, changed: bool, diff: dict[str, t.Any] | None = None) -> bool:
    """Give a file the attributes that the module's options ask for; ``changed``, or True. Raises FileError."""
    with as_file_errors(module, path):
        arguments = module.load_file_common_arguments(module.params, path=path)
        return bool(module.set_fs_attributes_if_different(arguments, changed, diff))


@contextlib.contextmanager
def as_file_errors(module: AnsibleModule, path: str) -> Iterator[None]:
    """Let Ansible's own methods for files raise FileError instead of ending the module without its result."""

    def fail_json(msg: str, **details: t.Any) -> t.NoReturn:
        reason = f" ({details['details']})" if details.get("details") else ""
        raise FileError(
            f"{path}: {msg}{reason}. Correct the option for the user of the task, or leave it out.", path=path
        )

    patched: t.Any = module
    before = patched.fail_json
    patched.fail_json = fail_json
    try:
        yield
    except (OSError, ValueError) as exc:
        raise file_error("change", path, exc) from exc
    finally:
        patched.fail_json = before
