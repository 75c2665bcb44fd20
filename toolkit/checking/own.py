"""A notebook that the office wrote itself: whether it runs from top to bottom, anywhere, and lets no personal data out."""

import re
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat

from toolkit.checking.outputs import list_errors, number_code
from toolkit.checking.results import judge, skip
from toolkit.errors import ParameterError
from toolkit.loading.masking_numbers import hide_numbers
from toolkit.running.jobs import Job
from toolkit.running.making import make_report
from toolkit.settings import first_line

MACHINE_PATH = re.compile(
    r"""["'](?:[A-Za-z]:[\\/]|\\\\|/(?:home|Users|root|mnt|media|data|opt|srv|tmp|var|work)/|~[\\/])"""
)
SECONDS = 900
PARAMETERS = "在放参数的单元格上加标签 parameters（右侧“属性检查器”→“单元格标签”）"


def check_own(path):
    """The rows of one notebook. ParameterError where it is no notebook that can be read."""
    notebook = read_notebook(path)
    checks = {
        "参数单元格": list_parameter_mistakes(notebook),
        "没有本机路径": list_paths(notebook),
        "执行次序": list_disorder(notebook),
        "保存的输出没有个人信息": list_personal(notebook),
    }
    rows = [judge(path.stem, "", name, said) for name, said in checks.items()]
    ran, mistakes = run_fresh(path)
    rows.append(judge(path.stem, "", "从头到尾运行", mistakes))
    if mistakes:
        return [*rows, skip(path.stem, "", "新输出没有个人信息", "没有运行到底，未看")]
    return [*rows, judge(path.stem, "", "新输出没有个人信息", list_personal(ran))]


def read_notebook(path):
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.validator.NotebookValidationError) as error:
        raise ParameterError(
            f"'{path.name}' is no notebook: expected an .ipynb file; {first_line(error)}"
        ) from None


def list_parameter_mistakes(notebook):
    """Whether one cell, before those that use it, is tagged as the parameters'."""
    tagged = [
        number for number, cell in number_code(notebook) if "parameters" in cell.metadata.get("tags", [])
    ]
    if not tagged:
        yield f"没有参数单元格，换一期就要改程序：{PARAMETERS}"
    elif len(tagged) > 1:
        yield f"第{'、'.join(map(str, tagged))}个单元格都标为参数：只留一个"


def list_paths(notebook):
    """Where a path of one machine stands."""
    for number, cell in number_code(notebook):
        for found in MACHINE_PATH.findall(cell.source):
            yield f"第{number}个单元格有本机路径（{found[1:]}…），换一台电脑就找不到：改为相对项目文件夹的路径，如 outputs/demo"


def list_disorder(notebook):
    """Whether the outputs that are stored come of one run from top to bottom."""
    counts = [
        (number, cell.execution_count) for number, cell in number_code(notebook) if cell.execution_count
    ]
    for (_, before), (number, count) in pairwise(counts):
        if count <= before:
            yield f"第{number}个单元格不是按次序运行的（[{count}]在[{before}]之后）：重启内核，运行全部单元格后再保存"


def list_personal(notebook):
    """Where an output shows a number of a person: a phone, an identity card, a bank account."""
    for number, cell in number_code(notebook):
        texts = [text for output in cell.get("outputs", []) for text in _list_texts(output)]
        if any(hide_numbers(text) != text for text in texts):
            yield f"第{number}个单元格的输出里有像电话或证件的号码：不要显示这一列，或清除输出后再保存"


def _list_texts(output):
    if output.output_type == "stream":
        yield output.text
    elif output.output_type == "error":
        yield str(output.evalue)
    yield from (
        text
        for kind, text in output.get("data", {}).items()
        if kind.startswith("text/") and isinstance(text, str)
    )


def run_fresh(path):
    """The notebook run in a fresh kernel, in a folder of its own, and what failed in it; the file stays as it is."""
    with tempfile.TemporaryDirectory(prefix="own-") as folder:
        ran = Path(folder) / path.name
        job = Job(path.stem, "", path, {}, ran, ran.with_suffix(".html"), path.stem)
        made = make_report(job, SECONDS)
        notebook = nbformat.read(ran, as_version=4) if ran.is_file() else None
    if not made["error"]:
        return notebook, []
    failed = list(list_errors(notebook)) if notebook else []
    return notebook, [_advise(*one) for one in failed] or [made["error"]]


def _advise(number, error):
    undefined = re.search(r"name '(\w+)' is not defined", error)
    if undefined:
        return f"第{number}个单元格用到 {undefined[1]}，前面没有定义（删掉的单元格里有过，或次序颠倒）：把定义移到前面"
    return f"第{number}个单元格出错：{error}"
