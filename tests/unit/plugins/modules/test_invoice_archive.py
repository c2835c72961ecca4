# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Whole archives: what is fetched, what stays, what is repaired, and what is refused before any download."""

from __future__ import annotations

import json
import os
import subprocess
import typing as t
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_archive
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import (
    assert_intact,
    documents,
    entries,
    lose_catalogue,
    parts,
)
from yaml import safe_load

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Archive

CONTRACT, INVOICE, MONTH = "C-0N7RAC7", 1234567890, "2024-05"
PDF = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.pdf"
CSV = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.csv"
COMPUTE = f"{CONTRACT}/{MONTH}/{INVOICE}_v1_compute.csv"
THREE = sorted([PDF, CSV, COMPUTE])
TIME = "%Y-%m-%dT%H:%M:%S%z"
FORMATS = ["pdf", "csv", "json"]
LISTED_FIELDS = (
    "account_id",
    "invoice_type",
    "invoice_date",
    "invoice_currency",
    "invoice_total",
    "invoice_due_date",
    "file_creation_date",
)


def downloads(simulator: Simulator) -> int:
    """How many documents were asked for."""
    return sum("/download" in request["path"] for request in simulator.requests())


def counts_of(result: dict[str, t.Any]) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: count for name, count in result["counts"].items() if count}


def test_four_steps(archive: Archive, simulator: Simulator, dest: Path) -> None:
    foreseen = archive(check=True)
    assert foreseen["changed"] is True
    assert counts_of(foreseen) == {"downloaded": 3, "requests": 1}
    assert not dest.exists()

    done = archive(returned="all")
    assert done["changed"] is True
    assert counts_of(done) == {"downloaded": 3, "requests": 4}
    assert documents(dest) == THREE
    assert sorted(document["path"] for document in done["documents"]) == [f"{dest}/{name}" for name in THREE]
    assert_intact(dest)

    simulator.reset()
    for check in (True, False):
        again = archive(check=check, diff=True)
        assert again["changed"] is False
        assert counts_of(again) == {"skipped": 3, "requests": 1}
        assert again["documents"] == []
        assert (again["diff"]["before"], again["diff"]["after"]) == ("", "")
    assert downloads(simulator) == 0
    assert simulator.counters()["total"] == 2


def test_everything_is_private(archive: Archive, dest: Path) -> None:
    archive()
    for path in (dest, *dest.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_the_catalogue_says_what_the_list_and_the_documents_say(archive: Archive, dest: Path) -> None:
    archive()
    found = {entry["path"]: entry for entry in entries(dest)}
    (totals,) = found[CSV]["totals"]
    assert {name: totals.pop(name) for name in ("by_product", "by_customer", "by_item_type")} == {
        "by_product": [
            {"product": "Ion Premier", "currency": "USD", "total": 50000.39, "lines": 1},
            {"product": "Access Control", "currency": "USD", "total": 0.03, "lines": 1},
        ],
        "by_customer": [
            {
                "customer_id": "A-CCT7890",
                "customer_name": "Main Street Corporation",
                "currency": "USD",
                "total": 50000.42,
                "lines": 2,
            }
        ],
        "by_item_type": [
            {"item_type": "R", "currency": "USD", "total": 50000.39, "lines": 1},
            {"item_type": "U", "currency": "USD", "total": 0.03, "lines": 1},
        ],
    }
    assert abs(datetime.now(timezone.utc) - datetime.strptime(found[CSV]["fetched"], TIME)) < timedelta(minutes=5)
    assert found[CSV] == {
        "contract_id": CONTRACT,
        "invoice_id": INVOICE,
        "source_type": "regular",
        "format": "csv",
        "file_version": 1,
        "account_id": "A-CCT7890",
        "invoice_type": "INVOICE",
        "invoice_date": "2024-06-01",
        "invoice_currency": "USD",
        "invoice_total": 50000.42,
        "invoice_due_date": "2024-06-20",
        "month": MONTH,
        "path": CSV,
        "size": found[CSV]["size"],
        "sha256": found[CSV]["sha256"],
        "totals": [{"currency": "USD", "total": 50000.42, "services": 41667.01, "taxes": 8333.4, "lines": 2}],
        "totals_error": None,
        "columns": None,
        "file_creation_date": "2024-06-01",
        "fetched": found[CSV]["fetched"],
        "replaces": None,
    }
    assert found[PDF]["totals"] is None


def test_totals_of_bills_and_documents(archive: Archive) -> None:
    options = {"contract_ids": None, "month": None, "from_month": "2024-05", "to_month": "2024-07"}
    foreseen = archive(check=True, **options)
    assert [(one["currency"], one["total"], one["reconciled"]) for one in foreseen["totals"]] == [
        ("EUR", None, None),
        ("USD", None, None),
    ]
    done = archive(formats=["pdf", "csv", "json"], **options)
    again = archive(**options)
    assert again["totals"] == done["totals"]
    assert [one["invoice_total"] for one in done["totals"]] == [one["invoice_total"] for one in foreseen["totals"]]
    for one in done["totals"]:
        assert one["total"] == one["invoice_total"]
        assert one["reconciled"] is True
        assert one["difference"] == 0


def test_the_samples_of_the_documentation_are_true(archive: Archive, simulator: Simulator, dest: Path) -> None:
    returned = safe_load(invoice_archive.RETURN)
    simulator.fault("html", path=f"{INVOICE}/download.*COMPUTE")
    failed = archive()
    (failure,) = failed["failures"]
    sample = returned["failures"]["sample"][0]
    assert failure == sample
    (csv,) = [document for document in failed["documents"] if document["format"] == "csv"]
    (sample,) = returned["documents"]["sample"]
    varying = {"path": CSV, "fetched": None}
    assert csv | varying == sample | varying
    done = archive()
    assert done["totals"] == returned["totals"]["sample"]
    assert done["bills"] == returned["bills"]["sample"]
    assert done["catalogue"] == f"{dest}/{os.path.basename(returned['catalogue']['sample'])}"
    usage = archive(month="2023-05", source_types=["compute"])
    assert usage["missing"][:1] == returned["missing"]["sample"]
    three = archive(
        contract_ids=None, month=None, from_month="2024-05", to_month="2024-07", formats=FORMATS, dest=f"{dest}_3"
    )
    assert three["counts"] == returned["counts"]["sample"]
    assert three["msg"] == returned["msg"]["sample"]
    sample = returned["error"]["sample"]
    refused = archive(contract_ids=["C-0N7RAC71"], edgerc_section="no_grant")["error"]
    assert refused | {"request_id": sample["request_id"]} == sample | {"request_id": sample["request_id"]}


def test_yen_have_no_decimals(archive: Archive) -> None:
    done = archive(account_switch_key="1-5C0YLB:1-8BYUX", contract_ids=None)
    (yen,) = [one for one in done["totals"] if one["currency"] == "JPY"]
    assert isinstance(yen["invoice_total"], int)
    assert yen["reconciled"] is True


def test_json_is_asked_for_only_explicitly(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("status", path="17009900001.*download", status=404, times=None)
    done = archive(formats=["json"], source_types=["regular"], month="2024-07")
    assert counts_of(done) == {"downloaded": 1, "missing": 1, "requests": 3}
    (missing,) = done["missing"]
    assert missing["invoice_id"] == 17009900001
    assert missing["format"] == "json"
    assert "404" in missing["reason"]
    assert_intact(dest)


def test_what_the_list_does_not_offer_is_missing(archive: Archive, simulator: Simulator) -> None:
    pdf = {"contentType": "application/pdf", "sourceType": "REGULAR", "fileVersion": 1}
    usage = {"contentType": "application/pdf", "sourceType": "COMPUTE", "fileVersion": 1}
    xml = {"contentType": "application/xml", "sourceType": "LEDGER", "fileVersion": 1}
    bill = {"contractId": CONTRACT, "invoiceId": INVOICE, "files": [pdf, usage, xml]}
    simulator.fault("body", path="/invoices[?]", body=[bill])
    done = archive()
    # The usage file is offered, whatever its format, and so it is asked for.
    assert counts_of(done) == {"downloaded": 1, "missing": 2, "requests": 3}
    missing = {"contract_id": CONTRACT, "invoice_id": INVOICE, "month": MONTH}
    assert done["missing"][1] == missing | {
        "format": "csv",
        "source_type": "regular",
        "reason": "The list does not offer it.",
    }
    assert "sourceType=COMPUTE was answered with status 204" in done["missing"][0].pop("reason")
    assert done["missing"][0] == missing | {"format": "pdf", "source_type": "compute"}


def test_a_usage_file_is_missing_where_nothing_else_is_asked_for(archive: Archive) -> None:
    done = archive(month="2023-05", source_types=["compute"])
    assert counts_of(done) == {"missing": 2, "requests": 1}
    assert {(one["source_type"], one["format"]) for one in done["missing"]} == {("compute", "csv")}
    assert archive(month="2023-05")["missing"] == []


def test_documents_that_were_not_asked_for_are_not_looked_at(archive: Archive, dest: Path) -> None:
    archive()
    for name in (CSV, COMPUTE):
        (dest / name).unlink()
    assert archive(formats=["pdf"])["warned"] == []
    assert archive(formats=["csv"], source_types=["regular"])["warned"] == []
    assert counts_of(archive()) == {"repaired": 1, "skipped": 2, "requests": 2}
    assert_intact(dest)


def test_a_month_without_bills_makes_an_empty_archive(archive: Archive, dest: Path) -> None:
    for check in (True, False):
        assert archive(month="2020-02", check=check)["changed"] is True
    assert archive(month="2020-02", check=True)["changed"] is False
    assert archive(month="2020-02")["changed"] is False
    assert_intact(dest)


def test_a_re_issued_bill_is_fetched_beside_the_old_one(archive: Archive, simulator: Simulator, dest: Path) -> None:
    archive()
    before = (dest / PDF).read_bytes()
    simulator.reissue(CONTRACT, INVOICE)
    for check in (True, False):
        done = archive(check=check, diff=True)
        assert counts_of(done)["downloaded"] == 3
        assert done["diff"]["before"] == ""
        assert done["diff"]["after"].count("\n") == 3
        assert '"file_version": 2' in done["diff"]["after"]
    assert (dest / PDF).read_bytes() == before
    assert documents(dest) == sorted([*THREE, *(name.replace("_v1", "_v2") for name in THREE)])
    assert [one["invoice_total"] for one in done["totals"]] == [100000.84]
    assert done["totals"][0]["reconciled"] is True
    assert_intact(dest)


def damage(path: Path, how: str) -> None:
    """Do harm to a document."""
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[:-1])
    elif how == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(content[:-10] + bytes([content[-10] ^ 1]) + content[-9:])


@pytest.mark.parametrize(
    ("how", "verify", "reason"),
    [
        ("gone", "size", "The file is gone."),
        ("cut", "size", "bytes instead of"),
        ("empty", "size", "has 0 bytes instead of"),
        ("gone", "checksum", "The file is gone."),
        ("altered", "checksum", "The file was altered"),
    ],
)
def test_a_damaged_document_is_repaired(
    archive: Archive, simulator: Simulator, dest: Path, how: str, verify: str, reason: str
) -> None:
    archive()
    good = (dest / CSV).read_bytes()
    (dest / CSV).chmod(0o640)
    damage(dest / CSV, how)
    simulator.reset()
    for check in (True, False):
        done = archive(verify=verify, check=check)
        assert done["changed"] is True
        assert counts_of(done) | {"requests": 0} == {"repaired": 1, "skipped": 2, "requests": 0}
        assert [document["action"] for document in done["documents"]] == ["repaired"]
        assert reason in done["documents"][0]["reason"]
    assert downloads(simulator) == 1
    assert (dest / CSV).read_bytes() == good
    assert (dest / CSV).stat().st_mode & 0o777 == (0o600 if how == "gone" else 0o640)
    assert archive(verify=verify)["changed"] is False
    assert_intact(dest)


@pytest.mark.parametrize(("how", "verify"), [("altered", "size"), ("altered", "none"), ("gone", "none")])
def test_verify_looks_no_closer_than_it_is_told(archive: Archive, dest: Path, how: str, verify: str) -> None:
    archive()
    damage(dest / CSV, how)
    done = archive(verify=verify)
    assert (done["changed"], counts_of(done)) == (False, {"skipped": 3, "requests": 1})


def test_a_damaged_older_version_is_reported(archive: Archive, simulator: Simulator, dest: Path) -> None:
    archive()
    simulator.reissue(CONTRACT, INVOICE)
    archive()
    (dest / PDF).unlink()
    done = archive()
    assert done["changed"] is False
    assert done["warned"] == [f"{PDF} is gone, and the API serves only newer versions of it: restore it from a backup."]


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b'{"version": 1, "documents": [{}]}', b'{"version": 1, "documents": {}}']
)
def test_a_lost_catalogue_is_made_again_from_the_files(
    archive: Archive, simulator: Simulator, dest: Path, content: bytes | None
) -> None:
    archive()
    archive(month="2024-06")
    simulator.reissue(CONTRACT, INVOICE)
    archive()
    good = entries(dest)
    (dest / "SHA256SUMS").unlink()
    lose_catalogue(dest)
    if content is not None:
        (dest / "catalogue.json").write_bytes(content)
    (dest / "notes.txt").write_text("of somebody else")
    (dest / CONTRACT / MONTH / "notes.txt").write_text("of somebody else")
    counts = simulator.counters()["total"]

    foreseen = archive(check=True)
    assert (foreseen["changed"], counts_of(foreseen)) == (True, {"skipped": 3, "requests": 1})
    assert "it was rebuilt with 9 documents found in the archive" in foreseen["warned"][0]
    done = archive()
    assert (done["changed"], counts_of(done)) == (True, {"skipped": 3, "requests": 1})
    archive(month="2024-06")
    assert simulator.counters()["total"] == counts + 3
    (dest / CONTRACT / MONTH / "notes.txt").unlink()
    (dest / "notes.txt").unlink()
    assert_intact(dest)
    assert len(entries(dest)) == len(good)
    for entry, before in zip(entries(dest), good):
        listed = entry["file_version"] == 2 or entry["month"] == "2024-06"
        # Of a version that the list has no more, only what its path contains is known.
        lost = {} if listed else dict.fromkeys(LISTED_FIELDS)
        totals = before["totals"] if listed or not before["totals"] else entry["totals"]
        assert entry == before | lost | {"totals": totals, "fetched": None, "replaces": entry["replaces"]}
        assert entry["replaces"] in (None, before["replaces"])
        assert not before["totals"] or totals[0]["total"] == before["totals"][0]["total"]
    assert archive()["changed"] is False


def test_an_unsound_file_without_catalogue_is_fetched_again(archive: Archive, dest: Path) -> None:
    (dest / CONTRACT / MONTH).mkdir(parents=True)
    (dest / PDF).write_bytes(b"<html>")
    (dest / CSV).write_bytes(b"")
    done = archive()
    assert counts_of(done) == {"downloaded": 1, "repaired": 2, "requests": 4}
    assert {document["reason"] for document in done["documents"]} == {
        "The file is a web page.",
        "The file is empty.",
        "It was not there.",
    }
    assert_intact(dest)


def test_a_document_stays_where_it_is_when_the_template_changes(archive: Archive, dest: Path) -> None:
    archive()
    done = archive(path_template="{invoice_id}_{file_version}{source_type}.{ext}")
    assert (done["changed"], documents(dest)) == (False, THREE)
    (dest / PDF).unlink()
    assert counts_of(archive(path_template="{invoice_id}_{file_version}{source_type}.{ext}"))["repaired"] == 1
    assert documents(dest) == THREE


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{contract_id}/{invoice_id}.{ext}", "gives two documents one path: C-0N7RAC7/1234567890.csv is for the "),
        ("all.{ext}", "gives two documents one path"),
        ("{invoice_id}/x[y]", "gives two documents one path"),
        ("x{format}[/x/compute]", "is the path of a document"),
        ("catalogue.json[x]", "needs that name itself"),
        ("SHA256sums/{invoice_id}[_].{ext}", "needs that name itself"),
        (".akamai_invoicing/{invoice_id}[_].{ext}", "needs that name itself"),
        ("../{invoice_id}.{ext}", "do not stay inside"),
        ("{__class__}", "is not one of its fields"),
    ],
)
def test_templates_that_clash_are_refused_before_any_download(
    archive: Archive, simulator: Simulator, dest: Path, template: str, reason: str
) -> None:
    formats = ["pdf"] if template.startswith("catalogue") else ["pdf", "csv"]
    failed = archive(path_template=template, formats=formats)
    assert failed["failed"]
    assert reason in failed["msg"]
    assert downloads(simulator) == 0
    assert not dest.exists() or documents(dest) == []


def test_paths_that_differ_in_case_only_clash(archive: Archive, simulator: Simulator) -> None:
    pdf = {"contentType": "application/pdf", "sourceType": "REGULAR", "fileVersion": 1}
    bills = [{"contractId": CONTRACT, "invoiceId": 7, "invoiceType": kind, "files": [pdf]} for kind in ("a", "A")]
    bills[1]["invoiceId"] = 8
    simulator.fault("body", path="/invoices[?]", body=bills)
    failed = archive(path_template="{invoice_type}.{ext}", formats=["pdf"])
    assert "gives two documents one path: A.pdf" in failed["msg"]


def test_a_path_of_another_version_is_not_overwritten(archive: Archive, simulator: Simulator, dest: Path) -> None:
    template = "{invoice_id}[_compute].{ext}"
    archive(path_template=template)
    before = {
        name: (dest / name).read_bytes() for name in (f"{INVOICE}.pdf", f"{INVOICE}.csv", f"{INVOICE}_compute.csv")
    }
    simulator.reissue(CONTRACT, INVOICE)
    assert "gives two documents one path" in archive(path_template=template)["msg"]
    assert {name: (dest / name).read_bytes() for name in before} == before


def test_links_are_refused_before_any_download(
    archive: Archive, simulator: Simulator, dest: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    dest.mkdir()
    (dest / CONTRACT).symlink_to(outside)
    assert "goes through a symbolic link to" in archive()["msg"]
    assert downloads(simulator) == 0
    (dest / CONTRACT).unlink()
    (dest / CONTRACT / MONTH).mkdir(parents=True)
    (dest / PDF).symlink_to(outside / "x.pdf")
    assert "is not a regular file" in archive(formats=["pdf"])["msg"]
    (dest / PDF).unlink()
    (dest / PDF).mkdir()
    assert "is not a regular file" in archive(formats=["pdf"])["msg"]
    assert (downloads(simulator), os.listdir(outside)) == (0, [])


def test_the_archive_itself_can_be_a_link(archive: Archive, dest: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    dest.symlink_to(tmp_path / "elsewhere")
    assert counts_of(archive())["downloaded"] == 3
    assert_intact(dest)


def test_a_hostile_list_leads_nowhere(archive: Archive, simulator: Simulator, dest: Path, tmp_path: Path) -> None:
    file = {"contentType": "application/pdf", "sourceType": "REGULAR", "fileVersion": 1, "fileName": "../../x"}
    bill = {"contractId": "../../../tmp/x?y", "accountId": "/etc", "invoiceId": 1, "invoiceType": "..", "files": [file]}
    simulator.fault("body", path="/invoices[?]", body=[bill])
    failed = archive(path_template="{account_id}/{contract_id}/{invoice_type}/{invoice_id}.{ext}", formats=["pdf"])
    assert failed["failed"]
    assert "is not a contract ID" in failed["msg"]
    assert downloads(simulator) == 0
    assert sorted(os.listdir(tmp_path)) == ["archive"]


def test_one_bad_document_does_not_stop_the_others(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("html", path=f"{INVOICE}/download.*COMPUTE", times=None)
    failed = archive(month=None, from_month="2024-05", to_month="2024-06")
    assert failed["failed"] is True
    assert failed["changed"] is True
    assert counts_of(failed) == {"downloaded": 5, "failed": 1, "requests": 8}
    assert f"The compute csv version 1 of bill {INVOICE} of {CONTRACT}: " in failed["msg"]
    (failure,) = failed["failures"]
    assert (failure["invoice_id"], failure["source_type"], failure["error"]["status"]) == (INVOICE, "compute", 200)
    assert "text/html" in failure["msg"]
    assert_intact(dest)

    simulator.reset()
    done = archive(month=None, from_month="2024-05", to_month="2024-06")
    assert counts_of(done) == {"downloaded": 1, "skipped": 5, "requests": 3}


def test_stop_leaves_what_is_done(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("status", path=f"{INVOICE}/download", status=403, times=None)
    options = {"month": None, "from_month": "2024-04", "to_month": "2024-06", "concurrency": 1}
    failed = archive(on_error="stop", **options)
    assert counts_of(failed) == {"downloaded": 5, "failed": 1, "requests": 9}
    assert "1 failure, and 5 documents not tried. The " in failed["msg"]
    assert_intact(dest)


@pytest.mark.parametrize("verify", ["size", "checksum"])
def test_a_lost_catalogue_does_not_bless_an_altered_document(archive: Archive, dest: Path, verify: str) -> None:
    archive()
    good = {name: (dest / name).read_bytes() for name in THREE}
    # Cut at the end of a line, which nothing but the sums can tell.
    (dest / COMPUTE).write_bytes(b"".join(good[COMPUTE].splitlines(keepends=True)[:-1]))
    (dest / CSV).write_bytes(good[CSV][:-60])
    (dest / PDF).write_bytes(good[PDF].replace(b"Type", b"type", 1))
    lose_catalogue(dest)
    done = archive(verify=verify, returned="all")
    assert counts_of(done) == {"repaired": 3, "requests": 4}
    assert {name: (dest / name).read_bytes() for name in THREE} == good
    assert_intact(dest)


def test_a_lost_catalogue_that_paths_cannot_tell_is_missed(archive: Archive, dest: Path) -> None:
    template = "{year}/{invoice_id}[_c].{ext}"
    archive(path_template=template)
    sums = (dest / "SHA256SUMS").read_text()
    lose_catalogue(dest)
    done = archive(month="2024-06", path_template=template)
    (warning,) = done["warned"]
    assert (
        "catalogue.json is not there, and 3 documents listed in SHA256SUMS cannot be added to it. First: 2024/"
        in warning
    )
    assert f"2024/{INVOICE}" in warning
    # What proves them stays.
    assert set(sums.splitlines()) < set((dest / "SHA256SUMS").read_text().splitlines())
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dest, check=True, timeout=60)


def test_a_lost_catalogue_does_not_lose_the_currency(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("body", path="/download", body="Product,Total\nA,50000.42\n", times=None, content_type="text/csv")
    options = {"formats": ["csv"], "source_types": ["regular"]}
    first = archive(**options)["totals"]
    assert [(one["currency"], one["total"], one["reconciled"]) for one in first] == [("USD", 50000.42, True)]
    lose_catalogue(dest)
    assert archive(**options)["totals"] == first
    assert archive(**options)["totals"] == first
    assert_intact(dest)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"oops": "{}"}, "is not a bill"),
        ({"INVOICE": {"INVOICE_ID": 99, "END_CUSTOMER": []}}, "has the invoice ID 99, not"),
    ],
)
def test_json_that_is_not_of_the_bill_is_not_kept(
    archive: Archive, simulator: Simulator, dest: Path, body: t.Any, problem: str
) -> None:
    simulator.fault("body", path="/download", body=body, times=None)
    failed = archive(formats=["json"], source_types=["regular"])
    assert counts_of(failed)["failed"] == 1
    assert f"status 200, but the document {problem}" in failed["msg"]
    assert f"Nothing was written to {dest}/{CONTRACT}/{MONTH}/{INVOICE}_v1.json" in failed["msg"]
    assert documents(dest) == []


def test_only_a_broken_transfer_is_refused(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("cut", path="REGULAR", times=None)
    failed = archive(formats=["csv"], retries=0)
    assert counts_of(failed) == {"downloaded": 1, "failed": 1, "requests": 3}
    assert documents(dest) == [COMPUTE]
    simulator.reset()
    # All of it came, whatever it says.
    simulator.fault("body", path="REGULAR", body="Product,Cost,Total\nA,1,2\nB,3", content_type="text/csv")
    done = archive(formats=["csv"], returned="all")
    assert counts_of(done) == {"downloaded": 1, "skipped": 1, "requests": 2}
    assert [document["totals"] for document in done["documents"] if document["source_type"] == "regular"] == [None]
    assert_intact(dest)


@pytest.mark.parametrize("below", ["", "/archive"])
def test_a_file_in_the_archives_place_is_reported_in_check_mode_too(archive: Archive, dest: Path, below: str) -> None:
    dest.write_text("of somebody else")
    for check in (True, False):
        assert "Not a directory" in archive(dest=f"{dest}{below}", check=check)["msg"]


@pytest.mark.parametrize(
    ("form", "body", "reason"),
    [
        ("csv", "when,who\n1,2\n", "no column"),
        ("json", {"INVOICE": {"END_CUSTOMER": [{"ITEM_TOTAL": 1}]}}, "INVOICE_LINE"),
    ],
)
def test_what_cannot_be_added_up_is_kept(
    archive: Archive, simulator: Simulator, dest: Path, form: str, body: t.Any, reason: str
) -> None:
    content_type = {"csv": "text/csv", "json": "application/json"}[form]
    simulator.fault("body", path="REGULAR", body=body, times=None, content_type=content_type)
    options = {"formats": [form], "source_types": ["regular"]}
    # The second run reads the same in the catalogue, the third in the documents themselves.
    for counts in ({"downloaded": 1, "requests": 2}, {"skipped": 1, "requests": 1}, {"skipped": 1, "requests": 1}):
        done = archive(**options, returned="all")
        assert counts_of(done) == counts
        warning = done["warned"][0]
        assert warning.startswith(
            "1 document kept without totals because the amounts cannot be read. "
            f"First: {CONTRACT}/{MONTH}/{INVOICE}_v1.{form}: "
        )
        assert reason in warning
        assert warning.endswith(done["documents"][0]["totals_error"])
        assert done["totals"][0]["total"] is None
        assert_intact(dest)
        if "skipped" in counts:
            lose_catalogue(dest)


@pytest.mark.parametrize(("source_type", "reconciled"), [("regular", False), ("compute", None)])
def test_lines_that_differ_from_the_bill_warn(
    archive: Archive, simulator: Simulator, source_type: str, reconciled: bool | None
) -> None:
    simulator.fault("body", path="download", body="Product,Total\nA,50000.41\n", times=None, content_type="text/csv")
    for _run in range(2):
        done = archive(formats=["csv"], source_types=[source_type])
        (totals,) = done["totals"]
        assert (totals["invoice_total"], totals["total"], totals["reconciled"]) == (50000.42, 50000.41, reconciled)
        # A usage file may be about a part of the bill.
        assert (
            done["warned"] == []
            if reconciled is None
            else [
                f"For 1 bill the lines do not add up to the invoice total. First: bill {INVOICE} of {CONTRACT} has the "
                "total 50000.42 USD, and the sum of its lines is 50000.41 USD."
            ]
        )


def test_attributes_are_those_asked_for(archive: Archive, dest: Path) -> None:
    archive(mode="0640")
    assert (dest / PDF).stat().st_mode & 0o777 == 0o640
    (dest / PDF).chmod(0o600)
    for check, mode in ((True, 0o600), (False, 0o640)):
        assert archive(mode="0640", check=check)["changed"] is True
        assert (dest / PDF).stat().st_mode & 0o777 == mode
    assert archive(mode="0640")["changed"] is False
    # Whoever may read the documents may find them, too.
    assert (dest / "catalogue.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("returned", "counts"), [("all", (0, 3)), ("changed", (3, 0)), ("none", (0, 0))])
def test_returned(archive: Archive, returned: str, counts: tuple[int, int]) -> None:
    first = archive(returned=returned)
    again = archive(returned=returned)
    assert (len(first["documents"]) - counts[1], len(again["documents"])) == counts


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"concurrency": 0}, "choose 1 to 16"),
        ({"concurrency": 17}, "choose 1 to 16"),
        ({"formats": []}, "formats is an empty list"),
        ({"source_types": []}, "source_types is an empty list"),
        ({"month": "2024-13"}, "is not a month"),
        ({"contract_ids": ["../x"]}, "is not a contract ID"),
        ({"path_template": "/{ext}"}, "do not stay inside"),
    ],
)
def test_options_are_refused_before_any_request(
    archive: Archive, simulator: Simulator, dest: Path, options: dict[str, t.Any], reason: str
) -> None:
    failed = archive(**options)
    assert failed["failed"]
    assert reason in failed["msg"]
    assert simulator.counters()["total"] == 0
    assert not dest.exists()


def test_concurrency_shares_connections(archive: Archive, simulator: Simulator) -> None:
    simulator.catalogue(20)
    simulator.fault("slow", path="/download", delay=0.02, times=None)
    archive(concurrency=8)
    counters = simulator.counters()
    assert 1 < counters["max_concurrent"] <= 8
    assert counters["connections"] <= 8
    assert counters["reused_nonces"] == 0


def test_the_quota_is_never_passed(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.catalogue(20)
    # In a smaller bucket, a server that stalls and then gets the requests of all workers at once would refuse some.
    simulator.quota(limit=600, burst=16)
    done = archive(concurrency=16)
    assert counts_of(done) == {"downloaded": 41, "requests": 42}
    assert simulator.counters()["throttled"] == 0
    assert_intact(dest)


def test_another_client_uses_up_the_quota_too(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.catalogue(20)
    simulator.quota(limit=1200, burst=20)
    simulator.quota(used=15)
    done = archive(concurrency=8)
    assert counts_of(done) == {"downloaded": 41, "requests": 42}
    assert simulator.counters()["throttled"] == 0


def test_after_a_429_every_worker_waits(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.catalogue(10)
    simulator.fault("status", path="/download", status=429, headers={"Retry-After": "1"}, times=2)
    done = archive(concurrency=2, retries=3)
    assert counts_of(done) == {"downloaded": 21, "requests": 24}
    assert_intact(dest)


def test_amounts_are_exact_in_the_catalogue(archive: Archive, dest: Path) -> None:
    archive(month=None, from_month="2024-05", to_month="2024-12", contract_ids=None)
    csv = [entry for entry in entries(dest, parse_float=Decimal) if entry["format"] == "csv"]
    assert len(csv) > 20
    assert all(entry["totals"][0]["total"] == entry["invoice_total"] for entry in csv)


def journal(dest: Path) -> list[tuple[str, str | None]]:
    """What the journal says: actions and paths."""
    lines = (dest / "journal.jsonl").read_bytes().splitlines()
    return [(one["action"], one["path"]) for one in map(json.loads, lines)]


def test_new_bills_and_the_journal(archive: Archive, simulator: Simulator, dest: Path) -> None:
    (sample,) = safe_load(invoice_archive.RETURN)["new_bills"]["sample"]
    first = {"formats": ["csv"], "source_types": ["regular"]}
    (foreseen,) = archive(**first, check=True)["new_bills"]
    file = sample["files"][0] | {"path": f"{dest}/{CSV}"}
    assert foreseen == sample | {"files": [file | {"sha256": None}]}
    assert archive(**first)["new_bills"] == [sample | {"files": [file]}]
    assert (archive(**first)["new_bills"], journal(dest)) == ([], [("fetched", CSV)])
    assert archive(**first, verify="checksum")["changed"] is False
    (dest / CSV).unlink()
    (repaired,) = archive(**first, verify="checksum")["new_bills"]
    assert (repaired["reason"], repaired["files"]) == ("repaired", [file])
    simulator.reissue(CONTRACT, INVOICE)
    (reissued,) = archive(**first)["new_bills"]
    assert (reissued["reason"], reissued["invoice_total"]) == ("reissued", 100000.84)
    lose_catalogue(dest)
    # What was archived before is not new, whatever becomes of the catalogue.
    assert archive(**first)["new_bills"] == []
    newer = CSV.replace("_v1", "_v2")
    assert journal(dest) == [
        ("fetched", CSV),
        ("verified", None),
        ("verified", None),
        ("repaired", CSV),
        ("reissued", newer),
        ("recovered", CSV),
        ("recovered", newer),
    ]
    checked = [json.loads(line) for line in (dest / "journal.jsonl").read_bytes().splitlines()[1:3]]
    assert [(one["documents"], one["flaws"]) for one in checked] == [(1, 0), (1, 1)]


def test_the_journal_can_be_switched_off(archive: Archive, dest: Path) -> None:
    archive(journal=False, verify="checksum")
    assert not (dest / "journal.jsonl").exists()


def test_bills_of_a_killed_run_are_new(archive: Archive, dest: Path) -> None:
    archive()
    for path in parts(dest):
        path.write_bytes(b"")
    (dest / ".akamai_invoicing" / CONTRACT / "unsaved").write_text(json.dumps([MONTH]))
    done = archive()
    assert counts_of(done) == {"skipped": 3, "requests": 1}
    assert [(bill["invoice_id"], bill["reason"], len(bill["files"])) for bill in done["new_bills"]] == [
        (INVOICE, "new", 3)
    ]
