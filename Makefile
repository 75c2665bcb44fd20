# Each target sets itself up on a fresh machine that has only git, make and Python 3.11 or later.
# PYTHON names the interpreter to build with:  make report PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Stored with their outputs, which make test compares; explore.ipynb is live and stored without.
REPORTS := notebooks/unit_report.ipynb notebooks/county_bulletin.ipynb notebooks/data_check.ipynb \
	notebooks/annual_summary.ipynb
# The tests of a file stay together; files start in their order: the long ones, in a browser, first.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Files compiled once start two to three times faster, also where the shell turns that off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-long check bench notebooks pictures guide lint lab clean

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

# The guide's table of rules, made again from the rules.
guide: $(READY)
	@$(BIN)/python -m toolkit.presenting.guide docs/guide.md

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# JupyterLab on the explorer; options after LAB=, as in make lab LAB="--port 9000".
lab: $(READY)
	@test -d outputs/demo_county || $(BIN)/toolkit demo
	@$(BIN)/toolkit lab $(LAB)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, found " + sys.version)'
	@echo "Setting up $(VENV), once; this takes a few minutes"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $(READY)

clean:
	rm -rf $(VENV) outputs/demo outputs/demo_county
