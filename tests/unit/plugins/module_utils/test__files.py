# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Files that are whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import stat
import time
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError, OptionError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import (
    DAY,
    MAX_IN_MEMORY,
    PREFIX,
    DirectoryAttributes,
    StagedFile,
    check_path,
    file_state,
    make_directories,
    open_regular,
    remove_stale_temporaries,
    resolve_destination,
    sha256,
    sync_directory,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_staged_file_is_private_and_vanishes(tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "bill.pdf")) as staged:
        staged.write([b"a", b"b"])
        assert os.path.dirname(staged.path) == str(tmp_path)
        assert stat.S_IMODE(os.stat(staged.path).st_mode) == 0o600
        assert (staged.size, staged.sha256) == (2, hashlib.sha256(b"ab").hexdigest())
    assert os.listdir(tmp_path) == []


def test_a_second_write_replaces_the_first(tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "bill.pdf")) as staged:
        staged.write([b"the first try was longer"])
        staged.write([b"second"])
        staged.commit()
        assert staged.size == 6
    assert (tmp_path / "bill.pdf").read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["bill.pdf"]


def test_a_broken_write_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("the network's, not the disk's")

    with pytest.raises(ConnectionError), StagedFile(str(tmp_path / "bill.pdf")) as staged:
        staged.write(pieces())
    assert os.listdir(tmp_path) == []


def test_a_write_after_a_broken_one_is_complete(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"longer than what comes"
        raise ConnectionError("the network's, not the disk's")

    with StagedFile(str(tmp_path / "bill.pdf")) as staged:
        with pytest.raises(ConnectionError):
            staged.write(pieces())
        staged.write([b"com", b"plete"])
        staged.commit()
    assert (tmp_path / "bill.pdf").read_bytes() == b"complete"


@pytest.mark.parametrize(("size", "kept"), [(0, True), (MAX_IN_MEMORY, True), (MAX_IN_MEMORY + 1, False)])
def test_the_content_of_a_small_file_is_at_hand(tmp_path: Path, size: int, kept: bool) -> None:
    content = bytes(number % 251 for number in range(size))
    with StagedFile(str(tmp_path / "bill.csv")) as staged:
        staged.write([content[:1000], content[1000:]])
        assert staged.content == (content if kept else None)
        staged.commit()
    assert (tmp_path / "bill.csv").read_bytes() == content


def test_a_full_disk_is_the_files_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with StagedFile(str(tmp_path / "bill.pdf")) as staged, pytest.raises(FileError, match="No space left"):
        staged.write([b"x"])
    assert os.listdir(tmp_path) == []


def test_directories_are_made_private(tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "a" / "b.pdf")) as staged:
        staged.write([b"x"])
        assert os.path.dirname(staged.path) == str(tmp_path)
        staged.commit()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_directories_are_not_made_for_nothing(tmp_path: Path) -> None:
    with StagedFile(str(tmp_path / "a" / "b" / "c.pdf")) as staged:
        staged.write([b"x"])
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Cannot write /proc/bill.pdf: "):
        StagedFile("/proc/bill.pdf")


def test_what_killed_runs_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for name, age in ((f"{PREFIX}old", DAY + 60), (f"{PREFIX}new", 60), ("other", 2 * DAY)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    remove_stale_temporaries(str(tmp_path))
    remove_stale_temporaries(str(tmp_path / "none"))
    assert sorted(os.listdir(tmp_path)) == [f"{PREFIX}new", "other"]


@pytest.mark.parametrize(
    ("dest", "path"),
    [("bill.json", "bill.json"), ("there", "there/name.pdf"), ("there/", "there/name.pdf"), ("new/", "new/name.pdf")],
)
def test_destination(tmp_path: Path, dest: str, path: str) -> None:
    (tmp_path / "there").mkdir()
    found = resolve_destination(f"{tmp_path}/{dest}", "name.pdf", create_dirs=True)
    assert os.path.normpath(found) == str(tmp_path / path)


def test_a_bare_name_is_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_destination("bill.pdf", "name.pdf", create_dirs=False) == str(tmp_path / "bill.pdf")
    assert resolve_destination(".", "name.pdf", create_dirs=False) == f"{tmp_path}/./name.pdf"


def test_an_empty_destination_is_refused() -> None:
    with pytest.raises(OptionError, match="dest is empty"):
        resolve_destination("", "name.pdf", create_dirs=True)


@pytest.mark.parametrize("dest", ["new/", "new/bill.pdf", "file/bill.pdf", "file/"])
def test_a_destination_without_directory_is_refused(tmp_path: Path, dest: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OptionError, match="dest"):
        resolve_destination(f"{tmp_path}/{dest}", "name.pdf", create_dirs=False)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a\0b", "holds a NUL character"),
        ("x" * 256, "is too long"),
        ("ü" * 128, "is too long"),
        ("x/" * 2048, "is too"),
    ],
)
def test_paths_that_no_system_has_are_refused(path: str, message: str) -> None:
    with pytest.raises(OptionError, match=f"^dest .*{message}"):
        check_path(path)
    assert check_path("x" * 255) == "x" * 255


def test_opening_never_blocks_and_takes_regular_files_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("pipe", "directory", "socket"):
            with pytest.raises(FileError, match="exists but is not a regular file"):
                open_regular(str(tmp_path / name))
    for name in ("file", "link"):
        with open_regular(str(tmp_path / name)) as file:
            assert file.read() == b"content"
    with pytest.raises(FileError, match="exists but is not a regular file"):
        open_regular(str(tmp_path / "link"), os.O_NOFOLLOW)
    with pytest.raises(FileNotFoundError):
        open_regular(str(tmp_path / "none"))


def test_directories_are_made_with_their_attributes(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o711)
    attributes = DirectoryAttributes(0o2775, os.getuid(), os.getgid())
    make_directories(str(tmp_path / "there" / "a" / "b"), attributes)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("there", "there/a", "there/a/b")]
    assert modes == [0o711, 0o2775, 0o2775]
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_directories(str(tmp_path / "file" / "a"))


def test_a_file_system_that_refuses_permissions_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bill.pdf").touch(mode=0o640)
    os.chmod(tmp_path / "bill.pdf", 0o640)

    def refuse(*args: t.Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chmod", refuse)
    monkeypatch.setattr(os, "chown", refuse)
    with StagedFile(str(tmp_path / "bill.pdf")) as staged:
        staged.write([b"new"])
        staged.commit()
    assert (staged.kept_permissions, (tmp_path / "bill.pdf").read_bytes()) == (False, b"new")
    with StagedFile(str(tmp_path / "bill.pdf")) as staged:
        staged.write([b"newer"])
        staged.commit()
    # They are what they were.
    assert staged.kept_permissions is True


def test_the_state_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "bill.pdf"
    assert file_state(str(path)) == {"path": str(path), "state": "absent"}
    path.write_bytes(b"ab")
    assert file_state(str(path)) == {
        "path": str(path),
        "state": "file",
        "size": 2,
        "checksum": hashlib.sha256(b"ab").hexdigest(),
    }
    with pytest.raises(FileError, match="is not a regular file"):
        file_state(str(tmp_path))


def test_sha256_of_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Cannot read"):
        sha256(str(tmp_path / "none"))


def test_a_directory_that_cannot_be_synced_is_no_failure(tmp_path: Path) -> None:
    sync_directory(str(tmp_path / "none"))
    assert os.listdir(tmp_path) == []
