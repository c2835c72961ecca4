# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Where a document belongs in an archive: a template of named fields, filled with what the API says."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re
import string
import typing as t
from functools import cached_property

from .._errors import OptionError

if t.TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_TEMPLATE = "{contract_id}/{month}/{invoice_id}_v{file_version}[_compute].{ext}"
MAX_VALUE_LENGTH = 100

# What each field can look like in a path, to read paths back.
_FIELDS = {
    "account_id": r"[A-Za-z0-9._-]+",
    "contract_id": r"[A-Za-z0-9-]+",
    "year": r"\d{4}",
    "month": r"\d{4}-\d{2}",
    "invoice_id": r"\d+",
    "invoice_type": r"[A-Za-z0-9._-]+",
    "invoice_date": r"[A-Za-z0-9._-]+",
    "format": r"pdf|csv|json",
    "source_type": r"regular|compute",
    "file_version": r"\d+",
    "ext": r"pdf|csv|json",
}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]|^\.")


class PathTemplate:
    """Fields in braces, and text in square brackets that only compute documents get.

    Whatever the values are, a path stays relative and below its root, without hidden or odd characters that the
    template itself does not have.
    """

    def __init__(self, template: str) -> None:
        self._template = template
        self._parts = list(self._parsed())
        sample = dict.fromkeys(_FIELDS, "x")
        for source_type in ("regular", "compute"):
            path = self.render(sample | {"source_type": source_type})
            if any(name in ("", ".", "..") for name in path.split("/")):
                raise self._refusal("its paths do not stay inside dest. Begin with a name, and use no '..' or '//'")

    def render(self, values: Mapping[str, t.Any]) -> str:
        """The path of a document, relative to the archive. ``year`` and ``ext`` follow from month and format."""
        compute = values["source_type"] == "compute"
        names = {name: _safe(values[name]) for _kind, name in self._parts if name in values}
        names |= {"year": names.get("month", _safe(values["month"]))[:4], "ext": _safe(values["format"])}
        return "".join(
            names[text] if kind == "field" else text for kind, text in self._parts if kind != "optional" or compute
        )

    def parse(self, path: str) -> dict[str, str] | None:
        """What a path says of its document; None if it is not one of this template's."""
        match = self._pattern.fullmatch(path)
        if match is None:
            return None
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        compute = found.pop("optional", None) is not None
        return {"source_type": "compute" if compute else "regular", "format": found.get("ext", "")} | found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pattern, seen = "", set()
        for kind, text in self._parts:
            if kind == "text":
                pattern += re.escape(text)
            elif kind == "optional":
                pattern += f"(?(optional){re.escape(text)})" if kind in seen else f"(?P<optional>{re.escape(text)})?"
                seen.add(kind)
            else:
                pattern += f"(?P={text})" if text in seen else f"(?P<{text}>{_FIELDS[text]})"
                seen.add(text)
        return re.compile(pattern)

    def _parsed(self) -> t.Iterator[tuple[str, str]]:
        """Each part as ``text``, ``optional`` or ``field``, with its text or name."""
        try:
            pieces = list(string.Formatter().parse(self._template))
        except ValueError as exc:
            raise self._refusal(f"its braces do not pair ({exc})") from exc
        for text, field, spec, conversion in pieces:
            yield from self._parsed_text(text)
            if field is None:
                continue
            if field not in _FIELDS or spec or conversion:
                shown = field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                raise self._refusal(f"{{{shown}}} is not one of its fields: {', '.join(_FIELDS)}")
            yield "field", field

    def _parsed_text(self, text: str) -> t.Iterator[tuple[str, str]]:
        if not text.isprintable() or "\\" in text:
            raise self._refusal("it has a character that cannot be printed, or a backslash")
        for place, part in enumerate(_OPTIONAL.split(text)):
            if "[" in part or "]" in part:
                raise self._refusal("its square brackets do not pair, or hold a field")
            if part:
                yield "optional" if place % 2 else "text", part

    def _refusal(self, reason: str) -> OptionError:
        return OptionError(f"path_template {self._template!r} cannot be used: {reason}.")


def _safe(value: t.Any) -> str:
    """What the API says, as a part of a file name that can do no harm."""
    text = "" if value is None else str(value)
    return _UNSAFE.sub("_", text[:MAX_VALUE_LENGTH]) or "unknown"
