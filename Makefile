# Works with GNU make 3.81 and any login shell. `make` alone explains the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
FIND_PYTHON := for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c "" >/dev/null 2>&1; then FOUND=$$p; break; fi; done; \
	if [ -z "$$FOUND" ]; then echo "No Python was found. Install it: sudo apt-get install python3 python3-venv git make (Debian/Ubuntu), sudo dnf install python3 git make (Fedora), brew install python@3.13 git (macOS)"; exit 1; fi
ARGS ?=

.PHONY: help run dev test coverage test-services check bench soak messages format clean reset lock env env-dev

help: ## show this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: env ## set everything up and run site and worker (PORT=8000); Ctrl-C ends both
	@exec $(PY) manage.py serve

dev: env-dev ## the same with autoreload, DEBUG and the debug toolbar
	@DJANGO_SETTINGS_MODULE=cms.settings.dev $(PY) manage.py serve --only prepare
	@DJANGO_SETTINGS_MODULE=cms.settings.dev exec $(PY) manage.py runserver $${PORT:-8000}

test: env-dev ## tests that need no server (ARGS="-k name" narrows)
	@sh .ci/test.sh $(ARGS)

coverage: env-dev ## the same tests, with the coverage of the project's own code
	@COVERAGE=1 sh .ci/test.sh

test-services: env-dev ## tests with PostgreSQL, Elasticsearch, browser and HTML checker; installs what is missing (apt)
	@bash .ci/services.sh $(ARGS)

check: env-dev ## style, types, imports, templates, migrations, translations, safety of the production settings
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(PY) .ci/check.py $(ARGS)

bench: env-dev ## measure speed
	@$(PY) -m pytest -m bench -s $(ARGS)

soak: env-dev ## long versions of races, kills and loads
	@$(PY) -m pytest -m soak $(ARGS)

messages: env-dev ## collect new strings into the German catalogue (needs gettext)
	@$(PY) .ci/messages.py

format: env-dev ## format Python code and sort imports
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

clean: ## remove caches and compiled files; never data
	@rm -rf .data/cache .data/coverage .data/test .ruff_cache .mypy_cache .pytest_cache .import_linter_cache htmlcov .coverage
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	@find cms/locale -name '*.mo' -exec rm -f {} + 2>/dev/null || true

reset: ## delete all data of this installation, after asking
	@printf 'This deletes database, uploads, mail and passwords in .data. Type "delete" to go on: '; \
	read answer; if [ "$$answer" = delete ]; then rm -rf .data; echo "Deleted."; else echo "Nothing was deleted."; fi

lock: env-dev ## write the lock files anew from pyproject.toml
	@sh .ci/lock.sh

env:
	@$(FIND_PYTHON); $$FOUND cms/preflight.py

env-dev:
	@$(FIND_PYTHON); $$FOUND cms/preflight.py dev
