# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An archive that is only read, also while other runs write to it: its selected documents, and what is wrong."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import os
import stat
import time
import typing as t
from dataclasses import dataclass, field

from .._errors import FileError, counted
from .entry import CATALOGUE, CHECKSUMS, JOURNAL, WORK_DIRECTORY, Entry, parse_entry_1
from .journal_chain import Chain, read_chain
from .marks import NAME as UNSAVED
from .parts import Part, existing_parts, flaw_of, read_part, usable_entries
from .pointer import read_pointer
from .verification import (
    CATALOGUE_DAMAGED,
    UNFINISHED,
    Problem,
    check_checksums,
    check_documents,
    check_files,
    check_journal,
    problem,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .entry import Key

# How often an archive is read that other runs change meanwhile, and the seconds between.
MAX_READS = 5
PAUSE = 0.2

# The path and the SHA-256 of a document.
Identity = tuple[str, "str | None"]
LEVELS = ("none", "size", "sha256", "full")


class Wanted(t.NamedTuple):
    """Which documents are selected: those of some contracts and months (None: all), for which ``accepts`` is true."""

    contract_ids: tuple[str, ...] | None = None
    months: tuple[str, ...] | None = None
    accepts: Callable[[Entry], bool] = lambda _entry: True

    def has_contract(self, contract_id: str) -> bool:
        """Whether documents of this contract are selected."""
        return self.contract_ids is None or contract_id in self.contract_ids

    def has_part(self, part: Part) -> bool:
        """Whether the part may have documents that are selected."""
        return self.has_contract(part.contract_id) and (self.months is None or part.month in self.months)

    def has(self, entry: Entry) -> bool:
        """Whether a document is selected."""
        return self.has_part(Part.of(entry)) and self.accepts(entry)


@dataclass
class Inspection:
    """What was found in an archive: the selected documents, and the months of all bills by contract."""

    root: str
    version: int = 0
    entries: list[Entry] = field(default_factory=list)
    months: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    chain: Chain | None = None

    def as_result(self) -> dict[str, t.Any]:
        """What results say of the archive itself."""
        lines, last = (self.chain.lines, self.chain.last) if self.chain else (None, None)
        return {"src": self.root, "version": self.version, "journal_lines": lines, "journal_sha256": last}


def inspect_archive(root: str, wanted: Wanted, level: str) -> Inspection:
    """Read an archive, and verify its selected documents; with the level ``full`` all that belongs to them too.

    Only problems that are there in each of two or more readings count: other runs may write meanwhile. Raises FileError
    for what is no archive, or of a later version.
    """
    intact: set[Identity] = set()
    lasting: set[Problem] = set()
    for number in range(MAX_READS):
        before = _state(root)
        found = _inspect(root, wanted, level, intact)
        lasting = lasting.intersection(found.problems) if number else set(found.problems)
        if not lasting or (number and _state(root) == before):
            break
        time.sleep(PAUSE)
    found.problems = [one for one in found.problems if one in lasting]
    if lasting and _state(root) != before:
        sentence = "Other runs have changed the archive while it was read: verify it again when they have ended."
        found.problems.append(problem(UNFINISHED, root, sentence))
    began = min((time for name, (*_others, time) in before.items() if name.endswith(f"/{UNSAVED}")), default=None)
    return _without_work_in_progress(found, began)


def _inspect(root: str, wanted: Wanted, level: str, intact: set[Identity]) -> Inspection:
    """One reading; documents that are ``intact`` are not verified again, and others that are become it."""
    found, entries = Inspection(root), []

    def due() -> Iterator[Entry]:
        for entry in _read_entries(found, wanted, everything=level == "full"):
            entries.append(entry)
            if wanted.has(entry):
                found.entries.append(entry)
                if level != "none" and (entry.path, entry.sha256) not in intact:
                    yield entry

    # The first documents are verified while the rest of the catalogue is read.
    flawed = list(check_documents(root, due(), level))
    intact |= {(entry.path, entry.sha256) for entry in found.entries}
    intact -= {(entry.path, entry.sha256) for entry, _problem in flawed}
    found.problems += [one for _entry, one in flawed]
    if level == "full":
        found.chain = read_chain(root)
        if found.chain:
            found.problems += check_journal(root, found.chain, entries)
        found.problems += check_checksums(root, entries)
        found.problems += check_files(root, entries)
    return found


def _read_entries(found: Inspection, wanted: Wanted, *, everything: bool) -> Iterator[Entry]:
    """The entries of all parts that are needed, each document once."""
    root = found.root
    found.version, parsed, _content, flaw = read_pointer(root)
    path = os.path.join(root, CATALOGUE)
    if not found.version:
        raise FileError(f"{path} {flaw}: name the root of an archive, or run invoice_archive to rebuild it.", path=path)
    if found.version == 1:
        known, flaws = usable_entries(parsed["documents"], parse_entry_1)
        flaw = flaw_of(flaws, "entry", "entries")
        parts: dict[Part, dict[Key, Entry]] = {}
        for entry in known.values():
            parts.setdefault(Part.of(entry), {})[entry.key] = entry
    if flaw:
        found.problems.append(_damaged(path, flaw))
    in_a_month: set[Key] = set()
    # What has no month comes last: a killed run may have left a document there that has one by now.
    several = existing_parts(root) if found.version != 1 else parts
    for part in sorted(several, key=lambda part: (part.month is None, part.contract_id, part.month or "")):
        if part.month and wanted.has_contract(part.contract_id):
            found.months.setdefault(part.contract_id, set()).add(part.month)
        if everything or wanted.has_part(part):
            entries = parts[part] if found.version == 1 else _read_part(found, part)
            yield from (entry for key, entry in entries.items() if key not in in_a_month)
            in_a_month |= entries.keys()


def _read_part(found: Inspection, part: Part) -> dict[Key, Entry]:
    content = read_part(found.root, part)
    if content.flaw:
        found.problems.append(_damaged(os.path.join(found.root, part.path), content.flaw))
    return content.entries


def _damaged(path: str, flaw: str) -> Problem:
    return problem(CATALOGUE_DAMAGED, path, f"{path} {flaw}. Run invoice_archive for its months to repair it.")


def _state(root: str) -> dict[str, tuple[int, int, int]]:
    """What shows that the catalogue, SHA256SUMS or the journal was changed, and that a run has not saved its work."""
    names = [
        CATALOGUE,
        CHECKSUMS,
        JOURNAL,
        *(part.path for part in existing_parts(root)),
        f"{WORK_DIRECTORY}/{UNSAVED}",
    ]
    # It is private: others than its owner see no marks.
    with contextlib.suppress(OSError):
        names += [f"{WORK_DIRECTORY}/{name}/{UNSAVED}" for name in os.listdir(os.path.join(root, WORK_DIRECTORY))]
    found = {}
    for name in names:
        with contextlib.suppress(OSError):
            status = os.lstat(os.path.join(root, name))
            found[name] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def _without_work_in_progress(found: Inspection, began: int | None) -> Inspection:
    """Leave out what a run has written since it began (in nanoseconds) and not saved, and say so in its place."""
    if began is not None:
        problems = [one for one in found.problems if not _is_newer(one.path, began)]
        left_out = len(found.problems) - len(problems)
        files = f" {counted(left_out, 'file')} that it has written could not be compared." if left_out else ""
        sentence = (
            f"A run of invoice_archive is working on the archive, or was ended before it could save its work.{files} "
            "If none is running, run it again for the same months."
        )
        found.problems = [*problems, problem(UNFINISHED, found.root, sentence)]
    elif found.chain and found.chain.is_torn:
        sentence = f"The last line of {JOURNAL} is cut short: a run was ended while it wrote. The next run closes it."
        found.problems.append(problem(UNFINISHED, os.path.join(found.root, JOURNAL), sentence))
    return found


def _is_newer(path: str, since: int) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_mtime_ns >= since
