# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Parsers of what others write, fed with what nobody should write: they answer, or refuse in one printable line."""

from __future__ import annotations

import contextlib
import json
import math
import typing as t
from datetime import datetime, timezone
from pathlib import Path

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import credentials
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.problems import error_from_response
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.rate_limit import RateLimiter
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.values import http_date, iso_time
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.catalogue import Catalogue
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.entry import Entry
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._archive.path_template import PathTemplate
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    CredentialsError,
    FileError,
    OptionError,
)
from ansible_collections.edgebill.akamai_invoicing.tests.unit.accepted import accepted, at_least
from hypothesis import given, settings
from hypothesis import strategies as st

MAX_EXAMPLES = 100
MAX_MESSAGE = 600
HEADERS = ("Date", "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Next")

numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(
        ["", " ", "\xb2", "9" * 400, "9" * 5000, "1e9", "nan", "inf", "0x1", "1_0", "\u0663", "-0", "+5", "0.5"]
    ),
)
dates = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.builds(
        "Mon, {} Jan {} {}:00:00 {}".format,
        numbers,
        numbers,
        st.integers(-1, 99),
        st.sampled_from(["GMT", "+99999999999999999999", "-0000", "+2500", "", "(" + " " * 400]),
    ),
    st.builds(
        "{}-{}-{}T{}:00:00.{}{}".format,
        numbers,
        numbers,
        numbers,
        st.integers(-1, 99),
        numbers,
        st.sampled_from(["Z", "", "+99:99", "+00:00:00.5", "z"]),
    ),
    st.text(alphabet="0123456789:-+TZ., ()GMTJan\xb2\u0663", max_size=60),
    st.text(max_size=30),
)
texts = st.one_of(
    st.text(max_size=40), st.sampled_from(["\x1b[31m", "\x00", "\u202e", "\ud83d", "x" * 3000, "{{ x }}"])
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)


@contextlib.contextmanager
def refused(kind: type[Exception]) -> t.Iterator[list[str]]:
    """What is refused is refused in one printable line."""
    reasons: list[str] = []
    try:
        yield reasons
    except kind as exc:
        reasons.append(str(exc))
    assert all(reason.isprintable() for reason in reasons)


@settings(max_examples=MAX_EXAMPLES)
@given(dates)
def test_dates_are_moments_with_a_zone_or_nothing(text: str) -> None:
    for moment in (http_date(text), iso_time(text)):
        assert moment is None or moment.utcoffset() is not None
        # What comes out can be counted with.
        assert moment is None or math.isfinite((moment - datetime.now(timezone.utc)).total_seconds())


@settings(max_examples=MAX_EXAMPLES)
@given(st.lists(st.dictionaries(st.sampled_from(HEADERS), st.one_of(numbers, dates), max_size=5), max_size=4))
def test_headers_of_the_quota_never_fail_a_run(answers: list[dict[str, str]]) -> None:
    limiter = RateLimiter()
    for status, headers in zip((200, 429, 200, 429), answers):
        limiter.release(limiter.take(), status, headers)
        delay = limiter.requested_delay(headers)
        assert delay is None or math.isfinite(delay)
        assert limiter.delay() >= 0


problems = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["title", "detail", "errors", "incidentId", "requestId", "requestTime", "status"]),
        st.one_of(values, dates, st.lists(st.fixed_dictionaries({"title": values}), max_size=3)),
        max_size=7,
    ).map(lambda problem: json.dumps(problem).encode()),
)


@settings(max_examples=MAX_EXAMPLES)
@given(
    st.integers(100, 999), st.dictionaries(st.sampled_from(HEADERS), st.one_of(numbers, dates), max_size=3), problems
)
def test_a_failed_answer_is_one_printable_line(status: int, headers: dict[str, str], body: bytes) -> None:
    error = error_from_response("GET /x", status, headers, body, source="the options", now=datetime.now(timezone.utc))
    assert str(error).isprintable()
    assert str(error).startswith("GET /x")
    assert len(str(error)) <= MAX_MESSAGE


GOOD = "[default]\nhost = akab.example.net\nclient_token = akab-1\nclient_secret = c2VjcmV0\naccess_token = akab-2\n"
edgercs = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet="[]=:#;\\n\r\t defaulthost_01\x00\xe9\ufeff", max_size=200).map(str.encode),
    st.builds(
        lambda place, piece: (GOOD[:place] + piece + GOOD[place:]).encode("utf-8", "surrogatepass"),
        st.integers(0, len(GOOD)),
        st.one_of(texts, st.sampled_from(["\n", "\\n", "=", "[", "]", "\r", "[default]\n", "$ANSIBLE_VAULT;1.1"])),
    ),
)


@at_least(3)
@settings(max_examples=MAX_EXAMPLES)
@given(edgercs)
def test_a_file_of_credentials_is_read_or_refused_without_its_secrets(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("edgerc") / "edgerc"
    path.write_bytes(content)
    path.chmod(0o600)
    with refused(CredentialsError) as reasons:
        found = credentials.load({"edgerc": str(path)}, {})
        accepted()
        assert all(value.isprintable() for value in (found.host, found.client_token, found.client_secret))
    assert "c2VjcmV0" not in "".join(reasons)


ENTRY: dict[str, t.Any] = {
    **dict.fromkeys(Entry._fields),
    **{"contract_id": "C-1", "invoice_id": 17, "source_type": "regular", "format": "csv", "file_version": 1},
    **{"month": "2024-05", "path": "C-1/17.csv", "size": 5, "sha256": "0" * 64, "invoice_total": 1.5},
}
entries = st.one_of(
    st.just(ENTRY),
    values,
    st.dictionaries(st.sampled_from(list(Entry._fields)), values, min_size=1, max_size=3).map(
        lambda some: ENTRY | some
    ),
)
catalogues = st.one_of(
    st.binary(max_size=100),
    values.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda version, documents: json.dumps({"version": version, "documents": documents}).encode(),
        st.one_of(st.just(1), values),
        st.one_of(st.lists(entries, max_size=3), values),
    ),
    # A good entry beside any others, so that some of each run can be used.
    st.lists(entries, max_size=2).map(
        lambda others: json.dumps({"version": 1, "documents": [ENTRY, *others]}).encode()
    ),
)


@at_least(2)
@settings(max_examples=MAX_EXAMPLES)
@given(catalogues, st.binary(max_size=100))
def test_a_catalogue_is_read_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, sums: bytes
) -> None:
    root: Path = tmp_path_factory.mktemp("archive")
    (root / "catalogue.json").write_bytes(content)
    (root / "SHA256SUMS").write_bytes(sums)
    with refused(FileError):
        catalogue = Catalogue(str(root))
        if list(catalogue.all_entries()):
            accepted()
        # All that is done with it.
        catalogue.is_pending()
        catalogue.diff()
        for entry in catalogue.all_entries():
            assert not Path(entry.path).is_absolute()
            assert ".." not in Path(entry.path).parts


@at_least(5)
@settings(max_examples=MAX_EXAMPLES)
@given(
    st.one_of(
        st.text(alphabet="{}[]/.~_-abcinvoice_id!:0\\\n\x00", max_size=40),
        st.lists(
            st.sampled_from(["{contract_id}", "{invoice_id}", "[", "_x]", "/", "..", ".", "a", "{ext}", "\x1b"]),
            max_size=8,
        ).map("".join),
    ),
    st.dictionaries(st.sampled_from(list(Entry._fields)), values, max_size=4),
)
def test_a_template_gives_paths_inside_the_archive_or_is_refused(template: str, fields: dict[str, t.Any]) -> None:
    with refused(OptionError):
        path = PathTemplate(template).render(ENTRY | fields)
        accepted()
        assert path.isprintable()
        assert not path.startswith("/")
        assert {"", ".", ".."}.isdisjoint(path.split("/"))
