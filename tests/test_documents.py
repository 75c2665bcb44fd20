"""Every command and every snippet that a document shows, run in the folder of an office with a small export."""

import ast
import re
import shlex
import shutil
from functools import cache

import pandas as pd
import pytest
import yaml
from docx import Document
from typer.main import get_command
from typer.testing import CliRunner

import toolkit
from toolkit import settings
from toolkit.assessing.scheme import read_scheme
from toolkit.cli import app
from toolkit.clocking.policy import read_policy
from toolkit.flagging.rule import RULES
from toolkit.loading import places
from toolkit.period import parse_period
from toolkit.preparing import run_draft
from toolkit.preparing.manual import read_manual
from toolkit.settings import PROJECT

DOCUMENTS = [
    "README.md",
    "README.zh-CN.md",
    *sorted(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^ {4}.*(?:\n(?: {4}.*)?(?=\n|$))*", re.MULTILINE)
COMMAND = re.compile(
    r"(?:\.venv/bin/|\.venv\\Scripts\\)?(toolkit|python|pip|dask|py|conda|make|schtasks|sh|install\.cmd)\b(?! *=)"
)
PRINTED = re.compile(r"[\u4e00-\u9fff]")  # what a command prints begins with a Chinese word
HOUSE = "    parameters/ "  # a list of folders is no command
ONLY_PARSED = {"batch", "lab", "demo", "check", "doctor"}  # each has tests of its own
ELSEWHERE = {  # what is not run here, and why
    r"^make ": "tests/test_project.py knows the targets",
    r"^(py|conda|schtasks)\b|Scripts": "Windows and conda: docs/install.md says they were not run",
    r"pip |python -m (pip|pytest|toolkit)": "the environment this test runs in",
    r"\bdask ": "tests/running/test_cluster.py starts a scheduler and workers",
    r"^(sh |install\.cmd)": "tests/installing/test_offline.py installs the kit; install.cmd was not run",
    r"dask_jobqueue|dask_kubernetes": "needs a cluster: docs/batch.md says they were not run",
}
HEADERS = {
    "流水单号": "工单编号",
    "来电登记日期": "受理时间",
    "办理要求日期": "办理截止时间",
    "部门反馈完成日": "回复时间",
}


def read_blocks(document):
    """The indented blocks of a document, each without its indent."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    found = [match.group() for match in BLOCK.finditer(text) if not match.group().startswith(HOUSE)]
    return ["\n".join(line[4:] for line in block.splitlines()) for block in found]


def kind_of(block):
    if COMMAND.match(block):
        return "commands"
    if re.match(r"# (时限|考核)办法|  columns:|period: ", block):
        return "settings"
    return "printed" if PRINTED.match(block) else "snippet"


def list_blocks(kind):
    return [
        pytest.param(document, number, id=f"{document}-{number}")
        for document in DOCUMENTS
        for number, block in enumerate(read_blocks(document))
        if kind_of(block) == kind
    ]


def made_export():
    """Forty tickets of three units, a few of them late, overdue, urged, not satisfied."""
    number = pd.Series(range(40))
    received = pd.Timestamp("2025-09-01 09:00") + pd.to_timedelta(number * 3, unit="D")
    replied = received + pd.to_timedelta(number.mod(9) * 30, unit="h")
    rows = {
        "工单编号": number.map("GD2025{:04d}".format),
        "承办单位": number.mod(3).map({0: "城关镇", 1: "青河镇", 2: "县公安局"}),
        "属地": number.mod(2).map({0: "城关镇", 1: "青河镇"}),
        "标题": "关于路灯不亮的投诉",
        "受理时间": received.dt.strftime("%Y-%m-%d %H:%M"),
        "转办时间": (received + pd.Timedelta(hours=1)).dt.strftime("%Y-%m-%d %H:%M"),
        "先行联系时间": (received + pd.Timedelta(hours=2)).dt.strftime("%Y-%m-%d %H:%M"),
        "办理截止时间": (received + pd.Timedelta(days=7)).dt.strftime("%Y-%m-%d 17:30"),
        "回复时间": replied.dt.strftime("%Y-%m-%d %H:%M").where(number.lt(37)),
        "办结时间": (replied + pd.Timedelta(hours=20)).dt.strftime("%Y-%m-%d %H:%M").where(number.lt(37)),
        "催办次数": number.mod(4),
        "满意度": number.mod(5).map({0: "不满意"}).fillna("满意"),
        "诉求内容": "村口三盏路灯已经坏了两周，夜间出行不便。",
        "回复内容": "已安排维修，当日恢复照明。",
        "经办人": "赵某",
    }
    return pd.DataFrame(rows)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """The folder an office stands in: its export under the headers of two platforms, its runs, its parameters."""
    for patched in (settings, places, run_draft):
        monkeypatch.setattr(patched, "PROJECT", tmp_path)
    monkeypatch.chdir(tmp_path)
    for folder in ("parameters", "notebooks"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    made_export().to_excel("export.xlsx", index=False, engine="xlsxwriter")
    shutil.copy("export.xlsx", "导出表.xls")
    made_export().rename(columns={ours: theirs for theirs, ours in HEADERS.items()}).to_excel(
        "导出表.xlsx", index=False, engine="xlsxwriter"
    )
    mapping = next(block for block in read_blocks("docs/first_day.md") if block.startswith("  columns:"))
    (tmp_path / "列名.yml").write_text(mapping, encoding="utf-8")
    run = {
        "title": "督查",
        "as_of": "2025-12-31",
        "period": "2025",
        "source": "export.xlsx",
        "output": "outputs/ours",
    }
    for name in ("demo", "yours"):
        (tmp_path / f"parameters/{name}.yml").write_text(yaml.safe_dump(run), encoding="utf-8")
    written = Document()
    written.add_paragraph("2025年共受理工单40件，其中城关镇14件。")
    written.save("总结.docx")
    roster = {"单位": ["城关镇", "青河镇"], "第一责任人": ["钱某", "孙某"], "承办人": ["李某", "周某"]}
    pd.DataFrame(roster).to_excel("parameters/roster.xlsx", index=False, engine="xlsxwriter")
    return tmp_path


def is_elsewhere(text):
    return any(re.search(pattern, text) for pattern in ELSEWHERE)


def read_commands(block):
    lines = (re.sub(r"\s+#.*|\s{2,}.*", "", line.strip()) for line in block.splitlines())
    return [line for line in lines if line and not is_elsewhere(line)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_commands_of_a_document_run_as_they_are_written(document, office):
    for block in map(read_blocks(document).__getitem__, numbers_of(document, "commands")):
        for command in read_commands(block):
            words = shlex.split(re.sub(r"^\S*toolkit ", "", command))
            if words[0] in ONLY_PARSED and "--dry-run" not in words:
                get_command(app).commands[words[0]].make_context(words[0], words[1:])
                continue
            told = CliRunner().invoke(app, words)
            assert told.exit_code == 0, f"{command}\n{told.output}\n{told.exception}"


def numbers_of(document, kind):
    return [number for number, block in enumerate(read_blocks(document)) if kind_of(block) == kind]


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if numbers_of(name, "snippet")])
def test_the_snippets_of_a_document_run_one_after_the_other(document, office):
    known, rules = dict(given()), list(RULES)
    try:
        for block in map(read_blocks(document).__getitem__, numbers_of(document, "snippet")):
            ast.parse(block)
            if not is_elsewhere(block):
                exec(compile(block, document, "exec"), known)
    finally:
        RULES[:] = rules


@cache
def given():
    """What a page may take from those before it: the tickets of an export, and what is made of them."""
    loaded = toolkit.load(made_export(), as_of="2025-12-31", key=b"k")
    tickets = toolkit.clock(loaded.tickets, "county_default", as_of="2025-12-31", events=loaded.events)
    report = toolkit.prepare(loaded, {"as_of": "2025-12-31", "period": "2025"})
    known = {"toolkit": toolkit, "loaded": loaded, "tickets": tickets, "report": report}
    known |= {"period": parse_period("2025"), "as_of": pd.Timestamp("2025-12-31 23:59")}
    return known | {"scorecard": toolkit.score(tickets), "entries": made_entries()}


def made_entries():
    """The one line of a notice, as the register gives it."""
    words = {"number": "督办〔2025〕1号", "notice": "督办〔2025〕1号", "unit": "城关镇", "level": "督办"}
    words |= {
        "ticket_id": "GD20250001",
        "title": "关于路灯不亮的投诉",
        "reason": "超期未回复",
        "demand": "限期回复",
    }
    days = {"issued_on": pd.Timestamp("2025-12-31"), "answer_by": pd.Timestamp("2026-01-05")}
    return pd.DataFrame([words | days | {"due_explained": "应于2025年12月8日17:30前回复"}])


@pytest.mark.parametrize(("document", "number"), list_blocks("settings"))
def test_the_settings_a_document_shows_are_taken(document, number, office):
    block = read_blocks(document)[number]
    path = office / "shown.yml"
    path.write_text(block, encoding="utf-8")
    if block.startswith("period:"):
        assert read_manual(str(path)).slots["接待日情况"] == ""
    elif block.startswith("  columns:"):
        assert set(yaml.safe_load(block)["columns"]) <= {column.name for column in toolkit.schema.TICKETS}
    elif block.startswith("# 时限"):
        assert read_policy(str(path)).name == "青禾县2026"
    else:
        assert [item.name for item in read_scheme(str(path)).items] == ["按期回复", "群众满意"]
