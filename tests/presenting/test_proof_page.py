"""A proofread report to look at: what is found first, the text marked up, nothing in it that runs."""

import re

import pytest
from typer.testing import CliRunner

from toolkit import cli
from toolkit.errors import ParameterError, ReportError
from toolkit.presenting.proof_page import build_proof_page, say_accused, say_result, write_proof_table
from toolkit.proofreading.proofread import proofread
from toolkit.proofreading.source import read_data

HOSTILE = '<img src=x onerror=alert(1)>受理19件，满意率97%。\n"><script>alert(2)</script>_____年\n单位\t<b>受理</b>\n甲\t3\n'


def test_the_result_says_each_verdict_s_number():
    findings = proofread("受理19件，满意率97%。受理498件，按期回复456件，按期回复率91.6%。_____年")
    assert (
        say_result(findings)
        == "共6处：不可能1处，可疑1处，一致3处，无法核对1处（缺少对照的数，不等于正确）。"
    )
    assert say_accused(findings)[0].startswith("第1行“97%”不可能（满意率）。共19件，分母不论取其中几件")


def test_a_text_without_figures_says_so():
    assert say_result(proofread("热线运行平稳。")) == "文中没有可以核对的数字，也没有发现空白、占位等问题。"


def test_the_page_escapes_the_text_the_title_and_the_facts():
    page = build_proof_page("<i>题</i>", HOSTILE, proofread(HOSTILE), {"数据": "<u>"})
    body = page[page.index("<main>") : page.index("</main>")]
    assert not re.search("<(?:img|script|i|u|b)[ >]", body)
    assert "&lt;img src=x" in body
    assert "http" not in body


def test_each_mark_leads_to_its_row_and_back():
    page = build_proof_page("题", HOSTILE, proofread(HOSTILE))
    marks, rows = re.findall('id="m([0-9]+)"', page), re.findall('id="r([0-9]+)"', page)
    assert marks == rows == ["1", "2"]
    assert all(f'href="#{end}{number}"' in page for end in "mr" for number in rows)


def test_a_table_is_shown_as_one_with_its_marks_inside():
    text = "单位\t受理\n甲乡\t12\n乙镇\t30\n合计\t43"
    page = build_proof_page("题", text, proofread(text))
    assert "<td>乙镇</td><td>30</td>" in page
    assert re.search('<td>合计</td><td><mark class="不一致"[^>]*>43</mark>', page)


def test_the_workbook_holds_every_row_as_text(tmp_path):
    from python_calamine import CalamineWorkbook

    findings = proofread("=1+1受理19件，满意率97%。")
    path = write_proof_table(tmp_path / "新" / "表.xlsx", findings)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows[0] == ["原句", "位置", "核对的是", "文中", "算得", "结论", "依据"]
    assert [row[0] for row in rows[1:]] == findings["sentence"].tolist()


# --- the command -----------------------------------------------------------------------------------

EXPORT = "工单编号,承办单位,受理时间,回复时间\n" + "".join(
    f"T{n:03},甲乡,2025-03-{n % 28 + 1:02} 09:00,2025-03-{n % 28 + 1:02} 10:00\n" for n in range(23)
)
EARLIER = "".join(
    f"S{n:03},甲乡,2024-03-{n % 28 + 1:02} 09:00,2024-03-{n % 28 + 1:02} 10:00\n" for n in range(21)
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "总结.txt").write_bytes(
        "我乡受理23件，同去年21件相比有所上升，回复率100﹪。_____年".encode("gb18030")
    )
    (tmp_path / "export.csv").write_text(EXPORT + EARLIER, encoding="utf-8")
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli.app, ["proofread", *map(str, words)])


def test_the_command_prints_what_is_found_and_writes_page_and_table(files):
    done = run(files / "总结.txt", "--output", files / "新" / "核.html")
    assert done.exit_code == 0
    assert done.output.startswith("总结.txt：共")
    assert "第1行“_____年”可疑（未填空白）。空白未填，应补上实数" in done.output
    assert "未提供，只核对文中各数之间的关系" in (files / "新" / "核.html").read_text(encoding="utf-8")
    assert (files / "新" / "核.xlsx").is_file()


def test_the_command_puts_the_data_beside_the_figures_and_last_year_s_too(files):
    out = files / "核.html"
    words = ["--data", files / "export.csv", "--as-of", "2025-12-31", "--period", "2025", "--output", out]
    assert run(files / "总结.txt", *words).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "export.csv，受理23件" in page
    assert "数据（甲乡）：受理23件" in page
    assert "数据（甲乡）：去年同期受理21件，本期23件" in page
    assert "回复率（÷受理） 23÷23=100%" in page


def test_the_same_report_gives_the_same_bytes(files):
    for name in ("一", "二"):
        run(files / "总结.txt", "--output", files / f"{name}.html")
    for ending in ("html", "xlsx"):
        assert (files / f"一.{ending}").read_bytes() == (files / f"二.{ending}").read_bytes()


def test_data_without_a_cut_off_or_without_tickets_say_what_to_give(files):
    with pytest.raises(ParameterError, match=r"as_of is missing(.|\n)*--as-of 2025-12-31"):
        read_data(str(files / "export.csv"))
    with pytest.raises(
        ParameterError, match=r"no ticket was received in 2020(.|\n)*44 tickets were received 2024-03-01"
    ):
        read_data(str(files / "export.csv"), "2025-12-31", "2020")


def test_a_report_that_is_not_there_is_refused(files):
    assert isinstance(run(files / "无.docx").exception, ReportError)
