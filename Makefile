# Every command a developer needs. `make check` is what CI runs; nothing here needs more than Python 3.11 and make.

.DEFAULT_GOAL := help
.PHONY: help setup demo run test fast lint format types imports i18n templates deploy e2e shots bench check lock clean

# The first Python that works and is new enough. A shim that exists but does not run is passed over.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
# None is: the oldest one still says what is missing.
CHOSEN = $(or $(strip $(PYTHON)),python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN = .venv/bin

help: ## this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## */\1|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv-run:
	@command -v $(CHOSEN) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed and $(CHOSEN) was not found. Install python3.11 and run make PYTHON=python3.11 demo." >&2; exit 1; }
	@$(CHOSEN) scripts/bootstrap.py

.venv-dev:
	@command -v $(CHOSEN) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed and $(CHOSEN) was not found. Install python3.11 and run make PYTHON=python3.11 setup." >&2; exit 1; }
	@$(CHOSEN) scripts/bootstrap.py --dev

.PHONY: .venv-run .venv-dev

setup: .venv-dev ## the environment for development, in .venv

demo: .venv-run ## everything, with Nanchong's decision loaded (PORT=8000, HOST=127.0.0.1)
	@$(BIN)/python -m config.demo --host $(HOST) --port $(PORT)

run: .venv-dev ## Django's own server, reloading, on what make demo has prepared
	@$(BIN)/python manage.py migrate --verbosity 0
	@LUOSHI_DEBUG=1 $(BIN)/python manage.py runserver $(HOST):$(PORT)

test: .venv-dev ## the suite on SQLite and on PostgreSQL, with a real Valkey
	@$(BIN)/python -m scripts.suite $(if $(ARGS),-- $(ARGS))

fast: .venv-dev ## the suite on SQLite only, without browser and fault tests
	@$(BIN)/python -m scripts.suite --only fast

lint: .venv-dev ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: .venv-dev ## put the code into shape
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

types: .venv-dev ## mypy, strict
	@$(BIN)/mypy

imports: .venv-dev ## the layers, exhaustively
	@$(BIN)/lint-imports --no-logo

i18n: .venv-dev ## translations: complete, no fuzzy, same placeholders, same as the sources
	@$(BIN)/python -m scripts.translations check

templates: .venv-dev ## djlint; the suite compiles and renders every template
	@$(BIN)/djlint --lint --quiet templates

deploy: .venv-dev ## Django's deployment checks under production settings, and missing migrations
	@$(BIN)/python -m scripts.deploy_check

e2e: .venv-dev ## the paths people walk, in Chromium
	@$(BIN)/python -m scripts.suite --only e2e

shots: .venv-dev ## take the screenshots in docs/screenshots anew
	@$(BIN)/python -m scripts.shots

bench: .venv-dev ## measure against the floors; see bench/README.md
	@$(BIN)/python -m bench

check: lint types imports deploy i18n templates ## all of it, as CI does
	@$(BIN)/python -m scripts.suite --all

lock: .venv-dev ## resolve requirements*.in anew into the locks
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements.txt requirements.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements-dev.txt requirements-dev.in

clean: ## remove caches and what tests left; keeps .venv and the data in var/
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
