# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What messages are made of."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _errors
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    MAX_MESSAGE_LENGTH,
    MAX_TEXT_LENGTH,
    NOT_SHOWN,
    FileError,
    InvoicingError,
    MissingLibraryError,
    abbreviated,
    counted,
    hide,
    printable,
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


HOSTILE = "\x1b[31mred\x07 \x00 one\ntwo\u2028three \u202egnp\u2066 half \ud83d"
SECRET = "akab-0123456789abcdef-0123456789abcdef"
SIGNATURE = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="


def test_foreign_text_is_one_printable_line() -> None:
    assert printable(HOSTILE) == "[31mred one two three gnp half"
    assert str(InvoicingError(HOSTILE, title=HOSTILE)).isprintable()
    assert InvoicingError("x", title=HOSTILE, errors=[HOSTILE], status=500).details == {
        "title": "[31mred one two three gnp half",
        "errors": ["[31mred one two three gnp half"],
        "status": 500,
    }
    assert abbreviated([HOSTILE]).isprintable()


def test_texts_have_a_largest_length() -> None:
    assert len(printable("x" * 10_000)) == MAX_TEXT_LENGTH
    assert len(str(InvoicingError("x" * 10_000))) == MAX_MESSAGE_LENGTH
    assert len(abbreviated("x" * 10_000)) == 60


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"x{SECRET}y",
        f"EG1-HMAC-SHA256 client_token={SECRET};access_token=x;signature={SIGNATURE}",
        f"EG1-HMAC-SHA256%20client_token%3D{SECRET};signature={SIGNATURE}",
        f"signature {SIGNATURE} here",
        SIGNATURE.replace("=", "%3D"),
    ],
)
def test_credentials_are_not_shown(text: str) -> None:
    hide([SECRET])
    for shown in (printable(text), str(InvoicingError(text)), str(InvoicingError("x", title=text).details)):
        assert SECRET not in shown
        assert SIGNATURE[:43] not in shown
        assert "client_token=" not in shown
        assert NOT_SHOWN in shown


def test_a_secret_that_is_a_common_word_mangles_no_message_of_ours() -> None:
    hide(["invoice", "", "a"])
    assert str(InvoicingError("This is an invoice.")) == "This is an invoice."
    assert printable("the invoice of invoices: invoice") == f"the {NOT_SHOWN} of invoices: {NOT_SHOWN}"
    assert printable("a text") == "a text"


def test_an_old_python_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(str(_errors.__file__), encoding="utf-8") as file:
        source = compile(file.read(), "_errors.py", "exec")
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    with pytest.raises(ImportError, match=r"needs Python 3\.9 or newer .* is Python 3\.8\. Set ansible_python_interp"):
        exec(source, {"__name__": "_errors"})  # noqa: S102


@pytest.mark.parametrize(
    ("libraries", "begins"), [("requests", "1 Python library"), ("requests x", "2 Python libraries")]
)
def test_missing_libraries_are_named_with_what_installs_them(libraries: str, begins: str) -> None:
    message = str(MissingLibraryError(libraries, ""))
    assert message.startswith(f"{begins} cannot be imported by {sys.executable}: ")
    assert f"-m pip install {libraries}'" in message
    assert f"pipx inject ansible-core {libraries}'" in message
