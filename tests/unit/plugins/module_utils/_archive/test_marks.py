# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Marks of parts that may be behind the files."""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.marks import Marks
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.parts import Part

if t.TYPE_CHECKING:
    from pathlib import Path

MAY, JUNE, OTHER = Part("C-1", "2024-05"), Part("C-1", None), Part("C-2", "2024-05")


def marked(root: Path) -> list[Part]:
    marks = Marks(str(root))
    return [part for part in (MAY, JUNE, OTHER) if marks.is_marked(part)]


def test_a_run_takes_away_its_own_marks(tmp_path: Path) -> None:
    assert marked(tmp_path) == []
    Marks(str(tmp_path)).add([MAY, OTHER])
    assert marked(tmp_path) == [MAY, OTHER]
    mine = Marks(str(tmp_path))
    mine.add([JUNE])
    assert marked(tmp_path) == [MAY, JUNE, OTHER]
    mine.clear()
    assert marked(tmp_path) == [MAY, OTHER]
    mine.adopt([MAY])
    mine.clear()
    assert marked(tmp_path) == [OTHER]
    assert os.listdir(tmp_path / ".akamai_invoicing" / "C-1") == []


@pytest.mark.parametrize("content", [b"", b"x", b"5", b"[[]]", b"\xff"])
def test_a_mark_that_cannot_be_read_is_one_for_all_months(tmp_path: Path, content: bytes) -> None:
    Marks(str(tmp_path)).add([MAY])
    (tmp_path / ".akamai_invoicing" / "C-1" / "unsaved").write_bytes(content)
    assert marked(tmp_path) == [MAY, JUNE]
    mine = Marks(str(tmp_path))
    mine.adopt([JUNE])
    mine.clear()
    assert marked(tmp_path) == []


def test_the_mark_of_an_older_release(tmp_path: Path) -> None:
    (tmp_path / ".akamai_invoicing").mkdir()
    (tmp_path / ".akamai_invoicing" / "unsaved").touch()
    marks = Marks(str(tmp_path))
    assert marks.is_old
    marks.clear()
    assert not marks.is_old
