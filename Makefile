# Themeloom on Linux and macOS. `make` alone lists the targets; README.md has the lines for Windows.

VENV ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-deps
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# macOS always has a screen.
HAS_DISPLAY := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname))

SAMPLE_WORKBOOK ?= output/Themeloom-sample-insights.xlsx

# The rooms that have to work where PySide6 cannot be imported; their tests run that way.
QT_FREE := $(wildcard $(addprefix tests/,base domain project importers privacy engine analytics \
	insights exporters jobs services))

.PHONY: help install run test check check-code test-free test-window format lock bench bench-quality bench-peers faults-long package-smoke \
	screenshots translations clean distclean system

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Create .venv and install Themeloom with its locked dependencies

run: install ## Open the workbench; without a display do the main job on the sample data
ifneq ($(HAS_DISPLAY),)
	$(BIN)/themeloom gui $(PROJECT)
else
	@mkdir -p $(dir $(SAMPLE_WORKBOOK))
	$(BIN)/themeloom synthesize sample_data --output $(SAMPLE_WORKBOOK)
	@echo
	@echo "There is no display, so no window. The main job was done on the sample data;"
	@echo "its insight workbook: $(abspath $(SAMPLE_WORKBOOK))"
endif

screenshots: $(INSTALLED_DEV) ## Render every place and dialog into output/screenshots
	$(BIN)/python packaging/screenshots.py output/screenshots

# The two halves of the tests leave a part of two cores idle: what reads the code takes only that.
test: $(INSTALLED_DEV) ## Everything that check does, and all other tests, side by side on two cores
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target BEHIND='nice -n 10' \
		check-code test-window test-free

check: check-code test-free ## Lint, types, import rules, and the tests of the Qt-free rooms without Qt

check-code: $(INSTALLED_DEV) # lint, types, import rules
	$(BEHIND) $(BIN)/ruff check .
	$(BEHIND) $(BIN)/ruff format --check .
	$(BEHIND) $(BIN)/pyright --pythonpath $(BIN)/python
	$(BEHIND) $(BIN)/lint-imports --no-logo

test-free: $(INSTALLED_DEV) # the tests of the Qt-free rooms, with Qt blocked
	THEMELOOM_BLOCK_QT=1 $(BIN)/python -m pytest $(QT_FREE)

test-window: $(INSTALLED_DEV) # all other tests: window, house, whole programs
	$(BIN)/python -m pytest $(addprefix --ignore=,$(QT_FREE))

format: $(INSTALLED_DEV) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(INSTALLED_DEV) ## Rebuild the lock files; UPGRADE=1 also moves to newer versions
	UV=$(BIN)/uv bash packaging/lock.sh $(if $(UPGRADE),--upgrade)

translations: $(INSTALLED_DEV) ## Collect the window's strings for translators
	@mkdir -p output
	$(BIN)/pyside6-lupdate -silent $$(git ls-files 'src/themeloom/gui/*.py') -ts output/themeloom_xx.ts

bench: $(INSTALLED_DEV) ## Measure what docs/benchmarks.md reports
	$(BIN)/python -m pytest -m bench --timeout=0 -s tests/bench

bench-quality: $(INSTALLED_DEV) ## Measure themes against labelled sets, beside the peers where bench-peers was made
	$(BIN)/python -m pytest -m bench --timeout=0 -s $(wildcard tests/bench/test_quality*.py)

bench-peers: .venv-peers/.installed ## Create .venv-peers: stock BERTopic with torch, to compare with

faults-long: $(INSTALLED_DEV) ## The tests that kill, fill, starve and draw for many minutes
	$(BIN)/python -m pytest -m faults_long --timeout=0 tests

package-smoke: $(INSTALLED_DEV) ## Freeze the command line and run its self-test with an empty environment
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller \
		packaging/themeloom-cli.spec
	env -i dist/themeloom-cli/themeloom selftest

clean: ## Remove what can be made again, except the virtual environments
	rm -rf build dist output .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find src tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## clean, and remove the virtual environments too
	rm -rf $(VENV) .venv-peers

system:
	@test -n "$(PYTHON)" || { echo "Themeloom needs Python 3.11, 3.12 or 3.13, and none is on the PATH." \
		"Install one, or name it: make install PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) packaging/check_system.py

$(INSTALLED): packaging/requirements.lock pyproject.toml | system
	@echo "Installing into $(VENV): one to two minutes, 1.2 GB on disk"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --only-binary :all: -r packaging/requirements.lock
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) packaging/requirements-dev.lock
	@echo "Installing the development tools into $(VENV)"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --only-binary :all: -r packaging/requirements-dev.lock
	@$(BIN)/pyright --version  # fetches the checker itself, so that later runs work offline
	@touch $@

.venv-peers/.installed: packaging/requirements-peers.txt | system
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
