# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Archives that are only read: what is returned, what fails, and that nothing is changed or sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_archive_info
from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import CONTRACT, MadeArchive
from ansible_collections.edgebill.akamai_invoicing.tests.processes import CODE
from yaml import safe_load

if t.TYPE_CHECKING:
    from .conftest import Archive, Run

TREE = Path(invoice_archive_info.__file__).parents[5]
Info = t.Callable[..., dict[str, t.Any]]


@pytest.fixture
def made(tmp_path: Path) -> MadeArchive:
    """Four bills: one adds up, one does not, one cannot be read, one has no total; June is missing."""
    archive = MadeArchive(tmp_path / "archive")
    archive.add(1, format="pdf")
    archive.add(1)
    archive.add(2, "2024-07", lines=9)
    archive.add(3, "2024-07", lines=None, invoice_type="CREDIT_MEMO")
    archive.add(4, "2024-08", invoice_total=None)
    archive.save()
    return archive


@pytest.fixture
def info(run: Run, made: MadeArchive) -> Info:
    """Run invoice_archive_info on the archive, or with the options."""

    def call(*, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        return run(invoice_archive_info.main, {"src": [str(made.root)]} | options, check=check)

    return call


def ids(bills: t.Iterable[dict[str, t.Any]]) -> list[int]:
    return [bill["invoice_id"] for bill in bills]


@pytest.mark.parametrize("verify", ["none", "size", "sha256", "full"])
def test_what_is_returned(info: Info, made: MadeArchive, verify: str) -> None:
    result = info(verify=verify)
    assert result["failed"] is False
    assert result.get("changed", False) is False
    assert result["warned"] == []
    assert ids(result["bills"]) == [1, 2, 3, 4]
    assert [bill["reconciled"] for bill in result["bills"]] == [True, False, None, None]
    assert result["problems"] == []
    assert result["missing_months"] == {CONTRACT: ["2024-06"]}
    (differing,) = result["unreconciled"]
    assert differing == {
        **{"contract_id": CONTRACT, "invoice_id": 2, "month": "2024-07", "currency": "USD"},
        **{"invoice_total": 10, "total": 9, "difference": -1},
    }
    (total,) = result["totals"]
    assert (total["bills"], total["invoice_total"], total["total"], total["lines"]) == (4, None, 29, 3)
    size = sum(path.stat().st_size for path in made.root.rglob("*_v1.*"))
    assert result["counts"] == {
        **{"bills": 4, "documents": 5, "bytes": size, "problems": 0},
        **{"unreconciled": 1, "unknown": 2, "without_totals": 1},
    }
    assert result["new_bills"] == []
    (archive,) = result["archives"]
    assert (archive["src"], archive["version"]) == (str(made.root), 2)
    assert (archive["journal_lines"] == 5) is (verify == "full")
    assert result["msg"] == (
        "4 bills with 5 documents: 0 problems, 1 month without a bill, 1 bill whose lines do not add up."
    )
    assert info(verify=verify, check=True) == result


def test_the_documented_keys_are_those_that_are_returned(info: Info) -> None:
    documented = safe_load(invoice_archive_info.RETURN)
    result = info(since="2026-11", describe_columns=True, verify="full")
    assert result.keys() - {"failed", "warned"} == documented.keys() - {"error"}
    for name in ("bills", "new_bills", "unreconciled", "descriptions", "archives"):
        assert result[name][0].keys() == documented[name]["contains"].keys(), name
    assert result["counts"].keys() == documented["counts"]["contains"].keys()
    document = documented["bills"]["contains"]["documents"]["contains"]
    assert result["bills"][0]["documents"][0].keys() == document.keys()
    layout = documented["descriptions"]["contains"]["layout"]["contains"]
    assert result["descriptions"][0]["layout"].keys() == layout.keys()
    assert documented["totals"]["sample"][0].keys() == result["totals"][0].keys()
    assert documented["bills"]["sample"][0].keys() == result["bills"][0].keys()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"month": "2024-07"}, [2, 3]),
        ({"from_month": "2024-06", "to_month": "2024-07"}, [2, 3]),
        ({"from_month": "2024-08"}, [4]),
        ({"invoice_types": ["credit_memo"]}, [3]),
        ({"contract_ids": [CONTRACT], "month": "2024-05"}, [1]),
        ({"contract_ids": ["C-1"]}, []),
    ],
)
def test_selection(info: Info, options: dict[str, t.Any], found: list[int]) -> None:
    result = info(**options)
    assert ids(result["bills"]) == found
    assert result["counts"]["bills"] == len(found)
    assert info(returned="none", **options) == result | {"bills": []}


def test_missing_months_of_a_contract_that_has_no_bill(info: Info) -> None:
    assert info(contract_ids=["C-1"], from_month="2024-01", to_month="2024-02")["missing_months"] == {
        "C-1": ["2024-01", "2024-02"]
    }


@pytest.mark.parametrize(
    ("since", "found"),
    [("2026-11", [1, 2, 3, 4]), ("2026-11-05", [1, 2, 3, 4]), ("2026-11-06", []), ("last_month", None)],
)
def test_new_bills(info: Info, since: str, found: list[int] | None) -> None:
    result = info(since=since)
    assert result["failed"] is False
    assert found is None or ids(result["new_bills"]) == found


@pytest.mark.parametrize("since", ["2026-11-31", "yesterday", "2026", ""])
def test_a_date_that_is_none(info: Info, since: str) -> None:
    result = info(since=since)
    assert result["failed"] is True
    assert "since" in result["msg"]


def test_two_archives_with_the_same_bill(info: Info, made: MadeArchive) -> None:
    copy = made.root.parent / "copy"
    shutil.copytree(made.root, copy)
    (made.root.parent / "link").symlink_to(copy)
    result = info(src=[str(made.root), str(copy), str(copy), str(copy.with_name("link"))], verify="full")
    one = info()
    assert ids(result["bills"]) == ids(one["bills"])
    assert result["totals"] == one["totals"]
    assert result["counts"]["documents"] == 2 * one["counts"]["documents"]
    assert len(result["archives"]) == 2


def cut(made: MadeArchive) -> None:
    (made.root / str(made.entries[0]["path"])).write_bytes(b"")


def lose(made: MadeArchive) -> None:
    (made.root / str(made.entries[0]["path"])).unlink()


def leave(made: MadeArchive) -> None:
    (made.root / "notes.txt").write_text("", encoding="utf-8")


def nothing(made: MadeArchive) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "fail_on", "message"),
    [
        (nothing, ["damaged"], None),
        (nothing, ["missing"], f"1 month without a bill. First: 2024-06 of contract {CONTRACT}."),
        (nothing, ["unreconciled"], "1 bill whose lines do not add up. First: bill 2 of contract"),
        (cut, ["damaged"], f"1 damaged file. First: {CONTRACT}/2024-05/1_v1.pdf has 0 bytes instead of 35."),
        (cut, ["unreconciled"], "1 bill whose lines do not add up."),
        (lose, ["damaged"], f"1 damaged file. First: {CONTRACT}/2024-05/1_v1.pdf is gone."),
        (lose, ["missing"], f"1 missing file. First: {CONTRACT}/2024-05/1_v1.pdf is gone."),
        (leave, ["damaged"], None),
    ],
)
def test_what_fails(
    info: Info, made: MadeArchive, change: t.Callable[[MadeArchive], None], fail_on: list[str], message: str | None
) -> None:
    change(made)
    result = info(fail_on=fail_on, verify="full")
    assert result["failed"] is (message is not None)
    assert message is None or message in result["msg"]
    same = info(verify="full")
    assert {key: result[key] for key in result if key not in ("msg", "failed")} == {
        key: same[key] for key in same if key not in ("msg", "failed")
    }


def test_results_are_bounded(info: Info, made: MadeArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_archive_info, "MAX_BILLS", 2)
    monkeypatch.setattr(invoice_archive_info, "MAX_LISTED", 3)
    for entry in made.entries:
        (made.root / str(entry["path"])).unlink()
    result = info(since="2026-11", describe_columns=True)
    lengths = {name: len(result[name]) for name in ("bills", "problems", "new_bills", "descriptions")}
    assert lengths == {"bills": 2, "problems": 3, "new_bills": 2, "descriptions": 3}
    assert sorted(warning.partition(":")[0] for warning in result["warned"]) == [
        "bills has the first 2 of 4",
        "descriptions has the first 3 of 4",
        "new_bills has the first 2 of 4",
        "problems has the first 3 of 5",
    ]
    assert result["counts"]["problems"] == 5
    assert all("is gone" in one["msg"] for one in result["problems"])
    assert all(one["error"] and one["layout"] is None for one in result["descriptions"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"src": []}, "src is an empty list"),
        ({"src": [" "]}, "src is empty"),
        ({"src": ["/no/such"]}, "/no/such/catalogue.json is not there: name the root of an archive"),
        ({"month": "2024-13"}, "month"),
        ({"contract_ids": []}, "contract_ids is an empty list"),
        ({"contract_ids": ["../x"]}, "not a contract ID"),
        ({"verify": "checksum"}, "value of verify must be one of"),
        ({"month": "2024-05", "from_month": "2024-05"}, "mutually exclusive"),
        ({"to_month": "2024-05"}, "from_month"),
    ],
)
def test_options_that_are_refused(info: Info, options: dict[str, t.Any], message: str) -> None:
    result = info(**options)
    assert result["failed"] is True
    assert message in result["msg"]


def test_an_amount_in_the_catalogue_that_is_none(info: Info, made: MadeArchive) -> None:
    made.entries[1]["invoice_total"] = "9" * 60
    made.save()
    result = info()
    assert result["failed"] is True
    assert "invoice_total" in result["msg"]
    assert "Unexpected" not in result["msg"]


# What Python reports of itself: each file that is opened, each connection, each import.
AUDIT = """
import os, sys
root = sys.argv[3]
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
changes = ("os.", "shutil.", "fcntl.", "tempfile.")
reads = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.getxattr", "os.listxattr", "os.putenv", "os.unsetenv")
def hook(event, arguments):
    # Ansible itself looks this address up when it is imported.
    local = event == "socket.getaddrinfo" and arguments[0] == "127.0.0.1"
    if event.startswith(("socket.", "subprocess.", "os.fork", "os.exec", "os.posix_spawn")) and not local:
        os.write(2, f"FORBIDDEN {event}".encode())
    if event == "import" and arguments[0].partition(".")[0] in ("requests", "urllib3", "akamai"):
        os.write(2, f"FORBIDDEN import {arguments[0]}".encode())
    if event == "open" and str(arguments[0]).startswith(root) and (arguments[2] or 0) & writing:
        os.write(2, f"FORBIDDEN open {arguments}".encode())
    if event.startswith(changes) and event not in reads and any(root in str(one) for one in arguments):
        os.write(2, f"FORBIDDEN {event} {arguments}".encode())
    if event.startswith("fcntl."):
        os.write(2, f"FORBIDDEN {event}".encode())
sys.addaudithook(hook)
"""


def tree(root: Path) -> dict[str, t.Any]:
    """All that shows a change, and nothing that reading changes."""
    found = {}
    for path in (root, *root.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        times = (status.st_mtime_ns, status.st_ctime_ns)
        found[str(path)] = (status.st_ino, status.st_mode, status.st_uid, status.st_gid, *times, content)
    return found


def test_nothing_is_changed_or_sent_and_requests_is_not_imported(made: MadeArchive, tmp_path: Path) -> None:
    options = {"src": [str(made.root)], "verify": "full", "describe_columns": True, "since": "2026-11"}
    lose(made)
    before = tree(made.root)
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": options | {"_ansible_remote_tmp": str(tmp_path)}})
    run = subprocess.run(
        [sys.executable, "-c", AUDIT + CODE, "invoice_archive_info", arguments, str(made.root)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TREE), *sys.path])},
    )
    assert run.stderr == ""
    assert [one["kind"] for one in json.loads(run.stdout)["problems"]] == ["gone"]
    assert tree(made.root) == before


def test_the_audit_sees_what_is_forbidden(made: MadeArchive) -> None:
    deeds = f"open({str(made.root / 'x')!r}, 'w'); import requests; os.mkdir({str(made.root / 'y')!r})"
    run = subprocess.run(
        [sys.executable, "-c", f"{AUDIT}\n{deeds}", "", "", str(made.root)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    for seen in ("FORBIDDEN open", "FORBIDDEN import requests", "FORBIDDEN os.mkdir"):
        assert seen in run.stderr


def test_an_archive_of_invoice_archive(archive: Archive, info: Info, dest: Path) -> None:
    done = archive(formats=["pdf", "csv", "json"])
    assert done["failed"] is False
    shutil.rmtree(dest)
    done = archive(formats=["pdf", "csv", "json"], returned="all")
    result = info(src=[str(dest)], verify="full", fail_on=["damaged", "missing", "unreconciled"], since="2016-04")
    assert result["failed"] is False
    assert result["problems"] == []
    (bill,) = result["bills"]
    assert bill["reconciled"] is True
    assert sorted(document["path"] for document in bill["documents"]) == sorted(
        one["path"] for one in done["documents"]
    )
    assert result["totals"] == done["totals"]
    assert ids(result["new_bills"]) == ids([bill])
