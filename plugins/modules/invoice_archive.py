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
  - Lists the bills of an account, and downloads each of their documents that is not on disk, several at a time.
  - A bill that was issued again has a higher version, which is downloaded beside the old one. No document is ever
    deleted, and only damaged documents are ever overwritten.
  - A document in the archive is always complete. An interrupted run, even a killed one, is completed by the next.
  - CSV and JSON documents are read, and their lines are added up. A document whose amounts cannot be read is kept, and
    each run that selects it warns and reads it again. It is not downloaded again for that.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._selection
  - edgebill.akamai_invoicing._columns
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
  - edgebill.akamai_invoicing._attributes.directories
  - ansible.builtin.files
attributes:
  check_mode:
    support: full
    details:
      - The bills are listed, and the documents that would be downloaded are reported. Whether a bill has a JSON
        document is known only when it is requested, so one is predicted for each bill.
      - The totals are those of the documents that are already present.
  diff_mode:
    support: full
    details:
      - Shows the entries of the catalogue that change, one line each, and at most 100 of them.
  idempotent:
    support: full
options:
  dest:
    description:
      - The root of the archive. It and the directories in it are created if needed, see O(directory_mode).
      - The directory C(catalogue) there describes each document, in one file for each contract and month.
        With C(SHA256SUMS), C(sha256sum -c) checks them.
      - A lost catalogue is rebuilt from the documents, if their paths contain contract, invoice ID, version and format.
        So are entries of it that cannot be used. Documents that C(SHA256SUMS) has another checksum for were altered,
        and are downloaded again. A lost C(SHA256SUMS) is rebuilt from the catalogue.
      - The directory C(.akamai_invoicing) there holds the lock, files that are being written, and a copy of a catalogue
        that was damaged. It is always private.
      - An archive must not contain symbolic links. The root may be one.
    type: path
    required: true
  formats:
    description:
      - The formats of the documents.
      - A document of source type V(regular) that the list does not offer for a bill is reported in RV(missing); this is
        not an error.
      - Lists do not name JSON documents. With V(json) one is requested for each bill all the same.
    type: list
    elements: str
    choices: [pdf, csv, json]
    default: [pdf, csv]
  source_types:
    description:
      - V(regular) are the documents about the services of Akamai Control Center.
      - V(compute) are the usage files of Cloud Computing, for bills from 2024-02 on. They are CSV files, but what the
        list offers is requested, whatever its format.
      - A usage file that a bill does not have is reported in RV(missing) only if O(source_types) is V(compute) alone.
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
      - In the values of fields, characters other than letters, digits, C(.), C(_) and C(-) become C(_). A value that
        the API does not provide becomes C(unknown).
      - A template that leaves O(dest), or gives two documents one path, is refused before anything is downloaded. Paths
        that differ only in upper and lower case count as one.
      - Keep C({contract_id}), C({invoice_id}), C({file_version}) and C({ext}) in it, so that a lost catalogue can be
        rebuilt.
    type: str
    default: "{contract_id}/{month}/{invoice_id}_v{file_version}[_compute].{ext}"
  verify:
    description:
      - How documents in the archive are checked. One that is gone, truncated or altered is downloaded again.
      - V(size) compares their sizes with the catalogue, V(checksum) reads them and compares their SHA-256,
        and V(none) relies on the catalogue.
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
      - What to do when a document cannot be downloaded. The task fails in any case, and keeps what it has downloaded.
      - With V(continue) the other documents are downloaded first. The task gives up after 20 consecutive failures with
        a cause that affects every document, such as a host that does not answer, refused credentials, or a full disk.
      - With V(stop) no further download is started.
      - A list of bills that cannot be retrieved is a failure of its month, and of its contract with O(contract_ids).
        The documents of the other lists are downloaded all the same.
    type: str
    choices: [continue, stop]
    default: continue
  returned:
    description:
      - Which documents to return in RV(documents), all selected, only changed ones, or none.
    type: str
    choices: [all, changed, none]
    default: changed
  journal:
    description:
      - Whether to append a line to the file C(journal.jsonl) of the archive for each document that is downloaded,
        repaired or found, and for each run with O(verify=checksum). Each line has the SHA-256 of the line before it,
        so that a line that was removed or altered shows.
    type: bool
    default: true
  lock_timeout:
    description:
      - How many seconds to wait for another run that works on the same contracts. Then the task fails, and nothing has
        been changed. V(0) does not wait.
      - What all contracts share is locked for moments only. For that the task waits a minute at least.
    type: float
    default: 3600
  mode:
    description:
      - The permissions of all selected documents, of C(catalogue.json) and of C(SHA256SUMS), as for
        M(ansible.builtin.file). O(owner) and O(group) are for the same files.
      - Without it new files get V(0600), and others keep their permissions.
  unsafe_writes:
    description:
      - Has no effect. A document reaches its path in one step, or not at all.
seealso:
  - module: edgebill.akamai_invoicing.invoice_download
  - module: edgebill.akamai_invoicing.invoice_info
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
    description: Reads a document from an archive, without network.
  - plugin: edgebill.akamai_invoicing.merge_totals
    plugin_type: filter
    description: Adds up the totals of several tasks, each bill once.
notes:
  - Only one run at a time works on a contract; the next one waits, see O(lock_timeout). Runs for other contracts of
    the archive work at the same time. The system (C(flock)) releases
    the lock when a run ends, even if it is killed. On NFS all machines need version 4, or version 3 with its lock
    service.
  - The list names a version, and the API serves the newest document. If a bill is issued again between the two, the new
    document is kept under the old version too. The next run downloads it once more, under the new version.
  - A file system that refuses to set permissions, such as SMB or vfat, is no failure. The task warns once.
"""

EXAMPLES = r"""
- name: Archive the bills of last month
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills

- name: Archive a year with JSON documents, and check the contents of the files
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    from_month: 2025-01
    to_month: 2025-12
    formats: [pdf, csv, json]
    verify: checksum
  register: archive

- name: Show the total of the year in each currency
  ansible.builtin.debug:
    msg: "{{ item.invoice_total }} {{ item.currency }} (bills: {{ item.bills }})"
  loop: "{{ archive.totals }}"
  loop_control:
    label: "{{ item.currency }}"

- name: Fail if the year's bills exceed the budget in US dollars, or their total is not known
  ansible.builtin.assert:
    that: item.invoice_total is not none and item.invoice_total | float <= 200000
    fail_msg: "The bills total {{ item.invoice_total }} {{ item.currency }}."
  loop: "{{ archive.totals | selectattr('currency', 'eq', 'USD') }}"
  loop_control:
    label: "{{ item.currency }}"

- name: Archive the bills of last month
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
  register: archive

- name: Report the new bills in one message, if there are any
  ansible.builtin.debug:
    msg: "{{ archive.new_bills | map(attribute='invoice_id') | join(', ') }}"
  when: archive.new_bills | length > 0

- name: Let the group finance read the archive
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    group: finance
    mode: "0640"
    directory_mode: "0750"

- name: Choose other names
  edgebill.akamai_invoicing.invoice_archive:
    dest: /srv/bills
    month: this_month
    path_template: "{year}/{invoice_type}/{contract_id}_{invoice_id}_v{file_version}[_usage].{ext}"
"""

RETURN = r"""
documents:
  description: The documents that O(returned) asks for, in the order of the list.
  returned: success, and when documents or lists of bills have failed
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
      description: The invoice ID.
      type: int
    invoice_type:
      description: The type of the bill, as the API provides it.
      type: str
    invoice_date:
      description: The date of the bill, V(null) if the API does not provide it.
      type: str
    invoice_currency:
      description: The currency of the bill, V(null) if the API does not provide it.
      type: str
    invoice_total:
      description: The total of the bill, V(null) if the list does not provide it.
      type: float
    invoice_due_date:
      description: The date at which the bill is due, V(null) if the API does not provide it.
      type: str
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
      description: The size in bytes, V(null) if the document is not present.
      type: int
    sha256:
      description: The SHA-256 in hexadecimal, V(null) if the document is not present.
      type: str
    totals:
      description:
        - The sums of its lines, one entry for each currency. V(null) for a PDF, and if RV(documents[].totals_error) is
          set.
      type: list
      elements: dict
      contains:
        currency:
          description: The currency, V(null) if neither the document nor the list provides it.
          type: str
        total:
          description: The sum of all lines. V(null) if one of them has no amount, because the sum is not known then.
          type: float
        services:
          description: The part for services, V(null) if no line provides it.
          type: float
        taxes:
          description: The part for taxes, V(null) if no line provides it.
          type: float
        lines:
          description: The number of lines.
          type: int
    totals_error:
      description:
        - Why the document has no totals, in a sentence that names file, row, column and reason, and what to do. V(null)
          if it has totals, and for a PDF.
        - The document is read again in each run that selects it, so that the option O(columns) or a newer release
          resolves this without a download.
      type: str
    columns:
      description: The option O(columns) with which the totals were read. V(null) without it, and for a PDF.
      type: dict
    file_creation_date:
      description: The date at which the API made the document, V(null) if the list does not provide it.
      type: str
    fetched:
      description:
        - When the document was downloaded (UTC). V(null) if it was found in the archive, or is not present.
      type: str
    replaces:
      description: The SHA-256 of the version before, V(null) if the archive has none.
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
      invoice_due_date: "2024-06-20"
      month: 2024-05
      path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1.csv
      size: 667
      sha256: c12394cfd7acb0d9f80f832300bf75b8009ac45f527f2c70e1a34ceefaf070cb
      totals:
        - {currency: USD, total: 50000.42, services: 41667.01, taxes: 8333.4, lines: 2}
      totals_error: null
      columns: null
      file_creation_date: "2024-06-01"
      fetched: "2024-06-15T03:30:12Z"
      replaces: null
      action: downloaded
      reason: It was not there.
missing:
  description: The documents that were requested, and that the bills do not have. Empty with O(returned=none).
  returned: success, and when documents or lists of bills have failed
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
  description:
    - What could not be done. A document that could not be downloaded, a list of bills that could not be retrieved, or a
      change of the archive itself, such as saving its catalogue.
  returned: when the task has failed for one of these
  type: list
  elements: dict
  contains:
    contract_id:
      description: The contract of the bill or of the list. V(null) for a list of the account, and for the archive.
      type: str
    invoice_id:
      description: The invoice ID, V(null) if it is not about a document.
      type: int
    month:
      description: The month of usage, V(null) for the archive.
      type: str
    format:
      description: The format of the document, V(null) if it is not about a document.
      type: str
    source_type:
      description: Which services the document is about, V(null) if it is not about a document.
      type: str
    msg:
      description: What was requested, what came back, and what to do next.
      type: str
    error:
      description:
        - Details of it, with the keys of RV(error).
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
new_bills:
  description:
    - The bills that are new, were issued again, or were repaired by the task, sorted by contract, month and invoice ID.
      An empty list if there is none.
    - In check mode, those that would be.
    - A document of a bill that is in the archive already counts as new too, such as one in another format.
  returned: success, and when documents or lists of bills have failed
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
      description: The type of the bill, as the API provides it.
      type: str
    month:
      description: The month of usage.
      type: str
    invoice_currency:
      description: The currency of the bill, V(null) if the API does not provide it.
      type: str
    invoice_total:
      description: The total of the bill, V(null) if the list does not provide it.
      type: float
    invoice_due_date:
      description: The date at which the bill is due, V(null) if the API does not provide it.
      type: str
    reason:
      description: V(new), V(reissued) for a newer version of a document, or V(repaired).
      type: str
    files:
      description: All documents of the bill that are selected and present, sorted by path.
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
        sha256:
          description: The SHA-256 in hexadecimal, V(null) for a document that check mode predicts.
          type: str
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 1234567890
      invoice_type: INVOICE
      month: 2024-05
      invoice_currency: USD
      invoice_total: 50000.42
      invoice_due_date: "2024-06-20"
      reason: new
      files:
        - path: /srv/bills/C-0N7RAC7/2024-05/1234567890_v1.csv
          format: csv
          source_type: regular
          sha256: c12394cfd7acb0d9f80f832300bf75b8009ac45f527f2c70e1a34ceefaf070cb
counts:
  description: Number of documents by outcome, and of requests.
  returned: success, and when documents or lists of bills have failed
  type: dict
  contains:
    downloaded:
      description: They were not present. In check mode, they would be downloaded.
      type: int
    repaired:
      description: They were gone, truncated or altered. In check mode, they would be downloaded.
      type: int
    skipped:
      description: Already present and intact.
      type: int
    missing:
      description: The bills do not have them.
      type: int
    failed:
      description: The number of RV(failures).
      type: int
    requests:
      description: The number of requests, including all tries.
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
    - The totals of the selected bills, one entry for each currency. Currencies are never added together.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more digits than a
      number can carry.
  returned: success, and when documents or lists of bills have failed
  type: list
  elements: dict
  contains:
    currency:
      description: The currency, V(null) for bills whose currency the API does not provide.
      type: str
    bills:
      description: The number of bills. V(0) for a currency that only lines have.
      type: int
    invoice_total:
      description: The sum of the bills' own totals, V(null) if the API does not provide that of each.
      type: float
    total:
      description:
        - The sum of the lines, from one document of each bill. That is the JSON document, else the CSV document, else
          the usage file, of those that are selected.
        - A bill without a document that can be read is left out, so that this can be less than
          RV(totals[].invoice_total). RV(totals[].reconciled) is not V(true) then. In check mode, documents that are not
          present yet are left out too.
        - V(null) if no bill has such a document, or if a line has no amount.
      type: float
    services:
      description: The part for services, V(null) if no line provides it.
      type: float
    taxes:
      description: The part for taxes, V(null) if no line provides it.
      type: float
    lines:
      description: The number of these lines, V(null) if no bill has a document that can be read.
      type: int
    reconciled:
      description:
        - Whether the lines of each bill add up to its total, V(null) if that is not known of each. If they do not, a
          warning names the first bill.
        - If a usage file does not add up to its bill, it is not known whether the file describes all of the bill.
      type: bool
    difference:
      description:
        - The sum of the lines minus the bills' totals, for bills where both are known. V(null) if there is none.
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
bills:
  description:
    - The same for each bill, with its C(contract_id), C(invoice_id) and C(month). A bill whose lines are in a second
      currency has a second entry, in which C(bills) is V(0).
    - The filter P(edgebill.akamai_invoicing.merge_totals#filter) adds up those of several tasks, and counts a bill once
      even if several tasks returned it.
  returned: success, and when documents or lists of bills have failed
  type: list
  elements: dict
  sample:
    - contract_id: C-0N7RAC7
      invoice_id: 1234567890
      month: 2024-05
      currency: USD
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
  returned: success, and when documents or lists of bills have failed
  type: str
  sample: /srv/bills/catalogue.json
diff:
  description: The entries of the catalogue that change, one line each, before and after. At most 100 lines of each.
  returned: with C(--diff)
  type: dict
msg:
  description: What was done, in a sentence. After a failure, what could not be done too.
  returned: always
  type: str
  sample: "2024-05 to 2024-07: 51 documents downloaded, 0 repaired, 0 already present, 0 not available."
error:
  description:
    - Details of the first failure. For a failed request C(asked), C(status), C(title), C(detail), C(errors),
      C(incident_id), C(request_id) and C(attempts), as far as the API provides them.
    - For a file that cannot be read or written, its C(path).
    - Details of all failures are in RV(failures).
  returned: when a request has failed, or a file could not be read or written
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
from contextlib import nullcontext
from functools import partial

from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS, AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.download import download_document
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import list_bills
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.selection import Selection, selection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.access import (
    check_archive,
    exclusive_access,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.archive import Archive
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.fetching import (
    Failure,
    fetch_items,
    predict,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.journal import Journal
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.months import plan_months
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import (
    DEFAULT_TEMPLATE,
    PathTemplate,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.plan import TO_FETCH
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.results import Results
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._attributes import (
    directory_attributes,
    set_attributes,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.columns import parse_columns
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import FORMATS, SOURCE_TYPES
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import FileError, OptionError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import check_path
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import open_session, run_module
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import columns_spec, connection_spec
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._reconciliation import (
    compare,
    merge_reconciliations,
    mismatches,
    reconcile_each,
)

MAX_CONCURRENT = 16
ATTRIBUTES = tuple(name for name in FILE_COMMON_ARGUMENTS if name != "unsafe_writes")


def check_options(params: dict[str, t.Any]) -> None:
    if not 1 <= params["concurrency"] <= MAX_CONCURRENT:
        raise OptionError(f"concurrency is {params['concurrency']}: choose 1 to {MAX_CONCURRENT}.")
    if not params["lock_timeout"] >= 0:
        raise OptionError(f"lock_timeout is {params['lock_timeout']}: choose 0 or more seconds.")
    if not params["dest"].strip():
        raise OptionError("dest is empty: name the root of the archive.")
    for name in ("formats", "source_types"):
        if not params[name]:
            raise OptionError(f"{name} is an empty list: leave the option out for its default.")


def set_all_attributes(module: AnsibleModule, archive: Archive, documents: list[str]) -> tuple[bool, list[Failure]]:
    """Give the documents, the catalogue and the checksums the mode, owner and so on that were asked for."""
    if not module.selinux_enabled() and all(module.params[name] is None for name in ATTRIBUTES):
        return False, []
    changed = False
    try:
        paths = [os.path.join(archive.root, path) for path in documents if archive.exists(path)]
        for path in (*paths, *filter(os.path.exists, archive.catalogue.files)):
            changed = set_attributes(module, path, changed)
    except FileError as exc:
        return changed, [Failure("The attributes that were asked for cannot be set", exc, {})]
    return changed, []


def reconcile_bills(bills: t.Any, entries: t.Any) -> list[dict[str, t.Any]]:
    return reconcile_each(compare(bills, entries))


def open_journal(params: dict[str, t.Any], root: str, checked: tuple[int, int]) -> Journal | None:
    journal = Journal(root) if params["journal"] else None
    if journal and params["verify"] == "checksum" and checked[0]:
        journal.add("verified", documents=checked[0], flaws=checked[1])
    return journal


def run(module: AnsibleModule) -> dict[str, t.Any]:
    params, workers = module.params, module.params["concurrency"]
    check_options(params)
    selection, template = Selection.from_options(params), PathTemplate(params["path_template"])
    columns, attributes = parse_columns(params["columns"]), directory_attributes(module)
    root, timeout = os.path.abspath(check_path(params["dest"])), params["lock_timeout"]
    failures: list[Failure] = []

    def on_failure(*failed: t.Any) -> None:
        failures.append(Failure.of_list(*failed))

    check_archive(root)
    with open_session(module, workers) as session:
        bills = list(list_bills(session, selection, workers=workers, on_failure=on_failure))
        contract_ids = {bill.contract_id for bill in bills}
        waiting = partial(module.log, f"another run works on the archive {root}: waiting for it")
        access = exclusive_access(root, contract_ids, attributes, timeout, waiting)
        with nullcontext(0.0) if module.check_mode else access as waited:
            archive = Archive(
                root, template, verify=params["verify"], columns=columns, attributes=attributes, lock_timeout=timeout
            )
            results = Results(archive, params["returned"], reconcile_bills, check_mode=module.check_mode)
            months = plan_months(archive, bills, params["formats"], params["source_types"], results.add)
            due, changed = [item for month in months for item in month.plan.due], False
            if module.check_mode:
                changed = predict(archive, due)
            elif bills or not failures:
                download, stop = partial(download_document, session), params["on_error"] == "stop"
                journal = open_journal(params, root, results.checked(months))
                work = (archive, download, due, contract_ids, failures, journal)
                changed = fetch_items(*work, workers=workers, stop=stop)
            for month in months:
                results.add(month)
            attributes_changed, more = set_all_attributes(module, archive, results.all("present"))
            failures += more

    result = results.build(selection.months)
    for warning in results.warnings(waited, mismatches(result["bills"])):
        module.warn(warning)
    result["changed"] = changed or attributes_changed or any(result["counts"][action] for action in TO_FETCH)
    result["counts"]["requests"] = session.requests_sent
    result |= {"totals": merge_reconciliations(result["bills"]), "catalogue": archive.catalogue.path}
    if module._diff:
        result["diff"] = archive.catalogue.diff()
    return results.with_failures(result, failures)


def main() -> None:
    spec = (
        connection_spec()
        | selection_spec()
        | columns_spec()
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
            "journal": {"type": "bool", "default": True},
            "lock_timeout": {"type": "float", "default": 3600.0},
            "directory_mode": {"type": "raw"},
        }
    )
    run_module(AnsibleModule(**spec._asdict(), add_file_common_args=True, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
