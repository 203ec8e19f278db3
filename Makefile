# The two commands that matter are `make run` and `make test`; each sets up all it needs. `make help` lists the rest.
# PYTHON names another Python 3.11+; ARGS is passed on, e.g. make test ARGS="tests/core -x"
SHELL := /bin/sh
PYTHON ?=
PROFILE ?=
WORKERS ?= 2
ARGS ?=
OUT ?= .run/tour
export PYTHON PROFILE
PYTEST := .venv/bin/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long test-postgresql bench mutants tour lint format types wheel package lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## build the environment (.venv); every other command does this first
	@scripts/setup.sh run

run: ## open the app on a demo shop; without a display, run the tour
	@scripts/run.sh

test: ## run the tests
	@scripts/setup.sh test
	$(PYTEST) -n $(WORKERS) $(ARGS)

test-long: ## run the long forms as well: 800 kills, each call of SQLite and each act on its files failing, 500 steps of three people
	@scripts/setup.sh test
	$(PYTEST) -n $(WORKERS) -m "not bench" $(ARGS)

test-postgresql: ## run the tests of server and client on a PostgreSQL started for them
	@scripts/setup.sh test
	scripts/postgres.sh $(PYTEST) -n $(WORKERS) tests/server tests/api $(ARGS)

bench: ## measure; prints ratios
	@scripts/setup.sh test
	$(PYTEST) -m bench -s tests/bench $(ARGS)

mutants: ## show which small changes to the program no test notices (ARGS="--minutes 20 instica_desktop/core")
	@scripts/setup.sh test
	.venv/bin/python -m tests.mutation $(ARGS)

tour: ## do the main job unattended and picture every step (OUT=DIR)
	@scripts/setup.sh tour
	.venv/bin/instica-desktop tour --out $(OUT) $(ARGS)

lint: ## all static checks: ruff, types, import rules
	@scripts/lint.sh

format: ## put the code into its one format
	@scripts/setup.sh lint
	.venv-lint/bin/ruff check --fix-only --quiet .
	.venv-lint/bin/ruff format .

types: ## check the types only
	@scripts/setup.sh run
	@scripts/setup.sh lint
	.venv-lint/bin/basedpyright --pythonpath .venv/bin/python $(ARGS)

wheel: ## build the wheel and prove it installs whole
	@scripts/check_wheel.sh

package: ## build the program with its own Python into dist/ and prove it by the tour (Linux, macOS)
	@scripts/package.sh

lock: ## resolve the dependencies anew (needs uv; ARGS=--upgrade for newer ones)
	@scripts/lock.sh $(ARGS)

clean: ## remove what these commands made, the demo shop included
	rm -rf .venv .venv-* .setup.lock .run build dist .pytest_cache .ruff_cache .hypothesis
	find instica_desktop tests -name __pycache__ -type d -prune -exec rm -rf {} +
