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
import re
import time
import traceback
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from urllib.parse import urlencode, urljoin, urlsplit

from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _credentials
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    InvoicingError,
    MissingLibraryError,
    NoDataError,
    OptionError,
    TransportError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._problems import explain, shown
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._quota import LONGEST_WAIT, Quota

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

T = t.TypeVar("T")

RETRIED_STATUSES = frozenset((429, 500, 502, 503, 504))
LARGEST_ANSWER = 64 * 1024 * 1024
LARGEST_PROBLEM = 64 * 1024
MOST_REDIRECTS = 3
LONGEST_TIMEOUT = 86400
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Answer(t.Generic[T]):
    """What one request came to: C(elapsed) is in seconds, over all its tries and waits."""

    value: T
    attempts: int
    elapsed: float


class Session:
    """One connection pool to one API host, usable from several threads.

    Every try is signed anew, since the gateway refuses a nonce that it has seen. Redirects are followed on the API
    host only. The environment's proxies are used; its cookies, netrc and CA bundle never override the options.
    """

    def __init__(
        self,
        credentials: _credentials.Credentials,
        *,
        timeout: float = 60.0,
        retries: int = 5,
        validate_certs: bool = True,
        ca_path: str | None = None,
        connections: int = 1,
    ) -> None:
        self.credentials = credentials
        self._timeout = timeout
        self._retries = retries
        self._verify: bool | str = (ca_path or True) if validate_certs else False
        self._quota = Quota()
        self._requests, self._auth = _libraries(credentials)
        # A session of requests would look at the environment again for each request, keep cookies, and call
        # EdgeGridAuth's hook, which signs whatever a redirect names.
        self._http = _adapter(self._requests, connections)
        self._proxies = self._checked_proxies(f"https://{credentials.host}/")
        if not validate_certs:
            # It was asked for: one warning for each request would only hide the others.
            self._requests.packages.urllib3.disable_warnings()

    @classmethod
    def from_options(cls, options: Mapping[str, t.Any], environ: Mapping[str, str], *, connections: int = 1) -> Session:
        """A session with the connection options of a module or plugin.

        Raises CredentialsError, OptionError and MissingLibraryError, all before any request.
        """
        credentials = _credentials.load(options, environ)
        ca_path = options["ca_path"] or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or None
        if options["validate_certs"] and ca_path and not os.path.exists(ca_path):
            raise OptionError(f"The file or directory of trusted authorities does not exist: ca_path is {ca_path}.")
        if not 0 < options["timeout"] <= LONGEST_TIMEOUT or options["retries"] < 0:
            raise OptionError(
                f"timeout must be more than 0 and up to {LONGEST_TIMEOUT} seconds, and retries 0 or more."
            )
        return cls(
            credentials,
            timeout=options["timeout"],
            retries=options["retries"],
            validate_certs=options["validate_certs"],
            ca_path=ca_path,
            connections=connections,
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._http.close()

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent, all tries and redirects counted."""
        return self._quota.issued

    def get(
        self,
        path: str,
        read: Callable[[Response], T],
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "application/json",
        switch_account: bool = True,
    ) -> Answer[T]:
        """GET C(path), and give the streamed body of status 200 to C(read), again for each try.

        Raises NoDataError for 204 and 404, ApiError for other failures, TransportError when no try brought a whole
        answer; what C(read) raises of its own is passed on.
        """
        query = dict(params or {})
        if switch_account and self.credentials.account_switch_key:
            query["accountSwitchKey"] = self.credentials.account_switch_key
        target = path + ("?" + urlencode(query) if query else "")
        asked = f"GET {target}"
        started = time.monotonic()
        attempt = 0
        while True:
            attempt += 1
            try:
                value = self._try(asked, f"https://{self.credentials.host}{target}", accept, read)
                return Answer(value, attempt, time.monotonic() - started)
            except _Again as again:
                if attempt > self._retries or again.wait > LONGEST_WAIT:
                    raise _final(again, attempt) from again.__cause__
                wait = max(again.wait, _backoff(attempt))
                if again.refused:
                    self._quota.pause(wait)
                else:
                    time.sleep(wait)

    def entries(
        self,
        path: str,
        convert: Callable[[t.Any], T],
        *,
        params: Mapping[str, str] | None = None,
        switch_account: bool = True,
    ) -> list[T]:
        """GET the list at C(path), its entries converted; status 204 is an empty list. Raises what get() does."""
        try:
            listed = self.get(path, read_json, params=params, switch_account=switch_account).value
        except NoDataError as exc:
            if exc.details["status"] == 204:
                return []
            raise
        try:
            if not isinstance(listed, list):
                raise TypeError(f"a list was due, not {type(listed).__name__}")
            return [convert(entry) for entry in listed]
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as exc:
            asked = f"GET {path}" + ("?" + urlencode(params) if params else "")
            raise ApiError(
                f"{asked} was answered with something that is not the list it documents ({exc!r}). "
                "Run again with the newest release of this collection, then report it.",
                asked=asked,
            ) from exc

    def _try(self, asked: str, url: str, accept: str, read: Callable[[Response], T]) -> T:
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._send(asked, url, accept)
            with response:
                if response.is_redirect:
                    url = self._same_host(asked, url, response.headers["Location"])
                    continue
                if response.status_code != 200:
                    raise self._failure(asked, response)
                try:
                    return read(response)
                except (self._requests.RequestException, _CutError) as exc:
                    cut = TransportError(f"{asked}: the answer was cut short: {_cause(exc)}.", asked=asked)
                    raise _Again(cut) from exc
        raise ApiError(f"{asked} was redirected more than {MOST_REDIRECTS} times.", asked=asked)

    def _send(self, asked: str, url: str, accept: str) -> Response:
        ticket = self._quota.acquire()
        headers = None
        try:
            response: Response = self._http.send(
                self._signed(url, accept),
                stream=True,
                timeout=self._timeout,
                verify=self._verify,
                proxies=self._proxies,
            )
            headers = response.headers
            return response
        except self._requests.RequestException as exc:
            if "CERTIFICATE_VERIFY_FAILED" in str(exc):
                raise TransportError(
                    f"{asked}: no trusted connection with {self.credentials.host}: {_cause(exc)}. "
                    "If a proxy or a private authority signs its certificate, name the authority's file in ca_path.",
                    asked=asked,
                ) from exc
            by_proxy = isinstance(exc, self._requests.exceptions.ProxyError)
            silent = "the proxy that the environment names" if by_proxy else self.credentials.host
            raise _Again(TransportError(f"{asked}: no answer from {silent}: {_cause(exc)}.", asked=asked)) from exc
        finally:
            self._quota.release(ticket, headers)

    def _signed(self, url: str, accept: str) -> PreparedRequest:
        prepared: PreparedRequest = self._requests.PreparedRequest()
        prepared.method, prepared.url = "GET", url
        prepared.headers = self._requests.structures.CaseInsensitiveDict(
            {"Accept": accept, "Accept-Encoding": "gzip, deflate", "User-Agent": "edgebill.akamai_invoicing"}
        )
        self._auth(prepared)
        return prepared

    def _same_host(self, asked: str, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            same, host = urlsplit(target)[:2] == urlsplit(url)[:2], urlsplit(target).hostname
        except ValueError:
            same, host = False, "one whose name cannot be read"
        if not same:
            raise ApiError(
                f"{asked} was redirected to another host ({shown(host)}): not followed, so that no credentials reach "
                "it. Check the host of the credentials.",
                asked=asked,
            )
        quoted: str = self._requests.utils.requote_uri(target)
        return quoted

    def _checked_proxies(self, url: str) -> dict[str, str]:
        proxies: dict[str, str] = self._requests.utils.get_environ_proxies(url)
        proxy = self._requests.utils.select_proxy(url, proxies)
        try:
            self._requests.packages.urllib3.util.parse_url(proxy or "")
        except ValueError:
            # It may hold a password, and so may what the parser says.
            raise OptionError(
                "The URL of the proxy that the environment names (HTTPS_PROXY or ALL_PROXY) cannot be read: write it "
                "as http://user:password@host:port, with special characters of the password as %XX."
            ) from None
        return proxies

    def _failure(self, asked: str, response: Response) -> Exception:
        try:
            body = next(response.iter_content(LARGEST_PROBLEM), b"")
        except self._requests.RequestException:
            body = b""
        status, headers = response.status_code, response.headers
        now = datetime.now(timezone.utc)
        found = self.credentials
        error = explain(asked, status, headers, body, secrets=found.secrets, source=found.source, now=now)
        if status not in RETRIED_STATUSES:
            return error
        return _Again(error, self._quota.asked_wait(headers) or 0.0, refused=status == 429)


def chunks(response: Response) -> Iterator[bytes]:
    """The decoded body of an answer, bounded pieces at a time; makes sure that all of it came."""
    yield from response.iter_content(CHUNK)
    expected = response.headers.get("Content-Length", "")
    # urllib3 before 2.0 does not compare the length by itself.
    if expected.isdigit() and response.raw.tell() < int(expected):
        raise _CutError(f"{response.raw.tell()} of {expected} bytes came")


def read_json(response: Response) -> t.Any:
    """The JSON of an answer, its decimals as Decimal. Raises ApiError."""
    body = bytearray()
    for chunk in chunks(response):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ApiError(f"The answer of {response.url} is larger than {LARGEST_ANSWER} bytes.")
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as exc:
        kind = shown(response.headers.get("Content-Type")) or "no content type"
        raise ApiError(
            f"The answer of {response.url} is not JSON ({kind}): is the host of the credentials the API's, "
            "and does no proxy answer in its place?"
        ) from exc


class _CutError(Exception):
    """The body ended before its time."""


class _Again(Exception):
    """A try that failed in a way that the next may not; C(wait) is in seconds."""

    def __init__(self, error: InvoicingError, wait: float = 0.0, *, refused: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        self.refused = refused


def _final(again: _Again, attempts: int) -> InvoicingError:
    error = again.error
    tries = f"{attempts} tries" if attempts > 1 else "1 try"
    patience = f" The API asks to wait {again.wait:.0f} seconds." if again.wait > LONGEST_WAIT else ""
    return type(error)(f"{error} Given up after {tries}.{patience}", **{**error.details, "attempts": attempts})


def _backoff(attempt: int) -> float:
    longest: float = min(30.0, 0.5 * 2 ** (attempt - 1))
    return longest * random.uniform(0.5, 1.0)


def _cause(exc: BaseException) -> str:
    """The innermost reason, which says more than the chain of wrappers around it."""
    while True:
        inner = getattr(exc, "reason", None) or (exc.args[0] if exc.args else None)
        if not isinstance(inner, BaseException):
            break
        exc = inner
    text = str(exc.args[-1] if exc.args else exc)
    return re.sub(r"^(<[^>]*>|\w+\(host=[^)]*\)): ", "", text).rstrip(".")


def _adapter(requests: t.Any, connections: int) -> HTTPAdapter:
    class OneHostAdapter(requests.adapters.HTTPAdapter):  # type: ignore[misc]
        """All requests go to one host: its pool is looked up once, and the files of its authorities once for a pool."""

        pool: t.Any = None
        verified: t.Any = None

        def get_connection_with_tls_context(self, *args: t.Any, **more: t.Any) -> t.Any:
            if self.pool is None:
                self.pool = super().get_connection_with_tls_context(*args, **more)
            return self.pool

        def cert_verify(self, conn: t.Any, url: str, verify: bool | str, cert: t.Any) -> None:
            if conn is not self.verified:
                super().cert_verify(conn, url, verify, cert)
                self.verified = conn

    adapter: HTTPAdapter = OneHostAdapter(pool_maxsize=connections)
    return adapter


def _libraries(credentials: _credentials.Credentials) -> tuple[t.Any, t.Any]:
    try:
        import requests
        from akamai.edgegrid import EdgeGridAuth
    except ImportError as exc:
        library = "requests" if (exc.name or "").startswith("requests") else "edgegrid-python"
        raise MissingLibraryError(library, traceback.format_exc()) from exc
    import logging

    # At level DEBUG it writes the signing key and the Authorization header.
    logging.getLogger("akamai.edgegrid.edgegrid").setLevel(logging.WARNING)
    auth = EdgeGridAuth(
        client_token=credentials.client_token,
        client_secret=credentials.client_secret,
        access_token=credentials.access_token,
        max_body=credentials.max_body,
    )
    return requests, auth
