# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Sphinx: the site that `make docs` builds from antsibull-docs' pages."""

from __future__ import annotations

import typing as t

from docutils import nodes

if t.TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "edgebill.akamai_invoicing"
copyright = "the edgebill.akamai_invoicing contributors"
title = html_short_title = "edgebill.akamai_invoicing"
extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {"topbar_links": {}, "documentation_home_url": "index.html"}
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
default_role = "any"
nitpicky = True

ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
BUILTIN = "ansible_collections.ansible.builtin."
LABELS = {
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def link_to_ansible(_app: Sphinx, _env: object, node: nodes.Element, text: nodes.Node) -> nodes.reference | None:
    """Resolve labels of Ansible's own documentation, without its inventory from the network."""
    label: str = node["reftarget"]
    page = LABELS.get(label)
    if label.startswith(BUILTIN):
        page = f"collections/ansible/builtin/{label.removeprefix(BUILTIN)}.html"
    return nodes.reference("", "", text, internal=False, refuri=f"{ANSIBLE}/{page}") if page else None


def setup(app: Sphinx) -> None:
    """Register the resolver."""
    app.connect("missing-reference", link_to_ansible)
