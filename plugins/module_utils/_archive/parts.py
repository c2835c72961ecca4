# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The parts of a catalogue: the documents of a contract and month, one to a line."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import os
import re
import typing as t
from collections import Counter
from dataclasses import dataclass, field

from .._errors import FileError, OptionError, abbreviated, counted, file_error
from .._files import open_regular
from .._options import check_contract_id
from .entry import PARTS, Entry, Key, parse_entry

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}|unknown)\.jsonl")
_INVOICE_ID = re.compile(rb'"invoice_id": ([0-9]+)')


class Part(t.NamedTuple):
    """Which documents a part has: those of a contract and month, or those whose month is not known."""

    contract_id: str
    month: str | None

    @property
    def path(self) -> str:
        """Where the part is, relative to the root of the archive."""
        return f"{PARTS}/{self.contract_id}/{self.month or 'unknown'}.jsonl"

    @classmethod
    def of(cls, entry: Entry) -> Part:
        """The part that an entry belongs to."""
        return cls(entry.contract_id, entry.month)


@dataclass
class Content:
    """What a part has, by key: as it is on disk, and as it is to be. ``bad`` are lines that cannot be used.

    ``flaw`` says why, as the end of a sentence; it is None if all can be used.
    """

    before: dict[Key, Entry] = field(default_factory=dict)
    entries: dict[Key, Entry] = field(default_factory=dict)
    bad: list[bytes] = field(default_factory=list)
    flaw: str | None = None
    is_there: bool = False
    """Whether it has any content on disk."""

    @property
    def is_changed(self) -> bool:
        """Whether it has to be written."""
        return self.flaw is not None or self.entries != self.before

    @property
    def changed_entries(self) -> list[Entry]:
        """The entries that are new, or not as they were."""
        return [entry for key, entry in self.entries.items() if self.before.get(key) != entry]

    @property
    def text(self) -> bytes:
        """It as it is saved."""
        entries = (self.entries[key] for key in sorted(self.entries))
        return "".join(f"{entry.line}\n" for entry in entries).encode()


def read_part(root: str, part: Part) -> Content:
    """A part as it is on disk. Raises FileError."""
    content = read_file(os.path.join(root, part.path))
    if not content:
        return Content()
    lines = content.removesuffix(b"\n").split(b"\n")

    def parse(line: bytes) -> Entry:
        entry = parse_entry(parse_json(line))
        if Part.of(entry) != part:
            raise ValueError(f"it is of {entry.contract_id} and {entry.month}")
        return entry

    entries, flaws = usable_entries(lines, parse)
    bad = [lines[number - 1] for number in flaws]
    return Content(dict(entries), entries, bad, flaw_of(flaws, "line"), is_there=True)


def usable_entries(values: Iterable[t.Any], parse: Callable[[t.Any], Entry]) -> tuple[dict[Key, Entry], dict[int, str]]:
    """The entries that can be used, and why others cannot, by their numbers.

    Of two for one document or one path, nobody knows which is right.
    """
    flaws: dict[int, str] = {}
    parsed: dict[int, Entry] = {}
    for number, value in enumerate(values, 1):
        try:
            parsed[number] = parse(value)
        except (ValueError, TypeError, RecursionError, OptionError) as exc:
            flaws[number] = str(exc)
    keys = Counter(entry.key for entry in parsed.values())
    paths = Counter(entry.path for entry in parsed.values())
    directories = _directories(paths)
    entries = {}
    for number, entry in parsed.items():
        if keys[entry.key] > 1 or paths[entry.path] > 1:
            flaws[number] = f"its document or path is there twice: {entry.path!r}"
        elif entry.path in directories:
            flaws[number] = f"its path is a directory of others: {entry.path!r}"
        else:
            entries[entry.key] = entry
    return entries, flaws


def flaw_of(flaws: dict[int, str], noun: str, plural: str = "") -> str | None:
    """The flaws as the end of a sentence, None if there are none."""
    if not flaws:
        return None
    number, first = min(flaws.items())
    return (
        f"has {counted(len(flaws), noun, plural)} that cannot be used (the first is {noun} {number}: "
        f"{abbreviated(first)})"
    )


def existing_parts(root: str, contract_id: str | None = None) -> list[Part]:
    """The parts that are on disk, of all contracts or of one, in order. Raises FileError."""
    contracts = [contract_id] if contract_id else _names(os.path.join(root, PARTS))
    found = []
    for contract in contracts:
        try:
            check_contract_id(contract)
        except OptionError:
            continue
        for name in _names(os.path.join(root, PARTS, contract)):
            if match := _NAME.fullmatch(name):
                found.append(Part(contract, None if match[1] == "unknown" else match[1]))
    return found


def refuse_links(root: str, *names: str) -> None:
    """Raises FileError if one of these directories of an archive leads out of it."""
    for path in (os.path.join(root, name) for name in names):
        if os.path.islink(path):
            raise FileError(
                f"{path} is a symbolic link, which an archive must not contain. Replace it with a directory.", path=path
            )


def find_bills(root: str, parts: Iterable[Part], invoice_ids: set[int]) -> dict[int, Part]:
    """Which of the bills these parts have; most parts are not read for it. Raises FileError."""
    found: dict[int, Part] = {}
    for part in parts:
        path = os.path.join(root, part.path)
        low, high = _range(path)
        if wanted := {invoice_id for invoice_id in invoice_ids if low <= invoice_id <= high}:
            there = {int(digits) for digits in _INVOICE_ID.findall(read_file(path) or b"")}
            found |= dict.fromkeys(wanted & there, part)
    return found


def _range(path: str) -> tuple[int, int]:
    """The first and the last invoice ID of a part, which is sorted by them."""
    try:
        with open_regular(path, os.O_NOFOLLOW) as file:
            start = file.read(200)
            file.seek(max(0, os.fstat(file.fileno()).st_size - 100_000))
            end = file.read()
    except FileNotFoundError:
        return 0, -1
    except OSError as exc:
        raise file_error("read", path, exc) from exc
    first, last = _INVOICE_ID.search(start), _INVOICE_ID.findall(end)
    return int(first[1]) if first else 0, int(last[-1]) if last else 10**19


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def parse_json(content: bytes) -> t.Any:
    """JSON as the catalogue has it. Raises ValueError and RecursionError."""
    return _decode(content.decode())


def read_file(path: str) -> bytes | None:
    """A file of the archive, None if it is not there. Raises FileError."""
    try:
        with open_regular(path, os.O_NOFOLLOW) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise file_error("read", path, exc) from exc


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise file_error("read", directory, exc) from exc


def _directories(paths: Iterable[str]) -> set[str]:
    """All directories that the paths lead through."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found
