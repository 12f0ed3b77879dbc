# `make up` runs everything; `make test`, `make check` and `make bench` are what the names say.
# Nothing is installed outside .venv/; tests put model servers that others wrote into .venv/servers/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links
INSTALL := $(BIN)/uv pip install --system-certs --quiet --python $(BIN)/python

.PHONY: help up test check bench docs lock clean
help:
	@echo "make up      set up and run the whole system in the foreground (Ctrl-C stops it)"
	@echo "make test    set up and run the tests: quick ones first, then the slow ones"
	@echo "make check   lint, types, import layers, generated files fresh"
	@echo "make bench   measure, and print the figures beside their yardsticks"
	@echo "make docs    write the generated pages again"
	@echo "make lock    resolve the dependencies again and pin them with hashes"

up: $(VENV)/.runtime
	@exec $(BIN)/tripsage up

test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist worksteal
	$(BIN)/python -m pytest -m slow -rs --numprocesses auto --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright --warnings
	$(BIN)/lint-imports
	$(BIN)/python -m app.cli docs --check

docs: $(VENV)/.runtime
	$(BIN)/python -m app.cli docs

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

$(VENV)/.runtime: requirements/uv.txt requirements/runtime.txt pyproject.toml
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TripSage needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

lock: $(VENV)/.runtime
	$(LOCK) requirements/uv.in --output-file requirements/uv.txt
	$(LOCK) pyproject.toml requirements/build.in --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group dev requirements/build.in --output-file requirements/dev.txt
	$(LOCK) requirements/llmock.in --output-file requirements/llmock.txt
	cd requirements/aimock && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
