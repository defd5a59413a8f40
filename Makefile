# Two words are enough: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Files of tests run side by side, each in one process.
TESTS := $(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile \
	--no-loadscope-reorder
# What serving needs, and what tests need besides.
SERVING := $(VENV)/serving
INSTALLED := $(VENV)/installed

.DEFAULT_GOAL := help
.PHONY: help install sync run doctor test lint types contracts check format calibrate bench soak chaos chaos-full evaluate sbom

help:  ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort

$(SERVING): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed"; exit 1; }
	@echo "Installing what serving needs: about a gigabyte to download, and some minutes."
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m ingest prepare-encoder
	@touch $@

$(INSTALLED): $(SERVING)
	@echo "Installing what tests need besides: about 0.6 GB on disk."
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(INSTALLED)  ## create .venv and install everything into it

sync: $(SERVING)  ## bring the index up to date with knowledge/
	@$(BIN)/python -m ingest sync

run: export ENVIRONMENT ?= development
run: sync  ## start the server on http://127.0.0.1:8000
	@$(BIN)/python -m bot serve

doctor: export ENVIRONMENT ?= development
doctor: $(SERVING)  ## check the installation, and try the model if there is one
	@$(BIN)/python -m bot doctor

test: $(INSTALLED)  ## run the tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| echo "Tests in a browser are skipped: install chromium to run them."
	$(TESTS)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

contracts: $(INSTALLED)
	$(BIN)/lint-imports

check: lint types contracts  ## lint, types, import contracts, tests with coverage
	$(TESTS) --cov --cov-report=term-missing:skip-covered

format: $(INSTALLED)  ## put the code into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

calibrate: sync  ## fit what is learned from labelled messages again, and write it
	$(BIN)/python -m bot calibrate --write

bench: $(INSTALLED)  ## measure the speed; OPTIONS=--quick for a fast look
	@$(BIN)/python -m benchmarks.bench $(OPTIONS)

soak: $(INSTALLED)  ## repeat the tests that race, and write docs/soak.md; SHARE=0.1 less
	SOAK=$(or $(SHARE),1) $(BIN)/python -m benchmarks.soak --write docs/soak.md

chaos: $(INSTALLED)  ## kill servers and cut the power a little, as the tests do
	$(BIN)/python -m benchmarks.chaos

chaos-full: $(INSTALLED)  ## the same for hours, into docs/reliability.md; SHARE=0.1 less
	SOAK=$(or $(SHARE),1) $(BIN)/python -m benchmarks.chaos --write docs/reliability.md

evaluate: $(SERVING)  ## measure answers on the suites that come along
	@for suite in tests/evals/*/; do \
		$(BIN)/python -m bot evaluate $$suite || exit 1; done

sbom: $(INSTALLED)  ## print what is installed to serve, with licences (CycloneDX)
	@$(BIN)/python -m tests.support.components
