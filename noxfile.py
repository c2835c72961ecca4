# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Every check of this collection as a nox session; `make help` lists the ways in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import antsibull_nox
import nox

ROOT = Path(__file__).parent
BUILD = ROOT / ".build"
PINS = ROOT / "tests" / "requirements"
COLLECTION = Path("ansible_collections", "edgebill", "akamai_invoicing")


class Core(t.NamedTuple):
    """One supported series of ansible-core."""

    release: str
    pythons: tuple[str, ...]
    """The Pythons a controller can run it with."""
    sanity: tuple[str, ...] = ()
    """Further arguments for ansible-test sanity."""


# The one list of supported versions: make, the workflows and the table at the end of a run follow it.
CORES = {
    "2.18": Core("2.18.19", ("3.11", "3.12", "3.13")),
    "2.19": Core("2.19.14", ("3.11", "3.12", "3.13")),
    "2.20": Core("2.20.10", ("3.12", "3.13", "3.14")),
    "2.21": Core("2.21.5", ("3.12", "3.13", "3.14")),
    # The pylint that this pre-release pins cannot be installed yet.
    "2.22": Core("2.22.0rc1", ("3.13", "3.14"), ("--skip-test", "pylint")),
}
OLDEST, NEXT = "2.18", "2.22"
COVERAGE = 90

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
CORE = max(series for series, core in CORES.items() if series != NEXT and PYTHON in core.pythons)

# Links to the real interpreters come first; pyenv's shims, which end a run of ansible-test, are left out.
os.environ["PATH"] = os.pathsep.join(
    [str(BUILD / "python"), *(entry for entry in os.environ["PATH"].split(os.pathsep) if "/shims" not in entry)]
)
os.environ["UV_CONSTRAINT"] = str(PINS / "tools.txt")
os.environ["UV_PYTHON_DOWNLOADS"] = "never"
nox.options.default_venv_backend = "uv"
nox.options.envdir = str(BUILD / "nox")
nox.options.download_python = "never"

antsibull_nox.load_antsibull_nox_toml()


def copy_tree(session: nox.Session) -> Path:
    """Copy what git knows, or would add, to the path that ansible-test insists on (it refuses links)."""
    tree = BUILD / "trees" / session.name / COLLECTION
    shutil.rmtree(tree, ignore_errors=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    for name in subprocess.check_output(listing, cwd=ROOT, text=True).split("\0"):
        source, target = ROOT / name, tree / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target, follow_symlinks=False)
    # Or ansible-test would ask the repository around it, which ignores this folder.
    subprocess.check_call(["git", "init", "-q", str(tree)])
    return tree


def install_core(session: nox.Session, series: str, *further: str) -> None:
    """Install one ansible-core and the pinned libraries of the tests."""
    pins = str(PINS / "tests.txt")
    session.install(f"ansible-core=={CORES[series].release}", "-r", pins, *further, env={"UV_CONSTRAINT": ""})


def ansible_test(session: nox.Session, series: str, command: str, *arguments: str) -> None:
    """Run ansible-test in a copy of the collection, with a home of its own."""
    install_core(session, series)
    home = BUILD / "home" / session.name
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    # ansible-test downloads a script that puts pip into its virtual environments. Python brings a pip of its own,
    # which does the same everywhere, also where that download is impossible.
    for version in ("24_2", "25_2"):
        (cache / f"get_pip_{version}.py").write_text("import ensurepip\n\nensurepip.bootstrap()\n")
    session.chdir(copy_tree(session))
    session.run("ansible-test", command, "--local", "--color", "no", *arguments, *session.posargs, env={"HOME": str(home)})


def units(session: nox.Session, series: str) -> None:
    """Run the unit tests, and fail when they leave too many lines of the plugins untouched."""
    ansible_test(session, series, "units", "--coverage")
    data = [str(path) for path in Path("tests/output/coverage").glob("*=coverage.*")]
    session.run("coverage", "combine", "-q", *data)
    session.run("coverage", "report", "--include", "*/plugins/*", "--show-missing", "--fail-under", str(COVERAGE))


def sanity(session: nox.Session, series: str) -> None:
    """Run ansible-test's sanity tests."""
    ansible_test(session, series, "sanity", *CORES[series].sanity)


def integration(session: nox.Session, series: str) -> None:
    """Run the integration tests against the simulator."""
    ansible_test(session, series, "integration")


def add_session(check: t.Callable[[nox.Session, str], None], series: str) -> None:
    """Give a check of one ansible-core a session: `make test` has the newest, and integration on the oldest."""
    newest = series == CORE
    in_test = newest or (check is integration and series == OLDEST)
    python = PYTHON if newest else CORES[series].pythons[0]
    tags = ["test" if in_test else "matrix", *([check.__name__] if newest else [])]

    @nox.session(name=f"{check.__name__}-{series}", python=[python], tags=tags)
    def run(session: nox.Session) -> None:
        check(session, series)


for check in (units, sanity, integration):
    for series in CORES:
        add_session(check, series)
