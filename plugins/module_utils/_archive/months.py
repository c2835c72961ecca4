# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""What is due of many months, one after the other, so that a large archive need not fit into memory."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from itertools import groupby

from .parts import Part
from .plan import Plan, plan
from .taken_paths import TakenPaths

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from .._api.invoicing import Bill
    from .archive import Archive


@dataclass
class Month:
    """The bills of a month, and what is due of their documents. Months are numbered in the order of the list."""

    number: int
    bills: Sequence[Bill]
    plan: Plan


def plan_months(
    archive: Archive,
    bills: Sequence[Bill],
    formats: Collection[str],
    source_types: Collection[str],
    finish: Callable[[Month], None],
) -> list[Month]:
    """The months that have something due. The others are given to ``finish`` at once, and are not kept.

    Raises OptionError, and FileError.
    """
    archive.restore_unsaved({Part(bill.contract_id, bill.month) for bill in bills})
    if not archive.is_current:
        # A run that changes nothing leaves a catalogue of an older version as it is.
        archive.is_current = any(
            month.plan.due or month.plan.entries for month in _planned(archive, bills, formats, source_types)
        )
    months = []
    for month in _planned(archive, bills, formats, source_types):
        for entry in month.plan.entries.values():
            archive.catalogue.put(entry)
        archive.warnings += month.plan.warnings
        if month.plan.due:
            months.append(month)
        else:
            finish(month)
            archive.catalogue.release({Part(bill.contract_id, bill.month) for bill in month.bills})
    return months


def _planned(
    archive: Archive, bills: Sequence[Bill], formats: Collection[str], source_types: Collection[str]
) -> Iterator[Month]:
    catalogue = archive.catalogue
    taken = TakenPaths(archive.root, catalogue.checksums.folded_paths, catalogue.owners)
    for number, (_month, group) in enumerate(groupby(bills, lambda bill: bill.month)):
        own = list(group)
        while True:
            own, known = archive.known(own)
            made = plan(own, known, archive, archive.template, taken, formats, source_types)
            if not archive.restore_lost(item for item in made.items if item.entry.key not in known):
                break
        yield Month(number, own, made)
