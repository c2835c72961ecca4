# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors

# The commands of a contributor; noxfile.py holds what they run. All that they make is in .build/.

VENV := .build/venv
TEST_MINUTES := 20
MATRIX_MINUTES := 50
NOX := $(VENV)/bin/nox
# Shows progress, failures and a table of results; the details go to a log file.
SESSIONS := $(VENV)/bin/python tests/tools/sessions.py

.PHONY: help demo test lint format sanity units integration matrix libraries bench faults simulator docs tarball pins release versions clean
help: ## Show this list of commands
	@grep -E '^[a-z ]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z ]+):.*## /  make \1\t/' | expand -t 36

demo: $(NOX) ## Download documents from the local simulator with a playbook, twice
	@$(NOX) -t demo

test: export CI = true
test: $(NOX) ## Run all checks on the newest ansible-core, and integration on the oldest
	@echo "This takes about $(TEST_MINUTES) minutes on two processor cores."
	@$(SESSIONS) -x -t test

matrix: export CI = true
matrix: $(NOX) ## Run the checks on the other versions; build the tarball and the documentation
	@echo "This takes about $(MATRIX_MINUTES) minutes on two processor cores."
	@$(SESSIONS) -t matrix -j 2 --allow-parallel

lint: export CI = true
lint: $(NOX) ## Check formatting, style, types, security, documentation, licences, playbooks and spelling
	@$(SESSIONS) -t lint

format: $(NOX) ## Format the code
	@$(NOX) -s formatters

sanity units integration: $(NOX) ## Run one kind of test on the newest ansible-core
	@$(NOX) -t $@

sanity-% units-% integration-% modules-%: $(NOX)
	@$(NOX) -s $@

libraries: $(NOX) ## Run the unit tests of the modules with the oldest Python and libraries
bench: $(NOX) ## Run the benchmarks and print one table
faults: $(NOX) ## Run each fault of the table: its message, its files, the next run
simulator: $(NOX) ## Start the simulator and serve until interrupted
docs: $(NOX) ## Build the documentation as a website
tarball: $(NOX) ## Build the tarball and check it
pins: $(NOX) ## Pin the newest versions of tools and libraries
bench faults libraries simulator docs pins tarball:
	@$(NOX) -s $@

release: $(NOX) ## Write the changelog; build and check the tarball
	@$(NOX) -x -s changelog tarball
	@echo "Commit the changelog, tag the commit with the version, and publish as the owner of the namespace edgebill:"
	@echo "  ansible-galaxy collection publish $$(ls .build/dist/*.tar.gz)"

versions: $(NOX)
	@$(NOX) -t matrix --list --json

clean: ## Remove everything that these commands made
	rm -rf .build .ruff_cache __pycache__

export XDG_CACHE_HOME := $(CURDIR)/.build/cache

# Behind a proxy that signs with the company's own authority: uv trusts the authorities of the system, where it has
# them, and uses the settings of pip that the environment names.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= true
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

$(NOX): tests/tools/find-pythons tests/requirements/tools.txt
	@echo "Preparing $(VENV)" >&2
	@python=$$(tests/tools/find-pythons .build/python) && "$$python" -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -c tests/requirements/tools.txt uv
	@$(VENV)/bin/uv pip install --quiet -p $(VENV)/bin/python -c tests/requirements/tools.txt ansible-core antsibull-nox nox
	@touch $@
