# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Every dialect by name."""

from __future__ import annotations

import typing as t

from .case import Case
from .columns import COLUMNS
from .currencies import CURRENCIES
from .json_bills import JSON
from .layouts import LAYOUTS
from .mutants import MUTANTS
from .plain import PLAIN_TABLES
from .rows import ROWS
from .total_rows import TOTAL_ROWS

if t.TYPE_CHECKING:
    from random import Random

Dialect = t.Callable[["Random"], Case]

DIALECTS: dict[str, Dialect] = {
    **PLAIN_TABLES,
    **CURRENCIES,
    **ROWS,
    **TOTAL_ROWS,
    **COLUMNS,
    **LAYOUTS,
    **JSON,
    **MUTANTS,
}
