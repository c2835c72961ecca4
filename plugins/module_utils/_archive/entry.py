# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""One document of an archive, as the catalogue has it, and what a catalogue may hold."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import json
import math
import re
import typing as t

from .._documents.formats import FORMATS, SOURCE_TYPES
from .._options import check_contract_id, check_invoice_id

Key = tuple[str, int, str, str, int]

CATALOGUE = "catalogue.json"
# Its entries are below this directory.
PARTS = "catalogue"
JOURNAL = "journal.jsonl"
CHECKSUMS = "SHA256SUMS"
# The lock and files that are being written are here, so that a killed run leaves nothing beside the documents.
WORK_DIRECTORY = ".akamai_invoicing"
RESERVED = frozenset(name.casefold() for name in (CATALOGUE, PARTS, CHECKSUMS, JOURNAL, WORK_DIRECTORY))

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DIGITS = re.compile(r"-?[0-9]{1,99}(\.[0-9]{1,99})?")
# In bytes, as file systems have it.
MAX_NAME_SIZE = 255
_NO_NAMES = frozenset(("", ".", ".."))
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_TEXTS = (
    "account_id",
    "invoice_type",
    "invoice_date",
    "invoice_currency",
    "invoice_due_date",
    "month",
    "totals_error",
    "file_creation_date",
)
_SUM = frozenset(("currency", "total", "lines"))
# Sums that catalogue 1 does not have. They are None until the document is read again.
GROUPS = {
    "by_product": _SUM | {"product"},
    "by_customer": _SUM | {"customer_id", "customer_name"},
    "by_item_type": _SUM | {"item_type"},
}
_TOTALS = _SUM | {"services", "taxes", *GROUPS}


class Entry(t.NamedTuple):
    """One document of an archive, as it is saved: amounts are plain JSON numbers.

    Its ``size`` and ``sha256`` are None until it is there. Its ``totals``, one for each currency, are None also for a
    PDF, and for a document whose amounts cannot be read: ``totals_error`` says why. ``columns`` is the option with
    which they were read. ``fetched`` is None for a document that was found in the archive. ``replaces`` is the SHA-256
    of the version before it.
    """

    # What distinguishes it from all other documents.
    contract_id: str
    invoice_id: int
    source_type: str
    format: str
    file_version: int
    # What the list says of its bill.
    account_id: str | None
    invoice_type: str | None
    invoice_date: str | None
    invoice_currency: str | None
    invoice_total: int | float | str | None
    invoice_due_date: str | None
    # Where it is, relative to the root of the archive, and what it is.
    month: str | None
    path: str
    size: int | None = None
    sha256: str | None = None
    totals: list[dict[str, t.Any]] | None = None
    totals_error: str | None = None
    columns: dict[str, str] | None = None
    file_creation_date: str | None = None
    fetched: str | None = None
    replaces: str | None = None

    @property
    def key(self) -> Key:
        """The first five fields."""
        return self[:5]

    @property
    def checksum_line(self) -> bytes:
        """The entry as SHA256SUMS has it: templates permit neither a backslash nor a line break in a path."""
        return f"{self.sha256}  {self.path}".encode()

    @property
    def has_groups(self) -> bool:
        """Whether its totals have the sums that catalogue 1 does not have."""
        return all(totals["by_product"] is not None for totals in self.totals or ())

    @property
    def line(self) -> str:
        """The entry as it is saved."""
        text = json.dumps(self._asdict(), ensure_ascii=False)
        # Half a surrogate pair, which a document can hold, cannot be written.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# The names of what the list says of a bill.
BILL_FIELDS = Entry._fields[5:11]


def is_inside(path: str) -> bool:
    """Whether a path is one of a document: below the archive, and none of the archive's own."""
    names = path.split("/")
    fits = path.isprintable() and "\\" not in path and max(len(name.encode()) for name in names) <= MAX_NAME_SIZE
    return fits and _NO_NAMES.isdisjoint(names) and names[0].casefold() not in RESERVED


def parse_entry(values: t.Any) -> Entry:
    """An entry as it was saved. A damaged file is data, too: TypeError, ValueError or OptionError for wrong values."""
    if not isinstance(values, dict):
        raise TypeError("is not an object")
    entry = Entry(**values)
    for name in _TEXTS:
        if not isinstance(getattr(entry, name), (str, type(None))):
            raise TypeError(f"{name} is not a text")
    if not isinstance(entry.path, str) or not is_inside(entry.path):
        raise ValueError(f"the path {entry.path!r} is not one of a document")
    if not (isinstance(entry.sha256, str) and _SHA256.fullmatch(entry.sha256) and _is_count(entry.size)):
        raise ValueError(f"no size or sha256 for {entry.path!r}")
    if not (_is_count(entry.invoice_id) and _is_count(entry.file_version) and _is_identity(entry)):
        raise ValueError(f"no contract, bill, version or format for {entry.path!r}")
    if not (entry.month is None or _MONTH.fullmatch(entry.month)):
        raise ValueError(f"{entry.month!r} is not a month")
    if not (_is_amount(entry.invoice_total) and _are_totals(entry.totals)):
        raise ValueError(f"amounts that cannot be read for {entry.path!r}")
    if not isinstance(entry.columns, (dict, type(None))):
        raise TypeError("columns is not an object")
    for name, pattern in (("fetched", _TIME), ("replaces", _SHA256)):
        value = getattr(entry, name)
        if not (value is None or pattern.fullmatch(value)):
            raise ValueError(f"{name} {value!r} cannot be read for {entry.path!r}")
    return entry


def parse_entry_1(values: t.Any) -> Entry:
    """An entry of catalogue 1, in which what it lacks is None. Raises as parse_entry()."""
    if isinstance(values, dict):
        values = {"invoice_due_date": None} | values
        if isinstance(totals := values.get("totals"), list):
            none = dict.fromkeys(GROUPS)
            values["totals"] = [none | one if isinstance(one, dict) else one for one in totals]
    return parse_entry(values)


def _is_identity(entry: Entry) -> bool:
    contract_id, invoice_id, source_type, format, _version = entry.key
    if not isinstance(contract_id, str):
        return False
    check_contract_id(contract_id)
    check_invoice_id(invoice_id)
    return source_type in SOURCE_TYPES and format in FORMATS


def _is_count(value: t.Any) -> bool:
    return _is_integer(value) and value >= 0


def _is_integer(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_amount(value: t.Any) -> bool:
    if isinstance(value, str):
        return bool(_DIGITS.fullmatch(value))
    return value is None or _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _are_totals(value: t.Any) -> bool:
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(entry, dict)
            and entry.keys() == _TOTALS
            and _is_sum(entry)
            and all(map(_is_amount, (entry["services"], entry["taxes"])))
            and all(_are_groups(entry[name], keys) for name, keys in GROUPS.items())
            for entry in value
        )
    )


def _are_groups(value: t.Any, keys: frozenset[str]) -> bool:
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(group, dict)
            and group.keys() == keys
            and _is_sum(group)
            and all(isinstance(group[key], (str, type(None))) for key in keys - _SUM)
            for group in value
        )
    )


def _is_sum(value: dict[str, t.Any]) -> bool:
    return isinstance(value["currency"], (str, type(None))) and _is_amount(value["total"]) and _is_count(value["lines"])
