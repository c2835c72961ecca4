# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The catalogue of an archive: its parts, and catalogue.json, which says that they are one."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import os
import typing as t
from functools import cached_property

from .._errors import DocumentError, FileError
from .._files import PRIVATE, StagedFile, sync_directory
from .checksums import Checksums
from .entry import CATALOGUE, CHECKSUMS, JOURNAL, PARTS, WORK_DIRECTORY, Entry, Key, parse_entry_1
from .parts import (
    Content,
    Part,
    existing_parts,
    find_bills,
    flaw_of,
    read_file,
    read_part,
    refuse_links,
    usable_entries,
)
from .pointer import POINTER, VERSION, read_pointer

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from .._files import DirectoryAttributes

    Note = Callable[[Iterable[Entry]], None]

MAX_DIFF_LINES = 100


def no_note(_added: Iterable[Entry]) -> None:
    """Nothing is noted of documents that are added."""


class Catalogue:
    """The entries of an archive by part, which is read when it is asked for.

    All of a catalogue of version 1, or of one that is lost, is in ``parts`` from the beginning: saving it writes all
    parts. ``flaw`` says what is wrong with catalogue.json, as the end of a sentence.
    """

    def __init__(self, root: str, attributes: DirectoryAttributes = PRIVATE) -> None:
        self.root = root
        self.path = os.path.join(root, CATALOGUE)
        self.parts: dict[Part, Content] = {}
        self._used: dict[Part, None] = {}
        self.kept_permissions = True
        self._attributes = attributes
        self._is_unlisted = False
        self.version, parsed, content, self.flaw = read_pointer(root)
        if self.version == 1:
            entries, flaws = usable_entries(parsed["documents"], parse_entry_1)
            self.flaw = flaw_of(flaws, "entry", "entries")
            for entry in entries.values():
                part = self.parts.setdefault(Part.of(entry), Content())
                part.before[entry.key] = part.entries[entry.key] = entry
            self._look_for_checksums(entries.values())
        self._damaged = content if self.flaw else None

    @cached_property
    def checksums(self) -> Checksums:
        """SHA256SUMS, as it was when it was first needed. Raises FileError."""
        return Checksums(self.root)

    @property
    def is_damaged(self) -> bool:
        """Whether there is a catalogue.json, and some or all of it cannot be used."""
        return self._damaged is not None

    @property
    def files(self) -> list[str]:
        """The paths of its files: the parts that were used, catalogue.json, SHA256SUMS and the journal."""
        return [
            os.path.join(self.root, name)
            for name in (*(part.path for part in self._used), CATALOGUE, CHECKSUMS, JOURNAL)
        ]

    def load(self, part: Part) -> Content:
        """A part, read if it was not yet. Raises FileError."""
        self._used[part] = None
        if part not in self.parts:
            refuse_links(self.root, PARTS, os.path.dirname(part.path))
            self.parts[part] = read_part(self.root, part) if self.version == VERSION else Content()
            self._look_for_checksums(self.parts[part].entries.values())
        return self.parts[part]

    def known(self, part: Part) -> dict[Key, Entry]:
        """The entries of a part, and those of the contract whose month is not known. Raises FileError."""
        unknown, content = self.load(Part(part.contract_id, None)), self.load(part)
        if unknown is not content:
            # A run that was killed has written the one, and not the other.
            for key in unknown.entries.keys() & content.entries.keys():
                del unknown.entries[key]
        return {**unknown.entries, **content.entries}

    def elsewhere(self, part: Part, invoice_ids: set[int]) -> dict[int, Part]:
        """Which of these bills are in another month of the contract. Raises FileError."""
        if self.version == VERSION:
            others = [one for one in existing_parts(self.root, part.contract_id) if one.month not in (part.month, None)]
            return find_bills(self.root, others, invoice_ids)
        return {
            key[1]: one
            for one, content in self.parts.items()
            if one.contract_id == part.contract_id and one.month not in (part.month, None)
            for key in content.entries
            if key[1] in invoice_ids
        }

    def put(self, entry: Entry) -> None:
        """Add an entry, or replace the one of its document. Raises FileError."""
        unknown = self.load(Part(entry.contract_id, None))
        self.load(Part.of(entry)).entries[entry.key] = entry
        if entry.month is not None:
            unknown.entries.pop(entry.key, None)

    def release(self, parts: Iterable[Part]) -> None:
        """Forget parts that are as they were read, since all of a large archive does not fit into memory."""
        for part in parts:
            if self.version == VERSION and part.month and not self.parts[part].is_changed:
                del self.parts[part]

    def all_entries(self) -> Iterator[Entry]:
        """The entries of all parts. Raises FileError."""
        on_disk = existing_parts(self.root) if self.version == VERSION else []
        for part in dict.fromkeys((*on_disk, *self.parts)):
            content = self.parts[part] if part in self.parts else read_part(self.root, part)
            yield from content.entries.values()

    def owners(self) -> dict[str, Key]:
        """The document of each path, without upper and lower case: all parts are read for it. Raises FileError."""
        return {entry.path.casefold(): entry.key for entry in self.all_entries()}

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
        """The newest document of a bill that has lines, JSON before CSV. Raises DocumentError and FileError."""
        parts = self.parts if self.version != VERSION else existing_parts(self.root, contract_id)
        found = [
            entry
            for part in parts
            if part in self.parts or find_bills(self.root, [part], {invoice_id})
            for entry in (self.parts.get(part) or read_part(self.root, part)).entries.values()
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

    def is_new(self, entry: Entry) -> bool:
        """Whether the catalogue on disk does not have a document. Raises FileError."""
        return entry.key not in self.load(Part.of(entry)).before

    def diff(self) -> dict[str, str]:
        """The entries that are not as they were read, as a diff shows them: one line each, up to a bound."""
        before = {key: entry for content in self.parts.values() for key, entry in content.before.items()}
        after = {key: entry for content in self.parts.values() for key, entry in content.entries.items()}
        keys = sorted(key for key in before | after if before.get(key) != after.get(key))
        texts = (_bounded([side[key].line for key in keys if key in side]) for side in (before, after))
        return dict(zip(("before", "after"), texts), before_header=self.path, after_header=self.path)

    def is_pending(self) -> bool:
        """Whether saving would change a file. Raises FileError."""
        if self.flaw or self._is_unlisted or any(content.is_changed for content in self.parts.values()):
            return True
        checksums = self.checksums
        return checksums.is_damaged and checksums.rebuilt(self.all_entries()) != checksums.content

    def save(
        self, contract_ids: Collection[str], lock: Callable[[], AbstractContextManager[t.Any]], note: Note = no_note
    ) -> bool:
        """Write what is pending, each file complete and in one step; whether there was anything. Raises FileError.

        ``lock`` keeps others from changing the files that all contracts share, and is held while those are written.
        The parts of ``contract_ids`` nobody else changes meanwhile. ``note`` is called with the entries of documents
        that the catalogue did not have, before it is changed.
        """
        if not self.is_pending():
            return False
        with lock():
            # Another run may have written all of a catalogue that was of version 1 or lost, and has gone on with it.
            is_whole = self.version != VERSION and read_pointer(self.root)[0] != VERSION
            parts = self._whole() if is_whole else self._changed(contract_ids)
            note(entry for part in parts.values() for entry in part.changed_entries if entry.key not in part.before)
            self._set_aside(parts)
            if is_whole:
                self._write_parts(parts, WORK_DIRECTORY)
            self._write_checksums(parts, is_whole)
            if is_whole or self.flaw:
                self._write(CATALOGUE, f"{json.dumps(POINTER)}\n".encode(), WORK_DIRECTORY)
            sync_directory(self.root)
        if not is_whole:
            self._write_parts(parts, None)
        return True

    def _whole(self) -> dict[Part, Content]:
        """All parts, without what another run has left when it was killed here."""
        parts = {part: content for part, content in self.parts.items() if content.entries}
        for part in existing_parts(self.root):
            if part not in parts:
                os.unlink(os.path.join(self.root, part.path))
        return parts

    def _changed(self, contract_ids: Collection[str]) -> dict[Part, Content]:
        changed = {part: content for part, content in self.parts.items() if content.is_changed}
        return {part: content for part, content in changed.items() if part.contract_id in contract_ids}

    def _look_for_checksums(self, entries: Iterable[Entry]) -> None:
        # Where lines of some documents are lost, those of others may be, too.
        self._is_unlisted = self._is_unlisted or not all(map(self.checksums.has, entries))

    def _write_checksums(self, parts: Mapping[Part, Content], is_whole: bool) -> None:
        # Others may have added theirs since this run has read the file.
        checksums = Checksums(self.root)
        if is_whole or checksums.is_damaged or self._is_unlisted:
            content = checksums.rebuilt(self.all_entries())
        else:
            changed = [entry for part in parts.values() for entry in part.changed_entries]
            content = checksums.updated(changed)
        if content != checksums.content:
            self._write(CHECKSUMS, content, WORK_DIRECTORY)

    def _set_aside(self, parts: Iterable[Part]) -> None:
        """Keep what cannot be used, before it is replaced."""
        if self._damaged:
            self._write(f"{WORK_DIRECTORY}/damaged_{CATALOGUE}", self._damaged, WORK_DIRECTORY)
        for part in parts:
            if bad := self.parts[part].bad:
                name = f"{WORK_DIRECTORY}/{part.contract_id}/damaged_{os.path.basename(part.path)}"
                before = read_file(os.path.join(self.root, name)) or b""
                self._write(name, before + b"".join(line + b"\n" for line in bad), WORK_DIRECTORY)

    def _write_parts(self, parts: Mapping[Part, Content], directory: str | None) -> None:
        for part in parts:
            refuse_links(self.root, PARTS, os.path.dirname(part.path))
        for part, content in sorted(parts.items(), key=lambda item: (item[0].month or "~", item[0].contract_id)):
            self._write(part.path, content.text, directory or f"{WORK_DIRECTORY}/{part.contract_id}")
        for directory in {os.path.dirname(part.path) for part in parts}:
            sync_directory(os.path.join(self.root, directory))

    def _write(self, name: str, content: bytes, directory: str) -> None:
        path = os.path.join(self.root, name)
        with StagedFile(path, os.path.join(self.root, directory), attributes=self._attributes) as staged:
            staged.write([content])
            staged.commit()
        self.kept_permissions &= staged.kept_permissions


def _bounded(lines: list[str]) -> str:
    more = len(lines) - MAX_DIFF_LINES
    if more > 0:
        lines = [*lines[:MAX_DIFF_LINES], f"… and {more} more"]
    return "".join(f"{line}\n" for line in lines)
