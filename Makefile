# The front door. `make demo` and `make test` need Python 3.11 to 3.13 with venv and pip, and nothing else; `uv` is used
# when it is there. Everything is installed from the lock files, hash by hash, into .venv.

# The newest supported Python that runs and has venv: a name on PATH may be a shim with nothing behind it.
PYTHON ?= $(or $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(shell \
  $(p) -c 'import sys, venv, ensurepip; assert (3, 11) <= sys.version_info < (3, 14); print(sys.executable)' \
  2>/dev/null))),$(error Sekisho needs Python 3.11, 3.12 or 3.13 with venv: none was found; name one with PYTHON=...))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test lint bench bench-inspection prove spark lock clean

demo: $(READY)
	$(BIN)/sekisho demo --evidence demo.evidence --trust demo.trust.toml

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(READY)
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/mypy

bench: $(READY)
	PYTHONPATH=tests $(BIN)/python benchmarks/decisions.py
	PYTHONPATH=tests $(BIN)/python benchmarks/log.py
	PYTHONPATH=tests $(BIN)/python benchmarks/blocks.py
	PYTHONPATH=tests $(BIN)/python benchmarks/importing.py
	PYTHONPATH=tests $(BIN)/python benchmarks/tracing.py

# The tables of inspection: what it misses and what it accuses for nothing, beside other scanners. The first run fetches
# packages and scanners into SEKISHO_BENCH_CACHE (~/.cache/sekisho-bench, 3 GB); npm is needed for 40 of them.
bench-inspection: $(READY)
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/recall.py
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/survival.py
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/benign.py
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/compare.py
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/speed.py
	PYTHONPATH=tests $(BIN)/python benchmarks/inspection/growth.py

prove: $(READY)
	PYTHONPATH=tests $(BIN)/python -m prove

# Packages that ship no wheel are built with the pinned tools of lock/build.txt, without build isolation.
$(READY): lock/build.txt lock/dev.txt pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  set -e; \
	  uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV); \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r lock/build.txt; \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --no-build-isolation -r lock/dev.txt; \
	  uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .; \
	else \
	  set -e; \
	  "$(PYTHON)" -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r lock/build.txt; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r lock/dev.txt; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .; \
	fi
	@touch $@

# What `--engine spark` and its tests need beside Java 17: half a gigabyte, so only who wants it installs it.
spark: $(READY)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --no-build-isolation -r lock/spark.txt; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r lock/spark.txt; \
	fi

# Maintainers only: write the lock files anew from pyproject.toml. Needs uv.
lock:
	printf 'hatchling==1.33.0\neditables==0.5\nsetuptools==80.9.0\nwheel==0.45.1\n' | \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --allow-unsafe - -o lock/build.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o lock/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o lock/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --constraint lock/dev.txt --extra spark pyproject.toml \
	  -o lock/spark.txt

clean:
	rm -f demo.evidence demo.trust.toml
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
