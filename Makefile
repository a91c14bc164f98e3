# `make` alone lists the targets. BIN points at the environment's programs: `make check BIN=` uses those on the PATH.
BIN ?= .venv/bin/

.DEFAULT_GOAL := help
.PHONY: rehearsal help check format format-check lint types layers test docs docs-check bench lock ci

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: format-check lint types layers docs-check test ## everything that must be green before a commit

format: ## write the source as the formatter wants it
	$(BIN)ruff format .
	$(BIN)ruff check --fix --quiet .

format-check: ## is it written so?
	$(BIN)ruff format --check --quiet .

lint: ## the linter
	$(BIN)ruff check .

types: ## mypy, strict, tests too
	$(BIN)mypy

layers: ## who may import whom
	$(BIN)lint-imports --no-cache

test: ## all tests
	$(BIN)pytest -q -n auto --dist worksteal

docs: ## write the generated pages and the schema again
	@for page in docs/generate_*.py; do PYTHONPATH=. $(BIN)python $$page || exit 1; done

docs-check: ## are the generated pages fresh, and is everything documented?
	$(BIN)pytest -q tests/architecture/test_documentation.py tests/architecture/test_completeness.py

bench: ## the figures of benchmarks/, as ratios
	$(BIN)python -m benchmarks

lock: ## write uv.lock again, with the public addresses
	$(BIN)uv lock

ci: ## what the build server runs, from a bare Debian
	.ci/run

rehearsal: ## a year of 300 challenges through the command line and a real mail server (an hour)
	$(BIN)python -m tests.rehearsal
