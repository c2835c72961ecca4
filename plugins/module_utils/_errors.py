# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The one hierarchy of failures: utils raise them, only main() and run() turn them into a failed task."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import sys
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

# This is the first file that anything of this collection imports.
if sys.version_info < (3, 9):  # noqa: UP036
    raise ImportError(
        "edgebill.akamai_invoicing needs Python 3.9 or newer on the host that runs the task, and {} is Python {}.{}. "
        "Set ansible_python_interpreter to a newer one.".format(sys.executable, *sys.version_info[:2])
    )

MAX_TEXT_LENGTH = 300
MAX_MESSAGE_LENGTH = 600
NOT_SHOWN = "********"
# A shorter secret may be a common word: it is hidden where it stands alone, and in messages only.
MIN_SECRET_LENGTH = 16

_secrets: set[str] = set()
# What a request is signed with: the header, as it is or in a URL, and any SHA-256 in base64.
_SIGNATURES = re.compile(
    r"(?i:EG1-HMAC-SHA256)(?:\s|%20|\+)?\S*|(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd])"
)


class InvoicingError(Exception):
    """A failure with a sentence for the user, and facts for the result's ``error`` key. Neither shows a secret."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(printable(message, MAX_MESSAGE_LENGTH, MIN_SECRET_LENGTH))
        self.details = {key: _printable_fact(value) for key, value in details.items() if value is not None}


class OptionError(InvoicingError):
    """Bad input, found before any request."""


class CredentialsError(OptionError):
    """Credentials that are missing, incomplete or unreadable."""


class MissingLibraryError(InvoicingError):
    """Python libraries that are needed and cannot be imported: ``libraries`` are their names for pip, with blanks."""

    def __init__(self, libraries: str, trace: str) -> None:
        names = libraries.split()
        super().__init__(
            f"{counted(len(names), 'Python library', 'Python libraries')} cannot be imported by {sys.executable}: "
            f"{' and '.join(names)}. Install with '{sys.executable} -m pip install {libraries}'; where Ansible comes "
            f"from pipx, 'pipx inject ansible-core {libraries}'; on a managed host, the task "
            f"'ansible.builtin.pip: name={','.join(names)}' or the packages of its distribution."
        )
        self.traceback = trace


class TransportError(InvoicingError):
    """No complete answer came, after all tries."""


class ApiError(InvoicingError):
    """The API answered with a failure."""


class NoDataError(ApiError):
    """The API has nothing for what was asked: status 204 or 404."""


class DocumentError(InvoicingError):
    """A document that is not what it should be."""


class NotABillError(DocumentError):
    """A document that is intact, but not the document of a bill."""


class FileError(InvoicingError):
    """The file system refused."""


def hide(secrets: Iterable[str]) -> None:
    """Never show these values, in any text from elsewhere, for as long as this process lives."""
    _secrets.update(filter(None, secrets))


def without_secrets(text: str, min_length: int = MIN_SECRET_LENGTH) -> str:
    """The text without the credentials of ``min_length`` and more characters, and without signatures."""
    for secret in sorted((secret for secret in _secrets if secret in text), key=len, reverse=True):
        if len(secret) >= MIN_SECRET_LENGTH:
            text = text.replace(secret, NOT_SHOWN)
        elif len(secret) >= min_length:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])", NOT_SHOWN, text)
    return _SIGNATURES.sub(NOT_SHOWN, text)


def printable(value: object, max_length: int = MAX_TEXT_LENGTH, min_secret_length: int = 4) -> str:
    """A text from elsewhere, fit to be shown: one line of printable characters, not too long, without secrets."""
    text = str(value)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    line = without_secrets(" ".join(text.split()), min_secret_length)
    return line if len(line) <= max_length else line[: max_length - 3] + "..."


def file_error(action: str, path: str, error: Exception) -> FileError:
    """The FileError for what the system refuses: ``action``, such as ``read``, is what was tried with the path."""
    reason = str(getattr(error, "strerror", None) or error).rstrip(".")
    advice = "Correct this for the user of the task, or choose another path."
    return FileError(f"Cannot {action} {path}: {reason}. {advice}", path=path)


def abbreviated(value: t.Any) -> str:
    """A value as a message shows it, in at most 60 characters."""
    return printable(repr(value), 60)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, right for one and for many: ``1 document``, ``4 documents``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _printable_fact(value: t.Any) -> t.Any:
    if isinstance(value, str):
        return printable(value, MAX_MESSAGE_LENGTH, MIN_SECRET_LENGTH)
    return [_printable_fact(item) for item in value] if isinstance(value, list) else value
