# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Layouts of real exports: FOCUS, Azure, AWS CUR, OCI, Linode Cloud Manager."""

from __future__ import annotations

import typing as t

from .case import Case, case_of
from .notation import Notation
from .truth import TWO_DIGITS, Line, amount, random_bill, some

if t.TYPE_CHECKING:
    from random import Random

    from .sheet import Row
from .sheet import Sheet

PLAIN = Notation()
FOCUS = [
    *("BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory"),
    *("ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit"),
    *("ContractedCost", "EffectiveCost", "InvoiceId", "ListCost", "ListUnitPrice", "PricingQuantity", "PricingUnit"),
    *("ProviderName", "RegionId", "ServiceName", "SkuId"),
]
AZURE = [
    *("InvoiceSectionName", "AccountName", "SubscriptionId", "ResourceGroup", "Date", "ProductName", "MeterCategory"),
    *("MeterName", "Quantity", "UnitOfMeasure", "EffectivePrice", "COST", "UnitPrice", "CURRENCY", "ChargeType"),
    *("PayGPrice", "Tags"),
]
AWS = [
    *("identity/LineItemId", "bill/InvoiceId", "bill/PayerAccountId", "bill/BillingPeriodStartDate"),
    *("lineItem/UsageAccountId", "lineItem/LineItemType", "lineItem/ProductCode", "lineItem/UsageType"),
    *("lineItem/UsageAmount", "lineItem/CurrencyCode", "lineItem/UnblendedRate", "lineItem/UnblendedCost"),
    *("lineItem/BlendedRate", "lineItem/BlendedCost", "lineItem/LineItemDescription", "pricing/publicOnDemandCost"),
    "pricing/unit",
]
OCI = [
    *("lineItem/referenceNo", "lineItem/tenantId", "lineItem/intervalUsageStart", "lineItem/intervalUsageEnd"),
    *("product/service", "product/compartmentName", "product/region", "usage/billedQuantity", "cost/productSku"),
    *("product/Description", "cost/unitPrice", "cost/myCost", "cost/currencyCode", "lineItem/isCorrection"),
]
LINODE = [
    *("Description", "From", "To", "Quantity", "Region", "Unit Price", "Amount (USD)", "Tax (USD)", "Total (USD)"),
]


def table(headings: list[str], rows: list[dict[str, str]], chance: Random) -> Sheet:
    """A table of these columns; what a row does not state is empty."""
    found: list[Row] = [[row.get(name, "") for name in headings] for row in rows]
    return Sheet(list(headings), list(headings), found, quotes=some(chance, 0.2), newline=chance.choice(("\n", "\r\n")))


def other(chance: Random, line: Line) -> str:
    """An amount that is not the line's."""
    return PLAIN.write(line.total + amount(chance.randint(1, 999), 2))


def focus(chance: Random) -> Case:
    """BilledCost counts; list, contracted and effective costs differ from it."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency, more=chance.choice((0, 6)))
    rows = []
    for line in bill.lines:
        usage = line.total >= 0
        facts = {
            **{"BilledCost": PLAIN.write(line.total), "BillingCurrency": currency, "ServiceName": line.product or ""},
            **{"ChargeCategory": "Usage" if usage else "Credit", "ChargeDescription": "Dedicated 8GB"},
            **{"ChargePeriodStart": "2024-05-01T00:00:00Z", "ChargePeriodEnd": "2024-05-02T00:00:00Z"},
            **{"BillingAccountId": "A-CCT7890", "InvoiceId": "1234567890", "ProviderName": "Akamai", "SkuId": "sku-1"},
            **dict.fromkeys(("ContractedCost", "EffectiveCost", "ListCost"), other(chance, line)),
        }
        if usage:
            facts |= {"PricingQuantity": "24", "PricingUnit": "Hours", "ListUnitPrice": "0.5", "ConsumedQuantity": "24"}
        rows.append(facts)
    headings = chance.sample(FOCUS, len(FOCUS)) if some(chance, 0.3) else FOCUS
    return case_of(table(headings, rows, chance).content(), bill)


def azure(chance: Random) -> Case:
    """The cost in the billing currency, under each name that it has had."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency, more=chance.choice((0, 8)))
    names = [
        ("Cost", "BillingCurrency"),
        ("CostInBillingCurrency", "BillingCurrency"),
        ("PreTaxCost", "BillingCurrency"),
    ]
    names += [("CostInBillingCurrency", "BillingCurrencyCode"), ("PreTaxCost", "Currency")]
    cost, code = chance.choice(names)
    headings = [{"COST": cost, "CURRENCY": code}.get(name, name) for name in AZURE]
    rows = [
        {
            **{cost: PLAIN.write(line.total), code: currency, "ProductName": line.product or "", "ChargeType": "Usage"},
            **{"Quantity": "1.5", "UnitOfMeasure": "1 Hour", "EffectivePrice": "0.12", "UnitPrice": "0.15"},
            **{"PayGPrice": "0.2", "Date": "05/01/2024", "MeterName": "vCPU", "Tags": '"env": "prod"'},
        }
        for line in bill.lines
    ]
    if some(chance, 0.3):
        headings = [name[0].lower() + name[1:] for name in headings]
        rows = [{name[0].lower() + name[1:]: cell for name, cell in row.items()} for row in rows]
    return case_of(table(headings, rows, chance).content(), bill, about=cost)


def aws(chance: Random) -> Case:
    """UnblendedCost counts; the blended and the public cost differ."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency, more=chance.choice((0, 8)))
    rows = [
        {
            **{"lineItem/UnblendedCost": PLAIN.write(line.total), "lineItem/CurrencyCode": currency},
            **{"lineItem/ProductCode": line.product or "", "lineItem/LineItemType": "Usage"},
            **{"lineItem/LineItemDescription": "$0.10 per GB", "lineItem/UsageAmount": "3", "bill/InvoiceId": "17"},
            **dict.fromkeys(("lineItem/BlendedCost", "pricing/publicOnDemandCost"), other(chance, line)),
            **{"lineItem/UnblendedRate": "0.1", "identity/LineItemId": f"id{number}", "lineItem/UsageType": "GB"},
        }
        for number, line in enumerate(bill.lines)
    ]
    return case_of(table(AWS, rows, chance).content(), bill)


def oci(chance: Random) -> Case:
    """A cost report of OCI."""
    currency = chance.choice(TWO_DIGITS)
    bill = random_bill(chance, currency, more=chance.choice((0, 8)))
    rows = [
        {
            **{"cost/myCost": PLAIN.write(line.total), "cost/currencyCode": currency},
            **{"product/service": line.product or "", "product/Description": "Block volume", "cost/unitPrice": "0.025"},
            **{"usage/billedQuantity": "40", "lineItem/referenceNo": f"ref{number}", "cost/productSku": "B91961"},
            **{"lineItem/intervalUsageStart": "2024-05-01T00:00Z", "lineItem/intervalUsageEnd": "2024-05-01T01:00Z"},
        }
        for number, line in enumerate(bill.lines)
    ]
    return case_of(table(OCI, rows, chance).content(), bill)


def linode(chance: Random) -> Case:
    """An invoice of Cloud Manager: amount, tax and total of each line, with a BOM."""
    bill = random_bill(chance, "USD", fields=("product", "services", "taxes", "total"))
    rows = [
        {
            **{"Description": f"{line.product} - web-{number}", "From": "2024-05-01", "To": "2024-05-31"},
            **{"Quantity": "744", "Region": "us-ord", "Unit Price": "0.0150"},
            "Amount (USD)": PLAIN.write(line.services or amount(0, 2)),
            "Tax (USD)": PLAIN.write(line.taxes or amount(0, 2)),
            "Total (USD)": PLAIN.write(line.total),
        }
        for number, line in enumerate(bill.lines)
    ]
    sheet = table(LINODE, rows, chance)
    sheet.encoding = "utf-8-sig"
    return case_of(sheet.content(), bill, source_type="compute")


LAYOUTS = {"focus": focus, "azure": azure, "aws cur": aws, "oci": oci, "linode": linode}
