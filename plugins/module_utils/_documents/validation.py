# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Is a file a whole document of its format?"""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os

from .._errors import DocumentError

# How much of the start and of the end of a file tells whether it is whole, in bytes. A PDF ends within it (ISO 32000).
END = 1024


def find_flaw(path: str, format: str, content: bytes | None = None) -> str | None:
    """Why the file cannot be a whole document of this format, as the end of a sentence; None if it can.

    A PDF and a CSV document are looked at at both ends only; JSON has to parse, whatever it says. The file is not read
    when its ``content`` is at hand. Raises OSError.
    """
    head, tail = _ends(path) if content is None else (content[:END], content[-END:])
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return "is empty"
    if start[:9].lower() == b"<!doctype" or start[:5].lower() in (b"<html", b"<?xml"):
        return "is a web page"
    if format == "pdf":
        return _unsound_pdf(head, tail)
    if format == "json":
        return _unsound_json(path, content) if start.startswith(b"{") else "is not a JSON object"
    if head.startswith(b"%PDF-"):
        return "is a PDF"
    return None if any(mark in head for mark in (b",", b";", b"\t")) else "is not a table"


def _ends(path: str) -> tuple[bytes, bytes]:
    with open(path, "rb", buffering=0) as file:
        head = file.read(END)
        file.seek(max(0, file.seek(0, os.SEEK_END) - END))
        return head, file.read(END)


def _unsound_json(path: str, content: bytes | None) -> str | None:
    from .json_document import JsonDocument

    try:
        JsonDocument(path, content=content).check()
    except DocumentError as exc:
        place = exc.details.get("character")
        return "is not a whole JSON document" + (f" (it ends, or errs, at character {place})" if place else "")
    return None


def _unsound_pdf(head: bytes, tail: bytes) -> str | None:
    if b"%PDF-" not in head:
        return "does not begin as a PDF"
    return None if b"%%EOF" in tail else "is cut short: a PDF ends with %%EOF"
