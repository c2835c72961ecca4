# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

# The ways in to nox (noxfile.py). All that they make is in .build/.

VENV := .build/venv
REPORT := .build/report.json
LOG := .build/output.log
NOX := $(VENV)/bin/nox
# Runs sessions, then prints the table of what they came to and what failed in them, and fails as they did.
RUN = rm -f $(REPORT); $(NOX) --report $(REPORT)
TABLE = 2>&1 | tee $(LOG); status=$$?; $(VENV)/bin/python tests/tools/table.py $(REPORT); \
	[ $$status = 0 ] || grep -E '^(FAILED|ERROR|FATAL|E  )' $(LOG) | cut -c -300 | tail -n 10; exit $$status

SHELL := bash
.SHELLFLAGS := -o pipefail -c

.PHONY: help demo test lint format sanity units integration matrix bench simulator docs tarball pins release versions clean
help: ## Show this list
	@grep -E '^[a-z ]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z ]+):.*## /  make \1\t/' | expand -t 36

demo: $(NOX) ## Fetch documents from the local simulator with a playbook, twice
	@$(NOX) -t demo

test: export CI = true
test: $(NOX) ## Lint, unit tests, sanity and integration on the newest ansible-core, integration on the oldest, demo
	@$(RUN) -x -t test $(TABLE)

matrix: export CI = true
matrix: $(NOX) ## The same on every other supported version; tarball and documentation site
	@$(RUN) -t matrix -j 2 --allow-parallel $(TABLE)

lint: export CI = true
lint: $(NOX) ## Formatting, style, types, documentation, licences, ansible-lint, spelling
	@$(RUN) -t lint $(TABLE)

format: $(NOX) ## Format the code
	@$(NOX) -s formatters

sanity units integration: $(NOX) ## The tests of ansible-test, on the newest ansible-core
	@$(NOX) -t $@

sanity-% units-% integration-% modules-%: $(NOX)
	@$(NOX) -s $@

bench: $(NOX) ## Measure, and print one table
simulator: $(NOX) ## Serve the simulator until interrupted
docs: $(NOX) ## Build the HTML site
tarball: $(NOX) ## Build the tarball and check it
pins: $(NOX) ## Pin the newest versions of tools and libraries
bench simulator docs pins tarball:
	@$(NOX) -s $@

release: $(NOX) ## Write the changelog; build and check the tarball
	@$(NOX) -x -s changelog tarball
	@echo "Commit the changelog, tag the commit with the version, and publish as the owner of the namespace edgebill:"
	@echo "  ansible-galaxy collection publish $$(ls .build/dist/*.tar.gz)"

versions: $(NOX)
	@$(NOX) -t matrix --list --json

clean: ## Remove all that make made
	rm -rf .build .ruff_cache __pycache__

export XDG_CACHE_HOME := $(CURDIR)/.build/cache

$(NOX): tests/tools/find-pythons tests/requirements/tools.txt
	@echo "Preparing $(VENV)" >&2
	@python=$$(tests/tools/find-pythons .build/python) && "$$python" -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -c tests/requirements/tools.txt uv
	@$(VENV)/bin/uv pip install --quiet -p $(VENV)/bin/python -c tests/requirements/tools.txt ansible-core antsibull-nox nox
	@touch $@
