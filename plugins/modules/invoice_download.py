#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: invoice_download
short_description: Fetch one document of an Akamai bill, once
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Fetches an invoice, credit memo or debit memo, or a Cloud Computing usage file, from the Invoicing API v4.
  - A sound file that is already at O(dest) is left alone. No request is made for it unless O(overwrite=different), no
    credentials are needed, and its totals are returned all the same.
  - A file at O(dest) is always whole. The document is written to a temporary file beside it, checked, and then moved.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
  - ansible.builtin.files
attributes:
  check_mode:
    support: full
    details:
      - Nothing is fetched. With O(overwrite=different), whether a file that is there differs is therefore not known,
        and no change is predicted.
      - Whether the API has the document is not known either, so that V(downloaded) is predicted where there is no file.
  diff_mode:
    support: full
    details:
      - Shows the path, size, checksum and attributes, never the contents.
  idempotent:
    support: full
options:
  contract_id:
    description:
      - The contract of the bill, such as V(C-0N7RAC71).
    type: str
    required: true
  invoice_id:
    description:
      - The number of the bill.
    type: int
    required: true
  format:
    description:
      - The format of the document.
    type: str
    choices: [pdf, csv, json]
    default: pdf
  source_type:
    description:
      - Which services the document is about. V(regular) are those of Akamai Control Center.
      - V(compute) is the usage data of Cloud Computing, which comes with O(format=csv) only, for bills from 2024-02 on.
    type: str
    choices: [regular, compute]
    default: regular
  dest:
    description:
      - Where to put the document, a file or a directory.
      - In a directory (one that exists, or a path that ends in C(/)) the file is named
        C({contract_id}_{invoice_id}.{format}), with C(_compute) before the dot for O(source_type=compute).
    type: path
    required: true
  overwrite:
    description:
      - What to do when a sound file is at O(dest).
      - With V(never) it is left alone.
      - With V(different) the document is fetched, and replaces the file only if their bytes differ. A bill that was
        issued again is found this way.
      - A file that is not sound is always replaced. It is empty, cut short, not what O(format) says, not what
        O(checksum) says, or cannot be added up; RV(reason) tells which.
    type: str
    choices: [never, different]
    default: never
  checksum:
    description:
      - The SHA-256 that the document must have, as C(sha256:) and 64 hexadecimal digits.
      - A file at O(dest) that has it is left alone, whatever O(overwrite) says.
      - A document that has another is not kept, and the task fails.
    type: str
  on_missing:
    description:
      - What to do when the API has no such document (status 204 or 404).
      - V(error) fails the task, V(warn) warns, V(skip) says so in RV(action) only.
    type: str
    choices: [error, warn, skip]
    default: error
  parse:
    description:
      - Whether to read a document with O(format=csv) or O(format=json) for its RV(totals).
      - A document that cannot be added up is not kept, and the task fails. A file at O(dest) that cannot be added up is
        replaced.
      - Turn this off for usage files that are very large, or that have no column of totals.
    type: bool
    default: true
  create_dirs:
    description:
      - Create the directory of O(dest), and those above it, with mode C(0700), if they do not exist. They are created
        when the document is there.
    type: bool
    default: false
  backup:
    description:
      - Keep a copy of a file that is replaced, with the time in its name.
    type: bool
    default: false
  mode:
    description:
      - The permissions of the file, as for M(ansible.builtin.file).
      - Without it a new file gets V(0600), and a file that is replaced passes on its own.
  unsafe_writes:
    description:
      - Has no effect. A document reaches its path in one step, or not at all.
seealso:
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
    description: The same document as a value in a template.
"""

EXAMPLES = r"""
- name: Fetch an invoice as PDF, unless it is there
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    dest: /srv/bills/
    create_dirs: true

- name: Fetch the same invoice as JSON, and replace the file if the bill was issued again
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: json
    dest: /srv/bills/invoice.json
    overwrite: different
    backup: true
  register: bill

- name: Fail when the budget is passed
  ansible.builtin.assert:
    that: bill.totals.total <= 60000
    fail_msg: "{{ bill.totals.total }} {{ bill.totals.currency }} is over the budget"

- name: Fetch the usage of Cloud Computing, if there is any
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: csv
    source_type: compute
    dest: /srv/bills/
    on_missing: skip
"""

RETURN = r"""
path:
  description: Where the document is.
  returned: success
  type: str
  sample: /srv/bills/C-0N7RAC7_1234567890.pdf
format:
  description: The format of the document.
  returned: success
  type: str
  sample: pdf
source_type:
  description: Which services the document is about.
  returned: success
  type: str
  sample: regular
action:
  description:
    - What was done, or would be done in check mode.
    - V(downloaded) when no file was there, V(replaced) when it took the place of another, V(unchanged) when
      what was fetched is what was there, V(skipped) when nothing had to be fetched, V(missing) when the API has
      no such document.
  returned: success
  type: str
  sample: downloaded
reason:
  description: Why that was done, in a sentence.
  returned: success
  type: str
  sample: There is no file at /srv/bills/C-0N7RAC7_1234567890.pdf.
size:
  description: The size of the file in bytes.
  returned: when the file is there
  type: int
  sample: 646
checksum:
  description: The SHA-256 of the file in hexadecimal.
  returned: when the file is there
  type: str
  sample: d262fd76b2d7f63478706768592901b2e24e7a55ee4baa66f83ccba73c71e8e9
attempts:
  description: How many tries were made for the document. V(0) when it was skipped.
  returned: success
  type: int
  sample: 1
elapsed:
  description: How long fetching took, in seconds, with all tries and waits.
  returned: success
  type: float
  sample: 0.214
backup_file:
  description: The copy of the file that was replaced.
  returned: when a file was replaced and O(backup=true)
  type: str
  sample: /srv/bills/invoice.json.4711.2026-02-01@06:00:12~
totals:
  description:
    - The exact sums of the document's lines.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more of them than
      a number carries.
  returned: when the file is there, O(parse=true), and O(format) is V(csv) or V(json)
  type: dict
  contains:
    currency:
      description: The currency of the bill, V(null) if the document does not tell, or holds several.
      type: str
      sample: USD
    total:
      description: The sum of all lines, V(null) if a line has no amount, since it cannot be known then.
      type: float
      sample: 50000.42
    services:
      description: The part for services, V(null) if no line tells.
      type: float
      sample: 41667.01
    taxes:
      description: The part for taxes, V(null) if no line tells.
      type: float
      sample: 8333.4
    lines:
      description: The number of lines.
      type: int
      sample: 2
    by_product:
      description: The sum of each product, the largest first, with C(product), C(currency), C(total) and C(lines).
      type: list
      elements: dict
      sample:
        - {product: Ion Premier, currency: USD, total: 50000.39, lines: 1}
        - {product: Access Control, currency: USD, total: 0.03, lines: 1}
    by_customer:
      description: The same of each end customer, with C(customer_id) and C(customer_name).
      type: list
      elements: dict
      sample:
        - {customer_id: A-CCT7890, customer_name: Main Street Corporation, currency: USD, total: 50000.42, lines: 2}
    by_item_type:
      description: The same of each item type, with C(item_type).
      type: list
      elements: dict
      sample:
        - {item_type: R, currency: USD, total: 50000.39, lines: 1}
        - {item_type: U, currency: USD, total: 0.03, lines: 1}
    by_currency:
      description: The sums of each currency, with C(currency), C(total), C(services), C(taxes) and C(lines).
      type: list
      elements: dict
      sample:
        - {currency: USD, total: 50000.42, services: 41667.01, taxes: 8333.4, lines: 2}
    reconciled:
      description: Always V(null) here. Only M(edgebill.akamai_invoicing.invoice_archive) knows the bill's own total.
      type: bool
      sample: null
    difference:
      description: Always V(null) here, for the same reason.
      type: float
      sample: null
    ignored_rows:
      description: Number of rows that are neither lines nor totals of lines, such as footers and repeated headings.
      type: int
      sample: 0
    encoding:
      description: The encoding of the document, such as V(utf-8), V(utf-16), or V(windows-1252).
      type: str
      sample: utf-8
    warnings:
      description: Sentences about parts that are V(null) because their column cannot be read.
      type: list
      elements: str
      sample: []
diff:
  description: The path, size, checksum and attributes of the file, before and after.
  returned: success
  type: dict
error:
  description:
    - What is known of a failed request. C(asked), C(status), C(title), C(detail), C(errors), C(incident_id),
      C(request_id) and C(attempts), as far as there are any.
    - Of a file that cannot be read or written, its C(path).
  returned: when a request failed, or a file could not be read or written
  type: dict
  sample:
    asked: GET /invoicing-api/v4/contracts/C-0N7RAC7/invoices/1/download?sourceType=REGULAR
    status: 404
    title: URL not found
"""

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import (
    FORMATS,
    SOURCE_TYPES,
    document_name,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.validation import find_flaw
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import DocumentError, NoDataError
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import (
    StagedFile,
    file_state,
    remove_stale_temporaries,
    resolve_destination,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import open_session, run_module
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._options import (
    check_checksum,
    check_contract_id,
    check_invoice_id,
    check_source_type,
    connection_spec,
)


def totals(params: dict[str, t.Any], path: str, content: bytes | None = None) -> dict[str, t.Any]:
    """The totals of a document that is to be read. Raises DocumentError."""
    if not params["parse"] or params["format"] == "pdf":
        return {}
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import document_totals

    return {"totals": document_totals(path, params["format"], params["source_type"], content=content)}


def plan(params: dict[str, t.Any], before: dict[str, t.Any], checksum: str | None) -> dict[str, t.Any]:
    """The action that is due as far as the disk can tell, and the reason for it."""
    dest = before["path"]
    if before["state"] == "absent":
        return {"action": "downloaded", "reason": f"There is no file at {dest}."}
    if checksum and before["checksum"] != checksum:
        found = f"The file at {dest} has the checksum sha256:{before['checksum']}, not sha256:{checksum}."
        return {"action": "replaced", "reason": found}
    if flaw := find_flaw(dest, params["format"]):
        return {"action": "replaced", "reason": f"The file at {dest} {flaw}."}
    try:
        sums = totals(params, dest)
    except DocumentError as exc:
        return {"action": "replaced", "reason": f"The file at {dest} cannot be added up: {exc}"}
    if params["overwrite"] == "different" and not checksum:
        unknown = f"Check mode does not fetch, so whether the bill differs from {dest} is not known."
        return {"action": "unchanged", "reason": unknown, **sums}
    return {"action": "skipped", "reason": f"The file at {dest} is whole.", **sums}


def fetch(module: AnsibleModule, before: dict[str, t.Any], checksum: str | None) -> dict[str, t.Any]:
    """Fetch the document, and put it at its destination if it is the one asked for and differs."""
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.invoicing import Invoicing

    params, dest = module.params, before["path"]
    with open_session(module) as session, StagedFile(dest) as staged:
        remove_stale_temporaries(os.path.dirname(staged.path))
        answer = Invoicing(session).download(
            params["contract_id"], params["invoice_id"], params["format"], params["source_type"], staged
        )
        if checksum and staged.sha256 != checksum:
            raise DocumentError(
                f"The document has the checksum sha256:{staged.sha256}, not sha256:{checksum}. Nothing was kept: "
                "the bill was issued again, or the checksum is another document's."
            )
        try:
            done: dict[str, t.Any] = {"attempts": answer.attempts, "elapsed": round(answer.elapsed, 3)}
            done |= totals(params, staged.path, staged.content)
        except DocumentError as exc:
            problem = str(exc).replace(staged.path, "The document")
            message = f"{problem} Nothing was kept: with parse=false it is kept unread."
            raise DocumentError(message, **exc.details | {"path": dest}) from exc
        if staged.sha256 == before.get("checksum"):
            return done | {"action": "unchanged", "reason": f"The bill is the same as the file at {dest}."}
        if before["state"] == "absent":
            done["action"] = "downloaded"
        else:
            done["action"] = "replaced"
            if params["backup"]:
                done["backup_file"] = module.backup_local(dest)
        staged.commit_with_module(module)
    return done


def handle_missing(module: AnsibleModule, error: NoDataError) -> dict[str, t.Any]:
    """What O(on_missing) says to do when there is no such document."""
    if module.params["on_missing"] == "error":
        raise error
    if module.params["on_missing"] == "warn":
        module.warn(str(error))
    return {"action": "missing", "reason": str(error), "attempts": error.details.get("attempts", 1)}


def run(module: AnsibleModule) -> dict[str, t.Any]:
    params = module.params
    check_source_type(params["source_type"], params["format"])
    contract_id, invoice_id = check_contract_id(params["contract_id"]), check_invoice_id(params["invoice_id"])
    name = document_name(contract_id, invoice_id, params["format"], params["source_type"])
    checksum = check_checksum(params["checksum"])
    before = file_state(resolve_destination(params["dest"], name, create_dirs=params["create_dirs"]))

    dest = before["path"]
    result: dict[str, t.Any] = {"path": dest, "format": params["format"], "source_type": params["source_type"]}
    result |= {"attempts": 0, "elapsed": 0.0} | plan(params, before, checksum)
    if result["action"] == "unchanged" and not module.check_mode:
        result["reason"] = f"The bill differs from the file at {dest}."
    if result["action"] != "skipped" and not module.check_mode:
        try:
            result |= fetch(module, before, checksum)
        except NoDataError as exc:
            result |= handle_missing(module, exc)

    changed = result["changed"] = result["action"] in ("downloaded", "replaced")
    after = {"path": dest, "state": "file"} if changed and module.check_mode else file_state(dest)
    result |= {key: after[key] for key in ("size", "checksum") if key in after}
    diff = {"before": dict(before), "after": dict(after)}
    if after["state"] == "file":
        attributes = module.load_file_common_arguments(params, path=dest)
        result["changed"] = module.set_fs_attributes_if_different(attributes, changed, diff)
    return result | {"diff": diff}


def main() -> None:
    argument_spec = connection_spec() | {
        "contract_id": {"type": "str", "required": True},
        "invoice_id": {"type": "int", "required": True},
        "format": {"type": "str", "choices": list(FORMATS), "default": "pdf"},
        "source_type": {"type": "str", "choices": list(SOURCE_TYPES), "default": "regular"},
        "dest": {"type": "path", "required": True},
        "overwrite": {"type": "str", "choices": ["never", "different"], "default": "never"},
        "checksum": {"type": "str"},
        "on_missing": {"type": "str", "choices": ["error", "warn", "skip"], "default": "error"},
        "parse": {"type": "bool", "default": True},
        "create_dirs": {"type": "bool", "default": False},
        "backup": {"type": "bool", "default": False},
    }
    run_module(AnsibleModule(argument_spec, add_file_common_args=True, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
