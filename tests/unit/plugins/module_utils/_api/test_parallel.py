# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The same work for many tasks: order, failures, and when to stop."""

from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.parallel import in_parallel
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    DocumentError,
    FileError,
    InvoicingError,
    TransportError,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable


def test_every_task_is_done_once() -> None:
    done: list[int] = []
    assert in_parallel(done.append, range(500), workers=8, stop=False) == ([], [])
    assert sorted(done) == list(range(500))


def test_no_tasks() -> None:
    assert in_parallel(print, [], workers=4, stop=False) == ([], [])


def test_tasks_run_at_the_same_time() -> None:
    barrier = threading.Barrier(4, timeout=5)
    assert in_parallel(lambda _task: wait(barrier), range(4), workers=4, stop=True) == ([], [])


def wait(barrier: threading.Barrier) -> None:
    """Work that is done when all others have begun."""
    barrier.wait()


def fail_at(*numbers: int, error: type[InvoicingError] = DocumentError, **details: t.Any) -> Callable[[int], None]:
    """Work that fails for some tasks."""

    def work(task: int) -> None:
        if task in numbers:
            raise error(f"bad {task}", **details)

    return work


def test_a_failure_does_not_stop_the_others() -> None:
    failures, untried = in_parallel(fail_at(0, 3, 9), range(10), workers=2, stop=False)
    assert sorted((task, str(error)) for task, error in failures) == [(0, "bad 0"), (3, "bad 3"), (9, "bad 9")]
    assert untried == []


def test_stop_begins_no_further_task() -> None:
    failures, untried = in_parallel(fail_at(2), range(10), workers=1, stop=True)
    assert [task for task, _error in failures] == [2]
    assert untried == [3, 4, 5, 6, 7, 8, 9]


COMMON: list[tuple[type[InvoicingError], dict[str, int]]] = [
    (TransportError, {}),
    (FileError, {}),
    (ApiError, {"status": 401}),
    (ApiError, {"status": 429}),
    (ApiError, {"status": 500}),
    (ApiError, {"status": 503}),
]


@pytest.mark.parametrize(("error", "details"), COMMON)
def test_failures_in_a_row_leave_the_rest(error: type[InvoicingError], details: dict[str, int]) -> None:
    work = fail_at(*range(1, 100), error=error, **details)
    failures, untried = in_parallel(work, range(100), workers=1, stop=False)
    assert (len(failures), len(untried)) == (20, 79)


@pytest.mark.parametrize(("error", "details"), [(DocumentError, {"status": 200}), (ApiError, {"status": 403})])
def test_failures_of_documents_leave_nothing(error: type[InvoicingError], details: dict[str, int]) -> None:
    work = fail_at(*range(1, 100), error=error, **details)
    failures, untried = in_parallel(work, range(100), workers=1, stop=False)
    assert (len(failures), len(untried)) == (99, 0)


def test_a_success_between_them_makes_failures_single() -> None:
    work = fail_at(*range(0, 100, 2), error=TransportError)
    failures, untried = in_parallel(work, range(100), workers=1, stop=False)
    assert (len(failures), len(untried)) == (50, 0)


def test_a_bug_ends_all() -> None:
    done: list[int] = []

    def work(task: int) -> None:
        done.append(task)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_parallel(work, range(10), workers=1, stop=False)
    assert done == [0]
