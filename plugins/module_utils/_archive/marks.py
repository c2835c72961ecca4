# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Which parts of a catalogue may be behind the files, so that the next run completes what a killed one has begun."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import contextlib
import json
import os
import typing as t

from .._files import StagedFile, sync_directory
from .entry import WORK_DIRECTORY
from .parts import Part, read_file

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    Months = set[t.Optional[str]]

NAME = "unsaved"
# In place of a month, for a file that cannot be read.
_ANY = "any"


class Marks:
    """A file for each contract, with the months that a run works on; it is gone when the run has saved them."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._mine: dict[str, Months] = {}

    @property
    def is_old(self) -> bool:
        """Whether a run of a release with catalogue 1, which had one mark for all, was killed."""
        return os.path.lexists(self._path(""))

    def is_marked(self, part: Part) -> bool:
        """Whether a run that has not saved it worked on a part. Raises FileError."""
        return not self._read(part.contract_id).isdisjoint((part.month, _ANY))

    def adopt(self, parts: Iterable[Part]) -> None:
        """Take over the marks of other runs, whose work this run completes."""
        for part in parts:
            self._mine.setdefault(part.contract_id, set()).add(part.month)

    def add(self, parts: Iterable[Part]) -> None:
        """Mark parts. Raises FileError."""
        self.adopt(parts)
        for contract_id, months in self._mine.items():
            self._write(contract_id, self._read(contract_id) | months)

    def clear(self) -> None:
        """Take away the marks that this run has made or adopted, since it has saved the parts. Raises FileError."""
        done = [""] if self.is_old else []
        for contract_id, months in self._mine.items():
            if left := self._read(contract_id) - months - {_ANY}:
                self._write(contract_id, left)
            else:
                done.append(contract_id)
        for contract_id in done:
            with contextlib.suppress(OSError):
                os.unlink(self._path(contract_id))

    def _path(self, contract_id: str) -> str:
        return os.path.join(self.root, WORK_DIRECTORY, contract_id, NAME)

    def _read(self, contract_id: str) -> Months:
        content = read_file(self._path(contract_id))
        try:
            return set() if content is None else set(json.loads(content))
        except (ValueError, TypeError):
            return {_ANY}

    def _write(self, contract_id: str, months: Months) -> None:
        path = self._path(contract_id)
        with StagedFile(path, os.path.dirname(path)) as staged:
            staged.write([json.dumps(sorted(months, key=str)).encode()])
            staged.commit()
        sync_directory(os.path.dirname(path))
