# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with options: refused before any request, by name."""

from __future__ import annotations

import typing as t

from .row import Row, World

LONG = "x" * 5000


def sends_nothing(world: World, _outcome: t.Any) -> str:
    """Nothing, if no request was sent."""
    sent = world.simulator.counters()["total"]
    return f"{sent} requests were sent" if sent else ""


def refused(name: str, on: str, says: str, **options: t.Any) -> Row:
    """A row whose options are refused."""
    return Row(name, on, None, says, options=options, then=sends_nothing)


BOTH = "download archive"
LISTS = "archive info"

TABLE = {
    "options": [
        *(
            refused(f"contract_id {value[:20]!r}", "download lookup", "contract", contract_id=value)
            for value in (
                "",
                "../../x",
                "C 1",
                "C-1/../..",
                "\x1b[31m",
                "C-1\n",
                "-C",
                "C-",
                "C--1",
                "\xe9",
                "{{ x }}",
                "C?a=b",
                LONG,
            )
        ),
        *(
            refused(f"invoice_id {value!r}"[:40], "download", "invoice", invoice_id=value)
            for value in (0, -1, "x", "1.5", "", "\xb2", "../1", True, [1])
        ),
        refused("invoice_id of 4000 digits", "download", "invoice", invoice_id="9" * 4000),
        *(
            refused(f"terms {value!r}"[:40], "lookup", "invoice", terms=[value])
            for value in (0, -1, "x", "1.5", "", "\xb2", "../1", "\x1b[31m", "9" * 5000)
        ),
        refused("format docx", "download", "format", format="docx"),
        refused("formats docx", "archive", "formats", formats=["docx"]),
        refused("formats empty", "archive", "formats", formats=[]),
        refused("source_type other", "download", "source_type", source_type="other"),
        refused("source_types empty", "archive", "source_types", source_types=[]),
        refused("compute as pdf", "download", "source_type.*compute.*csv", source_type="compute", format="pdf"),
        refused("overwrite maybe", "download", "overwrite", overwrite="maybe"),
        refused("on_missing maybe", "download", "on_missing", on_missing="maybe"),
        refused("verify maybe", "archive", "verify", verify="maybe"),
        refused("returned some", "archive", "returned", returned="some"),
        refused("on_error retry", "archive", "on_error", on_error="retry"),
        refused(
            "an option nobody knows", "download archive info contracts keys lookup invoices", "colour", colour="blue"
        ),
        *(
            refused(f"checksum {value[:20]!r}", "download", "checksum", checksum=value)
            for value in (
                "",
                "sha256:",
                "md5:" + "0" * 32,
                "sha256:" + "g" * 64,
                "0" * 64,
                "sha256:" + "0" * 63,
                "\x1b[31m",
                LONG,
            )
        ),
        *(refused(f"concurrency {value}", "archive", "concurrency", concurrency=value) for value in (0, -1, 17, 10**9)),
        *(
            refused(f"timeout {value}", "download archive info lookup", "timeout", timeout=value)
            for value in (0, -1, 10**9, "soon", "1e400", "inf")
        ),
        refused("timeout NaN", "download archive info", "timeout", timeout="nan"),
        *(
            refused(f"retries {value}", "download archive info lookup", "retries", retries=value)
            for value in (-1, "x", 1.5)
        ),
        *(
            refused(f"month {value[:20]!r}", LISTS, "month", month=value)
            for value in (
                "",
                "2024-13",
                "2024-00",
                "2024",
                "24-05",
                "2015-01",
                "2999-01",
                "next_month",
                "2024-05-01",
                "\x1b[31m",
                "{{ x }}",
                "2024-\xb205",
                "\u0662\u0660\u0662\u0664-05",
                LONG,
            )
        ),
        refused("from_month after to_month", LISTS, "from_month", month=None, from_month="2024-05", to_month="2024-04"),
        refused("to_month alone", LISTS, "to_month.*from_month", month=None, to_month="2024-04"),
        refused("month and from_month", LISTS, "month", from_month="2024-05"),
        refused("contract_ids empty", LISTS, "contract_ids", contract_ids=[]),
        refused("contract_ids with a path", LISTS, "contract", contract_ids=["../x"]),
        refused("invoice_types empty", LISTS, "invoice_types", invoice_types=[]),
        refused("search too short", "keys", "search", search="ab"),
        refused("search blank", "keys", "search", search="     "),
        refused("depth deep", "contracts", "depth", depth="deep"),
        *(
            refused(f"path_template {value[:30]!r}", "archive", "path_template", path_template=value)
            for value in (
                "",
                "/etc/{invoice_id}",
                "../{invoice_id}.{ext}",
                "{nobody}",
                "{invoice_id",
                "a\nb{invoice_id}",
                "{invoice_id}\x1b[31m",
                "a//{invoice_id}",
                "a/./{invoice_id}",
                "{invoice_id}/",
                "[{invoice_id}",
                "{invoice_id!r}",
                "{invoice_id:>50}",
                "{invoice_id.__class__}",
                "{}",
                "{0}",
            )
        ),
        Row(
            "path_template takes the catalogue's name",
            "archive",
            None,
            "path_template",
            options={"path_template": "catalogue.json"},
        ),
        Row(
            "path_template in the archive's own directory",
            "archive",
            None,
            "path_template",
            options={"path_template": ".akamai_invoicing/{invoice_id}.{ext}"},
        ),
        Row(
            "path_template with a name too long",
            "archive",
            None,
            "path_template|long",
            options={"path_template": "x" * 300 + "{invoice_id}.{ext}"},
        ),
        Row(
            "path_template with a path too long",
            "archive",
            None,
            "path_template|long",
            options={"path_template": "/".join(["x" * 200] * 25) + "/{invoice_id}.{ext}"},
        ),
        Row(
            "path_template of documents of another month",
            "archive",
            None,
            "path_template",
            options={"path_template": "C-0N7RAC7/2024-04"},
        ),
        *(
            refused(f"mode {value!r}", BOTH, "mode", mode=value)
            for value in ("rw", "9999", "u+q", "0x1ff", "\xb2", "-1", "77777")
        ),
        *(refused(f"{name} that is none", BOTH, name, **{name: "no-such-name"}) for name in ("owner", "group")),
        refused("dest empty", BOTH, "dest", dest=""),
        refused("dest with a name too long", BOTH, "dest|name too long", dest="/tmp/" + "x" * 300),
        refused("dest with a path too long", BOTH, "dest", dest="/tmp/" + "x/" * 3000 + "x"),
        refused("dest missing", BOTH, "dest", dest=None),
        refused(
            "dest in a directory that is not there", "download", "create_dirs", dest="/tmp/no-such-directory/x.pdf"
        ),
        refused("dest through a file", "download", "dest", dest="/etc/passwd/x.pdf"),
        *(
            refused(f"ca_path that is {name}", "download archive info lookup", "ca_path", ca_path=value)
            for name, value in (
                ("not there", "/no/such/file"),
                ("no certificate", "/etc/passwd"),
                ("a device", "/dev/null"),
                ("too long", "/" + LONG),
                ("with a tab", "/tmp/a\tb"),
            )
        ),
        Row(
            "an invoice type that no bill has",
            LISTS,
            None,
            "",
            holds=True,
            changed=False,
            options={"invoice_types": ["NOBODY"]},
        ),
        Row(
            "a contract of another account", "download lookup", None, "GET /.*403", options={"contract_id": "C-1NTERN1"}
        ),
        Row("contracts of another account", LISTS, None, "GET /.*403", options={"contract_ids": ["C-1NTERN1"]}),
        Row("a checksum of another document", "download", None, "checksum", options={"checksum": "sha256:" + "0" * 64}),
        Row("a bill that is not there", "download", None, "GET /.*404", options={"invoice_id": 1}),
        Row("a bill that is not there", "lookup", None, "GET /.*404", options={"terms": [1]}),
    ],
}
