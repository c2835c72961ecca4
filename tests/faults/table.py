# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""All rows, by their full names."""

from __future__ import annotations

from . import answers, credentials, disk, documents, leaks, lists, lookups, network, options, runs, verify
from .row import expand

AREAS = (answers, lists, documents, credentials, options, disk, network, runs, lookups, verify, leaks)
ROWS = expand({name: rows for area in AREAS for name, rows in area.TABLE.items()})
