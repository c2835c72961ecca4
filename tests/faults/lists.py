# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with a list of bills, contracts or switch keys."""

from __future__ import annotations

import json
import typing as t

from .answers import HOSTILE
from .row import CONTRACT, INVOICE, Row, Step, World, answer, listing

LISTS = "info archive"

FILE = {"contentType": "text/csv", "sourceType": "REGULAR", "fileVersion": 1}
BILL: dict[str, t.Any] = {
    "accountId": "A-CCT7890",
    "contractId": CONTRACT,
    "invoiceId": INVOICE,
    "invoiceType": "INVOICE",
    "invoiceDate": "2024-06-01",
    "invoiceCurrency": "USD",
    "invoiceTotal": 50000.42,
    "files": [FILE],
}


def bills(**changes: t.Any) -> Step:
    """A list of one bill that has these fields changed; a text with a leading @ is put in as it is."""
    body = json.dumps([BILL | changes])
    for value in changes.values():
        if isinstance(value, str) and value.startswith("@"):
            body = body.replace(json.dumps(value), value[1:])
    return listing("body", body=body, content_type="application/json")


def has_both(world: World, _outcome: t.Any) -> str:
    """Nothing, if both documents of the bill are there."""
    names = [f"{INVOICE}_v1.{form}" for form in ("csv", "pdf")]
    return "" if all((world.document.parent / name).is_file() for name in names) else "a document is lost"


BAD_LISTS = [
    *(
        Row(f"list is {name}", LISTS, listing("body", body=body), "GET /.*invoices")
        for name, body in (
            ("an object", "{}"),
            ("null", "null"),
            ("a text", '"bills"'),
            ("a number", "17"),
            ("true", "true"),
            ("cut", '[{"invoiceId": 12'),
            ("two lists", "[][]"),
            ("with a comment", "[] // none"),
            ("a page", "<html>Log in</html>"),
            ("deep", "[" * 100_000),
            ("a list of null", "[null]"),
            ("a list of numbers", "[1, 2]"),
            ("a list of texts", '["a"]'),
            ("a list of lists", "[[]]"),
            ("a list of nothing known", "[{}]"),
            ("blank", "   "),
        )
    ),
    Row("list is empty", LISTS, listing("body", body="[]"), "", holds=True, changed=False),
    Row("list is status 204", LISTS, listing("raw", head="HTTP/1.1 204 None", body=""), "", holds=True, changed=False),
    Row("list has a BOM", LISTS, listing("body", body="\ufeff" + json.dumps([BILL])), "", holds=True),
    Row("list is no UTF-8", LISTS, listing("raw", body='[{"invoiceType": "caf\xe9"}]'), "GET /.*invoices"),
    Row(
        "list has a field twice",
        LISTS,
        listing("body", body=json.dumps([BILL]).replace('"invoiceId"', '"invoiceId": 7, "invoiceId"')),
        "GET /|",
        holds=True,
    ),
    Row(
        "list of 20,000 bills",
        "info invoices",
        listing("body", body=[BILL | {"invoiceId": number, "files": []} for number in range(1, 20_001)]),
        "",
        holds=True,
    ),
    Row("list with a bill twice", LISTS, listing("body", body=[BILL, BILL]), "", holds=True),
    Row(
        "list with a bill twice, in two parts",
        "archive",
        listing("body", body=[BILL, BILL | {"files": [FILE | {"contentType": "application/pdf"}]}]),
        "",
        holds=True,
        given={"formats": ["csv", "pdf"]},
        then=has_both,
    ),
]

FIELDS = [
    *(
        Row(f"invoiceId is {name}", LISTS, bills(invoiceId=value), "GET /.*invoices.*invoiceId|GET /.*invoices")
        for name, value in (
            ("null", None),
            ("a text", "x"),
            ("empty", ""),
            ("a decimal", 1.9),
            ("true", True),
            ("negative", -1),
            ("0", 0),
            ("400 digits", "@" + "9" * 400),
            ("5000 digits", "@" + "9" * 5000),
            ("NaN", "@NaN"),
            ("a superscript", "\xb2"),
            ("a list", [1]),
            ("an object", {"a": 1}),
            ("with a path", "../../1"),
            ("an exponent", "@1e9"),
        )
    ),
    *(
        Row(f"contractId is {name}", LISTS, bills(contractId=value), "GET /.*invoices.*contract|GET /.*invoices")
        for name, value in (
            ("null", None),
            ("empty", ""),
            ("a path", "../../etc"),
            ("absolute", "/etc/passwd"),
            ("with blanks", "C 1"),
            ("a list", ["a"]),
            ("with escape sequences", "\x1b[31mC-1"),
            ("with NUL", "C-1\x00"),
            ("with right-to-left marks", "\u202eC-1"),
            ("half a surrogate", "C-1\ud83d"),
            ("a template", "{{ 7 * 7 }}"),
            ("3,000 letters", "C" * 3000),
        )
    ),
    *(
        Row(f"fileVersion is {name}", LISTS, bills(files=[FILE | {"fileVersion": value}]), "GET /.*invoices")
        for name, value in (
            ("a text", "x"),
            ("a decimal", 1.5),
            ("negative", -1),
            ("true", True),
            ("a list", [1]),
            ("a superscript", "\xb2"),
        )
    ),
    *(
        Row(f"invoiceTotal is {name}", LISTS, bills(invoiceTotal=value), "GET /.*invoices")
        for name, value in (
            ("text", "twelve"),
            ("an object", {"amount": 1}),
            ("true", True),
            ("NaN", "@NaN"),
            ("infinite", "@Infinity"),
            ("a list", [1]),
        )
    ),
    *(
        Row(f"files is {name}", LISTS, bills(files=value), "GET /.*invoices")
        for name, value in (("a text", "x"), ("a number", 7), ("a list of null", [None]), ("a list of numbers", [1]))
    ),
    *(
        Row(f"files is {name}", LISTS, bills(files=value), "", holds=True, changed=False)
        for name, value in (("null", None), ("empty", []))
    ),
    *(
        Row(f"{field} is {name}", LISTS, bills(**{field: value}), "GET /.*invoices")
        for field in ("invoiceType", "invoiceDate", "accountId")
        for name, value in (("an object", {"a": 1}), ("a list", []), ("true", True))
    ),
    *(
        Row(f"{field} with {name}", LISTS, bills(**{field: text}), "", holds=True)
        for field in ("invoiceType", "invoiceDate", "accountId", "invoiceCurrency")
        for name, text in HOSTILE.items()
    ),
    *(
        Row(f"fileName with {name}", LISTS, bills(files=[FILE | {"fileName": text}]), "", holds=True)
        for name, text in HOSTILE.items()
    ),
    *(
        Row(
            f"contentType with {name}",
            LISTS,
            bills(files=[FILE, FILE | {"contentType": text, "sourceType": text}]),
            "",
            holds=True,
        )
        for name, text in HOSTILE.items()
    ),
    Row(
        "credentials in the fields",
        LISTS,
        listing("raw", body=json.dumps([BILL | {"invoiceType": "$authorization", "accountId": "$access_token"}])),
        "",
        holds=True,
    ),
    Row(
        "credentials in a field that cannot be read",
        LISTS,
        listing("raw", body=json.dumps([BILL | {"invoiceId": "$authorization"}])),
        "GET /",
    ),
]

OTHER_LISTS = [
    *(
        Row(f"{name}", "contracts keys", answer("body", body=body), "GET /")
        for name, body in (
            ("an object", "{}"),
            ("null", "null"),
            ("a list of numbers", "[1]"),
            ("a list of null", "[null]"),
            ("a list of lists", "[[]]"),
            ("cut", '["C-'),
            ("deep", "[" * 100_000),
        )
    ),
    Row("nothing", "contracts keys", answer("body", body="[]"), "", holds=True),
    Row("status 204", "contracts keys", answer("raw", head="HTTP/1.1 204 None", body=""), "", holds=True),
    *(
        Row(f"contract with {name}", "contracts", answer("body", body=[text]), "GET /.*contract")
        for name, text in HOSTILE.items()
    ),
    *(
        Row(
            f"account with {name}",
            "keys",
            answer("body", body=[{"accountSwitchKey": "1-A", "accountName": text}]),
            "",
            holds=True,
        )
        for name, text in HOSTILE.items()
    ),
    *(
        Row(
            f"account name is {name}",
            "keys",
            answer("body", body=[{"accountSwitchKey": "1-A", "accountName": value}]),
            "",
            holds=True,
        )
        for name, value in (("an object", {"a": 1}), ("a list", [1]), ("true", True))
    ),
    Row("no key", "keys", answer("body", body=[{"accountName": "A"}]), "GET /"),
    Row("key is null", "keys", answer("body", body=[{"accountSwitchKey": None, "accountName": "A"}]), "GET /"),
]

TABLE = {"lists": BAD_LISTS, "fields of bills": FIELDS, "other lists": OTHER_LISTS}
