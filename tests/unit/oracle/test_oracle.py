# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The oracle notices what a reader could do wrong."""

from __future__ import annotations

import typing as t
from fractions import Fraction

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.case import (
    BAD,
    CERTAIN,
    CRASH,
    DOUBTFUL,
    REFUSED,
    RIGHT,
    SLOW,
    WRONG,
    Case,
)
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.run import Reader, Tally, make, outcome_of, run, table
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.truth import Entry

Totals = dict[str, t.Any]
ENTRIES = (Entry("USD", Fraction("15.5"), 2),)
PARTS = ("currency", "total", "services", "taxes")


def totals(*entries: Totals, **more: t.Any) -> Totals:
    """A result of these currencies."""
    several: list[Totals] = [{**dict.fromkeys(PARTS), "lines": 2, **entry} for entry in entries]
    only = several[0] if len(several) == 1 else {}
    found = {name: only.get(name) for name in PARTS} | {"lines": sum(entry["lines"] for entry in several)}
    return {**found, "by_currency": several, "reconciled": None, **more}


def outcome(case: Case, answer: t.Any) -> str:
    """What the oracle says to this answer of a reader: a result, or an error to raise."""

    def give(*_arguments: object, **_options: object) -> t.Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    return outcome_of(Reader(give, give, (DocumentError,)), case, lines=False, seconds=0.2)[0]


def forever() -> t.NoReturn:
    """Ends by no means of its own."""
    while True:
        pass


@pytest.mark.parametrize(
    ("verdict", "answer", "expected"),
    [
        (CERTAIN, totals({"currency": "USD", "total": 15.5}), RIGHT),
        (CERTAIN, DocumentError("no"), REFUSED),
        (CERTAIN, totals({"currency": "USD"}), REFUSED),
        (CERTAIN, totals({"total": 15.5}), REFUSED),
        (CERTAIN, totals({"currency": "USD", "total": 15.51}), WRONG),
        (CERTAIN, totals({"currency": "USD", "total": 31}), WRONG),
        (CERTAIN, totals({"currency": "EUR", "total": 15.5}), WRONG),
        (CERTAIN, totals({"currency": "USD", "total": 15.5, "lines": 3}), WRONG),
        (CERTAIN, totals({"currency": "USD", "total": 15.5, "taxes": 1}), WRONG),
        (CERTAIN, totals({"currency": "USD", "total": 15.5}, total=16), WRONG),
        (CERTAIN, totals({"currency": "USD", "total": 15.5}, {"currency": "EUR", "total": 1}), WRONG),
        (CERTAIN, totals(), WRONG),
        (DOUBTFUL, DocumentError("no"), REFUSED),
        (DOUBTFUL, totals({"currency": "USD", "total": 31}), WRONG),
        (BAD, totals({"currency": "USD", "total": 31}), WRONG),
        (BAD, totals({"currency": "USD", "total": 31}, reconciled=False), REFUSED),
        (CERTAIN, ValueError("what"), CRASH),
        (CERTAIN, forever, SLOW),
    ],
)
def test_outcomes(verdict: str, answer: t.Any, expected: str) -> None:
    assert outcome(Case(b"", verdict, ENTRIES), answer) == expected


def test_a_bad_document_has_no_value() -> None:
    assert outcome(Case(b"", BAD), totals({"currency": "USD", "total": 15.5})) == WRONG
    assert outcome(Case(b"", BAD, row=3), DocumentError("no", row=3)) == REFUSED
    assert outcome(Case(b"", BAD, row=3), DocumentError("no", row=4)) == WRONG


def test_below_the_minor_unit_is_not_zero() -> None:
    case = Case(b"", CERTAIN, (Entry("USD", ENTRIES[0].total / 10000, 2),))
    assert outcome(case, totals({"currency": "USD", "total": 0})) == WRONG
    assert outcome(case, totals({"currency": "USD", "total": 0.00155})) == RIGHT


def test_lines_have_to_agree_with_the_totals() -> None:
    case = make("comma", 1)
    right = totals(*({"currency": "USD", "total": 1} for _entry in case.entries))
    reader = Reader(lambda *_place, **_options: right, lambda *_place, **_options: [], (DocumentError,))
    assert outcome_of(reader, Case(b"", CERTAIN, (Entry("USD", Fraction(1), 2),)))[0] == WRONG


def test_counts_by_dialect() -> None:
    def refuse(*_place: object, **_options: object) -> t.NoReturn:
        raise DocumentError("no")

    tally = run(Reader(refuse, refuse, (DocumentError,)), "pipe", range(9))
    assert (tally.of(REFUSED), tally.of(WRONG), tally.certain, tally.share) == (9, 0, 9, 1)
    assert "pipe" in table({"pipe": tally})
    assert Tally().share == 0
