# `make` lists the targets; README.md explains the first two.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV := .venv
BIN := $(VENV)/bin
# The interpreter of .python-version, from PATH or pyenv.
PYTHON ?= $(shell command -v python$$(cat .python-version) >/dev/null 2>&1 && python$$(cat .python-version) -c 'import sys; print(sys.executable)' 2>/dev/null || ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$(cat .python-version)*/bin/python 2>/dev/null | sort -V | tail -n 1)
export PATH := $(CURDIR)/$(BIN):$(PATH)

$(BIN)/.ready: requirements/dev.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "make: CPython $$(cat .python-version) not found; install it, or name it: make PYTHON=/path/to/python"; exit 2; }
	@[ -x $(BIN)/python ] || { echo "creating $(VENV) with $(PYTHON)"; "$(PYTHON)" -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.PHONY: help setup lock
help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(BIN)/.ready ## create .venv with everything locked

lock: ## resolve requirements/*.in anew
	uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.13 --no-emit-index-url -o requirements/uv.lock requirements/uv.in
	uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.13 --no-emit-index-url -o requirements/dev.lock pyproject.toml requirements/dev.in
