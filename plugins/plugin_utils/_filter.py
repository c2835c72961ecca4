# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the filters are given, and their errors."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import (
    ParsedDocument,
    is_bill,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import InvoicingError, abbreviated
from jinja2 import Undefined

Kind = t.Literal["document", "line", "bill", "balance", "totals"]

# What an item has to have to be taken for one of a kind.
_KEYS: dict[Kind, frozenset[str]] = {
    "balance": frozenset(("currency", "bills", "invoice_total")),
    "bill": frozenset(("invoice_currency", "invoice_total")),
    "totals": frozenset(
        (
            *("currency", "total", "services", "taxes", "lines", "reconciled", "difference"),
            *("by_product", "by_customer", "by_item_type"),
        )
    ),
    "line": frozenset(("product", "total")),
}


@contextmanager
def filter_errors(name: str) -> Iterator[None]:
    """Our failures as the filter's."""
    try:
        yield
    except InvoicingError as error:
        raise AnsibleFilterError(f"{name}: {error}") from error


def items_of(value: t.Any, name: str, wanted: Mapping[Kind, str]) -> tuple[Kind | None, list[Mapping[str, t.Any]]]:
    """The input as a list and what all its items are, None for an empty list."""
    if isinstance(value, Undefined):
        raise AnsibleFilterError(f"{name}: the input is undefined; it has to be {_choice(wanted)}.")
    several = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    items = list(value) if several else [value]
    kinds = [_kind(item) for item in items]
    for number, (item, kind) in enumerate(zip(items, kinds), 1):
        which = f"item {number} of the input" if several else "the input"
        if kind not in wanted:
            raise AnsibleFilterError(
                f"{name}: {which} is not a bill, but {_found(item)}; it has to be {_choice(wanted)}."
            )
        if kind != kinds[0]:
            raise AnsibleFilterError(f"{name}: the input mixes a {kinds[0]} (item 1) and a {kind} (item {number}).")
    return (kinds[0] if kinds else None), items


def documents(items: Sequence[Mapping[str, t.Any]]) -> Iterator[ParsedDocument]:
    """The items as documents that can be read."""
    for number, item in enumerate(items, 1):
        yield ParsedDocument(item, path="the document" if len(items) == 1 else f"document {number}")


def _kind(item: t.Any) -> Kind | None:
    if not isinstance(item, Mapping):
        return None
    if is_bill(item) or any(map(is_bill, item.values())):
        return "document"
    return next((kind for kind, keys in _KEYS.items() if item.keys() >= keys), None)


def _choice(wanted: Mapping[Kind, str]) -> str:
    return " or ".join(wanted.values())


def _found(item: t.Any) -> str:
    if isinstance(item, Mapping):
        return f"a dictionary with the keys {abbreviated(sorted(map(str, item)))}"
    return abbreviated(item)
