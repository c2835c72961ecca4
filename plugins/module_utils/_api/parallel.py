# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The same work for many items, several at a time."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from .._errors import FileError, InvoicingError, TransportError

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = t.TypeVar("T")

# So many failures with no success between them are no bad documents, but a bad network, host or client.
MAX_CONSECUTIVE_FAILURES = 20


def in_parallel(
    work: Callable[[T], None], items: Sequence[T], *, workers: int, stop: bool
) -> tuple[list[tuple[T, InvoicingError]], list[T]]:
    """Do the work for each item, in order; returns the failures, and the items that were not begun after them.

    A failure does not stop the other items, unless ``stop`` says so, or there are too many of them.
    """
    queue: SimpleQueue[T] = SimpleQueue()
    for item in items:
        queue.put(item)
    failures: list[tuple[T, InvoicingError]] = []
    failures_left = most = 1 if stop else MAX_CONSECUTIVE_FAILURES
    lock = threading.Lock()

    def run() -> None:
        nonlocal failures_left
        while failures_left > 0:
            try:
                item = queue.get_nowait()
            except Empty:
                return
            try:
                work(item)
            except InvoicingError as exc:
                with lock:
                    failures.append((item, exc))
                    if stop or is_systemic(exc):
                        failures_left -= 1
            except BaseException:
                failures_left = 0
                raise
            else:
                with lock:
                    # A item that was under way when the last one failed does not begin it all again.
                    failures_left = most if failures_left > 0 else 0

    with ThreadPoolExecutor(workers) as pool:
        runs = [pool.submit(run) for _worker in range(min(workers, len(items)))]
    for done in runs:
        done.result()
    return failures, [queue.get_nowait() for _task in range(queue.qsize())]


def is_systemic(error: InvoicingError) -> bool:
    """Whether the cause of a failure may be one that the next item has too, and not its own."""
    status = error.details.get("status")
    return isinstance(error, (TransportError, FileError)) or status in (401, 429) or (status or 0) >= 500
