# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The checks that no argument spec can make, and the specs themselves."""

from __future__ import annotations

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import OptionError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import (
    Options,
    Spec,
    check_checksum,
    check_contract_id,
    check_invoice_id,
    check_source_type,
    connection_spec,
)


@pytest.mark.parametrize("value", ["C-0N7RAC71", "K-0N7RAK71", "3-1EFAKE", "C1"])
def test_contract_ids(value: str) -> None:
    assert check_contract_id(value) == value


@pytest.mark.parametrize(
    "value", ["", "..", "../x", "C-1/..", "C-1?a", "C 1", "C-1\n", "-1", "C--1", "Ç-1", "%2e", "C" * 65]
)
def test_what_is_no_contract_id(value: str) -> None:
    with pytest.raises(OptionError, match="not a contract ID"):
        check_contract_id(value)


@pytest.mark.parametrize("value", [1234567890, "17331001020", 2**63 - 1])
def test_invoice_ids(value: int | str) -> None:
    assert check_invoice_id(value) == int(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        0,
        -1,
        "1.0",
        1.9,
        True,
        None,
        "1e3",
        "²",
        " 1",
        "../1",
        "١",
        "9" * 20,
        "9" * 5000,
        pytest.param(10**5000, id="10**5000"),
    ],
)
def test_what_is_no_invoice_id(value: int | str) -> None:
    with pytest.raises(OptionError, match="not an invoice ID"):
        check_invoice_id(value)


def test_specs_merge_with_their_relations() -> None:
    first = Spec({"a": {}, "b": {}}, mutually_exclusive=(("a", "b"),), required_by={"a": ("c",)})
    second = Spec({"c": {}}, required_one_of=(("c", "d"),), required_by={"c": ("d",)})
    options: Options = {"d": {}}
    both = options | (first | second)
    assert both.argument_spec.keys() == {"a", "b", "c", "d"}
    assert (both.mutually_exclusive, both.required_one_of) == ((("a", "b"),), (("c", "d"),))
    assert both.required_by == {"a": ("c",), "c": ("d",)}
    assert first.argument_spec.keys() == {"a", "b"}


def test_checksums() -> None:
    assert check_checksum(None) is None
    assert check_checksum("sha256:" + "aB" * 32) == "ab" * 32
    for value in ("", "ab" * 32, "sha256:", "sha256:" + "a" * 63, "sha1:" + "a" * 40, "sha256:" + "g" * 64):
        with pytest.raises(OptionError, match="not a checksum"):
            check_checksum(value)


def test_compute_is_csv_only() -> None:
    check_source_type("compute", "csv")
    check_source_type("regular", "pdf")
    with pytest.raises(OptionError, match="not as json"):
        check_source_type("compute", "json")


def test_only_the_tokens_are_masked() -> None:
    spec = connection_spec()
    assert {name for name, option in spec.items() if option.get("no_log")} == {
        "client_token",
        "client_secret",
        "access_token",
    }
