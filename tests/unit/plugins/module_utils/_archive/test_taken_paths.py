# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Paths that clash with those of documents that a run does not read."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.taken_paths import TakenPaths
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import OptionError

FIELDS = ("A-1", "INVOICE", None, "USD", 5, None)


def entry(invoice_id: int, path: str) -> Entry:
    return Entry("C-1", invoice_id, "regular", "pdf", 1, *FIELDS, month="2024-05", path=path)


def checked(new: Entry, listed: set[str], *others: Entry, known: tuple[Entry, ...] = ()) -> str:
    """What is wrong with the path of a new document."""
    taken = TakenPaths("/srv", lambda: listed, lambda: {other.path.casefold(): other.key for other in others})
    try:
        taken.check(known, {"new one": new})
    except OptionError as exc:
        return str(exc)
    return ""


def test_a_path_in_the_sums_is_taken_if_a_document_has_it() -> None:
    new = entry(1, "C-1/A.pdf")
    assert checked(new, set()) == ""
    message = checked(new, {"c-1/a.pdf"}, entry(2, "C-1/a.pdf"))
    assert message.startswith("path_template gives two documents one path: C-1/A.pdf is for the new one, and for the ")
    assert "of bill 2." in message
    # The catalogue has lost the document, and its path is listed.
    assert checked(new, {"c-1/a.pdf"}) == ""
    assert checked(new, {"c-1/a.pdf"}, new) == ""
    assert "of bill 3." in checked(new, set(), known=(entry(3, "C-1/a.pdf"),))


def test_a_document_is_no_directory() -> None:
    message = "path_template makes a directory of C-1, which is the path of a document."
    assert checked(entry(1, "C-1/a/b.pdf"), {"c-1"}, entry(2, "C-1")) == message


def test_nothing_is_asked_for_where_there_is_nothing_new() -> None:
    TakenPaths("/srv", pytest.fail, pytest.fail).check([entry(1, "a")], {})
