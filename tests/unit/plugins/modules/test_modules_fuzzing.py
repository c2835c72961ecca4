# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""No exception but our own leaves a module, whatever its options, the answers and the files are."""

from __future__ import annotations

import json
import os
import re
import shutil
import typing as t
from pathlib import Path

from ansible_collections.edgebill.akamai_invoicing.plugins.modules import (
    account_switch_key_info,
    contract_info,
    invoice_archive,
    invoice_download,
    invoice_info,
)
from hypothesis import given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

    from .conftest import Run

MAX_EXAMPLES = 15
BILL: dict[str, t.Any] = {
    **{"contractId": "C-0N7RAC7", "invoiceId": 1234567890, "invoiceType": "INVOICE", "invoiceCurrency": "USD"},
    **{"invoiceTotal": 50000.42, "files": [{"contentType": "text/csv", "sourceType": "REGULAR", "fileVersion": 1}]},
}
LINE = {"PRODUCT": "Ion", "ITEM_TOTAL": 1.5}

texts = st.one_of(
    st.text(max_size=20), st.sampled_from(["\x1b[31m", "\x00", "\u202e", "\ud83d", "../..", "{{ x }}", "9" * 4000])
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)


def changed(base: dict[str, t.Any]) -> st.SearchStrategy[dict[str, t.Any]]:
    """The same with some of its fields changed."""
    return st.dictionaries(st.sampled_from(list(base)), values, max_size=2).map(lambda some: base | some)


documents = changed(LINE).map(
    lambda line: {"INVOICE": {"INVOICE_ID": 1234567890, "END_CUSTOMER": [{"INVOICE_LINE": [line]}]}}
)
answers = st.one_of(values, st.lists(st.one_of(changed(BILL), values), max_size=3), documents)


def check(result: dict[str, t.Any]) -> None:
    """A module's result says what happened."""
    assert result["failed"] is False or result["msg"].isprintable()


@settings(max_examples=MAX_EXAMPLES)
@given(answers)
def test_any_answer(
    run: Run, connection: dict[str, t.Any], simulator: Simulator, tmp_path: Path, answer: t.Any
) -> None:
    shutil.rmtree(tmp_path / "archive", ignore_errors=True)
    simulator.reset()
    simulator.fault("body", path=".", times=None, body=json.dumps(answer), content_type="application/json")
    selected = connection | {"retries": 0, "month": "2024-05"}
    bill = {"contract_id": "C-0N7RAC7", "invoice_id": 1234567890, "format": "json", "overwrite": "different"}
    for main, options in (
        (invoice_info.main, selected),
        (contract_info.main, connection),
        (account_switch_key_info.main, connection),
        (invoice_archive.main, selected | {"dest": str(tmp_path / "archive"), "formats": ["json"]}),
        (invoice_download.main, connection | bill | {"dest": str(tmp_path / "bill.json")}),
    ):
        check(run(main, options))


OPTIONS: dict[str, t.Any] = {
    **{"contract_id": "C-0N7RAC7", "invoice_id": 1234567890, "format": "pdf", "checksum": None, "mode": None},
    **{"overwrite": "never", "timeout": 5, "retries": 0, "columns": None},
}


# Ansible itself fails for NUL and for half a surrogate pair in options, and for an integer of 5,000 digits, before any
# module.
@settings(max_examples=MAX_EXAMPLES)
@given(st.dictionaries(st.sampled_from(list(OPTIONS)), values, max_size=3))
def test_any_option(run: Run, connection: dict[str, t.Any], tmp_path: Path, options: dict[str, t.Any]) -> None:
    given_options = connection | OPTIONS | {"dest": str(tmp_path / "bill.pdf")} | options
    if re.search("[\x00\ud800-\udfff]", json.dumps(given_options, ensure_ascii=False).replace("\\u0000", "\x00")):
        return
    result = run(invoice_download.main, {key: value for key, value in given_options.items() if value is not None})
    assert isinstance(result["failed"], bool)


@settings(max_examples=MAX_EXAMPLES)
@given(
    st.binary(max_size=60),
    st.one_of(values, st.lists(values, max_size=2)),
    st.binary(max_size=60),
    st.sampled_from(["size", "checksum"]),
)
def test_any_file(
    run: Run, connection: dict[str, t.Any], tmp_path: Path, content: bytes, found: t.Any, sums: bytes, verify: str
) -> None:
    dest = tmp_path / "archive"
    shutil.rmtree(dest, ignore_errors=True)
    path = dest / "C-0N7RAC7" / "2024-05" / "1234567890_v1.csv"
    os.makedirs(path.parent)
    path.write_bytes(content)
    (dest / "catalogue.json").write_text(json.dumps({"version": 1, "documents": found}), encoding="utf-8")
    (dest / "SHA256SUMS").write_bytes(sums)
    options = {
        "dest": str(dest),
        "month": "2024-05",
        "contract_ids": ["C-0N7RAC7"],
        "formats": ["csv"],
        "verify": verify,
    }
    done = run(invoice_archive.main, connection | options)
    assert done["failed"] is False
    assert run(invoice_archive.main, connection | options)["changed"] is False
