# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Documents as they are downloaded."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.download import download_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import StagedFile

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


def test_downloads_into_a_staged_file(session: Session, tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "bill.csv")) as staged:
        download_document(session, "C-0N7RAC7", 1234567890, "csv", "compute", staged)
        assert staged.size > 0


def test_a_content_type_is_shown_without_control_characters(
    session: Session, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("wrong_type", content_type="text/x" + "y" * 5000)
    with StagedFile(str(tmp_path / "bill.pdf")) as staged, pytest.raises(DocumentError) as failed:
        download_document(session, "C-0N7RAC7", 1234567890, "pdf", "regular", staged)
    assert len(str(failed.value)) < 1000


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
def test_what_is_not_the_document_is_an_error(
    session: Session, simulator: Simulator, tmp_path: Path, kind: str
) -> None:
    simulator.fault(kind)
    with (
        StagedFile(str(tmp_path / "bill.pdf")) as staged,
        pytest.raises(DocumentError, match=r"GET .*1234567890/download\?sourceType=REGULAR .* Nothing was kept"),
    ):
        download_document(session, "C-0N7RAC7", 1234567890, "pdf", "regular", staged)
