# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Which bills are selected: months, contracts and types, from the options of everything that lists bills."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

from .._errors import OptionError, abbreviated
from .._options import Spec, check_contract_id

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date


FIRST_MONTH = "2016-04"

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def selection_spec() -> Spec:
    """The options of the ``_selection`` doc fragment."""
    return Spec(
        {
            "contract_ids": {"type": "list", "elements": "str"},
            "month": {"type": "str"},
            "from_month": {"type": "str"},
            "to_month": {"type": "str"},
            "invoice_types": {"type": "list", "elements": "str"},
        },
        mutually_exclusive=(("month", "from_month"), ("month", "to_month")),
        required_by={"to_month": ("from_month",)},
    )


@dataclass(frozen=True)
class Selection:
    """The months, oldest first, the contracts (None: all of the account), and the types in lower case (None: all)."""

    months: tuple[str, ...]
    contract_ids: tuple[str, ...] | None = None
    invoice_types: tuple[str, ...] | None = None

    @classmethod
    def from_options(
        cls, options: Mapping[str, t.Any], months: Sequence[t.Any] = (), *, today: date | None = None
    ) -> Selection:
        """What the options select, or ``months`` in place of their months. Raises OptionError.

        That the options go together is for the caller to check, by ``selection_spec()``.
        """
        return cls(
            _months(options, months, today or _today()),
            _values(options, "contract_ids", check_contract_id),
            _values(options, "invoice_types", str.lower),
        )

    def has_type(self, invoice_type: str) -> bool:
        """Whether bills of this type are selected."""
        return self.invoice_types is None or invoice_type.lower() in self.invoice_types


def months_between(from_month: str, to_month: str | None = None, *, today: date | None = None) -> tuple[str, ...]:
    """The months from one to another, both included, oldest first; without ``to_month`` up to the current one.

    Each is ``YYYY-MM``, ``last_month`` or ``this_month``. Raises OptionError.
    """
    today = today or _today()
    first = parse_month("from_month", from_month, today)
    last = parse_month("to_month", "this_month" if to_month is None else to_month, today)
    if first > last:
        raise OptionError(f"from_month {first} is after to_month {last}: swap them.")
    return all_months(first, last)


def all_months(first: str, last: str) -> tuple[str, ...]:
    """The months from one to another, both included, oldest first; none if the first is the later one."""
    return tuple(_month(number) for number in range(_number(first), _number(last) + 1))


def parse_month(option: str, value: object, today: date | None = None) -> str:
    """The month that an option names, as ``YYYY-MM``. Raises OptionError."""
    today = today or _today()
    text = str(value)
    this_month = f"{today:%Y-%m}"
    month = {"this_month": this_month, "last_month": _month(_number(this_month) - 1)}.get(text, text)
    if not _MONTH.fullmatch(month):
        raise OptionError(
            f"{option} {abbreviated(text)} is not a month: write YYYY-MM such as 2024-05, last_month or this_month."
        )
    if month < FIRST_MONTH:
        raise OptionError(f"{option} {month} is before {FIRST_MONTH}, the first month that the API has bills for.")
    if month > this_month:
        raise OptionError(f"{option} {month} is in the future: the current month is {this_month} (UTC).")
    return month


def _months(options: Mapping[str, t.Any], months: Sequence[t.Any], today: date) -> tuple[str, ...]:
    if months:
        given = [name for name in ("month", "from_month", "to_month") if options[name] is not None]
        if given:
            raise OptionError(f"Give the months either as terms or with {' and '.join(given)}, not both.")
        return tuple(sorted({parse_month("month", month, today) for month in months}))
    if options["from_month"] is not None:
        return months_between(options["from_month"], options["to_month"], today=today)
    month = "last_month" if options["month"] is None else options["month"]
    return (parse_month("month", month, today),)


def _today() -> date:
    return datetime.now(timezone.utc).date()


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _values(options: Mapping[str, t.Any], name: str, convert: Callable[[str], str]) -> tuple[str, ...] | None:
    given = options[name]
    if given is None:
        return None
    for value in given:
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
            raise OptionError(f"{name} contains {abbreviated(value)}: correct or remove it.")
    if not given:
        # A list that came out empty must not select the whole account by accident.
        raise OptionError(f"{name} is an empty list: leave the option out to select all.")
    return tuple(dict.fromkeys(convert(str(value)) for value in given))
