# Needs make and Python 3.11 or later with its venv module; everything else is installed into .venv.
.DEFAULT_GOAL := help
.PHONY: help setup setup-spark demo test lint lint-python lint-sql docs ui kills builds push-faults sync-faults benchmark push-benchmark dashboard-benchmark spark-comparison compile-elsewhere setup-launchers launchers lock

# The first of these that is new enough and can make a virtual environment.
PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,$(shell \
    $(python) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(python))))
NO_PYTHON = Python 3.11 or later with its venv module was not found (looked for python3, python3.13, python3.12, \
    python3.11). Install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13), \
    or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3
PIP = .venv/bin/python -m pip --disable-pip-version-check -qq
# Every lock is complete, so nothing is resolved (--no-deps; pip's resolver also refuses a hashed lock where a dependency
# asks for an extra). uv knows nothing of pip's configuration: where that names another registry, pip does it after all.
LOCKED = --no-deps --require-hashes --requirement
install = .venv/bin/uv pip install --quiet --python .venv/bin/python $(LOCKED) $(1) || \
    { echo "That was uv; now with pip (a minute or two) ..."; $(PIP) install --no-compile $(LOCKED) $(1); }
READY = .venv/.ready
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(READY) ## install everything into .venv, exactly as requirements.lock says

setup-spark: $(READY) ## install Spark too (half a gigabyte; it needs Java 17), as requirements-spark.lock says
	@$(call install,requirements-spark.lock)

setup-launchers: $(READY) ## install what launches runs by Docker, Kubernetes or Celery, as requirements-launchers.lock says
	@$(call install,requirements-launchers.lock)

demo: $(READY) ## run the whole pipeline against the sandbox organisations
	xero-crm demo

test: $(READY) ## run the tests
	pytest -n 3 --dist loadgroup --no-loadscope-reorder  # as they stand: the longest group first

lint: $(READY) ## check format, style and types, and the style of the SQL (which takes most of its three minutes)
	@$(MAKE) --keep-going --no-print-directory lint-python lint-sql

lint-python: $(READY)
	ruff format --check .
	ruff check .
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 pyright

lint-sql: $(READY)
	sqlfluff lint --processes 2 dbt_project

docs: $(READY) ## describe every table and column in one page, dbt_project/target/static_index.html
	@mkdir -p $${XERO_CRM_HOME:-data/local}
	dbt docs generate --static --profiles-dir dbt_project

ui: $(READY) ## open Dagster on this machine, wired to the sandbox organisations
	xero-crm ui --demo

kills: $(READY) ## kill sync and build at random moments, and compare what the next run makes (ten minutes)
	pytest -o addopts="-q --import-mode=importlib" tests/faults/test_kills.py && PYTHONPATH=tests/faults python tests/faults/kill_campaign.py

builds: $(READY) ## build what something new goes into, and compare each mart with a build of everything (three minutes)
	pytest -o addopts="-q --import-mode=importlib" tests/end_to_end/test_only_changed.py

push-faults: $(READY) ## apply a plan under 1,000 schedules of faults and kills, and look for records lost or made twice (ten minutes)
	PYTHONPATH=tests/faults:tests/clients:. python tests/faults/push_campaign.py

sync-faults: $(READY) ## sync under 500 schedules of faults and kills, and compare what the raw log holds (half an hour)
	PYTHONPATH=tests/faults:. python tests/faults/sync_campaign.py

benchmark: $(READY) ## time and memory of sync and build at 10,000 and 100,000 invoices
	PYTHONPATH=tests/faults python tests/benchmarks/sync_and_build.py

spark-comparison: setup-spark ## build the demo's raw log on a Spark cluster too, and compare every mart row by row
	python tests/engines/spark_comparison.py

ELSEWHERE = .venv-elsewhere/.ready

compile-elsewhere: $(ELSEWHERE) ## compile the models for Snowflake, BigQuery and Databricks, and parse what comes out; runs nothing
	.venv-elsewhere/bin/python tests/engines/compile_elsewhere.py

launchers: setup-launchers ## what the launchers ask of Docker and Kubernetes, and a run by a Celery worker (a minute)
	pytest -o addopts="-q --import-mode=importlib" tests/orchestration/test_launchers.py

push-benchmark: $(READY) ## calls and time of applying a plan of 10,000 operations
	PYTHONPATH=tests/faults:tests/clients:. python tests/benchmarks/apply_plan.py

dashboard-benchmark: $(READY) ## time from click to picture in the dashboard at 5 million lines
	PYTHONPATH=tests/clients:. python tests/benchmarks/dashboard_at_size.py

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

lock: $(READY) ## renew requirements.lock, and those of the dependency groups, from pyproject.toml
	$(COMPILE) --group installer -o requirements-installer.lock
	$(COMPILE) --all-extras pyproject.toml -o requirements.lock
	$(COMPILE) --constraint requirements.lock --group spark pyproject.toml -o requirements-spark.lock
	$(COMPILE) --constraint requirements.lock --group launchers -o requirements-launchers.lock
	$(COMPILE) --group elsewhere -o requirements-elsewhere.lock

# Installed again when a dependency changed; the project itself is built with what the lock holds.
$(READY): pyproject.toml requirements-installer.lock requirements.lock | .venv/bin/python
	@echo "Installing into .venv (half a minute, the first time) ..."
	@$(PIP) install $(LOCKED) requirements-installer.lock
	@$(call install,requirements.lock)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(ELSEWHERE): requirements-elsewhere.lock
	@$(or $(PYTHON),$(error $(NO_PYTHON))) -m venv .venv-elsewhere
	@.venv-elsewhere/bin/python -m pip --disable-pip-version-check -qq install --no-deps --require-hashes --requirement $<
	@touch $@

.venv/bin/python:
	@$(or $(PYTHON),$(error $(NO_PYTHON))) -m venv .venv
