# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
DEV := $(VENV)/.dev-ready
PYTEST_WORKERS ?= 3
unexport PYTHONDONTWRITEBYTECODE # from compiled files a process starts sooner, and the tests start many

.PHONY: setup run test lint bench bench-1m bench-5m lock clean
.DEFAULT_GOAL := run

setup: $(READY)

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Viva needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.12"; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV): $(READY) requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: setup
	VIVA_DEMO=$${VIVA_DEMO-1} $(PY) -m streamlit run Home.py --server.port $(PORT)

lint: $(DEV)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: $(DEV)
	@PY=$(PY) sh tests/system_packages.sh
	@$(MAKE) --no-print-directory lint
	$(PY) -m core.cli prompts check
	$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile

bench: $(DEV)
	$(PY) -m tests.bench $(ONLY)

# The cohort pages with a million and with five million responses: minutes, and 3 GB and 16 GB of disk for each database.
bench-1m: $(DEV)
	VIVA_BENCH_RESPONSES="10000 1000000" $(PY) -m tests.bench cohorts

bench-5m: $(DEV)
	VIVA_BENCH_RESPONSES="10000 5000000" $(PY) -m tests.bench cohorts

# Needs uv (https://docs.astral.sh/uv): one lock for Python 3.11 to 3.13 with the hash of every file.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
