# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What every lookup does around its work: read options, open a session, report errors."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import traceback
import typing as t
from contextlib import contextmanager

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.validation import (
    check_mutually_exclusive,
    check_required_by,
    check_required_one_of,
)
from ansible.utils.display import Display
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    InvoicingError,
    MissingLibraryError,
    OptionError,
    printable,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import Spec

display = Display()


@contextmanager
def lookup_errors(subject: str = "", temporary: str | None = None) -> Iterator[None]:
    """Report what utils raise as an error of the lookup, ``subject`` first, and without the path of a ``temporary``."""
    try:
        yield
    except InvoicingError as exc:
        # ansible-core prints the message of each cause after this one: it would only say the same again.
        message = str(exc).replace(temporary, "The document") if temporary else str(exc)
        raise AnsibleLookupError(f"{subject}{message}") from None


def read_options(
    lookup: t.Any, variables: Mapping[str, t.Any] | None, keywords: Mapping[str, t.Any], spec: Spec
) -> dict[str, t.Any]:
    """The options of a lookup, from its keywords, variables, the environment and the ini file.

    They depend on each other as ``spec`` declares. Raises OptionError.
    """
    definitions = lookup.option_definitions
    # with_... loops add wantlist.
    if unknown := sorted(keywords.keys() - definitions.keys() - {"wantlist"}):
        known = ", ".join(sorted(name for name in definitions if not name.startswith("_")))
        noun = "option" if len(unknown) == 1 else "options"
        raise OptionError(f"Unknown {noun}: {', '.join(unknown)}. The options are: {known}.")
    variables = variables or {}
    names = {entry["name"] for option in definitions.values() for entry in option.get("vars") or ()}
    # A lookup gets the variables as they were written, maybe as templates.
    given = {name: lookup._templar.template(variables[name]) for name in names if name in variables}
    lookup.set_options(var_options=given, direct=dict(keywords))
    options: dict[str, t.Any] = lookup.get_options()
    _check(spec, {name: value for name, value in options.items() if value is not None})
    return options


def _check(spec: Spec, given: Mapping[str, t.Any]) -> None:
    """What AnsibleModule checks of options that are given, with its messages. Raises OptionError."""
    try:
        check_mutually_exclusive(spec.mutually_exclusive, given)
        check_required_one_of(spec.required_one_of, given)
        check_required_by(spec.required_by, given)
    except TypeError as exc:
        raise OptionError(f"{exc}") from None


def open_session(options: Mapping[str, t.Any]) -> Session:
    """The session that the connection options ask for. Raises OptionError and MissingLibraryError."""
    session = Session.from_options(options, os.environ)
    for warning in session.credentials.warnings:
        display.warning(warning)
    return session


def compile_query(expression: str | None, format: str) -> Callable[[t.Any], t.Any] | None:
    """What applies the expression to a JSON document. Raises OptionError and MissingLibraryError."""
    if expression is None:
        return None
    if format != "json":
        raise OptionError(f"query needs a JSON document, and this one is {format}: use lines and totals in its place.")
    try:
        import jmespath
    except ImportError as exc:
        raise MissingLibraryError("jmespath", traceback.format_exc()) from exc
    try:
        compiled = jmespath.compile(str(expression))
    except (jmespath.exceptions.JMESPathError, RecursionError) as exc:
        raise OptionError(f"query is not a JMESPath expression: {printable(exc)}") from exc

    def search(document: t.Any) -> t.Any:
        try:
            return compiled.search(document)
        except (jmespath.exceptions.JMESPathError, RecursionError) as exc:
            # The message may quote all of the document.
            raise OptionError(f"The query {expression} fails on the document: {printable(exc)}") from exc

    return search
