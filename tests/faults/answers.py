# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with an answer: its status, its length, its encoding, its headers, its texts."""

from __future__ import annotations

import json
import typing as t

from .row import Row, answer, listing, raw

BOTH = "download archive"
THREE = "download archive lookup"
SOME = "download lookup info"
ALL = "download archive lookup info invoices contracts keys"

PROBLEM = "application/problem+json"
HOSTILE = {
    "escape sequences": "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "NUL": "nothing\x00behind",
    "line breaks": "one\ntwo\r\nthree\u2028four",
    "right-to-left marks": "\u202egnp.exe\u2066\u2069",
    "half a surrogate": "half \ud83d of it",
    "10,000 characters": "long " * 2000,
    "a template": "{{ 7 * 7 }} {% raw %}",
    "percent signs": "%s %d %(name)s {0} {name}",
}
ECHOES = {
    "Authorization": "$authorization",
    "signature": "signature $signature here",
    "client token": "client_token=$client_token;",
    "access token": "$access_token",
    "JSON of all headers": '{"Authorization": "$authorization"}',
}


def problem(place: str, text: str) -> str:
    """A problem document with a text in one place."""
    return json.dumps({place: [{"title": text}] if place == "errors" else text})


STATUS_CODES = [
    *(
        Row(
            f"status {status}",
            ALL if status in (400, 403, 500) else BOTH,
            answer("status", status=status),
            rf"GET /.*status {status}",
        )
        for status in (400, 401, 402, 403, 405, 406, 408, 409, 410, 418, 422, 451, 500, 501, 502, 503, 504, 520, 599)
    ),
    Row("status 404", "download lookup", answer("status", status=404), "GET /.*status 404"),
    Row("status 404: missing", "archive", answer("status", status=404), "", holds=True, changed=False),
    Row("status 429 without a word", ALL, answer("status", status=429, body=""), "GET /.*status 429.*quota"),
    Row("status 204", "download lookup", answer("raw", head="HTTP/1.1 204 None", body=""), "GET /.*status 204"),
    Row(
        "status 204: missing",
        "archive",
        answer("raw", head="HTTP/1.1 204 None", body=""),
        "",
        holds=True,
        changed=False,
    ),
    Row("status 206", THREE, raw(status="206 Partial Content"), "GET /.*status 206"),
    Row("status 201", BOTH, raw(status="201 Created"), "GET /.*status 201"),
    Row("status 304", BOTH, answer("raw", head="HTTP/1.1 304 Not Modified", body=""), "GET /.*status 304"),
    Row("status 500 once", BOTH, answer("status", times=1), "", holds=True, given={"retries": 2}),
    Row("status 503 once, then a cut answer", BOTH, answer("cut", times=1), "", holds=True, given={"retries": 2}),
    Row("status 600", BOTH, raw(status="600 Odd"), "GET /.*status 600"),
    Row("status 999", BOTH, raw(status="999 Odd"), "GET /.*status 999"),
    Row("status 99", BOTH, raw(status="99 Odd"), "GET /"),
    Row("status with a letter", BOTH, raw(status="2O0 OK"), "GET /"),
    Row("no reason", BOTH, raw(status="200"), "", holds=True),
    Row(
        "missing document is skipped",
        "download",
        answer("status", status=404),
        "404",
        holds=True,
        changed=False,
        options={"on_missing": "skip"},
    ),
    Row(
        "missing document warns",
        "download",
        answer("status", status=404),
        "GET /.*404",
        holds=True,
        changed=False,
        options={"on_missing": "warn"},
    ),
]

PROBLEMS = [
    *(
        Row(f"gateway: {reason}", SOME, answer("auth", reason=reason), says)
        for reason, says in (
            ("authorization", "Invalid authorization header"),
            ("timestamp", "Invalid timestamp.*clock|under way"),
            ("client_token", "Invalid client token.*client_token"),
            ("access_token", "Invalid access token"),
            ("nonce", "Invalid nonce"),
            ("burst", "IPBLOCK-BURST.*wait"),
            ("signature", "signature does not match.*client_secret"),
            ("inactive", "Inactive client token.*activ"),
            ("grant", "grant"),
        )
    ),
    *(
        Row(f"problem is {name}", BOTH, raw(status="500 Oops", type=PROBLEM, body=body), "GET /.*status 500")
        for name, body in (
            ("empty", ""),
            ("no JSON", "{"),
            ("a list", "[1, 2]"),
            ("null", "null"),
            ("a number of 400 digits", "9" * 400),
            ("deep", "[" * 100_000),
            ("an object of texts as objects", '{"title": {"a": [1]}, "detail": [], "errors": {"x": 1}}'),
            ("errors that are texts", '{"title": "Oops", "errors": ["one", 2, null]}'),
            ("numbers for texts", '{"title": 1, "detail": 2.5, "requestId": true, "incidentId": []}'),
            ("JSON with NaN", '{"title": NaN, "detail": Infinity}'),
            ("latin-1", '{"title": "caf\xe9"}'),
            ("1 MiB long", '{"title": "' + "x" * 2**20 + '"}'),
            ("a page", "<html><body>" + "busy " * 1000 + "</body></html>"),
            ("a page without end", "<html><script>" + "a" * 5000),
        )
    ),
    Row("problem is cut", BOTH, raw("Content-Length: 5000", status="500 Oops", body='{"title": "Oo'), "status 500"),
    Row(
        "problem is no gzip",
        BOTH,
        raw("Content-Encoding: gzip\nContent-Length: 4", status="500 Oops", body="oops"),
        "status 500",
    ),
    Row(
        "problem names an hour of 99",
        BOTH,
        raw(
            status="400 Bad",
            type=PROBLEM,
            body='{"detail": "Invalid timestamp", "requestTime": "2024-01-01T99:00:00Z"}',
        ),
        "Invalid timestamp.*clock",
    ),
    Row(
        "problem with a zone of 20 digits",
        BOTH,
        raw(
            "Date: Mon, 01 Jan 2024 00:00:00 +99999999999999999999\nContent-Length: $length",
            status="400 Bad",
            type=PROBLEM,
            body='{"detail": "Invalid timestamp"}',
        ),
        "Invalid timestamp.*clock",
    ),
    Row(
        "problem of the year 99999999999",
        BOTH,
        raw(
            "Date: Mon, 01 Jan 99999999999 00:00:00 GMT\nContent-Length: $length",
            status="400 Bad",
            type=PROBLEM,
            body='{"detail": "Invalid timestamp"}',
        ),
        "Invalid timestamp.*clock",
    ),
    Row(
        "problem of the year 99999999999 in JSON",
        BOTH,
        raw(
            status="400 Bad",
            type=PROBLEM,
            body='{"detail": "Invalid timestamp", "requestTime": "99999999999-01-01T00:00:00Z"}',
        ),
        "Invalid timestamp.*clock",
    ),
]

LENGTHS = [
    Row("connection closed before the headers", ALL, answer("reset"), "GET /.*no answer|GET /.*connection"),
    Row("cut in the middle", THREE, answer("cut"), "GET /.*cut short"),
    Row("cut before the first byte", THREE, answer("cut", after=0), "GET /.*cut short"),
    Row("cut after one byte", THREE, answer("cut", after=1), "GET /.*cut short"),
    Row("chunks, cut in the middle", THREE, answer("cut", chunked=True), "GET /.*cut short"),
    Row("a length too great by one", THREE, answer("length", by=1), "GET /.*cut short"),
    Row("a length too great by a million", BOTH, answer("length", by=10**6), "GET /.*cut short"),
    Row("a CSV cut after a row by its length", BOTH, answer("length", by=-40), "", form="json"),
    *(
        Row(f"Content-Length: {name}", BOTH, raw(f"Content-Length: {value}"), "", holds=True)
        for name, value in (
            ("nothing", ""),
            ("a superscript", "\xb2"),
            ("a letter", "x"),
            ("negative", "-5"),
            ("a decimal", "12.5"),
            ("with an underscore", "1_000"),
            ("hexadecimal", "0x10"),
        )
    ),
    *(
        Row(f"Content-Length: {name}", BOTH, raw(f"Content-Length: {value}"), "GET /")
        for name, value in (
            ("400 digits", "9" * 400),
            ("5000 digits", "9" * 5000),
            ("two that differ", "$length\nContent-Length: 999999"),
            ("two in one", "$length, 999999"),
        )
    ),
    Row("no length", BOTH, raw("X-None: 0"), "", holds=True),
    Row("no length, PDF cut", BOTH, raw("X-None: 0", keep=100), "GET /.*cut short|GET /.*%%EOF", form="pdf"),
    Row("no length, JSON cut", BOTH, raw("X-None: 0", keep=100), "GET /", form="json"),
    Row("more than the length", BOTH, raw("Content-Length: $length", repeat="", zeros=0), "", holds=True),
]

CHUNKS = [
    *(
        Row(name, BOTH, raw("Transfer-Encoding: chunked", body=body), "GET /.*cut short|GET /.*answer")
        for name, body in (
            ("chunk size is no number", "zz\r\nabc\r\n0\r\n\r\n"),
            ("chunk size is negative", "-1\r\nabc\r\n0\r\n\r\n"),
            ("chunk size is empty", "\r\nabc\r\n0\r\n\r\n"),
            ("chunk size of 400 digits", "f" * 400 + "\r\nabc"),
            ("chunk size with a sign", "+3\r\nabc\r\n"),
            ("chunk size with escape sequences", "\x1b[31m\r\nabc\r\n0\r\n\r\n"),
            ("chunk size with NUL", "3\x00\r\nabc\r\n"),
            ("chunk size is the authorization", "$authorization\r\nabc\r\n0\r\n\r\n"),
            ("chunk shorter than its size", "ff\r\nabc"),
            ("no last chunk", "3\r\nabc\r\n"),
            ("no chunk at all", ""),
        )
    ),
    Row("chunks that are right", THREE, answer("chunked"), "", holds=True),
    Row(
        "a chunk with an extension of 100 KB",
        BOTH,
        raw("Transfer-Encoding: chunked", body="3;" + "x" * 100_000 + "\r\nabc\r\n0\r\n\r\n"),
        "GET /",
    ),
    Row(
        "a trailer of 1,000 lines",
        BOTH,
        raw("Transfer-Encoding: chunked", body="3\r\nabc\r\n0\r\n" + "X: y\r\n" * 1000 + "\r\n"),
        "GET /",
        form="json",
    ),
]

ENCODINGS = [
    Row("gzip", THREE, answer("gzip"), "", holds=True),
    Row("deflate", BOTH, raw("Content-Encoding: deflate\nContent-Length: $length", layers=["deflate"]), "", holds=True),
    *(
        Row(
            f"gzip cut {cut} bytes before its end",
            BOTH,
            raw("Content-Encoding: gzip", layers=["gzip"], keep=-cut),
            "GET /.*cut short|GET /.*end",
            form=form,
        )
        for cut, form in ((1, "csv"), (8, "csv"), (9, "csv"), (40, "csv"), (8, "pdf"), (8, "json"))
    ),
    *(
        Row(
            f"Content-Encoding: {name}",
            BOTH,
            raw(f"Content-Encoding: {name}\nContent-Length: $length", body="what nobody unpacks"),
            "GET /.*encod|GET /.*gzip|GET /.*deflate",
        )
        for name in ("br", "zstd", "compress", "gzip", "deflate", "unheard-of", "x" * 300)
    ),
    *(
        Row(
            f"{count} layers of gzip",
            BOTH,
            raw(f"Content-Encoding: {', '.join(['gzip'] * count)}\nContent-Length: $length", layers=["gzip"] * count),
            "GET /.*encod|GET /.*layer",
        )
        for count in (2, 3, 9)
    ),
    Row(
        "gzip and deflate",
        BOTH,
        raw("Content-Encoding: deflate, gzip\nContent-Length: $length", layers=["deflate", "gzip"]),
        "GET /.*encod|GET /.*layer",
    ),
    Row("gzip that is not", BOTH, raw("Content-Encoding: gzip\nContent-Length: $length"), "GET /"),
    Row("identity", BOTH, raw("Content-Encoding: identity\nContent-Length: $length"), "", holds=True),
    Row("gzip list", "info invoices contracts keys", answer("gzip"), "", holds=True, changed=False),
    Row("gzip list cut", "info invoices", raw("Content-Encoding: gzip", layers=["gzip"], keep=-9), "GET /"),
    Row(
        "gzip bomb of 70 MB as list",
        "info invoices archive",
        listing(
            "raw",
            head="HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: gzip",
            body="[",
            zeros=70 * 2**20,
            layers=["gzip"],
        ),
        "GET /.*larger|GET /.*bytes",
    ),
]

TYPES = [
    *(
        Row(f"a document of type {name}", BOTH, raw(type=value), "GET /.*type", form="pdf")
        for name, value in (
            ("text/html", "text/html"),
            ("text/plain", "text/plain; charset=utf-8"),
            ("JSON", "application/problem+json"),
            ("XML", "application/xml"),
            ("escape sequences", "\x1b[31mred"),
            ("300 characters", "x" * 300),
            ("many parameters", "text/html" + "; a=b" * 1000),
            ("an image", "image/png"),
        )
    ),
    *(
        Row(f"a PDF of type {value}", BOTH, raw(type=value), "", holds=True, form="pdf")
        for value in ("", "   ", "application/pdf;charset=UTF-8", "APPLICATION/PDF", "application/octet-stream")
    ),
    Row("a login page", THREE, answer("html"), "GET /.*text/html"),
    Row("a login page as a list", "info invoices contracts keys", answer("html"), "GET /.*text/html.*not JSON"),
    Row(
        "a login page of the right type",
        THREE,
        raw(body="<!DOCTYPE html><html><head><title>Log in</title></head></html>"),
        "GET /",
    ),
    Row("an empty document", THREE, answer("empty"), "GET /.*empty"),
    Row("an empty list answer", "info invoices contracts keys", answer("empty"), "GET /"),
]

REDIRECTS = [
    *(
        Row(
            f"to {name}",
            ALL if name == "another host" else BOTH,
            answer("redirect", location=location),
            "GET /.*redirect",
        )
        for name, location in (
            ("another host", "https://other.example/path"),
            ("http", "http://localhost/path"),
            ("another port", "https://localhost:1/path"),
            ("a user name", "https://user:pass@localhost/path"),
            ("nothing", ""),
            ("javascript", "javascript:alert(1)"),
            ("a file", "file:///etc/passwd"),
            ("a broken IPv6 host", "https://[::1/path"),
            ("a port that is none", "https://localhost:99999999/path"),
            ("a host of 5,000 letters", "https://" + "x" * 5000 + "/path"),
            ("right-to-left marks", "https://\u202elocalhost/path"),
            ("the host as another one's user", "https://localhost@evil.example/"),
            ("no scheme, another host", "//other.example/path"),
        )
    ),
    *(
        Row(f"{status} to itself for ever", BOTH, answer("redirect", location="", status=status), "GET /.*redirect")
        for status in (301, 302, 303, 307, 308)
    ),
    Row(
        "to another path of the host for ever",
        ALL,
        answer("redirect", path=".", location="/elsewhere"),
        "GET /.*redirected",
    ),
    Row("without a Location", BOTH, raw(status="302 Found", body=""), "GET /.*status 302|GET /.*redirect"),
    Row(
        "Location with the authorization",
        BOTH,
        raw("Location: https://other.example/?$authorization", status="302 Found", body=""),
        "redirect",
    ),
    Row(
        "Location is the authorization",
        BOTH,
        raw("Location: //$access_token.example/", status="302 Found", body=""),
        "redirect",
    ),
    Row(
        "Location with escape sequences",
        BOTH,
        raw("Location: https://\x1b[31mred/", status="302 Found", body=""),
        "redirect",
    ),
    Row(
        "followed once on the host",
        BOTH,
        answer(
            "redirect",
            times=1,
            status=307,
            location="/invoicing-api/v4/contracts/C-0N7RAC7/invoices/1234567890/download?sourceType=REGULAR",
        ),
        "",
        holds=True,
    ),
]

HEADERS = [
    *(
        Row(
            f"Retry-After: {name}",
            BOTH,
            raw(f"Retry-After: {value}\nContent-Length: $length", status="429 Slow", body="slow"),
            "GET /.*status 429",
        )
        for name, value in (
            ("a superscript", "\xb2"),
            ("400 digits", "9" * 400),
            ("5000 digits", "9" * 5000),
            ("negative", "-1"),
            ("a decimal", "0.5"),
            ("infinity", "inf"),
            ("NaN", "nan"),
            ("an hour", "3600"),
            ("a date long past", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("a date of the year 9999", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("a date of the year 99999999999", "Fri, 31 Dec 99999999999 23:59:59 GMT"),
            ("a zone of 20 digits", "Fri, 31 Dec 2027 23:59:59 +99999999999999999999"),
            ("no date", "tomorrow"),
            ("a parenthesis and 400 blanks", "(" + " " * 400),
            ("brackets of 2,000", "(" * 2000),
            ("escape sequences", "\x1b[31m5"),
        )
    ),
    *(
        Row(f"{header}: {name}", BOTH, raw(f"{header}: {value}\nContent-Length: $length"), "", holds=True)
        for header in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Next", "Date")
        for name, value in (
            ("a superscript", "\xb2"),
            ("400 digits", "9" * 400),
            ("negative", "-7"),
            ("NaN", "nan"),
            ("text", "many"),
            ("the year 99999999999", "99999999999-01-01T00:00:00Z"),
        )
    ),
    *(
        Row(
            f"X-RateLimit-Next: {name}",
            BOTH,
            raw(
                f"X-RateLimit-Limit: 500\nX-RateLimit-Remaining: 0\nX-RateLimit-Next: {value}\nContent-Length: $length"
            ),
            "",
            holds=True,
        )
        for name, value in (
            ("years ahead", "2999-01-01T00:00:00.000Z"),
            ("long past", "1970-01-01T00:00:00.000Z"),
            ("no fraction", "2024-01-01T00:00:00Z"),
            ("30 digits of fraction", "2024-01-01T00:00:00.123456789012345678901234567890Z"),
        )
    ),
    Row(
        "a limit of 0",
        BOTH,
        raw("X-RateLimit-Limit: 0\nX-RateLimit-Remaining: 0\nContent-Length: $length"),
        "",
        holds=True,
    ),
    Row("a header of 100 KB", BOTH, raw("X-Long: " + "x" * 100_000 + "\nContent-Length: $length"), "GET /"),
    Row("1,000 headers", BOTH, raw("X-Many: y\n" * 1000 + "Content-Length: $length"), "GET /"),
    Row("a header without a colon", BOTH, raw("no colon\nContent-Length: $length"), "", holds=True),
    Row("no status line", BOTH, answer("raw", head="", body="220 mail.example ESMTP\r\n"), "GET /.*no answer"),
    Row(
        "an old protocol",
        BOTH,
        answer("raw", head="HTTP/0.9 200 OK\nContent-Type: $type\nContent-Length: $length"),
        "",
        holds=True,
    ),
    Row("no protocol", BOTH, answer("raw", head="", body="\x15\x03\x01\x00\x02\x02\x28"), "GET /.*no answer"),
    Row("a cookie of 4 KB", BOTH, raw("Set-Cookie: a=" + "b" * 4000 + "\nContent-Length: $length"), "", holds=True),
]

TIME_AND_SIZE = [
    Row("stalls in the middle", THREE, answer("stall"), "GET /.*timed out|GET /.*seconds", options={"timeout": 0.5}),
    Row("no answer", ALL, answer("slow", delay=60), "GET /.*timed out|GET /.*seconds", options={"timeout": 0.5}),
    Row("slow, but in time", BOTH, answer("slow", trickle=1, pieces=8), "", holds=True, options={"timeout": 3}),
    Row(
        "100 Continue once",
        BOTH,
        answer("raw", head="HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Type: $type\nContent-Length: $length"),
        "",
        holds=True,
    ),
    *(
        Row(f"{name}, one each half second", targets, step, "GET /.*too slow.*timeout", options={"timeout": 0.7})
        for name, targets, step in (
            ("bytes of a body", ALL, raw("Content-Length: 1000000", body="", repeat="x", pause=0.5)),
            ("bytes of an announced document", BOTH, raw(keep=100, repeat="x", pause=0.5)),
            ("bytes without a length", BOTH, raw("X-None: 0", body="", repeat="x", pause=0.5)),
            ("chunks", BOTH, raw("Transfer-Encoding: chunked", body="", repeat="1\nx\n", pause=0.5)),
            ("trailers", BOTH, raw("Transfer-Encoding: chunked", body="0\r\n", repeat="X: y\n", pause=0.5)),
            ("bytes of a header", BOTH, answer("raw", head="", body="HTTP/1.1 200 OK\r\nX: ", repeat="x", pause=0.5)),
            ("bytes of a status line", BOTH, answer("raw", head="", body="", repeat="H", pause=0.5)),
            ("100 Continue", ALL, answer("raw", head="", body="", repeat="HTTP/1.1 100 Continue\n\n", pause=0.5)),
        )
    ),
    *(
        Row(f"{name} without end", targets, answer("raw", head="", **sent), "GET /.*more than [0-9]+ (bytes|headers)")
        for name, targets, sent in t.cast(
            "tuple[tuple[str, t.Any, dict[str, t.Any]], ...]",
            (
                ("100 Continue", ALL, {"body": "", "repeat": "HTTP/1.1 100 Continue\n\n" * 1000}),
                ("a status line", BOTH, {"body": "", "repeat": "H" * 10_000}),
                ("a header", BOTH, {"body": "HTTP/1.1 200 OK\r\nX: ", "repeat": "x" * 10_000}),
                ("headers", BOTH, {"body": "HTTP/1.1 200 OK\r\n", "repeat": "X: y\n" * 1000}),
            ),
        )
    ),
    *(
        Row(f"{name}, more than max_size", THREE, step, r"max_size \(1000000 bytes\)", options={"max_size": 1_000_000})
        for name, step in (
            ("a body without end", raw("X-None: 0", repeat="x" * 10_000)),
            ("chunks without end", raw("Transfer-Encoding: chunked", body="", repeat="64\n" + "x" * 100 + "\n")),
            ("a length of 99,999,999,999,999 bytes", raw("Content-Length: 99999999999999", keep=100)),
            ("2 MB", raw(zeros=2_000_000)),
            ("100 MiB in 100 KB of gzip", raw("Content-Encoding: gzip", zeros=100 * 2**20, layers=["gzip"])),
        )
    ),
    Row(
        "a list without end", "info invoices contracts keys", raw("X-None: 0", body="[", repeat=" " * 10_000), "larger"
    ),
    Row(
        "stalls in a problem document",
        BOTH,
        raw("Content-Length: 50", status="400 Bad", body="{", repeat=" ", pause=60),
        "status 400",
        options={"timeout": 0.5},
    ),
]

TEXTS = [
    *(
        Row(
            f"{place} with {name}",
            SOME if place == "title" else BOTH,
            raw(status="400 Bad", type=PROBLEM, body=problem(place, text)),
            "GET /.*status 400",
        )
        for place in ("title", "detail", "errors", "incidentId", "requestId", "requestTime")
        for name, text in HOSTILE.items()
    ),
    *(
        Row(f"page with {name}", BOTH, raw(status="500 Oops", type="text/html", body=text), "GET /.*status 500")
        for name, text in HOSTILE.items()
        if text.isascii()
    ),
    *(
        Row(f"status line with {name}", BOTH, raw(status=f"2x0 {text}"), "GET /")
        for name, text in HOSTILE.items()
        if text.isascii() and "\n" not in text and len(text) < 200
    ),
]

ECHOED = [
    *(
        Row(f"{name} in {where}", SOME if where == "a page" else BOTH, step(text), "GET /")
        for where, step in (
            ("a page", lambda text: raw(status="403 No", type="text/html", body=f"<p>{text}</p>")),
            ("a title", lambda text: raw(status="403 No", type=PROBLEM, body=problem("title", text))),
            ("errors", lambda text: raw(status="400 No", type=PROBLEM, body=problem("errors", text))),
            ("an id", lambda text: raw(status="500 No", type=PROBLEM, body=problem("incidentId", text))),
            ("the type", lambda text: raw(type=text)),
            ("the status line", lambda text: raw(status=f"xxx {text}")),
            ("an encoding", lambda text: raw(f"Content-Encoding: {text}\nContent-Length: $length")),
            ("a document", lambda text: raw(body=f"<html>{text}</html>")),
        )
        for name, text in ECHOES.items()
    ),
    *(
        Row(
            f"{name} in headings of a CSV",
            BOTH,
            raw(body=f"{text},b\n1,2\n"),
            "columns|heading",
            holds=True,
            form="csv",
        )
        for name, text in ECHOES.items()
    ),
]

TABLE = {
    "status codes": STATUS_CODES,
    "problem documents": PROBLEMS,
    "lengths": LENGTHS,
    "chunks": CHUNKS,
    "encodings": ENCODINGS,
    "types": TYPES,
    "redirects": REDIRECTS,
    "headers": HEADERS,
    "time and size": TIME_AND_SIZE,
    "hostile texts": TEXTS,
    "credentials echoed": ECHOED,
}
