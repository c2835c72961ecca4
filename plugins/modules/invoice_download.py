#!/usr/bin/python

# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: invoice_download
short_description: Download one document of an Akamai bill, once
version_added: 0.1.0
author:
  - The edgebill.akamai_invoicing contributors (@edgebill)
description:
  - Downloads an invoice, credit memo or debit memo, or a Cloud Computing usage file, from the Invoicing API v4.
  - A complete file that is already at O(dest) is left alone. Unless O(overwrite=different), no request is sent for it
    and no credentials are needed. Its totals are returned all the same.
  - A file at O(dest) is always complete. The document is written to a temporary file, checked, and then moved.
  - A document whose amounts cannot be read is kept. RV(totals) is V(null) then, RV(totals_error) gives the reason, and
    each run warns. It is not downloaded again for that.
extends_documentation_fragment:
  - edgebill.akamai_invoicing._edgegrid
  - edgebill.akamai_invoicing._columns
  - edgebill.akamai_invoicing._attributes
  - edgebill.akamai_invoicing._attributes.actiongroup_edgegrid
  - edgebill.akamai_invoicing._attributes.directories
  - ansible.builtin.files
attributes:
  check_mode:
    support: full
    details:
      - Nothing is downloaded. With O(overwrite=different), it is therefore not known whether a file that is present
        differs, and no change is predicted.
      - Nor is it known whether the API has the document, so V(downloaded) is predicted where there is no file.
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
      - The invoice ID.
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
      - V(compute) is the usage data of Cloud Computing, which is available with O(format=csv) only, for bills from
        2024-02 on.
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
      - What to do when a complete file is at O(dest).
      - With V(never) it is left alone.
      - With V(different) the document is downloaded, and replaces the file only if their bytes differ. A bill that was
        issued again is found this way.
      - A file that is not a complete document is always replaced. It is empty, truncated, a web page or another bill,
        or does not have the format or the checksum that was requested. RV(reason) shows which.
    type: str
    choices: [never, different]
    default: never
  checksum:
    description:
      - The SHA-256 that the document must have, as C(sha256:) and 64 hexadecimal digits.
      - A file at O(dest) that has it is left alone, whatever O(overwrite) says.
      - A document with another checksum is not kept, and the task fails.
    type: str
  on_missing:
    description:
      - What to do when the API has no such document (status 204 or 404).
      - V(error) fails the task, V(warn) warns, V(skip) only reports it in RV(action).
    type: str
    choices: [error, warn, skip]
    default: error
  create_dirs:
    description:
      - Create the directory of O(dest), and those above it, if they do not exist, see O(directory_mode). They are
        created when the document has arrived.
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
      - Without it a new file gets V(0600), and a file that replaces another keeps the permissions of that one.
  unsafe_writes:
    description:
      - Has no effect. A document reaches its path in one step, or not at all.
seealso:
  - plugin: edgebill.akamai_invoicing.invoice
    plugin_type: lookup
    description: The same document as a value in a template.
notes:
  - A file system that refuses to set permissions, such as SMB or vfat, is no failure. The task warns once.
"""

EXAMPLES = r"""
- name: Download an invoice as PDF, unless it is present
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    dest: /srv/bills/
    create_dirs: true

- name: Download the same invoice as JSON, and replace the file if the bill was issued again
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: json
    dest: /srv/bills/invoice.json
    create_dirs: true
    overwrite: different
    backup: true
  register: bill

- name: Fail if the bill exceeds the budget in its currency, or if its total is not known
  ansible.builtin.assert:
    that:
      - bill.totals is not none
      - bill.totals.currency == 'USD'
      - bill.totals.total is not none and bill.totals.total | float <= 60000
    fail_msg: "{{ bill.totals_error or 'The bill is ' ~ bill.totals.total ~ ' ' ~ bill.totals.currency }}"
  when: not ansible_check_mode

- name: Download the usage of Cloud Computing, if there is any
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: csv
    source_type: compute
    dest: /srv/bills/
    create_dirs: true
    on_missing: skip

- name: Name the columns of a usage file whose headings are not recognized
  edgebill.akamai_invoicing.invoice_download:
    contract_id: C-0N7RAC7
    invoice_id: 1234567890
    format: csv
    source_type: compute
    dest: /srv/bills/
    create_dirs: true
    columns:
      total: Extended
      currency: Ccy
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
    - V(downloaded) when no file was there, V(replaced) when another file was replaced, V(unchanged) when the download
      is the same as the file, V(skipped) when nothing had to be downloaded, V(missing) when the API has no such
      document.
  returned: success
  type: str
  sample: downloaded
reason:
  description: Why that was done, in a sentence.
  returned: success
  type: str
  sample: There is no file at /srv/bills/C-0N7RAC7_1234567890.pdf.
size:
  description: The size of the file in bytes, V(null) if there is no file.
  returned: success
  type: int
  sample: 646
checksum:
  description: The SHA-256 of the file in hexadecimal, V(null) if there is no file.
  returned: success
  type: str
  sample: d262fd76b2d7f63478706768592901b2e24e7a55ee4baa66f83ccba73c71e8e9
attempts:
  description: How many tries were made for the document. V(0) when it was skipped.
  returned: success
  type: int
  sample: 1
elapsed:
  description: How long the download took, in seconds, including all tries and waits.
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
    - The exact sums of the lines. V(null) for a PDF, if there is no file yet, and if RV(totals_error) is set.
    - An amount is a number that prints exactly the decimal, or a string of its digits if it has more digits than a
      number can carry.
  returned: success
  type: dict
  contains:
    currency:
      description: The currency of the bill, V(null) if the document does not provide it, or has several.
      type: str
      sample: USD
    total:
      description: The sum of all lines. V(null) if a line has no amount, because the sum is not known then.
      type: float
      sample: 50000.42
    services:
      description: The part for services, V(null) if no line provides it.
      type: float
      sample: 41667.01
    taxes:
      description: The part for taxes, V(null) if no line provides it.
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
      description: The same for each end customer, with C(customer_id) and C(customer_name).
      type: list
      elements: dict
      sample:
        - {customer_id: A-CCT7890, customer_name: Main Street Corporation, currency: USD, total: 50000.42, lines: 2}
    by_item_type:
      description: The same for each item type, with C(item_type).
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
    ignored_rows:
      description: The number of rows of a CSV document that are no lines, such as footers and repeated headings.
      type: int
      sample: 0
    encoding:
      description: The encoding of the document, such as V(utf-8), V(utf-16) or V(windows-1252).
      type: str
      sample: utf-8
    warnings:
      description:
        - A sentence for each part of the totals that is V(null) because its column cannot be read. They are warnings of
          the task too.
      type: list
      elements: str
      sample: []
totals_error:
  description:
    - Why the document has no totals, in a sentence that names file, row, column and reason, and what to do. V(null) if
      it has totals, for a PDF, and if there is no file.
    - The file is read again in each run, so that the option O(columns) or a newer release resolves this without a
      download.
  returned: success
  type: str
  sample: null
diff:
  description: The path, size, checksum and attributes of the file, before and after.
  returned: success
  type: dict
error:
  description:
    - Details of a failed request. C(asked), C(status), C(title), C(detail), C(errors), C(incident_id), C(request_id)
      and C(attempts), as far as the API provides them.
    - For a file that cannot be read or written, its C(path). If only its attributes cannot be set, the other return
      values are there too.
  returned: when a request has failed, or a file could not be read or written
  type: dict
  sample:
    asked: GET /invoicing-api/v4/contracts/C-0N7RAC7/invoices/1/download?sourceType=REGULAR
    status: 404
    title: URL not found
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils import _options
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._attributes import (
    as_file_errors,
    directory_attributes,
    set_attributes,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.formats import (
    FORMATS,
    SOURCE_TYPES,
    document_name,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.validation import find_flaw
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    DocumentError,
    FileError,
    NoDataError,
    NotABillError,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._files import (
    StagedFile,
    file_state,
    resolve_destination,
)
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._module import open_session, run_module


def read_totals(params: dict[str, t.Any], dest: str, staged: StagedFile | None = None) -> dict[str, t.Any]:
    """The totals of a document, which is staged or at its destination, or why it has none. Raises NotABillError."""
    if params["format"] == "pdf":
        return {"totals": None, "totals_error": None}
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.reader import totals_or_error

    path, content = (staged.path, staged.content) if staged else (dest, None)
    known = {"content": content, "invoice_id": params["invoice_id"], "columns": params["columns"]}
    totals, error = totals_or_error(path, params["format"], params["source_type"], **known)
    # What only the list of bills provides is not in them.
    kept = totals and {name: value for name, value in totals.items() if name not in ("reconciled", "difference")}
    return {"totals": kept, "totals_error": error and error.replace(path, dest)}


def plan(params: dict[str, t.Any], before: dict[str, t.Any], checksum: str | None) -> dict[str, t.Any]:
    """The action that is due as far as the disk shows, and the reason for it; ``compared`` where only the API knows."""
    dest = before["path"]
    if before["state"] == "absent":
        return {"action": "downloaded", "reason": f"There is no file at {dest}."}
    flaw = find_flaw(dest, params["format"])
    if checksum and before["checksum"] != checksum:
        flaw = f"has the checksum sha256:{before['checksum']}, not sha256:{checksum}"
    try:
        totals = {} if flaw else read_totals(params, dest)
    except NotABillError as exc:
        flaw = f"is not this document ({exc})"
    if flaw:
        return {"action": "replaced", "reason": f"The file at {dest} {flaw}."}
    if params["overwrite"] == "different" and not checksum:
        return {"action": "compared", "reason": f"The bill differs from the file at {dest}.", **totals}
    return {"action": "skipped", "reason": f"The file at {dest} is complete.", **totals}


def fetch(module: AnsibleModule, before: dict[str, t.Any], checksum: str | None) -> dict[str, t.Any]:
    """Fetch the document, and put it at its destination if it is the one asked for and differs."""
    from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.download import download_document

    params, dest = module.params, before["path"]
    with open_session(module) as session, StagedFile(dest, attributes=directory_attributes(module)) as staged:
        answer = download_document(
            session, params["contract_id"], params["invoice_id"], params["format"], params["source_type"], staged
        )
        if checksum and staged.sha256 != checksum:
            raise DocumentError(
                f"The document has the checksum sha256:{staged.sha256}, not sha256:{checksum}. Nothing was kept: "
                "the bill was issued again, or the checksum is another document's."
            )
        done: dict[str, t.Any] = {"attempts": answer.attempts, "elapsed": round(answer.elapsed, 3)}
        try:
            done |= read_totals(params, dest, staged)
        except NotABillError as exc:
            message = f"The answer had status 200, but the document {exc} Nothing was kept: check the invoice ID."
            message = message.replace(f"{staged.path}: ", "")
            raise DocumentError(message, **exc.details | {"path": dest, "status": 200}) from exc
        if staged.sha256 == before.get("checksum"):
            return done | {"action": "unchanged", "reason": f"The bill is the same as the file at {dest}."}
        done["action"] = "downloaded" if before["state"] == "absent" else "replaced"
        if before["state"] == "file" and params["backup"]:
            with as_file_errors(module, dest):
                done["backup_file"] = module.backup_local(dest)
        staged.commit()
    if not staged.kept_permissions:
        module.warn(f"The file system of {dest} refuses to set permissions: the file has those that it gives.")
    return done


def handle_missing(module: AnsibleModule, error: NoDataError) -> dict[str, t.Any]:
    """What ``on_missing`` says to do when there is no such document."""
    if module.params["on_missing"] == "error":
        raise error
    if module.params["on_missing"] == "warn":
        module.warn(str(error))
    return {"action": "missing", "reason": str(error), "attempts": error.details.get("attempts", 1)}


def finish(module: AnsibleModule, result: dict[str, t.Any], before: dict[str, t.Any]) -> dict[str, t.Any]:
    """Give the file the mode, owner and so on that were asked for, and report what it is now."""
    dest, changed = before["path"], result["changed"]
    after = {"path": dest, "state": "file"} if changed and module.check_mode else file_state(dest)
    diff = {"before": dict(before), "after": dict(after)}
    result |= {name: after.get(name) for name in ("size", "checksum")} | {"diff": diff}
    if after["state"] == "file":
        try:
            result["changed"] = set_attributes(module, dest, changed, diff)
        except FileError as exc:
            result |= {"failed": True, "msg": str(exc), "error": exc.details}
    return result


def run(module: AnsibleModule) -> dict[str, t.Any]:
    params = module.params
    _options.check_source_type(params["source_type"], params["format"])
    contract_id, invoice_id = (
        _options.check_contract_id(params["contract_id"]),
        _options.check_invoice_id(params["invoice_id"]),
    )
    name = document_name(contract_id, invoice_id, params["format"], params["source_type"])
    checksum = _options.check_checksum(params["checksum"])
    directory_attributes(module)
    if params["columns"] is not None:
        from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._documents.columns import parse_columns

        params["columns"] = parse_columns(params["columns"])
    before = file_state(resolve_destination(params["dest"], name, create_dirs=params["create_dirs"]))

    dest = before["path"]
    result: dict[str, t.Any] = {"path": dest, "format": params["format"], "source_type": params["source_type"]}
    result |= {"attempts": 0, "elapsed": 0.0, "totals": None, "totals_error": None} | plan(params, before, checksum)
    if module.check_mode and result["action"] == "compared":
        result |= {"action": "unchanged", "reason": f"Whether the bill differs from {dest} is not known in check mode."}
    elif result["action"] != "skipped" and not module.check_mode:
        try:
            result |= fetch(module, before, checksum)
        except NoDataError as exc:
            result |= handle_missing(module, exc)
    if result["totals_error"]:
        module.warn(f"The document is kept without totals because its amounts cannot be read. {result['totals_error']}")
    for warning in result["totals"]["warnings"] if result["totals"] else ():
        module.warn(f"{dest}: {warning}")
    result["changed"] = result["action"] in ("downloaded", "replaced")
    return finish(module, result, before)


def main() -> None:
    argument_spec = (
        _options.connection_spec()
        | _options.columns_spec()
        | {
            "contract_id": {"type": "str", "required": True},
            "invoice_id": {"type": "int", "required": True},
            "format": {"type": "str", "choices": list(FORMATS), "default": "pdf"},
            "source_type": {"type": "str", "choices": list(SOURCE_TYPES), "default": "regular"},
            "dest": {"type": "path", "required": True},
            "overwrite": {"type": "str", "choices": ["never", "different"], "default": "never"},
            "checksum": {"type": "str"},
            "on_missing": {"type": "str", "choices": ["error", "warn", "skip"], "default": "error"},
            "create_dirs": {"type": "bool", "default": False},
            "directory_mode": {"type": "raw"},
            "backup": {"type": "bool", "default": False},
        }
    )
    run_module(AnsibleModule(argument_spec, add_file_common_args=True, supports_check_mode=True), run)


if __name__ == "__main__":
    main()
