# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Parts of argument specs, merged with ``|`` by the modules, and the checks that no argument spec can make."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t

from ._errors import OptionError

Spec = dict[str, dict[str, t.Any]]

_CONTRACT = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_SHA256 = re.compile(r"sha256:([0-9A-Fa-f]{64})")


def connection_spec() -> Spec:
    """The options of the ``_edgegrid`` doc fragment."""
    # Not above: the checks below also serve where there is no Ansible.
    from ansible.module_utils.basic import env_fallback

    return {
        "edgerc": {"type": "path"},
        "edgerc_section": {"type": "str"},
        "host": {"type": "str"},
        "client_token": {"type": "str", "no_log": True},
        "client_secret": {"type": "str", "no_log": True},
        "access_token": {"type": "str", "no_log": True},
        # It names an account, and opens nothing without the credentials.
        "account_switch_key": {"type": "str", "no_log": False},
        "timeout": {"type": "float", "default": 60.0, "fallback": (env_fallback, ["AKAMAI_TIMEOUT"])},
        "retries": {"type": "int", "default": 5, "fallback": (env_fallback, ["AKAMAI_RETRIES"])},
        "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["AKAMAI_VALIDATE_CERTS"])},
        "ca_path": {"type": "path", "fallback": (env_fallback, ["AKAMAI_CA_PATH"])},
    }


def check_contract_id(value: str) -> str:
    """The id of a contract, such as ``C-0N7RAC71``. Raises OptionError."""
    if not _CONTRACT.fullmatch(value):
        raise OptionError(
            f"{value!r} is not the id of a contract: letters, digits and single dashes only, such as C-0N7RAC71."
        )
    return value


def check_invoice_id(value: int | str) -> int:
    """The number of a bill. Raises OptionError."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text)):
        raise OptionError(f"{text!r} is not the number of a bill: digits only, such as 17331001020.")
    return int(text)


def check_source_type(source_type: str, format: str) -> None:
    """Refuse what the API does not have: usage files in other formats than CSV. Raises OptionError."""
    if source_type == "compute" and format != "csv":
        raise OptionError(f"source_type compute comes as csv only, not as {format}: set format to csv.")


def check_checksum(value: str | None) -> str | None:
    """The hexadecimal SHA-256 of ``sha256:...``, in lower case. Raises OptionError."""
    if value is None:
        return None
    match = _SHA256.fullmatch(value.strip())
    if not match:
        raise OptionError(
            f"{value!r} is not a checksum: 'sha256:' and 64 hexadecimal digits, as `sha256sum` prints them."
        )
    return match[1].lower()
