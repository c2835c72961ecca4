# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One signed request over the network: the libraries, the connections, and what their failures mean."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import importlib
import logging
import os
import re
import ssl
import threading
import traceback
import typing as t
from http.client import HTTPException

from .._errors import MissingLibraryError, OptionError
from .limits import limited
from .response import ConnectionFailed, Response, root_cause

if t.TYPE_CHECKING:
    from requests import PreparedRequest

    from .credentials import Credentials

MAX_ANSWER_SIZE = 64 * 1024 * 1024
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]{1,3}")


class Transport:
    """One connection pool to one host, usable from several threads. Every request gets a new signature.

    The environment's proxies are used; its cookies, netrc and CA bundle are not. ``timeout`` is in seconds; ``verify``
    is whether certificates are checked, or the file or directory of the trusted authorities; ``max_size`` is the
    largest body in bytes. Raises OptionError and MissingLibraryError.
    """

    def __init__(
        self, credentials: Credentials, *, timeout: float, verify: bool | str, connections: int, max_size: int
    ) -> None:
        self._host = credentials.host
        self._timeout = timeout
        self._verify = verify
        self._max_size = max_size
        self._requests, self._auth = _libraries(credentials)
        if isinstance(verify, str):
            _check_authorities(verify)
        # A session of requests would look at the environment again for each request, keep cookies, and call
        # EdgeGridAuth's hook, which signs whatever a redirect names.
        self._http = self._requests.adapters.HTTPAdapter(pool_maxsize=connections)
        self._set_limits(self._http.poolmanager)
        self._proxies: dict[str, str] = self._requests.utils.get_environ_proxies(f"https://{credentials.host}/")
        self._proxy_is_new = self._prepare_proxy(f"https://{credentials.host}/")
        self._proxy_refusal = ""
        self._proxy_lock = threading.Lock()
        if not verify:
            # The user has chosen this: one warning for each request would only hide the others.
            self._requests.packages.urllib3.disable_warnings()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def send(self, url: str, accept: str) -> Response:
        """GET ``url``. Raises ConnectionFailed."""
        if not self._proxy_is_new:
            return self._send(url, accept)
        # One at a time until the proxy has let one pass: a wrong password that is tried often locks its user out.
        with self._proxy_lock:
            response = self._send(url, accept)
            self._proxy_is_new = False
            return response

    def quoted(self, url: str) -> str:
        """A URL from a server, in characters that can be sent."""
        quoted: str = self._requests.utils.requote_uri(url)
        return quoted

    def _send(self, url: str, accept: str) -> Response:
        if self._proxy_refusal:
            raise ConnectionFailed(self._proxy_refusal, permanent=True)
        try:
            answer = self._http.send(
                self._signed(url, accept),
                stream=True,
                timeout=self._timeout,
                verify=self._verify,
                proxies=self._proxies,
            )
        except (OSError, HTTPException, self._requests.packages.urllib3.exceptions.HTTPError, ValueError) as exc:
            raise self._unanswered(exc) from exc
        # As urllib3 2 does by itself: a connection whose answer was cut short is not used again.
        answer.raw.enforce_content_length = True
        return Response(answer, self._max_size)

    def _signed(self, url: str, accept: str) -> PreparedRequest:
        prepared: PreparedRequest = self._requests.PreparedRequest()
        prepared.method, prepared.url = "GET", url
        prepared.headers = self._requests.structures.CaseInsensitiveDict(
            {"Accept": accept, "Accept-Encoding": "gzip, deflate", "User-Agent": "edgebill.akamai_invoicing"}
        )
        self._auth(prepared)
        return prepared

    def _unanswered(self, exc: BaseException) -> ConnectionFailed:
        reason = root_cause(exc)
        if "CERTIFICATE_VERIFY_FAILED" in str(exc):
            return ConnectionFailed(
                f"no trusted connection with {self._host}: {reason}. "
                "If a proxy or a private authority signs its certificate, name the authority's file in ca_path.",
                permanent=True,
            )
        if re.search(r"\b407\b", reason):
            self._proxy_refusal = (
                f"the proxy that the environment names refuses its user ({reason}). It was tried once, so that no "
                "account is locked. Correct the user and the password in HTTPS_PROXY."
            )
            return ConnectionFailed(self._proxy_refusal, permanent=True)
        if isinstance(exc, self._requests.exceptions.ProxyError):
            return ConnectionFailed(
                f"no answer from the proxy that the environment names: {reason}. "
                "Correct HTTPS_PROXY, or add the host to NO_PROXY."
            )
        return ConnectionFailed(
            f"no answer from {self._host}: {reason}. Check the host of the credentials, the network and the proxy."
        )

    def _set_limits(self, manager: t.Any) -> None:
        """Let all connections of a pool manager of urllib3 read with limits."""
        pool = manager.pool_classes_by_scheme["https"]
        # In chunks a body takes more bytes than its own, but hardly twice as many.
        response = limited(pool.ConnectionCls.response_class, 2 * max(self._max_size, MAX_ANSWER_SIZE))
        connection = type("LimitedConnection", (pool.ConnectionCls,), {"response_class": response})
        limited_pool = type("LimitedPool", (pool,), {"ConnectionCls": connection})
        manager.pool_classes_by_scheme = {**manager.pool_classes_by_scheme, "https": limited_pool}

    def _prepare_proxy(self, url: str) -> bool:
        """Whether a proxy is used."""
        proxy = self._requests.utils.select_proxy(url, self._proxies)
        if not proxy:
            return False
        try:
            proxy = self._requests.utils.prepend_scheme_if_needed(proxy, "http")
            if not self._requests.packages.urllib3.util.parse_url(proxy).host:
                raise ValueError(proxy)
            self._set_limits(self._http.proxy_manager_for(proxy))
        except self._requests.exceptions.InvalidSchema:
            raise MissingLibraryError("PySocks", traceback.format_exc()) from None
        except (ValueError, AssertionError):
            # It may hold a password, and so may what the parser says.
            raise OptionError(
                "The URL of the proxy that the environment names (HTTPS_PROXY or ALL_PROXY) cannot be read: write it "
                "as http://user:password@host:port, with special characters of the password as %XX."
            ) from None
        return True


def _check_authorities(path: str) -> None:
    # requests would say so too, but only when it sends, once for each try, and not what is wrong.
    if os.path.isdir(path):
        if not any(map(_HASHED_NAME.fullmatch, os.listdir(path))):
            raise OptionError(
                f"The directory ca_path {path} has no certificates under the names that OpenSSL looks for: run "
                "'openssl rehash' on it, or name a file."
            )
        return
    if not os.path.isfile(path):
        raise OptionError(f"The file or directory of trusted authorities does not exist: ca_path is {path}.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as exc:
        reason = exc.strerror if exc.errno else root_cause(exc)
        raise OptionError(
            f"The file ca_path {path} has no certificate that can be read ({reason}). Name a file in PEM format that "
            "begins with -----BEGIN CERTIFICATE-----."
        ) from exc


def _libraries(credentials: Credentials) -> tuple[t.Any, t.Any]:
    missing, trace = [], ""
    for module, library in (("requests", "requests"), ("akamai.edgegrid", "edgegrid-python")):
        try:
            importlib.import_module(module)
        except ImportError:
            missing.append(library)
            trace = trace or traceback.format_exc()
    if missing:
        raise MissingLibraryError(" ".join(missing), trace)
    import requests
    from akamai.edgegrid import EdgeGridAuth

    # At level DEBUG it writes the signing key and the Authorization header.
    logging.getLogger("akamai.edgegrid.edgegrid").setLevel(logging.WARNING)
    auth = EdgeGridAuth(
        client_token=credentials.client_token,
        client_secret=credentials.client_secret,
        access_token=credentials.access_token,
    )
    return requests, auth
