# make run · make test · make check · make bench
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run test check bench report torture screenshots clean

setup: $(STAMP)

# Each step is named while it works; what it prints is shown only if it fails.
$(STAMP): pyproject.toml
	@began=$$(date +%s); log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	step() { echo "$$1 …"; shift; "$$@" >"$$log" 2>&1 || { cat "$$log" >&2; exit 1; }; }; \
	if command -v uv >/dev/null 2>&1; then \
	  step "making $(VENV) with uv" uv venv --allow-existing $(VENV); \
	  step "installing workbench and what it needs" uv pip install --python $(BIN)/python --editable . --group dev; \
	else \
	  step "making $(VENV)" $(PYTHON) -m venv $(VENV); \
	  step "updating pip" $(BIN)/python -m pip install --upgrade 'pip>=25.1'; \
	  step "installing workbench and what it needs" $(BIN)/python -m pip install --editable . --group dev; \
	fi; \
	touch $@; echo "ready in $$(($$(date +%s) - began)) s"

run: setup
	@$(BIN)/workbench

test: setup
	$(BIN)/python -m pytest -n auto -m "not torture"

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

ifeq (bench,$(firstword $(MAKECMDGOALS)))
BENCHES := $(wordlist 2,99,$(MAKECMDGOALS))
$(eval $(BENCHES):;@:)
endif

bench: setup
	$(BIN)/python -m tests.bench $(BENCHES)

report: setup
	$(BIN)/python -m tests.bench.report

torture: setup
	$(BIN)/python -m pytest -n auto -m "torture or hypothesis" --hypothesis-profile=wide

screenshots: setup
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
