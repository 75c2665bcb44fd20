"""The project agrees with itself: dependencies, layers, the words that are said about it."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

import toolkit
from toolkit.settings import PROJECT

TOOLKIT = PROJECT / "toolkit"
FLOORS = [  # from the ground up; a room imports from those before it alone
    *["words", "texts", "loading", "clocking", "flagging", "scoring", "assessing", "comparing", "people"],
    "forecasting",
    *["preparing", "supervising", "proofreading", "demo", "presenting", "running"],
    *["checking", "installing"],
]
DOORS = ["__init__", "__main__", "cli"]
VOCABULARY = ["errors", "schema", "settings", "period", "rounding"]
ON_USE = {
    "loading/database": {"sqlalchemy"},
    "texts/earlier": {"sklearn", "scipy"},
    "loading/workbook": {"xlsxwriter"},
    "loading/web_tables": {"lxml"},
    "loading/xml_workbook": {"lxml"},
    "loading/proposals": {"rapidfuzz"},
    "texts/minhash": {"rapidfuzz"},
    "texts/similar": {"rapidfuzz"},
    "proofreading/text": {"docx", "lxml"},
    "comparing/chance": {"scipy"},
    "comparing/fairness": {"scipy"},
    "comparing/funnel": {"scipy"},
    "comparing/trend": {"scipy"},
    "comparing/troubles": {"scipy"},
    "flagging/rules/satisfaction": {"scipy"},
    "flagging/rules/records": {"scipy"},
    "people/workload": {"scipy"},
    "supervising/tables": {"xlsxwriter"},
    "preparing/shared": {"fsspec"},
}  # imported on use
OUTSIDE = {"pandas", "numpy", "pyarrow", "pydantic", "yaml", "python_calamine", "chinese_calendar"}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_conda_and_pip_ask_for_the_same_packages():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    asked = {entry for entry in [*conda, *pip] if isinstance(entry, str)} - {"pip", "-e ."}
    extras = {entry for extra in project["optional-dependencies"].values() for entry in extra}
    extras = {entry for entry in extras if not entry.startswith(project["name"])}
    wanted = {*project["dependencies"], *extras, f"python{project['requires-python']}"}
    assert asked == wanted


def list_modules():
    """Every module of the toolkit: its name as the rooms write it, and its room, or its own name on the root."""
    for path in sorted(TOOLKIT.rglob("*.py")):
        name = path.relative_to(TOOLKIT).with_suffix("").as_posix()
        yield path, name, name.split("/")[0]


def test_the_ground_floor_needs_no_package_that_shows_or_runs():
    wrong = []
    for path, name, room in list_modules():
        if room in ("presenting", "running", "checking", "installing", "cli", "__main__"):
            continue
        allowed = OUTSIDE | set(sys.stdlib_module_names) | ON_USE.get(name, set()) | {"toolkit"}
        wrong += [
            f"{name} imports {found}" for found in imports_of(path) if found.split(".")[0] not in allowed
        ]
    assert wrong == []


def test_rooms_import_from_those_below_them_alone():
    wrong = []
    for path, name, room in list_modules():
        if room in DOORS:
            continue
        for found in imports_of(path):
            other = found.split(".")[1] if found.startswith("toolkit.") else room
            if other in FLOORS and (room in VOCABULARY or FLOORS.index(other) > FLOORS.index(room)):
                wrong.append(f"{name} imports {found}")
    assert wrong == []


def test_on_the_root_stand_the_rooms_the_vocabulary_and_the_doors_alone():
    on_root = {
        path.stem for path in TOOLKIT.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert on_root == {*FLOORS, *VOCABULARY, *DOORS}


def test_no_module_hides_a_public_function_or_a_module_of_pythons_own():
    on_root = {path.stem for path in TOOLKIT.iterdir()}
    assert on_root & set(toolkit.__all__) == set()
    assert [
        name for path, name, _ in list_modules() if path.stem in sys.stdlib_module_names - {"__main__"}
    ] == []


def test_a_room_s_own_file_is_a_sentence_and_hides_no_module():
    inits = [
        path for path in TOOLKIT.glob("*/**/__init__.py") if path.parent.name not in ("presenting", "blocks")
    ]
    assert [
        path.parent.name for path in inits if len(ast.parse(path.read_text(encoding="utf-8")).body) != 1
    ] == []


@pytest.mark.parametrize("shown", [False, True])
def test_what_shows_does_not_run_and_what_runs_is_not_shown(shown):
    own, others = (
        ("presenting", ("papermill", "nbclient", "dask")) if shown else ("running", ("altair", "ipywidgets"))
    )
    found = [
        f"{name} imports {other}"
        for path, name, room in list_modules()
        for other in imports_of(path)
        if room == own and other.startswith(others)
    ]
    assert found == []


def test_importing_the_toolkit_loads_nothing_that_shows_or_runs():
    script = "import sys, toolkit; print([m for m in ('altair', 'papermill', 'IPython', 'sqlalchemy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"
    )


def test_a_report_starts_without_building_a_parser_it_never_uses():
    script = "import sys, toolkit.running.batch, toolkit.presenting.charts; print('altair' in sys.modules, 'lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
    assert said.split() == ["True", "False"]


def test_nothing_reads_the_systems_time():
    clocks = re.compile(
        r"\b(?:datetime|date|pd\.Timestamp|Timestamp)\.(?:now|today|utcnow)\(|time\.(?:time|localtime)\("
    )
    found = [name for path, name, _ in list_modules() if clocks.search(path.read_text(encoding="utf-8"))]
    assert found == ["installing/doctor"]  # it says how the machine is now; no figure rests on it


def test_no_file_holds_a_machines_path_or_a_registrys_host():
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True
    )
    machine = re.compile(
        "/wo" + "rk/|/ro" + "ot/|/ho" + r"me/\w+/|pypi\." + r"org|pythonhosted\." + r"org|npmjs\." + "org"
    )
    texts = [
        PROJECT / name for name in tracked.stdout.splitlines() if not name.endswith((".png", ".ico", ".docx"))
    ]
    assert [
        path.name for path in texts if path.is_file() and machine.search(path.read_text(encoding="utf-8"))
    ] == []


def test_the_commands_say_what_they_do():
    said = subprocess.run([sys.executable, "-m", "toolkit", "--help"], capture_output=True, text=True).stdout
    for command in ("batch", "demo", "inspect", "lab"):
        assert command in said
