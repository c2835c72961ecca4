# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents, as tests read them."""

from __future__ import annotations

import typing as t
from contextlib import suppress
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError

DOCUMENTS = Path(__file__).parent / "fixtures" / "documents"


def lines_of(name: str) -> list[dict[str, t.Any]]:
    """The lines of a document among the fixtures."""
    return list(read_document(str(DOCUMENTS / name), name.rpartition(".")[2]))


def totals_and_lines(path: Path, **options: t.Any) -> dict[str, t.Any]:
    """The totals of a document. Its lines agree with them: as many, or as much in doubt."""
    lines: list[t.Any] | None = None
    with suppress(DocumentError):
        lines = list(read_document(str(path), path.suffix[1:], **options))
    try:
        found = document_totals(str(path), path.suffix[1:], **options)
    except DocumentError:
        assert lines is None
        raise
    assert lines is not None
    assert found["lines"] == len(lines)
    return found
