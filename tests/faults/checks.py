# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The four checks: the message, what changed, the files, and the runs after it."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import re
import stat
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from .row import Row, World
    from .run import Outcome

MAX_LENGTH = 600
WORK_DIRECTORY = ".akamai_invoicing"
CATALOGUE_FILES = ("catalogue.json", "SHA256SUMS", "journal.jsonl")

Snapshot = dict[str, tuple[str, str]]


def secrets_of(world: World) -> set[str]:
    """What must never be shown: all credentials of the simulator, and the signatures of all requests."""
    parser = configparser.ConfigParser()
    parser.read(world.simulator.edgerc, encoding="utf-8")
    names = ("client_token", "client_secret", "access_token")
    values = {parser[section][name] for section in parser.sections() for name in names}
    # What rows put into a proxy's URL.
    values.add("pa55")
    return values | {request["signature"] for request in world.simulator.requests() if request["signature"]}


def texts(value: t.Any, place: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a result with their places, but a diff, which has lines, traces, and the data of documents."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("diff", "exception", "totals"):
                yield f"{place}.key", str(key)
                yield from texts(item, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item, f"{place}[]")


def check_message(world: World, row: Row, outcome: Outcome, secrets: set[str]) -> Iterator[str]:
    """One printable line of at most 600 characters that says what it should, without a secret anywhere."""
    if outcome.crash:
        yield f"an exception that is not ours left: {outcome.crash}"
        return
    if outcome.failed == row.holds:
        yield f"failed is {outcome.failed}: {outcome.said[:700]!r}"
        return
    if not re.search(row.says, outcome.said, re.IGNORECASE | re.DOTALL):
        yield f"says nothing of {row.says!r}: {outcome.said!r}"
    for line in (outcome.message if outcome.failed else "", *outcome.warnings):
        if len(line) > MAX_LENGTH:
            yield f"a message of {len(line)} characters: {line!r}"
        if not line.isprintable():
            yield f"a message that is no printable line: {line!r}"
    if world.target not in ("lookup",):
        for place, text in texts(outcome.result):
            if not text.isprintable():
                yield f"result{place} is not printable: {text!r}"
    all_said = json.dumps([outcome.result, outcome.said], default=str)
    if any(secret in all_said for secret in secrets) or "EG1-HMAC" in all_said:
        yield f"a secret is shown: {outcome.said!r}"


def check_changed(world: World, row: Row, outcome: Outcome) -> Iterator[str]:
    """What the result says of changes: only downloads and archives make any."""
    writes = world.target in ("download", "archive")
    expected = writes and (row.holds if row.changed is None else row.changed)
    if expected not in ("either", outcome.changed):
        yield f"changed is {outcome.changed}, not {expected}"


def snapshot(folder: Path) -> Snapshot:
    """Each file below a folder: what it is, and its content."""
    found: Snapshot = {}
    for directory, directories, names in os.walk(folder):
        for name in (*directories, *names):
            path = Path(directory, name)
            mode = path.lstat().st_mode
            content = ""
            if stat.S_ISREG(mode):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            elif stat.S_ISLNK(mode):
                content = os.readlink(path)
            found[str(path.relative_to(folder))] = (oct(stat.S_IFMT(mode)), content)
    return found


def _is_ours(path: str) -> bool:
    """Whether the archive itself may write the file at any time."""
    parts = Path(path).parts
    return parts[-1] in CATALOGUE_FILES or WORK_DIRECTORY in parts or "catalogue" in parts


def check_files(world: World, row: Row, outcome: Outcome, before: Snapshot, after: Snapshot) -> Iterator[str]:
    """What was there is untouched, nothing temporary is left, nothing is half there, the catalogue is true."""
    for path, content in before.items():
        may_change = row.alters and not path.startswith("outside")
        if after.get(path) != content and not _is_ours(path) and not may_change:
            replaced = outcome.changed and not outcome.failed and world.folder / path == world.dest
            if not replaced:
                yield f"{path} was {'altered' if path in after else 'removed'}"
    for path in after:
        # Another run may be under way.
        busy = row.changed == "either"
        if Path(path).name.startswith(".akamai_invoicing_") and path not in before and not busy:
            yield f"{path} is left"
    made = [path for path in after if path not in before and not path.startswith("tmp")]
    if not outcome.changed and row.changed != "either" and (more := [path for path in made if not _is_ours(path)]):
        yield f"nothing changed, but there are {more}"
    if outcome.changed and outcome.failed is False and before == after and world.target == "download":
        yield "changed is true, but no file changed"


def check_catalogue(root: Path, *, all_known: bool) -> Iterator[str]:
    """The catalogue and the checksums say what is there."""
    try:
        pattern = json.loads((root / "catalogue.json").read_bytes())["documents"]
        entries = [json.loads(line) for part in root.glob(pattern) for line in part.read_bytes().splitlines()]
        sums = (root / "SHA256SUMS").read_text(encoding="utf-8")
    except (OSError, ValueError) as exc:
        yield f"no catalogue: {exc}"
        return
    known = {entry["path"]: entry["sha256"] for entry in entries}
    for path, digest in known.items():
        file = root / path
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"the catalogue is not true for {path}"
        if f"{digest}  {path}\n" not in sums:
            yield f"SHA256SUMS has no {path}"
    if all_known:
        for path in root.glob("*/*/*_v*.*"):
            if str(path.relative_to(root)) not in known and path.is_file():
                yield f"the catalogue does not know {path.relative_to(root)}"
