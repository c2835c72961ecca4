# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: invoice
author: The edgebill.akamai_invoicing contributors (@edgebill)
short_description: Read the content of an Akamai bill
version_added: 0.1.0
description:
  - Downloads documents of Akamai bills (invoices, credit memos, debit memos) and returns their lines and totals.
  - No file is kept. To keep a document, use the module M(edgebill.akamai_invoicing.invoice_download). This lookup can
    read the kept document with O(path).
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._edgegrid.plugins
  - edgebill.akamai_invoicing._columns
options:
  _terms:
    description:
      - The invoice IDs (C(invoiceId)) of the bills. All of them are downloaded in one session.
      - Optional with O(path). When it is given, a JSON document must belong to that bill.
    type: list
    elements: int
  contract_id:
    description:
      - The contract of the bills, such as V(C-0N7RAC71).
      - Required unless O(path) or O(archive) is given.
    type: str
  source_type:
    description:
      - V(regular) reads the JSON document of the Control Center services.
      - V(compute) reads the CSV document with the usage of Cloud Computing, which exists from February 2024 on.
    type: str
    choices:
      - regular
      - compute
    default: regular
  query:
    description:
      - A L(JMESPath,https://jmespath.org/specification.html) expression that is applied to the JSON document.
        Its result is returned in place of the dictionary.
      - Needs the Python library jmespath. Not possible for CSV documents.
      - JMESPath adds binary floating-point numbers. For exact sums use RV(_raw[].totals).
    type: str
  path:
    description:
      - A JSON or CSV document on the controller, which is read in place of a request.
        Neither the network nor credentials are needed.
      - A relative path starts at the current directory of C(ansible-playbook).
      - Mutually exclusive with O(archive).
    type: path
  archive:
    description:
      - The root of an archive on the controller, as M(edgebill.akamai_invoicing.invoice_archive) keeps it.
        The documents are found in its catalogue and read in place of requests.
        Neither the network nor credentials are needed.
      - A document whose checksum differs from the catalogue is an error.
      - The newest version is read, from its JSON document if there is one, else from its CSV document.
      - Mutually exclusive with O(path).
    type: path
requirements:
  - jmespath (only for O(query))
notes:
  - A lookup runs on the controller, once each time its value is used, for each host. A variable that contains a lookup
    downloads the bill with each use. To download it once, keep the result with M(ansible.builtin.set_fact) and
    C(run_once), as in the examples.
  - C(lookup(\)) returns the only result, or a list when there are several, and joins strings with commas.
    C(query(\)) always returns a list.
  - All lines of a document are held in memory. For usage files of many megabytes use
    M(edgebill.akamai_invoicing.invoice_download), which returns only the totals.
seealso:
  - module: edgebill.akamai_invoicing.invoice_archive
  - module: edgebill.akamai_invoicing.invoice_download
  - plugin: edgebill.akamai_invoicing.invoices
    plugin_type: lookup
  - plugin: edgebill.akamai_invoicing.invoice_lines
    plugin_type: filter
  - plugin: edgebill.akamai_invoicing.invoice_totals
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Download a bill once
  ansible.builtin.set_fact:
    bill: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7') }}"
  run_once: true

- name: Show the sum for each product, if the amounts of the bill could be read
  ansible.builtin.debug:
    msg: "{{ item.product }}: {{ item.total }} {{ item.currency }} of {{ bill.totals.total }}"
  loop: "{{ bill.totals.by_product | default([]) }}"
  loop_control:
    label: "{{ item.product }}"

- name: Download several bills in one session
  ansible.builtin.debug:
    msg: "{{ bills | map(attribute='totals.total') }}"
  vars:
    bills: "{{ query('edgebill.akamai_invoicing.invoice', 1234567890, 17009800000, contract_id='C-0N7RAC7') }}"

- name: Select the lines of some products with JMESPath
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7', query=expression) }}"
  vars:
    expression: "INVOICE.END_CUSTOMER[].INVOICE_LINE[] | [?contains(PRODUCT, 'Control')].[ITEM_DESC, ITEM_TOTAL]"

- name: Add up the usage of Cloud Computing
  ansible.builtin.debug:
    msg: "{{ usage.totals.total }} {{ usage.totals.currency }}"
  vars:
    usage: >-
      {{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7', source_type='compute') }}

- name: Read a bill of another account
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', 17309800000, contract_id='3-1EFAKE').totals.by_customer }}"
  vars:
    akamai_account_switch_key: A-CCT5432:A-CCT7890

- name: Keep the JSON document on the controller
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: json
    dest: /srv/bills/
    create_dirs: true
  delegate_to: localhost
  register: document

- name: Read it without a request
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', path=document.path).lines }}"
  # In check mode the file may not exist yet.
  when: document.path is file

- name: Read a bill from an archive
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, archive='/srv/bills').totals }}"
  when: "'/srv/bills/catalogue.json' is file"
"""

RETURN = r"""
_raw:
  description:
    - One entry for each bill. With O(query) it is the result of the query, else a dictionary.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more digits than
      a number can carry.
  type: list
  elements: raw
  contains:
    invoice:
      description: The JSON document. V(null) for a CSV document.
      type: dict
    lines:
      description:
        - The lines for all customers of the bill as one list, with the same keys for every document. The keys are
          those of the filter P(edgebill.akamai_invoicing.invoice_lines#filter).
        - A value that a document does not provide is V(null).
        - V(null) in place of the list when RV(_raw[].totals_error) is not V(null).
      type: list
      elements: dict
    totals:
      description:
        - The exact sums of the lines, with the keys of
          RV(edgebill.akamai_invoicing.invoice_download#module:totals).
        - V(null) when RV(_raw[].totals_error) is not V(null).
      type: dict
      contains:
        currency:
          description: The currency, V(null) if the document does not name one, or has several.
          type: str
        total:
          description:
            - The sum of all lines, V(null) if one of them has no amount, because the sum is not known then.
            - With several currencies it is only in RV(_raw[].totals.by_currency), like the next two.
          type: float
        services:
          description: The part for services, V(null) if no line names it.
          type: float
        taxes:
          description: The part for taxes, V(null) if no line names it.
          type: float
        lines:
          description: The number of lines.
          type: int
        by_product:
          description: The sum of each product, the largest first.
          type: list
          elements: dict
        by_customer:
          description: The sum of each end customer, the largest first.
          type: list
          elements: dict
        by_item_type:
          description: The sum of each item type, the largest first.
          type: list
          elements: dict
        by_currency:
          description: The sums of each currency.
          type: list
          elements: dict
        reconciled:
          description:
            - Whether the lines add up to the bill. A difference is reported as a warning.
            - V(null) without O(archive), since only a catalogue has the bill's own total. V(null) too for a usage
              file that does not add up to the bill, since it may cover only a part of it.
          type: bool
        difference:
          description: The sum of the lines minus the bill's own total, V(null) if RV(_raw[].totals.reconciled) is.
          type: float
        ignored_rows:
          description: Number of rows that are neither lines nor totals of lines, such as footers and repeated headings.
          type: int
        encoding:
          description: The encoding of the document, such as V(utf-8), V(utf-16), or V(windows-1252).
          type: str
        warnings:
          description: Sentences about parts that are V(null) because their column cannot be read.
          type: list
          elements: str
      sample:
        currency: USD
        total: 50000.42
        services: 41667.01
        taxes: 8333.4
        lines: 2
        by_product:
          - {product: Ion Premier, currency: USD, total: 50000.39, lines: 1}
          - {product: Access Control, currency: USD, total: 0.03, lines: 1}
        by_customer:
          - {customer_id: A-CCT7890, customer_name: Main Street Corporation, currency: USD, total: 50000.42, lines: 2}
        by_item_type:
          - {item_type: R, currency: USD, total: 50000.39, lines: 1}
          - {item_type: U, currency: USD, total: 0.03, lines: 1}
        by_currency:
          - {currency: USD, total: 50000.42, services: 41667.01, taxes: 8333.4, lines: 2}
        reconciled: null
        difference: null
        ignored_rows: 0
        encoding: utf-8
        warnings: []
    totals_error:
      description:
        - Why the amounts of the document cannot be read, in a sentence that names the place and what to do. This is
          reported as a warning too. V(null) if they can be read.
      type: str
      sample: null
"""

import os
import typing as t
from decimal import Decimal

from ansible import constants
from ansible.plugins.lookup import LookupBase
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.download import download_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.columns import parse_columns
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import document_name
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.json_document import JsonDocument
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    read_document,
    totals_of,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.validation import (
    detect_format,
    find_flaw,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    DocumentError,
    FileError,
    NotABillError,
    OptionError,
    counted,
    file_error,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import StagedFile, sha256
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.amounts import to_plain_data
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import (
    Spec,
    check_contract_id,
    check_invoice_id,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._lookup import (
    compile_query,
    display,
    lookup_errors,
    open_session,
    read_options,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session

# Removed when ansible-playbook ends, however a task ends.
LOCAL_TMP: str = vars(constants)["DEFAULT_LOCAL_TMP"]
SPEC = Spec(mutually_exclusive=(("path", "archive"),), required_one_of=(("contract_id", "path", "archive"),))


def format_of_file(path: str) -> str:
    """The format of a document on disk, ``json`` or ``csv``. Raises FileError, and DocumentError for other files."""
    try:
        format = detect_format(path)
        flaw = find_flaw(path, format)
    except OSError as exc:
        raise file_error("read", path, exc) from exc
    if format == "pdf":
        flaw = "is a PDF"
    if flaw:
        raise DocumentError(f"{path} {flaw}. Name a JSON or CSV document of a bill.", path=path)
    return format


def read_bill(
    path: str,
    format: str,
    options: Mapping[str, t.Any],
    invoice_id: int | None = None,
    entry: Entry | None = None,
) -> dict[str, t.Any]:
    """One document as the lookup returns it; ``entry`` is its description in a catalogue.

    Amounts that cannot be read are named in ``totals_error``. Raises FileError, NotABillError for the document of
    another bill, and DocumentError for what is no JSON.
    """
    source_type, columns = options["source_type"], options["columns"]
    currency = entry.invoice_currency if entry else None
    bill_total = None if entry is None or entry.invoice_total is None else Decimal(str(entry.invoice_total))
    result: dict[str, t.Any] = {"invoice": None, "lines": None, "totals": None, "totals_error": None}
    try:
        # Parsed once, for all that is returned.
        document = read_document(path, format, source_type, currency=currency, columns=columns)
        if isinstance(document, JsonDocument):
            result["invoice"] = to_plain_data(document.data)
        totals = totals_of(document, bill_total, currency, source_type, invoice_id)
        lines = list(document)
    except DocumentError as exc:
        # What is no JSON has no content to return.
        if isinstance(exc, NotABillError) or (format == "json" and result["invoice"] is None):
            raise
        return result | {"totals_error": str(exc)}
    return result | {"lines": lines, "totals": totals}


def finish(result: dict[str, t.Any], search: Callable[[t.Any], t.Any] | None, subject: str) -> t.Any:
    """What is returned: the document, with a warning for all that is not known of it, or the result of the query."""
    if search:
        return search(result["invoice"])
    problems = [result["totals_error"]] if result["totals_error"] else result["totals"]["warnings"]
    for problem in problems:
        display.warning(f"{subject}{problem}")
    return result


def from_path(options: Mapping[str, t.Any], invoice_ids: list[int]) -> list[t.Any]:
    """What the lookup returns of a document on disk. Raises InvoicingError."""
    path = options["path"]
    if len(invoice_ids) > 1:
        raise OptionError(
            f"path is the document of one bill, but {counted(len(invoice_ids), 'invoice ID')} were given: give one."
        )
    format = format_of_file(path)
    search = compile_query(options["query"], format)
    return [finish(read_bill(path, format, options, invoice_ids[0] if invoice_ids else None), search, "")]


def from_archive(options: Mapping[str, t.Any], invoice_ids: list[int]) -> list[t.Any]:
    """What the lookup returns of bills in an archive. Raises InvoicingError."""
    if not invoice_ids:
        raise OptionError("archive was given without invoice IDs: name the bills to read.")
    catalogue = Catalogue.of_archive(options["archive"])
    results = []
    for invoice_id in invoice_ids:
        entry = catalogue.document(invoice_id, options["contract_id"], options["source_type"])
        search = compile_query(options["query"], entry.format)
        path = os.path.join(catalogue.root, entry.path)
        if sha256(path) != entry.sha256:
            raise FileError(
                f"{path} has been altered: its checksum differs from the catalogue. "
                "Run invoice_archive with verify=checksum, which downloads it again.",
                path=path,
            )
        result = read_bill(path, entry.format, options, invoice_id, entry)
        results.append(finish(result, search, ""))
        if search is None and result["totals"] and result["totals"]["reconciled"] is False:
            display.warning(
                f"The invoice total of bill {invoice_id} of contract {entry.contract_id} is {entry.invoice_total} "
                f"{entry.invoice_currency}, but the sum of the lines of {entry.path} is {result['totals']['total']}."
            )
    return results


def from_api(options: Mapping[str, t.Any], invoice_ids: list[int]) -> list[t.Any]:
    """What the lookup returns of bills that it downloads. Raises InvoicingError."""
    contract_id, source_type = check_contract_id(options["contract_id"]), options["source_type"]
    format = "csv" if source_type == "compute" else "json"
    search = compile_query(options["query"], format)

    def download(session: Session, invoice_id: int) -> t.Any:
        name = document_name(contract_id, invoice_id, format, source_type)
        subject = f"Bill {invoice_id} of contract {contract_id}: "
        with StagedFile(name, LOCAL_TMP) as staged, lookup_errors(subject, staged.path):
            download_document(session, contract_id, invoice_id, format, source_type, staged)
            result = read_bill(staged.path, format, options, invoice_id)
            if result["totals_error"]:
                result["totals_error"] = result["totals_error"].replace(staged.path, "The document")
            return finish(result, search, subject)

    with open_session(options) as session:
        return [download(session, invoice_id) for invoice_id in invoice_ids]


class LookupModule(LookupBase):
    """Documents of bills as values."""

    def run(self, terms: list[t.Any], variables: Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        """Return what was asked for of each bill."""
        with lookup_errors():
            options = read_options(self, variables, kwargs, SPEC)
            options["columns"] = parse_columns(options["columns"])
            invoice_ids = [check_invoice_id(term) for term in self._flatten(terms)]
            if options["path"] is not None:
                return from_path(options, invoice_ids)
            if options["archive"] is not None:
                return from_archive(options, invoice_ids)
            return from_api(options, invoice_ids)
