# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""For tests whose random inputs may be refused: such a test proves nothing if all are."""

from __future__ import annotations

import functools
import typing as t
from collections import Counter

_count: Counter[str] = Counter()


def accepted() -> None:
    """Say that the input of this example was not refused."""
    _count["accepted"] += 1


def at_least(number: int) -> t.Callable[[t.Callable[..., None]], t.Callable[..., None]]:
    """Fail when fewer examples of the test below this decorator are accepted."""

    def decorate(test: t.Callable[..., None]) -> t.Callable[..., None]:
        @functools.wraps(test)
        def run(*args: t.Any, **options: t.Any) -> None:
            _count.clear()
            test(*args, **options)
            assert _count["accepted"] >= number, f"only {_count['accepted']} examples were accepted"

        return run

    return decorate
