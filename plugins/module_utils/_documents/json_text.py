# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The text of a JSON document as data: every digit kept, nothing accepted that two readers could read differently."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable
from decimal import Decimal

from .._errors import DocumentError, abbreviated
from .._money.amounts import PARSING


def parse_json(text: str, failure: Callable[..., DocumentError]) -> t.Any:
    """The value of a JSON text, its numbers as int and Decimal. Raises the error that ``failure`` makes."""
    try:
        return json.loads(
            text,
            parse_float=_parse_number,
            parse_int=_parse_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_duplicates,
        )
    except json.JSONDecodeError as error:
        raise failure(
            f"character {error.pos + 1} is not JSON ({error.msg}). Download it again.", character=error.pos + 1
        ) from None
    except (RecursionError, ValueError) as error:
        raise failure(f"cannot be read as JSON ({error}). Use the CSV document of the bill.") from None


def _parse_number(text: str) -> int | Decimal | str:
    """A number with every digit; one beyond any amount stays the text that it is, since it may be an ID."""
    try:
        value = PARSING.create_decimal(text)
    except ArithmeticError:
        return text
    return int(text) if text.lstrip("-").isdigit() else value


def _refuse_duplicates(members: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _value in members]
        twice = next(name for name in names if names.count(name) > 1) if len(names) < 1000 else "a name"
        raise ValueError(f"{abbreviated(twice)} is there twice in an object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
