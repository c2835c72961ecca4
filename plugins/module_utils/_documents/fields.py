# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One vocabulary for the lines of every document, and the headings that name it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .._money.currencies import CURRENCIES, currencies_of

# The names of each field with case, blanks and punctuation left out, the surest first.
FIELDS: dict[str, tuple[str, ...]] = {
    "product": ("product", "productname", "service", "servicename"),
    "product_id": ("productid",),
    "description": ("itemdesc", "itemdescription", "description", "desc", "servicedescription"),
    "item_type": ("itemtype", "linetype", "chargetype", "type", "recordtype"),
    "start_date": ("itemstartdate", "startdate", "usagestartdate", "usagestart", "start", "from"),
    "end_date": ("itemenddate", "enddate", "usageenddate", "usageend", "end", "to"),
    "units": ("itemunits", "units", "quantity", "qty", "usage", "usagequantity"),
    "unit_price": ("itemunitprice", "unitprice", "unitcost", "rate", "price"),
    "unit_measure": ("unitmeasure", "unitofmeasure", "uom", "unit"),
    "total": (
        "itemtotal", "linetotal", "total", "totalamount", "totalcost", "totalcharges", "totalcharge", "totalprice",
        "amount", "cost", "charges", "charge",
    ),
    "services": ("itemtotalservices", "totalservices", "servicestotal", "services"),
    "taxes": ("itemtotaltaxes", "totaltaxes", "taxestotal", "taxes", "totaltax", "taxtotal", "taxamount", "tax", "vat"),
    "po_number": ("ponumber", "purchaseordernumber", "purchaseorder", "po"),
    "customer_id": ("endcustomeraccountid", "endcustomerid", "customeraccountid", "customerid", "accountid"),
    "customer_name": ("endcustomeraccountname", "endcustomername", "customeraccountname", "customername", "accountname",
                      "endcustomer", "customer"),
    "credited_invoice": ("creditedinvoicenumber", "creditedinvoiceid", "creditedinvoice"),
    "credited_line": ("creditedinvoicelinenumber", "creditedlinenumber", "creditedline"),
    "currency": ("invoicecurrency", "itemcurrency", "currencycode", "currency", "billingcurrency",
                 "billingcurrencycode", "currencyiso", "isocode", "ccy", "curr", "cur"),
}  # fmt: skip
MONEY = ("total", "services", "taxes")
NUMBERS = ("units", "unit_price")
# The headings of exports whose provider documents them: all of the first have to be there, the rest may be. No other
# column of theirs is the total.
_FOCUS = {
    "currency": "billingcurrency", "product": "servicename", "description": "chargedescription",
    "item_type": "chargecategory", "start_date": "chargeperiodstart", "end_date": "chargeperiodend",
    "customer_id": "subaccountid", "customer_name": "subaccountname", "product_id": "skuid",
    "units": "pricingquantity", "unit_measure": "pricingunit", "unit_price": "listunitprice",
}  # fmt: skip
_AZURE = {
    "product": "metercategory", "description": "metername", "product_id": "meterid", "item_type": "chargetype",
    "units": "quantity", "unit_price": "unitprice", "unit_measure": "unitofmeasure", "start_date": "date",
    "customer_id": "subscriptionid", "customer_name": "subscriptionname",
}  # fmt: skip
_LAYOUTS: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    ({"total": "billedcost", "currency": "billingcurrency"}, _FOCUS),
    ({"total": "contractedcost", "currency": "billingcurrency"}, _FOCUS),
    ({"total": "costinbillingcurrency"}, {"currency": "billingcurrency"} | _AZURE),
    ({"total": "costinbillingcurrency"}, {"currency": "billingcurrencycode"} | _AZURE),
    ({"total": "pretaxcost"}, {"currency": "currency"} | _AZURE),
    ({"total": "cost", "currency": "billingcurrency"}, _AZURE),
    ({"total": "cost", "currency": "billingcurrencycode"}, _AZURE),
    (
        {"total": "lineitemunblendedcost", "currency": "lineitemcurrencycode"},
        {
            "product": "lineitemproductcode", "description": "lineitemlineitemdescription",
            "item_type": "lineitemlineitemtype", "units": "lineitemusageamount",
            "customer_id": "lineitemusageaccountid",
            "start_date": "lineitemusagestartdate", "end_date": "lineitemusageenddate",
        },
    ),
    (
        {"total": "costmycost", "currency": "costcurrencycode"},
        {
            "product": "productservice", "description": "productdescription", "product_id": "costproductsku",
            "units": "usagebilledquantity", "unit_price": "costunitprice", "unit_measure": "costskuunitdescription",
            "start_date": "lineitemintervalusagestart", "end_date": "lineitemintervalusageend",
        },
    ),
)  # fmt: skip
_RANKS = {name: (field_name, rank) for field_name, names in FIELDS.items() for rank, name in enumerate(names)}
# Words of a heading whose amounts could be the total, and those that say that they are something else.
_TOTAL_WORDS = frozenset(
    """
    total subtotal sub grandtotal amount amt betrag cost costs charge charges net gross due payable pay payment owed
    billed bill extended value sum incl excl balance before after discounted final fee fees surcharge surcharges
    adjustment adjustments
    """.split()  # noqa: SIM905
)
_OTHER_WORDS = frozenset(
    """
    id number no code type center centre date name account hours hour units unit count quantity qty rate price percent
    pct tax taxes vat gst services discount discounts credit credits promotion promotions savings list measure gb tb mb
    requests hits days
    """.split()  # noqa: SIM905
)
_ADJUSTMENTS = frozenset(("discount", "discounts", "credit", "credits", "promotion", "promotions"))
_RELATED = _ADJUSTMENTS | {"tax", "taxes", "vat", "gst"}
# Words of amounts beside the lines of a JSON document that the sum of its lines would lack.
_BESIDE_WORDS = _ADJUSTMENTS | frozenset(
    ("fee", "fees", "adjustment", "adjustments", "surcharge", "surcharges", "rebate", "rebates")
)


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, by index.

    ``extra`` are the other columns by heading, ``currency`` is what the heading of the total names, ``sign`` likewise.
    ``ambiguous`` are headings that could all be one field of money. ``alternatives`` are other columns that could be
    the total and ``adjustments`` those that may part them, such as discounts: only the amounts can prove that they
    agree. ``known_layout`` is true for the export of a known provider.
    """

    fields: dict[str, int]
    extra: dict[str, int]
    currency: str | None = None
    sign: str | None = None
    ambiguous: dict[str, list[str]] = field(default_factory=dict)
    alternatives: tuple[int, ...] = ()
    adjustments: tuple[int, ...] = ()
    other_currencies: tuple[int, ...] = ()
    known_layout: bool = False


def normalize(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return "".join(filter(str.isalnum, name.casefold()))


def split_currency(text: str) -> tuple[str, str | None]:
    """A normalized heading and the currency or sign behind it, as in ``Total (USD)``, ``total_usd`` or ``Cost ($)``."""
    text = text.strip().rstrip(" \t:)]")
    name, code = text[:-3].rstrip(" \t"), text[-3:]
    if code.upper() in CURRENCIES and name and (name[-1] in "([_-" or (code.isupper() and text[-4] in " \t-")):
        return normalize(name).removesuffix("in"), code.upper()
    name, bracket, sign = text.rpartition("(")
    if bracket and currencies_of(sign.strip()):
        return normalize(name), sign.strip()
    return normalize(text), None


def _match_heading(heading: str) -> tuple[tuple[str, int] | None, str | None]:
    """The field of a heading with its rank, and the currency or sign that it names."""
    if "%" in heading:
        return None, None
    if heading.strip() in CURRENCIES:
        return ("total", len(FIELDS["total"])), heading.strip()
    name, mark = split_currency(heading)
    known = _RANKS.get(name)
    if mark and (known is None or known[0] not in (*MONEY, "unit_price")):
        return _RANKS.get(normalize(heading)), mark if could_be_total(heading) else None
    return known, mark


def could_be_total(heading: str) -> bool:
    """Whether the amounts below a heading could be the total of a line, by its words."""
    words = _words(heading)
    words |= {"incl"} & {word[:4] for word in words}
    if "%" in heading or not words & _TOTAL_WORDS:
        return False
    # Total after discount, Amount incl. VAT
    relative = words & {"incl", "excl", "with", "without", "after", "before", "net"}
    return not words & (_OTHER_WORDS - _RELATED if relative else _OTHER_WORDS)


def could_be_beside(name: str) -> bool:
    """Whether an amount of this name may come on top of the lines of a document."""
    words = _words(name)
    return bool(words & _BESIDE_WORDS) and not words & (_OTHER_WORDS - _BESIDE_WORDS)


def is_unknown(heading: str) -> bool:
    """Whether no word of a heading says that its numbers are something else than amounts."""
    return "%" not in heading and not _words(heading) & _OTHER_WORDS


def _words(heading: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).lower()))


# The documents of an archive have the same headings, again and again.
@lru_cache(maxsize=256)
def match_headings(headings: tuple[str, ...], given: tuple[tuple[str, int], ...] = ()) -> Columns:
    """Which columns the headings name; some are ``given`` as a field and the index of its column."""
    if not any(name == "total" for name, _index in given) and (known := _match_layout(headings, given)):
        return known
    found: dict[str, list[tuple[int, int]]] = {name: [(-1, index)] for name, index in given}
    marks: dict[int, str] = {}
    chosen = dict(given)
    for index, heading in enumerate(headings):
        match, mark = _match_heading(heading)
        if mark:
            marks[index] = mark
        if match and match[0] not in chosen and index not in chosen.values():
            found.setdefault(match[0], []).append((match[1], index))
    mark = marks.get(min(found["total"])[1]) if "total" in found else None
    code = mark if mark in CURRENCIES else None
    for name in ("services", "taxes") if code else ():
        found[name] = [place for place in found.get(name, ()) if marks.get(place[1], code) == code]
    fields = {name: min(places)[1] for name, places in found.items() if places}
    _prefer_quantity(headings, fields)
    ambiguous = {}
    for name in MONEY:
        (rank, first), *others = sorted(found.get(name) or [(0, 0)])
        same = [index for other, index in others if other == rank or (name != "total" and rank > 0)]
        if name == "total" and len({marks.get(index) for index in (first, *same)}) == 1:
            # They are alternatives, which have to agree.
            continue
        if same:
            ambiguous[name] = [headings[index] for index in sorted((fields[name], *same))]
    extra = _others(headings, fields)
    free = [(index, heading) for index, heading in enumerate(headings) if index not in fields.values()]
    alternatives: tuple[int, ...] = ()
    if "total" in chosen:
        same_heading = headings[fields["total"]].strip()
        alternatives = tuple(index for index, heading in free if heading.strip() == same_heading)
    elif "total" in fields:
        named = {index for _rank, index in found["total"]}
        alternatives = tuple(index for index, heading in free if index in named or could_be_total(heading))
    adjustments = tuple(index for index, heading in free if _ADJUSTMENTS & set(re.findall("[a-z]+", heading.lower())))
    currencies = tuple(index for _rank, index in sorted(found.get("currency", ()))[1:])
    return Columns(
        fields, extra, code, mark if mark != code else None, ambiguous, alternatives, adjustments, currencies
    )


def _match_layout(headings: tuple[str, ...], given: tuple[tuple[str, int], ...]) -> Columns | None:
    """The columns of a known provider's export, if these are its headings."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(normalize(heading), index)
    for needed, possible in _LAYOUTS:
        if all(name in places for name in needed.values()):
            names = {**possible, **needed}
            fields = {name: places[text] for name, text in names.items() if text in places} | dict(given)
            return Columns(fields, _others(headings, fields), known_layout=True)
    return None


def _prefer_quantity(headings: Sequence[str], fields: dict[str, int]) -> None:
    """``Amount`` beside a unit and a surer name for the total is how much was used."""
    unit = fields.get("unit_measure")
    if unit and normalize(headings[unit - 1]) == "amount" and "units" not in fields and fields.get("total") != unit - 1:
        fields["units"] = unit - 1


def _others(headings: Sequence[str], fields: Mapping[str, int]) -> dict[str, int]:
    taken = set(fields.values())
    return {heading.strip(): index for index, heading in enumerate(headings) if index not in taken and heading.strip()}
