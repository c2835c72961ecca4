# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Many bills on disk: how each document gets to its place, and how the catalogue stays true to the files."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import os
import stat
import typing as t

from .._documents.reader import document_totals
from .._documents.validation import find_flaw
from .._errors import CutShortError, DocumentError, FileError, NotABillError
from .._files import PREFIX, StagedFile, sha256, sync_directory
from .._options import check_contract_id
from .catalogue import CHECKSUMS, WORK_DIRECTORY, Catalogue, Entry
from .lock import locked

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .._api.invoicing import Invoicing
    from .path_template import PathTemplate

IDENTITY = frozenset(("contract_id", "invoice_id", "file_version", "format"))


class Archive:
    """Documents below one directory, and their catalogue."""

    def __init__(self, root: str, template: PathTemplate) -> None:
        self.root = root
        self.template = template
        self.warnings: list[str] = []
        self._work_directory = os.path.join(root, WORK_DIRECTORY)
        # It exists while the catalogue may be behind the files.
        self._unsaved = os.path.join(self._work_directory, "unsaved")
        self._touched: set[str] = set()

    @contextlib.contextmanager
    def opened(self, waiting: Callable[[], None] | None) -> Iterator[float]:
        """Read the catalogue, and the files if it does not tell all of them; gives the seconds that it waited.

        Only one run at a time has an archive open: ``waiting`` is called if there is another. With None for it, the
        archive is only looked at.
        """
        lock = (
            contextlib.nullcontext(0.0)
            if waiting is None
            else locked(os.path.join(self._work_directory, "lock"), waiting)
        )
        with lock as waited:
            if waiting is not None:
                self._clear()
            self.catalogue = Catalogue(self.root)
            if self.catalogue.flaw or os.path.lexists(self._unsaved):
                self._adopt()
            yield waited

    def absolute(self, entry: Entry) -> str:
        """Where a document is on this machine."""
        return f"{self.root}/{entry.path}"

    def flaw(self, entry: Entry, verify: str) -> str | None:
        """Why the file is not the document that was put there, as the end of a sentence; None if it is."""
        if verify == "none":
            return None
        path = self.absolute(entry)
        try:
            status = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return "is gone"
        except OSError as exc:
            raise FileError(f"Cannot look at {path}: {exc.strerror}.", path=path) from exc
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(path)
        if status.st_size != entry.size:
            return f"has {status.st_size} bytes in place of {entry.size}"
        if verify == "checksum" and sha256(path) != entry.sha256:
            return "was altered: it has another checksum"
        return None

    def inspect_file(self, entry: Entry) -> Entry | str:
        """A file that the catalogue does not know, as its entry; or why it is not the document that it should be."""
        path = self.absolute(entry)
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise _not_a_file(path)
        try:
            if flaw := find_flaw(path, entry.format):
                return flaw
            entry = self.with_totals(entry, path)
        except DocumentError as exc:
            return f"cannot be read ({exc})"
        except OSError as exc:
            raise FileError(f"Cannot read {path}: {exc.strerror}.", path=path) from exc
        entry = entry._replace(size=os.path.getsize(path), sha256=sha256(path))
        if self.catalogue.checksums.get(entry.path, entry.sha256) != entry.sha256:
            return f"was altered: {CHECKSUMS} has another checksum for it"
        return entry

    def mark_dirty(self) -> None:
        """Note that the catalogue is behind the files, until save()."""
        with StagedFile(self._unsaved, self._work_directory) as staged:
            staged.commit()
        sync_directory(self._work_directory)

    def fetch(self, invoicing: Invoicing, entry: Entry) -> Entry:
        """Fetch one document; can be called from several threads. Raises what Invoicing.download() does."""
        check_contract_id(entry.contract_id)
        path = self.absolute(entry)
        with StagedFile(path, self._work_directory) as staged:
            invoicing.download(entry.contract_id, entry.invoice_id, entry.format, entry.source_type, staged)
            try:
                entry = self.with_totals(entry, staged.path, staged.content)
            except DocumentError as exc:
                problem = str(exc).replace(f"{staged.path}: ", "")
                raise DocumentError(
                    f"The answer had status 200, but the document {problem} Nothing was written to {path}: run again, "
                    "and ask for the bill in another format if that does not help.",
                    **exc.details | {"path": path, "status": 200},
                ) from exc
            staged.commit()
        entry = entry._replace(size=staged.size, sha256=staged.sha256)
        self.catalogue.entries[entry.key] = entry
        self._touched.add(os.path.dirname(path))
        return entry

    def save(self) -> bool:
        """Make what was fetched durable, then the catalogue; tells whether that has changed."""
        for directory in self._touched:
            sync_directory(directory)
        changed = self.catalogue.save()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._unsaved)
        return changed

    def _clear(self) -> None:
        """Remove what killed runs left under way: with the lock, nobody else is at work here."""
        for name in os.listdir(self._work_directory):
            if name.startswith(PREFIX):
                os.unlink(os.path.join(self._work_directory, name))

    def _adopt(self) -> None:
        """Take up the files that the catalogue does not know, as far as their paths tell what they are."""
        known = {entry.path for entry in self.catalogue.entries.values()}
        adopted, left = 0, []
        for path in _files(self.root):
            if path in known:
                continue
            entry = self._identified(path)
            found = self.inspect_file(entry) if entry else "has another path than the template gives"
            if isinstance(found, Entry):
                self.catalogue.entries.setdefault(found.key, found)
                adopted += 1
            elif path in self.catalogue.checksums:
                left.append(f"{path}, which {found}")
        if not self.catalogue.flaw:
            return
        lost = f"{self.catalogue.path} {self.catalogue.flaw}"
        if adopted:
            self.warnings.append(f"{lost}: its entries are taken from {adopted} documents.")
        if left:
            self.warnings.append(
                f"{lost}, and {len(left)} documents that {CHECKSUMS} lists cannot be taken up. The first: {left[0]}. "
                "Put the catalogue back from a backup, or run with the path_template that they were kept with."
            )

    def _identified(self, path: str) -> Entry | None:
        """The entry that a path alone tells, None if it does not tell enough."""
        values = self.template.parse(path)
        if values is None or not values.keys() >= IDENTITY:
            return None
        return Entry(
            account_id=values.get("account_id"),
            contract_id=values["contract_id"],
            invoice_id=int(values["invoice_id"]),
            invoice_type=values.get("invoice_type"),
            invoice_date=values.get("invoice_date"),
            invoice_currency=None,
            invoice_total=None,
            month=values.get("month"),
            format=values["format"],
            source_type=values["source_type"],
            file_version=int(values["file_version"]),
            path=path,
        )

    def with_totals(self, entry: Entry, path: str, content: bytes | None = None) -> Entry:
        """The entry with the totals of its document, or with the reason why it has none.

        Raises CutShortError and NotABillError.
        """
        if entry.format == "pdf":
            return entry
        kind, currency = entry.source_type, entry.invoice_currency
        try:
            totals = document_totals(
                path, entry.format, kind, currency=currency, content=content, invoice_id=entry.invoice_id
            )
        except (CutShortError, NotABillError):
            raise
        except DocumentError as exc:
            # It is kept: the headings of CSV documents are not public, and any bill may hold a surprise.
            return entry._replace(totals=None, totals_error=str(exc).replace(path, entry.path))
        return entry._replace(totals=totals["by_currency"], totals_error=None)


def _files(root: str) -> Iterator[str]:
    """The paths of all files below a directory, relative to it; links are not followed."""
    for directory, directories, names in os.walk(root):
        if directory == root and WORK_DIRECTORY in directories:
            directories.remove(WORK_DIRECTORY)
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), root)


def _not_a_file(path: str) -> FileError:
    return FileError(f"{path} is there, but is no regular file: move it away, or change path_template.", path=path)
