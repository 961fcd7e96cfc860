# Targets for people who work on virtops.ovirt, and the quickstart for everybody. `make help` lists them.
# Everything is made below .cache (or $VIRTOPS_CACHE): environments, artifacts, logs. Nothing else of the machine is touched.

SHELL := /bin/sh
.DEFAULT_GOAL := help
export VIRTOPS_CACHE ?= $(CURDIR)/.cache

in       := tests/tools/in-environment
JOBS     ?= 2
pytest   := python -m pytest
parallel := $(pytest) -n $(JOBS) --dist loadgroup
# For narrowing a run: make unit ARGS='-k vnic_profile -x'
ARGS     ?=
# Options of the embedded engine: make engine ENGINE='--estate scale:1000 --speed 20'
ENGINE   ?= --listen 127.0.0.1:8443 --estate demo --state $(VIRTOPS_CACHE)/engine/state.db

##@ Try it
.PHONY: quickstart
quickstart: ## Build a small estate on an embedded engine, twice; the second run changes nothing
	@$(in) core -- python tests/tools/quickstart.py $(ARGS)

.PHONY: engine
engine: ## Run the embedded engine in the foreground (ENGINE='--help' lists its options)
	@$(in) core -- python tests/tools/engine_process.py $(ENGINE)

##@ Prove it
.PHONY: test
test: ## Everything below that needs no second machine, in one run; what .ci/run calls
	@$(in) test core lint molecule hosts -- $(parallel) --durations 15 $(ARGS)

.PHONY: unit
unit: ## Unit and law tests of the collection, and tests of the embedded engine
	@$(in) test -- $(parallel) tests/unit tests/engine $(ARGS)

.PHONY: contract
contract: ## Recordings of a real engine, replayed against the embedded one
	@$(in) test -- $(parallel) tests/contract $(ARGS)

.PHONY: integration
integration: ## Playbooks of every kind against the embedded engine, or a real one (ENGINE_URL, see docs/testing.md)
	@$(in) test -- $(parallel) tests/integration $(ARGS)

.PHONY: test-faults
test-faults: ## The whole fault matrix: every kind and operation, fifteen faults, the first three writes
	@$(in) test -- $(parallel) tests/faults --faults-cells 0 $(ARGS)

.PHONY: test-oldest
test-oldest: ## Unit tests and playbooks on the oldest ansible-core and Python that are supported
	@VIRTOPS_PYTHON=$$(tests/tools/find-python --oldest) $(in) oldest -- $(parallel) tests/unit tests/integration $(ARGS)

.PHONY: sanity
sanity: ## ansible-test sanity on a real copy, with a planted defect that it must find
	@$(in) test core -- $(pytest) tests/quality/test_sanity.py $(ARGS)

.PHONY: lint
lint: ## ansible-lint with the production profile
	@$(in) test lint -- $(pytest) tests/quality/test_lint.py $(ARGS)

.PHONY: typing
typing: ## mypy: strict on floors 0 to 4, plain on the embedded engine
	@$(in) test -- $(pytest) tests/quality/test_typing.py $(ARGS)

.PHONY: molecule
molecule: ## The molecule scenarios that need no second machine
	@$(in) test molecule -- $(pytest) tests/quality/test_molecule.py $(ARGS)

.PHONY: artifact
artifact: ## Build the artifact, install it in a clean place and use it there
	@$(in) test core -- $(pytest) tests/quality/test_artifact.py $(ARGS)

.PHONY: test-foreign
test-foreign: ## The official Python SDK and the modules of ovirt.ovirt against the embedded engine (compiles the SDK)
	@$(in) foreign test -- $(pytest) tests/foreign $(ARGS)

.PHONY: test-hosts
test-hosts: ## The host roles on emulated machines, 20 minutes, or an hour without caches (ARCH=amd64|arm64|ppc64el|mips64el for one)
	@$(in) test hosts -- python tests/hosts/lab/run $(if $(ARCH),--arch $(ARCH)) $(ARGS)

.PHONY: benchmark
benchmark: ## This collection against the incumbent, side by side (compiles its SDK; ARGS=--quick); writes docs/benchmarks.md
	@$(in) benchmark -- python benchmarks/run.py $(ARGS)

##@ Keep it
.PHONY: build
build: ## Build the artifact for Ansible Galaxy into .cache/artifact
	@$(in) core -- python tests/tools/artifact.py

.PHONY: modules
modules: ## Write the modules and their documentation from their declarations (ARGS=KIND for one)
	@$(in) test -- python tests/tools/render_modules.py $(ARGS)

.PHONY: changelog
changelog: ## Check the changelog fragments
	@$(in) changelog -- antsibull-changelog lint

.PHONY: clean
clean: ## Remove what runs left behind; environments stay
	@rm -rf "$(VIRTOPS_CACHE)/artifact" "$(VIRTOPS_CACHE)/installed" "$(VIRTOPS_CACHE)/copy" "$(VIRTOPS_CACHE)/quickstart" "$(VIRTOPS_CACHE)/pytest" "$(VIRTOPS_CACHE)/mypy" "$(VIRTOPS_CACHE)/engine" tests/output
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove the whole cache, environments included
	@rm -rf "$(VIRTOPS_CACHE)"

.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
