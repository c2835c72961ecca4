# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""EdgeGrid credentials: the options, else the environment, else an .edgerc file; never half from each."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import configparser
import os
import re
import typing as t

from .._errors import CredentialsError, FileError, abbreviated, hide
from .._files import open_regular

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_SIZE = 1024 * 1024
KEYS = ("host", "client_token", "client_secret", "access_token")

_ADVICE = "Correct this for the user of the task, or name another file with the option edgerc."
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*(?::(?P<port>[0-9]{{1,5}}))?"
_PORTS = range(1, 65536)
_VISIBLE = r"[!-:<-~]+"  # ASCII; a ";" would end the value inside the Authorization header
_SWITCH_KEY = r"[A-Za-z0-9-]+(?::[A-Za-z0-9-]+)?"
# What a line has when a file was pasted as one line.
_PASTED = (
    (rf".*\\n(?:{'|'.join(KEYS)})\b", r"'\n' as two characters"),
    (r"\[[^\]]*\]\s*[^\s#;]", "more than the name of a section"),
)


class Credentials(t.NamedTuple):
    """What signs a request, and where it was found. Its ``repr`` shows no secret."""

    host: str
    client_token: str
    client_secret: str
    access_token: str
    account_switch_key: str | None
    source: str
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<credentials for {self.host} from {self.source}>"

    @property
    def secrets(self) -> frozenset[str]:
        """The values that must never be shown."""
        return frozenset((self.client_token, self.client_secret, self.access_token))


def load(options: Mapping[str, t.Any], environ: Mapping[str, str]) -> Credentials:
    """Find the credentials that the connection options ask for, and check them. Raises CredentialsError."""
    for name in ("edgerc", "edgerc_section"):
        if options.get(name) == "":
            raise CredentialsError(f"The option {name} is empty. Give it a value or leave it out.")
    section = str(options.get("edgerc_section") or environ.get("AKAMAI_EDGERC_SECTION") or "default")
    prefix = "AKAMAI_" if section.lower() == "default" else f"AKAMAI_{section.upper().replace('-', '_')}_"
    variables = {key: prefix + key.upper() for key in KEYS}
    names = {key: key for key in KEYS}
    warnings: tuple[str, ...] = ()

    if any(options.get(key) is not None for key in KEYS):
        source, advice = "the options", "Give all four as options, or none of them."
        values = {key: str(options[key]) for key in KEYS if options.get(key) is not None}
    elif options.get("edgerc") is None and any(environ.get(name) for name in variables.values()):
        source, advice = "the environment", "Set all four variables, or none of them."
        values, names = {key: environ.get(name, "") for key, name in variables.items()}, variables
    else:
        named = options.get("edgerc") or environ.get("AKAMAI_EDGERC")
        path = os.path.expanduser(str(named or "~/.edgerc"))
        source, advice = f"section {section} of {path}", "Add what is missing to that section."
        others = f"Neither {_all_of(KEYS)} are given as options, nor {_all_of(variables.values())} in the environment. "
        values, warnings = _read_edgerc(path, section, "" if named else others)

    missing = [name for key, name in names.items() if not values.get(key, "").strip()]
    if missing:
        raise CredentialsError(
            f"Incomplete credentials: no {_all_of(missing)} in {source}. "
            f"The four ({', '.join(KEYS)}) must come from one source. {advice}"
        )
    credentials = Credentials(
        host=_host(values["host"], source),
        client_token=_token(values, "client_token", source),
        client_secret=_token(values, "client_secret", source),
        access_token=_token(values, "access_token", source),
        account_switch_key=_switch_key(options, environ, f"{prefix}ACCOUNT_KEY", values, source),
        source=f"{source} ({', '.join(variables.values())})" if names is variables else source,
        warnings=warnings,
    )
    hide(credentials.secrets)
    return credentials


def _all_of(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _read_edgerc(path: str, section: str, others: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The settings of a section, and warnings. ``others`` is a sentence about the other places that have none."""
    parser = configparser.RawConfigParser(inline_comment_prefixes=("#", ";"), default_section="")
    try:
        with open_regular(path) as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(MAX_SIZE + 1)
        # Without its indentation no line can be taken for the continuation of the value above it.
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
        flaw = _find_flaw(content, lines)
        if not flaw:
            parser.read_file(lines)
    except FileNotFoundError:
        raise CredentialsError(
            f"No credentials found. {others}The file {path} does not exist. "
            "Create it, or name another one with the option edgerc or the environment variable AKAMAI_EDGERC."
        ) from None
    except FileError:
        flaw = f"it is not a regular file. {_ADVICE}"
    except OSError as exc:
        flaw = f"{exc.strerror}. {_ADVICE}"
    except UnicodeError:
        flaw = "it is not UTF-8 text. Save it as UTF-8."
    except (configparser.ParsingError, configparser.DuplicateSectionError, configparser.DuplicateOptionError) as exc:
        # The parser's own words, and the exception itself, hold the line as it stands, secrets included.
        flaw = f"{_parse_problem(exc)}. {_ADVICE}"
    if flaw:
        raise CredentialsError(f"Cannot read the credentials file {path}: {flaw}")
    if not parser.has_section(section):
        has = f"It has: {', '.join(parser.sections())}." if parser.sections() else "It has no sections."
        raise CredentialsError(
            f"The credentials file {path} has no section {section}. {has} "
            "Choose one with the option edgerc_section or the environment variable AKAMAI_EDGERC_SECTION."
        )
    warnings: tuple[str, ...] = ()
    if mode & 0o006:
        warnings = (f"Every user of this machine can read or change the credentials in {path}: run chmod 600 on it.",)
    return {key: _unquote(value) for key, value in parser.items(section)}, warnings


def _find_flaw(content: bytes, lines: list[str]) -> str:
    """What is wrong with a file that no parser should be given; empty if nothing is."""
    if len(content) > MAX_SIZE:
        return f"it is larger than 1 MiB. {_ADVICE}"
    if content.startswith(b"$ANSIBLE_VAULT;"):
        return "it is encrypted with Ansible Vault. Decrypt it, or give its values as options from vaulted variables."
    for number, line in enumerate(lines, 1):
        for pattern, flaw in _PASTED:
            if re.match(pattern, line):
                return f"line {number} has {flaw}: put each setting on a line of its own, below its [section]."
    return ""


def _parse_problem(exc: t.Any) -> str:
    if isinstance(exc, configparser.DuplicateSectionError):
        return f"line {exc.lineno} begins section {exc.section} a second time"
    if isinstance(exc, configparser.DuplicateOptionError):
        return f"line {exc.lineno} gives {exc.option} a second time in section {exc.section}"
    if isinstance(exc, configparser.MissingSectionHeaderError):
        return f"line {exc.lineno} is before the first [section]"
    return f"line {exc.errors[0][0]} is neither a [section] nor key = value"


def _unquote(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _host(value: str, source: str) -> str:
    host = value.strip().lower().removeprefix("https://").rstrip("/")
    match = re.fullmatch(_HOST, host)
    if not match or int(match["port"] or 443) not in _PORTS:
        # The value is not repeated: what is mistaken for a host may be a secret.
        raise CredentialsError(
            f"The host in {source} is not a host name. It looks like akab-xxxx.luna.akamaiapis.net: "
            "https:// before it, a port and a slash after it are accepted; http://, a path or a user name are not."
        )
    return host


def _token(values: Mapping[str, str], key: str, source: str) -> str:
    token = values[key].strip()
    if not re.fullmatch(_VISIBLE, token):
        raise CredentialsError(
            f"The {key} in {source} holds blanks, control characters, ';' or letters beyond ASCII. Copy it again."
        )
    return token


def _switch_key(
    options: Mapping[str, t.Any], environ: Mapping[str, str], variable: str, values: Mapping[str, str], source: str
) -> str | None:
    if options.get("account_switch_key") is not None:
        key, name = str(options["account_switch_key"]), "option account_switch_key"
    elif environ.get(variable) and not (options.get("edgerc") is not None and values.get("account_key")):
        key, name = environ[variable], f"environment variable {variable}"
    else:
        # That of a file which the task itself names says more about the task than the environment does.
        key, name = values.get("account_key", ""), f"account_key in {source}"
    return check_switch_key(key.strip(), name) if key.strip() else None


def check_switch_key(key: str, name: str) -> str:
    """An account switch key, such as ``1-5C0YLB:1-8BYUX``; ``name`` is where it comes from. Raises CredentialsError."""
    if not re.fullmatch(_SWITCH_KEY, key):
        raise CredentialsError(
            f"The {name} is not an account switch key: {abbreviated(key)}. It is letters, digits and '-', "
            "with at most one ':' between two parts, such as 1-5C0YLB:1-8BYUX."
        )
    return key
