#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: invoice_archive
short_description: Keep all documents of all bills of an Akamai account on disk
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Lists the bills of an account, and fetches each of their documents that is not on disk yet, several at a time.
  - A bill that was issued again has a higher version, which is fetched beside the old one. No document is ever deleted,
    and none is overwritten but one that was damaged.
  - A document in the archive is always whole. A run that was ended, however hard, is completed by the next one.
  - CSV and JSON documents are read, and their lines added up. One that cannot be added up is kept all the same, and
    each run that selects it warns.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._selection
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
  - ansible.builtin.files
attributes:
  check_mode:
    support: full
    details:
      - The bills are listed, and the documents that would be fetched are told. Whether a bill has a JSON document is
        known only when it is asked for, so that one is predicted for each.
      - The totals are those of the documents that are there already.
  diff_mode:
    support: full
    details:
      - Shows the entries of the catalogue that change, one line each.
  idempotent:
    support: full
options:
  dest:
    description:
      - The root of the archive. It and the directories in it are created with mode C(0700).
      - The file C(catalogue.json) there describes each document, and C(SHA256SUMS) lets C(sha256sum -c) check them.
      - A lost or damaged catalogue is made again from the documents, as far as their paths tell contract, bill, version
        and format. What C(SHA256SUMS) says of them is compared, so that a document that was altered is fetched again.
        A lost C(SHA256SUMS) is made again from the catalogue.
      - The directory C(.akamai_invoicing) there holds the lock, and the files under way.
    type: path
    required: true
  formats:
    description:
      - The formats of the documents.
      - A document of source type V(regular) that the list does not offer for a bill is told in RV(missing), and is not
        an error.
      - Lists do not name JSON documents. With V(json) one is asked for all the same, for each bill.
    type: list
    elements: str
    choices: [pdf, csv, json]
    default: [pdf, csv]
  source_types:
    description:
      - V(regular) are the documents about the services of Akamai Control Center.
      - V(compute) are the usage files of Cloud Computing, for bills from 2024-02 on. They are CSV, but what the list
        offers is asked for, whatever its format.
      - A usage file that a bill does not have is told in RV(missing) only when O(source_types) is V(compute) alone.
    type: list
    elements: str
    choices: [regular, compute]
    default: [regular, compute]
  path_template:
    description:
      - Where in the archive a new document goes. A document that is in the catalogue stays where it is.
      - Fields are C({account_id}), C({contract_id}), C({year}), C({month}), C({invoice_id}), C({invoice_type}),
        C({invoice_date}), C({format}), C({source_type}), C({file_version}) and C({ext}).
      - Text in square brackets is for the documents with source type V(compute) only.
      - In the values of fields, characters other than letters, digits, C(.), C(_) and C(-) become C(_). What the API
        does not tell is C(unknown).
      - A template that leaves O(dest), or gives two documents one path, is refused before anything is fetched. Paths
        that differ in upper and lower case only count as one.
      - Keep C({contract_id}), C({invoice_id}), C({file_version}) and C({ext}) in it, so that a lost catalogue can be
        made again.
    type: str
    default: "{contract_id}/{month}/{invoice_id}_v{file_version}[_compute].{ext}"
  verify:
    description:
      - How documents in the archive are checked. One that is gone, cut short or altered is fetched again.
      - V(size) compares their sizes with the catalogue, V(checksum) reads them and compares their SHA-256,
        and V(none) believes the catalogue.
    type: str
    choices: [size, checksum, none]
    default: size
  concurrency:
    description:
      - How many requests are made at a time, 1 to 16. All of them share one session and the quota of the account.
    type: int
    default: 4
  on_error:
    description:
      - What to do when a document cannot be fetched. The task fails in any case, and keeps what is done.
      - With V(continue) the other documents are fetched first. The rest is left when 20 of them in a row could not be
        had for a reason that the next one would share, such as a host that does not answer, credentials that are
        refused or a disk that is full.
      - With V(stop) no further document is begun.
      - A list of bills that cannot be had ends the task before anything is fetched.
    type: str
    choices: [continue, stop]
    default: continue
  returned:
    description:
      - Which documents RV(documents) tells of, all selected, those that changed, or none.
    type: str
    choices: [all, changed, none]
    default: changed
  mode:
    description:
      - The permissions of all selected documents, as for M(ansible.builtin.file).
      - Without it a new document gets V(0600), and others keep theirs. The catalogue is private when it is made, and
        keeps the permissions that it is given.
      - Directories stay as they are, V(0700) when they are made. To let others read the documents, let them into the
        directories too.
  unsafe_writes:
    description:
      - Has no effect. A document reaches its path in one step, or not at all.
seealso:
  - module: edgebill.akamai_invoicing.invoice_download
  - module: edgebill.akamai_invoicing.invoice_info
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
    description: Reads a document from an archive, without network.
notes:
  - Only one run at a time works on an archive, the next one waits for it. The lock is one of the system (C(flock)),
    so a run that was killed leaves none. On NFS all machines need version 4, or version 3 with its lock service.
  - The list tells a version, and the API serves the newest document. If a bill is issued again between the two, the new
    document is kept under the old version too. The next run fetches it once more, under the new version.
"""

EXAMPLES = r"""
- name: Archive the bills of last month
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills

- name: Archive a year, JSON documents too, and look into the files for damage
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    from_month: 2025-01
    to_month: 2025-12
    formats: [pdf, csv, json]
    verify: checksum
  register: archive

- name: Tell what the year came to
  ansible.builtin.debug:
    msg: "{{ item.invoice_total }} {{ item.currency }} on {{ item.bills }} bills"
  loop: "{{ archive.totals }}"
  loop_control:
    label: "{{ item.currency }}"

- name: Choose other names
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    month: this_month
    path_template: "{year}/{invoice_type}/{contract_id}_{invoice_id}_v{file_version}[_usage].{ext}"
"""

RETURN = r"""
documents:
  description: The documents that O(returned) asks for, in the order of the list.
  returned: success, and when documents have failed
  type: list
  elements: dict
  contains:
    account_id:
      description: The account of the bill.
      type: str
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The number of the bill.
      type: int
    invoice_type:
      description: The type of the bill, as the API tells it.
      type: str
    invoice_date:
      description: The date of the bill, V(null) if the API does not tell it.
      type: str
    invoice_currency:
      description: The currency of the bill, V(null) if the API does not tell it.
      type: str
    invoice_total:
      description: The total of the bill, as the list tells it, V(null) if it does not.
      type: float
    month:
      description: The month of usage.
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
    path:
      description: Where the document is. In the catalogue it is relative to O(dest).
      type: str
    size:
      description: The size in bytes, V(null) if it is not there.
      type: int
    sha256:
      description: The SHA-256 in hexadecimal, V(null) if it is not there.
      type: str
    totals:
      description:
        - The sums of its lines, one entry for each currency. V(null) for a PDF, and when
          RV(documents[].totals_error) is not.
      type: list
      elements: dict
      contains:
        currency:
          description: The currency, V(null) if neither the document nor the list tells it.
          type: str
        total:
          description: The sum of all lines, V(null) if one of them has no amount, since the sum is not known then.
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
    totals_error:
      description: Why the lines of the document cannot be added up, in a sentence. V(null) if they can, and for a PDF.
      type: str
    action:
      description: What was done, or would be done in check mode. V(downloaded), V(repaired) or V(skipped).
      type: str
    reason:
      description: Why that was done, in a sentence.
      type: str
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 1234567890
      source_type: regular
      format: csv
      file_version: 1
      account_id: A-CCT7890
      invoice_type: INVOICE
      invoice_date: "2024-06-01"
      invoice_currency: USD
      invoice_total: 50000.42
      month: 2024-05
      path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1.csv
      size: 667
      sha256: c12394cfd7acb0d9f80f832300bf75b8009ac45f527f2c70e1a34ceefaf070cb
      totals:
        - {currency: USD, total: 50000.42, services: 41667.01, taxes: 8333.4, lines: 2}
      totals_error: null
      action: downloaded
      reason: It was not there.
missing:
  description: The documents that were asked for, and that the bills do not have. Empty with O(returned=none).
  returned: success, and when documents have failed
  type: list
  elements: dict
  contains:
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The number of the bill.
      type: int
    month:
      description: The month of usage.
      type: str
    format:
      description: The format of the document.
      type: str
    source_type:
      description: Which services the document is about.
      type: str
    reason:
      description: Whether the list does not offer it, or the API did not have it, in a sentence.
      type: str
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 17008500000
      month: 2023-05
      format: csv
      source_type: compute
      reason: The list does not offer it.
failures:
  description: The documents that could not be fetched.
  returned: when documents have failed
  type: list
  elements: dict
  contains:
    contract_id:
      description: The contract of the bill.
      type: str
    invoice_id:
      description: The number of the bill.
      type: int
    month:
      description: The month of usage.
      type: str
    format:
      description: The format of the document.
      type: str
    source_type:
      description: Which services the document is about.
      type: str
    msg:
      description: What was asked, what came back, and what to do next.
      type: str
    error:
      description:
        - What is known of it, with the keys of RV(error).
        - Of a document with an unexpected content, C(row), C(column) or C(character) tell the place in it.
      type: dict
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 1234567890
      month: 2024-05
      format: csv
      source_type: compute
      msg: "GET /invoicing-api/v4/contracts/C-0N7RAC7/invoices/1234567890/download?sourceType=COMPUTE was answered with
        status 200, but the body is of type text/html, not text/csv. Nothing was kept. If a proxy or a login page
        answers in the API's place, check the host of the credentials; else run again."
      error:
        asked: GET /invoicing-api/v4/contracts/C-0N7RAC7/invoices/1234567890/download?sourceType=COMPUTE
        status: 200
counts:
  description: How many documents came to what.
  returned: success, and when documents have failed
  type: dict
  contains:
    downloaded:
      description: They were not there. In check mode, they would be downloaded.
      type: int
    repaired:
      description: They were gone, cut short or altered. In check mode, they would be downloaded.
      type: int
    skipped:
      description: They were there.
      type: int
    missing:
      description: The bills do not have them.
      type: int
    failed:
      description: They could not be fetched.
      type: int
    requests:
      description: The number of requests, with all tries.
      type: int
  sample:
    downloaded: 51
    repaired: 0
    skipped: 0
    missing: 0
    failed: 0
    requests: 54
totals:
  description:
    - What the selected bills come to, one entry for each currency. Currencies are never added together.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more of them than
      a number carries.
  returned: success, and when documents have failed
  type: list
  elements: dict
  contains:
    currency:
      description: The currency, V(null) for bills of which the API does not tell it.
      type: str
    bills:
      description: How many bills there are. 0 for a currency that only lines have.
      type: int
    invoice_total:
      description: The sum of the bills' own totals, V(null) if the API does not tell that of each.
      type: float
    total:
      description:
        - The sum of the lines, from one document of each bill. That is the JSON document, else the CSV document, else
          the usage file, of those that this task is about.
        - A bill without a document that can be added up is left out, so that this can be less than
          RV(totals[].invoice_total). RV(totals[].reconciled) is not V(true) then. In check mode, documents that are not
          there yet are left out too.
        - V(null) if no bill has such a document, or if a line has no amount.
      type: float
    services:
      description: The part for services, V(null) if no line tells.
      type: float
    taxes:
      description: The part for taxes, V(null) if no line tells.
      type: float
    lines:
      description: The number of these lines, V(null) if no bill has a document that can be read.
      type: int
    reconciled:
      description:
        - Whether the lines of each bill add up to its total, V(null) if that is not known of each. When they do not, a
          warning names the first bill.
        - Of a usage file that does not add up to the bill, it is not known whether it tells all of the bill.
      type: bool
    difference:
      description: What the lines have more than the bills, over the bills where both are known, V(null) if none is.
      type: float
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
catalogue:
  description: The path of the catalogue.
  returned: success, and when documents have failed
  type: str
  sample: /srv/bills/catalogue.json
diff:
  description: The entries of the catalogue that change, one line each, before and after.
  returned: with C(--diff)
  type: dict
msg:
  description: What was done, in a sentence.
  returned: always
  type: str
  sample: For 2024-05 to 2024-07, 51 documents were downloaded, 0 repaired, 0 were there, 0 do not exist.
error:
  description:
    - What is known of a failed request. C(asked), C(status), C(title), C(detail), C(errors), C(incident_id),
      C(request_id) and C(attempts), as far as there are any.
    - Of a file that cannot be read or written, its C(path).
    - What is known of a document that could not be fetched is in RV(failures).
  returned: when a list of bills could not be had, or a file not be read or written
  type: dict
  sample:
    asked: GET /invoicing-api/v4/contracts/C-0N7RAC71/invoices?month=2024-05
    status: 403
    title: Forbidden
    detail: The client does not have the grant needed for the request
    request_id: 859fd0d0
"""

import os
import typing as t
from collections import Counter

from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS, AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Invoicing, list_bills
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.parallel import in_parallel
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import Selection, selection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.plan import TO_FETCH, Item, plan
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import FORMATS, SOURCE_TYPES
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import NoDataError, OptionError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import open_session, run_module
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import connection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import mismatches, reconcile

MAX_CONCURRENT = 16
MAX_NAMED = 10
ATTRIBUTES = tuple(name for name in FILE_COMMON_ARGUMENTS if name != "unsafe_writes")


def check_options(params: dict[str, t.Any]) -> None:
    if not 1 <= params["concurrency"] <= MAX_CONCURRENT:
        raise OptionError(f"concurrency is {params['concurrency']}: choose 1 to {MAX_CONCURRENT}.")
    for name in ("formats", "source_types"):
        if not params[name]:
            raise OptionError(f"{name} is an empty list: leave the option out for its default.")


def fetch(module: AnsibleModule, archive: Archive, invoicing: Invoicing, items: list[Item]) -> bool:
    """Do what is due, so that each item tells what became of it; tells whether the catalogue has changed."""

    def work(item: Item) -> None:
        try:
            item.entry = archive.fetch(invoicing, item.entry)
        except NoDataError as exc:
            item.action, item.reason = "missing", str(exc)

    due = [item for item in items if item.action in TO_FETCH]
    if due:
        archive.mark_dirty()
    try:
        stop = module.params["on_error"] == "stop"
        failures, untried = in_parallel(work, due, workers=module.params["concurrency"], stop=stop)
    finally:
        changed = archive.save()
    for item, error in failures:
        item.action, item.error = "failed", error
    for item in untried:
        item.action = "untried"
    return changed


def predict(archive: Archive, items: list[Item]) -> bool:
    """What fetch() would do to the catalogue, as far as it is known without fetching."""
    for item in items:
        if item.action in TO_FETCH:
            archive.catalogue.entries.setdefault(item.entry.key, item.entry)
    return bool(archive.catalogue.pending_files())


def set_attributes(module: AnsibleModule, paths: list[str]) -> bool:
    """Give the documents the mode, owner and so on that were asked for."""
    if not module.selinux_enabled() and all(module.params[name] is None for name in ATTRIBUTES):
        return False
    arguments = (module.load_file_common_arguments(module.params, path=path) for path in paths if os.path.exists(path))
    changes = [module.set_fs_attributes_if_different(each, False) for each in arguments]
    return any(changes)


def build_result(module: AnsibleModule, archive: Archive, items: list[Item], selection: Selection) -> dict[str, t.Any]:
    """What became of the items: lists, counts and a sentence."""
    shown = {"all": (*TO_FETCH, "skipped"), "changed": TO_FETCH, "none": ()}[module.params["returned"]]
    counts = Counter(item.action for item in items)
    months = selection.months
    would = "would be" if module.check_mode else "were"
    return {
        "documents": [
            item.entry._asdict() | {"path": archive.absolute(item.entry), "action": item.action, "reason": item.reason}
            for item in items
            if item.action in shown
        ],
        "missing": [item.identity() | {"reason": item.reason} for item in items if item.action == "missing" and shown],
        "counts": {action: counts[action] for action in (*TO_FETCH, "skipped", "missing", "failed")},
        "msg": f"For {' to '.join(sorted({months[0], months[-1]}))}, {counts['downloaded']} documents {would} "
        f"downloaded, {counts['repaired']} repaired, {counts['skipped']} were there, {counts['missing']} do not exist.",
    }


def failure_result(items: list[Item]) -> dict[str, t.Any]:
    """What could not be fetched, and a message that names it; nothing if all could."""
    failures = [item for item in items if item.error]
    if not failures:
        return {}
    message = f"{len(failures)} documents could not be fetched, all others are kept. "
    message += " ".join(f"The {item.name}: {item.error}" for item in failures[:MAX_NAMED])
    if len(failures) > MAX_NAMED:
        message += f" The other {len(failures) - MAX_NAMED} are in failures."
    if untried := sum(item.action == "untried" for item in items):
        message += f" After that, {untried} more were not tried."
    facts = [item.identity() | {"msg": str(item.error), "error": item.error.details} for item in failures if item.error]
    return {"failed": True, "msg": message, "failures": facts}


def warn(module: AnsibleModule, about_all: list[str], about_files: list[str]) -> None:
    """Tell all that is about the whole run, and as much of the rest as can be read."""
    for warning in (*about_all, *about_files[:MAX_NAMED]):
        module.warn(warning)
    if len(about_files) > MAX_NAMED:
        module.warn(f"There are {len(about_files) - MAX_NAMED} more warnings like the last one.")


def run(module: AnsibleModule) -> dict[str, t.Any]:
    params = module.params
    check_options(params)
    selection = Selection.from_options(params)
    archive = Archive(os.path.abspath(params["dest"]), PathTemplate(params["path_template"]))

    def waiting() -> None:
        module.log(f"another run works on the archive {archive.root}: waiting for it")

    with (
        open_session(module, params["concurrency"]) as session,
        archive.opened(None if module.check_mode else waiting) as waited,
    ):
        invoicing = Invoicing(session)
        bills = list(list_bills(invoicing, selection, workers=params["concurrency"]))
        items = plan(archive, bills, params["formats"], params["source_types"], params["verify"])
        changed = predict(archive, items) if module.check_mode else fetch(module, archive, invoicing, items)
        there = [item for item in items if item.action in (*TO_FETCH, "skipped")]
        changed |= set_attributes(module, [archive.absolute(item.entry) for item in there])

    entries = [item.entry for item in there]
    warnings = [f"Another run worked on the archive: waited {waited:.0f} seconds for it."] if waited else []
    if unreadable := [entry.totals_error for entry in entries if entry.totals_error]:
        warnings.append(f"{len(unreadable)} documents are kept, but cannot be added up. The first: {unreadable[0]}")
    totals = reconcile(bills, entries)
    if any(one["reconciled"] is False for one in totals):
        differing = mismatches(bills, entries)
        warnings.append(f"The lines of {len(differing)} bills do not add up to them. The first: {differing[0]}.")
    warn(module, warnings, archive.warnings)
    result = build_result(module, archive, items, selection)
    result["changed"] = changed or any(item.action in TO_FETCH for item in items)
    result["counts"]["requests"] = session.requests_sent
    result["totals"] = totals
    result["catalogue"] = archive.catalogue.path
    if module._diff:
        result["diff"] = archive.catalogue.diff()
    return result | failure_result(items)


def main() -> None:
    spec = (
        connection_spec()
        | selection_spec()
        | {
            "dest": {"type": "path", "required": True},
            "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": ["pdf", "csv"]},
            "source_types": {
                "type": "list",
                "elements": "str",
                "choices": list(SOURCE_TYPES),
                "default": list(SOURCE_TYPES),
            },
            "path_template": {"type": "str", "default": DEFAULT_TEMPLATE},
            "verify": {"type": "str", "choices": ["size", "checksum", "none"], "default": "size"},
            "concurrency": {"type": "int", "default": 4},
            "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
            "returned": {"type": "str", "choices": ["all", "changed", "none"], "default": "changed"},
        }
    )
    run_module(AnsibleModule(**vars(spec), add_file_common_args=True, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
