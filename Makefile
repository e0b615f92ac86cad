# Two commands for a newcomer: `make demo` and `make test`. Each makes .venv by itself; the second call starts at once.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
# A folder with corpora/ and exam/ to measure against; it is no part of the project.
SHARED ?= ../shared
# How long `make fuzz` tries, in seconds.
FOR ?= 60

.PHONY: help demo test check format accuracy fuzz bench pages scale clean
help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.demo: pyproject.toml constraints.txt tools/environment.sh
	@tools/environment.sh demo
	@touch $@

.venv/.dev: pyproject.toml constraints.txt tools/environment.sh
	@tools/environment.sh demo,notify,postgresql,dev
	@touch .venv/.demo $@

demo: .venv/.demo ## The origin story on a real IMAP server on loopback: poll, handover, timeline
	@$(BIN)/kawari demo $(ARGS)

test: .venv/.dev ## All tests, against real servers where they are installed
	@tools/servers.sh
	@$(BIN)/python -m pytest $(ARGS)

check: .venv/.dev ## Lint, formatting, types, import contracts, migrations equal schema
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.migrations

format: .venv/.dev ## Put the code into the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

accuracy: .venv/.dev ## How well kawari reads: every figure over the corpora and the exam in $(SHARED)
	@tools/servers.sh
	@$(BIN)/python -m tools.accuracy $(SHARED) $(ARGS)

fuzz: .venv/.dev ## Hostile mails for $(FOR) seconds: nothing may raise, take over 2 s or over 300 MB
	@$(BIN)/python -m tools.fuzz $(FOR) $(SHARED)

bench: .venv/.dev ## Start-up times, polling speed and memory, beside mbsync with notmuch and mu (ARGS="--mails 20000")
	@tools/servers.sh
	@tools/peers.sh
	@$(BIN)/python -m tools.bench $(ARGS)

pages: .venv/.dev ## What pages and search cost in a diary of 100,000 mails, beside notmuch (ARGS="--mails 1000000")
	@tools/peers.sh
	@$(BIN)/python -m tools.bench.pages $(ARGS)

scale: .venv/.dev ## What a mail costs in a small diary and in one of 100,000 mails
	@$(BIN)/python -m tools.bench.scale $(ARGS)

clean: ## Remove what the other targets made
	rm -rf .venv demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
