"""The notebooks as they are stored, run again by nbval: whether they still show what they showed."""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from toolkit.checking.results import judge, skip
from toolkit.demo.county import write_demo
from toolkit.settings import PROJECT

FOLDER, SANITISED = PROJECT / "notebooks", PROJECT / "tests" / "notebooks" / "stored.cfg"
DEMO = PROJECT / "outputs" / "demo_county"
NO_NBVAL = '没有安装 nbval：运行 pip install -e ".[dev]"'
CHECK = "与保存的输出一致"


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
    return [judge("示例", path.stem, CHECK, failed.get(path.stem, ())) for path in paths]


def _run_nbval(paths, results):
    options = ["-p", "no:cacheprovider", "-q", "--nbval", f"--junitxml={results}", "--override-ini=addopts="]
    sanitised = [f"--nbval-sanitize-with={SANITISED}"] if SANITISED.is_file() else []
    command = [sys.executable, "-m", "pytest", *options, *sanitised, *map(str, paths)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def _read_failures(path):
    """Notebook → what failed in it, a cell a sentence."""
    failed = {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        for problem in [*case.findall("failure"), *case.findall("error")]:
            notebook = case.get("classname", "").split(".")[-1] or Path(case.get("file", "")).stem
            said = " ".join((problem.text or problem.get("message") or "").split())
            failed.setdefault(notebook, []).append(f"{case.get('name')}：{said[:300]}")
    return failed
