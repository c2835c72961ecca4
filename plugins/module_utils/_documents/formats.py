# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The formats of a document: what to ask for, how to name it, and which types of answers may be it."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t

GENERIC_TYPES = frozenset(("", "application/octet-stream", "binary/octet-stream"))


class Format(t.NamedTuple):
    """One format: ``accept`` is the value of the Accept header, ``other_types`` are others that answers may carry."""

    name: str
    accept: str
    other_types: frozenset[str] = frozenset()

    def accepts(self, content_type: str) -> bool:
        """Whether an answer of this Content-Type can be a document of this format."""
        media_type = content_type.partition(";")[0].strip().lower()
        return media_type == self.accept or media_type in self.other_types or media_type in GENERIC_TYPES


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
