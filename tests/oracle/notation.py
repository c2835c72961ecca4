# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""How amounts are written: decimal marks, groups, signs, codes, credits."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from decimal import Decimal

from .truth import some

if t.TYPE_CHECKING:
    from random import Random

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}


@dataclass(frozen=True)
class Notation:
    """One way to write amounts."""

    mark: str = "."
    group: str = ""
    lakh: bool = False
    minus: str = "-{}"
    beside: str = ""
    """What stands beside an amount: its ``code``, its ``sign`` or nothing."""
    behind: bool = False
    space: str = ""
    zero: str = ""
    """What stands for 0, as in an accounting format."""

    def write(self, value: Decimal, currency: str | None = None) -> str:
        """The amount with all of its decimals."""
        whole, _point, decimals = f"{value.copy_abs():f}".partition(".")
        text = self._grouped(whole) + (self.mark + decimals if decimals else "")
        if not value and self.zero:
            text = self.zero
        beside = {"code": currency, "sign": SIGNS.get(currency or "")}.get(self.beside) or ""
        minus = self.minus if value < 0 else "{}"
        if self.behind and beside:
            return minus.format(text) + self.space + beside
        # In an accounting format the sign stands before the brackets: ``$(12.00)``.
        if minus == "({})" or not beside:
            return (beside + self.space if beside else "") + minus.format(text)
        return minus.format(beside + self.space + text)

    def _grouped(self, whole: str) -> str:
        if not self.group or len(whole) < 4:
            return whole
        head, tail, size = whole[:-3], whole[-3:], 2 if self.lakh else 3
        parts = [head[max(0, end - size) : end] for end in range(len(head), 0, -size)]
        return self.group.join([*reversed(parts), tail])


def plain(chance: Random) -> Notation:
    """A decimal point and nothing that needs thought."""
    return Notation(group=chance.choice(("", "", ",")), minus=chance.choice(("-{}", "-{}", "({})")))


def continental(chance: Random) -> Notation:
    """A decimal comma."""
    return Notation(",", chance.choice(("", ".", "\u00a0", "\u202f", "'", "\u2019")))


def either(chance: Random, delimiter: str) -> Notation:
    """Any notation that is certain where cells are parted by this delimiter."""
    return plain(chance) if delimiter == "," or some(chance) else continental(chance)
