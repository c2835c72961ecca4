# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One signed request over the wire: the libraries, the connections, and what a failure of theirs means."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import traceback
import typing as t

from .._errors import MissingLibraryError, OptionError

if t.TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

    from .credentials import Credentials


class ConnectionFailed(Exception):
    """No whole answer came: why, and what to do; ``permanent`` if the next try would fail in the same way."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Transport:
    """One connection pool to one host, usable from several threads. Every request is signed anew.

    The environment's proxies are used; its cookies, netrc and CA bundle are not. ``timeout`` is in seconds; ``verify``
    is whether certificates are checked, or the file or directory of the trusted authorities. Raises OptionError and
    MissingLibraryError.
    """

    def __init__(self, credentials: Credentials, *, timeout: float, verify: bool | str, connections: int) -> None:
        self._host = credentials.host
        self._timeout = timeout
        self._verify = verify
        self._requests, self._auth = _libraries(credentials)
        # A session of requests would look at the environment again for each request, keep cookies, and call
        # EdgeGridAuth's hook, which signs whatever a redirect names.
        self._http = _adapter(self._requests, connections)
        self._proxies = self._checked_proxies(f"https://{credentials.host}/")
        if not verify:
            # It was asked for: one warning for each request would only hide the others.
            self._requests.packages.urllib3.disable_warnings()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def send(self, url: str, accept: str) -> Response:
        """GET ``url``: the answer, its body not read yet. Raises ConnectionFailed."""
        try:
            response: Response = self._http.send(
                self._signed(url, accept),
                stream=True,
                timeout=self._timeout,
                verify=self._verify,
                proxies=self._proxies,
            )
        except self._requests.RequestException as exc:
            raise self._unanswered(exc) from exc
        # As urllib3 2 does by itself: a connection whose answer was cut short is not used again.
        response.raw.enforce_content_length = True
        return response

    def quoted(self, url: str) -> str:
        """A URL from a server, in characters that can be sent."""
        quoted: str = self._requests.utils.requote_uri(url)
        return quoted

    def _signed(self, url: str, accept: str) -> PreparedRequest:
        prepared: PreparedRequest = self._requests.PreparedRequest()
        prepared.method, prepared.url = "GET", url
        prepared.headers = self._requests.structures.CaseInsensitiveDict(
            {"Accept": accept, "Accept-Encoding": "gzip, deflate", "User-Agent": "edgebill.akamai_invoicing"}
        )
        self._auth(prepared)
        return prepared

    def _unanswered(self, exc: BaseException) -> ConnectionFailed:
        if "CERTIFICATE_VERIFY_FAILED" in str(exc):
            return ConnectionFailed(
                f"no trusted connection with {self._host}: {root_cause(exc)}. "
                "If a proxy or a private authority signs its certificate, name the authority's file in ca_path.",
                permanent=True,
            )
        if isinstance(exc, self._requests.exceptions.ProxyError):
            return ConnectionFailed(
                f"no answer from the proxy that the environment names: {root_cause(exc)}. "
                "Correct HTTPS_PROXY, or add the host to NO_PROXY."
            )
        return ConnectionFailed(
            f"no answer from {self._host}: {root_cause(exc)}. "
            "Check the host of the credentials, the network and the proxy."
        )

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


def root_cause(exc: BaseException) -> str:
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


def _libraries(credentials: Credentials) -> tuple[t.Any, t.Any]:
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
