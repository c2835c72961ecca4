# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A plan decides, and changes nothing: neither the catalogue nor files."""

from __future__ import annotations

import copy
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Bill, OfferedDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.plan import Plan, plan
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.taken_paths import TakenPaths
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError, OptionError

if t.TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("A-1", "INVOICE", "2024-06-01", "USD", 5, None)


def bill(*documents: tuple[str, int], invoice_id: int = 1, currency: str = "USD") -> Bill:
    """A bill with regular documents in these formats and versions."""
    offered = tuple(OfferedDocument(form, "regular", version, None, None, None) for form, version in documents)
    total = Decimal(5)
    return Bill("A-1", "C-1", invoice_id, "INVOICE", "2024-06-01", None, currency, total, "2024-05", offered)


def entry(form: str = "csv", version: int = 1, **values: t.Any) -> Entry:
    """A document that is in the catalogue."""
    path = f"C-1/2024-05/1_v{version}.{form}"
    return Entry("C-1", 1, "regular", form, version, *FIELDS, "2024-05", path, 1, "0" * 64)._replace(**values)


class Disk:
    """Answers about files: those that are there, and what is wrong with them."""

    def __init__(self, *paths: str, flaws: dict[str, str] | None = None, refused: tuple[str, ...] = ()) -> None:
        self.root = "/srv/"
        self.paths = set(paths)
        self.flaws = flaws or {}
        self.refused = refused
        self.read: list[str] = []
        self.is_current = True

    def absolute(self, entry: Entry) -> str:
        return self.root + entry.path

    def exists(self, relative: str) -> bool:
        if relative in self.refused:
            raise FileError(f"{relative} is a pipe")
        return relative in self.paths

    def flaw(self, entry: Entry) -> str | None:
        return self.flaws.get(entry.path) if self.exists(entry.path) else "is gone"

    def inspect_file(self, entry: Entry) -> Entry | str:
        return self.flaws.get(entry.path) or entry._replace(size=7, sha256="f" * 64)

    def is_read(self, entry: Entry) -> bool:
        return entry.totals_error is None

    def with_totals(self, entry: Entry) -> Entry:
        self.read.append(entry.path)
        return entry._replace(totals=[], totals_error=None)


def planned(
    bills: list[Bill], disk: Disk, *known: Entry, formats: tuple[str, ...] = ("csv",), template: str = DEFAULT_TEMPLATE
) -> Plan:
    """The plan, after a look that it has changed nothing."""
    catalogue = {one.key: one for one in known}
    before = copy.deepcopy(catalogue)
    taken = TakenPaths(disk.root, set, dict)
    made = plan(bills, catalogue, disk, PathTemplate(template), taken, formats, ("regular", "compute"))
    assert catalogue == before
    return made


def actions(made: Plan) -> list[tuple[str, str]]:
    return [(item.action, item.reason) for item in made.items]


def test_what_is_not_there_is_downloaded() -> None:
    made = planned([bill(("csv", 1))], Disk())
    assert actions(made) == [("downloaded", "It was not there.")]
    assert (made.items[0].entry.path, made.entries, made.warnings) == ("C-1/2024-05/1_v1.csv", {}, [])


def test_a_file_that_the_catalogue_does_not_know_is_added() -> None:
    made = planned([bill(("csv", 1))], Disk("C-1/2024-05/1_v1.csv"))
    assert actions(made) == [("skipped", "It is there.")]
    assert [one.size for one in made.entries.values()] == [7]
    made = planned([bill(("csv", 1))], Disk("C-1/2024-05/1_v1.csv", flaws={"C-1/2024-05/1_v1.csv": "is empty"}))
    assert (actions(made), made.entries) == ([("repaired", "The file is empty.")], {})


def test_what_is_known_and_intact_is_skipped_without_a_change() -> None:
    made = planned([bill(("csv", 1))], Disk(entry().path), entry())
    assert (actions(made), made.entries) == ([("skipped", "It is there.")], {})


def test_a_damaged_document_is_repaired() -> None:
    assert actions(planned([bill(("csv", 1))], Disk(), entry())) == [("repaired", "The file is gone.")]


def test_newer_fields_of_the_bill_are_an_entry_to_save() -> None:
    disk = Disk(entry().path)
    made = planned([bill(("csv", 1))], disk, entry(invoice_total=4, month=None))
    assert made.entries == {entry().key: entry()}
    assert disk.read == []


def test_documents_without_totals_or_in_another_currency_are_read_again() -> None:
    for known in (entry(totals_error="x: no total"), entry(invoice_currency="EUR")):
        disk = Disk(entry().path)
        made = planned([bill(("csv", 1))], disk, known)
        assert (actions(made), disk.read) == ([("skipped", "It is there.")], [entry().path])
        assert made.entries == {entry().key: entry(totals=[])}


def test_a_file_that_may_not_be_touched_fails_alone() -> None:
    for known in ((), (entry(),)):
        made = planned([bill(("csv", 1), ("pdf", 1))], Disk(refused=(entry().path,)), *known, formats=("csv", "pdf"))
        assert [item.action for item in made.items] == ["failed", "downloaded"]
        assert isinstance(made.items[0].error, FileError)


@pytest.mark.parametrize("there", [(), (entry().path,)])
def test_a_directory_at_another_path_than_the_templates_is_no_document(there: tuple[str, ...], tmp_path: Path) -> None:
    known = entry(path=str(tmp_path).lstrip("/"))
    disk = Disk(*there, refused=(known.path,))
    disk.root = "/"
    made = planned([bill(("csv", 1))], disk, known)
    assert [item.action for item in made.items] == ["skipped" if there else "downloaded"]
    assert [one.path for one in made.entries.values()] == list(there)
    assert made.items[0].entry.path == entry().path
    assert made.warnings == [
        f"The catalogue has {known.path} for the csv version 1 of bill 1 of C-1, but that is a directory: its "
        f"path is now {entry().path}."
    ]
    # A document whose directory is that one, in an archive that does not know it as such.
    made = planned([bill(("csv", 1))], disk, known, template=f"{known.path}/{{invoice_id}}.{{ext}}")
    assert made.items[0].entry.path == f"{known.path}/1.csv"


def test_what_the_list_does_not_offer_is_missing() -> None:
    made = planned([bill(("pdf", 1))], Disk(), formats=("csv", "pdf"))
    assert sorted(item.action for item in made.items) == ["downloaded", "missing"]


def test_a_damaged_older_version_warns() -> None:
    known = (entry(version=1), entry(version=2))
    made = planned([bill(("csv", 2))], Disk(known[1].path), *known)
    assert made.warnings == [
        f"{known[0].path} is gone, and the API serves only newer versions of it: restore it from a backup."
    ]
    made = planned([bill(("csv", 2))], Disk(known[1].path, refused=(known[0].path,)), *known)
    assert "cannot be checked (C-1/2024-05/1_v1.csv is a pipe)" in made.warnings[0]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("all.{ext}", "gives two documents one path"),
        ("SHA256SUMS/{invoice_id}.{ext}", "needs that name itself"),
        ("{invoice_id}" + "x" * 255, "is too long"),
    ],
)
def test_paths_that_cannot_be_are_refused(template: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        planned([bill(("csv", 1)), bill(("csv", 1), invoice_id=2)], Disk(), template=template)
