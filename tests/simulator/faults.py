# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Faults on demand: which requests they hit, and what they do to the answer."""

from __future__ import annotations

import asyncio
import gzip
import inspect
import json
import re
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from . import problems
from .auth import REASONS, Refused

Answer = Callable[[], Awaitable[web.StreamResponse]]
LARGEST_BUFFER = 2**20
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Log in</form></body></html>"


@dataclass
class Fault:
    """One kind of trouble for the requests that match; ``times`` None means always."""

    kind: str
    path: str | None = None
    method: str | None = None
    contract: str | None = None
    invoice: int | None = None
    times: int | None = 1
    options: dict[str, Any] = field(default_factory=dict)

    def hits(self, request: web.Request) -> bool:
        """Whether the request is one of those meant."""
        asked = request.match_info
        return (
            self.times != 0
            and (self.path is None or re.search(self.path, request.raw_path) is not None)
            and (self.method is None or self.method == request.method)
            and (self.contract is None or self.contract == asked.get("contract"))
            and (self.invoice is None or str(self.invoice) == asked.get("invoice"))
        )


class Faults:
    """The faults in force, first come first used."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def reset(self) -> None:
        """No more faults."""
        self._faults.clear()

    def add(self, fields: dict[str, Any]) -> None:
        """Put a fault in force; what is no matching field is an option of its kind."""
        known = {
            key: fields.pop(key) for key in ("kind", "path", "method", "contract", "invoice", "times") if key in fields
        }
        fault = Fault(**known, options=fields)
        if fault.kind != "skew" and fault.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {fault.kind!r}: one of skew, {', '.join(sorted(KINDS))}")
        if fault.kind != "skew":
            inspect.signature(KINDS[fault.kind]).bind(None, None, **fields)
        if fault.kind == "auth" and fields.get("reason") not in REASONS:
            raise ValueError(f"unknown reason {fields.get('reason')!r}: one of {', '.join(REASONS)}")
        self._faults.append(fault)

    def take(self, request: web.Request, *, skew: bool) -> Fault | None:
        """The fault for this request, used once more; skew comes before the signature is checked, all else after."""
        for fault in self._faults:
            if (fault.kind == "skew") == skew and fault.hits(request):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


async def apply(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    """Answer the request with the fault in it."""
    return await KINDS[fault.kind](request, answer, **fault.options)


def _transport(request: web.Request) -> asyncio.Transport:
    if not isinstance(request.transport, asyncio.Transport):
        raise ConnectionResetError
    return request.transport


async def _document(answer: Answer) -> tuple[web.Response, bytes]:
    response = await answer()
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        raise web.HTTPNotImplemented(text="this kind of fault needs an answer that is held in memory")
    return response, response.body


def _copy(response: web.Response, body: bytes, **headers: str) -> web.Response:
    """The same answer with another body."""
    return web.Response(status=response.status, body=body, headers={"Content-Type": response.content_type, **headers})


async def _status(
    request: web.Request,
    answer: Answer,
    *,
    status: int = 500,
    headers: dict[str, str] | None = None,
    title: str | None = None,
    body: str | None = None,
) -> web.Response:
    if body is not None:
        return web.Response(status=status, text=body, headers=headers)
    response = problems.invoicing(status, title=title)
    response.headers.update(headers or {})
    return response


async def _reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    _transport(request).abort()
    return web.Response()


async def _start(request: web.Request, response: web.Response, body: bytes, *, chunked: bool) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers={"Content-Type": response.content_type})
    if chunked:
        stream.enable_chunked_encoding()
    else:
        stream.content_length = len(body)
    await stream.prepare(request)
    return stream


async def _cut(
    request: web.Request, answer: Answer, *, after: int | None = None, chunked: bool = False
) -> web.StreamResponse:
    response, body = await _document(answer)
    stream = await _start(request, response, body, chunked=chunked)
    await stream.write(body[: len(body) // 2 if after is None else after])
    _transport(request).close()
    return stream


async def _stall(request: web.Request, answer: Answer, *, seconds: float = 3600) -> web.StreamResponse:
    response, body = await _document(answer)
    stream = await _start(request, response, body, chunked=False)
    await stream.write(body[: len(body) // 2])
    await asyncio.sleep(seconds)
    await stream.write(body[len(body) // 2 :])
    return stream


async def _slow(
    request: web.Request, answer: Answer, *, delay: float = 0, trickle: float = 0, pieces: int = 10
) -> web.StreamResponse:
    await asyncio.sleep(delay)
    if not trickle:
        return await answer()
    response, body = await _document(answer)
    stream = await _start(request, response, body, chunked=False)
    step = max(1, -(-len(body) // pieces))
    for place in range(0, len(body), step):
        await asyncio.sleep(trickle / pieces)
        await stream.write(body[place : place + step])
    return stream


async def _length(request: web.Request, answer: Answer, *, by: int = 1) -> web.StreamResponse:
    response, body = await _document(answer)
    # A client that takes the answer for whole must not send its next request into the connection that ends here.
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {response.content_type}\r\nContent-Length: {len(body) + by}\r\n"
    transport = _transport(request)
    transport.write(f"{head}Connection: close\r\n\r\n".encode() + body)
    transport.close()
    return response


async def _html(request: web.Request, answer: Answer) -> web.Response:
    return web.Response(body=LOGIN_PAGE, content_type="text/html")


async def _empty(request: web.Request, answer: Answer) -> web.Response:
    response, _body = await _document(answer)
    return _copy(response, b"")


async def _wrong_type(
    request: web.Request, answer: Answer, *, content_type: str = "application/octet-stream"
) -> web.Response:
    _response, body = await _document(answer)
    return web.Response(body=body, content_type=content_type)


async def _truncated(request: web.Request, answer: Answer, *, keep: int | None = None) -> web.Response:
    response, body = await _document(answer)
    return _copy(response, body[: len(body) // 2 if keep is None else keep])


async def _redirect(request: web.Request, answer: Answer, *, location: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


async def _gzip(request: web.Request, answer: Answer) -> web.Response:
    response, body = await _document(answer)
    return _copy(response, gzip.compress(body), **{"Content-Encoding": "gzip"})


async def _chunked(request: web.Request, answer: Answer) -> web.StreamResponse:
    response, body = await _document(answer)
    stream = await _start(request, response, body, chunked=True)
    for place in range(0, len(body), 1024):
        await stream.write(body[place : place + 1024])
    return stream


async def _auth(request: web.Request, answer: Answer, *, reason: str) -> web.Response:
    return problems.refusal(request, Refused(reason))


async def _body(request: web.Request, answer: Answer, *, body: Any, content_type: str | None = None) -> web.Response:
    response, _body = await _document(answer)
    content = body if isinstance(body, str) else json.dumps(body)
    return web.Response(body=content.encode(), content_type=content_type or response.content_type)


def _echoed(text: str, request: web.Request) -> bytes:
    """The text with the credentials of the request in the place of their names."""
    authorization = request.headers.get("Authorization", "")
    parts = dict(re.findall(r"(client_token|access_token|signature)=([^;]+)", authorization))
    for name, value in {"authorization": authorization, **parts}.items():
        text = text.replace(f"${name}", value)
    return text.encode("latin-1")


def _packed(body: bytes, layers: Sequence[str]) -> bytes:
    for layer in layers:
        body = gzip.compress(body, 1) if layer == "gzip" else zlib.compress(body, 1)
    return body


async def _raw(
    request: web.Request,
    answer: Answer,
    *,
    head: str = "HTTP/1.1 200 OK\nContent-Type: $type\nContent-Length: $length",
    body: str | int | None = None,
    zeros: int = 0,
    layers: Sequence[str] = (),
    keep: int | None = None,
    repeat: str = "",
    pause: float = 0.0,
) -> web.StreamResponse:
    response, document = await _document(answer)
    # Control calls make numbers of digits.
    whole = document if body is None else _echoed(str(body), request)
    whole = _packed(whole + b"0" * zeros, layers)
    kind, length = response.content_type, str(len(whole))
    start = _echoed(head.replace("$type", kind).replace("$length", length).replace("\n", "\r\n"), request)
    transport = _transport(request)
    # A head that is empty leaves all that is sent to the other options.
    transport.write((start + b"\r\n\r\n" if start else b"") + whole[:keep])
    piece = _echoed(repeat.replace("\n", "\r\n"), request)
    # When the client has gone, the request has no transport; with Python 3.10 only this shows it.
    while piece and request.transport and not transport.is_closing():
        if transport.get_write_buffer_size() < LARGEST_BUFFER:
            transport.write(piece)
        await asyncio.sleep(pause)
    transport.close()
    return response


KINDS: dict[str, Callable[..., Awaitable[web.StreamResponse]]] = {
    "auth": _auth,
    "body": _body,
    "chunked": _chunked,
    "cut": _cut,
    "empty": _empty,
    "gzip": _gzip,
    "html": _html,
    "length": _length,
    "raw": _raw,
    "redirect": _redirect,
    "reset": _reset,
    "slow": _slow,
    "stall": _stall,
    "status": _status,
    "truncated": _truncated,
    "wrong_type": _wrong_type,
}
