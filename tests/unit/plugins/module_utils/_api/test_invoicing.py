# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Bills as the list tells them, and documents as they are downloaded."""

from __future__ import annotations

import json
import re
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import (
    Bill,
    Invoicing,
    OfferedDocument,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    DocumentError,
    NoDataError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import StagedFile

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


@pytest.fixture
def invoicing(simulator: Simulator) -> Iterator[Invoicing]:
    """The API, over a session without retries."""
    options = {
        "edgerc": simulator.edgerc,
        "ca_path": simulator.ca_path,
        "timeout": 30.0,
        "retries": 0,
        "validate_certs": True,
    }
    with Session.from_options(options, {}) as session:
        yield Invoicing(session)


def test_lists_the_bills_of_a_contract(invoicing: Invoicing) -> None:
    bills = {bill.invoice_id: bill for bill in invoicing.bills("2024-05", "C-0N7RAC7")}
    bill = bills[1234567890]
    assert (bill.account_id, bill.contract_id, bill.month) == ("A-CCT7890", "C-0N7RAC7", "2024-05")
    assert (bill.invoice_type, bill.invoice_currency) == ("INVOICE", "USD")
    assert isinstance(bill.invoice_total, Decimal)
    assert {(document.format, document.source_type) for document in bill.documents} >= {
        ("pdf", "regular"),
        ("csv", "regular"),
        ("csv", "compute"),
    }


def test_lists_the_bills_of_an_account(invoicing: Invoicing) -> None:
    bills = invoicing.bills("2024-05")
    assert len({bill.contract_id for bill in bills}) > 1


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 204}, {"kind": "body", "body": []}], ids=str)
def test_nothing_there_is_an_empty_list(invoicing: Invoicing, simulator: Simulator, fault: dict[str, t.Any]) -> None:
    simulator.fault(**fault)
    assert invoicing.bills("2024-05") == []


def test_an_unknown_contract_is_not_an_empty_list(invoicing: Invoicing, simulator: Simulator) -> None:
    simulator.fault("status", status=404)
    with pytest.raises(NoDataError):
        invoicing.bills("2024-05", "C-0N7RAC7")


@pytest.mark.parametrize(
    "body",
    [{"a": 1}, 12, ["a"], [{"invoiceId": 1}], [{"contractId": "C-1", "invoiceId": "x"}],
     [{"contractId": "C-1", "invoiceId": 1, "invoiceTotal": "much"}],
     [{"contractId": "C-1", "invoiceId": 1, "files": [{"fileVersion": "latest"}]}]],
    ids=str,
)  # fmt: skip
def test_a_list_that_is_none_is_an_error(invoicing: Invoicing, simulator: Simulator, body: object) -> None:
    simulator.fault("body", body=body)
    with pytest.raises(ApiError, match="not the list"):
        invoicing.bills("2024-05")


def test_unknown_values_are_taken_as_they_come(invoicing: Invoicing, simulator: Simulator) -> None:
    entry = {
        "contractId": "C-1",
        "invoiceId": 17331001020,
        "invoiceTotal": 0.10,
        "invoiceType": "PRO_FORMA",
        "surprise": [],
        "files": [{"contentType": "application/zip"}, {"contentType": "text/CSV;charset=x", "sourceType": "EDGE"}],
    }
    simulator.fault("body", body=[entry, entry | {"files": None, "invoiceTotal": None}])
    first, second = invoicing.bills("2024-05")
    assert first == Bill(
        account_id="",
        contract_id="C-1",
        invoice_id=17331001020,
        invoice_type="PRO_FORMA",
        invoice_date=None,
        invoice_due_date=None,
        invoice_currency=None,
        invoice_total=Decimal("0.1"),
        month="2024-05",
        documents=(
            OfferedDocument(None, "regular", 1, None, "application/zip", None),
            OfferedDocument("csv", "edge", 1, None, "text/CSV;charset=x", None),
        ),
    )
    assert (second.documents, second.invoice_total) == ((), None)


def test_downloads_into_a_staged_file(invoicing: Invoicing, tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "bill.csv")) as staged:
        invoicing.download("C-0N7RAC7", 1234567890, "csv", "compute", staged)
        assert staged.size > 0


def test_a_content_type_is_shown_without_control_characters(
    invoicing: Invoicing, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("wrong_type", content_type="text/x" + "y" * 5000)
    with StagedFile(str(tmp_path / "bill.pdf")) as staged, pytest.raises(DocumentError) as failed:
        invoicing.download("C-0N7RAC7", 1234567890, "pdf", "regular", staged)
    assert len(str(failed.value)) < 1000


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
def test_what_is_not_the_document_is_an_error(
    invoicing: Invoicing, simulator: Simulator, tmp_path: Path, kind: str
) -> None:
    simulator.fault(kind)
    with (
        StagedFile(str(tmp_path / "bill.pdf")) as staged,
        pytest.raises(DocumentError, match=r"GET .*1234567890/download\?sourceType=REGULAR .* Nothing was kept"),
    ):
        invoicing.download("C-0N7RAC7", 1234567890, "pdf", "regular", staged)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("invoiceDate", 20240601, "20240601"),
        ("invoiceDate", 1.5, "1.5"),
        ("invoiceCurrency", 7, "7"),
        ("invoiceCurrency", "", None),
        ("invoiceDueDate", None, None),
    ],
)
def test_odd_values_of_a_list_are_text(
    invoicing: Invoicing, simulator: Simulator, name: str, value: t.Any, found: t.Any
) -> None:
    simulator.fault("body", path="/invoices[?]", body=[{"contractId": "C-1", "invoiceId": 1, name: value}])
    (bill,) = invoicing.bills("2024-05")
    key = re.sub("([A-Z])", lambda match: f"_{match[0].lower()}", name)
    assert bill.as_result()[key] == found
    json.dumps(bill.as_result())


@pytest.mark.parametrize("value", [["USD"], {"code": "USD"}, True])
def test_values_of_a_list_that_are_no_text_are_refused(
    invoicing: Invoicing, simulator: Simulator, value: t.Any
) -> None:
    body = [{"contractId": "C-1", "invoiceId": 1, "invoiceCurrency": value}]
    simulator.fault("body", path="/invoices[?]", body=body)
    with pytest.raises(ApiError, match="a text is expected"):
        invoicing.bills("2024-05")
