# PacAI Workbench. `make demo` and `make test` do all their own set-up.
.PHONY: demo test test-long lab bench lint setup setup-dev screenshot clean
.DEFAULT_GOAL := help
PY := .venv/bin/python

help:
	@echo "make demo       set up, then run the main job once, headless"
	@echo "make test       set up, then run every check"
	@echo "make test-long  the same tests at full counts"
	@echo "make lab        JupyterLab at http://127.0.0.1:3000/lab"
	@echo "make bench      the performance table"

setup:
	@sh deploy/setup.sh runtime

setup-dev:
	@sh deploy/setup.sh dev

demo: setup
	@.venv/bin/pacai demo

lab: setup
	@.venv/bin/pacai lab

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

tools: setup-dev
	@sh deploy/test_tools.sh

test: lint tools
	$(PY) -m pytest -m "not long" --cov --cov-report=term:skip-covered --durations=15

test-long: lint tools
	$(PY) -m pytest --timeout=3600

bench: setup-dev
	@$(PY) tests/bench/run.py

clean:
	rm -rf .venv .build artefacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
