# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""An archive written as the guide describes it, with no code of the plugins: for tests and benchmarks of readers."""

from __future__ import annotations

import hashlib
import json
import typing as t
from pathlib import Path

CONTRACT = "C-0N7RAC7"
FETCHED = "2026-11-05T05:30:04Z"
Record = dict[str, t.Any]
Put = t.Callable[[Path, str], object]


def write(path: Path, content: str) -> None:
    """Write a text as it is."""
    path.write_bytes(content.encode())


class MadeArchive:
    """Documents, and what describes them; ``save`` writes catalogue, checksums and journal."""

    def __init__(self, root: Path, version: int = 2) -> None:
        self.root = root
        self.version = version
        self.entries: list[Record] = []
        root.mkdir(parents=True)

    def add(
        self,
        invoice_id: int,
        month: str | None = "2024-05",
        format: str = "csv",
        *,
        content: bytes | None = None,
        total: float = 10,
        lines: float | None = 10,
        **fields: t.Any,
    ) -> Record:
        """One document; ``lines`` is the sum of its lines, None for one that cannot be read."""
        contract_id = fields.get("contract_id", CONTRACT)
        source_type, version = fields.get("source_type", "regular"), fields.get("file_version", 1)
        suffix = "_compute" if source_type == "compute" else ""
        path = f"{contract_id}/{month or 'unknown'}/{invoice_id}_v{version}{suffix}.{format}"
        if content is None:
            content = f"Product,Total (USD)\nIon {invoice_id} {format} {version},{lines}\n".encode()
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        groups: Record = {"by_product": [], "by_customer": [], "by_item_type": []}
        sums = {"currency": "USD", "total": lines, "services": None, "taxes": None, "lines": 1}
        has_totals = format != "pdf" and lines is not None
        entry: Record = {
            **{"contract_id": contract_id, "invoice_id": invoice_id, "source_type": source_type, "format": format},
            **{"file_version": version, "account_id": "A-CCT7890", "invoice_type": "INVOICE"},
            **{"invoice_date": "2024-06-01", "invoice_currency": "USD", "invoice_total": total},
            **{"invoice_due_date": "2024-07-01", "month": month, "path": path, "size": len(content)},
            **{"sha256": hashlib.sha256(content).hexdigest()},
            "totals": [sums | groups if self.version == 2 else sums] if has_totals else None,
            "totals_error": f"{path}: no total" if format != "pdf" and lines is None else None,
            **{"columns": None, "file_creation_date": None, "fetched": FETCHED, "replaces": None},
        } | fields
        if self.version == 1:
            for name in ("invoice_due_date", "file_creation_date", "fetched", "replaces"):
                del entry[name]
        self.entries.append(entry)
        return entry

    def part(self, entry: Record) -> Path:
        """The part of the catalogue that an entry belongs to."""
        return Path(self.root, "catalogue", entry["contract_id"], f"{entry['month'] or 'unknown'}.jsonl")

    def save(self, put: Put = write) -> Path:
        """Write journal, SHA256SUMS and catalogue."""
        self.write_journal(map(journal_record, self.entries), put)
        ordered = sorted(self.entries, key=lambda entry: str(entry["path"]))
        put(self.root / "SHA256SUMS", "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in ordered))
        parts: dict[Path, list[str]] = {}
        for entry in self.entries if self.version == 2 else ():
            parts.setdefault(self.part(entry), []).append(json.dumps(entry) + "\n")
        for path, lines in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, "".join(lines))
        documents = self.entries if self.version == 1 else "catalogue/*/*.jsonl"
        put(self.root / "catalogue.json", json.dumps({"version": self.version, "documents": documents}) + "\n")
        return self.root

    def write_journal(self, records: t.Iterable[Record], put: Put = write) -> None:
        """Write the journal, each line with the checksum of the one before."""
        put(self.root / "journal.jsonl", b"".join(line + b"\n" for line in chained(records)).decode())


def journal_record(entry: Record, action: str = "fetched") -> Record:
    """What a run notes of a document."""
    names = ("contract_id", "invoice_id", "source_type", "format", "file_version", "path", "size", "sha256")
    about = {name: entry[name] for name in names}
    by = {"request_id": "859fd0d0", "user": "bills", "host": "archive", "collection_version": "0.1.0"}
    return {"time": FETCHED, "action": action, **about, **by}


def chained(records: t.Iterable[Record]) -> t.Iterator[bytes]:
    """The lines of records, without their ends."""
    previous = None
    for record in records:
        line = json.dumps(record | {"previous": previous}).encode()
        previous = hashlib.sha256(line).hexdigest()
        yield line
