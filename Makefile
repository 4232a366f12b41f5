# Everything starts from `make env`; a machine needs Python 3.11, make and git.

PYTHON ?= $(firstword $(shell command -v python3.11) python3)
PORT ?= 8000
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
SOURCES := $(wildcard app tests benchmarks migrations)
COMPILE := $(BIN)/uv pip compile --universal --generate-hashes --quiet \
	--no-header --no-emit-index-url --no-emit-find-links
# The compiled engine, ahead of what it is compiled from.
COMPILED := build/compiled
FAST := PYTHONPATH=$(COMPILED):. $(BIN)/python -P
stage = @printf '== %s\n' '$(1)'

.DEFAULT_GOAL := help
.PHONY: help env run test test-compiled compiled lint static properties coverage bench docker-check lock schema openapi clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{printf "make %-14s %s\n", $$1, $$2}'

env: $(VENV)/ready ## the environment, in .venv

# A lock names every package: with --no-deps pip resolves nothing, so a later release cannot change or stop an install.
# pip compiles byte code even where PYTHONDONTWRITEBYTECODE is set; without it ortools takes seconds to import.
$(VENV)/locked: requirements-dev.lock
	$(call stage,environment: $(PYTHON) and requirements-dev.lock)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cairn needs Python 3.11 or later; name one with PYTHON=")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --compile --no-deps --require-hashes --requirement $<
	@touch $@

$(VENV)/ready: $(VENV)/locked pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q app
	@touch $@

run: env ## load the demo and start the service on PORT
	@$(BIN)/cairn demo load
	@exec $(BIN)/cairn serve --port $(PORT)

# The laws are tried on the engine as the image runs it, which takes a C compiler.
# test_parts puts other functions in the place of some, which compiled code calls directly.
WRITTEN := $(filter-out tests/__% tests/conftest.py tests/properties,$(wildcard tests/*)) tests/properties/test_parts.py
test: lint ## lint, then every test
	$(call stage,tests)
	@$(PYTEST) -n $(WORKERS) -m 'not slow' $(WRITTEN)
	@if command -v cc > /dev/null; then $(MAKE) --no-print-directory test-compiled; \
	else echo '== no C compiler found: the laws are tried on the engine as it is written'; \
		$(PYTEST) -n $(WORKERS) -m 'not slow' tests/properties; fi

test-compiled: compiled ## the laws, and the tests of the engine and of searches once more, on the compiled ones
	$(call stage,tests of the compiled engine)
	@$(FAST) -m pytest --import-mode=append -n $(WORKERS) -m 'not slow' $(addprefix tests/,core/checks core/engine core/explain core/search golden oracle properties) \
		--ignore tests/properties/test_parts.py

compiled: $(COMPILED)/ready ## the engine compiled to machine code, under build

# What the engine imports is copied beside it, and compiled into it by its types. What is run there
# finds the migrations where it finds them in the tree.
$(COMPILED)/ready: $(VENV)/ready docker/compile $(shell find app -name '*.py')
	$(call stage,the engine compiled: docker/compile)
	@rm -rf $(COMPILED)
	@mkdir -p $(COMPILED)
	@cp -R app $(COMPILED)/app
	@ln -s ../../migrations $(COMPILED)/migrations
	@PATH="$(CURDIR)/$(BIN):$$PATH" docker/compile $(COMPILED)
	@touch $@

lint: static ## format, lint, types, import contracts, shape, locks
	$(call stage,shape: tests/architecture)
	@$(PYTEST) -m 'not slow' tests/architecture

static: env
	$(call stage,format: ruff format)
	@$(BIN)/ruff format --quiet --check .
	$(call stage,lint: ruff check)
	@$(BIN)/ruff check --quiet .
	$(call stage,types: mypy)
	@$(BIN)/mypy --no-error-summary $(SOURCES)
	$(call stage,contracts: lint-imports)
	@$(BIN)/lint-imports --no-logo

properties: compiled ## the laws on many more generated problems
	$(call stage,properties: large profile)
	@$(FAST) -m tests.properties.large --count 20000 --seed 1 --workers $(WORKERS)

coverage: env ## which lines and branches the tests reach
	@$(PYTEST) -n $(WORKERS) -m 'not slow' --cov --cov-report=term-missing:skip-covered

bench: compiled ## measure, and compare with other ways
	@$(FAST) -m benchmarks

docker-check: env ## the image's steps without a container engine
	@$(PYTEST) -m slow tests/architecture/test_rehearsal.py

lock: env ## bring the locks up to date with pyproject.toml
	@$(COMPILE) --extra postgres --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra postgres --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@$(COMPILE) --group build --constraint requirements-dev.lock --output-file docker/build.lock

schema: env ## the schemas of rules and records under rules/schema, for editors
	@mkdir -p rules/schema
	@$(BIN)/cairn rules schema > $(VENV)/schema.json
	@mv $(VENV)/schema.json rules/schema/rule.v1.json
	@$(BIN)/cairn rules schema --record > $(VENV)/schema.json
	@mv $(VENV)/schema.json rules/schema/record.v1.json

openapi: env ## the committed description of the REST interface
	@$(BIN)/python -m app.api.openapi

clean: ## remove the environment, the compiled engine and all caches
	@rm -rf $(VENV) build .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find app tests -name __pycache__ -prune -exec rm -rf {} +
