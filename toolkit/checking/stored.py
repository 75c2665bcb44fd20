"""The notebooks as they are stored, run again by nbval: whether they still show what they showed."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import nbformat

from toolkit.checking.results import judge, skip
from toolkit.demo.county import write_demo
from toolkit.settings import PROJECT

FOLDER, SANITISED = PROJECT / "notebooks", PROJECT / "tests" / "notebooks" / "stored.cfg"
DEMO = PROJECT / "outputs" / "demo_county"
NO_NBVAL = '没有安装 nbval：运行 pip install -e ".[dev]"'
COLOURS = re.compile(r"(?:\x1b|#x1B)\[\d*m")  # nbval's own, as the XML writes them
CHECK, RUNS = "与保存的输出一致", "从头到尾运行（没有保存输出，无从比较）"


def check_stored(notebooks=()):
    """A row for each stored notebook, or for the given ones; the demo's export is written where it is not there yet."""
    paths = [*notebooks] or sorted(FOLDER.glob("*.ipynb"))
    if importlib.util.find_spec("nbval") is None:
        return [skip("示例", path.stem, CHECK, NO_NBVAL) for path in paths]
    if not DEMO.is_dir():
        write_demo(DEMO)
    with tempfile.TemporaryDirectory(prefix="nbval-") as folder:
        results = Path(folder) / "results.xml"
        ended = _run_nbval(paths, results)
        if not results.is_file():
            return [judge("示例", "", CHECK, [f"nbval 没有运行：{ended.stdout.strip()[-300:]}"])]
        failed = _read_failures(results)
    if ended.returncode and not failed.keys() & {path.stem for path in paths}:
        return [
            judge("示例", "", CHECK, [f"nbval 没有通过，查不到是哪个笔记本：{ended.stdout.strip()[-300:]}"])
        ]
    return [judge("示例", path.stem, _name_check(path), failed.get(path.stem, ())) for path in paths]


def _name_check(path):
    """What nbval can say of a notebook: of one that is stored without outputs only that it runs."""
    cells = nbformat.read(path, as_version=4).cells
    return CHECK if any(cell.get("outputs") for cell in cells) else RUNS


def _run_nbval(paths, results):
    options = ["-p", "no:cacheprovider", "-q", "--nbval", "--override-ini=addopts="]
    options += [f"--junitxml={results}", "--override-ini=junit_family=xunit1", f"--rootdir={paths[0].parent}"]
    sanitised = [f"--nbval-sanitize-with={SANITISED}"] if SANITISED.is_file() else []
    command = [sys.executable, "-m", "pytest", *options, *sanitised, *map(str, paths)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def _read_failures(path):
    """Notebook → what failed in it, a cell a sentence."""
    failed = {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        for problem in [*case.findall("failure"), *case.findall("error")]:
            notebook = Path(case.get("file", "")).stem
            said = " ".join(COLOURS.sub("", problem.get("message") or problem.text or "").split())
            failed.setdefault(notebook, []).append(f"{case.get('name')}：{said[:300]}")
    return failed
