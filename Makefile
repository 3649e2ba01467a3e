# The two commands are `make demo` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
ORDERS ?= 2000
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
SERVERS := $(BIN)/python -m modeler.servers run
# What previews say, each held against a real server: longer than `make test` should take.
MEASURED := $(addprefix tests/modeler/previews/,effects estimates hazards remedies replay rows safely sql test_estimated.py test_failing.py trace) \
  $(addprefix tests/modeler/postgres/,preflight production)

# Collections of MongoDB on real servers: as long again. Other versions of PostgreSQL and Django
# get those of them that ask rows and models.
MONGO := tests/modeler/mongo
LONG := $(MEASURED) $(addprefix $(MONGO)/,apply bad_input design drift evaluator formulas parity service sync)
# Keys under collations that only a PostgreSQL with ICU has, as Debian's.
SPELLED := $(addprefix $(MONGO)/sync/,test_spellings.py test_keys.py)

.DEFAULT_GOAL := help
.PHONY: help environment parsers demo test test-modeler test-previews test-browser test-parsers test-shop test-dangerous test-mongo test-torture test-postgres test-versions check lock clean

help:
	@echo "make demo    the shop with data at http://127.0.0.1:$(PORT)/admin/ (PORT=…, ORDERS=…)"
	@echo "make test    the tests, on servers of their own"
	@echo "make parsers the parsers of diagram formats that tests read back with (needs Node 20)"
	@echo "make test-previews  rules of migration previews against real servers"
	@echo "make test-dangerous ten dangerous migrations of the shop, made safe and run while people work"
	@echo "make test-mongo  collections on a real MongoDB: applied, judged, exported, kept in step"
	@echo "make test-torture   the synchronisation while servers and workers are killed (TORTURE_SECONDS, TORTURE_SEED)"
	@echo "make test-browser, make test-parsers   pages in Chromium; texts read back by other programs"
	@echo "make check   style, types, layers, templates, migrations, deploy settings"
	@echo "make lock    write the requirement files anew after a change in pyproject.toml"
	@echo "make clean   remove .venv (data under .data stays)"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.11 …" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 2; }

$(VENV)/.shop: requirements/shop.txt | $(BIN)/python
	@echo "Installing what the shop needs …"
	@$(PIP_INSTALL) -r requirements/shop.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	@echo "Installing what the tests need …"
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $@ $(VENV)/.shop

environment: $(VENV)/.dev

# A changed lock file installs anew.
tests/parsers/node_modules/.made: tests/parsers/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed: install Node.js 20 or newer" >&2; exit 2; }
	@cd tests/parsers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

parsers: tests/parsers/node_modules/.made

demo: $(VENV)/.shop
	@if [ -n "$$DATABASE_URL" ]; then \
	  PORT=$(PORT) ORDERS=$(ORDERS) exec $(SERVERS) --shadow -- $(BIN)/python -m config.demo; \
	else \
	  PORT=$(PORT) ORDERS=$(ORDERS) exec $(SERVERS) --postgres --shadow -- $(BIN)/python -m config.demo; \
	fi

test: test-modeler test-shop

test-modeler: $(VENV)/.dev
	$(BIN)/python -m pytest tests/modeler --ds=tests.blog.settings -m "not parsers and not browser" $(MEASURED:%=--ignore=%) --ignore=$(MONGO) -n 2 --dist loadfile $(PYTEST)

# What rules of previews say, against what servers do.
test-previews: $(VENV)/.dev
	$(BIN)/python -m pytest $(MEASURED) --ds=tests.blog.settings -n 2 $(PYTEST)

# Collections on a real MongoDB: applied, judged, exported, kept in step.
test-mongo: $(VENV)/.dev
	$(BIN)/python -m pytest $(MONGO) --ds=tests.blog.settings -m "not parsers and not browser" -n 2 $(PYTEST)

# The pages in Chromium.
test-browser: $(VENV)/.dev
	$(BIN)/python -m pytest tests/modeler --ds=tests.blog.settings -m browser $(PYTEST)

# Text formats, read back by the programs that own them; needs Node, Java and PlantUML.
test-parsers: $(VENV)/.dev parsers
	$(BIN)/python -m pytest tests/modeler --ds=tests.blog.settings -m parsers $(PYTEST)

test-shop: $(VENV)/.dev
	$(BIN)/python -m pytest tests/catalog tests/orders tests/config --ds=config.settings.test $(PYTEST)

# Dangerous migrations of the shop and their remedies, each migrated under a load.
test-dangerous: $(VENV)/.dev
	$(BIN)/python -m pytest tests/dangerous --ds=config.settings.test -n 2 $(PYTEST)

# Writers and workers for two minutes, and everything killed at random; the seed is printed.
test-torture: $(VENV)/.dev
	$(BIN)/python -m pytest tests/torture --ds=tests.blog.settings $(PYTEST)

# What depends on the server's or Django's version, for the legs of CI that bring another one.
test-versions:
	$(PYTHON) -m pytest tests/modeler --ds=tests.blog.settings -m "not servers and not browser and not parsers" $(LONG:%=--ignore=%) $(PYTEST)

test-postgres: $(VENV)/.dev
	$(BIN)/python -m pytest tests/modeler --ds=tests.blog.settings -m "not servers and not browser and not parsers" $(LONG:%=--ignore=%) $(PYTEST)
	$(BIN)/python -m pytest $(SPELLED) --ds=tests.blog.settings $(PYTEST)
	$(BIN)/python -m pytest tests/catalog tests/orders --ds=config.settings.test $(PYTEST)

# A test that cannot be imported is found before its leg runs.
COLLECT := $(BIN)/python -m pytest --collect-only -qq

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet modeler/templates templates
	@echo "collecting the tests of every leg …"
	@said=$$($(COLLECT) tests/modeler --ds=tests.blog.settings) || { echo "$$said"; exit 1; }
	@said=$$($(COLLECT) tests/catalog tests/config tests/dangerous tests/orders tests/thirdparty tests/torture --ds=config.settings.test) || { echo "$$said"; exit 1; }
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(48))') \
	  DJANGO_ALLOWED_HOSTS=shop.example DATABASE_URL=postgresql://shop@db.example/shop \
	  DJANGO_SETTINGS_MODULE=config.settings.production \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

lock: $(VENV)/.dev
	@command -v uv >/dev/null || { echo "uv is needed to lock: pip install uv" >&2; exit 2; }
	requirements/lock.sh

clean:
	rm -rf $(VENV)
