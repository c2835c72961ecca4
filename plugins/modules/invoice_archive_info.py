#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: invoice_archive_info
short_description: Verify an archive of Akamai bills, and list what it has and what is missing
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Reads archives that M(edgebill.akamai_invoicing.invoice_archive) keeps. Verifies their documents, and lists their
    bills, the months without a bill, and the bills whose lines do not add up.
  - Only reads. It needs no network, no credentials, no Python libraries, and no permission to write, so that it also
    verifies a backup or a read-only copy.
  - Takes the sums of bills from the catalogue. Documents are read only to verify them, and for O(describe_columns).
  - Other runs may write to the archive at the same time. What they change meanwhile is read again, and what they have
    not completed is reported as a problem of the kind V(unfinished).
extends_documentation_fragment:
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.info_module
options:
  src:
    description:
      - The root of an archive, or a list of several. A bill that is in several of them counts once.
      - A directory that is no archive, or the archive of a later release, is an error.
    type: list
    elements: path
    required: true
  month:
    description:
      - Select the bills of this month, as V(YYYY-MM), V(last_month) or V(this_month), today's date being that in UTC.
      - By default the bills of all months are selected.
      - Mutually exclusive with O(from_month) and O(to_month).
    type: str
  from_month:
    description:
      - The first of several months, in any form that O(month) takes. It is included.
      - Mutually exclusive with O(month).
    type: str
  to_month:
    description:
      - The last of several months, in any form that O(month) takes. It is included.
      - By default V(this_month). Requires O(from_month).
      - Mutually exclusive with O(month).
    type: str
  contract_ids:
    description:
      - Select the bills of these contracts, such as V(C-0N7RAC71). By default those of all contracts.
      - A contract that has no bill at all is reported in RV(missing_months), if months are selected.
      - An empty list is an error.
    type: list
    elements: str
  invoice_types:
    description:
      - Select bills of these types, such as V(INVOICE), V(CREDIT_MEMO) and V(DEBIT_MEMO), in upper or lower case. By
        default all types.
      - RV(missing_months) does not depend on it. An empty list is an error.
    type: list
    elements: str
  verify:
    description:
      - How the selected documents are compared with the catalogue.
      - V(none) does not look at them, V(size) compares their sizes, V(sha256) reads them and compares their SHA-256.
      - V(full) does that too. It also verifies, whatever is selected, that each line of C(journal.jsonl) continues the
        line before it, that the journal, C(SHA256SUMS) and the catalogue agree, and that each file belongs to the
        archive.
    type: str
    choices: [none, size, sha256, full]
    default: size
  fail_on:
    description:
      - Fail if one of these was found. The task returns the same result as without it.
      - V(damaged) is any of RV(problems), except for the kinds V(stray) and V(unfinished).
      - V(missing) is a document that is gone, or a month in RV(missing_months).
      - V(unreconciled) is a bill in RV(unreconciled).
    type: list
    elements: str
    choices: [damaged, missing, unreconciled]
    default: []
  since:
    description:
      - Return in RV(new_bills) the selected bills of which documents were downloaded at this date or later, in UTC. A
        date such as V(2026-11-05), or a month in any form that O(month) takes, which is its first day.
      - A document from the time before catalogues had a date for it never counts as new.
    type: str
  returned:
    description:
      - Whether to return RV(bills), which can be many.
    type: str
    choices: [all, none]
    default: all
  describe_columns:
    description:
      - Return in RV(descriptions) what the selected CSV documents look like, their headings and the kinds of their
        values, but no value. Akamai does not publish the headings of its CSV files. With this description you can ask
        for help with a document whose amounts cannot be read, and keep the amounts to yourself.
    type: bool
    default: false
seealso:
  - module: edgebill.akamai_invoicing.invoice_archive
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
    description: Reads a document from an archive, without network.
requirements:
  - Python >= 3.9
"""

EXAMPLES = r"""
- name: Verify all documents, and fail if one is damaged or a month is missing
  edgebill.akamai_invoicing.invoice_archive_info:
    src: /srv/bills
    verify: full
    fail_on: [damaged, missing]
    returned: none

- name: List the bills of last month in two archives
  edgebill.akamai_invoicing.invoice_archive_info:
    src:
      - /srv/bills
      - /srv/bills_of_tokyo
    month: last_month
  register: archived

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.invoice_type }} {{ item.invoice_id }}: {{ item.invoice_total }} {{ item.invoice_currency }}"
  loop: "{{ archived.bills }}"
  loop_control:
    label: "{{ item.contract_id }}"

- name: List what was downloaded since November 2026
  edgebill.akamai_invoicing.invoice_archive_info:
    src: /srv/bills
    since: 2026-11
    verify: none
    returned: none
  register: news

- name: Show the new bills
  ansible.builtin.debug:
    msg: "{{ item.invoice_id }} is {{ item.reason }}: {{ item.total }} {{ item.currency }}, due {{ item.due_date }}"
  loop: "{{ news.new_bills }}"
  loop_control:
    label: "{{ item.contract_id }}"

- name: Describe the CSV documents of a month
  edgebill.akamai_invoicing.invoice_archive_info:
    src: /srv/bills
    month: 2024-05
    describe_columns: true
    returned: none
  register: described

- name: Show what may be shared, which is the same for most documents
  ansible.builtin.debug:
    msg: "{{ described.descriptions | map(attribute='layout') | unique }}"
"""

RETURN = r"""
bills:
  description:
    - The selected bills by month, contract and invoice ID, each once. At most 10,000 of them, with a warning if there
      are more. RV(counts) and RV(totals) are about all. Empty with O(returned=none).
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  contains:
    account_id:
      description: The account of the bill, V(null) if it is not known, as in each of these fields.
      type: str
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The invoice ID.
      type: int
    invoice_type:
      description: The type of the bill.
      type: str
    invoice_date:
      description: The date of the bill.
      type: str
    invoice_due_date:
      description: The date when the bill is due.
      type: str
    invoice_currency:
      description: The currency of the bill.
      type: str
    invoice_total:
      description: The total of the bill.
      type: float
    month:
      description: The month of usage.
      type: str
    totals:
      description:
        - The sums of the lines of its JSON document, else of its CSV document, else of its usage file, one entry for
          each currency. Of several versions the newest counts. Empty if no document has lines that can be read.
      type: list
      elements: dict
      contains:
        currency:
          description: The currency.
          type: str
        total:
          description: The sum of all lines, V(null) if it is not known.
          type: float
        services:
          description: The part for services, V(null) if it is not known.
          type: float
        taxes:
          description: The part for taxes, V(null) if it is not known.
          type: float
        lines:
          description: The number of lines.
          type: int
    reconciled:
      description: Whether the lines add up to the total of the bill, V(null) if one of the two is not known.
      type: bool
    difference:
      description: The sum of the lines minus the total of the bill, V(null) if one of the two is not known.
      type: float
    documents:
      description: Its documents, in all versions and archives.
      type: list
      elements: dict
      contains:
        path:
          description: Where the document is.
          type: str
        format:
          description: The format of the document.
          type: str
        source_type:
          description: Which services the document is about.
          type: str
        file_version:
          description: The version of the document.
          type: int
        size:
          description: The size in bytes, as the catalogue has it.
          type: int
        sha256:
          description: The SHA-256 in hexadecimal, as the catalogue has it.
          type: str
        fetched:
          description: When it was downloaded, in UTC, V(null) if that is not known.
          type: str
        replaces:
          description: The SHA-256 of the version before it, V(null) if there is none.
          type: str
        totals_error:
          description: Why its amounts cannot be read, V(null) if they can, and for a PDF.
          type: str
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 1234567890
      month: 2024-05
      account_id: A-CCT7890
      invoice_type: INVOICE
      invoice_date: "2024-06-01"
      invoice_currency: USD
      invoice_total: 50000.42
      invoice_due_date: "2024-07-01"
      totals:
        - {currency: USD, total: 50000.42, services: 41667.01, taxes: 8333.4, lines: 2}
      reconciled: true
      difference: 0
      documents:
        - path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1.csv
          format: csv
          source_type: regular
          file_version: 1
          size: 667
          sha256: c12394cfd7acb0d9f80f832300bf75b8009ac45f527f2c70e1a34ceefaf070cb
          fetched: "2026-11-28T05:30:04Z"
          replaces: null
          totals_error: null
problems:
  description:
    - What is not as it should be, the documents first. At most 1,000 of them, with a warning if there are more.
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  contains:
    kind:
      description:
        - V(gone), V(size), V(altered) and V(unreadable) are about documents that are not there, that have another size
          or another SHA-256, and that cannot be read.
        - V(catalogue), V(checksums) and V(journal) are about entries that cannot be used, and about records that
          contradict each other.
        - V(conflict) is a document that two archives have with different contents.
        - V(stray) is a file that does not belong to the archive, only with O(verify=full).
        - V(unfinished) is the work of a run that is under way, or that was ended.
      type: str
    path:
      description: The file that it is about.
      type: str
    msg:
      description: What was found, and what to do next.
      type: str
  sample:
    - kind: altered
      path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1.pdf
      msg: "C-0N7RAC7/2024-05/1234567890_v1.pdf was altered: it has another SHA-256. Run invoice_archive with
        verify=checksum for its month to download it again; an older version can be restored only from a backup."
missing_months:
  description:
    - The months without any bill, by contract. Contracts without such a month are left out.
    - By default the months between the first bill of the contract and its last. If months are selected, all of these
      that are over, but none before the contract's first bill.
  returned: success, and when O(fail_on) has failed the task
  type: dict
  sample:
    C-0N7RAC7: [2020-02]
unreconciled:
  description:
    - The selected bills whose lines do not add up to their total. At most 1,000 of them, with a warning if there are
      more.
    - A bill of which one of the two is not known is none of them, and is counted in RV(counts.unknown).
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  contains:
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The invoice ID.
      type: int
    month:
      description: The month of usage.
      type: str
    currency:
      description: The currency.
      type: str
    invoice_total:
      description: The total of the bill.
      type: float
    total:
      description: The sum of its lines.
      type: float
    difference:
      description: The sum of the lines minus the total of the bill.
      type: float
totals:
  description:
    - The totals of the selected bills, one entry for each currency, with the keys of
      RV(edgebill.akamai_invoicing.invoice_archive#module:totals).
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  sample:
    - currency: USD
      bills: 1
      invoice_total: 50000.42
      total: 50000.42
      services: 41667.01
      taxes: 8333.4
      lines: 2
      reconciled: true
      difference: 0
new_bills:
  description:
    - The selected bills of which documents were downloaded since O(since), and these documents. At most 10,000, with a
      warning if there are more. Empty without O(since).
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  contains:
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The invoice ID.
      type: int
    invoice_type:
      description: The type of the bill.
      type: str
    month:
      description: The month of usage.
      type: str
    currency:
      description: The currency of the bill.
      type: str
    total:
      description: The total of the bill.
      type: float
    due_date:
      description: The date when the bill is due.
      type: str
    reason:
      description:
        - V(new) if it had no document before, V(reissued) if it has a new version of one, and else V(repaired), also
          for a document in a format that was added later.
      type: str
    files:
      description: The documents that were downloaded, with their C(path), C(format), C(source_type) and C(sha256).
      type: list
      elements: dict
descriptions:
  description:
    - What the selected CSV documents look like, without any value. At most 1,000, with a warning if there are more.
    - The C(layout) names neither contract nor bill, so that it can be shared. Look at the headings before you do.
  returned: with O(describe_columns=true)
  type: list
  elements: dict
  contains:
    path:
      description: Where the document is.
      type: str
    rows:
      description: The number of rows after the headings that are not blank, V(null) if it cannot be read.
      type: int
    layout:
      description: How the document is written.
      type: dict
      contains:
        source_type:
          description: Which services the document is about.
          type: str
        encoding:
          description: The encoding, V(utf-8), V(utf-16) or V(windows-1252).
          type: str
        delimiter:
          description: What separates the columns.
          type: str
        headings_row:
          description: The number of the row with the headings, V(null) if no row is that for certain.
          type: int
        columns:
          description: The columns from left to right.
          type: list
          elements: dict
          contains:
            heading:
              description: The heading, V(null) if there is none, or if it could be a value.
              type: str
            meaning:
              description: The field of a line that the column is read as, V(null) if it is none.
              type: str
            kind:
              description:
                - The kind of its values in the first 2,000 rows, blank ones left out. V(amount) for any number,
                  V(date), V(text), V(mixed), or V(empty).
              type: str
    error:
      description: Why it cannot be described, V(null) if it can.
      type: str
  sample:
    - path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1_compute.csv
      rows: 3
      layout:
        source_type: compute
        encoding: utf-8
        delimiter: ","
        headings_row: 1
        columns:
          - {heading: Region, meaning: null, kind: text}
          - {heading: Total (USD), meaning: total, kind: amount}
      error: null
counts:
  description: What was found, in numbers.
  returned: success, and when O(fail_on) has failed the task
  type: dict
  contains:
    bills:
      description: The selected bills.
      type: int
    documents:
      description: Their documents.
      type: int
    bytes:
      description: The sizes of these documents, as the catalogue has them.
      type: int
    problems:
      description: All problems.
      type: int
    unreconciled:
      description: Bills whose lines do not add up to their total.
      type: int
    unknown:
      description: Bills of which it is not known whether they do.
      type: int
    without_totals:
      description: Documents whose amounts cannot be read.
      type: int
  sample:
    bills: 1
    documents: 3
    bytes: 2881
    problems: 0
    unreconciled: 0
    unknown: 0
    without_totals: 0
archives:
  description: What was read, one entry for each archive.
  returned: success, and when O(fail_on) has failed the task
  type: list
  elements: dict
  contains:
    src:
      description: The root of the archive.
      type: str
    version:
      description: The version of its catalogue.
      type: int
    journal_lines:
      description: The number of lines of its journal, V(null) without a journal, and without O(verify=full).
      type: int
    journal_sha256:
      description:
        - The SHA-256 of the last line of the journal, V(null) without one. Keep it somewhere else, or sign it. Whoever
          removes the last lines of a journal cannot be found out by the journal alone.
      type: str
msg:
  description: What was found, in a sentence.
  returned: always
  type: str
  sample: "1 bill with 3 documents: 0 problems, 0 months without a bill, 0 bills whose lines do not add up."
error:
  description: The C(path) of the file that cannot be read.
  returned: when an archive cannot be read
  type: dict
  sample:
    path: /srv/bills/catalogue.json
"""

import os
import re
import typing as t
from datetime import date

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import (
    Selection,
    parse_month,
    selection_spec,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archived_bills import (
    Copy,
    collect_bills,
    missing_months,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.inspection import (
    LEVELS,
    Wanted,
    inspect_archive,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive_info import (
    bills_result,
    message_of,
    reasons_to_fail,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    MAX_MESSAGE_LENGTH,
    FileError,
    OptionError,
    abbreviated,
    printable,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import check_path
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import run_module

if t.TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BILLS = 10_000
MAX_LISTED = 1000


def roots_of(params: dict[str, t.Any]) -> list[str]:
    """The archives, each once. Raises OptionError."""
    roots: dict[str, str] = {}
    for src in params["src"]:
        if not src.strip():
            raise OptionError("src is empty: name the root of an archive.")
        root = os.path.abspath(check_path(src, "src"))
        roots.setdefault(os.path.realpath(root), root)
    if not roots:
        raise OptionError("src is an empty list: name the root of an archive.")
    return list(roots.values())


def parse_since(value: str | None) -> str | None:
    """The time that the option names, as catalogues have it. Raises OptionError."""
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return f"{parse_month('since', value)}-01T00:00:00Z"
    try:
        return f"{date.fromisoformat(value)}T00:00:00Z"
    except ValueError:
        raise OptionError(f"since {abbreviated(value)} is not a date: write YYYY-MM-DD, or a month.") from None


def wanted_of(params: dict[str, t.Any]) -> Wanted:
    """Which documents the options select. Raises OptionError."""
    selection = Selection.from_options(params)
    everything = params["month"] is None and params["from_month"] is None
    return Wanted(
        selection.contract_ids,
        None if everything else selection.months,
        lambda entry: selection.has_type(entry.invoice_type or ""),
    )


def describe(copies: Iterable[Copy]) -> list[dict[str, t.Any]]:
    """The descriptions of CSV documents."""
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.description import describe_csv

    found = []
    for copy in copies:
        try:
            described = describe_csv(copy.path, copy.entry.source_type, copy.entry.columns)
        except FileError as exc:
            described = {"rows": None, "layout": None, "error": str(exc)}
        found.append({"path": copy.path} | described)
    return found


def bounded(module: AnsibleModule, result: dict[str, t.Any], lengths: dict[str, int]) -> dict[str, t.Any]:
    """The result without what is more than it may hold, and a warning about that."""
    for name in ("problems", "unreconciled", "new_bills"):
        lengths[name] = len(result[name])
    for name, length in lengths.items():
        most = MAX_BILLS if name in ("bills", "new_bills") else MAX_LISTED
        if length > most:
            module.warn(f"{name} has the first {most} of {length}: select fewer months or contracts to see the others.")
            result[name] = result[name][:most]
    return result


def run(module: AnsibleModule) -> dict[str, t.Any]:
    params = module.params
    roots, wanted, since = roots_of(params), wanted_of(params), parse_since(params["since"])
    inspections = [inspect_archive(root, wanted, params["verify"]) for root in roots]
    bills, conflicts = collect_bills(inspections)
    problems = [one for inspection in inspections for one in inspection.problems] + conflicts
    copies = [copy for bill in bills for copy in bill.copies]
    lengths = {"bills": len(bills) if params["returned"] == "all" else 0}
    found = bills_result(bills, min(lengths["bills"], MAX_BILLS))
    result: dict[str, t.Any] = {
        "bills": found["bills"],
        "problems": [one._asdict() for one in problems],
        "missing_months": missing_months(inspections, wanted.contract_ids or (), wanted.months),
        "unreconciled": found["unreconciled"],
        "totals": found["totals"],
        "new_bills": [new for bill in bills if since and (new := bill.new_since(since))],
        "counts": {
            "bills": len(bills),
            "documents": len(copies),
            "bytes": sum(copy.entry.size or 0 for copy in copies),
            "problems": len(problems),
            "unreconciled": len(found["unreconciled"]),
            "unknown": found["unknown"],
            "without_totals": sum(copy.entry.totals_error is not None for copy in copies),
        },
        "archives": [inspection.as_result() for inspection in inspections],
    }
    if params["describe_columns"]:
        described = [copy for copy in copies if copy.entry.format == "csv"]
        lengths["descriptions"] = len(described)
        result["descriptions"] = describe(described[:MAX_LISTED])
    result["msg"] = message_of(result)
    if reasons := list(reasons_to_fail(params["fail_on"], result)):
        result |= {"failed": True, "msg": printable(" ".join(reasons), MAX_MESSAGE_LENGTH)}
    return bounded(module, result, lengths)


def main() -> None:
    spec = selection_spec() | {
        "src": {"type": "list", "elements": "path", "required": True},
        "verify": {"type": "str", "choices": list(LEVELS), "default": "size"},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "choices": ["damaged", "missing", "unreconciled"],
            "default": [],
        },
        "since": {"type": "str"},
        "returned": {"type": "str", "choices": ["all", "none"], "default": "all"},
        "describe_columns": {"type": "bool", "default": False},
    }
    run_module(AnsibleModule(**spec._asdict(), supports_check_mode=True), run)


if __name__ == "__main__":
    main()
