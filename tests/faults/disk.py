# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong on disk, below a download and below an archive."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import typing as t
from pathlib import Path

from .row import CONTRACT, INVOICE, MONTH, Row, Step, Unavailable, World, all_of, answer

DOWNLOAD, ARCHIVE, BOTH = "download", "archive", "download archive"
NOBODY = 65534


def at_dest(make: t.Callable[[Path], object]) -> Step:
    """Something else at the destination."""

    def step(world: World) -> None:
        _remove(world.dest)
        world.dest.parent.mkdir(exist_ok=True)
        make(world.dest)
        world.undo.append(lambda: _remove(world.dest))

    return step


def at_document(make: t.Callable[[Path], object]) -> Step:
    """Something else at the path of the document in the archive."""

    def step(world: World) -> None:
        _remove(world.document)
        world.document.parent.mkdir(parents=True, exist_ok=True)
        make(world.document)
        world.undo.append(lambda: _remove(world.document))

    return step


def at(name: str, make: t.Callable[[Path], object], *, stays: bool = False) -> Step:
    """Something else at a path in the archive; it goes away again, unless it stays."""

    def step(world: World) -> None:
        path = world.dest / name
        _remove(path)
        make(path)
        if not stays:
            world.undo.append(lambda: _remove(path))

    return step


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def fifo(path: Path) -> None:
    """A FIFO: who opens it waits."""
    os.mkfifo(path)


def directory(path: Path) -> None:
    """A directory with a file in it."""
    path.mkdir(parents=True)
    (path / "inside").write_text("kept\n", encoding="ascii")


def dangling(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("nowhere")


def _outside(path: Path) -> Path:
    """The directory that no run may touch, beside one of those above a path."""
    return next(folder / "outside" for folder in path.parents if (folder / "outside").is_dir())


def to_outside(path: Path) -> None:
    """A link to what no run may touch."""
    path.symlink_to(_outside(path) / "canary")


def to_directory(path: Path) -> None:
    """A link to a directory outside."""
    path.symlink_to(_outside(path))


def text(content: str | bytes) -> t.Callable[[Path], object]:
    """A file with this content."""
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def _as_root(*command: str) -> None:
    """What only root can do, and only where the system has it."""
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30, text=True)
    except OSError as exc:
        raise Unavailable(f"{command[0]}: {exc.strerror}") from exc
    except subprocess.CalledProcessError as exc:
        raise Unavailable(f"{' '.join(command[:2])}: {exc.stderr.strip()[-200:]}") from exc


def attribute(letter: str, name: str = "") -> Step:
    """A file or directory with an attribute of its file system: ``i`` is immutable, ``a`` is append-only."""

    def step(world: World) -> None:
        path = os.path.normpath(f"{world.dest}/{name}")
        _as_root("chattr", f"+{letter}", path)
        world.undo.append(lambda: subprocess.run(["chattr", f"-{letter}", path], check=True, timeout=60))

    return step


def immutable(name: str = "") -> Step:
    """A file or directory that nobody can change."""
    return attribute("i", name)


def as_nobody(mode: int, path: t.Callable[[World], Path]) -> Step:
    """The run is another user's, and a path has this mode."""

    def step(world: World) -> None:
        if os.geteuid() != 0:
            raise Unavailable("only root can run as another user")
        for one in (world.folder, *world.folder.rglob("*")):
            os.chown(one, NOBODY, NOBODY, follow_symlinks=False)
        # Credentials and authorities that this user can read.
        above = Path(tempfile.gettempdir())
        for directory in (world.folder, *world.folder.parents):
            if above in directory.parents:
                directory.chmod(directory.stat().st_mode | 0o055)
        for name in ("edgerc", "ca_path"):
            copy = world.folder / name
            shutil.copy(getattr(world.simulator, name), copy)
            os.chown(copy, NOBODY, NOBODY)
            world.options[name] = str(copy)
        before = path(world).stat().st_mode
        path(world).chmod(mode)
        os.setegid(NOBODY)
        os.seteuid(NOBODY)

        def undo() -> None:
            os.seteuid(0)
            os.setegid(0)
            path(world).chmod(before)

        world.undo.append(undo)

    return step


def sticky(name: str = "") -> Step:
    """A file is another user's, in a directory where each can only replace his own."""

    def step(world: World) -> None:
        path = Path(os.path.normpath(f"{world.dest}/{name}"))
        as_nobody(0o1777, lambda _world: path.parent)(world)
        os.seteuid(0)
        for one in (path, path.parent):
            os.chown(one, 0, 0)
        path.chmod(0o644)
        os.seteuid(NOBODY)

    return step


def full(size: str) -> Step:
    """A file system that has so much room, with all that is there on it."""

    def step(world: World) -> None:
        held = world.dest if world.target == "archive" else world.dest.parent
        saved = world.folder / "saved"
        shutil.copytree(held, saved, symlinks=True)
        _as_root("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(held))
        shutil.copytree(saved, held, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(saved)
        filler = held / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"0" * 512)
            except OSError:
                pass

        def undo() -> None:
            filler.unlink()
            shutil.copytree(held, saved, symlinks=True)
            subprocess.run(["umount", held], check=True, timeout=60)
            shutil.rmtree(held)
            saved.rename(held)

        world.undo.append(undo)

    return step


def largest_file(size: int) -> Step:
    """No file can be larger than this."""

    def step(world: World) -> None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        world.undo.append(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before))

    return step


def open_files(number: int) -> Step:
    """So few files can be open."""

    def step(world: World) -> None:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, before[1]))
        world.undo.append(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, before))

    return step


PART = f"catalogue/{CONTRACT}/{MONTH}.jsonl"


def as_version_1(world: World) -> None:
    """All of the catalogue is in catalogue.json, as an older release has written it."""
    documents = []
    for part in sorted(world.dest.glob("catalogue/*/*.jsonl")):
        for line in part.read_bytes().splitlines():
            one = json.loads(line)
            for name in ("invoice_due_date", "file_creation_date", "fetched", "replaces"):
                del one[name]
            for totals in one["totals"] or ():
                for name in ("by_product", "by_customer", "by_item_type"):
                    del totals[name]
            documents.append(one)
    shutil.rmtree(world.dest / "catalogue")
    (world.dest / "catalogue.json").write_text(json.dumps({"version": 1, "documents": documents}), encoding="utf-8")


def catalogue(change: t.Callable[[list[t.Any]], object], version: int = 2) -> Step:
    """A catalogue whose entries are changed, those of the document's month or all of version 1; it stays so."""

    def step(world: World) -> None:
        if version == 1:
            as_version_1(world)
        path = world.dest / ("catalogue.json" if version == 1 else PART)
        content = path.read_text(encoding="utf-8")
        entries = json.loads(content)["documents"] if version == 1 else list(map(json.loads, content.splitlines()))
        change(entries)
        saved = json.dumps({"version": 1, "documents": entries})
        if version == 2:
            saved = "".join(f"{json.dumps(one)}\n" for one in entries)
        path.write_text(saved, encoding="utf-8")

    return step


def entry(version: int = 2, **changes: t.Any) -> Step:
    """A catalogue in which the entry of the document has other values."""

    def change(entries: list[t.Any]) -> None:
        for one in entries:
            if (one["month"], one["format"]) == (MONTH, "csv"):
                one.update(changes)

    return catalogue(change, version)


PATH = f"{CONTRACT}/{MONTH}/{INVOICE}_v1.csv"
MARK = f".akamai_invoicing/{CONTRACT}/unsaved"
MARKED: dict[str, t.Any] = {"holds": True, "alters": True}
SAME: dict[str, t.Any] = {"start": "same", "holds": True, "alters": True, "options": {"verify": "checksum"}}

TABLE = {
    "destination": [
        *(
            Row(f"is {name}", DOWNLOAD, at_dest(make), "dest|regular file")
            for name, make in (
                ("a FIFO", fifo),
                ("a dangling link", dangling),
                ("a link to itself", lambda path: path.symlink_to(path)),
                ("a link to a directory's file that is a FIFO", lambda path: path.symlink_to(_made_fifo(path))),
            )
        ),
        Row("is a directory", DOWNLOAD, at_dest(directory), "", holds=True, start="none"),
        Row("is immutable", DOWNLOAD, immutable(), "bill.pdf"),
        Row("is in an immutable directory", DOWNLOAD, immutable(".."), "bill.pdf|files"),
        Row("is append-only", DOWNLOAD, attribute("a"), "bill.pdf"),
        Row("is another user's, in a sticky directory", DOWNLOAD, sticky(), "bill.pdf"),
        *(
            Row(f"is {name}", DOWNLOAD, at_dest(text(content)), "", holds=True)
            for name, content in (
                ("empty", ""),
                ("cut", "%PDF-1.4\n"),
                ("a page", "<html></html>"),
                ("zeros", b"\x00" * 4096),
                ("no PDF", "there is no bill"),
            )
        ),
        *(
            Row(
                f"is {name}, and the answer fails",
                DOWNLOAD,
                lambda world, make=make: (at_dest(make)(world), answer("cut")(world)),  # type: ignore[misc]
                "GET /.*cut short",
            )
            for name, make in (("empty", text("")), ("cut", text("%PDF-1.4\n")), ("private", text("%PDF-1.4\n%%EOF\n")))
        ),
    ],
    "disk": [
        Row(
            "directory that nobody may write", DOWNLOAD, as_nobody(0o555, lambda world: world.dest.parent), "permission"
        ),
        Row(
            "root that nobody may write",
            ARCHIVE,
            as_nobody(0o555, lambda world: world.dest),
            "permission",
            changed=True,
        ),
        Row(
            "directory that nobody may enter",
            BOTH,
            as_nobody(0o000, lambda world: world.dest if world.target == "archive" else world.dest.parent),
            "cannot|permission",
        ),
        Row(
            "work directory that nobody may write",
            ARCHIVE,
            as_nobody(0o555, lambda world: world.dest / ".akamai_invoicing"),
            "cannot|permission",
            changed=True,
        ),
        Row(
            "work directory of the contract that nobody may write",
            ARCHIVE,
            as_nobody(0o555, lambda world: world.dest / ".akamai_invoicing" / CONTRACT),
            "cannot|permission",
        ),
        Row("no room at all", BOTH, full("64k"), "space"),
        Row("no file larger than 100 bytes", BOTH, largest_file(100), "large"),
        Row("no file larger than 0 bytes", BOTH, largest_file(0), "large"),
    ],
    "archives": [
        *(
            Row(f"document is {name}", ARCHIVE, at_document(make), "regular file", start=start)
            for name, make in (
                ("a FIFO", fifo),
                ("a directory", directory),
                ("a dangling link", dangling),
                ("a link to outside", to_outside),
            )
            for start in ("other", "same")
        ),
        *(
            Row(f"directory of the month is {name}", ARCHIVE, at(f"{CONTRACT}/{MONTH}", make), "link|directory")
            for name, make in (
                ("a link to outside", to_directory),
                ("a file", text("in the way")),
                ("a FIFO", fifo),
                ("a dangling link", dangling),
            )
        ),
        *(
            Row(f"work directory is {name}", ARCHIVE, at(".akamai_invoicing", make), "archive")
            for name, make in (
                ("a link to outside", to_directory),
                ("a file", text("in the way")),
                ("a FIFO", fifo),
                ("a dangling link", dangling),
            )
        ),
        *(
            Row(f"lock{of} is {name}", ARCHIVE, at(f".akamai_invoicing/{path}", make), "lock")
            for of, path in (("", "lock"), (" of the contract", f"{CONTRACT}/lock"))
            for name, make in (("a directory", directory), ("a link to outside", to_outside))
        ),
        *(
            Row(f"root is {name}", ARCHIVE, at_dest(make), "archive|dest")
            for name, make in (("a file", text("in the way")), ("a FIFO", fifo), ("a dangling link", dangling))
        ),
        *(
            Row(
                f"altered document is {name}",
                ARCHIVE,
                all_of(lambda world: world.document.write_text("x", "ascii"), step),
                f"Cannot write .*{PATH}: Operation not permitted",
                start="same",
            )
            for name, step in (
                ("immutable", immutable(PATH)),
                ("append-only", attribute("a", PATH)),
                ("in an immutable directory", immutable(f"{CONTRACT}/{MONTH}")),
                ("in an append-only directory", attribute("a", f"{CONTRACT}/{MONTH}")),
                ("another user's, in a sticky directory", sticky(PATH)),
            )
        ),
        *(
            Row(f"{name} is {what}", ARCHIVE, step, f"catalogue could not be saved.*{name}", changed=True)
            for name in ("catalogue.json", "SHA256SUMS")
            for what, step in (
                ("immutable", all_of(as_version_1, immutable(name))),
                ("append-only", all_of(as_version_1, attribute("a", name))),
                ("another user's, in a sticky directory", all_of(as_version_1, sticky(name))),
            )
        ),
        *(
            Row(f"SHA256SUMS is {what}", ARCHIVE, step, "catalogue could not be saved.*SHA256SUMS", changed=True)
            for what, step in (
                ("immutable beside parts", immutable("SHA256SUMS")),
                ("append-only beside parts", attribute("a", "SHA256SUMS")),
                ("another user's beside parts", sticky("SHA256SUMS")),
            )
        ),
        Row("directory of parts is immutable", ARCHIVE, immutable(f"catalogue/{CONTRACT}"), PART, changed=True),
        Row("directory of parts is append-only", ARCHIVE, attribute("a", f"catalogue/{CONTRACT}"), "", holds=True),
        *(
            Row(f"{where} is {name}", ARCHIVE, at(path, make), "catalogue.*(link|director)")
            for where, path in (("catalogue", "catalogue"), ("directory of parts", f"catalogue/{CONTRACT}"))
            for name, make in (
                ("a link to outside", to_directory),
                ("a file", text("in the way")),
                ("a FIFO", fifo),
                ("a dangling link", dangling),
            )
        ),
        Row("root is immutable", ARCHIVE, immutable(), "archive", changed=True),
        Row("root is append-only", ARCHIVE, attribute("a"), "SHA256SUMS", changed=True),
        Row("directory of the contract is immutable", ARCHIVE, immutable(CONTRACT), CONTRACT),
        Row("directory of the contract is append-only", ARCHIVE, attribute("a", CONTRACT), "", holds=True),
        Row(
            "document is gone from an append-only directory",
            ARCHIVE,
            all_of(lambda world: world.document.unlink(), attribute("a", f"{CONTRACT}/{MONTH}")),
            "",
            start="same",
            holds=True,
        ),
        *(
            Row(f"document is {name}", ARCHIVE, at(PATH, make, stays=True), "", **SAME)
            for name, make in (
                ("empty", text("")),
                ("cut", text("INVOICE_ID,")),
                ("altered", text("Product,Total\nIon,1\n")),
                ("a page", text("<html></html>")),
                ("gone", lambda path: None),
            )
        ),
        *(
            Row(
                f"file nobody knows at the document's path is {name}",
                ARCHIVE,
                at_document(text(content)),
                "",
                holds=True,
                alters=True,
            )
            for name, content in (("empty", ""), ("a page", "<html></html>"), ("zeros", b"\x00" * 500))
        ),
        Row("file of another program", ARCHIVE, at("notes.txt", text("kept")), "", holds=True),
        Row(
            "temporary file of a killed run",
            ARCHIVE,
            at(".akamai_invoicing/.akamai_invoicing_x", text("half"), stays=True),
            "",
            holds=True,
            alters=True,
        ),
        Row(
            "directory that looks like a temporary file",
            ARCHIVE,
            at(".akamai_invoicing/.akamai_invoicing_x", directory),
            "",
            holds=True,
            alters=True,
        ),
        Row(
            "FIFO somewhere in the archive",
            ARCHIVE,
            lambda world: (
                at(f"{CONTRACT}/{MONTH}_v1.csv", fifo)(world),
                at("catalogue.json", lambda path: None)(world),
            ),
            "",
            holds=True,
        ),
    ],
    "catalogues": [
        *(
            Row(f"catalogue is {name}", ARCHIVE, at("catalogue.json", make, stays=True), "catalogue.json", **SAME)
            for name, make in (
                ("gone", lambda path: None),
                ("empty", text("")),
                ("cut", text('{"version": 1, "documents": [{"path"')),
                ("no JSON", text("<html></html>")),
                ("a list", text("[]")),
                ("null", text("null")),
                ("without a version", text('{"documents": []}')),
                ("without documents", text('{"version": 1}')),
                ("documents as a text", text('{"version": 1, "documents": "x"}')),
                ("documents as numbers", text('{"version": 1, "documents": [1]}')),
                ("documents as null", text('{"version": 1, "documents": null}')),
                ("100,000 brackets", text("[" * 100_000)),
                ("zeros", text(b"\x00" * 1000)),
                ("bytes that are no text", text(b"\xff\xfe\xfa" * 100)),
                ("a number of 5000 digits", text('{"version": ' + "9" * 5000 + "}")),
            )
        ),
        *(
            Row(f"catalogue is {name}", ARCHIVE, at("catalogue.json", make), "catalogue.json", start="same")
            for name, make in (
                ("a directory", directory),
                ("a FIFO", fifo),
                ("of a version that is a list", text('{"version": [1], "documents": []}')),
                ("of a later version", text('{"version": 3, "documents": "catalogue/*/*.jsonl"}')),
            )
        ),
        *(
            Row(f"entry{of} has {name}", ARCHIVE, entry(version, **changes), "catalogue.json|catalogue", **SAME)
            for of, version in (("", 2), (" of version 1", 1))
            for name, changes in (
                ("a path that leaves the archive", {"path": "../outside/canary"}),
                ("an absolute path", {"path": "/etc/passwd"}),
                ("an empty path", {"path": ""}),
                ("a path that is a number", {"path": 5}),
                ("a path that is null", {"path": None}),
                ("a path with escape sequences", {"path": "\x1b[31m"}),
                ("a path with NUL", {"path": "a\x00b"}),
                ("the catalogue's path", {"path": "catalogue.json"}),
                ("the path of the checksums", {"path": "SHA256SUMS"}),
                ("a path in the work directory", {"path": ".akamai_invoicing/lock"}),
                ("the path of another document", {"path": f"{CONTRACT}/{MONTH}/{INVOICE}_v1.pdf"}),
                ("a path of a directory", {"path": CONTRACT}),
                ("a path of 5,000 letters", {"path": "x" * 5000}),
                ("a size that is text", {"size": "big"}),
                ("a size that is negative", {"size": -1}),
                ("a size that is true", {"size": True}),
                ("a size that is null", {"size": None}),
                ("a checksum that is none", {"sha256": "none"}),
                ("a checksum that is a number", {"sha256": 5}),
                ("a checksum that is null", {"sha256": None}),
                ("an invoice ID that is text", {"invoice_id": "x"}),
                ("an invoice ID that is null", {"invoice_id": None}),
                ("an invoice ID that is true", {"invoice_id": True}),
                ("a contract that is a list", {"contract_id": ["C"]}),
                ("a contract that is a path", {"contract_id": "../../x"}),
                ("a format that is none", {"format": "docx"}),
                ("a format that is a list", {"format": []}),
                ("a source type that is none", {"source_type": "other"}),
                ("a version that is text", {"file_version": "x"}),
                ("a version that is negative", {"file_version": -1}),
                ("totals that are text", {"totals": "lots"}),
                ("totals that are objects", {"totals": {"USD": 1}}),
                ("totals that are a list of numbers", {"totals": [1, 2]}),
                ("totals with text", {"totals": [{"currency": "USD", "total": "lots", "lines": 1}]}),
                ("totals with objects", {"totals": [{"currency": {}, "total": [], "lines": {}}]}),
                ("a month that is a number", {"month": 5}),
                ("a field nobody knows", {"colour": "blue"}),
            )
        ),
        *(
            Row(f"entry{of} has {name}", ARCHIVE, entry(version, **changes), "", **(SAME | {"changed": None}))
            for of, version in (("", 2), (" of version 1", 1))
            for name, changes in (
                ("another total of the bill", {"invoice_total": 1}),
                ("a total of the bill that is an object", {"invoice_total": {"a": 1}}),
                ("a total of the bill that is text", {"invoice_total": "lots"}),
                ("another currency", {"invoice_currency": "EUR"}),
                ("a currency that is a list", {"invoice_currency": ["EUR"]}),
                ("a type with escape sequences", {"invoice_type": "\x1b[31m"}),
            )
        ),
        Row(
            "entry has a path at which there is another directory",
            ARCHIVE,
            all_of(entry(path="elsewhere"), at("elsewhere", directory, stays=True)),
            "The catalogue has elsewhere for",
            start="same",
            holds=True,
        ),
        Row(
            "entry has a path at which there is another directory, and its file is gone",
            ARCHIVE,
            all_of(
                entry(path="elsewhere"),
                at("elsewhere", directory, stays=True),
                at(PATH, lambda path: None, stays=True),
            ),
            "The catalogue has elsewhere for",
            start="same",
            holds=True,
        ),
        Row(
            "entry without most fields",
            ARCHIVE,
            catalogue(lambda entries: entries.append({"path": "x"})),
            "catalogue",
            **SAME,
        ),
        Row(
            "entry that is null",
            ARCHIVE,
            catalogue(lambda entries: entries.append(None)),
            "catalogue",
            **SAME,
        ),
        Row(
            "entry twice",
            ARCHIVE,
            catalogue(lambda entries: entries.append(entries[-1])),
            "",
            **SAME,
        ),
        *(
            Row(f"part is {name}", ARCHIVE, at(PART, make, stays=True), PART, **SAME)
            for name, make in (
                ("gone", lambda path: None),
                ("cut", text('{"path"')),
                ("no JSON", text("<html></html>")),
                ("a list", text("[]\n")),
                ("null", text("null\n")),
                ("100,000 brackets", text("[" * 100_000)),
                ("zeros", text(b"\x00" * 1000)),
                ("bytes that are no text", text(b"\xff\xfe\xfa" * 100)),
                ("a number of 5000 digits", text("9" * 5000 + "\n")),
            )
        ),
        Row("part is empty", ARCHIVE, at(PART, text(""), stays=True), "", **SAME),
        *(
            Row(f"part is {name}", ARCHIVE, at(PART, make), PART, start="same")
            for name, make in (("a directory", directory), ("a FIFO", fifo), ("a link to outside", to_outside))
        ),
        *(
            Row(f"SHA256SUMS is {name}", ARCHIVE, at("SHA256SUMS", make, stays=True), "", **SAME)
            for name, make in (
                ("gone", lambda path: None),
                ("empty", text("")),
                ("zeros", text(b"\x00" * 1000)),
                ("bytes that are no text", text(b"\xff\xfe\xfa" * 100)),
                ("another program's", text("0" * 64 + "  other.txt\n")),
                ("with paths that leave", text("0" * 64 + "  ../outside/canary\n" + "0" * 64 + "  /etc/passwd\n")),
                ("with NUL", text("0" * 64 + "  a\x00b\n")),
                ("without line ends", text("x" * 10_000)),
            )
        ),
        *(
            Row(f"SHA256SUMS is {name}", ARCHIVE, at("SHA256SUMS", make), "SHA256SUMS", start="other")
            for name, make in (
                ("a directory", directory),
                ("a FIFO", fifo),
                ("a dangling link", dangling),
                ("a link to outside", to_outside),
            )
        ),
        Row(
            "catalogue and all its parts are gone",
            ARCHIVE,
            lambda world: [at(name, lambda path: None, stays=True)(world) for name in ("catalogue.json", "catalogue")],
            "catalogue.json",
            **SAME,
        ),
        Row("mark of a killed run is no JSON", ARCHIVE, at(MARK, text("x"), stays=True), "", **MARKED),
        Row("mark of a killed run is a directory", ARCHIVE, at(MARK, directory), "unsaved"),
        Row(
            "catalogue and checksums are gone",
            ARCHIVE,
            lambda world: [at(name, lambda path: None, stays=True)(world) for name in ("catalogue.json", "SHA256SUMS")],
            "catalogue.json",
            **SAME,
        ),
    ],
}


def _made_fifo(path: Path) -> Path:
    other = path.with_name("pipe")
    os.mkfifo(other)
    return other
