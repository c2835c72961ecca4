# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An archive: the documents below one directory, which one run at a time may change."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import os
import stat
import typing as t

from .._documents.reader import totals_or_error
from .._documents.validation import find_flaw
from .._errors import DocumentError, FileError, NotABillError, counted, file_error
from .._files import PREFIX, PRIVATE, StagedFile, make_directories, sha256, sync_directory
from .._options import check_contract_id
from .catalogue import Catalogue
from .entry import CHECKSUMS, WORK_DIRECTORY, Entry
from .lock import locked
from .recovery import recover_catalogue

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .._files import DirectoryAttributes
    from .path_template import PathTemplate

    # Contract, invoice ID, format, source type, and where to put the document.
    Download = Callable[[str, int, str, str, StagedFile], object]


@contextlib.contextmanager
def exclusive_access(
    root: str, attributes: DirectoryAttributes, timeout: float, waiting: Callable[[], None]
) -> Iterator[float]:
    """Let no other run change the archive meanwhile, and make its directories; gives the seconds that it waited.

    ``waiting`` is called if there is another run. Raises FileError, also when it is not done after ``timeout`` seconds.
    """
    work_directory = os.path.join(root, WORK_DIRECTORY)
    if os.path.islink(work_directory):
        raise FileError(
            f"{work_directory} is a symbolic link, which an archive must not contain. Replace it with a directory.",
            path=work_directory,
        )
    try:
        make_directories(root, attributes)
        make_directories(work_directory)
    except OSError as exc:
        raise file_error("make the archive", root, exc) from exc
    with locked(os.path.join(work_directory, "lock"), timeout, waiting) as waited:
        # With the lock, what killed runs left behind belongs to nobody.
        with contextlib.suppress(OSError), os.scandir(work_directory) as left:
            for file in left:
                if file.name.startswith(PREFIX):
                    os.unlink(file.path)
        yield waited


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
    ) -> None:
        self.root = root
        self.template = template
        self.catalogue = Catalogue(root)
        self.warnings: list[str] = []
        self.kept_permissions = True
        self._verify = verify
        self._columns = columns
        self._attributes = attributes
        self._work_directory = os.path.join(root, WORK_DIRECTORY)
        # It exists while the catalogue may be behind the files.
        self._unsaved = os.path.join(self._work_directory, "unsaved")
        self._touched: set[str] = set()
        self._links: dict[str, str | None] = {}
        if self.catalogue.flaw or os.path.lexists(self._unsaved):
            self.warnings += recover_catalogue(self)

    def absolute(self, entry: Entry) -> str:
        """Where a document is on this machine."""
        return f"{self.root}/{entry.path}"

    def exists(self, entry: Entry) -> bool:
        """Whether anything is at the path of a document. Raises FileError where nothing of it may be touched."""
        path = self.absolute(entry)
        directory = os.path.dirname(entry.path)
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
        if not self.exists(entry):
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
        if not self.exists(entry):
            return "is gone"
        try:
            if flaw := find_flaw(path, entry.format):
                return flaw
            entry = self.with_totals(entry)._replace(size=os.path.getsize(path), sha256=sha256(path))
        except NotABillError as exc:
            return f"cannot be used ({exc})"
        except OSError as exc:
            raise file_error("read", path, exc) from exc
        if self.catalogue.checksums.get(entry.path, entry.sha256) != entry.sha256:
            return f"was altered: {CHECKSUMS} has another checksum for it"
        return entry

    def is_read(self, entry: Entry) -> bool:
        """Whether the catalogue has the totals that this run would read, or the document has none."""
        return entry.format == "pdf" or (entry.totals_error is None and entry.columns == self._columns)

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
            totals=totals["by_currency"] if totals else None,
            totals_error=error.replace(path, entry.path) if error else None,
            columns=self._columns,
        )

    def mark_dirty(self) -> None:
        """Note that the catalogue is behind the files, until save(). Raises FileError."""
        with StagedFile(self._unsaved, self._work_directory) as staged:
            staged.commit()
        sync_directory(self._work_directory)

    def fetch(self, download: Download, entry: Entry) -> Entry:
        """Fetch one document; can be called from several threads. Raises what ``download`` does."""
        check_contract_id(entry.contract_id)
        path = self.absolute(entry)
        with StagedFile(path, self._work_directory, attributes=self._attributes) as staged:
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
            staged.commit()
        if not staged.kept_permissions:
            self.kept_permissions = False
        entry = entry._replace(size=staged.size, sha256=staged.sha256)
        self.catalogue.entries[entry.key] = entry
        self._touched.add(os.path.dirname(path))
        return entry

    def save(self) -> bool:
        """Make what was fetched durable, then the catalogue; whether that has changed. Raises FileError."""
        for directory in self._touched:
            sync_directory(directory)
        changed = self.catalogue.save()
        self.kept_permissions &= self.catalogue.kept_permissions
        with contextlib.suppress(OSError):
            os.unlink(self._unsaved)
        return changed

    def _leads_to(self, directory: str) -> str | None:
        """Where a directory of the archive leads when a link takes it elsewhere."""
        path = os.path.normpath(os.path.join(os.path.realpath(self.root), directory))
        real = os.path.realpath(path)
        return None if real == path else real
