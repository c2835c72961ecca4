# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What a task says about proxies and certificates before it sends anything, or when they refuse."""

from __future__ import annotations

import socket
import threading
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.lists import read_json
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    InvoicingError,
    MissingLibraryError,
    OptionError,
    TransportError,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


def options(simulator: Simulator, **changes: t.Any) -> dict[str, t.Any]:
    """The connection options for the simulator."""
    connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "timeout": 20.0, "retries": 3}
    return connection | {"validate_certs": True} | changes


def bills(session: Session) -> t.Any:
    """The bills of a month."""
    return session.get("/invoicing-api/v4/invoices", read_json, params={"month": "2024-05"}).value


class Proxy:
    """A proxy that refuses everybody, and counts them."""

    def __init__(self) -> None:
        self.tries = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(10)
                client.recv(65536)
                self.tries += 1
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that refuses everybody, named by the environment."""
    for name in ("NO_PROXY", "no_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    proxy = Proxy()
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass-word@{proxy.address}")
    yield proxy
    proxy.close()


def test_a_proxy_that_refuses_its_user_is_tried_once(simulator: Simulator, proxy: Proxy) -> None:
    with Session.from_options(options(simulator), {}, connections=4) as session:
        failures: list[InvoicingError] = []

        def work() -> None:
            with pytest.raises(
                TransportError, match="refuses its user .*407.*Correct the user and the password"
            ) as failed:
                bills(session)
            failures.append(failed.value)

        threads = [threading.Thread(target=work) for _worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(failures) == 4
    assert proxy.tries == 1
    assert not any("pass-word" in str(failure) for failure in failures)


def test_a_socks_proxy_needs_its_library(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("requests")
    monkeypatch.setattr("requests.adapters.SOCKSProxyManager", _missing_socks)
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://user:pass-word@127.0.0.1:1080")
    with pytest.raises(MissingLibraryError, match="PySocks") as failed:
        Session.from_options(options(simulator), {})
    assert "pass-word" not in str(failed.value)


def _missing_socks(*args: object, **more: object) -> t.NoReturn:
    from requests.exceptions import InvalidSchema

    # As requests does without PySocks.
    raise InvalidSchema("Missing dependencies for SOCKS support.")


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:1", "http://", "://", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_named(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with (
        pytest.raises(InvoicingError, match="HTTPS_PROXY"),
        Session.from_options(options(simulator, retries=0), {}) as session,
    ):
        bills(session)


@pytest.mark.parametrize(
    "content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_a_ca_path_without_a_certificate_is_named(simulator: Simulator, tmp_path: Path, content: str) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(content)
    with pytest.raises(OptionError, match=r"ca_path .*ca\.pem has no certificate that can be read"):
        Session.from_options(options(simulator, ca_path=str(path)), {})
    assert simulator.requests() == []


def test_a_directory_of_authorities_needs_the_names_of_openssl(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    with pytest.raises(OptionError, match="run 'openssl rehash'"):
        Session.from_options(options(simulator, ca_path=str(tmp_path)), {})
