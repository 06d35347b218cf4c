# make demo      the whole life of a cohort, then the example site on http://localhost:8000
# make test      all checks and tests that need no server and no browser
# make test-ci   the same, and then PostgreSQL, MariaDB, Redis, Chromium, Wagtail 7.4 and another kind of host,
#                each pair of them at least once
# make test-all  the same with every combination: hours where test-ci takes one
# make test-nightly  the same, and then every long run in its full form
#
# PYTHON names another interpreter (3.11 or newer); ARGS goes to the demo; PYTEST to pytest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
ARGS ?=
PYTEST ?=
export PYTEST
BIN := .venv/bin
# Each worker makes a database of its own, so more than a few cost more than they save.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2); echo $$((n > 8 ? 8 : n)))

.PHONY: help .venv demo test lint test-ci test-all test-nightly wheel clean

help:
	@sed -n 's/^# \?//;1,/^$$/p' Makefile | sed '/^$$/d'

.venv: .venv/ready-for-tests

.venv/ready-for-demo: pyproject.toml .ci/venv.sh
	@PYTHON="$(PYTHON)" .ci/venv.sh demo
	@touch $@

.venv/ready-for-tests: pyproject.toml .ci/venv.sh
	@PYTHON="$(PYTHON)" .ci/venv.sh dev
	@touch .venv/ready-for-demo $@

.venv/ready-for-all: pyproject.toml .ci/venv.sh
	@PYTHON="$(PYTHON)" .ci/venv.sh all
	@touch .venv/ready-for-demo .venv/ready-for-tests $@

.venv74/ready-for-all: pyproject.toml .ci/venv.sh
	@VENV=.venv74 PYTHON="$(PYTHON)" .ci/venv.sh all "wagtail>=7.4,<7.5"
	@touch $@

demo: .venv/ready-for-demo
	@$(BIN)/python example_site/manage.py demo $(ARGS)

lint: .venv/ready-for-tests
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	@report=$$($(BIN)/lint-imports 2>&1) || { echo "$$report"; exit 1; }; echo "$$report" | tail -n 1
	$(BIN)/mypy --no-error-summary
	$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	EXAMPLE_SITE_DATABASE=sqlite:///:memory: $(BIN)/python example_site/manage.py makemigrations --check --dry-run

test: lint
	@$(BIN)/pytest --quiet --numprocesses $(WORKERS) $(PYTEST)

test-ci: test .venv/ready-for-all .venv74/ready-for-all
	@.ci/test_all.sh pairs

test-all: test .venv/ready-for-all .venv74/ready-for-all
	@.ci/test_all.sh every

test-nightly: test-all
	@.ci/nightly.sh

wheel: .venv/ready-for-tests
	@rm -rf build
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls -1 dist

clean:
	rm -rf .venv .venv74 demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
