# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Every example of the guides, the README files and the plugins runs with ``--check`` on an empty machine.

What only reads archives finds some. Some that show files and totals also run without it, and again. The examples of one
run share one ``ansible-playbook``. Each has a host and a folder of its own, so that none uses the variables or files
of another.
"""

from __future__ import annotations

import ast
import grp
import os
import re
import subprocess
import sys
import textwrap
import typing as t
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _errors
from ansible_collections.edgebill.akamai_invoicing.tests.conftest import _collections_path
from ansible_collections.edgebill.akamai_invoicing.tests.made_archive import MadeArchive

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

ROOT = Path(_errors.__file__).parents[2]
TIMEOUT = 600
# Why an example cannot run, by a text that only this one has.
CANNOT_RUN = {
    "hosts: archive_host": "its credentials are variables of the environment that AWX sets",
    "amazon.aws.s3_bucket": "it needs another collection, and a bucket",
}
# Where an example that only reads archives finds them.
ARCHIVES = ("srv/bills", "srv/bills_of_tokyo", "home/restored")
# What also runs without --check, by the beginnings of names: that takes longer.
RUN_TWICE = ("readme", "getting_started", "without_account", "totals_1", "modules_invoice_download", "lookups_5")


def sources() -> Iterator[tuple[str, str]]:
    """Each example with a name: the YAML blocks of guides and README files, and the EXAMPLES of plugins."""
    for path in sorted(ROOT.glob("docs/docsite/rst/*.rst")):
        blocks = re.findall(
            r"^\.\. code-block:: yaml\+jinja\n\n((?: {4}.*\n|\n)+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        yield from ((f"{path.stem}_{number}", textwrap.dedent(block)) for number, block in enumerate(blocks, 1))
    for path in sorted([ROOT / "README.md", *ROOT.glob("roles/*/README.md")]):
        blocks = re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        name = path.parent.name if path.parent != ROOT else "readme"
        yield from ((f"{name}_{number}", block) for number, block in enumerate(blocks, 1))
    for path in sorted(ROOT.glob("plugins/*/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
                yield f"{path.parent.name}_{path.stem}_1", ast.literal_eval(node.value)


def plays(name: str, text: str, folder: Path, simulator: Simulator) -> list[dict[str, t.Any]]:
    """An example as plays on the host of its name, with paths and names that exist here."""
    home = folder / name
    for below in ("srv", "home"):
        (home / below).mkdir(parents=True, exist_ok=True)
    for archive in ARCHIVES if ".invoice_archive_info:" in text else ():
        made = MadeArchive(home / archive)
        made.add(1)
        made.save()
    for there, here in {
        "/srv/": f"{home}/srv/",
        "~/": f"{home}/home/",
        # Any group that the user of this test is in.
        "finance": grp.getgrgid(os.getgid()).gr_name,
        # The simulator has an authority of its own, and no proxy.
        "/etc/ssl/certs/company.pem": simulator.ca_path,
    }.items():
        text = text.replace(there, here)
    found = yaml.safe_load(text)
    assert isinstance(found, list), f"{name} holds neither plays nor tasks"
    if "hosts" not in found[0]:
        found = [{"name": name, "gather_facts": False, "tasks": found}]
    # Or the first failure would end the run.
    return [{**play, "hosts": name, "ignore_errors": True} for play in found]


def variables(simulator: Simulator) -> dict[str, str]:
    """What the examples expect in a vault: the credentials of the simulator's first section."""
    parser = ConfigParser(interpolation=None)
    parser.read(simulator.edgerc)
    section = parser[parser.sections()[0]]
    return {f"vault_akamai_{name}": section[name] for name in ("host", "client_token", "client_secret", "access_token")}


class Runner:
    """Runs some examples in one folder."""

    def __init__(self, folder: Path, simulator: Simulator, names: list[str]) -> None:
        self._folder = folder
        self._names = names
        # The quota is for one account, which all examples share.
        simulator.quota(off=True)
        found = [play for name, text in sources() if name in names for play in plays(name, text, folder, simulator)]
        (folder / "examples.yml").write_text(yaml.safe_dump(found, sort_keys=False), encoding="utf-8")
        own = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **variables(simulator)}
        inventory = {"all": {"hosts": dict.fromkeys([*names, "localhost"]), "vars": own}}
        (folder / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            # What `make simulator` prints.
            "AKAMAI_EDGERC": simulator.edgerc,
            "AKAMAI_CA_PATH": simulator.ca_path,
            # The proxy of an example does not exist.
            "NO_PROXY": simulator.host.partition(":")[0],
            "ANSIBLE_COLLECTIONS_PATH": str(_collections_path()),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_NOCOLOR": "true",
            "HOME": str(folder),
        }

    def run(self, *options: str) -> list[str]:
        """Run the examples once, without a failure. Returns the names of those that changed something."""
        command = [sys.executable, "-m", "ansible.cli.playbook", "-i", "hosts.yml", "examples.yml", *options]
        done = subprocess.run(
            command,
            check=False,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        tasks = re.split(r"^(?=(?:TASK|PLAY) )", done.stdout, flags=re.MULTILINE)
        failed = "".join(task for task in tasks if re.search("^(fatal|failed|ERROR)", task, re.MULTILINE))
        assert not failed, failed
        assert done.returncode == 0, done.stdout + done.stderr
        changed = dict(re.findall(r"^(\w+) +: ok=.* changed=(\d+) ", done.stdout, re.MULTILINE))
        assert sorted(changed) == sorted(self._names)
        return [name for name in self._names if int(changed[name])]


def names_of(*beginnings: str) -> list[str]:
    """The names of the examples that can run."""
    found = [name for name, text in sources() if not any(part in text for part in CANNOT_RUN)]
    return [name for name in found if name.startswith(beginnings or "")]


def files_below(folder: Path) -> dict[Path, bytes]:
    """The files that are there, but those of Ansible itself."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".ansible" not in path.parts}


def test_the_list_of_those_that_cannot_run_is_true() -> None:
    texts = [text for _name, text in sources()]
    assert [sum(part in text for text in texts) for part in CANNOT_RUN] == [1] * len(CANNOT_RUN)


# In two parts, so that two processor cores work.
@pytest.mark.parametrize("part", [0, 1])
def test_examples_in_check_mode(simulator: Simulator, tmp_path: Path, part: int) -> None:
    names = names_of()[part::2]
    assert len(names) >= 25
    runner = Runner(tmp_path, simulator, names)
    before = files_below(tmp_path)
    assert runner.run("--check")
    assert files_below(tmp_path) == before


def test_examples_without_check_mode(simulator: Simulator, tmp_path: Path) -> None:
    runner = Runner(tmp_path, simulator, names_of(*RUN_TWICE))
    assert len(runner.run()) > 5
    # With files and totals that are there.
    assert runner.run() == []
    assert runner.run("--check") == []
