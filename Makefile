# The commands of the project. On Windows, make.cmd takes the same words.

PYTHON ?= python3
PORT ?= 8501
UPGRADE ?=
BUNDLE_PLATFORMS ?= linux windows
BUNDLE_PYTHONS ?=

BIN := .venv/bin
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" --quiet $(UPGRADE)

# a file stays in one process: what its tests share is made once, kernels are compiled once; long
# rooms come first and the many small doctests of gis/ last, so that processes end together
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help app install install-test test e2e notebooks check style types imports bundle lock \
	screenshots printed clean

help:  ## list the commands
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

app: install  ## make what is missing and open the app (PORT=8501)
	@$(BIN)/deimap app --port $(PORT)

install:
	@$(PYTHON) install.py

install-test:
	@$(PYTHON) install.py --test

test: install-test  ## the tests that need no browser
	@$(BIN)/python -m pytest $(PARALLEL) -m "not e2e"

e2e: install-test  ## the tests in headless Chromium: two at a time, each with a server of its own
	@$(BIN)/python -m pytest -n 2 --dist load tests/e2e

notebooks: install-test  ## run every notebook
	@$(BIN)/python -m pytest --nbmake --override-ini addopts= notebooks

check: style types imports test  ## format, lint, types, imports, tests

style: install-test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: install-test
	@$(BIN)/mypy

imports: install-test
	@$(BIN)/lint-imports --no-cache --no-logo

bundle: install  ## one zip that installs from a USB stick with no network
	@$(BIN)/python bundle/build.py --platforms $(BUNDLE_PLATFORMS) \
		$(if $(BUNDLE_PYTHONS),--pythons $(BUNDLE_PYTHONS))

lock:  ## renew the locks (needs uv; UPGRADE=--upgrade for newer versions)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) requirements-assets.in --no-deps -o requirements-assets.lock

screenshots: install-test  ## the pictures of pages in docs/pictures (needs Chromium)
	@$(BIN)/python docs/screenshots.py

printed: install-test  ## the pictures of maps and documents in docs/pictures (needs Chromium, poppler)
	@$(BIN)/python docs/printed.py

clean:  ## remove what can be made again; the workspace stays
	rm -rf .venv .cache static/leaflet static/DeimapKhmer-* dist out
	rm -rf .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
