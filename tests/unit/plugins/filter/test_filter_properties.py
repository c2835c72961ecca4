# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What holds for the filters whatever they are given, beside the reader of documents on disk and the oracle."""

from __future__ import annotations

import json
import typing as t
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_lines import invoice_lines
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.invoice_totals import invoice_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.filter.merge_totals import merge_totals
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.case import fraction
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.json_bills import any_bill, json_text, json_tree
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.truth import DIGITS, Bill, Entry, amount, totals_of
from ansible_collections.edgebill.akamai_invoicing.tests.unit.accepted import accepted, at_least
from hypothesis import given, note, settings
from hypothesis import strategies as st

CHANCES = st.integers(0, 2**24 - 1).map(Random)
"""Where all that is random comes from: drawn one by one by hypothesis, most bills would be like others."""


def assert_right(given: list[dict[str, t.Any]], wanted: tuple[Entry, ...]) -> None:
    """These are the totals of a bill, one entry for each currency."""
    assert [(entry["currency"], entry["lines"]) for entry in given] == [(one.currency, one.lines) for one in wanted]
    for entry, truth in zip(given, wanted):
        assert truth.accepts(fraction(entry["total"]))


@given(CHANCES)
@settings(max_examples=300)
def test_a_parsed_document_gives_what_the_reader_gives(tmp_path: Path, chance: Random) -> None:
    bill = any_bill(chance)
    text = json_text(json_tree(chance, bill))
    note(text)
    path = tmp_path / "document.json"
    path.write_text(text, encoding="utf-8")
    totals, lines = document_totals(str(path), "json"), list(read_document(str(path), "json"))
    for document in (json.loads(text), json.loads(text, parse_float=Decimal)):
        assert invoice_lines(document) == lines
        entries = invoice_totals(document)
        assert_right(entries, bill.entries)
        assert invoice_totals(lines) == entries
        # Totals are rounded already: adding them up changes nothing.
        merged = merge_totals([totals])
        assert [{name: one[name] for name in entries[0]} for one in merged] == entries
        assert {(one["reconciled"], one["difference"]) for one in merged} == {(None, None)}


@given(CHANCES, st.integers(1, 3))
@settings(max_examples=100)
def test_documents_add_up_like_one_with_all_of_their_lines(chance: Random, count: int) -> None:
    several = [any_bill(chance) for _bill in range(count)]
    documents = [json.loads(json_text(json_tree(chance, bill))) for bill in several]
    for number, document in enumerate(documents):
        for bill in document.values():
            bill["INVOICE_ID"] = number
    note(str(documents))
    assert invoice_lines(documents) == [line for document in documents for line in invoice_lines(document)]
    assert_right(invoice_totals(documents), totals_of(line for bill in several for line in bill.lines))


@given(st.lists(st.tuples(st.sampled_from(sorted(DIGITS)), st.integers(-(10**12), 10**12)), max_size=10))
@settings(max_examples=200)
def test_bills_add_up_by_currency(pairs: list[tuple[str, int]]) -> None:
    found = invoice_totals(
        [
            {
                "contract_id": "C-1",
                "invoice_id": invoice_id,
                "invoice_currency": code,
                "invoice_total": float(amount(number, DIGITS[code])),
            }
            for invoice_id, (code, number) in enumerate(pairs)
        ]
    )
    wanted = [
        (code, Fraction(amount(sum(number for other, number in pairs if other == code), DIGITS[code])))
        for code in sorted({code for code, _number in pairs})
    ]
    assert [(entry["currency"], fraction(entry["total"])) for entry in found] == wanted


VALUES: st.SearchStrategy[t.Any] = st.one_of(
    st.sampled_from((None, True, "", "1", "abc", "USD", "NaN", [], {}, [1], {"INVOICE_LINE": []}, 10**400)),
    st.integers(-5, 5),
    st.floats(),
)


def places(value: t.Any) -> list[tuple[t.Any, t.Any]]:
    """Every container in a document with each of its keys."""
    keys: t.Iterable[t.Any] = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *places(value[key])]]


@at_least(60)
@given(CHANCES, st.lists(VALUES, min_size=1, max_size=3))
@settings(max_examples=300)
def test_a_document_with_other_values_is_refused_or_consistent(chance: Random, values: list[t.Any]) -> None:
    document = json.loads(json_text(json_tree(chance, any_bill(chance))))
    for value in values:
        container, key = chance.choice(places(document))
        container[key] = deepcopy(value)
    note(str(document))
    try:
        lines = invoice_lines(document)
    except AnsibleFilterError:
        with pytest.raises(AnsibleFilterError):
            invoice_totals(document)
        return
    accepted()
    totals = invoice_totals(document)
    json.dumps(totals, allow_nan=False)
    assert sum(entry["lines"] for entry in totals) == len(lines)
    assert not lines or invoice_totals(lines) == totals


def test_no_lines_give_no_totals() -> None:
    assert invoice_lines({"INVOICE": {"END_CUSTOMER": []}}) == []
    [entry] = invoice_totals({"INVOICE": {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": []}})
    assert (entry["currency"], entry["total"], entry["lines"]) == ("USD", 0, 0)
    assert not Bill((), (), None).entries
