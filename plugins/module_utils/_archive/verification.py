# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Whether the files of an archive are what its catalogue, SHA256SUMS and journal say. Nothing is changed."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import errno
import hashlib
import os
import stat
import typing as t
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from .._errors import MAX_MESSAGE_LENGTH, printable
from .._files import MAX_PATH_LENGTH, PIECE
from .checksums import Checksums
from .entry import CATALOGUE, CHECKSUMS, JOURNAL, WORK_DIRECTORY
from .parts import existing_parts

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .entry import Entry
    from .journal_chain import Chain

# A disk answers several at a time faster, and hashing lets other threads work.
WORKERS = 4
# So many documents are one piece of work.
CHUNK = 200

_FETCH = (
    "Run invoice_archive with verify=checksum for its month to download it again; an older version can be restored "
    "only from a backup."
)


class Problem(t.NamedTuple):
    """What is not as it should be: its kind, where it is on this machine, and a sentence."""

    kind: str
    path: str
    msg: str


# The kinds, in the order of the guide.
GONE, SIZE, ALTERED, UNREADABLE = "gone", "size", "altered", "unreadable"
CATALOGUE_DAMAGED, CHECKSUMS_DIFFER, JOURNAL_BROKEN, CONFLICT = "catalogue", "checksums", "journal", "conflict"
STRAY, UNFINISHED = "stray", "unfinished"


def problem(kind: str, path: str, sentence: str) -> Problem:
    """A problem as results show it."""
    shown = path if path.isprintable() else printable(path, MAX_PATH_LENGTH)
    return Problem(kind, shown, printable(sentence, MAX_MESSAGE_LENGTH))


def check_documents(root: str, entries: Iterator[Entry], level: str) -> Iterator[tuple[Entry, Problem]]:
    """The documents that are not as their entries say: of another size, or, unless ``level`` is that, SHA-256."""
    real_root = os.path.realpath(root)

    def check(chunk: Sequence[Entry]) -> list[tuple[Entry, Problem]]:
        return list(_check(root, real_root, chunk, level))

    with ThreadPoolExecutor(WORKERS) as pool:
        for found in pool.map(check, iter(lambda: list(islice(entries, CHUNK)), [])):
            yield from found


def _check(root: str, real_root: str, entries: Iterable[Entry], level: str) -> Iterator[tuple[Entry, Problem]]:
    buffer = memoryview(bytearray(PIECE))
    directory, leads_away = "", False
    for entry in entries:
        path = f"{root}/{entry.path}"
        if directory != (directory := os.path.dirname(entry.path)):
            leads_away = os.path.realpath(f"{root}/{directory}") != os.path.join(real_root, directory)
        if leads_away:
            found: tuple[str, str] | None = (UNREADABLE, "is behind a symbolic link, which an archive must not contain")
        else:
            found = _flaw(path, entry, level, buffer)
        if found:
            yield entry, problem(found[0], path, f"{entry.path} {found[1]}. {_FETCH}")


def _flaw(path: str, entry: Entry, level: str, buffer: memoryview) -> tuple[str, str] | None:
    """The kind of what is wrong with a document, and the end of a sentence about it."""
    try:
        if level == "size":
            return _flaw_of_status(os.lstat(path), entry)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if found := _flaw_of_status(os.fstat(descriptor), entry):
                return found
            digest = hashlib.sha256()
            # Each call lets other threads in, and waits for its turn again: a small file takes one of each.
            while size := os.readv(descriptor, [buffer]):
                digest.update(buffer[:size])
                if size < len(buffer):
                    break
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError):
        return GONE, "is gone"
    except OSError as exc:
        reason = "it is a symbolic link" if exc.errno == errno.ELOOP else exc.strerror
        return UNREADABLE, f"cannot be read ({reason})"
    return None if digest.hexdigest() == entry.sha256 else (ALTERED, "was altered: it has another SHA-256")


def _flaw_of_status(status: os.stat_result, entry: Entry) -> tuple[str, str] | None:
    if not stat.S_ISREG(status.st_mode):
        return UNREADABLE, "is not a regular file"
    if status.st_size != entry.size:
        return SIZE, f"has {status.st_size} bytes instead of {entry.size}"
    return None


def check_checksums(root: str, entries: Sequence[Entry]) -> Iterator[Problem]:
    """What SHA256SUMS says of other documents than the catalogue, or otherwise. Raises FileError."""
    checksums = Checksums(root)
    repair = "The next run of invoice_archive writes it again."
    if checksums.content is None:
        if entries:
            yield problem(CHECKSUMS_DIFFER, checksums.path, f"{CHECKSUMS} is not there. {repair}")
        return
    if checksums.is_damaged and (entries or checksums.content):
        yield problem(CHECKSUMS_DIFFER, checksums.path, f"{CHECKSUMS} has lines that are not its own. {repair}")
    listed = dict(checksums.by_path)
    for entry in entries:
        digest = listed.pop(entry.path, None)
        if digest is None:
            sentence = f"{CHECKSUMS} does not list {entry.path}. {repair}"
        elif digest != entry.sha256:
            sentence = f"{CHECKSUMS} and the catalogue have different checksums for {entry.path}: one was altered."
        else:
            continue
        yield problem(CHECKSUMS_DIFFER, f"{root}/{entry.path}", sentence)
    for path in listed:
        sentence = f"{CHECKSUMS} lists {path}, which the catalogue does not have: its entry was removed or lost."
        yield problem(CHECKSUMS_DIFFER, f"{root}/{path}", sentence)


def check_journal(root: str, chain: Chain, entries: Iterable[Entry]) -> Iterator[Problem]:
    """What is wrong in the journal, and documents of which it says otherwise than the catalogue."""
    path = os.path.join(root, JOURNAL)
    for flaw in chain.flaws:
        yield problem(JOURNAL_BROKEN, path, f"{JOURNAL}: {flaw}. Compare it with a backup.")
    noted = dict(chain.documents)
    for entry in entries:
        if noted.pop(entry.path, entry.sha256) != entry.sha256:
            sentence = f"{JOURNAL} and the catalogue have different checksums for {entry.path}: one was altered."
            yield problem(JOURNAL_BROKEN, f"{root}/{entry.path}", sentence)
    for name in noted:
        sentence = f"{JOURNAL} has {name}, and the catalogue does not: its entry was removed or lost."
        yield problem(JOURNAL_BROKEN, f"{root}/{name}", sentence)


def check_files(root: str, entries: Iterable[Entry]) -> Iterator[Problem]:
    """The files that belong to nothing: no document of the catalogue, and none of the archive's own."""
    known = {entry.path for entry in entries} | {part.path for part in existing_parts(root)}
    known |= {CATALOGUE, CHECKSUMS, JOURNAL}
    for directory, directories, names in os.walk(root):
        at_root = directory == root
        if at_root and WORK_DIRECTORY in directories:
            directories.remove(WORK_DIRECTORY)
        links = [name for name in directories if os.path.islink(os.path.join(directory, name))]
        for name in sorted((*names, *links)):
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, root)
            # Signatures, such as SHA256SUMS.sig, belong beside what they sign.
            if relative not in known and not (at_root and name.startswith((f"{CHECKSUMS}.", f"{JOURNAL}."))):
                sentence = f"{relative} belongs to no document of the catalogue: move it out of the archive."
                yield problem(STRAY, path, sentence)
