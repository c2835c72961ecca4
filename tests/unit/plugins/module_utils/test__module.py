# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Whatever happens in a module, it ends in a result that Ansible can read and a user can act on."""

from __future__ import annotations

import json
import typing as t
from configparser import ConfigParser
from types import SimpleNamespace

import pytest
from ansible.module_utils import basic
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError, InvoicingError, hide
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import (
    run_module,
    to_valid_text,
    with_problems,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import (
    account_switch_key_info,
    contract_info,
    invoice_archive,
    invoice_download,
    invoice_info,
)
from ansible_collections.edgebill.akamai_invoicing.tests.unit.plugins.modules.conftest import connection, run
from hypothesis import given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator
    from ansible_collections.edgebill.akamai_invoicing.tests.unit.plugins.modules.conftest import Run

__all__ = ["connection", "run"]

SECRET = "akab-secret-secret-secret"


def module_that(raises: BaseException) -> t.Callable[[], None]:
    """The main function of a module whose work fails."""

    def work(module: AnsibleModule) -> t.NoReturn:
        raise raises

    return lambda: run_module(AnsibleModule({}), work)


def test_an_error_of_ours_is_a_failed_task(run: Run) -> None:
    result = run(module_that(InvoicingError("No luck.", asked="GET /", status=500)), {})
    assert (result["failed"], result["msg"]) == (True, "No luck.")
    assert result["error"] == {"asked": "GET /", "status": 500}


@pytest.mark.parametrize("error", [ValueError, KeyError, OSError, RecursionError, MemoryError, UnicodeError])
def test_any_other_error_asks_to_report_it(run: Run, error: type[Exception]) -> None:
    hide([SECRET])
    result = run(module_that(error(f"\x1b[31m{SECRET} \ud800")), {})
    assert result["failed"]
    assert result["msg"].startswith(f"Unexpected {error.__name__}: ")
    assert "report it with the output of -vvv at https://" in result["msg"]
    assert result["msg"].isprintable()
    assert SECRET not in json.dumps(result)
    assert error.__name__ in result.get("exception", error.__name__)


def test_half_pairs_do_not_reach_ansible() -> None:
    assert to_valid_text({"a\ud83d": ["\udc00", ("x", 1, None)]}) == {"a\ufffd": ["\ufffd", ["x", 1, None]]}


def test_a_list_with_problems_is_returned_and_fails() -> None:
    problems = [ApiError("Entry 1.", status=200), ApiError("Entry 2.")]
    assert with_problems({"found": [1]}, []) == {"found": [1]}
    assert with_problems({"found": [1]}, problems) == {
        "found": [1],
        "failed": True,
        "msg": "Entry 1. 1 more entry cannot be read.",
        "error": {"status": 200},
    }


BILL = {"contract_id": "C-0N7RAC7", "invoice_id": 1234567890, "format": "csv"}
SELECTED = {"contract_ids": ["C-0N7RAC7"], "month": "2024-05"}


@pytest.mark.parametrize("source", ["edgerc", "options", "environment"])
def test_no_secret_is_in_the_log_of_the_system(
    run: Run,
    connection: dict[str, t.Any],
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    source: str,
) -> None:
    logged: list[str] = []

    def send(**fields: t.Any) -> t.NoReturn:
        logged.append(str(fields))
        # What the journal does not take goes to syslog.
        raise OSError

    monkeypatch.setattr(basic, "has_journal", True)
    monkeypatch.setattr(basic, "journal", SimpleNamespace(send=send), raising=False)
    monkeypatch.setattr("syslog.syslog", lambda *line: logged.append(str(line)))
    parser = ConfigParser()
    parser.read(connection["edgerc"])
    credentials = dict(parser["default"])
    if source != "edgerc":
        del connection["edgerc"]
    if source == "options":
        connection |= credentials
    elif source == "environment":
        for name, value in credentials.items():
            monkeypatch.setenv(f"AKAMAI_{name.upper()}", value)
    connection |= {"retries": 0, "_ansible_debug": True, "_ansible_verbosity": 5}
    runs: list[tuple[t.Any, dict[str, t.Any]]] = [
        (account_switch_key_info, {}),
        (contract_info, {}),
        (invoice_info, SELECTED),
        (invoice_download, BILL | {"dest": f"{tmp_path}/"}),
        (invoice_archive, SELECTED | {"dest": f"{tmp_path}/archive"}),
    ]
    problem = '{"title": "$authorization", "detail": "$client_token $access_token $signature"}'
    head = "HTTP/1.1 403 No\nContent-Type: application/problem+json\nContent-Length: $length"
    for module, options in runs:
        simulator.fault("raw", head=head, body=problem)
        assert run(module.main, connection | options)["failed"] is True
        assert run(module.main, connection | options)["failed"] is False
    assert sum("Invoked with" in line for line in logged) == 4 * len(runs)
    secrets = {credentials[name] for name in ("client_token", "client_secret", "access_token")}
    secrets |= {request["signature"] for request in simulator.requests() if request["signature"]}
    assert len(secrets) > len(runs)
    assert [line for line in logged if any(secret in line for secret in secrets) or "EG1-HMAC" in line] == []


TEXTS = st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.just("C-1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
KEYS = ("contractId", "invoiceId", "files", "invoiceTotal", "accountSwitchKey", "accountName", "invoiceCurrency")
ENTRIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5) | VALUES
MODULES = (contract_info, account_switch_key_info, invoice_info)


@settings(max_examples=60)
@given(module=st.sampled_from(MODULES), body=st.lists(ENTRIES, max_size=3) | VALUES)
def test_no_list_makes_a_module_crash(
    run: Run, connection: dict[str, t.Any], simulator: Simulator, module: t.Any, body: t.Any
) -> None:
    simulator.reset()
    simulator.fault("body", body=json.dumps(body), content_type="application/json")
    assert_ours(run(module.main, connection))


NAMES = (
    "Content-Length",
    "Content-Type",
    "Transfer-Encoding",
    "Content-Encoding",
    "Date",
    "Location",
    "Retry-After",
    "X-RateLimit-Remaining",
    "X-RateLimit-Next",
)
HEADER_VALUES = ("chunked", "gzip", "\xb2", "9" * 400, "-1", "0", "(" * 50, "\x1b[2J", "$signature")
HEADERS = st.builds("{}: {}".format, st.sampled_from(NAMES), st.sampled_from(HEADER_VALUES))
STATUSES = ("200 OK", "204 No", "302 Found", "400 Bad", "429 Slow", "500 Oops", "2x0 \x1b", "999 ?")


@settings(max_examples=60)
@given(
    module=st.sampled_from(MODULES),
    head=st.lists(HEADERS, max_size=4),
    status=st.sampled_from(STATUSES),
    body=st.text(st.characters(max_codepoint=255), max_size=40),
)
def test_no_answer_makes_a_module_crash(
    run: Run, connection: dict[str, t.Any], simulator: Simulator, module: t.Any, head: list[str], status: str, body: str
) -> None:
    simulator.reset()
    simulator.fault("raw", head="\n".join([f"HTTP/1.1 {status}", *head]), body=body, times=None)
    assert_ours(run(module.main, connection | {"retries": 0, "timeout": 5}))


OPTIONS = ("host", "client_token", "client_secret", "access_token", "account_switch_key", "edgerc", "edgerc_section",
           "timeout", "retries", "ca_path", "max_size", "validate_certs")  # fmt: skip


@settings(max_examples=100)
@given(
    module=st.sampled_from(MODULES),
    options=st.dictionaries(
        st.sampled_from(OPTIONS),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)
        | st.integers()
        | st.just("x" * 5000),
        min_size=1,
        max_size=4,
    ),
)
def test_no_option_makes_a_module_crash(
    run: Run, connection: dict[str, t.Any], module: t.Any, options: dict[str, t.Any]
) -> None:
    # Nothing is listening there: what passes the checks ends in an error of the connection.
    local = {"host": "localhost:1", "client_token": "a", "client_secret": "b", "access_token": "c"}
    run_with = connection | local | {"retries": 0} | options
    if isinstance(options.get("retries"), int):
        run_with["retries"] = min(0, options["retries"])
    assert_ours(run(module.main, run_with | ({"host": "localhost:1"} if "host" in options else {})))


def assert_ours(result: dict[str, t.Any]) -> None:
    """The module has succeeded, or says in one line what is wrong."""
    if result["failed"]:
        assert not result["msg"].startswith("Unexpected "), result
        assert "Traceback" not in result["msg"]
