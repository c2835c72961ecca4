# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One signed HTTPS session with the API, for modules and controller plugins alike."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import os
import random
import time
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from urllib.parse import urlencode, urljoin, urlsplit

from .._errors import ApiError, InvoicingError, NoDataError, OptionError, TransportError
from . import credentials as _credentials
from .problems import NOT_THE_API, bad_body_error, error_from_response, printable
from .rate_limit import MAX_WAIT, RateLimiter
from .transport import ConnectionFailed, Transport, root_cause

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from requests import Response

T = t.TypeVar("T")

RETRIED_STATUSES = frozenset((429, 500, 502, 503, 504))
MAX_ANSWER_SIZE = 64 * 1024 * 1024
MAX_PROBLEM_SIZE = 64 * 1024
MAX_REDIRECTS = 3
MAX_TIMEOUT = 86400
CHUNK_SIZE = 256 * 1024


@dataclass(frozen=True)
class Result(t.Generic[T]):
    """What one request came to: ``elapsed`` is in seconds, over all its tries and waits."""

    value: T
    attempts: int
    elapsed: float


class Session:
    """One connection pool to one API host, usable from several threads.

    Every try is signed anew, since the gateway refuses a nonce that it has seen. Redirects are followed on the API
    host only. The environment's proxies are used; its cookies, netrc and CA bundle never override the options.
    """

    def __init__(self, credentials: _credentials.Credentials, transport: Transport, retries: int) -> None:
        self.credentials = credentials
        self._transport = transport
        self._retries = retries
        self._rate_limiter = RateLimiter()

    @classmethod
    def from_options(cls, options: Mapping[str, t.Any], environ: Mapping[str, str], *, connections: int = 1) -> Session:
        """A session with the connection options of a module or plugin.

        Raises CredentialsError, OptionError and MissingLibraryError, all before any request.
        """
        credentials = _credentials.load(options, environ)
        ca_path = options["ca_path"] or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or None
        if options["validate_certs"] and ca_path and not os.path.exists(ca_path):
            raise OptionError(f"The file or directory of trusted authorities does not exist: ca_path is {ca_path}.")
        if not 0 < options["timeout"] <= MAX_TIMEOUT or options["retries"] < 0:
            raise OptionError(f"timeout must be more than 0 and up to {MAX_TIMEOUT} seconds, and retries 0 or more.")
        verify = (ca_path or True) if options["validate_certs"] else False
        transport = Transport(credentials, timeout=options["timeout"], verify=verify, connections=connections)
        return cls(credentials, transport, options["retries"])

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._transport.close()

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent, all tries and redirects counted."""
        return self._rate_limiter.sent

    def get(
        self,
        path: str,
        read: Callable[[Response], T],
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "application/json",
        switch_account: bool = True,
    ) -> Result[T]:
        """GET ``path``, and give the streamed body of status 200 to ``read``, again for each try.

        Raises NoDataError for 204 and 404, ApiError for other failures, TransportError when no try brought a whole
        answer; what ``read`` raises of its own is passed on.
        """
        query = dict(params or {})
        if switch_account and self.credentials.account_switch_key:
            query["accountSwitchKey"] = self.credentials.account_switch_key
        target = path + ("?" + urlencode(query) if query else "")
        request_line = f"GET {target}"
        started = time.monotonic()
        attempt = 0
        while True:
            attempt += 1
            try:
                value = self._try(request_line, f"https://{self.credentials.host}{target}", accept, read)
                return Result(value, attempt, time.monotonic() - started)
            except ApiError as exc:
                if attempt > 1:
                    exc.details["attempts"] = attempt
                raise
            except _Retry as again:
                if attempt > self._retries or again.wait > MAX_WAIT:
                    raise _after_last_try(again, attempt) from again.__cause__
                wait = max(again.wait, _backoff(attempt))
                if again.refused:
                    self._rate_limiter.pause(wait)
                else:
                    time.sleep(wait)

    def get_list(
        self,
        path: str,
        convert: Callable[[t.Any], T],
        *,
        params: Mapping[str, str] | None = None,
        switch_account: bool = True,
    ) -> list[T]:
        """GET the list at ``path``, its entries converted; status 204 is an empty list. Raises what get() does."""

        def read(response: Response) -> list[T]:
            listed = read_json(response)
            try:
                if not isinstance(listed, list):
                    raise TypeError(f"a list is expected, not {type(listed).__name__}")
                return [convert(entry) for entry in listed]
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as exc:
                raise bad_body_error(
                    response,
                    f"is not the list it documents ({exc!r})",
                    "Run again with the newest release of this collection, then report it.",
                ) from exc

        try:
            return self.get(path, read, params=params, switch_account=switch_account).value
        except NoDataError as exc:
            if exc.details["status"] == 204:
                return []
            raise

    def _try(self, request_line: str, url: str, accept: str, read: Callable[[Response], T]) -> T:
        for _hop in range(MAX_REDIRECTS + 1):
            try:
                with self._send(url, accept) as response:
                    if response.is_redirect:
                        url = self._same_host(request_line, url, response)
                        continue
                    if response.status_code != 200:
                        raise self._failure(request_line, response)
                    return read(response)
            except ConnectionFailed as exc:
                error = TransportError(f"{request_line}: {exc}", asked=request_line)
                raise (error if exc.permanent else _Retry(error)) from exc
        raise ApiError(
            f"{request_line} was redirected more than {MAX_REDIRECTS} times. Check the host of the credentials.",
            asked=request_line,
            status=response.status_code,
        )

    def _send(self, url: str, accept: str) -> Response:
        ticket = self._rate_limiter.acquire()
        headers = None
        try:
            response = self._transport.send(url, accept)
            headers = response.headers
            return response
        finally:
            self._rate_limiter.release(ticket, headers)

    def _same_host(self, request_line: str, url: str, response: Response) -> str:
        try:
            target = urljoin(url, response.headers["Location"])
            same, host = urlsplit(target)[:2] == urlsplit(url)[:2], urlsplit(target).hostname
        except ValueError:
            same, host = False, "one whose name cannot be read"
        if not same:
            raise ApiError(
                f"{request_line} was redirected to another host ({printable(host)}): not followed, so that no "
                "credentials reach it. Check the host of the credentials.",
                asked=request_line,
                status=response.status_code,
            )
        return self._transport.quoted(target)

    def _failure(self, request_line: str, response: Response) -> Exception:
        try:
            body = next(response.iter_content(MAX_PROBLEM_SIZE), b"")
        except OSError:
            body = b""
        status, headers = response.status_code, response.headers
        now = datetime.now(timezone.utc)
        found = self.credentials
        error = error_from_response(
            request_line, status, headers, body, secrets=found.secrets, source=found.source, now=now
        )
        if status not in RETRIED_STATUSES:
            return error
        return _Retry(error, self._rate_limiter.requested_delay(headers) or 0.0, refused=status == 429)


def chunks(response: Response) -> Iterator[bytes]:
    """The decoded body of an answer, in bounded pieces, checked to be complete. Raises ConnectionFailed."""
    try:
        yield from response.iter_content(CHUNK_SIZE)
    # What requests raises are OSErrors; those of whoever takes the pieces do not come by here.
    except OSError as exc:
        raise _cut_short(root_cause(exc)) from exc
    expected = response.headers.get("Content-Length", "")
    # urllib3 before 2.0 does not compare the length by itself.
    if expected.isdigit() and response.raw.tell() < int(expected):
        raise _cut_short(f"{response.raw.tell()} of {expected} bytes came")


def read_json(response: Response) -> t.Any:
    """The JSON of an answer, its decimals as Decimal. Raises ApiError."""
    body = bytearray()
    for chunk in chunks(response):
        body += chunk
        if len(body) > MAX_ANSWER_SIZE:
            raise bad_body_error(response, f"is larger than {MAX_ANSWER_SIZE} bytes", NOT_THE_API)
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as exc:
        raise bad_body_error(response, "is not JSON", NOT_THE_API) from exc


def _cut_short(reason: str) -> ConnectionFailed:
    return ConnectionFailed(f"the answer was cut short: {reason}. Run again; if it lasts, look at the proxy.")


class _Retry(Exception):
    """A try that failed in a way that the next may not; ``wait`` is in seconds."""

    def __init__(self, error: InvoicingError, wait: float = 0.0, *, refused: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        self.refused = refused


def _after_last_try(again: _Retry, attempts: int) -> InvoicingError:
    error = again.error
    tries = f"{attempts} tries" if attempts > 1 else "1 try"
    patience = f" The API asks to wait {again.wait:.0f} seconds." if again.wait > MAX_WAIT else ""
    return type(error)(f"{error} Given up after {tries}.{patience}", **{**error.details, "attempts": attempts})


def _backoff(attempt: int) -> float:
    longest: float = min(30.0, 0.5 * 2 ** (attempt - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - it only spreads the tries
