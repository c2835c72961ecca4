# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One document of a bill, from the Invoicing API v4."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t

from .._documents.formats import FORMATS
from .._documents.validation import find_flaw
from .._errors import DocumentError, printable
from .response import NOT_THE_API

if t.TYPE_CHECKING:
    from .._files import StagedFile
    from .response import Response
    from .session import Result, Session


def download_document(
    session: Session, contract_id: str, invoice_id: int, format: str, source_type: str, staged: StagedFile
) -> Result:
    """Download a document into ``staged``, complete and without a flaw; the result has the ID of the request, if any.

    Raises NoDataError, ApiError, TransportError, DocumentError and FileError.
    """
    path = f"/invoicing-api/v4/contracts/{contract_id}/invoices/{invoice_id}/download"
    form = FORMATS[format]

    def read(response: Response) -> str | None:
        content_type = response.headers.get("Content-Type", "")
        if form.accepts(content_type):
            staged.write(response.pieces())
            flaw = find_flaw(staged.path, format, staged.content)
        else:
            flaw = f"is of type {printable(content_type)}, not {form.accept}"
        if flaw:
            raise DocumentError(
                f"{response.request_line} was answered with status 200, but the body {flaw}. Nothing was kept. "
                f"{NOT_THE_API}",
                asked=response.request_line,
                status=200,
            )

        request_id = response.headers.get("X-Request-ID")
        return printable(request_id, 100) if request_id else None

    return session.get(path, read, params={"sourceType": source_type.upper()}, accept=form.accept)
