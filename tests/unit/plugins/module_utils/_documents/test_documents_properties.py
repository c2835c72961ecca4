# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What holds for the documents of every bill, in every dialect, whole or damaged."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import csv_loop
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.totals import line_totals
from ansible_collections.edgebill.akamai_invoicing.tests.unit.bills import (
    CHANCES,
    DIGITS,
    NAMES,
    SIZES,
    SIZES_OR_NONE,
    File,
    amount,
    as_printed,
    document_of,
    json_file,
    json_text,
    json_tree,
    lines_of,
    random_bill,
    random_sheet,
    totals_of,
)
from hypothesis import assume, currently_in_test_context, given, note, settings
from hypothesis import strategies as st

Totals = dict[str, t.Any]
SOURCES = ("regular", "compute")


@pytest.fixture(scope="module", autouse=True)
def _small_pieces() -> Iterator[None]:
    """Documents are read in pieces: so small ones that also these documents are more than one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_loop, "_MAX_PENDING_ROWS", 16)
        yield


def totals(path: Path, file: File, **known: t.Any) -> Totals:
    """The totals of a document."""
    if currently_in_test_context():
        note(repr(file))
    path = path / "document"
    path.write_bytes(file.content)
    return document_totals(str(path), file.format, file.source_type, **{"currency": file.currency} | known)


def lines(path: Path, file: File) -> list[Totals]:
    """The lines of a document."""
    path = path / "document"
    path.write_bytes(file.content)
    return list(read_document(str(path), file.format, file.source_type, currency=file.currency))


def refusal(path: Path, file: File) -> DocumentError:
    """The error of a document that has to be refused, be it read for lines or for totals."""
    with pytest.raises(DocumentError):
        lines(path, file)
    with pytest.raises(DocumentError) as caught:
        totals(path, file)
    assert str(caught.value).startswith(str(path / "document"))
    return caught.value


def read_or_refuse(path: Path, file: File) -> tuple[t.Any, t.Any]:
    """The totals and the lines of a document, which agree, as they leave; or None, and no error other than our own."""
    found = read = None
    with suppress(DocumentError):
        found = totals(path, file)
    with suppress(DocumentError):
        read = lines(path, file)
    assert (found is None) == (read is None)
    if found is None or read is None:
        return None, None
    printed = as_printed(found)
    assert found["lines"] == len(read)
    if read:
        added = line_totals(json.loads(json.dumps(read, allow_nan=False)))
        assert document_of(as_printed(added)) == printed
    return printed, as_printed(read)


def test_every_document_of_a_bill_gives_its_lines_and_totals(tmp_path: Path) -> None:
    refused = 0
    for seed in range(300):
        chance = Random(seed)
        bill = random_bill(chance, chance.choice((0, 1, 2, 3, 5, 12, 30)), large=chance.random() < 0.3)
        wanted, wanted_lines = document_of(totals_of(bill)), lines_of(bill)
        assert read_or_refuse(tmp_path, json_file(chance, bill)) == (wanted, wanted_lines)
        for source_type in SOURCES:
            made = random_sheet(chance, bill, source_type)
            found, found_lines = read_or_refuse(tmp_path, made.file)
            if found is None:
                refused += 1
                continue
            assert found == wanted
            # Where a comma may be either mark and no amount has one, nothing tells how to read a price.
            pairs = zip(found_lines, wanted_lines)
            assert [found | {"unit_price": wanted["unit_price"]} for found, wanted in pairs] == wanted_lines
    # Documents of lines that name neither a product nor a quantity leave doubt.
    assert refused <= 0.1 * 600


@given(CHANCES, SIZES_OR_NONE)
@settings(max_examples=300)
def test_a_document_that_leaves_doubt_is_refused_or_right(tmp_path: Path, chance: Random, size: int) -> None:
    bill = random_bill(chance, size, doubtful=True)
    wanted = document_of(totals_of(bill))
    assert read_or_refuse(tmp_path, json_file(chance, bill))[0] == wanted
    assert read_or_refuse(tmp_path, random_sheet(chance, bill, doubtful=True).file)[0] in (None, wanted)


@given(CHANCES, SIZES_OR_NONE, st.integers(-3, 3))
@settings(max_examples=60)
def test_reconciled_says_whether_the_bill_agrees(tmp_path: Path, chance: Random, size: int, more: int) -> None:
    bill = random_bill(chance, size, known=True)
    assume(not bill.several and bill.currency)
    below = more * amount(1, DIGITS[str(bill.currency)])
    (entry,) = totals_of(bill)
    bill_total = Decimal(entry["total"].numerator) / entry["total"].denominator + below
    for file in (json_file(chance, bill), *(random_sheet(chance, bill, source_type).file for source_type in SOURCES)):
        found = totals(tmp_path, file, bill_total=bill_total, currency=bill.currency)
        assert as_printed(found) == document_of([entry])
        if more and file.source_type == "compute":
            # Usage may be only a part of the bill.
            assert (found["reconciled"], found["difference"]) == (None, None)
        else:
            assert found["reconciled"] is (more == 0)
            assert Decimal(str(found["difference"])) == -below


@given(CHANCES, SIZES, st.sampled_from((1, -1, 100, -(10**6))))
@settings(max_examples=100)
def test_a_wrong_total_row_is_refused(tmp_path: Path, chance: Random, size: int, more: int) -> None:
    bill = random_bill(chance, size, known=True)
    made = random_sheet(chance, bill, totals=True)
    # A total of fewer digits may be rounded.
    assume(not made.style["trim"])
    place, currency, right = chance.choice(made.totals)
    wrong = min(right) + amount(more, -t.cast(int, min(right).as_tuple().exponent))
    assume(wrong not in right)
    made.rows[place][made.columns["total"]] = made.written(wrong, currency)
    assert refusal(tmp_path, made.file).details["row"] == place + 1


@given(CHANCES, SIZES)
@settings(max_examples=100)
def test_a_document_without_one_of_its_rows_is_refused(tmp_path: Path, chance: Random, size: int) -> None:
    bill = random_bill(chance, size, known=True)
    made = random_sheet(chance, bill, totals=True)
    # A total of fewer digits may be rounded, and one after others be about the lines since then.
    assume(not made.style["trim"] and len(made.totals) == len(bill.currencies))
    number = chance.randrange(size)
    assume(bill.items[number]["total"])
    del made.rows[made.places[number]]
    refusal(tmp_path, made.file)


UNREADABLE = [
    *("n/a", "abc", "1.2.3", "--5", "1,23,4", "NaN", "inf", "sNaN", "1e999", "#REF!", "(5", "5)", "(-5)", "0x10"),
    *("Ion", "12 EURO", "1 2"),
]


@given(CHANCES, SIZES, st.sampled_from(UNREADABLE))
@settings(max_examples=100)
def test_an_amount_that_cannot_be_read_is_refused(tmp_path: Path, chance: Random, size: int, text: str) -> None:
    bill = random_bill(chance, size)
    number, name = chance.randrange(size), "total"

    made = random_sheet(chance, bill)
    row, column = made.places[number], made.columns[name]
    made.rows[row][column] = text
    error = refusal(tmp_path, made.file)
    # Where a comma may be either mark, such a text can leave in doubt how to read the others.
    if made.style["between"][0] == ",":
        assert (error.details["row"], error.details["column"]) == (row + 1, made.headings[column].strip())
        assert repr(text) in str(error)

    tree = json_tree(chance, bill)
    customers = next(iter(tree.values()))["END_CUSTOMER"]
    customers = customers if isinstance(customers, list) else [customers]
    items = [item for customer in customers for item in customer["INVOICE_LINE"]]
    items[number][NAMES[name]] = chance.choice((text, True, [], {}, [1]))
    error = refusal(tmp_path, File(json_text(tree).encode(), "json"))
    assert (error.details["row"], error.details["column"]) == (number + 1, NAMES[name])


@given(CHANCES, SIZES_OR_NONE)
@settings(max_examples=100)
def test_json_that_is_cut_anywhere_is_refused(tmp_path: Path, chance: Random, size: int) -> None:
    content = json_file(chance, random_bill(chance, size)).content
    refusal(tmp_path, File(content[: chance.randrange(len(content))], "json"))


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text().map(str.encode),
        st.text('{}[]":,;\t\r\n\\ \0ITEM_TOTAL01.9eE-+()', max_size=200).map(str.encode),
    ),
    st.sampled_from(("csv", "json")),
)
@settings(max_examples=300)
def test_random_bytes_give_nothing_but_our_own_error(tmp_path: Path, content: bytes, format: str) -> None:
    read_or_refuse(tmp_path, File(content, format, "regular", "USD"))


SCRAPS = [
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b'"', b"\r", b"\n", b"\t", b",", b";", b"{", b"}", b"[", b"]", b"-", b"."),
    *(b"1", b"e9999", b"1e999", b"Total", b"USD", b"null", b"NaN", b"Infinity", b"\\ud800"),
]


@given(CHANCES, SIZES)
@settings(max_examples=500)
def test_damaged_documents_give_nothing_but_our_own_error(tmp_path: Path, chance: Random, size: int) -> None:
    bill = random_bill(chance, size)
    file = chance.choice((json_file(chance, bill), random_sheet(chance, bill).file))
    content = file.content
    for _time in range(chance.randint(1, 3)):
        start = chance.randint(0, len(content))
        end = start + chance.choice((0, 0, 1, 2, 10, 1000, 10**6))
        content = content[:start] + chance.choice((*SCRAPS, chance.randbytes(3))) + content[end:]
    read_or_refuse(tmp_path, file._replace(content=content))
