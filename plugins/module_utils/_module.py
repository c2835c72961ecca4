# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What every module does around its work: report errors, open a session, keep secrets out of the result."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import re
import traceback
import typing as t

from ._errors import MIN_SECRET_LENGTH, InvoicingError, MissingLibraryError, counted, printable, without_secrets

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible.module_utils.basic import AnsibleModule

    from ._api.session import Session

ISSUES = "https://github.com/edgebill/akamai_invoicing/issues"
_HALF_PAIRS = re.compile("[\\ud800-\\udfff]")


def run_module(module: AnsibleModule, run: Callable[[AnsibleModule], dict[str, t.Any]]) -> None:
    """Leave with what ``run`` returns, or with its error as a failed task. No other exception leaves this function."""
    # New files and directories are private from their first moment, whatever makes them.
    os.umask(0o077)
    failure: dict[str, t.Any]
    try:
        result = to_valid_text(run(module))
    except MissingLibraryError as exc:
        failure = {"msg": str(exc), "exception": exc.traceback}
    except InvoicingError as exc:
        failure = {"msg": str(exc), "error": exc.details} if exc.details else {"msg": str(exc)}
    except Exception as exc:
        failure = {
            "msg": f"Unexpected {type(exc).__name__}: {printable(exc, 200)}. This is a defect of the collection: run "
            f"again with its newest release; if this persists, report it with the output of -vvv at {ISSUES}.",
            "exception": without_secrets(traceback.format_exc()),
        }
    else:
        module.exit_json(**result)
    module.fail_json(**to_valid_text(failure))


def to_valid_text(value: t.Any) -> t.Any:
    """A result without half surrogate pairs, which are no text, and which Ansible cannot print."""
    if isinstance(value, str):
        return _HALF_PAIRS.sub("\ufffd", value) if not value.isascii() else value
    if isinstance(value, dict):
        return {to_valid_text(key): to_valid_text(item) for key, item in value.items()}
    return [to_valid_text(item) for item in value] if isinstance(value, (list, tuple)) else value


def with_problems(
    result: dict[str, t.Any], problems: Sequence[InvoicingError], noun: str = "entry", plural: str = "entries"
) -> dict[str, t.Any]:
    """The result of a list, failed with its first problem if there are any."""
    if not problems:
        return result
    message = str(problems[0])
    if len(problems) > 1:
        message += f" {counted(len(problems) - 1, f'more {noun}', f'more {plural}')} cannot be read."
    return {**result, "failed": True, "msg": message, "error": problems[0].details}


def open_session(module: AnsibleModule, connections: int = 1) -> Session:
    """The session that the module's connection options ask for. Raises OptionError and MissingLibraryError."""
    from ._api.session import Session

    session = Session.from_options(module.params, os.environ, connections=connections)
    # A short one may be a common word, which Ansible would blot out of every path and name in the result.
    module.no_log_values.update(filter(lambda secret: len(secret) >= MIN_SECRET_LENGTH, session.credentials.secrets))
    for warning in session.credentials.warnings:
        module.warn(warning)
    return session
