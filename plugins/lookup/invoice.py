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
  - Fetches documents of Akamai bills (invoices, credit memos, debit memos) and returns their lines and totals.
  - Nothing is kept on disk. To keep a document, use the module M(edgebill.akamai_invoicing.invoice_download).
    This lookup can read the document from there with O(path).
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._edgegrid.plugins
options:
  _terms:
    description:
      - The numbers of the bills (C(invoiceId)). All of them are fetched over one session.
      - With O(path) it can be left out. When it is given, a JSON document must be the one of that bill.
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
      - A relative path begins at the current directory of C(ansible-playbook).
    type: path
  archive:
    description:
      - The root of an archive on the controller, as M(edgebill.akamai_invoicing.invoice_archive) keeps it.
        The documents are found in its catalogue, and read in place of requests.
        Neither the network nor credentials are needed.
      - A document that is not the one that the catalogue describes, by its checksum, is an error.
      - Of several versions the newest is read, its JSON document if there is one, else its CSV document.
      - Mutually exclusive with O(path).
    type: path
requirements:
  - jmespath (only for O(query))
notes:
  - A lookup runs on the controller, again each time its value is used, for each host. A variable that holds a lookup
    fetches the bill with each use. To fetch it once, keep the result with M(ansible.builtin.set_fact) and C(run_once),
    see the examples.
  - C(lookup(\)) returns the only result, or a list when there are several, and joins strings with commas.
    C(query(\)) always returns a list.
  - All lines of a document are held in memory. For usage files of many megabytes use
    M(edgebill.akamai_invoicing.invoice_download), which returns the totals only.
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
- name: Keep a bill, so that it is fetched once
  ansible.builtin.set_fact:
    bill: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, contract_id='C-0N7RAC7') }}"
  run_once: true

- name: Show the sum for each product
  ansible.builtin.debug:
    msg: "{{ item.product }}: {{ item.total }} {{ item.currency }} of {{ bill.totals.total }}"
  loop: "{{ bill.totals.by_product }}"
  loop_control:
    label: "{{ item.product }}"

- name: Fetch several bills over one session
  ansible.builtin.debug:
    msg: "{{ bills | map(attribute='totals.total') }}"
  vars:
    bills: "{{ query('edgebill.akamai_invoicing.invoice', 1234567890, 17009800000, contract_id='C-0N7RAC7') }}"

- name: Ask for the lines of some products with JMESPath
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

- name: Fetch a bill of another account
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', 17309800000, contract_id='3-1EFAKE').totals.by_customer }}"
  vars:
    akamai_account_switch_key: A-CCT5432:A-CCT7890

- name: Download the document, and read it without a request from then on
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: json
    dest: /srv/bills/
    create_dirs: true
  register: document

- name: Show the lines
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', path=document.path).lines }}"

- name: Read a bill from an archive
  ansible.builtin.debug:
    msg: "{{ lookup('edgebill.akamai_invoicing.invoice', 1234567890, archive='/srv/bills').totals }}"
"""

RETURN = r"""
_raw:
  description:
    - One entry for each bill. With O(query) it is the result of the query, else a dictionary.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more of them than
      a number carries.
  type: list
  elements: raw
  contains:
    invoice:
      description: The JSON document as it came. V(null) for a CSV document.
      type: dict
    lines:
      description:
        - The lines for all customers of the bill as one list, with the same keys for every document. They are those of
          the filter P(edgebill.akamai_invoicing.invoice_lines#filter).
        - What a document does not tell is V(null).
      type: list
      elements: dict
    totals:
      description:
        - The exact sums of the lines, with the keys of
          RV(edgebill.akamai_invoicing.invoice_download#module:totals).
      type: dict
      contains:
        currency:
          description: The currency, V(null) if the document does not tell, or holds several.
          type: str
        total:
          description:
            - The sum of all lines, V(null) if one of them has no amount, since the sum is not known then.
            - With several currencies it is in RV(_raw[].totals.by_currency) only, like the next two.
          type: float
        services:
          description: The part for services, V(null) if no line tells.
          type: float
        taxes:
          description: The part for taxes, V(null) if no line tells.
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
            - Whether the lines add up to the bill. A difference warns.
            - Only the catalogue of an O(archive) knows the bill's own total, else it is V(null). So it is for a usage
              file that does not add up to the bill, since it may tell a part of it.
          type: bool
        difference:
          description: What the lines have more than the bill, V(null) if RV(_raw[].totals.reconciled) is.
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
"""

import json
import os
import traceback
import typing as t
from decimal import Decimal

from ansible import constants
from ansible.plugins.lookup import LookupBase
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Invoicing
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.problems import printable
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import document_name
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import (
    document_totals,
    read_document,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    DocumentError,
    FileError,
    MissingLibraryError,
    OptionError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import StagedFile, sha256
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._money.amounts import to_plain_data
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import (
    Spec,
    check_contract_id,
    check_invoice_id,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.plugin_utils._lookup import (
    display,
    lookup_errors,
    open_session,
    read_options,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Removed when ansible-playbook ends, however a task ends.
LOCAL_TMP: str = vars(constants)["DEFAULT_LOCAL_TMP"]
SPEC = Spec(mutually_exclusive=(("path", "archive"),), required_one_of=(("contract_id", "path", "archive"),))


def document_format(options: Mapping[str, t.Any]) -> str:
    """The format to read: of a file by the ending of its name, else by how it begins. Raises InvoicingError."""
    path: str | None = options["path"]
    if path is None:
        return "csv" if options["source_type"] == "compute" else "json"
    ending = os.path.splitext(path)[1].lower()
    if ending in (".json", ".csv"):
        return ending[1:]
    try:
        with open(path, "rb") as file:
            start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as exc:
        raise FileError(f"Cannot read {path}: {exc.strerror}.", path=path) from exc
    if start.startswith(b"%PDF-"):
        raise DocumentError(f"{path} is a PDF. Only JSON and CSV documents can be read.", path=path)
    return "json" if start.startswith(b"{") else "csv"


def compile_query(expression: str | None, format: str) -> Callable[[t.Any], t.Any] | None:
    """What applies the expression to a JSON document. Raises OptionError and MissingLibraryError."""
    if expression is None:
        return None
    if format != "json":
        raise OptionError(f"query reads JSON documents, and this one is {format}: use its lines and totals.")
    try:
        import jmespath
    except ImportError as exc:
        raise MissingLibraryError("jmespath", traceback.format_exc()) from exc
    try:
        compiled = jmespath.compile(str(expression))
    except jmespath.exceptions.JMESPathError as exc:
        raise OptionError(f"query is not a JMESPath expression: {exc}") from exc

    def search(document: t.Any) -> t.Any:
        try:
            return compiled.search(document)
        except jmespath.exceptions.JMESPathError as exc:
            # The message may quote all of the document.
            raise OptionError(f"The query {expression} fails on the document: {printable(exc)}") from exc

    return search


def read_json(path: str) -> dict[str, t.Any]:
    """A whole JSON document in plain types. Raises DocumentError and FileError."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(), parse_float=Decimal)
    except OSError as exc:
        raise FileError(f"Cannot read {path}: {exc.strerror}.", path=path) from exc
    except (ValueError, RecursionError) as exc:
        raise DocumentError(f"{path} is not a whole JSON document ({exc}). Fetch it again.", path=path) from exc
    if not isinstance(document, dict):
        raise DocumentError(f"{path} is not the JSON document of a bill, which is an object.", path=path)
    plain: dict[str, t.Any] = to_plain_data(document)
    return plain


def check_number(document: Mapping[str, t.Any], path: str, invoice_id: int) -> None:
    """Refuse the document of another bill. One that tells no number is taken as it is. Raises DocumentError."""
    for part in (document, *document.values()):
        found = part.get("INVOICE_ID") if isinstance(part, dict) else None
        if found is not None and str(found) != str(invoice_id):
            raise DocumentError(f"{path} is bill {found}, not {invoice_id}.", path=path)


def content(
    path: str,
    format: str,
    source_type: str,
    search: Callable[[t.Any], t.Any] | None,
    invoice_id: int | None = None,
    *,
    bill_total: Decimal | None = None,
    currency: str | None = None,
) -> t.Any:
    """What the lookup returns of one document. Raises InvoicingError."""
    invoice = read_json(path) if format == "json" else None
    if invoice and invoice_id is not None:
        check_number(invoice, path, invoice_id)
    if search:
        return search(invoice)
    return {
        "invoice": invoice,
        "lines": list(read_document(path, format, source_type, currency=currency)),
        "totals": document_totals(path, format, source_type, bill_total, currency),
    }


def archived(options: Mapping[str, t.Any], invoice_ids: list[int]) -> list[t.Any]:
    """What the lookup returns of bills in an archive. Raises InvoicingError."""
    catalogue = Catalogue.of_archive(options["archive"])
    results = []
    for invoice_id in invoice_ids:
        entry = catalogue.document(invoice_id, options["contract_id"], options["source_type"])
        search = compile_query(options["query"], entry.format)
        path = os.path.join(catalogue.root, entry.path)
        if sha256(path) != entry.sha256:
            raise FileError(
                f"{path} is not the document that was put there: its checksum is not that of the catalogue. "
                "Run invoice_archive with verify=checksum, which fetches it again.",
                path=path,
            )
        result = content(
            path,
            entry.format,
            entry.source_type,
            search,
            invoice_id,
            bill_total=None if entry.invoice_total is None else Decimal(str(entry.invoice_total)),
            currency=entry.invoice_currency,
        )
        if search is None and result["totals"]["reconciled"] is False:
            display.warning(
                f"Bill {invoice_id} says {entry.invoice_total} {entry.invoice_currency}, and the lines of {entry.path} "
                f"come to {result['totals']['total']}."
            )
        results.append(result)
    return results


class LookupModule(LookupBase):
    """Documents of bills as values."""

    def run(self, terms: list[t.Any], variables: Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        """Return what was asked for of each bill."""
        with lookup_errors():
            options = read_options(self, variables, kwargs, SPEC)
            path, contract_id, source_type = options["path"], options["contract_id"], options["source_type"]
            invoice_ids = [check_invoice_id(term) for term in self._flatten(terms)]
            if options["archive"] is not None:
                if not invoice_ids:
                    raise OptionError("archive was given without invoice IDs: name the bills to read.")
                return archived(options, invoice_ids)
            format = document_format(options)
            search = compile_query(options["query"], format)
            if path is not None:
                if len(invoice_ids) > 1:
                    raise OptionError(f"path is the document of one bill, and {len(invoice_ids)} bills are asked for.")
                return [content(path, format, source_type, search, *invoice_ids)]
            check_contract_id(contract_id)

            def fetch(invoicing: Invoicing, invoice_id: int) -> t.Any:
                name = document_name(contract_id, invoice_id, format, source_type)
                subject = f"Bill {invoice_id} of contract {contract_id}: "
                with lookup_errors(subject), StagedFile(name, LOCAL_TMP) as staged:
                    invoicing.download(contract_id, invoice_id, format, source_type, staged)
                    return content(staged.path, format, source_type, search, invoice_id)

            with open_session(options) as session:
                return [fetch(Invoicing(session), invoice_id) for invoice_id in invoice_ids]
