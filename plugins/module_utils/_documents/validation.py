# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Whether a file is a document of its format at all; what the document says is the reader's concern."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os

from .._files import open_regular

# How much of the start and of the end of a file is looked at first, in bytes.
PROBE_SIZE = 1024
_CHUNK_SIZE = 1 << 20

_MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
# Text has no other control characters; Ctrl-Z ends a file of DOS.
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a")
_PDF_END = b"%%EOF"


def find_flaw(path: str, format: str, content: bytes | None = None) -> str | None:
    """Why the file cannot be a complete document of this format, as the end of a sentence; None if it can.

    Only the ends of a file are looked at, and a PDF is searched for its end mark; nothing is parsed. The file is not
    read when its ``content`` is at hand. Raises FileError for what is not a regular file, and OSError.
    """
    head, tail = _ends(path) if content is None else (content[:PROBE_SIZE], content[-PROBE_SIZE:])
    start = head.lstrip(_MARKS)
    if not start:
        return "is empty"
    page = start.replace(b"\0", b"")[:9].lower()
    if page == b"<!doctype" or page.startswith((b"<html", b"<?xml")):
        return "is a web page"
    if format == "pdf":
        return _find_flaw_in_pdf(head, tail, path, content)
    if format == "json":
        if not start.startswith(b"{"):
            return "is not a JSON object"
        return None if tail.rstrip(_MARKS).endswith(b"}") else "is truncated: it does not end with }"
    if head.startswith(b"%PDF-"):
        return "is a PDF"
    return None if _is_text(head) else "is not text"


def detect_format(path: str) -> str:
    """The format of a file, ``json``, ``csv`` or ``pdf``, by its name, else by how it begins.

    Raises FileError for what is not a regular file, and OSError.
    """
    ending = os.path.splitext(path)[1].lower()
    if ending in (".json", ".csv", ".pdf"):
        return ending[1:]
    with open_regular(path) as file:
        start = file.read(PROBE_SIZE).lstrip(_MARKS)
    return "pdf" if start.startswith(b"%PDF-") else "json" if start.startswith(b"{") else "csv"


def _ends(path: str) -> tuple[bytes, bytes]:
    with open_regular(path) as file:
        head = file.read(PROBE_SIZE)
        file.seek(max(0, file.seek(0, os.SEEK_END) - PROBE_SIZE))
        return head, file.read(PROBE_SIZE)


def _is_text(head: bytes) -> bool:
    """Whether this can be the start of text in UTF-8, UTF-16 or a code page."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:2]:
        return True
    return _CONTROLS.isdisjoint(head)


def _find_flaw_in_pdf(head: bytes, tail: bytes, path: str, content: bytes | None) -> str | None:
    if b"%PDF-" not in head:
        return "does not begin as a PDF"
    if _PDF_END in tail or (_PDF_END in content if content is not None else _holds(path, _PDF_END)):
        return None
    return "is truncated: a PDF has %%EOF at its end"


def _holds(path: str, mark: bytes) -> bool:
    """Whether a file holds these bytes anywhere: others may follow the end of a document."""
    with open_regular(path) as file:
        data = file.read(_CHUNK_SIZE)
        while data:
            if mark in data:
                return True
            more = file.read(_CHUNK_SIZE)
            data = more and data[1 - len(mark) :] + more
    return False
