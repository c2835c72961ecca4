# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""A sample of the faults of `make faults`: a few of each area, so that a change which breaks a kind shows here."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.edgebill.akamai_invoicing.tests.faults.judge import SKIPPED, Judge
from ansible_collections.edgebill.akamai_invoicing.tests.faults.table import ROWS

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

SAMPLE = """
status codes: status 503 (download)
status codes: status 400 (archive)
status codes: status 404 (lookup)
status codes: status 404: missing (archive)
status codes: status 429 without a word (info)
status codes: status 503 once, then a cut answer (archive)
problem documents: gateway: timestamp (download)
problem documents: gateway: signature (info)
problem documents: problem is latin-1 (archive)
problem documents: problem is null (download)
lengths: cut in the middle (archive)
lengths: cut before the first byte (lookup)
lengths: no length (download)
lengths: Content-Length: two that differ (download)
chunks: chunk size is negative (download)
chunks: chunks that are right (lookup)
chunks: no last chunk (archive)
encodings: gzip (download)
encodings: identity (archive)
encodings: gzip list (invoices)
types: a login page (lookup)
types: a login page as a list (contracts)
types: a document of type text/html (archive)
redirects: to another host (info)
redirects: to http (download)
redirects: 307 to itself for ever (archive)
redirects: followed once on the host (download)
headers: Retry-After: infinity (download)
headers: X-RateLimit-Remaining: NaN (archive)
headers: a header of 100 KB (download)
time and size: stalls in the middle (download)
time and size: no answer (lookup)
time and size: a body without end, more than max_size (archive)
time and size: 100 Continue without end (download)
hostile texts: title with escape sequences (info)
hostile texts: detail with half a surrogate (archive)
hostile texts: title with right-to-left marks (lookup)
credentials echoed: client token in a title (download)
credentials echoed: access token in errors (archive)
lists: list is empty (archive)
lists: list is deep (info)
lists: list with a bill twice (archive)
fields of bills: invoiceId is null (info)
fields of bills: files is a text (archive)
other lists: a list of null (keys)
documents that are none: CSV is a PDF (archive)
documents that are none: PDF is cut (download)
documents that are kept: PDF with two ends (download)
documents that are kept: CSV with headings only (archive)
files of credentials: file with a BOM (download)
files of credentials: file with a section twice (download)
files of credentials: host is http (download)
other credentials: environment without client_secret (lookup)
options: contract_id '../../x' (download)
options: month '2024-13' (info)
options: path_template '../{invoice_id}.{ext}' (archive)
options: checksum 'sha256:' (download)
destination: is zeros (download)
disk: no file larger than 100 bytes (archive)
archives: document is altered (archive)
archives: temporary file of a killed run (archive)
catalogues: catalogue is cut (archive)
catalogues: entry has an absolute path (archive)
catalogues: SHA256SUMS is with paths that leave (archive)
network: certificate of another host (download)
network: the server's clock is 45 seconds off (info)
proxies: proxy is not there (archive)
runs: a run ended by SIGKILL after 0.15 seconds, none files there (archive)
lookups: path is cut JSON (lookup)
lookups: archive with an altered document (lookup)
verified archives: catalogue.json is of a later version (verify)
verified archives: journal.jsonl is no journal (verify)
"""


def test_the_sample_holds(simulator: Simulator, tmp_path: Path) -> None:
    judge = Judge(simulator, tmp_path)
    found = {name: judge.judge(*ROWS[name][1:]) for name in SAMPLE.strip().splitlines()}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize(
    "name",
    [
        "destination: is append-only (download)",
        "archives: altered document is immutable (archive)",
        "archives: altered document is in an append-only directory (archive)",
        "archives: SHA256SUMS is immutable (archive)",
    ],
)
def test_files_that_nobody_can_change(simulator: Simulator, tmp_path: Path, name: str) -> None:
    problems = Judge(simulator, tmp_path).judge(*ROWS[name][1:])
    if problems and problems[0].startswith(SKIPPED):
        pytest.skip(problems[0])
    assert problems == []


def test_each_area_is_in_the_sample() -> None:
    # What is searched for leaks are complete playbooks, which take their time.
    areas = {area for area, _row, _target in ROWS.values()} - {"leaks"}
    assert areas - {name.partition(":")[0] for name in SAMPLE.strip().splitlines()} == set()
