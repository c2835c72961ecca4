# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The lookup `invoices`, over HTTPS from the simulator."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible_collections.edgebill.akamai_invoicing.plugins.lookup.invoices import RETURN
from ansible_collections.edgebill.akamai_invoicing.plugins.modules import invoice_info

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator


@pytest.fixture
def query(simulator: Simulator) -> Callable[..., list[t.Any]]:
    """Run the lookup as a template does."""

    def run(*terms: t.Any, **keywords: t.Any) -> list[t.Any]:
        loader = DataLoader()
        templar = Templar(loader=loader, variables={})
        plugin = lookup_loader.get("edgebill.akamai_invoicing.invoices", loader=loader, templar=templar)
        connection = {"edgerc": simulator.edgerc, "ca_path": simulator.ca_path, "retries": 0}
        bills: list[t.Any] = plugin.run(list(terms), {}, **(connection | keywords))
        return bills

    return run


Query = t.Callable[..., list[t.Any]]


def test_months_as_terms_are_one_list(query: Query, simulator: Simulator) -> None:
    bills = query("2024-06", ["2024-05", "2020-02"])
    months = [bill["month"] for bill in bills]
    assert set(months) == {"2024-05", "2024-06"}
    assert months == sorted(months)
    assert bills[0]["invoice_id"] == 1234567890
    assert bills[0]["documents"][2]["source_type"] == "compute"
    assert simulator.counters()["total"] == 3
    assert simulator.counters()["connections"] == 1


def test_options_select_as_in_the_module(query: Query, simulator: Simulator) -> None:
    bills = query(
        from_month="2024-05", to_month="2024-06", contract_ids="C-0N7RAC7,K-0N7RAK71", invoice_types=["invoice"]
    )
    assert [(bill["month"], bill["contract_id"]) for bill in bills] == [
        (month, contract_id) for month in ("2024-05", "2024-06") for contract_id in ("C-0N7RAC7", "K-0N7RAK71")
    ]
    assert simulator.counters()["total"] == 4
    assert query(month="2024-05") == query("2024-05")
    assert query() == query("last_month")


def test_nothing_there_is_an_empty_list(query: Query) -> None:
    assert query("2020-02") == []


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        (["2024-5"], {}, "month '2024-5' is not a month"),
        ([202405], {}, "month '202405' is not a month"),
        (["2024-05", None], {}, "month 'None' is not a month"),
        (["2999-01"], {}, "is in the future"),
        (["2024-05"], {"from_month": "2024-05"}, "Give the months either as terms or with from_month, not both"),
        ([], {"to_month": "2024-05"}, "missing parameter(s) required by 'to_month': from_month"),
        ([], {"contract_ids": [12, "../C-1"]}, "'../C-1' is not a contract ID"),
        ([], {"month": "2024-05", "from_month": "2024-05"}, "parameters are mutually exclusive: month|from_month"),
        ([], {"contract_ids": []}, "contract_ids is an empty list: leave the option out"),
        ([], {"contract_ids": [None]}, "contract_ids contains None"),
        ([], {"months": "2024-05"}, "Unknown option: months"),
        ([], {"edgerc": "/nowhere"}, "/nowhere does not exist"),
    ],
)
def test_refuses_before_any_request(
    query: Query, simulator: Simulator, terms: list[t.Any], options: dict[str, t.Any], message: str
) -> None:
    with pytest.raises(AnsibleLookupError) as caught:
        query(*terms, **options)
    assert message in str(caught.value)
    assert simulator.counters()["total"] == 0


def test_an_error_of_the_api(query: Query) -> None:
    with pytest.raises(AnsibleLookupError, match=r"GET /invoicing-api/v4/contracts/3-1EFAKE/invoices\?month=.* 403"):
        query("2024-05", contract_ids=["3-1EFAKE"])


def test_the_sample_of_the_documentation_is_true(query: Query) -> None:
    (sample,) = yaml.safe_load(RETURN)["_raw"]["sample"]
    assert query("2024-05")[0] == sample


def test_every_key_is_documented_with_the_module(query: Query) -> None:
    documented = yaml.safe_load(invoice_info.RETURN)["invoices"]["contains"]
    assert query("2024-05")[0].keys() == documented.keys()
