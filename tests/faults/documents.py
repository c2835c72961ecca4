# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What can be wrong with a document: refused if it is none or was cut, else kept, with or without totals."""

from __future__ import annotations

import json
import typing as t

from .answers import HOSTILE
from .row import INVOICE, Row, Step, raw

BOTH = "download archive"
PDF = "%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"
CSV = "Product,Total,Currency\nIon,10.00,USD\n"
LINE: dict[str, t.Any] = {"PRODUCT": "Ion", "ITEM_TOTAL": 10.0}


def document(lines: t.Any = (LINE,), **fields: t.Any) -> str:
    """A JSON document; a text with a leading @ is put in as it is."""
    customer = [{"END_CUSTOMER_ACCOUNT_ID": "A-1", "INVOICE_LINE": lines}]
    bill = {"INVOICE_ID": INVOICE, "INVOICE_CURRENCY": "USD", "END_CUSTOMER": customer} | fields
    text = json.dumps({"INVOICE": bill})
    return text.replace('"@', "").replace('@"', "")


def line(**fields: t.Any) -> str:
    """The same with a line that has these fields."""
    return document([LINE | fields])


def sent(text: str) -> Step:
    """A complete answer with this text, each character up to U+00FF a byte."""
    return raw(body=text)


TABLE = {
    "documents that are none": [
        *(
            Row(f"CSV is {name}", BOTH, sent(body), "GET /.*csv|GET /.*body", form="csv")
            for name, body in (
                ("a page", "<!DOCTYPE html><html></html>"),
                ("a page after blanks", "\n\n  <HTML><body>Log in</body></HTML>"),
                ("a PDF", PDF),
                ("zeros", "\x00" * 500),
                ("text with zeros in it", "Product,Total\nIo\x00n,10.00\n"),
                ("text with escape sequences", "Pro\x1b[31mduct,To\x1btal\nIon,1\n"),
                ("an image", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + "\x00\x01\xff\xfe" * 50),
                ("a ZIP", "PK\x03\x04\x14\x00\x00\x00\x08\x00" + "\x00\xff" * 50),
                ("gzip without saying so", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + "\xff\x00" * 50),
            )
        ),
        *(
            Row(f"PDF is {name}", BOTH, sent(body), "GET /", form="pdf")
            for name, body in (
                ("a page", "<!DOCTYPE html><html></html>"),
                ("text", "there is no bill"),
                ("cut", PDF[:20]),
                ("without a start", "%%EOF\n"),
                ("JSON", '{"error": "none"}'),
                ("one byte", "%"),
            )
        ),
        *(
            Row(f"JSON is {name}", BOTH, sent(body), "GET /|bill", form="json")
            for name, body in (
                ("a page", "<!DOCTYPE html><html></html>"),
                ("a list", "[]"),
                ("null", "null"),
                ("cut", document()[:-4]),
                ("blank", " \n"),
                ("text", "no bill"),
                ("an object of another kind", '{"a": 1}'),
                ("an empty object", "{}"),
                ("another bill", document(INVOICE_ID=17)),
                ("another bill, as text", document(INVOICE_ID="17")),
            )
        ),
    ],
    "documents that are kept": [
        *(
            Row(f"PDF with {name}", BOTH, sent(body), "", holds=True, form="pdf")
            for name, body in (
                ("4096 zeros behind it", PDF + "\x00" * 4096),
                ("a comment of a proxy behind it", PDF + "<!-- scanned by proxy -->" * 100),
                ("junk before it", "junk\n" + PDF),
                ("two ends", PDF + PDF),
                ("no line break at its end", PDF.rstrip()),
            )
        ),
        *(
            Row(f"CSV with {name}", BOTH, sent(body), says, holds=True, form="csv")
            for name, body, says in (
                ("headings only", "Product,Total,Currency\n", ""),
                ("unknown headings", "Alpha,Beta\nIon,10\n", "columns"),
                ("two columns of one name", "Product,Total,Total\nIon,10.00,11.00\n", "columns"),
                ("an amount that is none", "Product,Total\nIon,ten\n", "row 2"),
                ("an amount of 400 digits", "Product,Total\nIon," + "9" * 400 + "\n", ""),
                ("a superscript", "Product,Total\nIon,\xb2\n", ""),
                ("a short row", "Product,Total,Currency\nIon,10.00,USD\nIon\n", ""),
                ("a long row", "Product,Total\nIon,10.00,USD,x,y\n", ""),
                ("an open quote", 'Product,Total\n"Ion,10.00\n', ""),
                ("latin-1", "Product,Total,Currency\ncaf\xe9,10.00,USD\n", ""),
                ("a field of 200 KB", "Product,Total\n" + "x" * 200_000 + ",10.00\n", ""),
                ("CR line ends", CSV.replace("\n", "\r"), ""),
                ("a footer", CSV + "Page 1 of 1\n", ""),
                ("a formula", "Product,Total,Currency\n=cmd|' /C calc'!A0,10.00,USD\n", ""),
                ("a template", "Product,Total,Currency\n{{ lookup('env'\\, 'HOME') }},10.00,USD\n", ""),
                ("5,000 columns", ",".join(f"c{n}" for n in range(5000)) + "\n", "columns"),
                ("no line break at its end", CSV.rstrip(), ""),
            )
        ),
        *(
            Row(f"JSON with {name}", BOTH, sent(body), says, holds=True, form="json")
            for name, body, says in (
                ("no lines", document([]), ""),
                ("a comma too many", document().replace("[{", "[,{"), "JSON"),
                ("lines that are a number", document(7), ""),
                ("lines that are null", document(None), ""),
                ("a line that is null", document([None]), ""),
                ("a line that is a text", document(["x"]), ""),
                ("an amount that is text", line(ITEM_TOTAL="ten"), "ITEM_TOTAL"),
                ("an amount that is true", line(ITEM_TOTAL=True), "ITEM_TOTAL"),
                ("an amount that is a list", line(ITEM_TOTAL=[1]), "ITEM_TOTAL"),
                ("an amount that is NaN", line(ITEM_TOTAL="@NaN@"), ""),
                ("an amount that is infinite", line(ITEM_TOTAL="@Infinity@"), ""),
                ("an amount of 1e999999999", line(ITEM_TOTAL="@1e999999999@"), ""),
                ("an amount of 400 digits", line(ITEM_TOTAL="@" + "9" * 400 + "@"), ""),
                ("an amount of 5000 digits", line(ITEM_TOTAL="@" + "9" * 5000 + "@"), ""),
                ("an amount that is missing", document([{"PRODUCT": "Ion"}]), ""),
                ("two amounts", document().replace('"ITEM_TOTAL"', '"ITEM_TOTAL": 11.0, "ITEM_TOTAL"'), ""),
                ("a currency that is none", document(INVOICE_CURRENCY="dollars"), ""),
                ("a currency that is a list", document(INVOICE_CURRENCY=["USD"]), ""),
                ("half a surrogate in its currency", document(INVOICE_CURRENCY="US\ud83d"), ""),
                ("half a surrogate in a product", line(PRODUCT="Io\ud83dn"), ""),
                ("100,000 brackets", '{"a": ' + "[" * 100_000 + "}", ""),
                ("a template", line(PRODUCT="{{ 7 * 7 }}"), ""),
                ("blanks behind it", document() + " \n" * 100, ""),
            )
        ),
        *(
            Row(f"JSON with a product of {name}", BOTH, sent(line(PRODUCT=text)), "", holds=True, form="json")
            for name, text in HOSTILE.items()
        ),
    ],
}
