# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The option ``columns``: which heading of a document holds which field of its lines."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

from .._errors import OptionError, abbreviated, printable
from .fields import FIELDS, normalize

# A message has room for them, and for what to do.
MAX_HEADINGS_LENGTH = 230


def parse_columns(value: Mapping[t.Any, t.Any] | None) -> dict[str, str] | None:
    """The option ``columns`` as field and heading in plain text, None when it decides nothing. Raises OptionError."""
    if value is not None and not isinstance(value, Mapping):
        raise OptionError(f"columns is {abbreviated(value)}: give a dictionary, such as {{total: Extended}}.")
    columns: dict[str, str] = {}
    for field, heading in (value or {}).items():
        if field not in FIELDS:
            raise OptionError(f"columns has no field {field!r}: name some of {', '.join(FIELDS)}.")
        if not isinstance(heading, str) or not normalize(heading):
            raise OptionError(f"columns.{field} is {abbreviated(heading)}: give the heading of its column as text.")
        columns[str.__str__(field)] = str.__str__(heading)
    twice = [
        field
        for field, heading in columns.items()
        if list(map(normalize, columns.values())).count(normalize(heading)) > 1
    ]
    if twice:
        raise OptionError(
            f"columns gives {' and '.join(twice)} the same heading, {columns[twice[0]]!r}: give each its own."
        )
    return columns or None


def match_columns(columns: Mapping[str, str], headings: Sequence[str]) -> dict[str, int]:
    """The index of the heading that each field is given. Raises ValueError with the end of a sentence.

    Headings match whatever their case, blanks and punctuation, unless one matches exactly. Of equal headings of the
    total, the first counts.
    """
    found = {}
    for field, wanted in columns.items():
        exact = [index for index, heading in enumerate(headings) if heading.strip() == wanted.strip()]
        alike = [index for index, heading in enumerate(headings) if normalize(heading) == normalize(wanted)]
        places = exact or alike
        if field == "total" and len({headings[index].strip() for index in places}) == 1:
            places = places[:1]
        if len(places) != 1:
            problem = f"{len(places)} columns" if places else "no column"
            raise ValueError(
                f"{problem} with the heading {abbreviated(wanted)} that the option columns gives for {field}:"
                f" name one of {list_headings(headings)}."
            )
        found[field] = places[0]
    return found


def list_headings(headings: Iterable[str]) -> str:
    """The headings as a message shows them."""
    shown = ", ".join(abbreviated(heading.strip()) for heading in headings if heading.strip())
    return printable(shown, MAX_HEADINGS_LENGTH)


def ambiguous_parts(ambiguous: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """A sentence for each amount that several columns could be; all but the total are null then."""
    found = {}
    for part, headings in ambiguous.items():
        first, *_others = (heading.strip() for heading in headings)
        null = "" if part == "total" else f" So {part} is null."
        found[part] = (
            f"several columns could be the {part}: {list_headings(headings)}.{null}"
            f" Name the right one with the option columns, such as columns: {{{part}: {first}}}."
        )
    return found
