# Thin names for the commands above them. `make help` lists them.
VENV := .venv
PY := $(VENV)/bin/python
CATALOGUE := app/translations/en/LC_MESSAGES/messages

.PHONY: help run test check mutants faults bench words

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: $(VENV)/run $(CATALOGUE).mo ## install, migrate, load the demonstration once, serve the site and the worker
	@bin/serve

test: $(VENV)/test $(CATALOGUE).mo ## every test, on SQLite then on PostgreSQL, browsers included
	@bin/test

check: $(VENV)/test $(CATALOGUE).mo ## style, types, contracts between floors, templates, security
	@bin/check

mutants: $(VENV)/test $(CATALOGUE).mo ## take each guard away and see a test fail
	@$(PY) -m tests.mutants

faults: $(VENV)/test $(CATALOGUE).mo ## the long form: ten thousand ballots under a hundred kills, on both databases
	@$(PY) -m tests.faults --long

bench: $(VENV)/test $(CATALOGUE).mo ## the product beside its floors, in ratios of one run
	@$(PY) -m bench

words: $(VENV)/test ## extract the messages again and compile the catalogue
	@bin/words

$(VENV)/run: requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test: requirements-dev.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run

%.mo: %.po | $(VENV)/run
	$(VENV)/bin/pybabel --quiet compile -i $< -o $@ -l en
