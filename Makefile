# Everything starts from a fresh clone with Python 3.11-3.13, pip and make: each target sets up what it needs first.
PYTHON ?= python3
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
CONSTRAINTS := constraints-$(VERSION).txt
BIN := .venv/bin
READY := .venv/.ready-$(VERSION)
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-pythons mutants frozen attacks lint patterns fit claims pages bench docs package clean

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY)  ## make .venv, install Crossfire in it, compile the model (about half a minute, once)

$(CONSTRAINTS):
	@echo "Crossfire needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $(VERSION). Try: make PYTHON=python3.12 setup" >&2
	@exit 2

# A .venv of another Python is made anew; one of this Python is brought up to date.
$(READY): pyproject.toml $(CONSTRAINTS)
	@echo "Setting up .venv with Python $(VERSION) ..."
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(VERSION)")' 2>/dev/null \
		|| $(PYTHON) -m venv --clear .venv
	@$(BIN)/python $(PIP_INSTALL) -c $(CONSTRAINTS) -e ".[dev]"
	@$(BIN)/crossfire compile
	@touch $@

demo: $(READY)  ## compare four US policies over 2,000 worlds after the killing of Soleimani: figures, one world, a report
	$(BIN)/crossfire story 2020-soleimani --world 17 --only-figures
	$(BIN)/crossfire compare 2020-soleimani \
		--vary us=restraint,in-kind,maximum-pressure,prompt-withdrawal --worlds 2000 --figures --report
	@echo 'Open the report. Of the figures look first at distributions.png and differences.png (what the policies bring),'
	@echo 'base_maps.png, attack_maps.png and opinion_maps.png (where and when), timeline.png and parliament.png (world 17).'

test: lint  ## lint, then the fast tests: of rules uncompiled, of everything else compiled
	CROSSFIRE_RULES=python $(BIN)/python -m pytest -q -n 2 -m "not slow" tests/rules
	$(BIN)/python -m pytest -q -n 2 -m "not slow" --ignore tests/rules

test-slow: $(READY)  ## the slow tests alone
	$(BIN)/python -m pytest -q -n 2 -m slow --ignore tests/rules

test-pythons: $(READY)  ## the fast tests under each of Python 3.11, 3.12, 3.13 found here; names those absent
	@.ci/test-pythons

# All of them, one module, ...: make mutants MUTANTS="--module isis" (.venv/bin/python -m tests.mutants --help)
MUTANTS ?= --sample 200
mutants: $(READY)  ## put small faults into the rules, and see whether the tests of rules notice
	$(BIN)/python -m tests.mutants $(MUTANTS)

frozen: $(READY)  ## say which results have moved since tests/frozen.parquet was written (FROZEN=--write writes it anew)
	$(BIN)/python -m tests.frozen $(FROZEN)

ATTACKS ?= --minutes 10
attacks: $(READY)  ## damage files, options, numbers, results and runs for ten minutes, and see whether all is told
	$(BIN)/python -m tests.attacks $(ATTACKS)

lint: $(READY)  ## ruff, mypy, and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

patterns: $(READY)  ## hold the model against known patterns and figures; writes docs/evidence.md
	$(BIN)/crossfire patterns --write docs/evidence.md

claims: $(READY)  ## try every claim of the ledger; writes docs/findings.md
	$(BIN)/crossfire claims --write docs/findings.md

fit: $(READY)  ## fit the parameters to what was observed; writes configs/fit.yaml and docs/fit.md
	$(BIN)/crossfire fit --write

pages: $(READY)  ## write what is made from the code: docs/scenarios.md, docs/reference.md, the schemas for editors
	$(BIN)/crossfire describe scenario all > docs/scenarios.md
	$(BIN)/crossfire list all --markdown > docs/reference.md
	$(BIN)/crossfire schema

bench: $(READY)  ## measure the speed of the model on this machine
	$(BIN)/crossfire bench

docs: $(READY)  ## build the documentation into docs/_build/html
	@$(BIN)/python $(PIP_INSTALL) -c $(CONSTRAINTS) -e ".[docs]"
	$(BIN)/python -m sphinx -q -W -b html docs docs/_build/html

package: $(READY)  ## build dist/: sources, and a wheel with compiled rules for this kind of machine; try it under each Python
	@$(BIN)/python $(PIP_INSTALL) hatchling
	@.ci/package

clean:  ## remove what can be made again (not results)
	rm -rf .venv .venv-3.* build dist docs/_build .mypy_cache .ruff_cache .import_linter_cache .hypothesis .cache
	find sim tests -name __pycache__ -prune -exec rm -rf {} +
