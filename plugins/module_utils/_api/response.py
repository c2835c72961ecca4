# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The answer to one request: its body is decoded and checked to be complete while it is read."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import typing as t
import zlib
from http.client import HTTPException

from .._errors import ApiError, counted, printable
from .values import parse_integer

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

CHUNK_SIZE = 256 * 1024
GZIP_OR_ZLIB = 47  # zlib: whichever of the two headers and checksums is there
GZIP_START = b"\x1f"

NOT_THE_API = (
    "If a proxy or a login page answers in the API's place, check the host of the credentials; else run again."
)


class ConnectionFailed(Exception):
    """No complete answer came: why, and what to do; ``permanent`` if the next try would fail in the same way."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Response:
    """An answer, its body not read yet. ``max_size`` is the largest body in bytes, after it is decoded."""

    def __init__(self, answer: requests.Response, max_size: int) -> None:
        self._answer = answer
        self._max_size = max_size
        self.request_line = f"GET {answer.request.path_url}"
        self.status = answer.status_code
        self.headers: Mapping[str, str] = answer.headers
        self.is_redirect = answer.is_redirect

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._answer.close()

    def pieces(self) -> Iterator[bytes]:
        """The body, at most CHUNK_SIZE bytes at a time. Raises ConnectionFailed and ApiError."""
        size = 0
        for piece in self._decoded():
            size += len(piece)
            self._check_size(size)
            yield piece

    def start(self, size: int) -> bytes:
        """The first ``size`` bytes of the body, or what there is of them."""
        body = bytearray()
        try:
            for piece in self.pieces():
                body += piece
                if len(body) >= size:
                    break
        except (ConnectionFailed, ApiError):
            pass
        return bytes(body[:size])

    def _check_size(self, size: int) -> None:
        if size > self._max_size:
            raise bad_body_error(
                self,
                f"is larger than max_size ({self._max_size} bytes)",
                "Nothing of it was kept. If it may be as large as this, raise max_size.",
            )

    def _decoded(self) -> Iterator[bytes]:
        encoding = self.headers.get("Content-Encoding", "").strip().lower()
        if encoding in ("", "identity"):
            return self._received()
        if encoding in ("gzip", "x-gzip", "deflate"):
            return _unpacked(self._received(), encoding)
        raise ConnectionFailed(
            f"the answer is encoded as {printable(encoding, 60)}, but only gzip or deflate was requested. If a proxy "
            "encodes it, add the host to NO_PROXY.",
            permanent=True,
        )

    def _received(self) -> Iterator[bytes]:
        from urllib3.exceptions import HTTPError

        expected = self._announced_size()
        received = 0
        try:
            for piece in self._answer.raw.stream(CHUNK_SIZE, decode_content=False):
                received += len(piece)
                yield piece
        except (OSError, HTTPException, HTTPError, ValueError) as exc:
            raise cut_short(root_cause(exc)) from exc
        # urllib3 before 2.0 does not compare the length by itself.
        if expected is not None and received < expected:
            raise cut_short(f"{counted(received, 'byte')} of {expected} came")

    def _announced_size(self) -> int | None:
        text = self.headers.get("Content-Length")
        if text is None or "Transfer-Encoding" in self.headers:
            return None
        size = parse_integer(text.strip())
        if size is None:
            raise cut_short(f"its Content-Length is not a possible number of bytes ({printable(text, 40)})")
        self._check_size(size)
        return size


def bad_body_error(response: Response, flaw: str, advice: str) -> ApiError:
    """The error for an answer of status 200 with a body that ``flaw``, the end of a sentence, shows to be useless."""
    kind = printable(response.headers.get("Content-Type", ""), 100) or "no content type"
    return ApiError(
        f"{response.request_line} was answered with status {response.status} ({kind}), but the body {flaw}. {advice}",
        asked=response.request_line,
        status=response.status,
    )


def cut_short(reason: str) -> ConnectionFailed:
    """The failure of an answer that ended too early."""
    return ConnectionFailed(f"the answer was cut short: {reason}. Run again; if this persists, check the proxy.")


def root_cause(exc: BaseException) -> str:
    """The innermost reason, which says more than the chain of wrappers around it."""
    while True:
        inner = getattr(exc, "reason", None) or (exc.args[0] if exc.args else None)
        if not isinstance(inner, BaseException):
            break
        exc = inner
    text = str(exc.args[-1] if exc.args else exc)[:1000]
    return printable(re.sub(r"^(<[^>]{0,200}>|\w{1,60}\(host=[^)]{0,200}\)): ", "", text), 200).rstrip(".")


def _unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = zlib.decompressobj(GZIP_OR_ZLIB)
    try:
        for piece in pieces:
            rest = piece
            # What is behind the end, and no further member of the stream, is none of it.
            while rest and (not decoder.eof or rest.startswith(GZIP_START)):
                if decoder.eof:
                    decoder = zlib.decompressobj(GZIP_OR_ZLIB)
                if part := decoder.decompress(rest, CHUNK_SIZE):
                    yield part
                rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        if part := decoder.flush():
            yield part
    except zlib.error as exc:
        raise cut_short(f"it cannot be decoded as {encoding} ({exc})") from exc
    if not decoder.eof:
        raise cut_short(f"its {encoding} stream has no end")
