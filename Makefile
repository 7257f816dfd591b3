# docs-chat: everything a contributor needs. `make demo` shows it, `make test` proves it.

PORT ?= 8000
MINUTES ?= 10
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
SITE := example-site
PLUGIN := docusaurus-plugin

PLUGIN_SOURCES := $(shell find $(PLUGIN)/src $(PLUGIN)/scripts $(PLUGIN)/locales -type f 2>/dev/null) \
	$(PLUGIN)/package.json $(wildcard $(PLUGIN)/tsconfig*.json)
SITE_SOURCES := $(shell find $(SITE) -type f -not -path '*/node_modules/*' -not -path '*/build/*' \
	-not -path '*/.docusaurus/*' -not -path '*/.docs-chat/*' -not -name questions.yaml 2>/dev/null)

# Only what pyproject.toml asks for changes, unless UPGRADE names packages.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
	--no-config --custom-compile-command "make lock" \
	$(if $(filter all,$(UPGRADE)),--upgrade,$(addprefix --upgrade-package ,$(UPGRADE)))

# Docusaurus must not take an older build of the plugin from its cache, nor send anything anywhere.
export DOCUSAURUS_NO_PERSISTENT_CACHE := 1
export NO_UPDATE_NOTIFIER := 1

.PHONY: help demo setup site index test test-python test-plugin browser-sites test-browser eval fuzz lint format bench soak \
	lock audit sbom licences clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: index ## Serve our documentation with the chat on http://127.0.0.1:8000 (PORT=)
	@exec $(BIN)/docs-chat serve --index $(SITE)/.docs-chat/index --site $(SITE) --port $(PORT)

setup: .stamps/python .stamps/plugin ## Install everything into .venv and node_modules, build the plugin

site: .stamps/site ## Build the example site

index: .stamps/python .stamps/site ## Index the example site (only what changed)
	@$(BIN)/docs-chat index $(SITE)

.stamps/python: requirements-dev.lock requirements-build.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "docs-chat needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3"; exit 2; }
	@echo "Installing the Python packages into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-dev.lock -r requirements-build.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@mkdir -p .stamps && touch $@

# What the server runs with, and nothing else.
.stamps/runtime: .stamps/python requirements.lock
	@rm -rf .runtime && $(BIN)/python -m venv --without-pip .runtime
	@$(BIN)/python -m pip --python .runtime install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.stamps/npm: package-lock.json package.json $(PLUGIN)/package.json $(SITE)/package.json tests/e2e/package.json
	@command -v npm >/dev/null && node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' \
		|| { echo "docs-chat needs Node.js 20 or newer with npm: install it from https://nodejs.org"; exit 2; }
	@echo "Installing the npm packages ..."
	@npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .stamps && touch $@

.stamps/plugin: .stamps/npm $(PLUGIN_SOURCES)
	@echo "Building the plugin ..."
	@npm run --silent build --workspace $(PLUGIN)
	@mkdir -p .stamps && touch $@

.stamps/site: .stamps/plugin $(SITE_SOURCES)
	@echo "Building the example site ..."
	@npm run --silent build --workspace $(SITE)
	@mkdir -p .stamps && touch $@

test: test-python test-plugin eval test-browser ## Run every test: Python, plugin, questions, browser

# A server for the model and some lists of packages come from npm. Files are begun in their order: the slow ones have few
# tests, and would else come last, when nothing is left to do beside them.
test-python: .stamps/python .stamps/npm ## Indexer and server
	$(BIN)/pytest --numprocesses auto --dist loadscope --no-loadscope-reorder

test-plugin: .stamps/plugin ## Plugin and panel
	npm test --workspace $(PLUGIN)

eval: index ## Ask our own documentation its test questions, and open every citation of the answers
	$(BIN)/docs-chat eval $(SITE)/questions.yaml --site $(SITE)
	$(BIN)/python -m tests.bench.citations $(SITE) $(SITE)/questions.yaml

browser-sites: .stamps/python .stamps/plugin
	@npm run --silent sites --workspace tests/e2e

# They wait for a page only so long: with --jobs, what else there is to do is done by then.
BEFORE_BROWSER := $(filter lint,$(MAKECMDGOALS)) $(if $(filter test,$(MAKECMDGOALS)),test-python test-plugin eval)

test-browser: browser-sites index $(BEFORE_BROWSER) ## The whole thing in a real Chromium
	@tests/e2e/need-chromium.sh
	npm test --workspace tests/e2e

fuzz: .stamps/python ## Thousands of generated pages and requests, and the real sites in SITES="folder ..."
	$(BIN)/pytest tests/indexer/test_fuzz.py tests/backend/test_fuzz.py --hypothesis-profile=fuzz --timeout=7200
	@if [ -n "$(SITES)" ]; then $(BIN)/python -m tests.fuzz.corpus $(SITES); else \
		echo 'Name real sites to read them too: make fuzz SITES="../docusaurus/website ../jest/website"'; fi

bench: .stamps/python .stamps/npm ## Benchmarks: ratios against peers, measured in the same run
	$(BIN)/python -m tests.bench.bench_index
	$(BIN)/python -m tests.bench.bench_embed
	$(BIN)/python -m tests.bench.bench_search
	$(BIN)/python -m tests.bench.bench_server
	$(BIN)/python -m tests.bench.load
	$(BIN)/python -m tests.bench.load 500

soak: .stamps/python ## Ask the server for a while (MINUTES=10): its memory, files and threads must not grow
	$(BIN)/python -m tests.bench.load soak $(MINUTES)

lint: .stamps/python .stamps/plugin ## Types and style; warnings are errors
	$(BIN)/ruff check indexer python_backend tests
	$(BIN)/ruff format --check indexer python_backend tests
	$(BIN)/mypy
	npm run typecheck --workspace $(PLUGIN) --workspace $(SITE) --workspace tests/e2e
	npx eslint --max-warnings 0 .
	npm run lint:package --workspace $(PLUGIN)

format: .stamps/python ## Put the Python code into shape
	$(BIN)/ruff format indexer python_backend tests
	$(BIN)/ruff check --fix indexer python_backend tests

lock: .stamps/python ## Lock the Python packages; UPGRADE="name ..." or UPGRADE=all takes new versions
	$(LOCK) pyproject.toml --extra postgresql --extra redis --extra otel --output-file requirements.lock
	$(LOCK) pyproject.toml --all-extras --constraint requirements.lock --output-file requirements-dev.lock
	printf 'hatchling\neditables\n' \
		| $(LOCK) - --constraint requirements-dev.lock --output-file requirements-build.lock

audit: .stamps/python ## Ask the advisory databases about everything that is installed at run time
	@$(BIN)/python -m tests.supply.audit requirements.lock $(PLUGIN)

sbom: .stamps/python .stamps/runtime ## Bills of materials in CycloneDX JSON, into sbom/
	@$(BIN)/python -m tests.supply.bills sbom $(PLUGIN)

licences: sbom ## Check the licences of what is shipped, and list them in THIRD-PARTY.md
	@$(BIN)/python -m tests.supply.licences sbom THIRD-PARTY.md

clean: ## Remove everything that was installed or built
	rm -rf .venv .runtime .stamps sbom node_modules */node_modules tests/e2e/node_modules $(PLUGIN)/lib $(SITE)/build \
		$(SITE)/.docusaurus $(SITE)/.docs-chat artifacts test-results .mypy_cache .ruff_cache .pytest_cache
