# palermo: `make run` and `make test` are the only two commands a newcomer needs; each does all its own set-up.
PYTHON ?= python3
VENV := .venv/bin
# One process a core; the tests of a file stay together, and the longest come first (tests/order.py).
PYTEST := $(VENV)/python -m pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder
ROOM ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint fix types arch messages bench docs doctor clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## everything that a fresh machine needs: virtual environment, dependencies, front end, translations
	@$(PYTHON) tools/setup.py --for run

run: ## set up if needed, then server and worker on http://127.0.0.1:8000 with a demo country
	@$(PYTHON) tools/setup.py --for run
	@exec $(VENV)/palermo run

test: ## set up if needed, then every test (ROOM=cases for one room)
	@$(PYTHON) tools/setup.py --for test
	@$(PYTEST) $(if $(ROOM),src/palermo/rooms/$(ROOM),)

check: ## what CI runs: lint, types, architecture, tests
	@$(PYTHON) tools/setup.py --for test
	@$(MAKE) --no-print-directory lint types arch
	@$(PYTEST)

lint: ## style
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

fix: ## put the style right
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

types: ## strict types of the libraries, the kernel and the actions
	@$(VENV)/mypy

arch: ## the import rules of the house
	@$(VENV)/lint-imports --no-cache

messages: ## gather the strings to translate into src/palermo/locale (needs gettext)
	@$(VENV)/python tools/messages.py

bench: ## the figures of docs/benchmarks.md, measured now
	@$(PYTHON) tools/setup.py --for test
	@$(VENV)/python tools/bench.py

docs: ## write the generated pages of docs/reference anew
	@$(VENV)/python tools/reference.py
	@$(VENV)/python -m palermo.standards.pages docs/reference

doctor: ## is this installation healthy and safe?
	@$(VENV)/palermo doctor

clean: ## remove what setup and the tests made (never data)
	rm -rf .venv node_modules src/palermo/web/static/palermo/dist .pytest_cache .mypy_cache .ruff_cache
