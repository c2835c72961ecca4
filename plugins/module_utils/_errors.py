# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The one hierarchy of failures: utils raise them, only main() and run() turn them into a failed task."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t


class InvoicingError(Exception):
    """A failure with a sentence for the user, and facts for the result's ``error`` key."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(message)
        self.details = {key: value for key, value in details.items() if value is not None}


class OptionError(InvoicingError):
    """Bad input, found before any request."""


class CredentialsError(OptionError):
    """Credentials that are missing, incomplete or unreadable."""


class MissingLibraryError(InvoicingError):
    """A Python library that is needed and cannot be imported."""

    def __init__(self, library: str, trace: str) -> None:
        super().__init__(f"The Python library {library} is needed and cannot be imported.")
        self.library = library
        self.traceback = trace


class TransportError(InvoicingError):
    """No whole answer came, after all tries."""


class ApiError(InvoicingError):
    """The API answered with a failure."""


class NoDataError(ApiError):
    """The API has nothing for what was asked: status 204 or 404."""


class DocumentError(InvoicingError):
    """A document that is not what it should be."""


class CutShortError(DocumentError):
    """A document that ends before its end."""


class NotABillError(DocumentError):
    """A document that is sound, but none of a bill."""


class FileError(InvoicingError):
    """The file system refused."""


def abbreviated(value: t.Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, right for one and for many: ``1 document``, ``4 documents``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
