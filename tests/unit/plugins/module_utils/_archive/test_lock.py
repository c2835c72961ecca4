# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One run at a time: the lock of an archive."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.lock import locked
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError

if t.TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
time.sleep(60)
"""


def test_a_free_lock_is_held_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    for _time in range(2):
        with locked(str(path), 5, pytest.fail) as waited:
            assert waited == 0
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        calls: list[str] = []

        def waiting() -> None:
            calls.append("waiting")
            threading.Timer(0.2, holder.send_signal, [signal.SIGKILL]).start()

        with locked(str(path), 30, waiting) as waited:
            assert 0.1 < waited < 10
        assert calls == ["waiting"]


@pytest.mark.parametrize("timeout", [0, 0.3])
def test_the_wait_has_a_bound(tmp_path: Path, timeout: float) -> None:
    path = tmp_path / "lock"
    calls: list[str] = []
    started = time.monotonic()
    with (
        locked(str(path), 5, pytest.fail),
        pytest.raises(FileError, match=f"for more than {timeout:g} s: run again .* or raise lock_timeout"),
        locked(str(path), timeout, lambda: calls.append("waiting")),
    ):
        pass
    assert timeout <= time.monotonic() - started < 10
    assert calls == ["waiting"]


def test_a_pipe_in_place_of_the_lock_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    with locked(str(tmp_path / "lock"), 5, pytest.fail) as waited:
        assert waited == 0


def test_the_lock_is_no_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(FileError, match="Cannot write the archive's lock file"),
        locked(str(tmp_path / "lock"), 5, pytest.fail),
    ):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_system_without_locks_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(FileError, match="No locks available.*file system that has locks"),
        locked(str(tmp_path / "lock"), 5, pytest.fail),
    ):
        pass
