# `make` alone lists the targets. BIN points at the environment's programs: `make check BIN=` uses those on the PATH.
BIN ?= .venv/bin/
SEEDS ?= 10000

.DEFAULT_GOAL := help
.PHONY: machine cluster coverage mutants broken fuzz rehearsal help check format format-check lint types layers test docs docs-check bench lock ci power crashes kills races backups chaos simulate

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

bench: ## every budget and how costs grow, beside other systems (an hour; --quick: a quarter)
	$(BIN)python -m benchmarks

broken: ## every broken definition of every class, and imports of 10,000 rows (three minutes)
	$(BIN)python -m tests.broken

TARGET ?= all
SECONDS ?= 60

fuzz: ## fuzz parsers: TARGET=mail SECONDS=600 (all of them, a minute each; the extra `fuzz`)
	$(BIN)python -m tests.fuzzing $(TARGET) --seconds $(SECONDS)

coverage: ## is every branch of the core taken by its unit tests? (some minutes)
	@mkdir -p build
	$(BIN)coverage run -m pytest -q -p no:cacheprovider tests/unit/model
	$(BIN)coverage report

SAMPLE ?= 400
SEED ?= 1

mutants: ## mistakes in the core, are they noticed? SAMPLE=400 SEED=1, or SAMPLE=all (many hours)
	$(BIN)python -m tests.mutation --sample $(SAMPLE) --seed $(SEED) --progress --least 0.9

RUNS ?= 10

cluster: ## several machines on one database, each scenario RUNS=10 times (needs PostgreSQL)
	$(BIN)python -m tests.integration.cluster --runs $(RUNS) --progress

simulate: ## lives of SEEDS seeds (10000) in which everything goes wrong
	$(BIN)python -m tests.simulation --count $(SEEDS) --progress

EXAMPLES ?= 5000
STEPS ?= 100

machine: ## EXAMPLES=5000 lives of STEPS=100 steps beside a model, as Hypothesis thinks of them (an hour)
	$(BIN)python -m tests.property.machine --examples $(EXAMPLES) --steps $(STEPS)

lock: ## write uv.lock again, with the public addresses
	$(BIN)uv lock

ci: ## what the build server runs, from a bare Debian
	.ci/run

rehearsal: ## a year of 300 challenges through the command line and a real mail server (an hour)
	$(BIN)python -m tests.rehearsal

golden: ## record the lives of a new version, once for ever: VERSION=0.2.0
	$(BIN)python -m tests.golden record $(VERSION)

upgrades: ## break an upgrade off before every single statement, on both databases (ten minutes)
	UPGRADE_EVERY=1 $(BIN)pytest -q tests/integration/upgrading

scale: ## the plans of a sweep with a million open challenges, and what one weighs (ten minutes)
	SCALE=1000000 $(BIN)pytest -q tests/scale/test_scale.py
	$(BIN)python -m tests.scale

power: ## cut the power at every moment, let the disk fail at every write (5 minutes)
	$(BIN)python -m tests.faults power

crashes: ## crash at every boundary, and in pairs on the ways of sending, closing, destroying (ALL=--all: each time)
	$(BIN)python -m tests.faults crashes $(ALL)

KILLS ?= 1000
kills: ## kill the real program KILLS times with -9
	$(BIN)python -m tests.faults kills --number $(KILLS)

RACES ?= 1000
races: ## let two meet at one challenge RACES times, on SQLite and on PostgreSQL
	$(BIN)python -m tests.faults races --number $(RACES)

BACKUPS ?= 100
backups: ## make BACKUPS backups while two write
	$(BIN)python -m tests.faults backups --number $(BACKUPS)

MINUTES ?= 60
chaos: ## stop a PostgreSQL server and start it again, under load, for MINUTES
	$(BIN)python -m tests.faults chaos --number $(MINUTES)
