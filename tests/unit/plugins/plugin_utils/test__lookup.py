# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What surrounds the work of a lookup: its options, its session, its errors."""

from __future__ import annotations

import sys
import typing as t

import pytest
from ansible import template
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    CredentialsError,
    MissingLibraryError,
    OptionError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import Spec
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils import _lookup

if t.TYPE_CHECKING:
    from pathlib import Path

FOUR: dict[str, t.Any] = {"host": "akab.example", "client_token": "ct", "client_secret": "cs", "access_token": "at"}


def trusted(text: str) -> str:
    """A template that may be evaluated; ansible-core 2.18 evaluates any."""
    mark = getattr(template, "trust_as_template", str)
    return t.cast("str", mark(text))


def options_of(
    variables: dict[str, t.Any] | None = None, spec: Spec | None = None, **keywords: t.Any
) -> dict[str, t.Any]:
    """The options that the lookup `invoice` finds."""
    loader = DataLoader()
    templar = template.Templar(loader=loader, variables=variables or {})
    lookup = lookup_loader.get("edgebill.akamai_invoicing.invoice", loader=loader, templar=templar)
    return _lookup.read_options(lookup, variables, keywords, spec or Spec())


def test_defaults() -> None:
    found = options_of()
    assert (found["timeout"], found["retries"], found["validate_certs"], found["source_type"]) == (
        60,
        5,
        True,
        "regular",
    )
    assert {name: found[name] for name in (*FOUR, "account_switch_key", "edgerc", "ca_path")} == dict.fromkeys(
        (*FOUR, "account_switch_key", "edgerc", "ca_path")
    )


def test_keyword_wins_over_variable_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKAMAI_RETRIES", "1")
    assert options_of()["retries"] == 1
    assert options_of({"akamai_retries": 2})["retries"] == 2
    assert options_of({"akamai_retries": 2}, retries="3")["retries"] == 3


def test_variables_are_templated() -> None:
    found = options_of(
        {
            "akamai_client_secret": trusted("{{ vault_secret }}"),
            "akamai_timeout": trusted("{{ 2 + 1 }}"),
            "akamai_validate_certs": False,
            "vault_secret": "cs",
            "unrelated": trusted("{{ undefined_variable }}"),
        }
    )
    assert (found["client_secret"], found["timeout"], found["validate_certs"]) == ("cs", 3, False)


def test_undefined_variable_is_an_error() -> None:
    with pytest.raises(AnsibleError, match="vault_secret"):
        options_of({"akamai_client_secret": trusted("{{ vault_secret }}")})


def test_credentials_of_the_environment_are_left_to_their_one_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKAMAI_HOST", "akab.example")
    assert options_of()["host"] is None


def test_unknown_option() -> None:
    with pytest.raises(
        OptionError, match=r"Unknown options: contract, querry\. The options are: .*contract_id, .*query, "
    ):
        options_of(querry="INVOICE", contract="C-1")
    with pytest.raises(OptionError, match="^Unknown option: querry. The options are: "):
        options_of(querry="INVOICE")
    assert options_of(wantlist=True)["query"] is None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (Spec(mutually_exclusive=(("path", "archive"),)), "parameters are mutually exclusive: path|archive"),
        (Spec(required_by={"path": ("contract_id",)}), "required by 'path': contract_id"),
        (Spec(required_one_of=(("contract_id", "query"),)), "one of the following is required: contract_id, query"),
    ],
)
def test_options_that_exclude_or_need_others(spec: Spec, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        options_of(spec=spec, path="/a", archive="/b")
    assert message in str(caught.value)
    if not spec.required_one_of:
        options_of(spec=spec)


@pytest.mark.parametrize("keywords", [{"timeout": "soon"}, {"source_type": "other"}])
def test_wrong_type_and_choice(keywords: dict[str, t.Any]) -> None:
    with pytest.raises(AnsibleError, match=next(iter(keywords))):
        options_of(**keywords)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ApiError("403 Forbidden"), "Bill 1: 403 Forbidden"),
        (CredentialsError("No credentials."), "Bill 1: No credentials."),
        (MissingLibraryError("jmespath", "Traceback"), "jmespath"),
    ],
)
def test_errors(error: Exception, message: str) -> None:
    with pytest.raises(AnsibleLookupError, match=message) as caught, _lookup.lookup_errors("Bill 1: "):
        raise error
    assert caught.value.__cause__ is None


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), _lookup.lookup_errors("Bill 1: "):
        raise ZeroDivisionError


def test_session_warns_of_an_open_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edgerc = tmp_path / "edgerc"
    edgerc.write_text("[default]\n" + "".join(f"{key} = {value}\n" for key, value in FOUR.items()), encoding="utf-8")
    edgerc.chmod(0o644)
    warnings: list[str] = []
    monkeypatch.setattr(_lookup.display, "warning", warnings.append)
    with _lookup.open_session(options_of(edgerc=str(edgerc))) as session:
        assert session.credentials.host == "akab.example"
    assert len(warnings) == 1
    assert str(edgerc) in warnings[0]


def test_session_without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(AnsibleLookupError, match="requests"), _lookup.lookup_errors():
        _lookup.open_session(options_of(**FOUR))
