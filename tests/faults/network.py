# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong between the client and the API: names, TLS, proxies, clocks."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
import typing as t

import trustme

from .credentials import setting
from .row import Row, Step, World, answer

Handle = t.Callable[[socket.socket], object]
ALL = "download archive lookup info"
LONGEST = 10.0


class Server:
    """A port of this machine that does one thing to whoever connects; it counts them."""

    def __init__(self, handle: Handle) -> None:
        self.connections = 0
        self._handle = handle
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            client.settimeout(LONGEST)
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        try:
            self._handle(client)
        except OSError:
            pass
        finally:
            client.close()


def says(text: str) -> Handle:
    """Read once, answer with these bytes, and close."""

    def handle(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(text.replace("\n", "\r\n").encode("latin-1"))
        # A client that still writes would get a reset in the place of the answer.
        client.shutdown(socket.SHUT_WR)
        client.recv(65536)

    return handle


def silent(client: socket.socket) -> None:
    """Take the connection, and say nothing."""
    time.sleep(LONGEST)


def endless(text: str) -> Handle:
    """Read once, then send the same for ever."""

    def handle(client: socket.socket) -> None:
        client.recv(65536)
        while True:
            client.sendall(text.replace("\n", "\r\n").encode("latin-1"))
            time.sleep(0.01)

    return handle


def tls(*names: str, days: int = 30, known: bool = True, **limits: t.Any) -> t.Callable[[World], Handle]:
    """Speak TLS with a certificate for these names, of an authority that is known or not."""

    def make(world: World) -> Handle:
        authority = trustme.CA()
        if known:
            path = world.folder / "authority.pem"
            authority.cert_pem.write_to_path(str(path))
            world.options["ca_path"] = str(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for name, value in limits.items():
            setattr(context, name, value)
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        authority.issue_cert(*names, not_after=end).configure_cert(context)

        def handle(client: socket.socket) -> None:
            with context.wrap_socket(client, server_side=True) as secured:
                secured.recv(65536)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        return handle

    return make


def host(handle: Handle | None = None, make: t.Callable[[World], Handle] | None = None) -> Step:
    """The host of the credentials is a port that does this."""

    def step(world: World) -> None:
        server = Server(make(world) if make else handle or silent)
        world.undo.append(server.close)
        setting("host", f"localhost:{server.port}")(world)

    return step


def proxy(handle: Handle, scheme: str = "http", login: str = "") -> Step:
    """The proxy of the environment is a port that does this."""

    def step(world: World) -> None:
        server = Server(handle)
        world.undo.append(server.close)
        world.environ["HTTPS_PROXY"] = f"{scheme}://{login}127.0.0.1:{server.port}"

    return step


def at_proxy(url: str) -> Step:
    """The environment names this proxy."""
    return lambda world: world.environ.update(HTTPS_PROXY=url)


SERVERS: list[Server] = []


def refusing(status: str, login: str = "", headers: str = "") -> Step:
    """A proxy that refuses all, and is remembered."""

    def step(world: World) -> None:
        server = Server(says(f"HTTP/1.1 {status}\n{headers}Content-Length: 0\n\n"))
        SERVERS.append(server)
        world.undo.append(server.close)
        world.environ["HTTPS_PROXY"] = f"http://{login}127.0.0.1:{server.port}"

    return step


def tried_once(world: World, _outcome: t.Any) -> str:
    """Nothing, if the proxy was asked once."""
    asked = SERVERS[-1].connections
    return "" if asked == 1 else f"the proxy was asked {asked} times"


LOGIN = "someone:pass%20word@"

TABLE = {
    "network": [
        Row("host closes at once", ALL, host(lambda client: None), "localhost"),
        Row(
            "host says nothing", ALL, host(silent), "localhost.*timed out|localhost.*seconds", options={"timeout": 0.5}
        ),
        Row("host speaks plain HTTP", ALL, host(says("HTTP/1.1 400 Bad\nContent-Length: 0\n\n")), "localhost"),
        Row("host speaks SSH", "download archive", host(says("SSH-2.0-OpenSSH_9.6\n")), "localhost"),
        Row("host says escape sequences", "download archive", host(says("\x1b[31mred\x07\n")), "localhost"),
        Row("certificate of another host", ALL, host(make=tls("other.example")), "localhost.*certificate"),
        Row(
            "certificate with escape sequences", "download", host(make=tls("other.example", "x.example")), "certificate"
        ),
        Row(
            "certificate of an unknown authority", ALL, host(make=tls("localhost", known=False)), "certificate.*ca_path"
        ),
        Row("certificate that has expired", ALL, host(make=tls("localhost", days=-1)), "certificate.*expired"),
        Row(
            "certificate of another host, not checked",
            "download",
            host(make=tls("other.example")),
            "GET /",
            options={"validate_certs": False},
        ),
        Row(
            "old TLS only",
            "download archive",
            host(make=tls("localhost", maximum_version=ssl.TLSVersion.TLSv1_1, minimum_version=ssl.TLSVersion.TLSv1)),
            "localhost",
        ),
        Row("nobody listens", ALL, setting("host", "localhost:1"), "localhost.*refused"),
        Row("no such name", ALL, setting("host", "no-such-host.invalid"), "no-such-host.invalid"),
        Row(
            "retries all, in bounded time",
            "download",
            host(lambda client: None),
            "2 (tries|attempts)",
            options={"retries": 1},
        ),
        *(
            Row(f"the server's clock is {seconds} seconds off", ALL, answer("skew", path=".", seconds=seconds), "clock")
            for seconds in (45, -45, 86400, -86400, 10**9)
        ),
        Row(
            "the server's clock is 20 seconds off",
            "download archive",
            answer("skew", path=".", seconds=20),
            "",
            holds=True,
        ),
    ],
    "proxies": [
        Row(
            "407 with a wrong password",
            ALL,
            refusing("407 No", LOGIN),
            "proxy.*(407|password|user)",
            then=tried_once,
            options={"retries": 3},
        ),
        Row(
            "407 without a password",
            ALL,
            refusing("407 No"),
            "proxy.*(407|password|user)",
            then=tried_once,
            options={"retries": 3},
        ),
        *(
            Row(f"proxy says {status}", "download archive", refusing(status, headers=headers), "proxy")
            for status, headers in (
                ("403 Forbidden", ""),
                ("404 Not found", ""),
                ("429 Slow", "Retry-After: 99999999999\n"),
                ("500 Oops", ""),
                ("502 Bad gateway", ""),
                ("503 Busy", ""),
                ("504 Late", ""),
                ("302 Found", "Location: https://other.example/\n"),
                ("2x0 \x1b[31mred", ""),
                ("999 Odd", ""),
            )
        ),
        Row("proxy closes at once", ALL, proxy(lambda client: None), "proxy"),
        Row("proxy says nothing", ALL, proxy(silent), "proxy|timed out|seconds", options={"timeout": 0.5}),
        Row("proxy speaks SSH", "download archive", proxy(says("SSH-2.0-OpenSSH_9.6\n")), "proxy"),
        Row("proxy sends headers for ever", "download archive", proxy(endless("X-More: y\n")), "proxy"),
        Row("proxy is not there", ALL, at_proxy("http://127.0.0.1:1"), "proxy"),
        Row("proxy's name is unknown", ALL, at_proxy("http://no-such-proxy.invalid:3128"), "proxy"),
        Row("proxy with a password is not there", ALL, at_proxy("http://someone:pa55w0rd@127.0.0.1:1"), "proxy"),
        *(
            Row(f"proxy is {name}", "download archive", at_proxy(url), "proxy|HTTPS_PROXY")
            for name, url in (
                ("no URL", "http://[::1"),
                ("a port that is none", "http://127.0.0.1:99999999"),
                ("a password with a slash", "http://someone:pa55/w0rd@127.0.0.1:1"),
                ("ftp", "ftp://127.0.0.1:1"),
                ("escape sequences", "http://\x1b[31m:1"),
                ("5,000 letters", "http://" + "x" * 5000),
            )
        ),
        *(
            Row(
                f"proxy is {scheme} without PySocks",
                ALL,
                at_proxy(f"{scheme}://127.0.0.1:1080"),
                "SOCKS.*PySocks",
                options={"retries": 3},
            )
            for scheme in ("socks5", "socks5h", "socks4")
        ),
        Row(
            "a proxy that the host does not use",
            "download archive",
            lambda world: world.environ.update(HTTPS_PROXY="http://127.0.0.1:1", NO_PROXY="localhost"),
            "",
            holds=True,
        ),
        Row(
            "a netrc and a CA bundle in the environment",
            "download archive",
            lambda world: world.environ.update(NETRC="/etc/passwd", SSL_CERT_FILE="/dev/null"),
            "",
            holds=True,
        ),
    ],
}
