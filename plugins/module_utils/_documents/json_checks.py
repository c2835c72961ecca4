# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the JSON document of a bill says besides its lines: stated totals, and amounts where none are expected."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from .._errors import DocumentError
from .._money.amounts import SUMMING, parse_amount, rounded, to_json_number
from .._money.sums import Line
from .fields import could_be_beside, could_be_total, normalize

# Makes the error that names the document.
Failure = Callable[..., DocumentError]

_PLACED = frozenset(("endcustomer", "invoiceline"))
# What a document may state about all of its lines, by field.
_STATED = {
    "total": frozenset(
        ("invoicetotal", "total", "totalamount", "invoiceamount", "billtotal", "amountdue", "itemtotal")
    ),
    "services": frozenset(("totalservices", "invoicetotalservices", "itemtotalservices")),
    "taxes": frozenset(("totaltaxes", "totaltax", "taxtotal", "invoicetotaltaxes", "itemtotaltaxes")),
}


def check_stated(
    facts: Mapping[str, t.Any], lines: Sequence[Line], place: str, currency: str | None, failure: Failure
) -> None:
    """What is stated about all lines has to be their sum; other amounts would be left out of it.

    Raises DocumentError.
    """
    rest = {}
    for name, value in facts.items():
        field = next((field for field, names in _STATED.items() if normalize(str(name)) in names), None)
        if name == "END_CUSTOMER" or is_bill(value):
            continue
        if field is None or not _is_amount(value):
            rest[name] = value
            continue
        stated = parse_amount(value)
        amounts = [line[field] for line in lines if field == "total" or line[field] is not None]
        if stated is None or None in amounts or len({line["currency"] for line in lines}) > 1:
            continue
        found = Decimal(0)
        for amount in amounts:
            found = SUMMING.add(found, amount)
        if stated not in (found, rounded(found, currency)):
            raise failure(
                f"{name} of {place} is {to_json_number(stated)}, but its lines add up to {to_json_number(found)}."
                " Compare the document with the PDF of the bill.",
                column=str(name),
            )
    check_places(rest, place, failure)


def check_places(value: t.Any, place: str, failure: Failure, decided: bool = False) -> None:
    """Amounts in a place where they are not expected are an error: they would be missing in the sums.

    A line may have credits and the like beside its total where the user ``decided`` which that is.
    Raises DocumentError.
    """
    inner = isinstance(value, Mapping) and not place.startswith("INVOICE_LINE")
    waiting = [(value, inner)]
    while waiting:
        value, look = waiting.pop()
        if isinstance(value, (list, tuple)):
            waiting += [(item, True) for item in value]
        elif isinstance(value, Mapping):
            for name, item in value.items():
                waiting.append((item, True))
                key = normalize(str(name))
                amount = _is_amount(item)
                expected = not look and decided
                if (
                    key in _PLACED
                    or (look and amount and (could_be_total(spaced(name)) or key == "itemtotal"))
                    or (amount and not expected and could_be_beside(spaced(name)) and parse_amount(item))
                ):
                    way_out = "Use" if look else "Name the total with the option columns, or use"
                    raise failure(
                        f"has {name} in a place of {place} where no amount is expected: it would be left out of the"
                        f" sums. {way_out} the CSV document of the bill.",
                        column=str(name),
                    )


def is_bill(value: t.Any) -> bool:
    """Whether this is what stands below the root key of a JSON document."""
    return isinstance(value, Mapping) and "END_CUSTOMER" in value


def spaced(name: t.Any) -> str:
    """A name as a heading would be written."""
    return str(name).replace("_", " ")


def _is_amount(value: t.Any) -> bool:
    try:
        return parse_amount(value) is not None
    except ValueError:
        return False
