# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with credentials, wherever they are."""

from __future__ import annotations

import configparser
import os
import typing as t
from pathlib import Path

from .row import Row, Step, World

ONE = "download"
VAULT = "$ANSIBLE_VAULT;1.1;AES256\n" + "6162636465\n" * 5


def good(world: World) -> dict[str, str]:
    """The four credentials that work."""
    parser = configparser.ConfigParser()
    parser.read(world.simulator.edgerc, encoding="utf-8")
    return dict(parser["default"])


def edgerc(change: t.Callable[[str], str | bytes]) -> Step:
    """A file of credentials that is changed."""

    def step(world: World) -> None:
        path = world.folder / "edgerc"
        text = "[default]\n" + "".join(f"{name} = {value}\n" for name, value in good(world).items())
        changed = change(text)
        path.write_bytes(changed.encode() if isinstance(changed, str) else changed)
        path.chmod(0o600)
        world.options["edgerc"] = str(path)

    return step


def setting(name: str, value: str) -> Step:
    """A file in which one setting has another value; $old is the one that works."""

    def change(text: str) -> str:
        lines = (line.partition(" = ") for line in text.splitlines())
        return "\n".join(
            f"{key} = {value.replace('$old', old)}" if key == name else f"{key}{mark}{old}" for key, mark, old in lines
        )

    return edgerc(change)


def with_line(line: str) -> Step:
    """A file with one more line."""
    return edgerc(lambda text: f"{text}{line}\n")


def place(make: t.Callable[[Path], object]) -> Step:
    """Something else than a file at the path of the credentials."""

    def step(world: World) -> None:
        path = world.folder / "edgerc"
        make(path)
        world.options["edgerc"] = str(path)

    return step


def options(**changes: str | None) -> Step:
    """The credentials as options, some of them changed or left out."""

    def step(world: World) -> None:
        world.options.update(good(world) | changes | {"edgerc": None})

    return step


def environment(**changes: str | None) -> Step:
    """The credentials in the environment, some of them changed or left out."""

    def step(world: World) -> None:
        world.options["edgerc"] = None
        values = good(world) | changes
        world.environ.update({f"AKAMAI_{name.upper()}": value for name, value in values.items() if value is not None})

    return step


def fifo(path: Path) -> None:
    os.mkfifo(path)


FILES = [
    *(
        Row(f"file {name}", ONE, edgerc(change), says)
        for name, change, says in (
            ("on one line", lambda text: text.replace("\n", " "), "edgerc.*line 1.*line of its own"),
            ("with literal \\n", lambda text: text.replace("\n", "\\n"), r"edgerc.*line 1"),
            ("on one line behind spaces", lambda text: "  " + text.replace("\n", "  "), "edgerc.*line"),
            ("encrypted by ansible-vault", lambda _text: VAULT, "edgerc.*vault"),
            ("empty", lambda _text: "", "edgerc.*no section"),
            ("without a section", lambda text: text.replace("[default]\n", ""), "edgerc.*section"),
            ("of another section", lambda text: text.replace("default", "other"), "edgerc.*section default.*other"),
            ("with a section twice", lambda text: text + text, "edgerc.*default.*second time|edgerc.*twice"),
            ("with a setting twice", lambda text: text + "host = other.example\n", "edgerc.*host"),
            ("in UTF-16", lambda text: text.encode("utf-16"), "edgerc.*UTF-8"),
            ("with bytes that are no text", lambda text: b"\xff\xfe\xfa" + text.encode(), "edgerc.*UTF-8"),
            ("with NUL", lambda text: text.replace("host", "ho\x00st"), "edgerc|host"),
            ("that is JSON", lambda _text: '{"host": "x"}', "edgerc.*section|edgerc.*line 1"),
            ("that is YAML", lambda text: text.replace(" = ", ": ").replace("[default]", "default:"), "edgerc"),
            ("with a line of neither kind", lambda text: text + "what is this\n", "edgerc.*line 6"),
            ("that ends in the section's name", lambda text: text[:5], "edgerc"),
            ("with 100,000 lines of comments only", lambda _text: "# none\n" * 100_000, "edgerc.*section"),
            ("without host", lambda text: text.replace("host", "#host"), "no host"),
            ("without client_secret", lambda text: text.replace("client_secret", "#"), "client_secret"),
            ("without any setting", lambda _text: "[default]\n", "no host, client_token"),
            ("with PEM", lambda _text: "-----BEGIN CERTIFICATE-----\nAAAA\n", "edgerc"),
            ("with escape sequences in the section", lambda text: text.replace("default", "\x1b[31mx"), "edgerc"),
        )
    ),
    *(
        Row(f"file {name}", ONE, edgerc(change), "", holds=True)
        for name, change in (
            ("with a BOM", lambda text: "\ufeff" + text),
            ("with CRLF", lambda text: text.replace("\n", "\r\n")),
            ("with CR", lambda text: text.replace("\n", "\r")),
            ("with comments", lambda text: "# a\n; b\n" + text.replace("\n", " # c\n")),
            ("with indented lines", lambda text: text.replace("\n", "\n    ")),
            (
                "with quotes",
                lambda text: text.replace(" = ", ' = "').replace("\n", '"\n').replace('[default]"', "[default]"),
            ),
            ("with colons", lambda text: text.replace(" = ", ": ")),
            ("with max_body that is none", lambda text: text + "max_body = lots\n"),
            ("with max-body that is negative", lambda text: text + "max-body = -1\n"),
            ("with settings nobody knows", lambda text: text + "colour = blue\n"),
            ("with other sections that are wrong", lambda text: text + "[other]\nhost = ///\n"),
            ("with blank lines", lambda text: text.replace("\n", "\n\n\n")),
        )
    ),
    *(
        Row(f"{name} is {kind}", ONE, setting(name, value), name)
        for name in ("client_token", "client_secret", "access_token")
        for kind, value in (
            ("empty", ""),
            ("in two words", "$old $old"),
            ("beyond ASCII", "$old\xe9"),
            ("with a semicolon", "a;$old"),
            ("with a control character", "$old\x07"),
        )
    ),
    *(
        Row(f"host is {kind}", ONE, setting("host", value), "host")
        for kind, value in (
            ("http", "http://$old"),
            ("with a path", "$old/papi"),
            ("with a user", "user@$old"),
            ("empty", ""),
            ("with blanks", "a b"),
            ("a port only", ":443"),
            ("with a port of 99999", "localhost:99999"),
            ("with port 0", "localhost:0"),
            ("with a port of 400 digits", "localhost:" + "9" * 400),
            ("of 300 letters", "x" * 300),
            ("beyond ASCII", "ex\xe4mple.com"),
            ("with escape sequences", "\x1b[31m"),
            ("a name that is none", "no-such-host.invalid"),
            ("a port where nobody listens", "localhost:1"),
            ("with a superscript port", "localhost:\xb2"),
        )
    ),
    *(
        Row(f"host is {kind}", ONE, setting("host", value), "", holds=True)
        for kind, value in (
            ("https", "https://$old/"),
            ("in capitals", "LOCALHOST:$old".replace("LOCALHOST:$old", "$old")),
        )
    ),
    *(
        Row(f"account_key is {kind}", ONE, with_line(f"account_key = {value}"), "account")
        for kind, value in (
            ("with blanks", "1 2"),
            ("with &", "1-A&x=y"),
            ("in three parts", "1:2:3"),
            ("a path", "../x"),
        )
    ),
    Row("no file", ONE, place(lambda path: None), "edgerc.*not exist"),
    Row("file is a directory", ONE, place(Path.mkdir), "edgerc"),
    Row("file is a dangling link", ONE, place(lambda path: path.symlink_to("nowhere")), "edgerc"),
    Row("file is a link to itself", ONE, place(lambda path: path.symlink_to(path)), "edgerc"),
    Row("file is a FIFO", ONE, place(fifo), "edgerc"),
    Row("file is a device", ONE, lambda world: world.options.update(edgerc="/dev/zero"), "/dev/zero"),
    Row("path is empty", ONE, lambda world: world.options.update(edgerc=""), "edgerc"),
    Row(
        "path goes through a file",
        ONE,
        lambda world: world.options.update(edgerc=f"{world.simulator.edgerc}/x"),
        "edgerc",
    ),
    Row("path of 5,000 letters", ONE, lambda world: world.options.update(edgerc="/" + "x" * 5000), "x"),
    Row("section is empty", ONE, None, "edgerc_section", options={"edgerc_section": ""}),
    Row(
        "section is not there", "download info lookup", None, "no section.*nobody", options={"edgerc_section": "nobody"}
    ),
    Row("section with escape sequences", ONE, None, "section", options={"edgerc_section": "\x1b[31mx"}),
    Row("section of 5,000 letters", ONE, None, "section", options={"edgerc_section": "x" * 5000}),
    Row(
        "secret of another client",
        "download info lookup archive",
        None,
        "signature",
        options={"edgerc_section": "wrong_secret"},
    ),
    Row(
        "client that is not active",
        "download info lookup archive",
        None,
        "Inactive",
        options={"edgerc_section": "inactive"},
    ),
    Row(
        "client without a grant", "download info lookup archive", None, "grant", options={"edgerc_section": "no_grant"}
    ),
]

OTHERS = [
    *(
        Row(f"options without {name}", "download info", options(**{name: None}), rf"no {name}")
        for name in ("host", "client_token", "client_secret", "access_token")
    ),
    Row("options that are wrong", ONE, options(client_token="unknown"), "client token"),
    Row("options with a host that is a secret", ONE, options(host="$ecret word"), "host"),
    *(
        Row(
            f"environment without {name}",
            "download info lookup",
            environment(**{name: None}),
            rf"AKAMAI_{name.upper()}",
        )
        for name in ("host", "client_token", "client_secret", "access_token")
    ),
    Row("environment that is right", "download info lookup", environment(), "", holds=True),
    Row(
        "environment with a bad timeout",
        "download info",
        lambda world: world.environ.update(AKAMAI_TIMEOUT="soon"),
        "",
        holds=True,
    ),
    *(
        Row(
            f"account_switch_key is {kind}",
            "download archive info",
            None,
            "account",
            options={"account_switch_key": value},
        )
        for kind, value in (
            ("with blanks", "1 2"),
            ("with &", "1-A&month=2020-01"),
            ("in three parts", "1:2:3"),
            ("unknown", "1-NOBODY:1-ELSE"),
            ("of 5,000 letters", "x" * 5000),
            ("with escape sequences", "\x1b[31m"),
        )
    ),
]

TABLE = {"files of credentials": FILES, "other credentials": OTHERS}
