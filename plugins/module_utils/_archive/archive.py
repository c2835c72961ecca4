# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An archive: the documents below one directory, and what its catalogue says of them."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import stat
import typing as t
from dataclasses import replace

from .._documents.reader import totals_or_error
from .._documents.validation import find_flaw
from .._errors import DocumentError, FileError, NotABillError, counted, file_error
from .._files import PRIVATE, StagedFile, sha256, sync_directory
from .._options import check_contract_id
from .access import shared_access
from .catalogue import Catalogue, no_note
from .entry import CHECKSUMS, GROUPS, WORK_DIRECTORY, Entry
from .journal import now
from .marks import Marks
from .parts import Part
from .pointer import VERSION
from .recovery import recover

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from contextlib import AbstractContextManager

    from .._api.invoicing import Bill
    from .._files import DirectoryAttributes
    from .._money.totals import Totals
    from .catalogue import Note
    from .entry import Key
    from .path_template import PathTemplate
    from .plan import Item

    # Contract, invoice ID, format, source type, and where to put the document.
    Download = Callable[[str, int, str, str, StagedFile], object]


class Archive:
    """Documents below one directory, and their catalogue, which is made again if it does not describe all of them.

    ``verify`` is the option: how files are compared with the catalogue. ``columns`` is the one of document_totals().
    """

    def __init__(
        self,
        root: str,
        template: PathTemplate,
        *,
        verify: str = "size",
        columns: dict[str, str] | None = None,
        attributes: DirectoryAttributes = PRIVATE,
        lock_timeout: float = 0.0,
    ) -> None:
        self.root = root
        self.template = template
        self.catalogue = Catalogue(root, attributes)
        self.warnings: list[str] = []
        self.kept_permissions = True
        self._verify = verify
        self._columns = columns
        self._attributes = attributes
        self._lock_timeout = lock_timeout
        self._touched: set[str] = set()
        self._links: dict[str, str | None] = {}
        self.marks = Marks(root)
        # The parts in which documents of a killed run were found, and all in which any were looked for.
        self.unsaved: set[Part] = set()
        self._restored: set[Part] = set()
        if self.catalogue.flaw:
            lost = f"{self.catalogue.path} {self.catalogue.flaw}"
            if self.catalogue.version == VERSION:
                self.warnings.append(f"{lost}: it was written again, for the parts of the catalogue that are there.")
            else:
                self.warnings += recover(self, lost)
        elif self.marks.is_old:
            self.warnings += recover(self, None)
        # Whether documents are to have all that this version of the catalogue has: it is not changed only for that.
        self.is_current = self.catalogue.version == VERSION or self.catalogue.is_pending()

    def absolute(self, entry: Entry) -> str:
        """Where a document is on this machine."""
        return f"{self.root}/{entry.path}"

    def exists(self, relative: str) -> bool:
        """Whether anything is at the path of a document. Raises FileError where nothing of it may be touched."""
        path = f"{self.root}/{relative}"
        directory = os.path.dirname(relative)
        if directory not in self._links:
            self._links[directory] = self._leads_to(directory)
        if leads_to := self._links[directory]:
            raise FileError(
                f"{directory} in {self.root} goes through a symbolic link to {leads_to}, which an archive must not "
                "contain. Replace it with a directory, or make the archive root the link.",
                path=path,
            )
        try:
            status = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as exc:
            raise file_error("read", path, exc) from exc
        if not stat.S_ISREG(status.st_mode):
            raise FileError(
                f"{path} exists but is not a regular file: move it away, or change path_template.", path=path
            )
        return True

    def flaw(self, entry: Entry) -> str | None:
        """Why the file is not the document that was archived, as the end of a sentence; None if it is.

        Raises FileError.
        """
        if self._verify == "none":
            return None
        if not self.exists(entry.path):
            return "is gone"
        path = self.absolute(entry)
        size = os.path.getsize(path)
        if size != entry.size:
            return f"has {counted(size, 'byte')} instead of {entry.size}"
        if self._verify == "checksum" and sha256(path) != entry.sha256:
            return "was altered: it has another checksum"
        return None

    def inspect_file(self, entry: Entry) -> Entry | str:
        """A file that the catalogue does not know, as its entry; or why it is not the document that it should be.

        Raises FileError.
        """
        path = self.absolute(entry)
        if not self.exists(entry.path):
            return "is gone"
        try:
            if flaw := find_flaw(path, entry.format):
                return flaw
            entry = self.with_totals(entry)._replace(size=os.path.getsize(path), sha256=sha256(path))
        except NotABillError as exc:
            return f"cannot be used ({exc})"
        except OSError as exc:
            raise file_error("read", path, exc) from exc
        if self.catalogue.checksums.by_path.get(entry.path, entry.sha256) != entry.sha256:
            return f"was altered: {CHECKSUMS} has another checksum for it"
        return entry

    def is_read(self, entry: Entry) -> bool:
        """Whether the catalogue has the totals that this run would read, or the document has none."""
        read = entry.totals_error is None and entry.columns == self._columns
        return entry.format == "pdf" or (read and (entry.has_groups or not self.is_current))

    def with_totals(self, entry: Entry, path: str | None = None, content: bytes | None = None) -> Entry:
        """The entry with the totals of its document, or with the reason why it has none. Raises NotABillError.

        The document is at ``path`` while it is not at its own, and not read when its ``content`` is given.
        """
        if entry.format == "pdf":
            return entry
        path = path or self.absolute(entry)
        # It is kept in any case: the headings of CSV documents are not public, and any bill may hold a surprise.
        totals, error = totals_or_error(
            path,
            entry.format,
            entry.source_type,
            currency=entry.invoice_currency,
            content=content,
            invoice_id=entry.invoice_id,
            columns=self._columns,
        )
        if totals:
            self.warnings += [f"{entry.path}: {warning}" for warning in totals["warnings"]]
        return entry._replace(
            totals=_totals_of(totals) if totals else None,
            totals_error=error.replace(path, entry.path) if error else None,
            columns=self._columns,
        )

    def known(self, bills: Sequence[Bill]) -> tuple[list[Bill], dict[Key, Entry]]:
        """Bills of one month, and the entries of the parts that they are in. Raises FileError.

        A bill that is known in another month stays in that one, so that it never is there twice.
        """
        known: dict[Key, Entry] = {}
        months: dict[tuple[str, int], str | None] = {}
        for part in {Part(bill.contract_id, bill.month): None for bill in bills}:
            known |= self.catalogue.known(part)
            for one in (part, Part(part.contract_id, None)):
                if (flaw := self.catalogue.load(one).flaw) and one not in self._restored:
                    self._restore(f"{os.path.join(self.root, one.path)} {flaw}", [one])
                    known |= self.catalogue.known(part)
            there = {invoice_id for _contract_id, invoice_id, *_document in known}
            listed = {bill.invoice_id for bill in bills if bill.contract_id == part.contract_id}
            for invoice_id, other in self.catalogue.elsewhere(part, listed - there).items():
                months[part.contract_id, invoice_id] = other.month
                entries = self.catalogue.load(other).entries
                known |= {key: entry for key, entry in entries.items() if key[1] == invoice_id}
        moved = [replace(bill, month=months.get((bill.contract_id, bill.invoice_id)) or bill.month) for bill in bills]
        return moved if months else list(bills), known

    def restore_unsaved(self, parts: Iterable[Part]) -> None:
        """Add what a killed run has fetched, and not added to these parts. Raises FileError."""
        self.unsaved.update(filter(self.marks.is_marked, parts))
        self.marks.adopt(self.unsaved)
        for part in self.unsaved:
            self.catalogue.known(part)
        if self.unsaved:
            self._restore(None, {*self.unsaved, *(Part(part.contract_id, None) for part in self.unsaved)})

    def restore_lost(self, items: Iterable[Item]) -> bool:
        """Add the files of parts that are gone, which the documents of a plan show; whether there were any.

        Raises FileError.
        """
        found = {Part.of(item.entry) for item in items if item.action in ("skipped", "repaired")}
        lost = [part for part in found - self._restored if not self.catalogue.load(part).is_there]
        for part in lost if self.is_current else ():
            self._restore(f"{os.path.join(self.root, part.path)} is not there", [part])
        return bool(lost and self.is_current)

    def _restore(self, lost: str | None, parts: Collection[Part]) -> None:
        self._restored.update(parts)
        self.warnings += recover(self, lost, parts)

    def fetch(self, download: Download, entry: Entry, *, is_new: bool = False) -> Entry:
        """Fetch one document; can be called from several threads. Raises what ``download`` does.

        Nothing may be at the path of a document that ``is_new``.
        """
        check_contract_id(entry.contract_id)
        path = self.absolute(entry)
        work_directory = os.path.join(self.root, WORK_DIRECTORY, entry.contract_id)
        with StagedFile(path, work_directory, attributes=self._attributes) as staged:
            download(entry.contract_id, entry.invoice_id, entry.format, entry.source_type, staged)
            try:
                entry = self.with_totals(entry, staged.path, staged.content)
            except NotABillError as exc:
                problem = str(exc).replace(f"{staged.path}: ", "")
                raise DocumentError(
                    f"The answer had status 200, but the document {problem} Nothing was written to {path}: run again, "
                    "and download the bill in another format if that does not help.",
                    **exc.details | {"path": path, "status": 200},
                ) from exc
            with self.lock():
                if is_new and os.path.lexists(path):
                    raise FileError(
                        f"{path} was made by another run or program while the document was downloaded. It was not "
                        "overwritten: run again, and choose a path_template that gives each document its own path.",
                        path=path,
                    )
                staged.commit()
        if not staged.kept_permissions:
            self.kept_permissions = False
        entry = entry._replace(size=staged.size, sha256=staged.sha256, fetched=now())
        self.catalogue.put(entry)
        self._touched.add(os.path.dirname(path))
        return entry

    def save(self, contract_ids: Collection[str], note: Note = no_note) -> bool:
        """Make what was fetched durable, then the catalogue; whether that has changed. ``note`` is that of Catalogue.

        Raises FileError.
        """
        for directory in self._touched:
            sync_directory(directory)
        changed = self.catalogue.save(contract_ids, self.lock, note)
        self.kept_permissions &= self.catalogue.kept_permissions
        self.marks.clear()
        return changed

    def lock(self) -> AbstractContextManager[float]:
        """Keep others from what all contracts share. Raises FileError."""
        return shared_access(self.root, self._lock_timeout)

    def _leads_to(self, directory: str) -> str | None:
        """Where a directory of the archive leads when a link takes it elsewhere."""
        path = os.path.normpath(os.path.join(os.path.realpath(self.root), directory))
        real = os.path.realpath(path)
        return None if real == path else real


def _totals_of(totals: Totals) -> list[Totals]:
    """The totals of a document as an entry has them: each currency with its own groups."""
    return [
        {**sums, **{name: [one for one in totals[name] if one["currency"] == sums["currency"]] for name in GROUPS}}
        for sums in totals["by_currency"]
    ]
