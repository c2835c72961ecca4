# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Parts of argument specs, merged with ``|`` by the plugins, and the checks that no argument spec can make."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from ._errors import OptionError, abbreviated

Options = dict[str, dict[str, t.Any]]

_CONTRACT = re.compile(r"(?=.{1,64}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_SHA256 = re.compile(r"sha256:([0-9A-Fa-f]{64})")
# The largest number that the API's 64 bits hold has 19.
_MAX_INVOICE_ID_DIGITS = 19


class Spec(t.NamedTuple):
    """Options and how they depend on each other, declared once for modules and lookups, and merged with ``|``.

    The fields are the keyword arguments of ``AnsibleModule`` of these names: ``AnsibleModule(**spec._asdict())``.
    """

    argument_spec: Options = {}
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_by: Mapping[str, tuple[str, ...]] = {}

    def __or__(self, other: Spec | Options) -> Spec:
        other = other if isinstance(other, Spec) else Spec(other)
        return Spec(
            self.argument_spec | other.argument_spec,
            self.mutually_exclusive + other.mutually_exclusive,
            self.required_one_of + other.required_one_of,
            {**self.required_by, **other.required_by},
        )

    def __ror__(self, other: Options) -> Spec:
        return Spec(other) | self


def connection_spec() -> Options:
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
        "max_size": {"type": "int", "default": 5 * 1024**3, "fallback": (env_fallback, ["AKAMAI_MAX_SIZE"])},
    }


def columns_spec() -> Options:
    """The option of the ``_columns`` doc fragment; ``parse_columns`` reads it."""
    return {"columns": {"type": "dict"}}


def check_contract_id(value: str) -> str:
    """A contract ID, such as ``C-0N7RAC71``. Raises OptionError."""
    if not _CONTRACT.fullmatch(value):
        raise OptionError(
            f"{abbreviated(value)} is not a contract ID: it has letters, digits and single dashes only, "
            "such as C-0N7RAC71."
        )
    return value


def check_invoice_id(value: int | str) -> int:
    """An invoice ID, from a number or its digits. Raises OptionError."""
    # Python prints no number of thousands of digits.
    text = str(min(value, 10**_MAX_INVOICE_ID_DIGITS) if isinstance(value, int) else value)
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_INVOICE_ID_DIGITS and int(text)):
        raise OptionError(
            f"{abbreviated(text)} is not an invoice ID: it has digits only, such as 17331001020. "
            "Copy the invoice_id that invoice_info lists."
        )
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
            f"{abbreviated(value)} is not a checksum: 'sha256:' and 64 hexadecimal digits, as `sha256sum` prints them."
        )
    return match[1].lower()
