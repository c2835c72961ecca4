# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""``python tests/oracle`` and ``python -m ...tests.oracle`` alike."""

from __future__ import annotations

import importlib
import pathlib
import sys

if __name__ == "__main__":
    package = __package__
    if not package:
        sys.path[0] = str(pathlib.Path(__file__).resolve().parent.parent)
        package = "oracle"
    sys.exit(importlib.import_module(f"{package}.command").main())
