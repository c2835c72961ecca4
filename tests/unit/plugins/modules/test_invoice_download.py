# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One document, once: each action, each refusal, and what is on disk afterwards."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import typing as t
from unittest import mock

import pytest
import yaml
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import credentials
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_download

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Run

BILL = {"contract_id": "C-0N7RAC7", "invoice_id": 1234567890}


@pytest.fixture
def download(run: Run, connection: dict[str, t.Any]) -> t.Callable[..., dict[str, t.Any]]:
    """Run invoice_download for the demo invoice."""

    def call(dest: Path | str, *, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        return run(invoice_download.main, connection | BILL | {"dest": str(dest)} | options, check=check)

    return call


Download = t.Callable[..., dict[str, t.Any]]


@pytest.mark.parametrize("form", ["pdf", "csv", "json"])
def test_fetches_once(download: Download, simulator: Simulator, tmp_path: Path, form: str) -> None:
    dest = tmp_path / f"bill.{form}"
    predicted = download(dest, format=form, check=True)
    assert (predicted["changed"], predicted["action"]) == (True, "downloaded")
    assert not dest.exists()
    assert simulator.requests() == []

    first = download(dest, format=form)
    content = dest.read_bytes()
    assert (first["changed"], first["action"], first["attempts"]) == (True, "downloaded", 1)
    assert first["size"] == len(content)
    assert first["checksum"] == hashlib.sha256(content).hexdigest()
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [dest.name]

    requests = len(simulator.requests())
    for again in (download(dest, format=form, check=True), download(dest, format=form)):
        assert (again["changed"], again["action"], again["attempts"]) == (False, "skipped", 0)
        assert again["checksum"] == first["checksum"]
        assert again.get("totals") == first.get("totals")
    assert len(simulator.requests()) == requests


def test_the_documented_samples_are_what_is_returned(download: Download, tmp_path: Path) -> None:
    returned = yaml.safe_load(invoice_download.RETURN)
    totals = download(tmp_path / "bill.json", format="json")["totals"]
    assert totals == {name: key["sample"] for name, key in returned["totals"]["contains"].items()}
    pdf = download(f"{tmp_path}/")
    shown = {name: str(value).replace(str(tmp_path), "/srv/bills") for name, value in pdf.items()}
    for name in ("path", "format", "source_type", "action", "reason", "size", "checksum", "attempts"):
        assert shown[name] == str(returned[name]["sample"])
    assert download(tmp_path / "none.pdf", invoice_id=1)["error"] == returned["error"]["sample"] | {
        "incident_id": mock.ANY
    }


def test_a_skip_needs_no_credentials(run: Run, download: Download, tmp_path: Path) -> None:
    dest = tmp_path / "bill.pdf"
    download(dest)
    result = run(invoice_download.main, BILL | {"dest": str(dest)})
    assert result["action"] == "skipped"


def test_source_type_and_accept_are_always_sent(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    download(tmp_path / "a.pdf")
    download(tmp_path / "a.csv", format="csv", source_type="compute")
    asked = [(request["path"].partition("?")[2], request["accept"]) for request in simulator.requests()]
    assert asked == [("sourceType=REGULAR", "application/pdf"), ("sourceType=COMPUTE", "text/csv")]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "C-0N7RAC7_1234567890.pdf"),
        ({"format": "csv", "source_type": "compute"}, "C-0N7RAC7_1234567890_compute.csv"),
    ],
    ids=["regular", "compute"],
)
def test_names_the_file_in_a_directory(
    download: Download, tmp_path: Path, options: dict[str, t.Any], name: str
) -> None:
    assert download(tmp_path, **options)["path"] == str(tmp_path / name)
    made = download(f"{tmp_path}/new/", create_dirs=True, **options)
    assert made["path"] == str(tmp_path / "new" / name)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("form", "content", "reason"),
    [
        ("pdf", b"", "is empty"),
        ("pdf", b"%PDF-1.4\ncut", "is truncated"),
        ("pdf", b"something else %%EOF", "does not begin as a PDF"),
        ("json", b'{"INVOICE": {"INVOICE_ID": 12', "is truncated"),
        ("csv", b"<!DOCTYPE html><html></html>", "is a web page"),
        ("csv", b"%PDF-1.4 %%EOF", "is a PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_is_not_sound_is_fetched_again(
    download: Download, tmp_path: Path, form: str, content: bytes, reason: str
) -> None:
    dest = tmp_path / "bill"
    dest.write_bytes(content)
    predicted = download(dest, format=form, check=True)
    assert (predicted["action"], predicted["changed"]) == ("replaced", True)
    assert dest.read_bytes() == content
    result = download(dest, format=form)
    assert result["action"] == "replaced"
    assert reason in result["reason"]
    assert result["reason"] == predicted["reason"]


def test_overwrite_different(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    dest = tmp_path / "bill.json"
    download(dest, format="json")
    first = dest.read_bytes()
    same = download(dest, format="json", overwrite="different")
    assert (same["action"], same["changed"], same["attempts"]) == ("unchanged", False, 1)
    simulator.reissue("C-0N7RAC7", 1234567890)
    requests = len(simulator.requests())
    unknown = download(dest, format="json", overwrite="different", check=True)
    assert (unknown["action"], unknown["changed"]) == ("unchanged", False)
    assert "not known" in unknown["reason"]
    assert len(simulator.requests()) == requests
    differs = download(dest, format="json", overwrite="different", backup=True)
    assert (differs["action"], differs["changed"]) == ("replaced", True)
    assert "differs" in differs["reason"]
    assert dest.read_bytes() != first
    with open(differs["backup_file"], "rb") as backup:
        assert backup.read() == first


def test_checksum(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    dest = tmp_path / "bill.pdf"
    checksum = "sha256:" + download(dest)["checksum"]
    assert download(dest, checksum=checksum.upper().replace("SHA256", "sha256"), overwrite="different")["attempts"] == 0
    content = dest.read_bytes()
    refused = download(dest, checksum=f"sha256:{0:064}")
    assert refused["failed"]
    assert "Nothing was kept" in refused["msg"]
    assert dest.read_bytes() == content
    dest.write_bytes(content.replace(b"Type", b"type"))
    repaired = download(dest, checksum=checksum)
    assert (repaired["action"], "sha256:" + repaired["checksum"]) == ("replaced", checksum)
    assert "has the checksum" in repaired["reason"]


@pytest.mark.parametrize(("on_missing", "failed"), [("error", True), ("warn", False), ("skip", False)])
@pytest.mark.parametrize("status", [204, 404])
def test_on_missing(
    download: Download, simulator: Simulator, tmp_path: Path, on_missing: str, failed: bool, status: int
) -> None:
    simulator.fault("status", status=status)
    result = download(tmp_path / "bill.pdf", on_missing=on_missing)
    assert result["failed"] is failed
    assert len(result["warned"]) == (on_missing == "warn")
    assert os.listdir(tmp_path) == []
    if not failed:
        assert (result["action"], result["changed"]) == ("missing", False)
        assert f"status {status}" in result["reason"]


def test_attributes_alone_are_a_change_without_network(
    download: Download, simulator: Simulator, tmp_path: Path
) -> None:
    dest = tmp_path / "bill.pdf"
    download(dest)
    requests = len(simulator.requests())
    predicted = download(dest, mode="0640", check=True)
    assert (predicted["changed"], predicted["action"]) == (True, "skipped")
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    changed = download(dest, mode="0640")
    assert (changed["changed"], changed["diff"]["after"]["mode"]) == (True, "0640")
    assert stat.S_IMODE(dest.stat().st_mode) == 0o640
    assert download(dest, mode="0640")["changed"] is False
    assert len(simulator.requests()) == requests


def test_a_replaced_file_keeps_its_attributes(download: Download, tmp_path: Path) -> None:
    dest = tmp_path / "bill.pdf"
    dest.touch(mode=0o644)
    os.chmod(dest, 0o644)
    assert download(dest)["action"] == "replaced"
    assert stat.S_IMODE(dest.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"contract_id": "../../etc"}, "is not a contract ID"),
        ({"contract_id": "C-1?x=1"}, "is not a contract ID"),
        ({"contract_id": "C 1"}, "is not a contract ID"),
        ({"contract_id": ""}, "is not a contract ID"),
        ({"contract_id": "C-1\n"}, "is not a contract ID"),
        ({"invoice_id": "../1"}, "int"),
        ({"invoice_id": "1 2"}, "int"),
        ({"invoice_id": -1}, "is not an invoice ID"),
        ({"invoice_id": 0}, "is not an invoice ID"),
        ({"source_type": "compute"}, "compute comes as csv only"),
        ({"checksum": "md5:1234"}, "is not a checksum"),
        ({"checksum": "sha256:12"}, "is not a checksum"),
        ({"edgerc_section": "nowhere"}, "no section nowhere"),
        ({"edgerc": "/nowhere/.edgerc"}, "/nowhere/.edgerc"),
        ({"host": "h.example"}, "client_token"),
    ],
    ids=str,
)
def test_bad_input_is_refused_before_any_request(
    download: Download, simulator: Simulator, tmp_path: Path, options: dict[str, t.Any], message: str
) -> None:
    dest = tmp_path / "bill.pdf"
    result = download(dest, **options)
    assert result["failed"]
    assert message in result["msg"]
    assert simulator.requests() == []
    assert os.listdir(tmp_path) == []


def test_a_destination_that_cannot_be_is_refused(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    for dest, message in (
        ("none/bill.pdf", "does not exist"),
        ("none/", "does not exist"),
        ("file/bill.pdf", "is not a directory"),
        ("pipe", "is not a regular file"),
    ):
        for check in (True, False):
            result = download(tmp_path / dest if dest[-1] != "/" else f"{tmp_path}/{dest}", check=check)
            assert result["failed"]
            assert message in result["msg"]
    assert simulator.requests() == []


@pytest.mark.parametrize("old", [None, b"%PDF-1.4 an older one %%EOF"], ids=["no file", "an old file"])
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "html"}, "text/html"),
        ({"kind": "wrong_type", "content_type": "text/csv"}, "text/csv"),
        ({"kind": "empty"}, "is empty"),
        ({"kind": "truncated"}, "is truncated"),
        ({"kind": "cut"}, "cut short"),
        ({"kind": "status", "status": 500}, "status 500"),
        ({"kind": "body", "body": "<html>log in</html>", "content_type": "application/pdf"}, "is a web page"),
        ({"kind": "redirect", "location": "https://elsewhere.example/"}, "redirected to another host"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else None,
)
def test_what_is_not_the_document_never_reaches_the_destination(
    download: Download,
    simulator: Simulator,
    tmp_path: Path,
    fault: dict[str, t.Any],
    message: str,
    old: bytes | None,
) -> None:
    dest = tmp_path / "bill.pdf"
    if old:
        dest.write_bytes(old)
    simulator.fault(**fault, times=None)
    result = download(dest, overwrite="different", retries=0)
    assert result["failed"]
    assert message in result["msg"]
    assert os.listdir(tmp_path) == ([dest.name] if old else [])
    assert not old or dest.read_bytes() == old


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("csv", "Product,Amount owed\nA,1\n"),
        ("csv", "Product,Total\nA,1.2.3\n"),
        ("json", '{"INVOICE": {"END_CUSTOMER": [{"INVOICE_LINE": [{"ITEM_TOTAL": "x"}]}]}}'),
    ],
)
def test_what_arrived_is_kept_without_totals(
    download: Download, simulator: Simulator, tmp_path: Path, form: str, body: str
) -> None:
    dest = tmp_path / f"bill.{form}"
    simulator.fault("body", body=body, content_type={"csv": "text/csv", "json": "application/json"}[form])
    first = download(dest, format=form)
    assert (first["action"], first["changed"], first["totals"]) == ("downloaded", True, None)
    assert first["totals_error"].startswith(f"{dest}: ")
    requests = len(simulator.requests())
    for check in (True, False):
        again = download(dest, format=form, check=check)
        assert (again["action"], again["changed"], again["totals"]) == ("skipped", False, None)
        assert again["totals_error"] == first["totals_error"]
        assert again["warned"] == first["warned"]
    assert first["warned"] == [
        f"The document is kept without totals because its amounts cannot be read. {first['totals_error']}"
    ]
    assert (len(simulator.requests()), dest.read_text()) == (requests, body)


def test_columns_decide_without_a_download(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    dest = tmp_path / "bill.csv"
    simulator.fault("body", body="Product,Owed,Sales tax\nIon,10.00,2\n", content_type="text/csv")
    assert download(dest, format="csv")["totals_error"]
    decided = download(dest, format="csv", columns={"total": "Owed", "taxes": "Sales tax"})
    assert (decided["action"], decided["attempts"], decided["totals_error"]) == ("skipped", 0, None)
    assert (decided["totals"]["total"], decided["totals"]["taxes"], decided["warned"]) == (10, 2, [])
    assert (decided["totals"]["encoding"], decided["totals"]["warnings"]) == ("utf-8", [])
    for columns, message in (({"totall": "Owed"}, "totall"), ({"total": ""}, "columns.total")):
        assert message in download(dest, format="csv", columns=columns)["msg"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"title": "error"}, "is not a bill"),
        ({"INVOICE": {"INVOICE_ID": 99, "END_CUSTOMER": []}}, "has the invoice ID 99, not"),
    ],
)
def test_json_of_another_bill_is_refused(
    download: Download, simulator: Simulator, tmp_path: Path, body: object, problem: str
) -> None:
    simulator.fault("body", body=body)
    failed = download(tmp_path / "bill.json", format="json")
    assert failed["failed"]
    assert f"status 200, but the document {problem}" in failed["msg"]
    assert failed["msg"].endswith("Nothing was kept: check the invoice ID.")
    assert os.listdir(tmp_path) == []


def test_the_tries_for_a_missing_document_are_counted(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("status", path="/download", status=503)
    simulator.fault("status", path="/download", status=404)
    result = download(tmp_path / "bill.pdf", on_missing="skip", retries=1)
    assert (result["action"], result["attempts"]) == ("missing", 2)


def test_a_missing_document_says_nothing_of_a_broken_file(
    download: Download, simulator: Simulator, tmp_path: Path
) -> None:
    dest = tmp_path / "bill.json"
    dest.write_bytes(b"{broken")
    simulator.fault("status", status=404)
    result = download(dest, format="json", on_missing="skip")
    assert (result["action"], result["changed"]) == ("missing", False)
    assert dest.read_bytes() == b"{broken"


def test_a_relative_destination(download: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert download("bill.pdf")["path"] == str(tmp_path / "bill.pdf")
    assert download("bill.pdf")["action"] == "skipped"


def test_no_directory_is_left_by_a_failure(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("status", status=404, times=2)
    assert download(f"{tmp_path}/a/b/", create_dirs=True)["failed"]
    assert not download(f"{tmp_path}/a/b/", create_dirs=True, on_missing="skip")["failed"]
    assert os.listdir(tmp_path) == []


def test_a_generic_content_type_is_accepted_for_a_sound_body(
    download: Download, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("wrong_type", content_type="application/octet-stream")
    assert download(tmp_path / "bill.pdf")["action"] == "downloaded"


def test_secrets_of_the_edgerc_are_masked_everywhere(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    secrets = credentials.load({"edgerc": simulator.edgerc}, {}).secrets
    simulator.fault("status", status=403, body=" ".join(secrets))
    failed = download(tmp_path / "bill.pdf")
    assert failed["failed"]
    assert not any(secret in str(failed) for secret in secrets)


def test_a_readable_edgerc_warns(download: Download, simulator: Simulator, tmp_path: Path) -> None:
    edgerc = tmp_path / "edgerc"
    with open(simulator.edgerc, encoding="utf-8") as file:
        edgerc.write_text(file.read())
    os.chmod(edgerc, 0o644)
    assert "chmod 600" in str(download(tmp_path / "bill.pdf", edgerc=str(edgerc))["warned"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "rwx"}, "mode 'rwx' is not a mode"),
        ({"directory_mode": "0999"}, "directory_mode '0999' is not a mode"),
        ({"owner": "nobody-has-this-name"}, "does not exist on this host: create the user first"),
        ({"group": "nobody-has-this-name"}, "does not exist on this host: create the group first"),
        ({"dest": ""}, "dest is empty"),
        ({"dest": "  "}, "dest is empty"),
        ({"dest": "/tmp/" + "x" * 256}, "dest is too long"),
        ({"dest": "/tmp/" + "x/" * 3000, "create_dirs": True}, "dest is too long"),
    ],
    ids=str,
)
def test_files_and_attributes_are_checked_before_any_request(
    download: Download, simulator: Simulator, tmp_path: Path, options: dict[str, t.Any], message: str
) -> None:
    for check in (True, False):
        result = download(**{"dest": tmp_path / "bill.pdf"} | options, check=check)
        assert result["failed"]
        assert message in result["msg"]
    assert (simulator.requests(), os.listdir(tmp_path)) == ([], [])


def test_directories_that_are_made_have_the_mode_that_was_asked_for(download: Download, tmp_path: Path) -> None:
    result = download(f"{tmp_path}/a/b/", create_dirs=True, mode="0640", directory_mode="u=rwx,g=rx,o=")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a", tmp_path / "a" / "b")}
    assert set(modes.values()) == {0o750}
    assert stat.S_IMODE(os.stat(result["path"]).st_mode) == 0o640
    assert download(f"{tmp_path}/a/b/", create_dirs=True, mode="0640", directory_mode="0700")["changed"] is False


def test_the_result_is_there_though_attributes_cannot_be_set(
    download: Download, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: t.Any, **kwargs: t.Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    with monkeypatch.context() as share:
        share.setattr(os, "chmod", refuse)
        failed = download(tmp_path / "bill.pdf", mode="0640")
        # Without a mode, a file system that has none is no failure.
        assert download(tmp_path / "other.pdf")["warned"] == []
        (tmp_path / "other.pdf").write_bytes(b"")
        share.setattr(os, "fchmod", refuse)
        warned = download(tmp_path / "other.pdf")["warned"]
    assert (failed["failed"], failed["changed"], failed["action"]) == (True, True, "downloaded")
    assert failed["size"] == (tmp_path / "bill.pdf").stat().st_size
    assert "Operation not permitted" in failed["msg"]
    assert warned == []
    assert download(tmp_path / "bill.pdf", mode="0640")["changed"] is True


def test_a_directory_that_cannot_be_changed_is_named(
    download: Download, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: t.Any, **kwargs: t.Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    dest = tmp_path / "bill.pdf"
    dest.write_bytes(b"")
    monkeypatch.setattr(os, "replace", refuse)
    failed = download(dest)
    reason = f"Cannot write {dest}: Operation not permitted. Correct this for the user of the task"
    assert failed["failed"] is True
    assert failed["msg"].startswith(reason)
    assert os.listdir(tmp_path) == ["bill.pdf"]


def test_check_mode_on_a_fresh_machine_has_all_keys(download: Download, tmp_path: Path) -> None:
    predicted = download(f"{tmp_path}/new/", format="json", create_dirs=True, check=True)
    assert (predicted["changed"], predicted["path"]) == (True, f"{tmp_path}/new/C-0N7RAC7_1234567890.json")
    assert [predicted[name] for name in ("totals", "totals_error", "size", "checksum")] == [None] * 4
    done = download(f"{tmp_path}/new/", format="json", create_dirs=True)
    # Ansible adds the attributes of a file that is there.
    assert predicted.keys() <= done.keys()
