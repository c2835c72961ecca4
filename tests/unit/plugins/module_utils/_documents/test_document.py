# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How a document is opened: the encoding that its bytes show, and its line ends."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.documents import DOCUMENTS

Read = t.Callable[..., dict[str, t.Any]]


def test_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Product,Total\nZürich,1\n".encode("windows-1252"))
    found = document_totals(str(path), "csv")
    assert (found["encoding"], found["by_product"][0]["product"], found["total"]) == ("windows-1252", "Zürich", 1)
    # Also where it shows only far inside.
    path.write_bytes(b"Product,Total\n" + b"A,1\n" * 200000 + "Zürich,1\n".encode("windows-1252"))
    assert [document_totals(str(path), "csv")[key] for key in ("encoding", "total")] == ["windows-1252", 200001]
    path.write_bytes(b"Product,Total\nZ\x81rich,1\n")
    with pytest.raises(DocumentError, match="is not text in UTF-8, UTF-16 or Windows-1252"):
        document_totals(str(path), "csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(end.join(["Product,Total", "Zürich,1.50", "東京,2", ""]).encode(encoding))
    assert [group["product"] for group in document_totals(str(path), "csv")["by_product"]] == ["東京", "Zürich"]
    text = (DOCUMENTS / "sample.json").read_text(encoding="utf-8")
    path.write_bytes(text.replace("\n", end).replace("Access", "Zürich").encode(encoding))
    assert document_totals(str(path), "json")["by_product"][0]["product"] == "Zürich Control"


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_without_a_meaning_are_an_error(tmp_path: Path, byte: int) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Product,Total\nCaf\xe9 %c,5.00\n" % byte)
    with pytest.raises(DocumentError, match="is not text in UTF-8, UTF-16 or Windows-1252 .* save it as UTF-8"):
        document_totals(str(path), "csv")
