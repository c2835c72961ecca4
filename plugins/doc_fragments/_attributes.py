# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

# Private to this collection: it can change in any release.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or would change in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the bills have not changed on the API's side.
  platform:
    description: Target OS or families that can be operated against.
    platforms: posix
    support: full
"""

    # For modules that only read, beside the standard fragment.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

    # For modules in the action group, beside the standard fragment.
    ACTIONGROUP_EDGEGRID = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/edgebill.akamai_invoicing.edgegrid) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - edgebill.akamai_invoicing.edgegrid
"""

    # For modules that create directories, beside ansible.builtin.files.
    DIRECTORIES = r"""
options:
  directory_mode:
    description:
      - The permissions of directories that the task creates, as a quoted octal number or in symbolic form. They also
        get O(owner) and O(group). Directories that exist stay as they are.
      - By default C(0700).
    type: raw
"""
