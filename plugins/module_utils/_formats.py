# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The formats of a document: what to ask for, how to name it, and whether a file is one, whole."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

# How much of the start and of the end of a file tells whether it is whole, in bytes. A PDF ends within it (ISO 32000).
END = 1024
GENERIC_TYPES = frozenset(("", "application/octet-stream", "binary/octet-stream"))


@dataclass(frozen=True)
class Format:
    """One format: C(accept) is the value of the Accept header, C(also) are other types that answers may carry."""

    name: str
    accept: str
    also: frozenset[str] = frozenset()

    def carried_by(self, content_type: str) -> bool:
        """Whether an answer of this Content-Type can be a document of this format."""
        media_type = content_type.partition(";")[0].strip().lower()
        return media_type == self.accept or media_type in self.also or media_type in GENERIC_TYPES


FORMATS: t.Final = {
    form.name: form
    for form in (
        Format("pdf", "application/pdf"),
        Format("csv", "text/csv", frozenset(("application/csv", "text/plain", "application/vnd.ms-excel"))),
        Format("json", "application/json"),
    )
}


SOURCE_TYPES: t.Final = ("regular", "compute")


def document_name(contract_id: str, invoice_id: int, format: str, source_type: str) -> str:
    """The file name of a document whose destination is a directory."""
    suffix = "_compute" if source_type == "compute" else ""
    return f"{contract_id}_{invoice_id}{suffix}.{format}"


def unsound(path: str, format: str, content: bytes | None = None) -> str | None:
    """Why the file cannot be a whole document of this format, as the end of a sentence; None if it can.

    A PDF and a CSV document are looked at at both ends only; JSON has to parse, whatever it says. The file is not read
    when its C(content) is at hand. Raises OSError.
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
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._json_document import JsonDocument

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
