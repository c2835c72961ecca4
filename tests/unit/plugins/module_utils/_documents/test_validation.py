# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What makes a file no document, and what does not: whatever a document says, it is kept."""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents import validation
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import read_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.validation import (
    PROBE_SIZE,
    detect_format,
    find_flaw,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError

if t.TYPE_CHECKING:
    from pathlib import Path

BEFORE = b"%PDF-1.7\n" + b"x" * 5000
NO_END = "is truncated: a PDF has %%EOF at its end"
NO_BRACE = "is truncated: it does not end with }"


@pytest.mark.parametrize(
    ("form", "content", "flaw"),
    [
        ("pdf", BEFORE + b"\n%%EOF\n", None),
        ("pdf", b"junk before %PDF-1.7\n%%EOF" + b"\0" * 900, None),
        # Padding and pages that a proxy added are not part of the document.
        ("pdf", BEFORE + b"%%EOF" + b"\0" * 4096, None),
        ("pdf", BEFORE + b"%%EOF\n<!-- " + b"x" * 5000 + b" -->", None),
        ("pdf", BEFORE, NO_END),
        ("pdf", BEFORE + b"%%EO", NO_END),
        ("pdf", b"PK\x03\x04 %%EOF", "does not begin as a PDF"),
        ("pdf", b"x" * PROBE_SIZE + b"%PDF-1.7 %%EOF", "does not begin as a PDF"),
        ("pdf", b" \n", "is empty"),
        ("pdf", b"", "is empty"),
        ("csv", b"A,B\n1,2\n", None),
        ("csv", b"One column\n1\n", None),
        ("csv", "A;B\n".encode("utf-16"), None),
        ("csv", "A;B\n".encode("utf-16-le"), None),
        ("csv", b"\xef\xbb\xbfA\t\n", None),
        ("csv", "Größe,B\n".encode("cp1252"), None),
        ("csv", b"\n <!doctype html><html>", "is a web page"),
        ("csv", "<html>".encode("utf-16"), "is a web page"),
        ("csv", b"<HTML><body>", "is a web page"),
        ("csv", b"<?xml version='1.0'?>", "is a web page"),
        ("csv", b"%PDF-1.7 %%EOF", "is a PDF"),
        ("csv", b"PK\x03\x04,", "is not text"),
        ("csv", b"\x1f\x8b\x08,", "is not text"),
        ("json", b"null", "is not a JSON object"),
        ("json", b'"maintenance"', "is not a JSON object"),
        ("json", b"", "is empty"),
        ("json", b'{"a": [1, {"b": null}], "c": "\\u00e9"} \n', None),
        ("json", '{"a": 1}\n'.encode("utf-16"), None),
        # What is between the braces is the reader's concern.
        ("json", b'{"a": NaN, "\xff": }', None),
        ("json", b'{"a": [1, {"b": nul', NO_BRACE),
        ("json", b'{"a": 1', NO_BRACE),
    ],
)
def test_find_flaw(tmp_path: Path, form: str, content: bytes, flaw: str | None) -> None:
    path = tmp_path / "document"
    path.write_bytes(content)
    assert find_flaw(str(path), form) == flaw
    # The same without the file.
    assert find_flaw("nowhere", form, content) == flaw


@pytest.mark.parametrize("form", ["pdf", "csv", "json"])
def test_a_pipe_is_not_read(tmp_path: Path, form: str) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    # With a writer, so that not even a defect would wait here.
    writer = os.open(path, os.O_RDWR)
    try:
        os.write(writer, b"x")
        with pytest.raises(FileError, match="is not a regular file"):
            find_flaw(str(path), form)
        with pytest.raises(FileError, match="is not a regular file"):
            detect_format(str(path))
        if form != "pdf":
            with pytest.raises(FileError, match="is not a regular file"):
                read_document(str(path), form).sums()
    finally:
        os.close(writer)


@pytest.mark.parametrize("place", range(20, 32))
def test_the_end_mark_is_found_between_two_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: int) -> None:
    monkeypatch.setattr(validation, "_CHUNK_SIZE", 8)
    path = tmp_path / "document"
    path.write_bytes(b"%PDF-1.7\n".ljust(place, b"x") + b"%%EOF".ljust(2 * PROBE_SIZE, b"x"))
    assert find_flaw(str(path), "pdf") is None
