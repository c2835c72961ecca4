# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Limits on the bytes of an answer and on their time, also against a server that sends raw bytes."""

from __future__ import annotations

import io
import time
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import limits
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.limits import LimitedReader, LimitedSource

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/pdf\n"
CHUNKED = HEAD + "Transfer-Encoding: chunked"

Fetch = t.Callable[..., bytes]
Refused = t.Callable[..., str]


class Source(io.RawIOBase):
    """Gives its pieces one by one, each after its seconds."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        super().__init__()
        self._pieces = list(pieces)
        self.now = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        seconds, piece = self._pieces.pop(0) if self._pieces else (0.0, b"")
        self.now += seconds
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., LimitedSource]:
    """A limited source over these pieces, with their time in place of the clock's."""

    def make(*pieces: tuple[float, bytes], seconds: float = 10) -> LimitedSource:
        source = Source(*pieces)
        monkeypatch.setattr(time, "monotonic", lambda: source.now)
        return LimitedSource(source, seconds)

    return make


def test_bytes_pass_as_they_are(limited: t.Callable[..., LimitedSource]) -> None:
    with io.BufferedReader(limited((1, b"ab"), (1, b"c"))) as reader:
        assert reader.read() == b"abc"


def test_more_bytes_than_permitted_are_an_error(limited: t.Callable[..., LimitedSource]) -> None:
    source = limited((0, b"x" * 10), (0, b"x"))
    source.max_size = 10
    assert source.read(100) == b"x" * 10
    with pytest.raises(OSError, match="more than 10 bytes"):
        source.read(100)


def test_the_time_of_an_answer_follows_its_size(limited: t.Callable[..., LimitedSource]) -> None:
    piece = b"x" * limits.MIN_RATE
    # Three times the timeout, and a second for each piece.
    source = limited((29, piece), (2, piece), (1, piece), (1, piece), (2, piece))
    for _read in range(4):
        assert source.read(2 * limits.MIN_RATE) == piece
    source = limited((29, piece), (2, piece), (1.5, b"x"))
    assert source.read(2 * limits.MIN_RATE) + source.read(2 * limits.MIN_RATE) == 2 * piece
    with pytest.raises(OSError, match="8193 bytes in more than 32 seconds, which is too slow"):
        source.read(10)


def test_the_end_is_never_too_slow(limited: t.Callable[..., LimitedSource]) -> None:
    assert limited((1000, b"")).read(10) == b""


def test_a_line_is_bounded(limited: t.Callable[..., LimitedSource]) -> None:
    line = b"x" * (limits.MAX_LINE_LENGTH - 1) + b"\n"
    source = limited(*((0, line[start : start + 1000]) for start in range(0, len(line), 1000)))
    assert LimitedReader(source).readline() == line
    long = b"x" * limits.MAX_LINE_LENGTH + b"\n"
    source = limited(*((0, long[start : start + 1000]) for start in range(0, len(long), 1000)))
    with pytest.raises(OSError, match="a line of more than 65536 bytes"):
        LimitedReader(source).readline()


def test_after_the_last_chunk_only_a_head_is_permitted(limited: t.Callable[..., LimitedSource]) -> None:
    source = limited((0, b"3\r\nabc\r\n0\r\n"), (0, b"X: y\r\n"))
    source.max_size = 10**9
    reader = LimitedReader(source)
    reader.in_chunks = True
    assert reader.readline() == b"3\r\n"
    assert (reader.read(5), reader.in_chunks) == (b"abc\r\n", True)
    assert (reader.readline(), reader.in_chunks) == (b"0\r\n", False)
    assert source.max_size < limits.MAX_HEAD_SIZE + 100
    assert reader.readline() == b"X: y\r\n"


@pytest.mark.parametrize(
    "fault",
    [
        {"head": HEAD + "Content-Length: 1000000", "body": "", "repeat": "x", "pause": 0.1},
        {"head": CHUNKED, "body": "", "repeat": "1\nx\n", "pause": 0.1},
        {"head": "", "body": "HTTP/1.1 200 OK\r\nX-Slow: ", "repeat": "x", "pause": 0.1},
        {"head": "", "body": "", "repeat": "H", "pause": 0.1},
        {"head": "", "body": "", "repeat": "HTTP/1.1 100 Continue\n\n", "pause": 0.1},
        {"head": CHUNKED, "body": "0\r\n", "repeat": "X: y\n", "pause": 0.1},
    ],
    ids=["body", "chunks", "headers", "status line", "100 Continue", "trailers"],
)
def test_an_answer_that_drips_without_end_is_given_up(
    refused: Refused, simulator: Simulator, fault: dict[str, t.Any]
) -> None:
    simulator.fault("raw", **fault)
    started = time.monotonic()
    assert "slow" in refused(timeout=1.0)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "fault",
    [
        {"head": "", "body": "", "repeat": "HTTP/1.1 100 Continue\n\n" * 1000},
        {"head": "", "body": "HTTP/1.1 200 OK\r\nX-Long: ", "repeat": "x" * 10000},
        {"head": "", "body": "", "repeat": "x" * 10000},
        {"head": CHUNKED, "body": "", "repeat": "x" * 10000},
        {"head": CHUNKED, "body": "0\r\n", "repeat": "X: " + "y" * 60000 + "\n"},
    ],
    ids=["100 Continue", "header", "status line", "size of a chunk", "trailers"],
)
def test_an_answer_without_end_is_given_up(refused: Refused, simulator: Simulator, fault: dict[str, t.Any]) -> None:
    simulator.fault("raw", **fault)
    started = time.monotonic()
    refused()
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "fault",
    [
        {"head": HEAD + "X-None: 0", "body": "", "repeat": "x" * 10000},
        {"head": HEAD + "Content-Length: 99999999999999", "body": ""},
        {"head": HEAD + "Content-Encoding: gzip", "zeros": 100 * 2**20, "layers": ["gzip"]},
        {"head": CHUNKED, "body": "", "repeat": "64\n" + "x" * 100 + "\n"},
    ],
    ids=["endless", "announced", "packed", "chunks"],
)
def test_max_size_is_checked_while_the_document_arrives(
    refused: Refused, simulator: Simulator, fault: dict[str, t.Any]
) -> None:
    simulator.fault("raw", **fault)
    assert "is larger than max_size (1000000 bytes). Nothing of it was kept" in refused(max_size=1000000)


def test_max_size_permits_a_document_of_its_size(fetch: Fetch, refused: Refused) -> None:
    document = fetch()
    assert fetch(max_size=len(document)) == document
    assert "larger than max_size" in refused(max_size=len(document) - 1)


@pytest.mark.parametrize(
    "size",
    ["-1", "+3", "zz", "", "0x3", "1_0", "f" * 400, "\x1b[31m", "3\x00", "$authorization", "$signature"],
    ids=lambda size: ascii(size)[:12],
)
def test_the_size_of_a_chunk_is_a_number(refused: Refused, simulator: Simulator, size: str) -> None:
    simulator.fault("raw", head=CHUNKED, body=f"{size}\r\nabc\r\n0\r\n\r\n")
    message = refused()
    assert "EG1-" not in message
    assert "a chunk without its size" in message


def test_chunks_with_extensions_and_trailers_are_read(fetch: Fetch, simulator: Simulator) -> None:
    simulator.fault("raw", head=CHUNKED, body="3;a=b\r\nabc\r\n0A \r\n0123456789\r\n0\r\nX: y\r\n\r\n")
    assert fetch() == b"abc0123456789"


@pytest.mark.parametrize("length", ["\xb2", "x", "-5", "12.5", "0x10", "1_0", ""])
def test_a_length_that_is_no_number_is_none(fetch: Fetch, simulator: Simulator, length: str) -> None:
    document = fetch()
    simulator.fault("raw", head=f"{HEAD}Content-Length: {length}")
    assert fetch() == document


@pytest.mark.parametrize("length", ["9" * 400, "9" * 5000, "1, 2"], ids=len)
def test_a_length_that_cannot_be_is_refused(refused: Refused, simulator: Simulator, length: str) -> None:
    simulator.fault("raw", head=f"{HEAD}Content-Length: {length}")
    refused()
