# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Who may change what in an archive."""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import (
    check_archive,
    exclusive_access,
    shared_access,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import (
    PREFIX,
    PRIVATE,
    DirectoryAttributes,
)

if t.TYPE_CHECKING:
    from pathlib import Path

CONTRACTS = ("C-1",)


def test_access_makes_the_archive_and_removes_what_killed_runs_left(tmp_path: Path) -> None:
    root = tmp_path / "a" / "b"
    work = root / ".akamai_invoicing"
    with exclusive_access(str(root), CONTRACTS, DirectoryAttributes(0o750), 5, pytest.fail) as waited:
        assert waited == 0
        assert [path.stat().st_mode & 0o777 for path in (tmp_path / "a", root, work)] == [0o750, 0o750, 0o700]
        (work / "C-1" / f"{PREFIX}left").touch()
        with (
            pytest.raises(FileError, match="more than 0 s: run"),
            exclusive_access(str(root), CONTRACTS, PRIVATE, 0, lambda: None),
        ):
            pass
        assert (work / "C-1" / f"{PREFIX}left").exists()
        (work / f"{PREFIX}left").touch()
    with exclusive_access(str(root), CONTRACTS, PRIVATE, 5, pytest.fail):
        assert sorted(os.listdir(work)) == ["C-1", "lock"]
        assert os.listdir(work / "C-1") == ["lock"]


def test_a_linked_work_directory_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / ".akamai_invoicing").symlink_to(tmp_path / "outside")
    with (
        pytest.raises(FileError, match="which an archive must not contain"),
        exclusive_access(str(tmp_path), CONTRACTS, PRIVATE, 5, pytest.fail),
    ):
        pass
    assert os.listdir(tmp_path / "outside") == []


def test_contracts_have_locks_of_their_own(tmp_path: Path) -> None:
    root = str(tmp_path)
    with exclusive_access(root, ["C-1", "C-2"], PRIVATE, 0, pytest.fail):
        with exclusive_access(root, ["C-3"], PRIVATE, 0, pytest.fail) as waited:
            assert waited == 0
        with (
            pytest.raises(FileError, match=r"C-2/lock for more than 0 s"),
            exclusive_access(root, ["C-2", "C-3"], PRIVATE, 0, lambda: None),
        ):
            pass
        # What all contracts share is locked for moments only.
        with shared_access(root) as waited:
            assert waited == 0


@pytest.mark.parametrize("name", ["catalogue.json", "SHA256SUMS", "journal.jsonl"])
def test_what_no_run_can_work_with_is_found_beforehand(tmp_path: Path, name: str) -> None:
    check_archive(str(tmp_path))
    check_archive(str(tmp_path / "none"))
    (tmp_path / name).symlink_to("elsewhere")
    with pytest.raises(FileError, match=f"{name} exists but is not a regular file"):
        check_archive(str(tmp_path))
