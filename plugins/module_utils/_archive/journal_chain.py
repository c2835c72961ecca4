# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The journal of an archive as it is read: whether each line is the one that the next says was before it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import hashlib
import io
import json
import os
import typing as t
from dataclasses import dataclass, field

from .._errors import file_error
from .._files import open_regular
from .entry import JOURNAL

if t.TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, t.Any]

# What a run notes behind a line that a killed run has not completed.
CLOSED = "closed"
# No line is longer: what is has not been written by this collection.
MAX_LINE_SIZE = 1024 * 1024
MAX_FLAWS = 100


@dataclass
class Chain:
    """What a journal says.

    ``flaws`` are the ends of sentences about it. ``documents`` are the SHA-256 of each path by its last line, ``last``
    is that of the last line, and ``is_torn`` whether that line has no end.
    """

    lines: int = 0
    last: str | None = None
    is_torn: bool = False
    flaws: list[str] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)


def read_chain(root: str) -> Chain | None:
    """The journal of an archive, None if it has none. Raises FileError."""
    path = os.path.join(root, JOURNAL)
    chain = Chain()
    before: Record | None = {}
    try:
        with io.BufferedReader(open_regular(path, os.O_NOFOLLOW)) as file:
            while line := file.readline(MAX_LINE_SIZE):
                chain.lines += 1
                record = _parse(line)
                if not line.endswith(b"\n") and len(line) < MAX_LINE_SIZE:
                    chain.is_torn = True
                else:
                    if len(chain.flaws) < MAX_FLAWS:
                        chain.flaws += _flaws(chain, before, record)
                    before = record
                if record and record.get("path") is not None:
                    chain.documents[record["path"]] = record["sha256"]
                chain.last = hashlib.sha256(line.removesuffix(b"\n")).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise file_error("read", path, exc) from exc
    if before is None and not chain.is_torn:
        chain.flaws.append(f"line {chain.lines} is not a record")
    return chain


def _flaws(chain: Chain, before: Record | None, record: Record | None) -> Iterator[str]:
    """What is wrong between a line, which is None where it is no record, and the one before it."""
    number = chain.lines
    if before is None and (record is None or record["action"] != CLOSED):
        yield f"line {number - 1} is not a record"
    if record and record["previous"] != chain.last:
        if number == 1:
            yield "line 1 names a line before it: lines were removed"
        else:
            yield f"line {number} does not continue line {number - 1}: a line was altered, added or removed there"


def _parse(line: bytes) -> Record | None:
    """A line as a record, None where it is none: it may have been cut short."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_record = isinstance(record, dict) and isinstance(record.get("action"), str) and "previous" in record
    if not is_record or not (record.get("path") is None or isinstance(record.get("sha256"), str)):
        return None
    return record if isinstance(record.get("path"), (str, type(None))) else None
