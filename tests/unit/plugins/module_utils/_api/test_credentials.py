# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Where credentials are looked for, what is refused, and that no message repeats a secret."""

from __future__ import annotations

import os
import stat
import traceback
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import credentials as _credentials
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import CredentialsError

if t.TYPE_CHECKING:
    from pathlib import Path

FOUR = {
    "host": "akab-option.luna.akamaiapis.net",
    "client_token": "akab-ct-option",
    "client_secret": "cs-option=",
    "access_token": "akab-at-option",
}
SECRET = "Zm9yLXlvdXItZXllcy1vbmx5="

EDGERC = f"""\
[default]
host = akab-default.luna.akamaiapis.net
client_token = akab-ct-default
client_secret = {SECRET}
access_token = akab-at-default

[my-team]
host = akab-team.luna.akamaiapis.net
client_token = akab-ct-team
client_secret = cs-team
access_token = akab-at-team
account_key = 1-5C0YLB:1-8BYUX
"""


def environment(prefix: str, host: str = "akab-environment.luna.akamaiapis.net") -> dict[str, str]:
    return {
        f"{prefix}HOST": host,
        f"{prefix}CLIENT_TOKEN": "ct-env",
        f"{prefix}CLIENT_SECRET": "cs-env",
        f"{prefix}ACCESS_TOKEN": "at-env",
    }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory with an .edgerc of two sections."""
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / ".edgerc", EDGERC)
    return tmp_path


def write(path: Path, text: str | bytes, mode: int = 0o600) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    path.chmod(mode)
    return str(path)


def refused(options: dict[str, t.Any], environ: dict[str, str] | None = None) -> str:
    """Return the message of the refusal; nothing of it, nor of its traceback, holds the secret."""
    with pytest.raises(CredentialsError) as caught:
        _credentials.load(options, environ or {})
    assert SECRET not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    return str(caught.value)


def test_options_win_over_everything(home: Path) -> None:
    found = _credentials.load(
        {**FOUR, "edgerc": str(home / ".edgerc"), "edgerc_section": "my-team", "account_switch_key": None},
        environment("AKAMAI_MY_TEAM_"),
    )
    assert {key: getattr(found, key) for key in FOUR} == FOUR
    assert found.source == "the options"
    assert found.account_switch_key is None
    assert found.warnings == ()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("section", [None, "default", "DEFAULT"])
def test_environment_wins_over_default_file(section: str | None) -> None:
    found = _credentials.load({"edgerc_section": section}, environment("AKAMAI_"))
    assert (found.host, found.client_secret) == ("akab-environment.luna.akamaiapis.net", "cs-env")
    assert found.source == (
        "the environment (AKAMAI_HOST, AKAMAI_CLIENT_TOKEN, AKAMAI_CLIENT_SECRET, AKAMAI_ACCESS_TOKEN)"
    )


@pytest.mark.usefixtures("home")
def test_section_chooses_the_variables() -> None:
    environ = {**environment("AKAMAI_", "akab-other.example"), **environment("AKAMAI_MY_TEAM_")}
    by_option = _credentials.load({"edgerc_section": "my-team"}, environ)
    by_environment = _credentials.load({}, {**environ, "AKAMAI_EDGERC_SECTION": "my-team"})
    assert by_option == by_environment
    assert by_option.host == "akab-environment.luna.akamaiapis.net"
    assert by_option.source.startswith("the environment (AKAMAI_MY_TEAM_HOST, ")


@pytest.mark.usefixtures("home")
def test_variables_of_another_section_are_not_used() -> None:
    found = _credentials.load({"edgerc_section": "my-team"}, environment("AKAMAI_"))
    assert found.host == "akab-team.luna.akamaiapis.net"


def test_explicit_file_wins_over_environment(home: Path) -> None:
    found = _credentials.load({"edgerc": "~/.edgerc"}, environment("AKAMAI_"))
    assert found.host == "akab-default.luna.akamaiapis.net"
    assert found.source == f"section default of {home}/.edgerc"


@pytest.mark.parametrize("environ", [{}, {"AKAMAI_HOST": "", "AKAMAI_EDGERC": "", "AKAMAI_EDGERC_SECTION": ""}])
def test_default_file(home: Path, environ: dict[str, str]) -> None:
    found = _credentials.load({}, environ)
    assert (found.host, found.client_secret) == ("akab-default.luna.akamaiapis.net", SECRET)
    assert found.source == f"section default of {home}/.edgerc"


def test_file_and_section_of_the_environment(home: Path) -> None:
    write(home / "other", EDGERC.replace("akab-team", "akab-other"))
    found = _credentials.load({}, {"AKAMAI_EDGERC": "~/other", "AKAMAI_EDGERC_SECTION": "my-team"})
    assert found.host == "akab-other.luna.akamaiapis.net"


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        ({}, {}, "1-5C0YLB:1-8BYUX"),
        ({"account_switch_key": ""}, {}, None),
        ({"account_switch_key": " "}, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": "1-ENV"}, None),
        ({"account_switch_key": "A-CCT1234:A-CCT5432"}, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": "1-ENV"}, "A-CCT1234:A-CCT5432"),
        ({}, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": "1-ENV"}, "1-ENV"),
        ({}, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": ""}, "1-5C0YLB:1-8BYUX"),
        ({}, {"AKAMAI_ACCOUNT_KEY": "1-ENV"}, "1-5C0YLB:1-8BYUX"),
        ({"edgerc": "~/.edgerc"}, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": "1-ENV"}, "1-5C0YLB:1-8BYUX"),
        ({"edgerc": "~/.edgerc", "edgerc_section": "default"}, {"AKAMAI_ACCOUNT_KEY": "1-ENV"}, "1-ENV"),
        (FOUR, {}, None),
        (FOUR, {"AKAMAI_MY_TEAM_ACCOUNT_KEY": "1-ENV"}, "1-ENV"),
        ({}, environment("AKAMAI_MY_TEAM_"), None),
    ],
)
@pytest.mark.usefixtures("home")
def test_account_switch_key(options: dict[str, t.Any], environ: dict[str, str], expected: str | None) -> None:
    assert _credentials.load({"edgerc_section": "my-team", **options}, environ).account_switch_key == expected


@pytest.mark.parametrize("key", ["1-ABCD&x=1", "../1-ABCD", "1-A:1-B:1-C", "1-ABCD:", "1 ABCD", "1-ABCD\n1"])
def test_account_switch_key_is_checked(home: Path, key: str) -> None:
    assert f"The option account_switch_key is not an account switch key: {key!r}" in refused(
        {**FOUR, "account_switch_key": key}
    )
    assert "The environment variable AKAMAI_ACCOUNT_KEY is not" in refused({}, {"AKAMAI_ACCOUNT_KEY": key})
    if "\n" not in key:
        path = write(
            home / "file",
            f"{EDGERC}\n[bad]\nhost=h\nclient_token=c\nclient_secret=c\naccess_token=a\naccount_key={key}",
        )
        message = refused({"edgerc": path, "edgerc_section": "bad"})
        assert f"The account_key in section bad of {path} is not an account switch key" in message


@pytest.mark.parametrize("missing", _credentials.KEYS)
@pytest.mark.parametrize("empty", [None, "", " "])
def test_four_options_or_none(missing: str, empty: str | None) -> None:
    message = refused({**FOUR, missing: empty}, environment("AKAMAI_"))
    assert message.startswith(f"Incomplete credentials: no {missing} in the options. ")


@pytest.mark.parametrize("missing", _credentials.KEYS)
@pytest.mark.usefixtures("home")
def test_four_variables_or_none(missing: str) -> None:
    environ = environment("AKAMAI_MY_TEAM_")
    environ[f"AKAMAI_MY_TEAM_{missing.upper()}"] = ""
    message = refused({"edgerc_section": "my-team"}, environ)
    assert message.startswith(f"Incomplete credentials: no AKAMAI_MY_TEAM_{missing.upper()} in the environment. ")


@pytest.mark.parametrize("value", ["", '""', "# to be filled in"])
def test_incomplete_section(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "edgerc", f"[ccu]\nhost = akab.example\nclient_secret = {SECRET}\naccess_token = {value}\n")
    message = refused({"edgerc": path, "edgerc_section": "ccu"}, environment("AKAMAI_"))
    assert f"no client_token and access_token in section ccu of {path}" in message


def test_missing_section_lists_the_others(home: Path) -> None:
    message = refused({"edgerc_section": "nowhere"})
    assert f"{home}/.edgerc has no section nowhere. It has: default, my-team." in message
    path = write(home / "empty", "# nothing yet\n")
    assert f"{path} has no section default. It has no sections." in refused({"edgerc": path})


def test_default_section_has_no_magic(tmp_path: Path) -> None:
    path = write(
        tmp_path / "edgerc", EDGERC.replace("[my-team]", "[DEFAULT]").replace(f"client_secret = {SECRET}\n", "")
    )
    assert "no client_secret in section default" in refused({"edgerc": path})
    assert _credentials.load({"edgerc": path, "edgerc_section": "DEFAULT"}, {}).client_secret == "cs-team"


def test_no_credentials_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    message = refused({})
    assert f"The file {tmp_path}/.edgerc does not exist." in message
    assert "AKAMAI_CLIENT_SECRET" in message
    message = refused({"edgerc": "/nowhere/edgerc"})
    assert "The file /nowhere/edgerc does not exist." in message
    assert "AKAMAI_CLIENT_SECRET" not in message


def test_unreadable_file(tmp_path: Path) -> None:
    assert f"Cannot read the credentials file {tmp_path}: it is not a regular file." in refused(
        {"edgerc": str(tmp_path)}
    )


@pytest.mark.parametrize("name", ["edgerc", "edgerc_section"])
def test_empty_option(name: str) -> None:
    assert refused({**FOUR, name: ""}) == f"The option {name} is empty. Give it a value or leave it out."


def test_what_akamais_tools_write_is_understood(tmp_path: Path) -> None:
    path = write(
        tmp_path / "edgerc",
        b"\xef\xbb\xbf; made by hand\r\n[default]\r\n"
        b'  Host = "HTTPS://Akab-X.luna.akamaiapis.net/" ; the test network\r\n'
        b"    CLIENT_TOKEN: akab-ct%(x)s\r\n  client_secret = abc#d=\t# no comment before a blank\r\n"
        b"access_token='akab-at'\r\nmax-body = 2048\r\nheaders_to_sign = X-Test\r\n",
    )
    found = _credentials.load({"edgerc": path}, {})
    assert (found.host, found.client_token, found.client_secret, found.access_token) == (
        "akab-x.luna.akamaiapis.net",
        "akab-ct%(x)s",
        "abc#d=",
        "akab-at",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            f"[default]\nclient_secret = a\nclient_secret = {SECRET}\n",
            "line 3 gives client_secret a second time in section default",
        ),
        (f"[default]\nclient_secret = {SECRET}\n[default]\n", "line 3 begins section default a second time"),
        (f"client_secret = {SECRET}\n", "line 1 is before the first [section]"),
        (f"[default]\n{SECRET.rstrip('=')}\n", "line 2 is neither a [section] nor key = value"),
        (f"[default]\n= {SECRET}\n", "line 2 is neither a [section] nor key = value"),
    ],
)
def test_broken_file(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path / "edgerc", text)
    message = refused({"edgerc": path})
    assert message.startswith(f"Cannot read the credentials file {path}: {problem}. Correct this")
    assert SECRET.rstrip("=") not in message


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_file_of_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "edgerc", f"# Zürich\n{EDGERC}".encode(encoding))
    assert f"Cannot read the credentials file {path}: it is not UTF-8 text." in refused({"edgerc": path})


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o644, 0o604, 0o602])
def test_world_readable_file_warns(home: Path, mode: int) -> None:
    (home / ".edgerc").chmod(mode)
    found = _credentials.load({}, {})
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        (warning,) = found.warnings
        assert f"{home}/.edgerc: run chmod 600" in warning
    else:
        assert found.warnings == ()


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("akab-x.luna.akamaiapis.net", "akab-x.luna.akamaiapis.net"),
        (" https://akab-x.luna.akamaiapis.net/ ", "akab-x.luna.akamaiapis.net"),
        ("HTTPS://AKAB-X.luna.akamaiapis.net//", "akab-x.luna.akamaiapis.net"),
        ("localhost:8443", "localhost:8443"),
        ("https://127.0.0.1:8443/", "127.0.0.1:8443"),
    ],
)
def test_host(given: str, host: str) -> None:
    assert _credentials.load({**FOUR, "host": given}, {}).host == host


@pytest.mark.parametrize(
    "host",
    [
        "http://akab-x.luna.akamaiapis.net",
        "akab-x.luna.akamaiapis.net/invoicing-api",
        "akab-x.luna.akamaiapis.net?x",
        "akab-x.luna.akamaiapis.net#x",
        f"user:{SECRET}@akab-x.luna.akamaiapis.net",
        "akab-x.luna.akamaiapis.net:0",
        "akab-x.luna.akamaiapis.net:65536",
        "akab-x.luna.akamaiapis.net:",
        "akab-x.luna.akamaiapis.net\r\nX-Header: 1",
        "akab x",
        "-akab",
        "https://",
        "ákab.example",
        SECRET,
    ],
)
def test_host_is_refused(host: str) -> None:
    message = refused({**FOUR, "host": host})
    assert message.startswith("The host in the options is not a host name.")
    assert host not in message or host == "https://"


@pytest.mark.parametrize("key", ["client_token", "client_secret", "access_token"])
@pytest.mark.parametrize("tail", ["\nX", "\t", " x", "\x00", ";x", "ü"])
def test_token_is_checked(key: str, tail: str) -> None:
    assert f"The {key} in the options holds blanks" in refused({**FOUR, key: f"{SECRET}{tail}{tail}x"})


def test_blanks_around_a_token_are_dropped() -> None:
    assert _credentials.load({**FOUR, "client_secret": f" {SECRET}\n"}, {}).client_secret == SECRET


@pytest.mark.parametrize("value", ["-1", "8k", ""])
def test_what_is_not_needed_cannot_be_wrong(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "edgerc", EDGERC.replace("\n\n", f"\nmax_body = {value}\nsurprise = {value}\n\n", 1))
    assert _credentials.load({"edgerc": path}, {}).host


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[default] host = akab-x.luna.example.com client_token = akab-CLIENT client_secret = U0VDUkVU",
            "line 1 has more than the name of a section: put each setting on a line of its own",
        ),
        (
            r"[default]\nhost = akab-x.luna.example.com\nclient_token = akab-CLIENT\n",
            r"line 1 has '\n' as two characters: put each setting on a line of its own",
        ),
        (
            "[default]\n" + r"host = akab-x.luna.example.com\nclient_token = akab-CLIENT\nclient_secret = U0VDUkVU",
            r"line 2 has '\n' as two characters: put each setting on a line of its own",
        ),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", "it is encrypted with Ansible Vault. Decrypt it"),
        ("x" * 2_000_000, "it is larger than 1 MiB."),
    ],
    ids=["one line", "backslash n", "backslash n below the section", "vault", "large"],
)
def test_a_file_that_was_pasted_wrongly_is_explained(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path / "edgerc", text)
    message = refused({"edgerc": path})
    assert problem in message
    assert "akab-CLIENT" not in message
    assert "U0VDUkVU" not in message


def test_a_section_may_have_a_comment(tmp_path: Path) -> None:
    path = write(tmp_path / "edgerc", EDGERC.replace("[default]", "[default]  ; of the test network"))
    assert _credentials.load({"edgerc": path}, {}).host


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "edgerc")
    assert "it is not a regular file" in refused({"edgerc": str(tmp_path / "edgerc")})


def test_secrets_are_known_and_not_shown() -> None:
    found = _credentials.load(FOUR, {})
    assert found.secrets == {"akab-ct-option", "cs-option=", "akab-at-option"}
    assert not any(secret in repr(found) for secret in found.secrets)
    assert "akab-option.luna.akamaiapis.net" in repr(found)


def test_environment_of_the_process_is_not_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("AKAMAI_").items():
        monkeypatch.setenv(name, value)
    assert _credentials.load({}, {}).host == "akab-default.luna.akamaiapis.net"
    assert _credentials.load({}, os.environ).host == "akab-environment.luna.akamaiapis.net"
