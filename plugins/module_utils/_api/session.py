# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One signed HTTPS session with the API, for modules and controller plugins alike."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import random
import time
import typing as t
from datetime import datetime, timezone
from urllib.parse import urlencode, urljoin, urlsplit

from .._errors import ApiError, InvoicingError, OptionError, TransportError, counted, printable
from . import credentials as _credentials
from .rate_limit import MAX_WAIT, RateLimiter
from .response import ConnectionFailed, Response
from .transport import Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RETRIED_STATUSES = frozenset((429, 500, 502, 503, 504))
MAX_PROBLEM_SIZE = 64 * 1024
MAX_REDIRECTS = 3
MAX_TIMEOUT = 86400
MAX_SIZE = 5 * 1024**3
# A request is never refused so often for what others use of the quota.
MAX_REFUSALS = 100


class Result(t.NamedTuple):
    """What one request gave: ``elapsed`` is in seconds, over all its tries and waits."""

    value: t.Any
    attempts: int
    elapsed: float


class Session:
    """One connection pool to one API host, usable from several threads.

    Every try has a signature of its own, since the gateway refuses a nonce that it has seen. Redirects are followed on
    the API host only. The environment's proxies are used; its cookies, netrc and CA bundle never override the options.
    """

    def __init__(self, credentials: _credentials.Credentials, transport: Transport, retries: int) -> None:
        self.credentials = credentials
        self._transport = transport
        self._retries = retries
        self._rate_limiter = RateLimiter(retries)

    @classmethod
    def from_options(cls, options: Mapping[str, t.Any], environ: Mapping[str, str], *, connections: int = 1) -> Session:
        """A session with the connection options of a module or plugin.

        Raises CredentialsError, OptionError and MissingLibraryError, all before any request.
        """
        credentials = _credentials.load(options, environ)
        ca_path = options["ca_path"] or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or None
        max_size = MAX_SIZE if options.get("max_size") is None else options["max_size"]
        if not 0 < options["timeout"] <= MAX_TIMEOUT:
            raise OptionError(f"timeout is {options['timeout']}: choose more than 0 and up to {MAX_TIMEOUT} seconds.")
        if options["retries"] < 0:
            raise OptionError(f"retries is {options['retries']}: choose 0 or more.")
        if max_size < 1:
            raise OptionError(f"max_size is {max_size}: choose 1 byte or more.")
        verify = (ca_path or True) if options["validate_certs"] else False
        transport = Transport(
            credentials, timeout=options["timeout"], verify=verify, connections=connections, max_size=max_size
        )
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
        read: Callable[[Response], object],
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "application/json",
        switch_account: bool = True,
    ) -> Result:
        """GET ``path``, and give the streamed body of status 200 to ``read``, again for each try.

        Raises NoDataError for 204 and 404, ApiError for other failures, TransportError when no try brought a complete
        answer; what ``read`` raises of its own is passed on.
        """
        query = dict(params or {})
        if switch_account and self.credentials.account_switch_key:
            query["accountSwitchKey"] = self.credentials.account_switch_key
        target = path + ("?" + urlencode(query) if query else "")
        request_line = f"GET {target}"
        started = time.monotonic()
        attempt = refused = 0
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
                # A refusal says nothing about this request: the rate limiter knows when none will pass.
                refused += again.refused
                gives_up = self._rate_limiter.exhausted if again.refused else attempt - refused > self._retries
                if gives_up or again.delay > MAX_WAIT or refused > MAX_REFUSALS:
                    raise _after_last_try(again, attempt) from again.__cause__
                if not again.refused:
                    time.sleep(max(again.delay, _backoff(attempt - refused)))

    def _try(self, request_line: str, url: str, accept: str, read: Callable[[Response], object]) -> object:
        for _hop in range(MAX_REDIRECTS + 1):
            try:
                with self._send(url, accept) as response:
                    if response.is_redirect:
                        url = self._same_host(request_line, url, response)
                        continue
                    if response.status != 200:
                        raise self._failure(request_line, response)
                    return read(response)
            except ConnectionFailed as exc:
                error = TransportError(f"{request_line}: {exc}", asked=request_line)
                raise (error if exc.permanent else _Retry(error)) from exc
        raise ApiError(
            f"{request_line} was redirected more than {MAX_REDIRECTS} times. Check the host of the credentials.",
            asked=request_line,
            status=response.status,
        )

    def _send(self, url: str, accept: str) -> Response:
        ticket = self._rate_limiter.acquire()
        status = headers = None
        try:
            response = self._transport.send(url, accept)
            status, headers = response.status, response.headers
            return response
        finally:
            self._rate_limiter.release(ticket, status, headers)

    def _same_host(self, request_line: str, url: str, response: Response) -> str:
        here = urlsplit(url)
        try:
            target = urljoin(url, response.headers["Location"])
            there = urlsplit(target)
            same, name = there[:2] == here[:2], printable(urlsplit(printable(target)).hostname, 100)
            if there.hostname == here.hostname and there.scheme != here.scheme:
                elsewhere = f"{printable(there.scheme, 20)}: (without encryption)"
            elif there.hostname == here.hostname:
                elsewhere = f"another port ({name}:{there.port or 443})"
            else:
                elsewhere = f"another host ({name})"
        except ValueError:
            same, elsewhere = False, "an address that cannot be read"
        if not same:
            raise ApiError(
                f"{request_line} was redirected to {elsewhere}: not followed, so that no credentials reach it. "
                "Check the host of the credentials.",
                asked=request_line,
                status=response.status,
            )
        return self._transport.quoted(target)

    def _failure(self, request_line: str, response: Response) -> Exception:
        # Most runs have no use for it, and each compiles what it imports.
        from .problems import error_from_response

        body = response.start(MAX_PROBLEM_SIZE)
        now = datetime.now(timezone.utc)
        source = self.credentials.source
        error = error_from_response(request_line, response.status, response.headers, body, source=source, now=now)
        if response.status not in RETRIED_STATUSES:
            return error
        delay = self._rate_limiter.requested_delay(response.headers) or 0.0
        return _Retry(error, delay, refused=response.status == 429)


class _Retry(Exception):
    """A try that failed in a way that the next may not; ``delay`` is in seconds."""

    def __init__(self, error: InvoicingError, delay: float = 0.0, *, refused: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.delay = delay
        self.refused = refused


def _after_last_try(again: _Retry, attempts: int) -> InvoicingError:
    message = f"{again.error} Given up after {counted(attempts, 'try', 'tries')}."
    if again.delay > MAX_WAIT:
        message += f" The API asks to wait {again.delay:.0f} seconds."
    return type(again.error)(message, **{**again.error.details, "attempts": attempts})


def _backoff(attempt: int) -> float:
    longest: float = min(30.0, 0.5 * 2 ** (attempt - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - it only spreads the tries
