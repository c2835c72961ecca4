# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Lists as JSON: what is none, what is too large, and entries that cannot be read."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import lists
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.lists import get_list, read_json
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import ApiError

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

LIST = "/invoicing-api/v4/invoices"
MONTH = {"month": "2024-05"}


def test_a_list_that_is_a_web_page_is_an_error(session: Session, simulator: Simulator) -> None:
    simulator.fault("html")
    with pytest.raises(
        ApiError,
        match=r"^GET .*month=2024-05 was answered with status 200 \(text/html.*\), but the body is not JSON\. If a",
    ) as failed:
        session.get(LIST, read_json, params=MONTH)
    assert failed.value.details == {"asked": f"GET {LIST}?month=2024-05", "status": 200}


def test_an_answer_has_a_largest_size(session: Session, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MAX_ANSWER_SIZE", 10)
    with pytest.raises(ApiError, match="larger than 10 bytes"):
        session.get(LIST, read_json, params=MONTH)


@pytest.mark.parametrize(
    "body",
    ["[" + "9" * 401 + "]", "[0." + "9" * 500 + "]", "[NaN]", "[-Infinity]", "[" * 100_000],
    ids=lambda text: text[:9],
)
def test_what_no_parser_should_read_is_refused(session: Session, simulator: Simulator, body: str) -> None:
    simulator.fault("body", body=body, content_type="application/json")
    with pytest.raises(ApiError, match="is not JSON"):
        session.get(LIST, read_json, params=MONTH)


def test_an_entry_that_cannot_be_read_leaves_the_others(session: Session, simulator: Simulator) -> None:
    simulator.fault("body", body='["1", "x", "3"]', content_type="application/json", times=2)
    problems: list[ApiError] = []
    assert get_list(session, LIST, int, params=MONTH, on_bad_entry=problems.append) == [1, 3]
    assert ["(entry 2 of 3: invalid literal" in str(problem) for problem in problems] == [True]
    with pytest.raises(ApiError, match="entry 2 of 3"):
        get_list(session, LIST, int, params=MONTH)
