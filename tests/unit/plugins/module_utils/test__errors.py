# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What messages are made of."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    FileError,
    abbreviated,
    counted,
)


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("document",), "0 documents"),
        (1, ("document",), "1 document"),
        (2, ("document",), "2 documents"),
        (1, ("entry", "entries"), "1 entry"),
        (3, ("entry", "entries"), "3 entries"),
    ],
)
def test_a_number_and_its_noun_agree(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text


def test_a_long_value_is_abbreviated() -> None:
    assert abbreviated("short") == "'short'"
    assert abbreviated("x" * 100) == "'" + "x" * 56 + "..."


def test_details_without_a_value_are_left_out() -> None:
    error = FileError("Cannot read it.", path="/bills", row=None)
    assert (str(error), error.details) == ("Cannot read it.", {"path": "/bills"})
