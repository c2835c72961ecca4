# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""EdgeGrid as the server sees it: is this request signed, fresh, and by a client we know?"""

from __future__ import annotations

import base64
import calendar
import functools
import hashlib
import hmac
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

MAX_BODY = 131072
MAX_SKEW = 30
AUTHORIZATION = re.compile(
    r"(?P<unsigned>EG1-HMAC-SHA256 client_token=(?P<client_token>[^;]+);access_token=(?P<access_token>[^;]+);"
    r"timestamp=(?P<timestamp>[^;]+);nonce=(?P<nonce>[^;]+);)signature=(?P<signature>[^;]+)"
)


@dataclass(frozen=True)
class Client:
    """One API client: its credentials, and what it may do."""

    client_token: str
    client_secret: str
    access_token: str
    account_id: str
    active: bool = True
    granted: bool = True


class Refused(Exception):
    """A request the gateway turns away."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.status, self.type_tail, self.detail = REASONS[reason]


REASONS = {
    "authorization": (400, "pep-authn/request-error", "Invalid authorization header"),
    "timestamp": (400, "pep-authn/request-error", "Invalid timestamp"),
    "client_token": (400, "pep-authn/request-error", "Invalid client token"),
    "access_token": (400, "pep-authn/request-error", "Invalid access token"),
    "nonce": (400, "pep-authn/request-error", "Invalid nonce"),
    "burst": (400, "pep-authn/request-error", "WAF deny rule IPBLOCK-BURST4-54013"),
    "signature": (401, "pep-authn/deny", "The signature does not match"),
    "inactive": (401, "pep-authn/deny", "Inactive client token"),
    "grant": (403, "pep-authz/deny", "The client does not have the grant needed for the request"),
}


def _mac(key: bytes, data: str) -> bytes:
    return base64.b64encode(hmac.digest(key, data.encode(), "sha256"))


# A client signs many requests within one second.
@functools.lru_cache(maxsize=64)
def _signing_key(client_secret: str, timestamp: str) -> bytes:
    return _mac(client_secret.encode(), timestamp)


@functools.lru_cache(maxsize=64)
def _epoch(timestamp: str) -> int | None:
    try:
        return calendar.timegm(time.strptime(timestamp, "%Y%m%dT%H:%M:%S+0000"))
    except ValueError:
        return None


def signature(
    client_secret: str,
    timestamp: str,
    unsigned: str,
    method: str,
    host: str,
    path: str,
    body: bytes = b"",
    *,
    signed_headers: str = "",
    max_body: int = MAX_BODY,
) -> str:
    """The signature that belongs to a request; ``unsigned`` is the Authorization header up to the signature."""
    content_hash = ""
    if method == "POST" and body:
        content_hash = base64.b64encode(hashlib.sha256(body[:max_body]).digest()).decode()
    data = "\t".join((method, "https", host.lower(), path, signed_headers, content_hash, unsigned))
    return _mac(_signing_key(client_secret, timestamp), data).decode()


class Gate:
    """Lets signed requests of known clients in, each nonce once."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}
        self._nonces: set[str] = set()
        self.reused_nonces = 0

    def know(self, clients: Iterable[Client]) -> None:
        """Tell which clients there are."""
        self._clients = {client.client_token: client for client in clients}

    def reset(self) -> None:
        """Forget all nonces."""
        self._nonces.clear()
        self.reused_nonces = 0

    def check(self, authorization: str, now: float, method: str, host: str, path: str, body: bytes) -> Client:
        """Return the client that signed the request, or raise Refused."""
        match = AUTHORIZATION.fullmatch(authorization)
        if match is None:
            raise Refused("authorization")
        unsigned, client_token, access_token, timestamp, nonce, sent = match.groups()
        signed_at = _epoch(timestamp)
        if signed_at is None or abs(now - signed_at) > MAX_SKEW:
            raise Refused("timestamp")
        client = self._clients.get(client_token)
        if client is None:
            raise Refused("client_token")
        if not hmac.compare_digest(access_token.encode(), client.access_token.encode()):
            raise Refused("access_token")
        right = signature(client.client_secret, timestamp, unsigned, method, host, path, body)
        if not hmac.compare_digest(sent.encode(), right.encode()):
            raise Refused("signature")
        if nonce in self._nonces:
            self.reused_nonces += 1
            raise Refused("nonce")
        self._nonces.add(nonce)
        if not client.active:
            raise Refused("inactive")
        if not client.granted:
            raise Refused("grant")
        return client
