# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Which bills are meant: contracts, months and types, as all that lists bills take them."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain

from .._errors import OptionError
from .._options import check_contract_id

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from .._options import Spec
    from .invoicing import Bill, Invoicing

FIRST_MONTH = "2016-04"

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def selection_spec() -> Spec:
    """The options of the ``_selection`` doc fragment."""
    return {
        "contract_ids": {"type": "list", "elements": "str"},
        "month": {"type": "str"},
        "from_month": {"type": "str"},
        "to_month": {"type": "str"},
        "invoice_types": {"type": "list", "elements": "str"},
    }


@dataclass(frozen=True)
class Selection:
    """The months, oldest first, the contracts (None: the whole account), and the types in lower case (None: all)."""

    months: tuple[str, ...]
    contract_ids: tuple[str, ...] | None = None
    invoice_types: tuple[str, ...] | None = None

    @classmethod
    def from_options(
        cls, options: Mapping[str, t.Any], months: Sequence[t.Any] = (), *, today: date | None = None
    ) -> Selection:
        """What the options ask for, or ``months`` in place of their months. Raises OptionError."""
        return cls(
            _months(options, months, today or datetime.now(timezone.utc).date()),
            _values(options, "contract_ids", check_contract_id),
            _values(options, "invoice_types", str.lower),
        )

    def bills(self, invoicing: Invoicing, workers: int = 1) -> Iterator[Bill]:
        """The bills, each once, month by month: one request for each month and contract. Raises ApiError."""
        seen: set[tuple[str, int]] = set()
        asked = [(month, contract_id) for month in self.months for contract_id in self.contract_ids or (None,)]
        with ThreadPoolExecutor(workers) as pool:
            for bill in chain.from_iterable(pool.map(lambda one: invoicing.bills(*one), asked)):
                # The list of a contract may hold the bills of its children too.
                identity = (bill.contract_id, bill.invoice_id)
                if identity not in seen and self._has_type(bill):
                    seen.add(identity)
                    yield bill

    def _has_type(self, bill: Bill) -> bool:
        return self.invoice_types is None or bill.invoice_type.lower() in self.invoice_types


def _months(options: Mapping[str, t.Any], months: Sequence[t.Any], today: date) -> tuple[str, ...]:
    given = [name for name in ("month", "from_month", "to_month") if options[name] is not None]
    if months and given:
        raise OptionError(f"Months were given, and {' and '.join(given)} too: give either.")
    if months:
        return tuple(sorted({_resolved("month", str(month), today) for month in months}))
    if "month" in given and len(given) > 1:
        raise OptionError(f"month goes with neither from_month nor to_month, and {' and '.join(given)} were given.")
    if "to_month" in given and "from_month" not in given:
        raise OptionError("to_month needs from_month, the month to begin with.")
    if "from_month" not in given:
        return (_resolved("month", "last_month" if options["month"] is None else options["month"], today),)
    first = _resolved("from_month", options["from_month"], today)
    last = _resolved("to_month", "this_month" if options["to_month"] is None else options["to_month"], today)
    if first > last:
        raise OptionError(f"from_month {first} is after to_month {last}: exchange them.")
    return tuple(_month(number) for number in range(_number(first), _number(last) + 1))


def _resolved(option: str, value: str, today: date) -> str:
    this_month = f"{today:%Y-%m}"
    month = {"this_month": this_month, "last_month": _month(_number(this_month) - 1)}.get(value, value)
    if not _MONTH.fullmatch(month):
        raise OptionError(f"{option} {value!r} is not a month: YYYY-MM such as 2024-05, last_month or this_month.")
    if month < FIRST_MONTH:
        raise OptionError(f"{option} {month} is before {FIRST_MONTH}, the first month that the API has bills for.")
    if month > this_month:
        raise OptionError(f"{option} {month} is yet to come: the present month is {this_month} (UTC).")
    return month


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _values(options: Mapping[str, t.Any], name: str, convert: Callable[[str], str]) -> tuple[str, ...] | None:
    if options[name] is None:
        return None
    values = tuple(dict.fromkeys(convert(str(value)) for value in options[name]))
    if not values:
        # A list that came out empty must not select the whole account by accident.
        raise OptionError(f"{name} is an empty list: leave the option out to select all.")
    return values
