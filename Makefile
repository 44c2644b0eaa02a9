# Bole (伯乐). `make help` lists the targets; each sets up what it needs, once.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
# The system's own where it is new enough: distributions build it with profiles of what programs do, and one that pyenv
# builds by default takes half as long again for the same work.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
WORKERS ?= 2
# Compiled modules are kept, whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help setup setup-test demo up down test check lint types contracts k8s-check unit contract integration browser screenshots e2e storm promise simulate fuzz fuzz-parsers fuzz-guided tampering bench sbom lock vendor protos image clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

setup: ## Set up .venv for running (dependencies by hash, generated contracts)
	@$(PYTHON) scripts/set_up.py run

setup-test: setup ## Set up for testing too, with a real PostgreSQL, Kafka and Chromium
	@$(PYTHON) scripts/set_up.py test
	@$(PY) -m tests.servers install

demo: $(if $(filter full,$(ENGINES)),setup-test,setup) ## Do the main job in front of you: start, import, answer, stream, stop; ENGINES=full on a PostgreSQL and a Kafka of its own
	@$(if $(filter full,$(ENGINES)),$(PY) -m tests.servers demo,.venv/bin/bole demo)

up: setup ## Start the services with the sample data and keep them running
	@.venv/bin/bole up

down: ## Stop what `make up` started
	@.venv/bin/bole down

# Sets are walked in the same order in every run.
test: export PYTHONHASHSEED = 0
test: setup-test check ## Set up and run every test, on WORKERS=2 processes
	@$(PY) -m pytest tests -n $(WORKERS) --durations=25

check: lint types contracts k8s-check ## Style, types, arrows, contracts and manifests
lint: setup-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
types: setup-test
	@.venv/bin/mypy
contracts: setup-test ## Lint, format and compare the contracts with the released baseline
	@.venv/bin/buf lint gen/bole/contract.binpb --config protos/buf.yaml
	@.venv/bin/buf format --diff --exit-code protos
	@.venv/bin/buf breaking gen/bole/contract.binpb --against protos/baseline.binpb --config protos/buf.yaml
k8s-check: setup-test ## Build and strictly validate every Kubernetes overlay
	@$(PY) -m pytest -q tests/unit/deploy

unit: setup-test ## Fast tests of the domain
	@$(PY) -m pytest tests/unit
contract: setup-test ## Every RPC with good and bad requests
	@$(PY) -m pytest tests/contract
integration: setup-test ## Stores and logs on SQLite, PostgreSQL and Kafka
	@$(PY) -m pytest tests/integration
browser: setup-test ## The console in a real Chromium
	@$(PY) -m pytest tests/browser
screenshots: setup-test ## Every page in both languages and two widths, as PNG under var/screenshots
	@$(PY) -m pytest -q tests/browser --screenshots var/screenshots
e2e: setup-test ## The whole house as processes, faults in the middle
	@$(PY) -m pytest tests/chaos

storm: setup-test ## Faults by seed on real processes: N=10 trials from SEED=1 on ENGINES=embedded or full; RECORD=1 adds them to docs/reliability.*, RECORD=anew begins the row anew
	@$(PY) -m tests.storm --trials $(or $(N),10) --seed $(or $(SEED),1) --engines $(or $(ENGINES),embedded) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

promise: setup-test ## Runs of one promise, P=P4-full or another: N=1 from SEED=1; RECORD=1 as above
	@$(PY) -m tests.promises --only $(P) --runs $(or $(N),1) --seed $(or $(SEED),1) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

simulate: setup-test ## The cores in simulated time, every fault by seed: N=10000 runs from SEED=1; RECORD=1 as above
	@$(PY) -m tests.simulation --runs $(or $(N),10000) --seed $(or $(SEED),1) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

fuzz: setup-test ## Nearly right requests to every RPC by seed: N=100000 from SEED=1 on ENGINES=embedded or full; RECORD=1 as above
	@$(PY) -m tests.fuzz --requests $(or $(N),100000) --seed $(or $(SEED),1) --engines $(or $(ENGINES),embedded) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

fuzz-parsers: setup-test ## Spoilt files, filters, bodies, tokens, records to what reads them: N=1000 each from SEED=1; RECORD=1
	@$(PY) -m tests.fuzz.parsing --inputs $(or $(N),1000) --seed $(or $(SEED),1) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

fuzz-guided: setup-test ## The same readers, led by the branches that inputs take (atheris, not for Python 3.14): N=1 minute each from SEED=1; RECORD=1
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-fuzz.lock
	@$(PY) -m tests.fuzz.guided --minutes $(or $(N),1) --seed $(or $(SEED),1) --workers $(WORKERS) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

tampering: setup-test ## Changes to an audit trail by seed, each of which must be found: N=10000 from SEED=1; RECORD=1 as above
	@$(PY) -m tests.tampering --attempts $(or $(N),10000) --seed $(or $(SEED),1) $(if $(RECORD),--record $(if $(filter anew,$(RECORD)),anew,add))

bench: setup-test ## Measure: all, or those that ONLY=… names; LIMIT=10000 for a small trial, DATA=… for folders of texts, ENCODERS=… beside the default
	@$(PY) -m bench --only "$(ONLY)" $(if $(LIMIT),--limit $(LIMIT)) $(if $(DATA),--data $(DATA)) $(if $(ENCODERS),--encoders $(ENCODERS))

protos: setup ## Compile the contracts into gen/
	@$(PY) hatch_build.py
lock: setup ## Renew the lock files from pyproject.toml
	@$(PY) -m pip install -q uv && scripts/lock.sh --upgrade
sbom: ## Write the list of the software's parts (CycloneDX) from the locks to var/sbom.json
	@mkdir -p var && $(PYTHON) scripts/sbom.py var/sbom.json
vendor: ## Fetch the vendored scripts of the console anew, as their lock names them (needs npm)
	@$(PYTHON) scripts/vendor.py
image: ## Build the container image
	docker build -t bole:dev .
clean: ## Remove data and generated files, not the environment
	rm -rf var gen/bole dist build
