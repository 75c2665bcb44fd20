# Each target sets itself up on a fresh machine that has only git, make and Python 3.11 or later.
# PYTHON names the interpreter to build with:  make report PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Stored with their outputs, which make test compares; explore.ipynb is live and stored without.
REPORTS := notebooks/unit_report.ipynb notebooks/county_bulletin.ipynb notebooks/data_check.ipynb \
	notebooks/annual_summary.ipynb notebooks/look_ahead.ipynb
# The tests of a file stay together; files start in their order: the long ones, in a browser, first.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
LOWEST := .venv-lowest
FEW := tests/installing tests/presenting tests/running/test_batch.py tests/running/test_cluster.py \
	tests/running/test_kernels.py tests/loading tests/texts tests/comparing tests/supervising tests/test_*.py
# Files compiled once start two to three times faster, also where the shell turns that off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-long check bench notebooks pictures guide lint lab \
	lock wheelhouse test-lowest clean

report: $(READY)
	@$(BIN)/toolkit demo
	@$(BIN)/toolkit batch parameters/demo.yml

test: $(READY)
	@$(BIN)/toolkit demo
	@$(BIN)/python -m pytest --nbval --nbval-sanitize-with tests/notebooks/stored.cfg tests notebooks $(SIDE_BY_SIDE)

test-long: $(READY)
	@$(BIN)/toolkit demo
	@$(BIN)/python -m pytest -m "long or not long" --hypothesis-profile long $(SIDE_BY_SIDE)

# What the office's own build server runs; options after CHECK=, as in make check CHECK="--junit outputs/check.xml".
check: $(READY)
	@test -d outputs/demo_county || $(BIN)/toolkit demo
	@$(BIN)/toolkit check $(CHECK)

bench: $(READY)
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

# The notebooks' stored outputs, made again from the demo after a change that is meant.
notebooks: $(READY)
	@$(BIN)/toolkit demo
	@$(BIN)/jupyter nbconvert --to notebook --inplace --execute --ExecutePreprocessor.record_timing=False $(REPORTS)
	@$(BIN)/jupyter nbconvert --to notebook --inplace --TagRemovePreprocessor.enabled=True \
		--TagRemovePreprocessor.remove_all_outputs_tags=nbval-ignore-output $(REPORTS)
	@$(BIN)/python tests/notebooks/store_outputs.py $(REPORTS)

# The documents' pictures, taken of the demo's pages by the machine's Chromium.
pictures: report
	@PYTHONPATH=tests $(BIN)/python tests/pages/take_pictures.py outputs/demo docs

# The documents' tables of rules, columns, metrics and packs, made again from code and parameters.
guide: $(READY)
	@$(BIN)/python -m toolkit.presenting.guide docs/guide.md docs/tables.md

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff check --quiet --preview --select PLW1514 .  # text names its encoding: Windows' own is another
	@$(BIN)/ruff format --check .

# JupyterLab on the explorer; options after LAB=, as in make lab LAB="--port 9000".
lab: $(READY)
	@test -d outputs/demo_county || $(BIN)/toolkit demo
	@$(BIN)/toolkit lab $(LAB)

# The newest versions of all packages, with hashes, for the kit.
lock: $(READY)
	@$(BIN)/python -m toolkit.installing.lock

# The kit for machines without internet, in dist/kit; KIT="--python 3.12 --system win-amd64" for one kind of machine alone.
wheelhouse: $(READY)
	@$(BIN)/python -m toolkit.installing.wheelhouse $(KIT)

# A part of the tests that uses every package, with the lowest versions that pyproject.toml allows.
test-lowest: $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	@$(BIN)/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct --editable ".[dev]"
	@$(LOWEST)/bin/python -m pytest $(FEW) $(SIDE_BY_SIDE)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, found " + sys.version)'
	@echo "Setting up $(VENV), once; this takes a few minutes"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $(READY)

clean:
	rm -rf $(VENV) $(LOWEST) dist outputs/demo outputs/demo_county
