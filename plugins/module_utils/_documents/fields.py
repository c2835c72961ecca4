# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One vocabulary for the lines of every document, and the headings it goes by."""

# Private to this collection: it can change in any release.

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .._money.currencies import CURRENCIES

# The names of each field with case, blanks and punctuation left out, the surest first.
FIELDS: dict[str, tuple[str, ...]] = {
    "product": ("product", "productname", "service", "servicename"),
    "product_id": ("productid",),
    "description": ("itemdesc", "itemdescription", "description", "desc"),
    "item_type": ("itemtype", "linetype", "chargetype", "type"),
    "start_date": ("itemstartdate", "startdate", "usagestartdate", "usagestart", "start", "from"),
    "end_date": ("itemenddate", "enddate", "usageenddate", "usageend", "end", "to"),
    "units": ("itemunits", "units", "quantity", "qty", "usage"),
    "unit_price": ("itemunitprice", "unitprice", "unitcost", "rate", "price"),
    "unit_measure": ("unitmeasure", "unitofmeasure", "uom", "unit"),
    "total": (
        "itemtotal", "total", "linetotal", "totalamount", "totalcost", "totalcharges", "totalcharge",
        "amount", "cost", "charges", "charge",
    ),
    "services": ("itemtotalservices", "totalservices", "servicestotal", "services"),
    "taxes": ("itemtotaltaxes", "totaltaxes", "taxestotal", "taxes", "totaltax", "taxtotal", "taxamount", "tax"),
    "po_number": ("ponumber", "purchaseordernumber", "purchaseorder", "po"),
    "customer_id": ("endcustomeraccountid", "endcustomerid", "customeraccountid", "customerid", "accountid"),
    "customer_name": ("endcustomeraccountname", "endcustomername", "customeraccountname", "customername", "accountname",
                      "endcustomer", "customer"),
    "credited_invoice": ("creditedinvoicenumber", "creditedinvoiceid", "creditedinvoice"),
    "credited_line": ("creditedinvoicelinenumber", "creditedlinenumber", "creditedline"),
    "currency": ("invoicecurrency", "itemcurrency", "currencycode", "currency"),
}  # fmt: skip
MONEY = ("total", "services", "taxes")
NUMBERS = ("units", "unit_price")
_RANKS = {name: (field, rank) for field, names in FIELDS.items() for rank, name in enumerate(names)}


class Columns:
    """Which column holds which field.

    ``doubtful`` are the headings that could all be one field of money. ``rivals`` are columns with a less sure name for
    the total: only the amounts can tell that they are not what is meant.
    """

    __slots__ = ("currency", "doubtful", "extra", "fields", "rivals")

    def __init__(
        self,
        fields: dict[str, int],
        extra: dict[str, int],
        currency: str | None,
        doubtful: dict[str, list[str]],
        rivals: list[int],
    ) -> None:
        self.fields = fields
        self.extra = extra
        self.currency = currency
        self.doubtful = doubtful
        self.rivals = rivals


def normalize(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return "".join(filter(str.isalnum, name.casefold()))


def split_currency(text: str) -> tuple[str, str | None]:
    """A normalized name and the currency behind it, as in ``Total (USD)`` or ``Total in USD``."""
    text = text.rstrip(" \t:)]")
    name, code = text[:-3], text[-3:]
    if code in CURRENCIES and name and not name[-1].isalnum():
        return normalize(name).removesuffix("in"), code
    return normalize(text), None


def _known(heading: str) -> tuple[tuple[str, int] | None, str | None]:
    """The field of a heading with its rank, and the currency that it names."""
    if "%" in heading:
        return None, None
    name, code = split_currency(heading)
    known = _RANKS.get(name)
    if code and (known is None or known[0] not in (*MONEY, "unit_price")):
        return _RANKS.get(normalize(heading)), None
    return known, code


def may_have_total(row: Sequence[str]) -> bool:
    """Whether a row could be headings with a total among them; a quick look that spares most rows a closer one."""
    text = " ".join(row).casefold()
    return any(word in text for word in ("total", "amount", "cost", "charge"))


# The documents of an archive have the same headings, again and again.
@lru_cache(maxsize=256)
def resolve(headings: tuple[str, ...], given: tuple[tuple[str, int], ...] = ()) -> Columns:
    """Tell the fields by their headings; some are ``given``: a field and the index of its column."""
    found: dict[str, list[tuple[int, int]]] = {field: [(-1, index)] for field, index in given}
    codes: dict[int, str] = {}
    for index, heading in enumerate(headings):
        known, code = _known(heading)
        if index in dict(given).values() or known and known[0] in dict(given):
            known = None
        if code:
            codes[index] = code
        if known:
            found.setdefault(known[0], []).append((known[1], index))
    currency = codes.get(min(found["total"])[1]) if "total" in found else None
    if currency:
        for field in ("services", "taxes"):
            found[field] = [place for place in found.get(field, ()) if codes.get(place[1], currency) == currency]
    fields = {field: min(places)[1] for field, places in found.items() if places}
    doubtful: dict[str, list[str]] = {}
    rivals: list[int] = []
    for field in MONEY:
        (rank, _index), *others = sorted(found.get(field) or [(0, 0)])
        same = [index for other, index in others if other == rank or field != "total" and rank]
        if same:
            doubtful[field] = [headings[index] for index in sorted((fields[field], *same))]
        elif rank > 0:
            rivals = [index for _rank, index in others]
    if currency:
        # The amounts are in what their heading says; a currency column then tells of something else.
        fields.pop("currency", None)
    taken = set(fields.values())
    extra = {heading.strip(): index for index, heading in enumerate(headings) if index not in taken and heading.strip()}
    return Columns(fields, extra, currency, doubtful, rivals)
