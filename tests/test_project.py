"""The project agrees with itself: dependencies, layers, the words that are said about it."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from toolkit.settings import PROJECT

GROUND = sorted((PROJECT / "toolkit").glob("*.py"))
ON_USE = {
    "database": {"sqlalchemy"},
    "correct": {"xlsxwriter"},
    "demo_export": {"xlsxwriter"},
    "demo_roster": {"xlsxwriter"},
    "pieces": {"rapidfuzz"},
    "similar": {"rapidfuzz"},
    "proof_text": {"docx", "lxml"},
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


@pytest.mark.parametrize("path", GROUND, ids=lambda path: path.stem)
def test_the_ground_floor_needs_no_package_that_shows_or_runs(path):
    if path.stem in ("cli", "__main__"):
        pytest.skip("the door of the house imports typer and, on use, every floor")
    allowed = OUTSIDE | set(sys.stdlib_module_names) | ON_USE.get(path.stem, set())
    found = {name.split(".")[0] for name in imports_of(path)} - {"toolkit"}
    assert found <= allowed
    assert not [name for name in imports_of(path) if name.split(".")[1:2] in (["present"], ["run"])]


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "toolkit" / "present").glob("*.py")), ids=lambda path: path.stem
)
def test_what_shows_does_not_run(path):
    assert not [
        name for name in imports_of(path) if name.startswith(("toolkit.run", "papermill", "nbclient"))
    ]


def test_imports_point_one_way():
    graph = {
        path.stem: {name.split(".")[1] for name in imports_of(path) if name.startswith("toolkit.")}
        | {
            alias
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == "toolkit"
            for alias in (name.name for name in node.names)
        }
        for path in GROUND
        if path.stem not in ("__init__", "__main__", "cli")
    }
    order = []
    while graph:
        free = sorted(name for name, needs in graph.items() if not needs & set(graph) - {name})
        assert free, f"imports go round in a circle among {sorted(graph)}"
        order += free
        graph = {name: needs for name, needs in graph.items() if name not in free}
    assert order.index("schema") < order.index("clock") < order.index("prepare")


def test_importing_the_toolkit_loads_nothing_that_shows_or_runs():
    script = "import sys, toolkit; print([m for m in ('altair', 'papermill', 'IPython', 'sqlalchemy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"
    )


def test_a_report_starts_without_building_a_parser_it_never_uses():
    script = "import sys, toolkit.run.batch, toolkit.present.charts; print('altair' in sys.modules, 'lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
    assert said.split() == ["True", "False"]


def test_nothing_reads_the_systems_time():
    clocks = re.compile(
        r"\b(?:datetime|date|pd\.Timestamp|Timestamp)\.(?:now|today|utcnow)\(|time\.(?:time|localtime)\("
    )
    found = [
        path.name
        for path in (PROJECT / "toolkit").rglob("*.py")
        if clocks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_holds_a_machines_path_or_a_registrys_host():
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True
    )
    machine = re.compile(
        "/wo" + "rk/|/ro" + "ot/|/ho" + r"me/\w+/|pypi\." + r"org|pythonhosted\." + r"org|npmjs\." + "org"
    )
    texts = [PROJECT / name for name in tracked.stdout.splitlines() if not name.endswith((".png", ".ico"))]
    assert [
        path.name for path in texts if path.is_file() and machine.search(path.read_text(encoding="utf-8"))
    ] == []


def test_the_commands_say_what_they_do():
    said = subprocess.run([sys.executable, "-m", "toolkit", "--help"], capture_output=True, text=True).stdout
    for command in ("batch", "demo", "inspect", "lab"):
        assert command in said
