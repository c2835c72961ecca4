# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Any data in place of an entry is one that can be used, or refused by one of the expected errors."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import (
    Entry,
    is_inside,
    parse_entry,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import OptionError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.accepted import accepted, at_least
from hypothesis import given
from hypothesis import strategies as st

GROUP = {"currency": "USD", "total": 1.5, "lines": 2}
TOTALS = [
    GROUP
    | {
        "services": None,
        "taxes": "12345678901234567890.12",
        "by_product": [GROUP | {"product": "Ion"}],
        "by_customer": [GROUP | {"customer_id": None, "customer_name": None}],
        "by_item_type": None,
    }
]
FIELDS = ("A-1", "INVOICE", "2024-06-01", "USD", 1.5, "2024-07-01")
GOOD = Entry("C-1", 1, "regular", "csv", 1, *FIELDS, "2024-05", "C-1/1.csv", 3, "0" * 64, TOTALS)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_a_saved_entry_is_read_back() -> None:
    assert parse_entry(json.loads(GOOD.line)) == GOOD
    unknown = GOOD._replace(account_id=None, invoice_total=None, month=None, totals=None)
    assert parse_entry(json.loads(unknown.line)) == unknown


@at_least(3)
@given(name=st.sampled_from(Entry._fields), value=ANYTHING)
def test_one_wrong_value_never_is_another_error(name: str, value: t.Any) -> None:
    try:
        entry = parse_entry(GOOD._asdict() | {name: value})
    except (TypeError, ValueError, OptionError):
        return
    accepted()
    assert is_inside(entry.path)
    assert isinstance(entry.invoice_id, int)
    assert not isinstance(entry.invoice_id, bool)
    assert all(isinstance(part["lines"], int) for part in entry.totals or ())


@given(name=st.sampled_from(sorted(TOTALS[0])), value=ANYTHING)
def test_wrong_totals_never_are_another_error(name: str, value: t.Any) -> None:
    try:
        parse_entry(GOOD._asdict() | {"totals": [TOTALS[0] | {name: value}]})
    except (TypeError, ValueError):
        return
    # What groups have are texts, amounts and counts.
    assert isinstance(value, (str, int, float, list, type(None)))


@given(values=ANYTHING)
def test_anything_in_place_of_an_entry_is_refused(values: t.Any) -> None:
    with pytest.raises((TypeError, ValueError, OptionError)):
        parse_entry(values)


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("C-1/1.csv", True),
        ("a", True),
        ("", False),
        ("/a", False),
        ("a/", False),
        ("a//b", False),
        ("../a", False),
        ("a/..", False),
        ("./a", False),
        ("catalogue.json", False),
        ("Catalogue.JSON", False),
        ("SHA256SUMS", False),
        ("catalogue/a", False),
        ("Catalogue", False),
        ("journal.jsonl", False),
        ("a\\b", False),
        ("sha256sums/a", False),
        (".akamai_invoicing/lock", False),
        ("a\nb", False),
        ("a\0b", False),
    ],
)
def test_paths_of_documents(path: str, inside: bool) -> None:
    assert is_inside(path) is inside
