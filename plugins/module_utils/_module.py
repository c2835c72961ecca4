# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What every module does around its work: report errors, open a session, keep secrets out of the result."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._errors import InvoicingError, MissingLibraryError

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible.module_utils.basic import AnsibleModule

    from ._api.session import Session


def run_module(module: AnsibleModule, run: Callable[[AnsibleModule], dict[str, t.Any]]) -> None:
    """Leave with what ``run`` returns, or with its error as a failed task."""
    # New files and directories are private from their first moment, whatever makes them.
    os.umask(0o077)
    try:
        result = run(module)
    except MissingLibraryError as exc:
        module.fail_json(msg=missing_required_lib(exc.library), exception=exc.traceback)
    except InvoicingError as exc:
        facts: dict[str, t.Any] = {"error": exc.details} if exc.details else {}
        module.fail_json(msg=str(exc), **facts)
    else:
        module.exit_json(**result)


def open_session(module: AnsibleModule, connections: int = 1) -> Session:
    """The session that the module's connection options ask for. Raises OptionError and MissingLibraryError."""
    from ._api.session import Session

    session = Session.from_options(module.params, os.environ, connections=connections)
    module.no_log_values.update(session.credentials.secrets)
    for warning in session.credentials.warnings:
        module.warn(warning)
    return session
