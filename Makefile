# `make help` says what there is. Everything runs inside .venv, which `make setup` builds from requirements.lock.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint format mutants bench image shots lock browser promtool

help: ## say what each target does
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## build .venv from requirements.lock (at once when nothing changed)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gridcase needs Python 3.11 or later; say which: make PYTHON=... setup")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## start everything and let a synthetic day of a city run through it
	$(BIN)/gridcase demo

test: setup browser promtool ## run every test, with real engines and a real browser
	$(BIN)/python -m pytest tests

check: lint promtool ## all of lint, and the tests that need no engine
	$(BIN)/python -m pytest tests/unit tests/contract

lint: setup ## see to format, style, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## bring the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

mutants: setup ## break each rule of the recipe and see that the suite notices
	$(BIN)/python tests/mutants/run.py

bench: setup ## measure whole lives, latency and the cost of growth
	$(BIN)/gridcase bench

shots: setup browser ## photograph every page for docs/shots, in the middle of a synthetic day
	$(BIN)/python -m tests.browser.shots

browser promtool: ## install what tests need beside Python, where it is missing
	@deploy/needs.sh $@

image: setup ## build the image without Docker and start the services from it
	deploy/image.sh

LOCKING := $(BIN)/uv pip compile pyproject.toml --quiet --universal --upgrade --generate-hashes \
	--group build --no-emit-index-url --no-emit-find-links --no-annotate --no-header

lock: setup ## resolve the newest versions that pyproject.toml allows
	$(LOCKING) --all-extras --output-file requirements.lock
	grep -v -- --hash requirements.lock | sed 's/ \\$$//' > .venv/constraints.txt
	$(LOCKING) --constraint .venv/constraints.txt --output-file requirements-image.lock
