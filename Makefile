# PacAI Workbench. `make demo` and `make test` do all their own set-up.
.PHONY: help demo test test-long lab bench lint setup setup-dev tools train clean
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

# Trains the small language model again from the grammar in the repository: two minutes, the same bytes on one machine.
train: setup-dev
	.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip
	.venv/bin/python -m pip install --quiet "torch==2.13.0" "onnx>=1.17"
	.venv/bin/python -m workbench.language.training.train --out workbench/language/model

clean:
	rm -rf .venv .build artefacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
