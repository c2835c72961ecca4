# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lists that the API sends as JSON."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import typing as t
from decimal import Decimal

from .._errors import InvoicingError, NoDataError, printable
from .response import NOT_THE_API, bad_body_error
from .transport import MAX_ANSWER_SIZE

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._errors import ApiError
    from .response import Response
    from .session import Session

T = t.TypeVar("T")

MAX_DIGITS = 400


def get_list(
    session: Session,
    path: str,
    convert: Callable[[t.Any], T],
    *,
    params: Mapping[str, str],
    switch_account: bool = True,
    on_bad_entry: Callable[[ApiError], None] | None = None,
) -> list[T]:
    """GET the list at ``path``, its entries converted; status 204 is an empty list.

    An entry that cannot be converted is reported to ``on_bad_entry``, and the others are returned; without it this is
    raised as ApiError. Raises also what Session.get() does.
    """
    problems: list[ApiError] = []
    flaw = "is not the list it documents"
    advice = "Run again with the newest release of this collection, then report it."

    def read(response: Response) -> list[T]:
        listed = read_json(response)
        if not isinstance(listed, list):
            raise bad_body_error(response, f"{flaw} (a list is expected, not {type(listed).__name__})", advice)
        found = []
        problems.clear()
        for number, entry in enumerate(listed, 1):
            try:
                found.append(convert(entry))
            except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, InvoicingError) as exc:
                reason = f"{type(exc).__name__} {exc}" if isinstance(exc, LookupError) else exc
                where = f"{number} of {len(listed)}: {printable(reason)}"
                problems.append(bad_body_error(response, f"{flaw} (entry {where})", advice))
        return found

    try:
        entries: list[T] = session.get(path, read, params=params, switch_account=switch_account).value
    except NoDataError as exc:
        if exc.details["status"] == 204:
            return []
        raise
    for problem in problems:
        if on_bad_entry is None:
            raise problem
        on_bad_entry(problem)
    return entries


def read_json(response: Response) -> t.Any:
    """The JSON of an answer, its decimals as Decimal. Raises ConnectionFailed and ApiError."""
    body = bytearray()
    for piece in response.pieces():
        body += piece
        if len(body) > MAX_ANSWER_SIZE:
            raise bad_body_error(response, f"is larger than {MAX_ANSWER_SIZE} bytes", NOT_THE_API)
    try:
        return json.loads(body, parse_float=_decimal, parse_int=_integer, parse_constant=_decimal)
    except (ValueError, ArithmeticError, RecursionError) as exc:
        raise bad_body_error(response, "is not JSON", NOT_THE_API) from exc


def _integer(digits: str) -> int:
    # Without a bound the time grows with the square of the digits.
    if len(digits) > MAX_DIGITS:
        raise ValueError("too many digits")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    value = Decimal(digits)
    if len(digits) > MAX_DIGITS or not value.is_finite():
        raise ValueError("not a number")
    return value
