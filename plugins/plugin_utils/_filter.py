# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the filters are given, each bill once, and their errors."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_checks import is_bill
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import ParsedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    DocumentError,
    InvoicingError,
    abbreviated,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.amounts import (
    parse_amount,
    to_json_number,
    to_plain_data,
)
from jinja2 import Undefined

Kind = t.Literal["document", "line", "bill", "bill_totals", "document_totals"]
Item = Mapping[str, t.Any]

# How messages name one of a kind and many, and the keys that make an item one of a kind.
_NAMES: dict[Kind, tuple[str, str]] = {
    "document": ("a parsed JSON document", "parsed JSON documents"),
    "line": ("a line", "lines"),
    "bill": ("a bill", "bills"),
    "bill_totals": ("totals of bills", "totals of bills"),
    "document_totals": ("totals of documents", "totals of documents"),
}
_KEYS: dict[Kind, frozenset[str]] = {
    "bill_totals": frozenset(("currency", "bills", "invoice_total")),
    "bill": frozenset(("contract_id", "invoice_id", "invoice_currency", "invoice_total")),
    "document_totals": frozenset(
        ("currency", "total", "services", "taxes", "lines", "by_product", "by_customer", "by_item_type")
    ),
    "line": frozenset(("product", "total")),
}


@contextmanager
def filter_errors(name: str) -> Iterator[None]:
    """Report what utils raise as an error of the filter."""
    try:
        yield
    except InvoicingError as error:
        raise AnsibleFilterError(f"{name}: {error}") from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise AnsibleFilterError(
            f"{name}: the input has a value that cannot be there ({abbreviated(str(error))}): "
            "give what modules, lookups and filters of this collection return, unchanged."
        ) from error


def items_of(value: t.Any, *expected: Kind) -> tuple[Kind | None, list[Item]]:
    """The input as a list, and the one kind of all its items, None for an empty list. Raises DocumentError."""
    choice = "a list of " + ", or of ".join(_NAMES[kind][1] for kind in expected)
    if isinstance(value, Undefined):
        raise DocumentError(f"the input is undefined: give {choice}.")
    several = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    items = list(value) if several else [value]
    kinds = [_kind(item) for item in items]
    for number, item in enumerate(items, 1):
        kind = kinds[number - 1]
        if kind not in expected:
            which = f"item {number} of the input" if several else "the input"
            found = _NAMES[kind][0] if kind else _described(item)
            raise DocumentError(f"{which} is {found}: give {choice}.")
        if kind != kinds[0]:
            raise DocumentError(
                f"the input mixes {_NAMES[kinds[0] or kind][0]} (item 1) and {_NAMES[kind][0]} (item {number}): "
                "give one kind at a time."
            )
    return (kinds[0] if kinds else None), items


def documents(items: Iterable[Item]) -> list[ParsedDocument]:
    """The items as documents that can be read, each bill once. Raises DocumentError for two versions of a bill."""
    found: dict[object, Item] = {}
    for number, item in enumerate(items, 1):
        identity = _bill_of_document(item)
        first = found.setdefault(identity or number, item)
        if first is not item and to_plain_data(first) != to_plain_data(item):
            raise DocumentError(
                f"bill {abbreviated(identity)} is given twice, and the documents differ: give only its newest document."
            )
    single = len(found) == 1
    return [
        ParsedDocument(item, path="the document" if single else f"document {number}")
        for number, item in enumerate(found.values(), 1)
    ]


def bills(items: Iterable[Item]) -> list[Item]:
    """The bills, each once. Raises DocumentError for a bill with two totals or currencies."""
    return _each_once(items, lambda bill: "", ("invoice_currency", "invoice_total"))


def bill_totals(items: Sequence[Item]) -> list[Item]:
    """The totals of bills, those that name their bill once for each bill and currency.

    Raises DocumentError for a bill with two values for one thing.
    """
    named: list[Item] = []
    unnamed: list[Item] = []
    for item in items:
        (named if item.keys() >= {"contract_id", "invoice_id"} else unnamed).append(item)
    # A bill has one currency of its own. Lines in another currency are an entry that counts no bill.
    once = _each_once(
        named,
        lambda item: "" if item["bills"] else str(item["currency"]),
        ("currency", "invoice_total", "total", "services", "taxes", "lines", "reconciled", "difference"),
    )
    own = {(item["contract_id"], item["invoice_id"], item["currency"]) for item in once if item["bills"]}
    for item in once:
        if not item["bills"] and (item["contract_id"], item["invoice_id"], item["currency"]) in own:
            raise DocumentError(
                f"bill {item['invoice_id']} of contract {item['contract_id']} is given twice, once without its own "
                "currency: give only the entries that name it."
            )
    return once + unnamed


def as_result(value: t.Any) -> t.Any:
    """The value as a result: numbers for decimals, and U+FFFD for half a surrogate pair, which cannot be written.

    Other texts stay the objects they are: ansible-core before 2.19 marks on them that they are never templates.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return wrap_var(value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if isinstance(value, Mapping):
        return {as_result(key): as_result(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_result(item) for item in value]
    return to_json_number(value) if isinstance(value, Decimal) else value


def _each_once(items: Iterable[Item], part: t.Callable[[Item], str], names: Sequence[str]) -> list[Item]:
    """The items of each bill and part merged into one: a value that is known replaces ``null``."""
    found: dict[tuple[str, ...], dict[str, t.Any]] = {}
    for item in items:
        key = (str(item["contract_id"]), str(item["invoice_id"]), part(item))
        copy = dict(item)
        first = found.setdefault(key, copy)
        for name in names:
            known, value = first.get(name), item.get(name)
            if known is None:
                first[name] = value
            elif first is not copy and value is not None and _comparable(known) != _comparable(value):
                raise DocumentError(
                    f"bill {key[1]} of contract {key[0]} is given twice, with {name} {abbreviated(known)} and "
                    f"{abbreviated(value)}: give only the newer one."
                )
    return list(found.values())


def _comparable(value: t.Any) -> t.Any:
    """An amount as its decimal, so that 1 and 1.0 and their texts are the same."""
    try:
        return parse_amount(value)
    except ValueError:
        return value


def _bill_of_document(document: Item) -> tuple[str, str] | None:
    """Account and invoice ID of a document, None where it names no invoice ID."""
    for part in (document, *document.values()):
        if is_bill(part) and part.get("INVOICE_ID") is not None:
            return str(part.get("ACCOUNT_ID")), str(part["INVOICE_ID"])
    return None


def _kind(item: t.Any) -> Kind | None:
    if not isinstance(item, Mapping):
        return None
    if is_bill(item) or any(map(is_bill, item.values())):
        return "document"
    return next((kind for kind, keys in _KEYS.items() if item.keys() >= keys), None)


def _described(item: t.Any) -> str:
    if isinstance(item, Mapping):
        return f"a dictionary with the keys {abbreviated(sorted(map(str, item)))}"
    if isinstance(item, (list, tuple)):
        return "a list in a list (use flatten)"
    if item is None:
        return "null"
    return abbreviated(item)
