# Everything from a fresh clone, with nothing but Python 3.11, make and a package index.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# What has tables, and so runs on both databases.
TABLES := $(wildcard $(addprefix tests/,act api applications assessments audit calendar challenges credentials funding joints jobs learning ledger people programmes skills store))
# Two workers, a file to each in the order of the folders: what takes longest (browsers) comes early.
SHARED := -n 2 --dist loadfile --no-loadscope-reorder
export DJANGO_SETTINGS_MODULE := dure.settings
export DURE_HOME ?= $(CURDIR)/var

.PHONY: demo test check bench act-all pictures screens setup test-sqlite test-postgres

setup: $(VENV)/ready

$(VENV)/ready: requirements/run.txt requirements/dev.txt requirements/demo.txt pyproject.toml package-lock.json tools/font.py Makefile $(wildcard src/dure/site/locale/*/LC_MESSAGES/*.po)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/demo.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python tools/messages.py compile
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --no-audit --no-fund || echo "no web font: pages use the system's"; fi
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --no-audit --no-fund --prefix tools/verifier || echo "no second verifier: its tests are skipped"; fi
	$(BIN)/python tools/font.py
	@touch $@

demo: setup
	$(BIN)/dure demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(COMMENTS),--comments $(COMMENTS))

test: test-sqlite test-postgres

# The whole suite on SQLite; then everything that has tables once more on PostgreSQL.
test-sqlite: setup
	$(BIN)/python -m pytest $(SHARED) $(TESTS)

test-postgres: setup
	$(BIN)/python tools/with_postgres.py --forgetful $(BIN)/python -m pytest $(SHARED) -m "not browser and not sandbox" $(TABLES)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check
	$(BIN)/djlint --check --lint src/dure/site/templates --quiet
	$(BIN)/deptry src
	$(BIN)/dure lint blueprints programmes agreements

bench: setup
	@for name in $(basename $(notdir $(wildcard benches/[a-z]*.py))); do $(BIN)/dure bench $$name || exit 1; done

# Every blueprint of the library at its own entries (at most 200 cases), live, on SQLite.
act-all: setup
	@for file in blueprints/*.yaml; do $(BIN)/dure act $$file || exit 1; done

# Every page in both languages, lights and widths, gone over by axe in each: of which every run does a part.
pictures: setup
	DURE_PICTURES=all $(BIN)/python -m pytest $(SHARED) tests/browser/test_screens.py tests/browser/test_screens_in_english.py

# The documentation's pictures: from the demo, run in a place of its own, and from the browser tests' small programme.
screens: setup
	rm -rf build/screens
	DURE_HOME=$(CURDIR)/build/demo $(BIN)/dure demo --no-serve
	DURE_HOME=$(CURDIR)/build/demo $(BIN)/python tools/screens.py
	$(BIN)/python -m pytest tests/browser/test_pictures.py
