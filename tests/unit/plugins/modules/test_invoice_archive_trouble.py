# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Archives in trouble: what failed is named, what was done is reported, and nothing outside is touched."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.tests.unit.archives import (
    as_version_1,
    assert_intact,
    documents,
    entries,
    lose_catalogue,
    parts,
    save_as_version_1,
)

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Archive

CONTRACT, INVOICE, MONTH = "C-0N7RAC7", 1234567890, "2024-05"
CSV = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.csv"
PDF = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.pdf"


def counts_of(result: dict[str, t.Any]) -> dict[str, int]:
    """The counts that are not 0, without requests."""
    return {name: count for name, count in result["counts"].items() if count and name != "requests"}


def test_a_list_that_fails_is_the_failure_of_its_month(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("status", path="month=2024-06", status=403, times=None)
    options = {"month": None, "from_month": "2024-05", "to_month": "2024-07"}
    for check in (True, False):
        failed = archive(**options, check=check)
        assert (failed["failed"], failed["changed"]) == (True, True)
        assert counts_of(failed) == {"downloaded": 8, "failed": 1}
        (failure,) = failed["failures"]
        assert {name: failure[name] for name in ("month", "contract_id", "invoice_id", "format")} == {
            "month": "2024-06",
            "contract_id": CONTRACT,
            "invoice_id": None,
            "format": None,
        }
        assert failure["error"]["status"] == failed["error"]["status"] == 403
        assert f"The list of bills of 2024-06 for contract {CONTRACT} could not be retrieved: GET " in failed["msg"]
        assert {one["month"] for one in failed["bills"]} == {"2024-05", "2024-07"}
    assert_intact(dest)
    simulator.reset()
    assert counts_of(archive(**options)) == {"downloaded": 3, "skipped": 8}


def test_nothing_is_made_when_no_list_can_be_retrieved(archive: Archive, simulator: Simulator, dest: Path) -> None:
    simulator.fault("status", path="/invoices", status=403, times=None)
    failed = archive()
    assert (failed["failed"], failed["changed"], failed["totals"], failed["bills"]) == (True, False, [], [])
    assert not (dest / "catalogue.json").exists()


def refuse_to_save(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the file system be full for some files."""
    replace = os.replace

    def refuse(source: str, dest: str) -> None:
        if os.path.basename(dest) in names:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, dest)

    monkeypatch.setattr(os, "replace", refuse)


@pytest.mark.parametrize("name", ["catalogue.json", "SHA256SUMS"])
def test_what_was_done_is_reported_though_the_catalogue_cannot_be_saved(
    archive: Archive, dest: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as full:
        refuse_to_save(full, name)
        failed = archive()
    assert (failed["failed"], failed["changed"]) == (True, True)
    assert counts_of(failed) == {"downloaded": 3, "failed": 1}
    assert len(failed["documents"]) == 3
    assert "The catalogue could not be saved, and the next run adds the documents to it: " in failed["msg"]
    assert failed["failures"][0]["error"]["path"] == f"{dest}/{name}"
    assert counts_of(archive()) == {"skipped": 3}
    assert_intact(dest)
    assert archive()["changed"] is False


def test_nothing_is_tried_when_the_archive_cannot_be_changed(
    archive: Archive, simulator: Simulator, dest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        refuse_to_save(full, "unsaved")
        failed = archive()
    assert (failed["failed"], failed["changed"], counts_of(failed)) == (True, False, {"failed": 1})
    assert "1 failure, and 3 documents not tried. The archive cannot be changed: Cannot write" in failed["msg"]
    assert sum("/download" in request["path"] for request in simulator.requests()) == 0
    assert counts_of(archive()) == {"downloaded": 3}


@pytest.mark.parametrize("name", ["catalogue.json", "SHA256SUMS"])
@pytest.mark.parametrize("kind", ["directory", "pipe", "link", "dangling link"])
def test_what_is_no_file_in_place_of_the_catalogue_is_named_before_any_request(
    archive: Archive, simulator: Simulator, dest: Path, tmp_path: Path, name: str, kind: str
) -> None:
    dest.mkdir()
    (tmp_path / "outside").write_text("of somebody else")
    make(dest / name, kind, tmp_path / "outside")
    for check in (True, False):
        failed = archive(check=check)
        assert failed["failed"]
        assert f"{dest}/{name} exists but is not a regular file: move it away" in failed["msg"]
    assert simulator.counters()["total"] == 0
    assert (tmp_path / "outside").read_text() == "of somebody else"


def make(path: Path, kind: str, target: Path) -> None:
    """Something that is not a regular file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target if kind == "link" else "nowhere")


@pytest.mark.parametrize("kind", ["directory", "pipe", "link", "dangling link"])
@pytest.mark.parametrize("known", [True, False])
def test_what_is_no_file_in_place_of_a_document_is_that_documents_failure(
    archive: Archive, dest: Path, tmp_path: Path, kind: str, known: bool
) -> None:
    if known:
        archive()
        (dest / PDF).unlink()
    (tmp_path / "outside").write_text("of somebody else")
    make(dest / PDF, kind, tmp_path / "outside")
    failed = archive(mode="0600")
    assert counts_of(failed) == {"skipped" if known else "downloaded": 2, "failed": 1}
    assert f"The pdf version 1 of bill {INVOICE} of {CONTRACT}: {dest}/{PDF} exists but is not a" in failed["msg"]
    assert (tmp_path / "outside").read_text() == "of somebody else"
    if kind == "directory":
        (dest / PDF).rmdir()
    else:
        (dest / PDF).unlink()
    assert archive()["failed"] is False
    assert_intact(dest)


def test_a_linked_work_directory_is_refused(archive: Archive, simulator: Simulator, dest: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    dest.mkdir()
    (dest / ".akamai_invoicing").symlink_to(tmp_path / "outside")
    assert ".akamai_invoicing is a symbolic link, which an archive must not contain" in archive()["msg"]
    assert os.listdir(tmp_path / "outside") == []
    assert simulator.counters()["total"] == 0


def test_attributes_never_leave_over_a_link(archive: Archive, dest: Path, tmp_path: Path) -> None:
    archive()
    outside = tmp_path / "outside"
    shutil.move(dest / CONTRACT, outside)
    (dest / CONTRACT).symlink_to(outside)
    failed = archive(verify="none", mode="0644")
    assert "The attributes that were asked for cannot be set: " in failed["msg"]
    assert "goes through a symbolic link" in failed["msg"]
    assert {path.stat().st_mode & 0o777 for path in outside.rglob("*.*")} == {0o600}


Change = t.Callable[[dict[str, t.Any]], t.Any]
BAD: dict[str, Change] = {
    "not an object": lambda entry: 5,
    "path of the catalogue": lambda entry: entry | {"path": "catalogue.json"},
    "path of the checksums": lambda entry: entry | {"path": "sha256sums"},
    "path of the work directory": lambda entry: entry | {"path": ".akamai_invoicing/lock"},
    "path outside": lambda entry: entry | {"path": "../outside"},
    "absolute path": lambda entry: entry | {"path": "/etc/passwd"},
    "path that is a number": lambda entry: entry | {"path": 5},
    "path of another": lambda entry: entry | {"path": PDF},
    "path of a directory": lambda entry: entry | {"path": CONTRACT},
    "totals that are text": lambda entry: entry | {"totals": "100"},
    "totals that are an object": lambda entry: entry | {"totals": {"currency": "USD"}},
    "totals with text": lambda entry: entry | {"totals": [entry["totals"][0] | {"total": "much"}]},
    "totals with true": lambda entry: entry | {"totals": [entry["totals"][0] | {"lines": True}]},
    "totals without lines": lambda entry: entry | {"totals": [{"currency": "USD", "total": 1}]},
    "size below 0": lambda entry: entry | {"size": -1},
    "size true": lambda entry: entry | {"size": True},
    "sha256 a list": lambda entry: entry | {"sha256": []},
    "bill true": lambda entry: entry | {"invoice_id": True},
    "contract with a slash": lambda entry: entry | {"contract_id": "C-1/../.."},
    "format a list": lambda entry: entry | {"format": ["csv"]},
    "another format": lambda entry: entry | {"format": "exe"},
    "month a text": lambda entry: entry | {"month": "../.."},
    "currency a number": lambda entry: entry | {"invoice_currency": 978},
    "total infinite": lambda entry: entry | {"invoice_total": 1e999},
    "totals_error a list": lambda entry: entry | {"totals_error": []},
    "columns a text": lambda entry: entry | {"columns": "total"},
    "unknown field": lambda entry: entry | {"colour": "red"},
}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_a_bad_entry_is_reported_and_made_again(
    archive: Archive, simulator: Simulator, dest: Path, tmp_path: Path, change: Change, version: int
) -> None:
    archive(formats=["pdf", "csv"], source_types=["regular"])
    (tmp_path / "outside").write_text("of somebody else")
    good = entries(dest)
    listed = good if version == 2 else [as_version_1(entry) for entry in good]
    bad = [change(entry) if entry["path"] == CSV else entry for entry in listed]
    bad.sort(key=lambda entry: entry not in listed)
    if version == 1:
        damaged = [save_as_version_1(dest, bad)]
        where, noun, kept = "catalogue.json", "entr(y|ies)", "damaged_catalogue.json"
    else:
        damaged = [json.dumps(entry).encode() for entry in bad]
        parts(dest)[0].write_bytes(b"".join(line + b"\n" for line in damaged))
        where, noun, kept = f"catalogue/{CONTRACT}/{MONTH}.jsonl", "lines?", f"{CONTRACT}/damaged_{MONTH}.jsonl"
    simulator.reset()
    for check in (True, False):
        done = archive(source_types=["regular"], mode="0600", check=check)
        assert (done["failed"], done["changed"], counts_of(done)) == (False, True, {"skipped": 2})
        # Of two entries with one path, neither can be used.
        first = rf"has [12] {noun} that cannot be used \(the first is (entry|line) [12]: "
        assert re.search(rf"{re.escape(where)} (is damaged|{first})", done["warned"][0])
    assert simulator.counters()["total"] == 2
    found = entries(dest)
    assert [one | {"fetched": None} for one in found] == [one | {"fetched": None} for one in good]
    assert (dest / ".akamai_invoicing" / kept).read_bytes().rstrip(b"\n").split(b"\n") == (
        damaged if version == 1 else [line for line in damaged if json.loads(line) not in found]
    )
    assert (tmp_path / "outside").read_text() == "of somebody else"
    assert_intact(dest)
    assert archive(source_types=["regular"])["changed"] is False


def test_checksums_of_files_outside_are_dropped(archive: Archive, dest: Path, tmp_path: Path) -> None:
    archive()
    (tmp_path / "outside").write_text("of somebody else")
    lose_catalogue(dest)
    with (dest / "SHA256SUMS").open("a") as file:
        for path in ("../outside", "/etc/passwd", "catalogue.json", ".akamai_invoicing/lock", "a//b", "no checksum"):
            file.write(f"{0:064}  {path}\n")
    archive()
    assert_intact(dest)
    assert len((dest / "SHA256SUMS").read_text().splitlines()) == 3


def test_pipes_among_the_documents_do_not_block(archive: Archive, dest: Path) -> None:
    archive()
    os.mkfifo(dest / CONTRACT / MONTH / "77_v1.csv")
    os.mkfifo(dest / "pipe")
    lose_catalogue(dest)
    assert counts_of(archive()) == {"skipped": 3}


def test_totals_errors_end_with_columns_and_without_a_download(
    archive: Archive, simulator: Simulator, dest: Path
) -> None:
    simulator.fault("body", path="REGULAR", body="Product,Owed\nA,50000.42\n", content_type="text/csv")
    options = {"formats": ["csv"], "source_types": ["regular"]}
    first = archive(**options)
    assert first["documents"][0]["totals"] is None
    for check in (True, False):
        again = archive(**options, check=check)
        assert (counts_of(again), again["changed"], again["warned"]) == ({"skipped": 1}, False, first["warned"])
    decided = archive(**options, columns={"total": "Owed"}, returned="all")
    assert (counts_of(decided), decided["changed"], decided["warned"]) == ({"skipped": 1}, True, [])
    assert decided["documents"][0]["totals"][0]["total"] == 50000.42
    assert decided["documents"][0]["columns"] == {"total": "Owed"}
    assert decided["totals"][0]["reconciled"] is True
    assert archive(**options, columns={"total": "Owed"})["changed"] is False
    assert_intact(dest)
    # Totals always are those that the options ask for.
    assert archive(**options)["documents"] == []
    assert entries(dest)[0]["totals"] is None


def test_directories_have_the_mode_that_was_asked_for(archive: Archive, dest: Path) -> None:
    archive(dest=f"{dest}/below", directory_mode="0751", mode="u=rw,g=r", owner=str(os.getuid()))
    modes = {path: path.stat().st_mode & 0o777 for path in (dest, *dest.rglob("*"))}
    for path, mode in modes.items():
        private = ".akamai_invoicing" in path.parts
        assert mode == ((0o700 if private else 0o751) if path.is_dir() else 0o600 if private else 0o640), path
    (dest / "below" / CONTRACT).chmod(0o700)
    assert archive(dest=f"{dest}/below", directory_mode="0751")["changed"] is False
    assert (dest / "below" / CONTRACT).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "rwx"}, "mode 'rwx' is not a mode"),
        ({"directory_mode": "0999"}, "directory_mode '0999' is not a mode"),
        ({"owner": "nobody-has-this-name"}, "does not exist on this host"),
        ({"group": "nobody-has-this-name"}, "does not exist on this host"),
        ({"dest": " "}, "dest is empty"),
        ({"dest": "/tmp/" + "x" * 256}, "dest is too long"),
        ({"dest": "/tmp/" + "x/" * 3000}, "dest is too long"),
        ({"lock_timeout": -1}, "choose 0 or more seconds"),
        ({"columns": {"totall": "x"}}, "totall"),
        ({"path_template": "{invoice_id}" + "x" * 250}, "is too long"),
    ],
)
def test_options_are_checked_before_anything_is_written(
    archive: Archive, simulator: Simulator, dest: Path, options: dict[str, t.Any], message: str
) -> None:
    for check in (True, False):
        failed = archive(**options, check=check)
        assert failed["failed"]
        assert message in failed["msg"]
    assert not any("/download" in request["path"] for request in simulator.requests())
    assert not dest.exists() or documents(dest) == []


def test_another_run_is_waited_for_no_longer_than_asked(archive: Archive, simulator: Simulator, dest: Path) -> None:
    archive()
    with open(dest / ".akamai_invoicing" / CONTRACT / "lock", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        simulator.reset()
        failed = archive(lock_timeout=0.2)
        assert "for more than 0.2 s: run again when it has ended, or raise lock_timeout" in failed["msg"]
        assert [request["path"].partition("?")[0][-9:] for request in simulator.requests()] == ["/invoices"]
        assert archive(check=True)["failed"] is False
        # Another contract has a lock of its own.
        assert archive(contract_ids=["C-0N7RAC71"], lock_timeout=0.2)["failed"] is False


def test_a_file_system_without_permissions_warns_once(
    archive: Archive, dest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive()
    (dest / "catalogue.json").chmod(0o640)
    (dest / CSV).write_text("")
    (dest / CSV).chmod(0o644)

    def refuse(*args: t.Any, **kwargs: t.Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chmod", refuse)
    done = archive(month=None, from_month="2024-05", to_month="2024-06")
    assert counts_of(done) == {"downloaded": 3, "repaired": 1, "skipped": 2}
    assert done["warned"] == [f"The file system of {dest} refuses to set permissions: files have those that it gives."]
    assert_intact(dest)


def test_attributes_that_cannot_be_set_do_not_lose_the_result(
    archive: Archive, dest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive()
    (dest / PDF).unlink()

    def refuse(*args: t.Any, **kwargs: t.Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chmod", refuse)
    failed = archive(mode="0640")
    assert (failed["failed"], failed["changed"]) == (True, True)
    assert counts_of(failed) == {"repaired": 1, "skipped": 2, "failed": 1}
    assert "The attributes that were asked for cannot be set: Cannot change" in failed["msg"]


def test_a_long_message_names_what_fits(archive: Archive, simulator: Simulator) -> None:
    simulator.catalogue(20)
    simulator.fault("status", path="/download", status=403, times=None)
    failed = archive(contract_ids=["C-0N7RAC71"], month="2024-07")
    assert failed["counts"]["failed"] == len(failed["failures"]) == 40
    assert failed["msg"].count(" of bill ") == 1
    assert failed["msg"].endswith("See failures for the other 39.")
    assert len(failed["msg"]) <= 600


def test_a_long_diff_is_bounded(archive: Archive, simulator: Simulator) -> None:
    simulator.catalogue(70)
    done = archive(contract_ids=["C-0N7RAC71"], month="2024-07", check=True, diff=True)
    lines = done["diff"]["after"].splitlines()
    assert (len(lines), lines[-1]) == (101, "… and 40 more")
