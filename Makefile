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
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -m compileall -q tracker
	@touch $@

SIZE ?= quick
RELEASES ?= 6
DEMO := .demo
DEMO_AT := --results $(DEMO)/results --repo $(DEMO)/asynctasq

.PHONY: help demo test check fast score searches speed side-by-side counting site-types setup lock lock-libraries clean
help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# Exit code 5 (some cells failed) and 1 (a regression was found) are results here, not errors.
demo: $(BIN)/.ready ## measure, judge and show AsyncTasQ's last releases (SIZE=quick|full)
	@echo "== the last $(RELEASES) releases of AsyncTasQ, as a git repository"
	tracker releases asynctasq --to $(DEMO)/asynctasq --last $(RELEASES)
	@echo "== each through the basic-throughput scenario, Celery beside it"
	tracker run ALL $(DEMO_AT) --machine demo --scenarios basic_throughput --libraries celery --size $(SIZE) || [ $$? -eq 5 ]
	@echo "== what changed"
	tracker report $(DEMO_AT) || [ $$? -eq 1 ] || [ $$? -eq 5 ]
	@echo "== the trend site"
	tracker publish $(DEMO_AT) --out $(DEMO)/site
	@echo "== done; look at it with: $(BIN)/tracker serve $(DEMO)/site"

# axe-core, for the site's tests: where it cannot be had they say so, and fail in CI only.
NODE_MODULES := $(if $(shell command -v npm),site/node_modules/.package-lock.json)
site/node_modules/.package-lock.json: site/package-lock.json
	@echo "installing what site/package-lock.json locks"
	@cd site && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || echo "npm ci failed: tests that need axe-core will be skipped"

# A file's tests share what is costly to make, and stay in one process (tests/conftest.py).
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 4 --dist loadscope

test: $(BIN)/.ready $(NODE_MODULES) ## all tests, with real servers, workers and a real browser
	@failed=0; \
	pytest -m "not alone" $(SIDE_BY_SIDE) || failed=1; \
	pytest -m alone || failed=1; \
	exit $$failed

fast: $(BIN)/.ready ## the unit tests only
	pytest -m "not slow and not browser and not alone" $(SIDE_BY_SIDE)

check: $(BIN)/.ready ## lint, types, workflows
	ruff check .
	ruff format --check .
	mypy
	.github/check-workflows

score: $(BIN)/.ready ## score the detector and its peers (tests/evaluation/RESULTS.md)
	@[ -x .scoreboard/bin/python ] || uv venv --quiet --python $(BIN)/python .scoreboard
	@uv pip sync --quiet --python .scoreboard/bin/python --require-hashes requirements/scoreboard.lock
	@.scoreboard/bin/python -W ignore -m tests.evaluation.scoreboard.score --repeats $(or $(REPEATS),4)

searches: $(BIN)/.ready ## simulate searches for a commit (tests/evaluation/RESULTS.md)
	python -m tests.evaluation.commit_searches --searches $(or $(SEARCHES),500)

speed: $(BIN)/.ready ## time tracker publish and asv publish on the same trees (tests/evaluation/RESULTS.md)
	python -m tests.evaluation.speed

side-by-side: $(BIN)/.ready ## compare our site with those of asv and asv-tachyon (tests/evaluation/RESULTS.md; needs npm and Chromium)
	python -m tests.evaluation.side_by_side

counting: $(BIN)/.ready ## how far counting repeats itself, idle and busy (RUNS=20)
	PYTHONPATH=. $$(python -m benchmarks.harness.shared.environments harness) -m tests.evaluation.counting --runs $(or $(RUNS),20)

site-types: $(BIN)/.ready ## the site's TypeScript types, made of the Python schema (needs Node)
	python -m tracker.site_data.json_schema | node site/scripts/schema-types.mjs > site/src/schema.ts.new
	mv site/src/schema.ts.new site/src/schema.ts

setup: $(BIN)/.ready ## create .venv with everything locked

LOCK := uv pip compile --quiet --universal --no-header --python-version 3.13 --no-emit-index-url

lock: ## resolve requirements/*.in anew
	$(LOCK) --generate-hashes -o requirements/uv.lock requirements/uv.in
	$(LOCK) --generate-hashes -o requirements/build.lock requirements/build.in
	$(LOCK) --generate-hashes -o requirements/dev.lock pyproject.toml requirements/dev.in
	$(LOCK) --generate-hashes -o requirements/run.lock pyproject.toml
	$(LOCK) --generate-hashes -o requirements/scoreboard.lock requirements/scoreboard.in

lock-libraries: ## resolve benchmarks/locks/*.in anew, and what each library needs when it is tracked
	@for file in benchmarks/locks/*.in; do echo "$$file"; $(LOCK) --generate-hashes -o "$${file%.in}.txt" "$$file"; done
	@cd benchmarks/locks; for file in tracked/*.txt; do \
		name=$$(basename "$$file" .txt); more="tracked/$$name.in"; [ -f "$$more" ] || more=""; echo "benchmarks/locks/$$file"; \
		$(LOCK) --no-annotate --no-emit-package "$$name" --constraint "$$name.txt" -o "$$file" "$$name.in" $$more; \
	done

clean: ## remove everything that make has made
	rm -rf $(VENV) $(DEMO) .asv .scoreboard .mypy_cache .pytest_cache .ruff_cache .hypothesis
