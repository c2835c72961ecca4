# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The journal of an archive: what was done to each document, in lines that are only ever appended."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import hashlib
import json
import os
import pwd
import typing as t
from datetime import datetime, timezone

from .._errors import FileError, file_error
from .._files import sync_directory
from .entry import JOURNAL

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from .entry import Entry

# As galaxy.yml has it, which is not there where a module runs.
COLLECTION_VERSION = "0.1.0"

_FIELDS = ("contract_id", "invoice_id", "source_type", "format", "file_version", "path", "size", "sha256")
_PIECE = 64 * 1024


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Journal:
    """Lines that are collected, and then appended together."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._records: list[dict[str, t.Any]] = []

    def add(self, action: str, entry: Entry | None = None, *, request_id: str | None = None, **numbers: int) -> None:
        """Note what was done, with a document or with ``documents`` of which some have ``flaws``."""
        self._records.append(_record(action, entry, request_id=request_id, **numbers))

    def append(self) -> None:
        """Append what was noted since the last time. Raises FileError."""
        if self._records:
            append_records(self._root, self._records)
            self._records.clear()


def _record(
    action: str, entry: Entry | None = None, *, request_id: str | None = None, **numbers: int
) -> dict[str, t.Any]:
    """A line of the journal, without what appending adds to it: all lines have the same fields."""
    about = {name: getattr(entry, name) if entry else None for name in _FIELDS}
    checked = {"documents": None, "flaws": None} | numbers
    return {"time": now(), "action": action, **about, **checked, "request_id": request_id}


def append_records(root: str, records: Iterable[dict[str, t.Any]]) -> None:
    """Append lines, each with the SHA-256 of the line before it, and make them durable. Raises FileError.

    A line that a killed run has begun is ended, and a line with the action ``closed`` follows it.
    """
    path = os.path.join(root, JOURNAL)
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
        with open(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            line = _last_line(file, size)
            torn = line is not None and not line.endswith(b"\n")
            previous = None if line is None else hashlib.sha256(line.rstrip(b"\n")).hexdigest()
            text = b"\n" if torn else b""
            for one in (*([_record("closed")] if torn else []), *records):
                line = json.dumps({**one, **_origin(), "previous": previous}, ensure_ascii=False).encode(
                    "utf-8", "replace"
                )
                previous = hashlib.sha256(line).hexdigest()
                text += line + b"\n"
            written = file.write(text)
            if written != len(text):
                raise FileError(f"Cannot write {path}: the disk is full. Free some space, and run again.", path=path)
            os.fsync(file.fileno())
    except OSError as exc:
        raise file_error("write", path, exc) from exc
    if not size:
        sync_directory(root)


def _last_line(file: t.BinaryIO, size: int) -> bytes | None:
    """The last line with its line end, if it has one; None in an empty file. The rest is not read."""
    tail = b""
    while size and b"\n" not in tail[:-1]:
        start = max(0, size - _PIECE)
        file.seek(start)
        tail = file.read(size - start) + tail
        size = start
    return tail[tail.rfind(b"\n", 0, -1) + 1 :] if tail else None


def _origin() -> dict[str, str]:
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = str(os.geteuid())
    return {"user": user, "host": os.uname().nodename, "collection_version": COLLECTION_VERSION}
