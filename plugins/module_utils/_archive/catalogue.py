# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""catalogue.json and SHA256SUMS: what documents an archive has, and what they were when they came."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import os
import re
import typing as t
from functools import cached_property

from .._errors import DocumentError, FileError
from .._files import StagedFile, sync_directory

Key = tuple[str, int, str, str, int]
BillFields = tuple["str | None", "str | None", "str | None", "str | None", "int | float | str | None"]

CATALOGUE = "catalogue.json"
CHECKSUMS = "SHA256SUMS"
# The lock and files under way are here, so that a killed run leaves nothing beside the documents.
WORK_DIRECTORY = ".akamai_invoicing"
VERSION = 1

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_NAMES = frozenset(("", ".", ".."))


class Entry(t.NamedTuple):
    """One document of an archive, as it is saved: amounts are plain JSON numbers.

    Its ``size`` and ``sha256`` are None until it is there. Its ``totals``, one for each currency, are None also for a
    PDF, and for a document that cannot be added up: ``totals_error`` says why.
    """

    # What tells it from all other documents.
    contract_id: str
    invoice_id: int
    source_type: str
    format: str
    file_version: int
    # What the list says of its bill.
    account_id: str | None
    invoice_type: str | None
    invoice_date: str | None
    invoice_currency: str | None
    invoice_total: int | float | str | None
    # Where it is, relative to the root of the archive, and what it is.
    month: str | None
    path: str
    size: int | None = None
    sha256: str | None = None
    totals: list[dict[str, t.Any]] | None = None
    totals_error: str | None = None

    @property
    def key(self) -> Key:
        """The first five fields."""
        return self[:5]

    @property
    def bill_fields(self) -> BillFields:
        """What the list says of the bill, the next five."""
        return self[5:10]

    @property
    def line(self) -> str:
        """The entry as it is saved."""
        return json.dumps(self._asdict(), ensure_ascii=False)


# The names of what the list says of a bill.
BILL_FIELDS = Entry._fields[5:10]


class Catalogue:
    """The entries of an archive, by key; ``flaw`` says why they could not be read, and is None if they could."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.path = os.path.join(root, CATALOGUE)
        self.entries: dict[Key, Entry] = {}
        self.flaw: str | None = None
        try:
            self.entries = {entry[:5]: entry for entry in map(_entry, self._documents())}
        except FileNotFoundError:
            self.flaw = "is not there"
        except OSError as exc:
            raise FileError(f"Cannot read {self.path}: {exc.strerror}.", path=self.path) from exc
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
            self.flaw = f"is damaged ({exc})"
        self._read = dict(self.entries)

    @cached_property
    def _checksums(self) -> bytes | None:
        return _content(os.path.join(self.root, CHECKSUMS))

    @cached_property
    def checksums(self) -> dict[str, str]:
        """What SHA256SUMS said when the archive was opened: the checksum of each path."""
        lines = (self._checksums or b"").decode("utf-8", "replace").splitlines()
        return {path: digest for digest, separator, path in (line.partition("  ") for line in lines) if separator}

    def _documents(self) -> list[dict[str, t.Any]]:
        with open(self.path, "rb") as file:
            content = json.load(file)
        if content["version"] != VERSION:
            raise FileError(
                f"{self.path} is of version {content['version']}, and this release of the collection reads version "
                f"{VERSION}: update the collection on this machine.",
                path=self.path,
            )
        documents = content["documents"]
        if not isinstance(documents, list):
            raise TypeError("documents is not a list")
        return documents

    @classmethod
    def of_archive(cls, root: str) -> Catalogue:
        """The catalogue of an archive that is only read. Raises FileError."""
        catalogue = cls(root)
        if catalogue.flaw:
            raise FileError(
                f"{catalogue.path} {catalogue.flaw}: name the root of an archive, or run invoice_archive to mend it.",
                path=catalogue.path,
            )
        return catalogue

    def document(self, invoice_id: int, contract_id: str | None, source_type: str) -> Entry:
        """The newest document of a bill that has lines, JSON before CSV. Raises DocumentError."""
        found = [
            entry
            for entry in self.entries.values()
            if (entry.invoice_id, entry.source_type) == (invoice_id, source_type) and entry.format != "pdf"
            if contract_id in (None, entry.contract_id)
        ]
        bill = f"bill {invoice_id}" + (f" of contract {contract_id}" if contract_id else "")
        if not found:
            raise DocumentError(
                f"The archive {self.root} has no {source_type} document of {bill} as JSON or CSV: "
                "fetch it with invoice_archive first."
            )
        if len({entry.contract_id for entry in found}) > 1:
            raise DocumentError(f"The archive {self.root} has a {bill} in several contracts: name its contract_id.")
        return max(found, key=lambda entry: (entry.file_version, entry.format))

    def diff(self) -> dict[str, str]:
        """The entries that are not as they were read, as a diff shows them: one line each."""
        keys = sorted(key for key in self._read | self.entries if self._read.get(key) != self.entries.get(key))
        before, after = (
            "".join(f"{side[key].line}\n" for key in keys if key in side) for side in (self._read, self.entries)
        )
        return {"before": before, "after": after, "before_header": self.path, "after_header": self.path}

    def pending_files(self) -> list[tuple[str, bytes]]:
        """The files that saving would change: their names and what belongs in them."""
        entries = sorted(self.entries.values(), key=lambda entry: (entry.month or "", entry.key))
        files = []
        if self.flaw or self.entries != self._read:
            lines = ",\n".join(entry.line for entry in entries)
            files.append((CATALOGUE, f'{{"version": {VERSION}, "documents": [\n{lines}\n]}}\n'.encode()))
        # Templates permit neither a backslash nor a line break in a path, which sha256sum wants escaped.
        sums = "".join(f"{entry.sha256}  {entry.path}\n" for entry in entries)
        if sums.encode() != self._checksums:
            sums += self._orphans()
            if sums.encode() != self._checksums:
                files.append((CHECKSUMS, sums.encode()))
        return files

    def _orphans(self) -> str:
        """The lines of SHA256SUMS about files that only a lost catalogue knew: all that is known of them."""
        known = {entry.path for entry in self.entries.values()}
        return "".join(
            f"{digest}  {path}\n"
            for path, digest in self.checksums.items()
            if path not in known and os.path.isfile(os.path.join(self.root, path))
        )

    def save(self) -> bool:
        """Write the files that are outdated, each whole and in one step; tells if there were any. Raises FileError."""
        files = self.pending_files()
        for name, text in files:
            with StagedFile(os.path.join(self.root, name), os.path.join(self.root, WORK_DIRECTORY)) as staged:
                staged.write([text])
                staged.commit()
        if files:
            sync_directory(self.root)
        return bool(files)


def _entry(values: dict[str, t.Any]) -> Entry:
    """An entry as it was saved. Raises what the checks of its values raise: a damaged file is data, too."""
    entry = Entry(**values)
    path = entry.path
    if not path.isprintable() or not _NO_NAMES.isdisjoint(path.split("/")):
        raise ValueError(f"the path {path!r} leaves the archive")
    if not (isinstance(entry.size, int) and _SHA256.fullmatch(entry.sha256 or "")):
        raise ValueError(f"no size or sha256 for {path!r}")
    if not (isinstance(entry.invoice_id, int) and isinstance(entry.file_version, int)):
        raise ValueError(f"no number of a bill or version for {path!r}")
    return entry


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
