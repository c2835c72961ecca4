# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Formats: what an answer may call them, what a file of them looks like."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import FORMATS, document_name
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.validation import END, find_flaw

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("form", "content_type", "carried"),
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
def test_carried_by(form: str, content_type: str, carried: bool) -> None:
    assert FORMATS[form].carried_by(content_type) is carried


def test_document_name() -> None:
    assert document_name("C-1", 17331001020, "pdf", "regular") == "C-1_17331001020.pdf"
    assert document_name("C-1", 17331001020, "csv", "compute") == "C-1_17331001020_compute.csv"


@pytest.mark.parametrize(
    ("form", "content", "flaw"),
    [
        ("pdf", b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF\n", None),
        ("pdf", b"junk before %PDF-1.7\n%%EOF" + b"\0" * 900, None),
        ("pdf", b"%PDF-1.7\n%%EOF" + b"x" * END, "is cut short: a PDF ends with %%EOF"),
        ("pdf", b"PK\x03\x04 %%EOF", "does not begin as a PDF"),
        ("pdf", b" \n", "is empty"),
        ("pdf", b"", "is empty"),
        ("csv", b"A,B\n1,2\n", None),
        ("csv", b"Service unavailable", "is not a table"),
        ("json", b"null", "is not a JSON object"),
        ("json", b'"maintenance"', "is not a JSON object"),
        ("csv", "A;B\n".encode("utf-16"), None),
        ("csv", b"\xef\xbb\xbfA\t\n", None),
        ("csv", b"\n <!doctype html><html>", "is a web page"),
        ("csv", b"<HTML><body>", "is a web page"),
        ("csv", b"<?xml version='1.0'?>", "is a web page"),
        ("csv", b"%PDF-1.7 %%EOF", "is a PDF"),
        ("json", b"", "is empty"),
        ("json", b'{"a": [1, {"b": null}], "c": "\\u00e9"} \n', None),
        ("json", b'\xef\xbb\xbf{"MEMO": {"END_CUSTOMER": [{"INVOICE_LINE": [{"x": {"y": [1.5]}}]}]}}', None),
        ("json", b'{"a": [1, {"b": nul', "is not a whole JSON document (it ends, or errs, at character 17)"),
        ("json", b'{"a": }', "is not a whole JSON document (it ends, or errs, at character 7)"),
        ("json", b'{"a": 1} {}', "is not a whole JSON document (it ends, or errs, at character 10)"),
        ("json", b'{"a": NaN}', "is not a whole JSON document (it ends, or errs, at character 7)"),
        ("json", b'{"a": "\xff"}', "is not a whole JSON document"),
    ],
)
def test_unsound(tmp_path: Path, form: str, content: bytes, flaw: str | None) -> None:
    path = tmp_path / "document"
    path.write_bytes(content)
    assert find_flaw(str(path), form) == flaw
    # The same without the file.
    assert find_flaw("nowhere", form, content) == flaw
