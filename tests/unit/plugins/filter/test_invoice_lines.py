# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The filters in templates, on values as ansible-core hands them over."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible import template as ansible_template
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import filter_loader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.edgebill.akamai_invoicing.plugins.filter import invoice_lines

# Before ansible-core 2.19 every text can be a template.
trust_as_template = getattr(ansible_template, "trust_as_template", str)
TOTALS, LINES = "{{ value | invoice_totals }}", "{{ value | invoice_lines }}"
DOCUMENT = """
INVOICE:
  INVOICE_CURRENCY: USD
  END_CUSTOMER:
    - END_CUSTOMER_ACCOUNT_ID: A-1
      INVOICE_LINE:
        - {PRODUCT: Ion, ITEM_TYPE: U, ITEM_TOTAL: 0.1, ITEM_UNITS: 3, TAGS: [a, {b: null}]}
        - {PRODUCT: Ion, ITEM_TYPE: U, ITEM_TOTAL: 0.2, ITEM_UNITS: null}
        - {PRODUCT: Credit, ITEM_TYPE: C, ITEM_TOTAL: "-0.30", ITEM_DESC: " {{ missing }} "}
"""


@pytest.fixture(autouse=True)
def _found() -> None:
    """Both filters, by their short names: not everywhere do these tests run on an installed collection."""
    filter_loader.add_directory(str(Path(invoice_lines.__file__).parent))


@pytest.fixture
def document() -> t.Any:
    """A document as the loader reads it from a file of variables, with what is not to be a template."""
    return wrap_var(DataLoader().load(DOCUMENT))


def template(text: str, value: t.Any = None) -> t.Any:
    """A template with a value as its variable."""
    return Templar(loader=DataLoader(), variables={"value": value}).template(trust_as_template(text))


def test_a_document_of_variables(document: t.Any) -> None:
    (totals,) = template(TOTALS, document)
    assert [totals[name] for name in ("currency", "total", "lines")] == ["USD", 0, 3]
    assert [(one["product"], one["total"]) for one in totals["by_product"]] == [("Ion", 0.3), ("Credit", -0.3)]
    lines = template(LINES, document)
    assert [(line["total"], line["units"]) for line in lines] == [(0.1, 3), (0.2, None), (-0.3, None)]
    assert lines[0]["extra"] == {"TAGS": ["a", {"b": None}]}
    # A result that other filters take.
    credits = "{{ value | invoice_lines | selectattr('total', 'lt', 0) | map(attribute='product') | first }}"
    assert template(credits, document) == "Credit"


def test_results_in_a_template_give_the_totals_of_the_document(document: t.Any) -> None:
    totals = template(TOTALS, document)
    assert template(TOTALS, template(LINES, document)) == totals
    (merged,) = template("{{ value | merge_totals }}", totals)
    assert merged == totals[0] | {"reconciled": None, "difference": None}
    assert template(TOTALS, [document, document])[0]["by_product"][0]["total"] == 0.6


def test_what_a_document_says_is_never_a_template(document: t.Any) -> None:
    document["INVOICE"]["END_CUSTOMER"][0]["INVOICE_LINE"][0]["PRODUCT"] = wrap_var(" {{ missing }} ")
    lines, totals = template(LINES, document), template(TOTALS, document)
    # Nor is it one in a variable that holds the result.
    for found in (lines, template("{{ value }}", lines)):
        assert (found[0]["product"], found[2]["description"]) == ("{{ missing }}", "{{ missing }}")
    for found in (totals, template("{{ value }}", totals)):
        assert found[0]["by_product"][1]["product"] == "{{ missing }}"


@pytest.mark.parametrize("name", ["invoice_totals", "invoice_lines"])
@pytest.mark.parametrize("value", ["missing", "{'INVOICE': {'END_CUSTOMER': missing}}"])
def test_what_is_undefined_is_an_error(name: str, value: str) -> None:
    with pytest.raises(AnsibleError, match="(?i)undefined"):
        template(f"{{{{ {value} | {name} }}}}")


@pytest.mark.parametrize("name", ["invoice_totals", "invoice_lines"])
def test_what_is_not_a_bill_is_an_error(name: str) -> None:
    with pytest.raises(AnsibleError, match=f"{name}: the input is a dictionary with the keys"):
        template(f"{{{{ value | {name} }}}}", {"title": "Access is denied"})
