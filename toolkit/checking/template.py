"""A notebook to begin with: parameters, the run, one table, one chart; it passes the check of notebooks as it is."""

import re

import nbformat

from toolkit.errors import ParameterError
from toolkit.preparing.file_names import LONGEST, RESERVED

PARAMETERS = """\
prepared: str = "outputs/demo/prepared"  # 批量运行的文件夹，即参数文件里的 output 加 /prepared
unit: str = ""  # 看哪家单位；留空为全县
metric: str = "按期回复率（÷受理）"  # 看哪个指标"""
OPEN = """\
import toolkit
from toolkit.presenting import blocks as b
from toolkit.presenting import charts

report = toolkit.open_report(unit or None, prepared)
b.heading(report)"""
TABLE = """\
scorecard = report.counted.scorecard
chosen = scorecard[scorecard["metric"].eq(metric)]
chosen[["unit", "numerator", "denominator", "rate", "definition"]]"""
TICKETS = """\
counted = report.marks[report.marks["against"].eq("本期") & report.marks[metric].eq(0)]
missed = report.tickets[report.tickets["ticket_id"].isin(counted["ticket_id"])]
toolkit.schema.labelled(missed[["ticket_id", "unit", "category", "received_at", "due_at", "due_state"]].head(20))"""
CHART = 'charts.month_bars(report.now, "每月受理的工单，按时限状态")'


def make_notebook(name):
    """The cells of a new notebook, without outputs."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [
        text(f"# {name}\n改下面的参数后依次运行；写好后用 `toolkit check notebooks/{name}.ipynb` 检查。"),
        code(PARAMETERS, metadata={"tags": ["parameters"]}),
        code(OPEN),
        text("这个指标，各单位的分子、分母和口径："),
        code(TABLE),
        text("只在分母里的工单，即没有做到的（前20件）："),
        code(TICKETS),
        text("每月受理多少件，各有多少按期、超期："),
        code(CHART),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_notebook(name, folder):
    """Write it as NAME.ipynb in the folder and give its path. ParameterError for a name no file can have, or a taken one."""
    name = name.removesuffix(".ipynb")
    if not re.fullmatch(rf"[\w（）()-]{{1,{LONGEST}}}", name) or RESERVED.fullmatch(name):
        raise ParameterError(
            f"'{name}' cannot be the name of a notebook: expected letters, 汉字, digits, - and _, as in 超期分析"
        )
    path = folder / f"{name}.ipynb"
    if path.exists():
        raise ParameterError(
            f"notebooks/{path.name} is there already and stays as it is: choose another name"
        )
    nbformat.write(make_notebook(name), path)
    return path
