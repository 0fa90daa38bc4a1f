# `make help` lists the commands. Only Python 3.11 is needed for `make run`; `make test` installs or names the rest.
SHELL := bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet install --no-deps --require-hashes
CODE := ballots tally verifier evote participation benchmarks
JOBS ?= 2
# Node 18, which Debian 12 has, hides its WebCrypto behind an option.
NODE = NODE_OPTIONS="$$NODE_OPTIONS $(shell node -p 'process.versions.node.startsWith("18.") ? "--experimental-global-webcrypto" : ""' 2>/dev/null)"
PARTS = benchmarks/__main__.py benchmarks/support.py benchmarks/petition_crowd.py
BENCHMARKS = $(subst /,.,$(patsubst %.py,%,$(filter-out $(PARTS),$(wildcard benchmarks/*.py))))

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/installed: requirements.txt
	@$(if $(PYTHON),,echo "Python 3.11 is not on the PATH. Install it, or say where it is: make PYTHON=/path/to/python3.11"; exit 1)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11. Say where a newer one is: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the libraries of requirements.txt into $(VENV) (once)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@echo "Installing the libraries of requirements-dev.txt into $(VENV) (once)"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: install
install: $(VENV)/installed ## Make .venv with the pinned libraries

.PHONY: install-dev
install-dev: $(VENV)/installed-dev ## The same, with the tools for testing and linting

.PHONY: run
run: install ## A demonstration on this machine: one open election, one finished
	@$(BIN)/python -m evote demo

.PHONY: prerequisites
prerequisites:
	@bash .ci/prerequisites

.PHONY: lint
lint: $(VENV)/installed-dev ## ruff, mypy (strict), the arrows between the packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard $(CODE)) tests
	$(BIN)/lint-imports

.PHONY: test-js
test-js: prerequisites node_modules/.package-lock.json ## Types and tests of the JavaScript
	node_modules/.bin/tsc -p tsconfig.json
	$(NODE) node --test --test-reporter=$(if $(CI),dot,spec) tests/js/*.test.mjs

.PHONY: test
test: prerequisites $(VENV)/installed-dev lint test-js ## Everything, installing what it needs
	$(NODE) $(BIN)/python -m pytest -n $(JOBS)

.PHONY: format
format: $(VENV)/installed-dev ## Put code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: install ## All figures, one command each (they take some minutes)
	@for module in $(BENCHMARKS); do echo "== $$module"; $(BIN)/python -m $$module || exit 1; done

.PHONY: translations
translations: $(VENV)/installed-dev ## Bring the catalogues of all languages up to date (NEW=de begins one)
	@$(BIN)/python -m evote.languages $(NEW)

.PHONY: screenshots
screenshots: prerequisites $(VENV)/installed-dev ## Pictures of the pages for docs/images
	$(BIN)/python -m tests.browser.screenshots
