# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The lookup `invoice`, over HTTPS from the simulator and from files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible.utils.display import Display
from ansible_collections.edgebill.akamai_invoicing.plugins.lookup.invoice import LOCAL_TMP, RETURN
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import save

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

CONTRACT, INVOICE, NEXT_INVOICE = "C-0N7RAC7", 1234567890, 17009800000


DOCUMENT = """\
{"INVOICE": {"ACCOUNT_ID": "A-CCT7890", "ACCOUNT_NAME": "Main Street Corporation", "END_CUSTOMER": [
 {"END_CUSTOMER_ACCOUNT_ID": "A-1", "END_CUSTOMER_ACCOUNT_NAME": "One", "INVOICE_LINE": [
  {"PRODUCT": "Access Control", "ITEM_TYPE": "U", "ITEM_TOTAL": 0.1, "ITEM_TOTAL_TAXES": null, "ITEM_UNITS": 1},
  {"PRODUCT": "Ion", "ITEM_TYPE": "U", "ITEM_TOTAL": 0.2, "ITEM_TOTAL_TAXES": 0.05, "ITEM_UNITS": 2}]},
 {"END_CUSTOMER_ACCOUNT_ID": "A-2", "END_CUSTOMER_ACCOUNT_NAME": "Two", "INVOICE_LINE": [
  {"PRODUCT": "Ion", "ITEM_TYPE": "U", "ITEM_TOTAL": 12345678901234567.89, "ITEM_TOTAL_TAXES": 0, "ITEM_UNITS": 3}]}],
 "INVOICE_CURRENCY": "USD", "INVOICE_ID": 1234567890, "INVOICE_VERSION": 1}}
"""


def lookup(*terms: t.Any, variables: dict[str, t.Any] | None = None, **keywords: t.Any) -> list[t.Any]:
    """Run the lookup as a template does."""
    loader = DataLoader()
    templar = Templar(loader=loader, variables=variables or {})
    plugin = lookup_loader.get("edgebill.akamai_invoicing.invoice", loader=loader, templar=templar)
    results: list[t.Any] = plugin.run(list(terms), variables or {}, **keywords)
    return results


@pytest.fixture
def ask(simulator: Simulator) -> Callable[..., list[t.Any]]:
    """Ask the simulator for bills of one contract."""

    def run(*terms: t.Any, **keywords: t.Any) -> list[t.Any]:
        connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "retries": 0}
        return lookup(*terms, **{"contract_id": CONTRACT, **connection, **keywords})

    return run


@pytest.fixture
def document(tmp_path: Path) -> str:
    """A JSON document on disk."""
    path = tmp_path / "bill.json"
    path.write_text(DOCUMENT, encoding="utf-8")
    return str(path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a request needs can be imported."""
    monkeypatch.setitem(sys.modules, "requests", None)
    monkeypatch.setitem(sys.modules, "akamai", None)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No temporary file outlives a lookup."""
    yield
    assert os.listdir(LOCAL_TMP) == []


def refused(*terms: t.Any, **keywords: t.Any) -> str:
    with pytest.raises(AnsibleLookupError) as caught:
        lookup(*terms, **keywords)
    return str(caught.value)


def test_one_bill(ask: Callable[..., list[t.Any]], simulator: Simulator) -> None:
    (bill,) = ask(INVOICE)
    assert bill["invoice"]["INVOICE"]["INVOICE_ID"] == INVOICE
    assert [(line["product"], line["total"]) for line in bill["lines"]] == [
        ("Access Control", 0.03),
        ("Ion Premier", 50000.39),
    ]
    contains = yaml.safe_load(RETURN)["_raw"]["contains"]
    assert bill.keys() == contains.keys()
    assert bill["totals"] == contains["totals"]["sample"]
    assert bill["totals_error"] is None
    (request,) = simulator.requests()
    assert (request["method"], request["path"], request["accept"]) == (
        "GET",
        f"/invoicing-api/v4/contracts/{CONTRACT}/invoices/{INVOICE}/download?sourceType=REGULAR",
        "application/json",
    )


@pytest.mark.parametrize("terms", [(INVOICE, str(NEXT_INVOICE)), ([INVOICE, NEXT_INVOICE],)])
def test_several_bills_share_one_session(
    ask: Callable[..., list[t.Any]], simulator: Simulator, terms: tuple[t.Any, ...]
) -> None:
    assert [bill["invoice"]["INVOICE"]["INVOICE_ID"] for bill in ask(*terms)] == [INVOICE, NEXT_INVOICE]
    counters = simulator.counters()
    assert (counters["total"], counters["connections"]) == (2, 1)


def test_no_bills(ask: Callable[..., list[t.Any]], simulator: Simulator) -> None:
    assert ask() == []
    assert simulator.counters()["total"] == 0


def test_results_are_plain_types(ask: Callable[..., list[t.Any]]) -> None:
    def kinds(value: t.Any) -> set[type]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return {type(value)}.union(*map(kinds, inner))

    assert kinds(ask(INVOICE)) <= {dict, list, str, int, float, bool, type(None)}


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("sum(INVOICE.END_CUSTOMER[].INVOICE_LINE[].ITEM_UNITS)", 2),
        ("INVOICE.END_CUSTOMER[].INVOICE_LINE[] | [?contains(PRODUCT, 'Ion')].ITEM_TOTAL", [50000.39]),
        ("INVOICE.INVOICE_CURRENCY", "USD"),
        ("NOTHING", None),
    ],
)
def test_query(ask: Callable[..., list[t.Any]], query: str, result: t.Any) -> None:
    assert ask(INVOICE, query=query) == [result]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query": "INVOICE["}, "query is not a JMESPath expression"),
        ({"query": ""}, "query is not a JMESPath expression"),
        (
            {"query": "INVOICE", "source_type": "compute"},
            "query needs a JSON document, and this one is csv: use lines and totals",
        ),
        ({"contract_id": None}, "one of the following is required: contract_id, path, archive"),
        ({"contract_id": "C-1/../C-2"}, "is not a contract ID"),
        ({"source": "compute"}, "Unknown option: source"),
        ({"columns": {"sum": "Extended"}}, "columns has no field 'sum'"),
    ],
)
def test_refused_before_any_request(
    ask: Callable[..., list[t.Any]], simulator: Simulator, options: dict[str, t.Any], message: str
) -> None:
    with pytest.raises(AnsibleLookupError, match=message):
        ask(INVOICE, **options)
    assert simulator.counters()["total"] == 0


@pytest.mark.parametrize(
    "term", ["12/../34", "12?x", "", -1, 1.5, "1e3", "²", "9" * 5000, None, True, {"invoice_id": 1}]
)
def test_what_is_no_invoice_id(ask: Callable[..., list[t.Any]], simulator: Simulator, term: t.Any) -> None:
    with pytest.raises(AnsibleLookupError, match="is not an invoice ID"):
        ask(INVOICE, term)
    assert simulator.counters()["total"] == 0


def test_query_that_fails_names_the_bill(ask: Callable[..., list[t.Any]]) -> None:
    with pytest.raises(AnsibleLookupError) as caught:
        ask(INVOICE, query="sum(INVOICE.INVOICE_CURRENCY)")
    assert str(caught.value).startswith(
        f"Bill {INVOICE} of contract {CONTRACT}: The query sum(INVOICE.INVOICE_CURRENCY) fails on the document: "
    )


def test_query_without_jmespath(document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    assert "jmespath" in refused(path=document, query="INVOICE")
    (bill,) = lookup(path=document)
    assert bill["totals"]["lines"] == 3


def test_compute(ask: Callable[..., list[t.Any]], simulator: Simulator) -> None:
    (bill,) = ask(INVOICE, source_type="compute")
    assert bill["invoice"] is None
    assert (bill["totals"]["total"], len(bill["lines"])) == (50000.42, 4)
    (request,) = simulator.requests()
    assert request["path"].endswith("?sourceType=COMPUTE")
    assert request["accept"] == "text/csv"


def test_account_switch_key_of_a_variable(ask: Callable[..., list[t.Any]], simulator: Simulator) -> None:
    ask(17309800000, contract_id="3-1EFAKE", variables={"akamai_account_switch_key": "A-CCT5432:A-CCT7890"})
    (request,) = simulator.requests()
    assert "accountSwitchKey=A-CCT5432%3AA-CCT7890" in request["path"]


@pytest.mark.parametrize(
    ("term", "fault", "options"),
    [
        (1, {}, {}),
        (INVOICE, {}, {"edgerc_section": "wrong_secret"}),
        (INVOICE, {}, {"edgerc_section": "no_grant"}),
        (INVOICE, {"kind": "html"}, {}),
        (INVOICE, {"kind": "cut"}, {}),
        (INVOICE, {"kind": "empty"}, {}),
        (INVOICE, {"kind": "status", "status": 500}, {}),
    ],
)
def test_errors_name_the_bill_and_no_secret(
    ask: Callable[..., list[t.Any]], simulator: Simulator, term: int, fault: dict[str, t.Any], options: dict[str, t.Any]
) -> None:
    if fault:
        simulator.fault(**fault)
    with pytest.raises(AnsibleLookupError) as caught:
        ask(term, **options)
    assert str(caught.value).startswith(f"Bill {term} of contract {CONTRACT}: GET /invoicing-api/v4/contracts/")
    with open(simulator.edgerc, encoding="utf-8") as file:
        secrets = {line.split(" = ")[1].strip() for line in file if line.startswith(("client_", "access_"))}
    assert secrets
    assert not any(secret in str(caught.value) for secret in secrets)


@pytest.mark.usefixtures("no_network")
def test_path_needs_no_network(document: str) -> None:
    (bill,) = lookup(path=document)
    assert bill["invoice"]["INVOICE"]["END_CUSTOMER"][0]["INVOICE_LINE"][0]["ITEM_TOTAL"] == 0.1
    assert [line["total"] for line in bill["lines"]] == [0.1, 0.2, "12345678901234567.89"]
    assert bill["totals"]["total"] == "12345678901234568.19"
    assert lookup(path=document, query="INVOICE.INVOICE_ID") == [INVOICE]


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("name", "text", "source_type"),
    [
        ("bill.csv", "PRODUCT,ITEM_TOTAL\nIon,0.1\nIon,0.2\n", "regular"),
        ("usage.CSV", "Product,Total (USD)\nCompute,0.1\nCompute,0.2\n", "compute"),
        ("usage", "Product,Total (USD)\nCompute,0.1\nCompute,0.2\n", "compute"),
    ],
)
def test_path_of_a_csv(tmp_path: Path, name: str, text: str, source_type: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (bill,) = lookup(path=str(tmp_path / name), source_type=source_type)
    assert bill["invoice"] is None
    assert (bill["totals"]["total"], bill["totals"]["lines"]) == (0.3, 2)


@pytest.mark.usefixtures("no_network")
def test_path_without_an_ending(tmp_path: Path) -> None:
    (tmp_path / "bill").write_text("\ufeff\n" + DOCUMENT, encoding="utf-8")
    (bill,) = lookup(path=str(tmp_path / "bill"))
    assert bill["totals"]["lines"] == 3


def test_path_of_the_bill_asked_for(document: str, tmp_path: Path) -> None:
    assert lookup(str(INVOICE), path=document) == lookup(path=document)
    assert re.search(rf"{document}: .*{INVOICE}, not {NEXT_INVOICE}", refused(NEXT_INVOICE, path=document))
    assert "path is the document of one bill" in refused(INVOICE, NEXT_INVOICE, path=document)
    (tmp_path / "bill.csv").write_text("PRODUCT,ITEM_TOTAL\nIon,1\n", encoding="utf-8")
    assert lookup(NEXT_INVOICE, path=str(tmp_path / "bill.csv"))[0]["totals"]["total"] == 1


@pytest.mark.parametrize("name", ["nowhere", "nowhere.json", "nowhere.csv"])
def test_path_of_nothing(tmp_path: Path, name: str) -> None:
    assert f"Cannot read {tmp_path / name}: No such file or directory" in refused(path=str(tmp_path / name))


def test_path_of_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path, tmp_path / "pipe.json"):
        assert f"{path} exists but is not a regular file" in refused(path=str(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [("bill.json", "{"), ("bill.json", "[1]"), ("bill.json", "<html></html>"), ("bill.pdf", "%PDF-1.4"), ("bill", "")],
)
def test_path_of_something_else(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert str(tmp_path / name) in refused(path=str(tmp_path / name))
    assert str(tmp_path / name) in refused(INVOICE, path=str(tmp_path / name))


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the lookup warns of."""
    given: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, message, **_more: given.append(message))
    return given


UNREADABLE = DOCUMENT.replace('"ITEM_TOTAL": 0.1,', '"ITEM_TOTAL": "a lot",')


def test_a_document_whose_amounts_cannot_be_read_is_returned_without_totals(
    ask: Callable[..., list[t.Any]], simulator: Simulator, warnings: list[str]
) -> None:
    simulator.fault("body", path="/download", body=UNREADABLE, content_type="application/json")
    bad, good = ask(INVOICE, NEXT_INVOICE)
    assert bad["invoice"]["INVOICE"]["INVOICE_ID"] == INVOICE
    assert (bad["lines"], bad["totals"]) == (None, None)
    assert bad["totals_error"].startswith("The document: INVOICE_LINE 1, ITEM_TOTAL: 'a lot' cannot be read")
    assert warnings == [f"Bill {INVOICE} of contract {CONTRACT}: {bad['totals_error']}"]
    assert (good["totals"]["lines"], good["totals_error"]) == (3, None)


@pytest.mark.usefixtures("no_network")
def test_a_file_whose_amounts_cannot_be_read_is_returned_without_totals(tmp_path: Path, warnings: list[str]) -> None:
    (tmp_path / "bill.csv").write_text("Product,Extended\nIon,1\n", encoding="utf-8")
    (bill,) = lookup(path=str(tmp_path / "bill.csv"))
    assert (bill["invoice"], bill["lines"], bill["totals"]) == (None, None, None)
    assert bill["totals_error"].startswith(f"{tmp_path / 'bill.csv'}: ")
    assert warnings == [bill["totals_error"]]


@pytest.mark.usefixtures("no_network")
def test_columns_decide(tmp_path: Path, warnings: list[str]) -> None:
    (tmp_path / "bill.csv").write_text("Product,Extended\nIon,1\nIon,2\n", encoding="utf-8")
    (bill,) = lookup(path=str(tmp_path / "bill.csv"), columns={"total": "Extended"})
    assert (bill["totals"]["total"], bill["totals_error"]) == (3, None)
    assert [line["total"] for line in bill["lines"]] == [1, 2]
    assert warnings == []


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT.replace('"INVOICE_VERSION": 1', '"INVOICE_ID": 5'),
        DOCUMENT.replace('"INVOICE_VERSION": 1', '"INVOICE_VERSION": NaN'),
        DOCUMENT.replace('"INVOICE_VERSION": 1', '"INVOICE_VERSION": -Infinity'),
        DOCUMENT[:-20] + "}",
        "[" * 100_000,
    ],
)
@pytest.mark.parametrize("query", [None, "INVOICE.INVOICE_ID"])
def test_what_is_no_json_is_refused_with_and_without_query(tmp_path: Path, text: str, query: str | None) -> None:
    path = tmp_path / "bill.json"
    path.write_text(text, encoding="utf-8")
    assert str(path) in refused(path=str(path), query=query)


@pytest.mark.usefixtures("no_network")
def test_a_query_of_the_document_of_another_bill_is_refused(document: str) -> None:
    message = refused(NEXT_INVOICE, path=document, query="INVOICE.INVOICE_ID")
    assert re.search(rf"{document}: .*{INVOICE}, not {NEXT_INVOICE}", message)


@pytest.mark.usefixtures("no_network")
def test_half_a_surrogate_pair_leaves_as_a_replacement_character(tmp_path: Path) -> None:
    path = tmp_path / "bill.json"
    path.write_text(DOCUMENT.replace("Access Control", "Access \\ud800 Control"), encoding="utf-8")
    (bill,) = lookup(path=str(path))
    assert "Access \ufffd Control" in json.dumps(bill, ensure_ascii=False).encode("utf-8").decode("utf-8")


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., str]:
    """An archive with one document of the bill, and what the list said of the bill's total."""

    def build(text: str, format: str, source_type: str, total: float | None, version: int = 1) -> str:
        name = f"{version}.{format}"
        (tmp_path / name).write_text(text, encoding="utf-8")
        bill = ("A-CCT7890", "INVOICE", "2024-06-01", "USD", total, "2024-07-01")
        digest = hashlib.sha256(text.encode()).hexdigest()
        entry = Entry(CONTRACT, INVOICE, source_type, format, version, *bill, "2024-05", name, len(text), digest)
        save(tmp_path, entry)
        return str(tmp_path)

    return build


CSV = "Product,Total\nIon,0.1\nIon,0.2\n"


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("source_type", "total", "reconciled", "difference"),
    [
        ("regular", 0.3, True, 0),
        ("regular", 0.31, False, -0.01),
        ("regular", None, None, None),
        ("compute", 0.3, True, 0),
        ("compute", 0.31, None, None),
    ],
)
def test_an_archive_knows_what_the_bill_says(
    archive: Callable[..., str],
    warnings: list[str],
    source_type: str,
    total: float | None,
    reconciled: bool | None,
    difference: float | None,
) -> None:
    (bill,) = lookup(INVOICE, archive=archive(CSV, "csv", source_type, total), source_type=source_type)
    found = bill["totals"]
    assert (found["currency"], found["total"]) == ("USD", 0.3)
    assert (found["reconciled"], found["difference"]) == (reconciled, difference)
    said = (
        f"The invoice total of bill {INVOICE} of contract {CONTRACT} is 0.31 USD, "
        "but the sum of the lines of 1.csv is 0.3."
    )
    assert warnings == ([said] if reconciled is False else [])


@pytest.mark.usefixtures("no_network")
def test_the_newest_document_of_an_archive_is_read(archive: Callable[..., str]) -> None:
    archive(CSV, "csv", "regular", 0.3, version=2)
    root = archive(DOCUMENT, "json", "regular", None)
    assert lookup(INVOICE, archive=root)[0]["totals"]["total"] == 0.3
    archive(DOCUMENT, "json", "regular", None, version=2)
    assert lookup(INVOICE, archive=root, query="INVOICE.INVOICE_ID") == [INVOICE]
    assert f"The archive {root} has no regular document of bill 1 as JSON or CSV" in refused(1, archive=root)
    assert "has no regular document of bill 1 of contract C-2" in refused(1, archive=root, contract_id="C-2")
    assert "parameters are mutually exclusive: path|archive" in refused(INVOICE, archive=root, path=root)
    assert "archive was given without invoice IDs" in refused(archive=root)


def test_a_document_of_an_archive_that_was_altered_is_refused(archive: Callable[..., str], tmp_path: Path) -> None:
    root = archive(CSV, "csv", "regular", 0.3)
    (tmp_path / "1.csv").write_text(CSV.replace("0.1", "0.2"), encoding="utf-8")
    assert "1.csv has been altered: its checksum differs from the catalogue. Run invoice_archive with" in refused(
        INVOICE, archive=root
    )


def test_a_document_of_another_bill_is_refused(
    archive: Callable[..., str], ask: Callable[..., list[t.Any]], simulator: Simulator
) -> None:
    other = DOCUMENT.replace(str(INVOICE), "99")
    assert f" 99, not {INVOICE}" in refused(INVOICE, archive=archive(other, "json", "regular", None))
    simulator.fault("body", path="/download", body=other, content_type="application/json")
    with pytest.raises(AnsibleLookupError, match=f"of contract {CONTRACT}: The document: .* 99, not {INVOICE}"):
        ask(INVOICE)


def test_an_archive_without_catalogue(tmp_path: Path) -> None:
    assert f"{tmp_path}/catalogue.json is not there: name the root of an archive" in refused(1, archive=str(tmp_path))
