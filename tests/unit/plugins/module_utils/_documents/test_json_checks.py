# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Amounts of a JSON document outside its lines: they agree with the lines, or they are an error."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

Read = t.Callable[..., dict[str, t.Any]]


def test_other_bills_beside_the_bill(read_json: Read) -> None:
    bill = {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}]}
    with pytest.raises(DocumentError, match="has END_CUSTOMER in a place of the bill where no amount is expected"):
        read_json(json.dumps({"INVOICE": bill, "CREDITS": [bill]}))


def test_a_stated_total_is_compared(read_json: Read) -> None:
    bill = {"INVOICE_CURRENCY": "USD", "END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": 1.5}, {"ITEM_TOTAL": 1}]}]}
    assert read_json(bill | {"INVOICE_TOTAL": 2.5})["total"] == 2.5
    with pytest.raises(DocumentError, match="INVOICE_TOTAL of the bill is 2.51, but its lines add up to 2.5"):
        read_json(bill | {"INVOICE_TOTAL": 2.51})


@pytest.mark.parametrize(
    "more", [{"LINES": [{"TOTAL": 5}]}, {"PREVIOUS_BALANCE": 7}, {"OTHER": {"CHARGES": {"AMOUNT": "5.00"}}}]
)
def test_amounts_in_other_places_are_an_error(read_json: Read, more: dict[str, t.Any]) -> None:
    with pytest.raises(DocumentError, match="in a place of the bill where no amount is expected"):
        read_json({"END_CUSTOMER": {"INVOICE_LINE": [{"ITEM_TOTAL": 1}]}} | more)


@pytest.mark.parametrize(
    "more",
    [
        {"FEES": [{"FEE": 7.5}]},
        *({name: 7} for name in ("CREDIT", "DISCOUNT", "ADJUSTMENT", "SURCHARGE", "LATE_FEE", "REBATES")),
    ],
)
def test_fees_and_credits_beside_lines_or_in_them_are_an_error(read_json: Read, more: dict[str, t.Any]) -> None:
    line = {"ITEM_TOTAL": 5}
    for bill in (
        {"END_CUSTOMER": {"INVOICE_LINE": [line]}, **more},
        {"END_CUSTOMER": {"INVOICE_LINE": [line], **more}},
        {"END_CUSTOMER": {"INVOICE_LINE": [{**line, **more}]}},
    ):
        with pytest.raises(DocumentError, match="no amount is expected|either could be the total|cannot be read"):
            read_json(bill)
    assert read_json({"END_CUSTOMER": {"INVOICE_LINE": [line], "CREDIT": 0}, "CREDIT_ID": 7})["total"] == 5
