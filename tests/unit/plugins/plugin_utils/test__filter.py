# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What filters take, and that nothing but their own error leaves them."""

from __future__ import annotations

import json
import typing as t
from copy import deepcopy
from random import Random

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_lines import invoice_lines
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_totals import invoice_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.merge_totals import merge_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils import _filter
from hypothesis import given, note, settings
from hypothesis import strategies as st

LINE = {"PRODUCT": "Ion", "ITEM_TYPE": "U", "ITEM_TOTAL": 0.1, "ITEM_UNITS": 3, "TAGS": ["a", {"b": None}]}
DOCUMENT: dict[str, t.Any] = {
    "INVOICE": {"INVOICE_ID": 1, "INVOICE_CURRENCY": "USD", "END_CUSTOMER": [{"INVOICE_LINE": [LINE, LINE]}]}
}
BILL = {"contract_id": "C-1", "invoice_id": 1, "invoice_currency": "USD", "invoice_total": 10}
BILL_TOTALS = {
    **{"contract_id": "C-1", "invoice_id": 1, "currency": "USD", "bills": 1, "invoice_total": 10, "total": 10},
    **{"services": 8, "taxes": 2, "lines": 2, "reconciled": True, "difference": 0},
}
FILTERS: dict[str, tuple[t.Callable[[t.Any], list[t.Any]], t.Any]] = {
    "documents": (invoice_totals, [DOCUMENT, DOCUMENT]),
    "lines of documents": (invoice_lines, DOCUMENT),
    "lines": (invoice_totals, invoice_lines(DOCUMENT)),
    "bills": (invoice_totals, [BILL, BILL | {"invoice_id": 2}]),
    "totals of bills": (merge_totals, [BILL_TOTALS, BILL_TOTALS | {"invoice_id": 2}]),
    "totals of documents": (merge_totals, invoice_totals(DOCUMENT) * 2),
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(("\ud800", "1e9999999", "²", "{{ 1 }}", 10**400, "NaN", "USD", "-0.00", "9" * 200)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("total", "END_CUSTOMER", "a")), inner),
    max_leaves=3,
)


def places(value: t.Any) -> list[tuple[t.Any, t.Any]]:
    """Every container in a value with each of its keys."""
    keys: t.Iterable[t.Any] = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *places(value[key])]]


def kinds(value: t.Any) -> set[type]:
    """The types of everything in a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {type(value)}.union(*map(kinds, inner))


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_fuzzed_is_accepted_as_it_is(name: str) -> None:
    run, value = FILTERS[name]
    assert run(value)


@given(st.sampled_from(sorted(FILTERS)), st.randoms(use_true_random=False), st.lists(VALUES, min_size=1, max_size=3))
@settings(max_examples=400)
def test_only_errors_of_the_filter_leave_it(name: str, chance: Random, values: list[t.Any]) -> None:
    run, value = FILTERS[name]
    value = [deepcopy(value)]
    for other in values:
        container, key = chance.choice(places(value))
        container[key] = deepcopy(other)
    note(repr(value))
    try:
        found = run(value[0])
    except AnsibleFilterError:
        return
    assert kinds(found) <= {dict, list, str, int, float, bool, type(None)}
    json.dumps(found, ensure_ascii=False).encode()


def test_half_a_surrogate_pair_leaves_as_a_replacement_character() -> None:
    document = deepcopy(DOCUMENT)
    document["INVOICE"]["END_CUSTOMER"][0]["INVOICE_LINE"][0] |= {"PRODUCT": "a\ud800b", "MORE": {"\udc00": ["\ud800"]}}
    (line, _other) = invoice_lines(document)
    assert (line["product"], line["extra"]["MORE"]) == ("a\ufffdb", {"\ufffd": ["\ufffd"]})
    assert "a\ufffdb" in [group["product"] for group in invoice_totals(document)[0]["by_product"]]


def test_the_kind_of_many_items_is_named_once() -> None:
    assert _filter.items_of([BILL, BILL], "bill", "line") == ("bill", [BILL, BILL])
    assert _filter.items_of(BILL, "bill") == ("bill", [BILL])
    assert _filter.items_of([], "bill") == (None, [])
    with pytest.raises(DocumentError, match="^item 2 of the input is null: give a list of bills, or of lines.$"):
        _filter.items_of([BILL, None], "bill", "line")


def test_each_bill_once_keeps_the_order_and_the_input() -> None:
    several = [BILL | {"invoice_id": 2}, BILL | {"invoice_total": None}, BILL, BILL | {"invoice_id": "2"}]
    before = deepcopy(several)
    assert _filter.bills(several) == [several[0], BILL]
    assert several == before


def test_totals_without_a_bill_are_kept_beside_those_with_one() -> None:
    unnamed = {"currency": "USD", "bills": 3, "invoice_total": 5}
    assert _filter.bill_totals([unnamed, BILL_TOTALS, BILL_TOTALS, unnamed]) == [BILL_TOTALS, unnamed, unnamed]
