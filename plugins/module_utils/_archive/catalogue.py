# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The catalogue of an archive: one entry for each document, in catalogue.json, and their checksums in SHA256SUMS."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import os
import re
import typing as t
from collections import Counter

from .._errors import DocumentError, FileError, OptionError, abbreviated, counted, file_error
from .._files import StagedFile, open_regular, sync_directory
from .entry import CATALOGUE, CHECKSUMS, WORK_DIRECTORY, Entry, is_inside, parse_entry

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from .entry import Key

# The catalogue as it was before entries that could not be used were replaced.
DAMAGED = f"{WORK_DIRECTORY}/damaged_{CATALOGUE}"
VERSION = 1
MAX_DIFF_LINES = 100

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Catalogue:
    """The entries of an archive, by key, and the ``checksums`` that SHA256SUMS has, by path.

    ``flaw`` says why some or all entries could not be read, as the end of a sentence; it is None if all could.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.path = os.path.join(root, CATALOGUE)
        self.entries: dict[Key, Entry] = {}
        self.flaw: str | None = None
        content, self._checksums = map(_content, self.files)
        if content is None:
            self.flaw = "is not there"
        else:
            try:
                self._take_in(self._documents(content))
            except (ValueError, TypeError, KeyError, RecursionError) as exc:
                self.flaw = f"is damaged ({abbreviated(str(exc))})"
        self.kept_permissions = True
        self._damaged = content if self.flaw else None
        self._read = dict(self.entries)
        lines = (self._checksums or b"").decode("utf-8", "replace").splitlines()
        parts = (line.partition("  ") for line in lines)
        self.checksums = {path: digest for digest, _separator, path in parts if is_inside(path)}

    @property
    def is_damaged(self) -> bool:
        """Whether there is a catalogue, and some or all of its entries cannot be used."""
        return self._damaged is not None

    @property
    def files(self) -> tuple[str, str]:
        """The paths of catalogue.json and SHA256SUMS."""
        return self.path, os.path.join(self.root, CHECKSUMS)

    def _documents(self, content: bytes) -> list[t.Any]:
        parsed = json.loads(content, parse_constant=_refuse)
        if parsed["version"] != VERSION:
            raise FileError(
                f"{self.path} has version {abbreviated(parsed['version'])}, and this release of the collection reads "
                f"version {VERSION}: update the collection on this machine.",
                path=self.path,
            )
        documents = parsed["documents"]
        if not isinstance(documents, list):
            raise TypeError("documents is not a list")
        return documents

    def _take_in(self, documents: Iterable[t.Any]) -> None:
        """Keep the entries that can be used. Of two for one document or one path, nobody knows which is right."""
        flaws: dict[int, str] = {}
        parsed: dict[int, Entry] = {}
        for number, values in enumerate(documents, 1):
            try:
                parsed[number] = parse_entry(values)
            except (ValueError, TypeError, OptionError) as exc:
                flaws[number] = str(exc)
        keys = Counter(entry.key for entry in parsed.values())
        paths = Counter(entry.path for entry in parsed.values())
        directories = _directories(paths)
        for number, entry in parsed.items():
            if keys[entry.key] > 1 or paths[entry.path] > 1:
                flaws[number] = f"its document or path is there twice: {entry.path!r}"
            elif entry.path in directories:
                flaws[number] = f"its path is a directory of others: {entry.path!r}"
            else:
                self.entries[entry.key] = entry
        if flaws:
            number, first = min(flaws.items())
            self.flaw = (
                f"has {counted(len(flaws), 'entry', 'entries')} that cannot be used (the first is entry {number}: "
                f"{abbreviated(first)})"
            )

    @classmethod
    def of_archive(cls, root: str) -> Catalogue:
        """The catalogue of an archive that is only read. Raises FileError."""
        catalogue = cls(root)
        if catalogue.flaw:
            raise FileError(
                f"{catalogue.path} {catalogue.flaw}: name the root of an archive, or run invoice_archive to repair it.",
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
                "download it with invoice_archive first."
            )
        if len({entry.contract_id for entry in found}) > 1:
            raise DocumentError(f"The archive {self.root} has a {bill} in several contracts: name its contract_id.")
        return max(found, key=lambda entry: (entry.file_version, entry.format))

    def diff(self) -> dict[str, str]:
        """The entries that are not as they were read, as a diff shows them: one line each, up to a bound."""
        keys = sorted(key for key in self._read | self.entries if self._read.get(key) != self.entries.get(key))
        before, after = (
            _bounded([side[key].line for key in keys if key in side]) for side in (self._read, self.entries)
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
        checksums = "".join(f"{entry.sha256}  {entry.path}\n" for entry in entries)
        if checksums.encode() != self._checksums:
            checksums += self._orphans()
            if checksums.encode() != self._checksums:
                files.append((CHECKSUMS, checksums.encode()))
        return files

    def _orphans(self) -> str:
        """The lines of SHA256SUMS about files that only a lost catalogue knew: all that is known of them."""
        known = {entry.path for entry in self.entries.values()}
        return "".join(
            f"{digest}  {path}\n"
            for path, digest in self.checksums.items()
            if path not in known and _SHA256.fullmatch(digest) and os.path.isfile(os.path.join(self.root, path))
        )

    def save(self) -> bool:
        """Write the files that are pending, each complete and in one step; whether there were any. Raises FileError."""
        files = self.pending_files()
        if self._damaged is not None and files:
            self._write(DAMAGED, self._damaged)
        for name, content in files:
            self._write(name, content)
        if files:
            sync_directory(self.root)
        return bool(files)

    def _write(self, name: str, content: bytes) -> None:
        with StagedFile(os.path.join(self.root, name), os.path.join(self.root, WORK_DIRECTORY)) as staged:
            staged.write([content])
            staged.commit()
        self.kept_permissions &= staged.kept_permissions


def _directories(paths: Iterable[str]) -> set[str]:
    """All directories that the paths lead through."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


def _bounded(lines: list[str]) -> str:
    more = len(lines) - MAX_DIFF_LINES
    if more > 0:
        lines = [*lines[:MAX_DIFF_LINES], f"… and {more} more"]
    return "".join(f"{line}\n" for line in lines)


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


def _content(path: str) -> bytes | None:
    """A file of the archive, None if it is not there. Raises FileError."""
    try:
        with open_regular(path, os.O_NOFOLLOW) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise file_error("read", path, exc) from exc
