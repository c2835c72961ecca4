# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What holds for the filters whatever they are given, beside the reader of documents on disk."""

from __future__ import annotations

import json
import typing as t
from copy import deepcopy
from decimal import Decimal
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
from ansible_collections.edgebill.akamai_invoicing.tests.unit.bills import (
    CHANCES,
    DIGITS,
    SIZES_OR_NONE,
    Bill,
    amount,
    as_printed,
    json_text,
    json_tree,
    lines_of,
    random_bill,
    totals_of,
)
from hypothesis import given, note, settings
from hypothesis import strategies as st


@given(CHANCES, SIZES_OR_NONE)
@settings(max_examples=200)
def test_a_parsed_document_gives_what_the_reader_gives(tmp_path: Path, chance: Random, size: int) -> None:
    bill = random_bill(chance, size, doubtful=True)
    text = json_text(json_tree(chance, bill))
    note(text)
    path = tmp_path / "document.json"
    path.write_text(text, encoding="utf-8")
    totals, lines = document_totals(str(path), "json"), list(read_document(str(path), "json"))
    for document in (json.loads(text), json.loads(text, parse_float=Decimal)):
        assert invoice_lines(document) == lines
        entries = invoice_totals(document)
        assert as_printed(entries) == totals_of(bill)
        assert invoice_totals(lines) == (entries if lines else [])
        # Totals are rounded already: adding them up changes nothing.
        merged = merge_totals([totals])
        assert [{name: one[name] for name in entries[0]} for one in merged] == entries
        assert {(one["reconciled"], one["difference"]) for one in merged} == {(None, None)}


def name_bill(document: dict[str, t.Any], number: int) -> None:
    """Make it the document of another bill."""
    for part in (document, *document.values()):
        if isinstance(part, dict) and "INVOICE_ID" in part:
            part["INVOICE_ID"] = number


@given(CHANCES, st.lists(SIZES_OR_NONE, min_size=1, max_size=3))
@settings(max_examples=100)
def test_documents_add_up_like_one_with_all_of_their_lines(chance: Random, sizes: list[int]) -> None:
    several = [random_bill(chance, size) for size in sizes]
    documents = [json.loads(json_text(json_tree(chance, bill))) for bill in several]
    for number, document in enumerate(documents):
        name_bill(document, number)
    note(str(documents))
    assert as_printed(invoice_lines(documents)) == [line for bill in several for line in lines_of(bill)]
    found = as_printed(invoice_totals(documents))
    # Each names its currency, also when it has no lines.
    assert {entry["currency"] for entry in found} == {code for bill in several for code in bill.currencies}
    together = Bill(tuple(item for bill in several for item in bill.items), None)
    assert [entry for entry in found if entry["lines"]] == (totals_of(together) if together.items else [])
    assert all(entry["total"] == 0 for entry in found if not entry["lines"])


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
        (code, amount(sum(number for other, number in pairs if other == code), DIGITS[code]))
        for code in sorted({code for code, _number in pairs})
    ]
    assert [(entry["currency"], entry["total"]) for entry in as_printed(found)] == wanted


VALUES: st.SearchStrategy[t.Any] = st.one_of(
    st.sampled_from((None, True, "", "1", "abc", "USD", "NaN", [], {}, [1], {"INVOICE_LINE": []}, 10**400)),
    st.integers(-5, 5),
    st.floats(),
)


def places(value: t.Any) -> list[tuple[t.Any, t.Any]]:
    """Every container in a document with each of its keys."""
    keys: t.Iterable[t.Any] = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *places(value[key])]]


@given(CHANCES, SIZES_OR_NONE, st.lists(VALUES, min_size=1, max_size=3))
@settings(max_examples=300)
def test_a_document_with_other_values_is_refused_or_consistent(chance: Random, size: int, values: list[t.Any]) -> None:
    document = json.loads(json_text(json_tree(chance, random_bill(chance, size))))
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
    totals = invoice_totals(document)
    json.dumps(totals, allow_nan=False)
    assert sum(entry["lines"] for entry in totals) == len(lines)
    assert not lines or invoice_totals(lines) == totals
