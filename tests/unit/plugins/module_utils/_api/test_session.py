# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What the session does with a server that answers, refuses, cuts, redirects and slows down."""

from __future__ import annotations

import logging
import sys
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import rate_limit as _rate_limit
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api import session as _session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.lists import read_json
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.rate_limit import RateLimiter
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._api.session import Session
from ansible_collections.edgebill.akamai_invoicing.plugins.module_utils._errors import (
    ApiError,
    CredentialsError,
    InvoicingError,
    MissingLibraryError,
    NoDataError,
    OptionError,
    TransportError,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ansible_collections.edgebill.akamai_invoicing.tests.simulator.client import Simulator

LIST = "/invoicing-api/v4/contracts/C-0N7RAC7/invoices"
DOWNLOAD = f"{LIST}/1234567890/download"
MONTH = {"month": "2024-05"}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries, in seconds, none of them waited for."""
    found: list[float] = []
    monkeypatch.setattr("time.sleep", found.append)
    # What a refusal asks for is noted, and the probe is sent at once.
    delay = RateLimiter.delay

    def no_delay(self: RateLimiter) -> float:
        if seconds := delay(self):
            found.append(seconds)
        return 0

    monkeypatch.setattr(RateLimiter, "delay", no_delay)
    return found


def options(simulator: Simulator, **changes: t.Any) -> dict[str, t.Any]:
    """The connection options for the simulator."""
    return {
        "edgerc": simulator.edgerc,
        "ca_path": simulator.ca_path,
        "timeout": 30.0,
        "retries": 3,
        "validate_certs": True,
    } | changes


@pytest.fixture
def session(simulator: Simulator) -> Iterator[Session]:
    """A session with the simulator."""
    with Session.from_options(options(simulator), {}) as opened:
        yield opened


def body(response: t.Any) -> bytes:
    """The whole body."""
    return b"".join(response.pieces())


def download(session: Session, source_type: str = "REGULAR") -> _session.Result:
    """The demo invoice as PDF."""
    return session.get(DOWNLOAD, body, params={"sourceType": source_type}, accept="application/pdf")


def test_reads_json_with_exact_decimals(session: Session) -> None:
    answer = session.get(LIST, read_json, params=MONTH)
    bill = next(entry for entry in answer.value if entry["invoiceId"] == 1234567890)
    assert not isinstance(bill["invoiceTotal"], float)
    assert answer.attempts == 1
    assert answer.elapsed > 0


def test_each_try_has_a_signature_of_its_own(session: Session, simulator: Simulator, waits: list[float]) -> None:
    simulator.fault("status", status=503, times=2)
    answer = download(session)
    counters = simulator.counters()
    assert answer.attempts == 3
    assert answer.value.startswith(b"%PDF-")
    assert counters["reused_nonces"] == 0
    assert len(waits) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_tries_again_after_a_passing_failure(
    session: Session, simulator: Simulator, waits: list[float], status: int
) -> None:
    simulator.fault("status", status=status)
    assert download(session).attempts == 2


@pytest.mark.parametrize("status", [400, 401, 403, 405, 501])
def test_does_not_try_again_after_a_lasting_failure(
    session: Session, simulator: Simulator, waits: list[float], status: int
) -> None:
    simulator.fault("status", status=status)
    with pytest.raises(ApiError, match=f"status {status}"):
        download(session)
    assert waits == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset"},
        {"kind": "cut"},
        {"kind": "cut", "chunked": True},
        {"kind": "cut", "after": 0},
        {"kind": "length", "by": 10},
    ],
    ids=str,
)
def test_tries_again_when_the_connection_breaks(
    session: Session, simulator: Simulator, waits: list[float], fault: dict[str, t.Any]
) -> None:
    simulator.fault(**fault)
    answer = download(session)
    assert answer.attempts == 2
    assert answer.value.rstrip().endswith(b"%%EOF")


def test_gives_up_and_says_after_how_many_tries(session: Session, simulator: Simulator, waits: list[float]) -> None:
    simulator.fault("cut", times=None)
    with pytest.raises(
        TransportError, match=r"GET .*/1234567890/download.* cut short.*Given up after 4 tries"
    ) as failed:
        download(session)
    assert failed.value.details["attempts"] == 4
    assert len(waits) == 3


def test_a_length_that_was_not_reached_is_noticed_without_urllib3(
    session: Session, simulator: Simulator, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As urllib3 before 2.0 does by default.
    monkeypatch.setattr("urllib3.response.HTTPResponse.__init__", _unenforced())
    simulator.fault("cut")
    answer = download(session)
    assert answer.attempts >= 2
    assert answer.value.rstrip().endswith(b"%%EOF")


def _unenforced() -> t.Any:
    from urllib3.response import HTTPResponse

    original = HTTPResponse.__init__

    def init(self: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        original(self, *args, **kwargs | {"enforce_content_length": False})

    return init


def test_waits_grow_and_never_go_down_to_nothing(session: Session, simulator: Simulator, waits: list[float]) -> None:
    simulator.fault("status", status=500, times=None)
    with pytest.raises(ApiError):
        download(session)
    assert [0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(waits)] == [True] * 3


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(session: Session, simulator: Simulator, waits: list[float], status: int) -> None:
    simulator.fault("status", status=status, headers={"Retry-After": "7"})
    download(session)
    assert waits == [pytest.approx(7, abs=0.5)]


def test_a_wait_that_is_too_long_is_an_error_at_once(
    session: Session, simulator: Simulator, waits: list[float]
) -> None:
    simulator.fault("status", status=503, headers={"Retry-After": "86400"})
    with pytest.raises(ApiError, match="asks to wait 86400 seconds"):
        download(session)
    assert waits == []


def test_the_quota_is_never_exceeded(session: Session, simulator: Simulator) -> None:
    simulator.quota(limit=1200, tokens=5)
    started = time.monotonic()
    for _round in range(25):
        download(session)
    elapsed = time.monotonic() - started
    counters = simulator.counters()
    assert counters["throttled"] == 0
    assert elapsed >= 20 / 20 * 0.9


def test_workers_share_the_quota(simulator: Simulator) -> None:
    simulator.quota(limit=1200, tokens=8)
    with Session.from_options(options(simulator), {}, connections=8) as session:
        download(session)
        with ThreadPoolExecutor(8) as pool:
            sizes = {len(answer.value) for answer in pool.map(lambda _n: download(session), range(30))}
    assert len(sizes) == 1
    assert simulator.counters()["throttled"] == 0


def fetch_many(simulator: Simulator, documents: int) -> int:
    """Fetch a document so many times with eight workers; how often it came."""
    with (
        Session.from_options(options(simulator, retries=5), {}, connections=8) as session,
        ThreadPoolExecutor(8) as pool,
    ):
        return sum(
            answer.value.startswith(b"%PDF-") for answer in pool.map(lambda _n: download(session), range(documents))
        )


@pytest.mark.parametrize("form", ["bucket", "fixed", "sliding"])
def test_every_form_of_quota_is_kept(simulator: Simulator, form: str) -> None:
    # A minute of two seconds: 80 documents are permitted at once, and 80 in each two seconds after.
    simulator.quota(limit=80, form=form, window=2)
    started = time.monotonic()
    assert fetch_many(simulator, 160) == 160
    assert simulator.counters()["throttled"] == 0
    assert 1.5 <= time.monotonic() - started <= 60


@pytest.mark.parametrize("retry_after", [True, False], ids=["Retry-After", "without a word"])
@pytest.mark.parametrize("form", ["bucket", "fixed", "sliding"])
def test_a_quota_that_is_not_shown_costs_few_requests(
    simulator: Simulator, form: str, retry_after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("MINUTE", 2.0), ("FIRST_WAIT", 0.25), ("MAX_PROBE_WAIT", 1.0)):
        monkeypatch.setattr(_rate_limit, name, seconds)
    simulator.quota(limit=80, form=form, window=2, shown=False, retry_after=retry_after)
    assert fetch_many(simulator, 160) == 160
    # Those that were under way, and some probes; on a slow machine the quota may be met a few times.
    assert simulator.counters()["throttled"] <= 40


def test_after_a_429_the_servers_time_is_waited_for(simulator: Simulator) -> None:
    permitted = datetime.now(timezone.utc) + timedelta(seconds=2)
    simulator.fault("status", status=429, headers={"X-RateLimit-Next": permitted.isoformat()})
    with Session.from_options(options(simulator), {}) as session:
        answer = download(session)
    assert answer.attempts == 2
    # The server's clock is known to the second only.
    assert datetime.now(timezone.utc) > permitted - timedelta(seconds=1)


@pytest.mark.parametrize("reason", ["timestamp", "client_token", "burst", "signature", "inactive", "grant"])
def test_each_refusal_of_the_gateway_is_explained(session: Session, simulator: Simulator, reason: str) -> None:
    sentences = {
        "timestamp": "clock",
        "client_token": "does not know the client_token",
        "burst": "sent too many requests at once",
        "signature": "client_secret does not belong",
        "inactive": "not active",
        "grant": "needs a grant",
    }
    simulator.fault("auth", reason=reason)
    with pytest.raises(ApiError, match=sentences[reason]) as failed:
        download(session)
    assert failed.value.details["request_id"]


@pytest.mark.parametrize("seconds", [-120, 300])
def test_a_wrong_clock_is_measured(session: Session, simulator: Simulator, seconds: int) -> None:
    simulator.fault("skew", seconds=seconds)
    direction = "ahead of" if seconds < 0 else "behind"
    with pytest.raises(ApiError, match=rf"clock is (\d+) seconds {direction} the server's") as failed:
        download(session)
    measured = int(str(failed.value).partition("clock is ")[2].split()[0])
    assert abs(measured - abs(seconds)) <= 2


def test_nothing_there(session: Session) -> None:
    with pytest.raises(NoDataError) as unknown:
        session.get(f"{LIST}/1/download", body, params={"sourceType": "REGULAR"}, accept="application/pdf")
    assert unknown.value.details["status"] == 404


def test_no_secret_is_in_an_error_even_if_the_server_says_it(session: Session, simulator: Simulator) -> None:
    simulator.fault("status", status=400, body=" ".join(session.credentials.secrets) + "\x1b[31m" + "x" * 9999)
    with pytest.raises(ApiError) as failed:
        download(session)
    said = str(failed.value) + str(failed.value.details)
    assert not any(secret in said for secret in session.credentials.secrets)
    assert "\x1b" not in said
    assert len(said) < 2000


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_gets_nothing(
    session: Session, simulator: Simulator, status: int
) -> None:
    simulator.fault("redirect", status=status, location=f"{simulator.foreign}take-it")
    with pytest.raises(ApiError, match="redirected to another host") as failed:
        download(session)
    assert failed.value.details == {"asked": f"GET {DOWNLOAD}?sourceType=REGULAR", "status": status}
    assert simulator.foreign_requests() == []


def test_a_redirect_on_the_same_host_is_signed_anew(session: Session, simulator: Simulator) -> None:
    simulator.fault("redirect", location=f"{DOWNLOAD}?sourceType=REGULAR")
    assert download(session).value.startswith(b"%PDF-")
    assert simulator.counters()["reused_nonces"] == 0


@pytest.mark.parametrize(
    ("location", "elsewhere"),
    [
        ("https://[bad", "an address that cannot be read"),
        ("//[::1", "an address that cannot be read"),
        ("https://user@:0x/", "another host"),
        ("http://{host}/x", r"http: \(without encryption\)"),
        ("https://localhost/x", r"another port \(localhost:443\)"),
    ],
)
def test_an_odd_redirect_is_refused(session: Session, simulator: Simulator, location: str, elsewhere: str) -> None:
    simulator.fault("redirect", location=location.replace("{host}", simulator.host))
    with pytest.raises(ApiError, match=f"was redirected to {elsewhere}"):
        download(session)


def test_redirects_have_an_end(session: Session, simulator: Simulator) -> None:
    simulator.fault("redirect", location=DOWNLOAD, times=None)
    with pytest.raises(ApiError, match="redirected more than 3 times"):
        download(session)


def test_gzip_and_chunks_are_read(session: Session, simulator: Simulator) -> None:
    plain = download(session).value
    simulator.fault("gzip")
    simulator.fault("chunked")
    assert download(session).value == plain
    assert download(session).value == plain


def test_a_server_that_stalls_is_given_up(simulator: Simulator, waits: list[float]) -> None:
    simulator.fault("stall", seconds=30)
    with Session.from_options(options(simulator, timeout=1.0), {}) as session:
        assert download(session).attempts == 2


def test_an_untrusted_certificate_is_not_tried_again(simulator: Simulator, waits: list[float]) -> None:
    with (
        Session.from_options(options(simulator, ca_path=None), {}) as session,
        pytest.raises(TransportError, match=r"no trusted connection .*CERTIFICATE_VERIFY_FAILED.*ca_path"),
    ):
        download(session)
    assert waits == []


def test_the_environments_ca_bundle_does_not_override_ca_path(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other))
    with Session.from_options(options(simulator), {"REQUESTS_CA_BUNDLE": str(other)}) as session:
        assert download(session).attempts == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environments_ca_bundle_is_the_default(simulator: Simulator, variable: str) -> None:
    with Session.from_options(options(simulator, ca_path=None), {variable: simulator.ca_path}) as session:
        assert download(session).attempts == 1


def test_certificates_can_be_left_unchecked(simulator: Simulator, recwarn: pytest.WarningsRecorder) -> None:
    with Session.from_options(options(simulator, ca_path=None, validate_certs=False), {}) as session:
        assert download(session).attempts == 1
    assert [warning for warning in recwarn if "InsecureRequest" in str(warning.category)] == []


def test_an_unreachable_host_is_named_with_the_cause(simulator: Simulator, waits: list[float]) -> None:
    four = {"host": "localhost:1", "client_token": "a", "client_secret": "b", "access_token": "c"}
    with (
        Session.from_options(options(simulator, edgerc=None, retries=1, **four), {}) as session,
        pytest.raises(TransportError, match=r"no answer from localhost:1: .*[Cc]onnection refused"),
    ):
        download(session)


def test_a_proxy_that_does_not_answer_is_told_from_the_host(
    simulator: Simulator, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:pass-word@127.0.0.1:1")
    with (
        Session.from_options(options(simulator), {}) as session,
        pytest.raises(TransportError, match="no answer from the proxy that the environment names") as failed,
    ):
        download(session)
    assert "pass-word" not in str(failed.value)


@pytest.mark.parametrize("proxy", ["http://user:pass/word@127.0.0.1:1", "http://user:pass@127.0.0.1:99999"])
def test_a_proxy_that_cannot_be_read_is_not_repeated(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(OptionError, match="cannot be read") as failed:
        Session.from_options(options(simulator), {})
    assert "pass@" not in str(failed.value)
    assert "word@127" not in str(failed.value)


def test_an_answer_nested_without_end_is_an_error(session: Session, simulator: Simulator) -> None:
    simulator.fault("status", status=400, body="[" * 100_000)
    with pytest.raises(ApiError, match="status 400"):
        download(session)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"edgerc": "/nowhere/.edgerc"}, CredentialsError),
        ({"ca_path": "/nowhere/ca.pem"}, OptionError),
        ({"timeout": 0.0}, OptionError),
        ({"timeout": float("nan")}, OptionError),
        ({"timeout": float("inf")}, OptionError),
        ({"retries": -1}, OptionError),
        ({"max_size": 0}, OptionError),
        ({"max_size": -1}, OptionError),
    ],
    ids=str,
)
def test_bad_options_are_refused_before_any_request(
    simulator: Simulator, change: dict[str, t.Any], error: type[InvoicingError]
) -> None:
    with pytest.raises(error):
        Session.from_options(options(simulator, **change), {})
    assert simulator.requests() == []


@pytest.mark.parametrize(
    ("modules", "libraries"),
    [
        (["requests"], "requests"),
        (["akamai.edgegrid"], "edgegrid-python"),
        (["requests", "akamai.edgegrid"], "requests edgegrid-python"),
    ],
)
def test_missing_libraries_are_named_at_once(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, modules: list[str], libraries: str
) -> None:
    # Where it was not imported yet, it would miss requests too.
    pytest.importorskip("akamai.edgegrid")
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        MissingLibraryError, match=rf"-m pip install {libraries}'; .*pipx inject .* {libraries}'"
    ) as failed:
        Session.from_options(options(simulator), {})
    assert f"import of {modules[0]} halted" in failed.value.traceback


def test_nothing_secret_is_logged(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        download(session)
    assert not any(secret in caplog.text for secret in session.credentials.secrets)
    assert "EG1-HMAC" not in caplog.text
    assert "signing key" not in caplog.text


def test_an_account_switch_key_is_sent(simulator: Simulator) -> None:
    with Session.from_options(options(simulator, account_switch_key="1-NONE"), {}) as session, pytest.raises(ApiError):
        download(session)
    assert "accountSwitchKey=1-NONE" in simulator.requests()[-1]["path"]


def test_one_connection_serves_many_requests(session: Session, simulator: Simulator) -> None:
    before = simulator.counters()["connections"]
    for _round in range(5):
        download(session)
    assert simulator.counters()["connections"] - before <= 1
