# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Limits on the bytes of an answer and on their time, below the HTTP libraries, which know none."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import io
import re
import time
import typing as t
from http.client import HTTPResponse

from .._errors import abbreviated, counted

# An answer may take so many times the seconds of the option timeout, and one more for each so many bytes.
MAX_TIMEOUTS = 3
MIN_RATE = 4096
# Status lines (also those that only say 100 Continue) and headers.
MAX_HEAD_SIZE = 256 * 1024
MAX_LINE_LENGTH = 64 * 1024

_NUMBERS = re.compile(r"[0-9, \t]+", re.ASCII)
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class LimitedSource(io.RawIOBase):
    """What comes out of a socket. Raises OSError for more than ``max_size`` bytes, or for bytes that come too slowly.

    ``seconds`` are those that the socket waits for the next bytes.
    """

    def __init__(self, source: io.RawIOBase, seconds: float) -> None:
        super().__init__()
        self._source = source
        self._seconds = seconds
        self._started = time.monotonic()
        self._received = 0
        self.max_size = MAX_HEAD_SIZE

    def permit_head(self) -> None:
        """From now on, permit no more bytes than a head may have."""
        self.max_size = self._received + MAX_HEAD_SIZE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        count = self._source.readinto(buffer)
        self._received += count or 0
        if self._received > self.max_size:
            raise OSError(f"more than {self.max_size} bytes, without the end that was announced")
        seconds = MAX_TIMEOUTS * self._seconds + self._received / MIN_RATE
        if count and time.monotonic() - self._started > seconds:
            raise OSError(
                f"{counted(self._received, 'byte')} in more than {seconds:.0f} seconds, which is too slow "
                f"({MAX_TIMEOUTS} times the timeout, and a second for each {MIN_RATE} bytes)"
            )
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class LimitedReader(io.BufferedReader):
    """Reads lines of a bounded length. Where a chunk of the body begins, the line must be its size."""

    def __init__(self, source: LimitedSource) -> None:
        super().__init__(source)
        self.source = source
        self.in_chunks = False

    def readline(self, size: int | None = -1) -> bytes:
        line = super().readline(MAX_LINE_LENGTH + 1 if size is None or size < 0 else size)
        if len(line) > MAX_LINE_LENGTH:
            raise OSError(f"a line of more than {MAX_LINE_LENGTH} bytes")
        if self.in_chunks:
            length = line.partition(b";")[0].strip()
            if not _CHUNK_SIZE.fullmatch(length):
                raise OSError(f"a chunk without its size ({abbreviated(line)})" if line else "no more chunks")
            self.in_chunks = int(length, 16) > 0
            if not self.in_chunks:
                # Only the trailer follows.
                self.source.permit_head()
        return line


def limited(response_class: type[HTTPResponse], max_size: int) -> type[HTTPResponse]:
    """The class of http.client for answers, with a limit on the bytes of the body as they are sent."""

    class LimitedResponse(response_class):  # type: ignore[misc, valid-type]
        def __init__(self, sock: t.Any, *args: t.Any, **more: t.Any) -> None:
            super().__init__(sock, *args, **more)
            self._source = LimitedSource(self.fp.detach(), sock.gettimeout() or 0.0)
            self.fp: LimitedReader = LimitedReader(self._source)

        def begin(self) -> None:
            super().begin()
            self._source.max_size += max_size
            # What is no number announces nothing. The libraries would read 1_000 and +5 as numbers.
            if not _NUMBERS.fullmatch(self.headers.get("Content-Length", "0")):
                del self.headers["Content-Length"]
                self.length, self.will_close = None, True
            if self.fp is not None:
                self.fp.in_chunks = bool(self.chunked)

    return LimitedResponse
