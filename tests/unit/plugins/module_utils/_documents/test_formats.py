# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Formats: what an answer may call them, and how a file is named."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import FORMATS, document_name


@pytest.mark.parametrize(
    ("form", "content_type", "accepted"),
    [
        ("pdf", "application/pdf", True),
        ("pdf", "Application/PDF; name=x", True),
        ("pdf", "", True),
        ("pdf", "application/octet-stream", True),
        ("pdf", "text/html", False),
        ("csv", "text/csv;charset=UTF-8", True),
        ("csv", "text/plain", True),
        ("csv", "application/json", False),
        ("json", "application/json", True),
        ("json", "application/problem+json", False),
    ],
)
def test_accepted_types(form: str, content_type: str, accepted: bool) -> None:
    assert FORMATS[form].accepts(content_type) is accepted


def test_document_name() -> None:
    assert document_name("C-1", 17331001020, "pdf", "regular") == "C-1_17331001020.pdf"
    assert document_name("C-1", 17331001020, "csv", "compute") == "C-1_17331001020_compute.csv"
