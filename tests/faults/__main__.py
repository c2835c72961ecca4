# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Run the table: ``python tests/faults``, with ANSIBLE_COLLECTIONS_PATH set to where the collection is."""

from __future__ import annotations

import sys

from ansible.plugins.loader import init_plugin_loader

if __name__ == "__main__":
    # Lookups are found by Ansible's own loader of collections, which must come before the first import of one.
    init_plugin_loader()
    from ansible_collections.edgebill.akamai_invoicing.tests.faults.command import main

    sys.exit(main())
