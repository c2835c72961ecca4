# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The simulator for every test that asks for it."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _errors
from ansible_collections.edgebill.akamai_invoicing.tests.oracle.run import Tally, table
from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator
from hypothesis import HealthCheck, settings

RUNNING = pytest.StashKey[Simulator]()

# The same examples in every run: a run fails for a change of the code, never by luck or on a slow machine.
settings.register_profile(
    "same", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("same")


def pytest_collection_finish(session: pytest.Session) -> None:
    # Not in a session fixture: ansible-test forks for each test, and such a process would last for one test only.
    if not session.config.option.collectonly and any(
        "simulator" in getattr(item, "fixturenames", ()) for item in session.items
    ):
        session.config.stash[RUNNING] = Simulator().start()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if RUNNING in session.config.stash:
        session.config.stash[RUNNING].stop()


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    """Print what the reader made of random bills, by dialect."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    found = dict(value for report in reports for name, value in report.user_properties if name == "bills")
    tallies = {name: Tally(Counter({(key[0], key[1]): key[2] for key in found[name]})) for name in sorted(found)}
    if len(tallies) > 1:
        terminalreporter.write_line(table(tallies))


@pytest.fixture(autouse=True)
def own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credentials of one test are not hidden in another."""
    monkeypatch.setattr(_errors, "_secrets", set())


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Simulator:
    """The simulator, as if just started."""
    running = request.config.stash[RUNNING]
    running.reset()
    return running
