# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The documents of a bill: PDF, JSON and CSV, which agree with each other to the cent."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .data import PRODUCTS, Bill, Line, number

ROOTS = {"INVOICE": ("INVOICE", "Standard Invoice"), "CREDIT_MEMO": ("CREDIT_MEMO", "Credit Memo")}
COMPUTE_HEADINGS = (
    "Account ID",
    "Contract ID",
    "Invoice ID",
    "Product",
    "Product ID",
    "Item Desc",
    "Region",
    "Item Type",
    "Item Start Date",
    "Item End Date",
    "Item Units",
    "Unit Measure",
    "Item Unit Price",
)
REGIONS = ("us-east", "eu-central")
ROWS = 200


@functools.lru_cache(maxsize=8192)
def document(bill: Bill, format_name: str, source_type: str) -> bytes | None:
    """The bytes of one document, or None when the bill has no such document."""
    if source_type == "COMPUTE":
        return _compute_csv(bill) if bill.compute and format_name == "csv" else None
    return {"pdf": _pdf, "json": _json, "csv": _csv}[format_name](bill)


def _lines(bill: Bill) -> list[dict[str, Any]]:
    start, end = bill.dates
    credited = bill.invoice_id - 1 if bill.invoice_type == "CREDIT_MEMO" else None
    return [
        {
            "CREDITED_INVOICE_LINE_NUMBER": credited and place,
            "CREDITED_INVOICE_NUMBER": credited,
            "EFFECTIVE_END_DATE": None,
            "ITEM_DESC": PRODUCTS[line.product][3],
            "ITEM_END_DATE": end,
            "ITEM_START_DATE": start,
            "ITEM_TOTAL": line.total,
            "ITEM_TOTAL_SERVICES": line.services,
            "ITEM_TOTAL_TAXES": line.taxes,
            "ITEM_TYPE": line.item_type,
            "ITEM_UNITS": line.units,
            "ITEM_UNIT_PRICE": line.unit_price,
            "PO_NUMBER": "1234567890",
            "PRODUCT": PRODUCTS[line.product][0],
            "PRODUCT_ID": PRODUCTS[line.product][1],
            "UNIT_MEASURE": PRODUCTS[line.product][2],
        }
        for place, line in enumerate(bill.lines, 1)
    ]


def _customers(bill: Bill) -> tuple[tuple[str, str], ...]:
    return bill.account.customers or ((bill.account.account_id, bill.account.name),)


def _json(bill: Bill) -> bytes:
    root, invoice_type = ROOTS.get(bill.invoice_type, (bill.invoice_type, bill.invoice_type.replace("_", " ").title()))
    lines = [
        (line.customer, {key: number(value) if isinstance(value, Decimal) else value for key, value in fields.items()})
        for line, fields in zip(bill.lines, _lines(bill))
    ]
    content = {
        root: {
            "ACCOUNT_ID": bill.account.account_id,
            "ACCOUNT_NAME": bill.account.name,
            "END_CUSTOMER": [
                {
                    "END_CUSTOMER_ACCOUNT_ID": customer_id,
                    "END_CUSTOMER_ACCOUNT_NAME": name,
                    "END_CUSTOMER_EXTERNAL_REFERENCE": "1234567890",
                    "END_CUSTOMER_ORDER_ID": "1-23ABC4",
                    "INVOICE_LINE": [fields for customer, fields in lines if customer == place],
                }
                for place, (customer_id, name) in enumerate(_customers(bill))
            ],
            "FINALIZED_DATE": f"{bill.billed_in}-01",
            "INVOICE_CURRENCY": bill.contract.currency,
            "INVOICE_DATE": f"{bill.billed_in}-01",
            "INVOICE_ID": bill.invoice_id,
            "INVOICE_ORDER_ID": "1-23ABC4",
            "INVOICE_TYPE": invoice_type,
            "INVOICE_VERSION": bill.version,
            "PO_NUMBER": "1234567890",
        }
    }
    return json.dumps(content, ensure_ascii=False).encode()


# Each currency has its own dialect: a reader that handles all three handles the usual ones.
def _csv(bill: Bill) -> bytes:
    currency = bill.contract.currency
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if currency == "EUR" else ",", lineterminator="\r\n")
    if currency == "JPY":
        writer.writerow([f"Invoice {bill.invoice_id}", f"Contract {bill.contract.contract_id}"])
    customers = _customers(bill)
    rows = [
        {
            "INVOICE_ID": bill.invoice_id,
            "INVOICE_CURRENCY": currency,
            "END_CUSTOMER_ACCOUNT_ID": customers[line.customer][0],
            "END_CUSTOMER_ACCOUNT_NAME": customers[line.customer][1],
            **fields,
        }
        for line, fields in zip(bill.lines, _lines(bill))
    ]
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(_text(value, currency) for value in row.values())
    if currency == "JPY":
        writer.writerow(
            ["Total" if place == 0 else bill.total if key == "ITEM_TOTAL" else "" for place, key in enumerate(row)]
        )
    return target.getvalue().encode("utf-8-sig" if currency == "EUR" else "utf-8")


def _text(value: object, currency: str) -> object:
    if isinstance(value, Decimal) and currency == "EUR":
        return str(value).replace(".", ",")
    return value


def _compute_csv(bill: Bill) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow((*COMPUTE_HEADINGS, f"Total ({bill.contract.currency})"))
    for line in bill.lines:
        first = (line.total / 2).quantize(line.total)
        for region, amount in zip(REGIONS, (first, line.total - first)):
            writer.writerow((*_compute_fields(bill, line, region), amount))
    return target.getvalue().encode()


def _compute_fields(bill: Bill, line: Line, region: str) -> tuple[object, ...]:
    product, product_id, measure, description = PRODUCTS[line.product]
    ids = (bill.account.account_id, bill.contract.contract_id, bill.invoice_id)
    usage = (line.units / 2, measure, line.unit_price)
    return (*ids, product, product_id, description, region, line.item_type, *bill.dates, *usage)


@dataclass(frozen=True)
class BigFile:
    """A COMPUTE CSV of a chosen size, made while it is sent."""

    bill: Bill
    size: int

    @functools.cached_property
    def _parts(self) -> tuple[bytes, bytes, int, bytes]:
        """Headings, a block of rows, how often it is sent, and the last row, which fills up to the size."""
        currency = self.bill.contract.currency
        headings = ",".join((*COMPUTE_HEADINGS, f"Total ({currency})")).encode() + b"\n"
        line = self.bill.lines[0]
        rows = []
        for place in range(ROWS):
            fields = list(_compute_fields(self.bill, line, REGIONS[place % 2]))
            fields[3:6] = [f"Product {place % 20:02}", f"9-{place % 20:04}", f"instance {place:04}"]
            rows.append(",".join(map(str, (*fields, self._amount(place)))))
        block = ("\n".join(rows) + "\n").encode()
        last = ("," * len(COMPUTE_HEADINGS) + "0\n").encode()
        times = (self.size - len(headings) - len(last)) // len(block)
        rest = self.size - len(headings) - times * len(block) - len(last)
        return headings, block, times, b"x" * rest + last

    @staticmethod
    def _amount(place: int) -> Decimal:
        return Decimal(place * 37 % 10007) / 100

    @property
    def facts(self) -> dict[str, Any]:
        """What a reader of the file must find."""
        headings, block, times, last = self._parts
        total = sum((self._amount(place) for place in range(ROWS)), Decimal(0)) * times
        return {
            "size": self.size,
            "lines": ROWS * times + 1,
            "total": str(total),
            "currency": self.bill.contract.currency,
        }

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the file, a block at a time."""
        headings, block, times, last = self._parts
        yield headings
        for _count in range(times):
            yield block
        yield last


def _pdf(bill: Bill) -> bytes:
    """One page that every reader opens, with what a person looks for first."""
    shown = (
        f"{bill.invoice_type.replace('_', ' ').title()} {bill.invoice_id}, version {bill.version}",
        f"Contract {bill.contract.contract_id}",
        f"Month {bill.month}",
        f"Total {bill.total} {bill.contract.currency}",
    )
    text = "BT /F1 18 Tf 24 TL 72 760 Td " + " T* ".join(f"({line}) Tj" for line in shown) + " ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    )
    parts, offsets, place = ["%PDF-1.4\n"], [], len("%PDF-1.4\n")
    for count, content in enumerate(objects, 1):
        part = f"{count} 0 obj\n{content}\nendobj\n"
        offsets.append(place)
        parts.append(part)
        place += len(part)
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}")
    parts.append(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{place}\n%%EOF\n")
    return "".join(parts).encode("ascii")
