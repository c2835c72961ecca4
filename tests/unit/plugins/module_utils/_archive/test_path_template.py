# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Path templates: what they accept, and that nothing the API says leads a path astray."""

from __future__ import annotations

import os
import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import OptionError
from ansible_collections.edgebill.akamai_invoicing.tests.unit.accepted import accepted, at_least
from hypothesis import given
from hypothesis import strategies as st

VALUES: dict[str, t.Any] = {
    "account_id": "A-CCT7890",
    "contract_id": "C-0N7RAC7",
    "month": "2024-05",
    "invoice_id": 17331001020,
    "invoice_type": "CREDIT_MEMO",
    "invoice_date": "2024-06-01",
    "format": "csv",
    "source_type": "regular",
    "file_version": 2,
}
NAMES = ("account_id", "contract_id", "month", "invoice_id", "invoice_type", "invoice_date", "file_version")


@pytest.mark.parametrize(
    ("template", "path"),
    [
        (DEFAULT_TEMPLATE, "C-0N7RAC7/2024-05/17331001020_v2.csv"),
        (
            "{account_id} {year}/{invoice_type}-{invoice_date}.{format}",
            "A-CCT7890 2024/CREDIT_MEMO-2024-06-01.csv",
        ),
        ("{source_type}/{{x}}.{ext}", "regular/{x}.csv"),
        ("Bücher/{invoice_id:}", "Bücher/17331001020"),
        ("{month}{month}", "2024-052024-05"),
    ],
)
def test_paths(template: str, path: str) -> None:
    assert PathTemplate(template).render(VALUES) == path


def test_text_in_brackets_is_for_compute_documents() -> None:
    template = PathTemplate("{invoice_id}[_usage][!].{ext}")
    assert template.render(VALUES) == "17331001020.csv"
    assert template.render(VALUES | {"source_type": "compute"}) == "17331001020_usage!.csv"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{invoice_id.__class__}", "not one of its fields"),
        ("{invoice_id[0]}", "not one of its fields"),
        ("{0}", "not one of its fields"),
        ("{}", "not one of its fields"),
        ("{file_name}", "{file_name} is not one of its fields: account_id, "),
        ("{invoice_id!r}", "{invoice_id!r} is not"),
        ("{invoice_id:>99}", "{invoice_id:>99} is not"),
        ("{invoice_id:{month}}", "is not one of"),
        ("{invoice_id", "its braces do not pair"),
        ("invoice_id}", "its braces do not pair"),
        ("/srv/{invoice_id}", "do not stay inside"),
        ("../{invoice_id}", "do not stay inside"),
        ("a/../{invoice_id}", "do not stay inside"),
        ("a/./{invoice_id}", "do not stay inside"),
        ("a//{invoice_id}", "do not stay inside"),
        ("{invoice_id}/", "do not stay inside"),
        ("a/[compute]/{invoice_id}", "do not stay inside"),
        (".[.]/{invoice_id}", "do not stay inside"),
        ("", "do not stay inside"),
        ("a\\b{invoice_id}", "a backslash"),
        ("a\nb{invoice_id}", "cannot be printed"),
        ("a\0b{invoice_id}", "cannot be printed"),
        ("a\udc80b{invoice_id}", "cannot be printed"),
        ("{invoice_id}[_compute", "square brackets"),
        ("{invoice_id}_compute]", "square brackets"),
        ("{invoice_id}[_{month}]", "square brackets"),
    ],
)
def test_refused_templates(template: str, reason: str) -> None:
    with pytest.raises(OptionError, match="path_template") as caught:
        PathTemplate(template)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("..", "_."),
        (".hidden", "_hidden"),
        ("a/b\\c\nd\0e", "a_b_c_d_e"),
        ("Müller & Co", "M_ller___Co"),
        ("", "unknown"),
        (None, "unknown"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_values_of_the_api_are_made_safe(value: t.Any, name: str) -> None:
    assert PathTemplate("{invoice_type}").render(VALUES | {"invoice_type": value}) == name


# Pieces of templates, good and bad, in any order.
TEMPLATES = st.lists(
    st.one_of(
        st.sampled_from([f"{{{name}}}" for name in (*NAMES, "year", "ext", "format", "source_type")]),
        st.sampled_from(["/", ".", "..", "[_compute]", "[/]", "[.]", "-", "~", "{{", "}}", "a", "//", "\\"]),
        st.text(max_size=3),
    ),
    max_size=8,
).map("".join)
HOSTILE = st.one_of(
    st.none(), st.integers(), st.sampled_from(["..", ".", "/", "../..", "~root", "a/../../b"]), st.text()
)


@at_least(8)
@given(
    template=TEMPLATES,
    values=st.fixed_dictionaries(dict.fromkeys(NAMES, HOSTILE)),
    format=st.sampled_from(["pdf", "csv", "json"]),
    source_type=st.sampled_from(["regular", "compute"]),
)
def test_no_template_and_no_bill_lead_out_of_the_archive(
    template: str, values: dict[str, t.Any], format: str, source_type: str
) -> None:
    try:
        made = PathTemplate(template)
    except OptionError:
        return
    path = made.render(values | {"format": format, "source_type": source_type})
    accepted()
    root = "/srv/bills"
    full = os.path.normpath(os.path.join(root, path))
    assert full == f"{root}/{path}"
    assert path.isprintable()
    assert "\\" not in path
    path.encode()


@pytest.mark.parametrize("source_type", ["regular", "compute"])
@pytest.mark.parametrize(
    "template",
    [
        DEFAULT_TEMPLATE,
        "{year}/{month}/{account_id}_{contract_id}_{invoice_id}-{file_version}[.c].{format}",
        "{contract_id}/{source_type}/{contract_id}_{invoice_id}[x]_{file_version}[y].{ext}",
    ],
)
def test_paths_are_read_back(template: str, source_type: str) -> None:
    made = PathTemplate(template)
    found = made.parse(made.render(VALUES | {"source_type": source_type}))
    assert found is not None
    wanted = VALUES | {"source_type": source_type, "year": "2024", "ext": "csv"}
    assert {"contract_id", "invoice_id", "file_version", "source_type", "format"} <= found.keys()
    assert all(value == str(wanted[name]) for name, value in found.items())


@pytest.mark.parametrize(
    "path",
    ["README", "C-1/2024-05/x_v1.pdf", "C-1/2024-05/1_v1.exe", "C-1/2024-05/1_v1.pdf~", "a/C-1/2024-05/1_v1.pdf"],
)
def test_other_files_are_not_documents(path: str) -> None:
    assert PathTemplate(DEFAULT_TEMPLATE).parse(path) is None
