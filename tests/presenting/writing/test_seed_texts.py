"""The three real work reports, written from their tables: each in its own form, every figure as it was reported."""

import re

import pandas as pd
import pytest
from cases.reports import assert_figures_open_what_they_say
from IPython.display import HTML

from toolkit import load, prepare, proofread
from toolkit.preparing.report import cut_report
from toolkit.presenting.writing.write import write_document

AS_OF = "2025-12-31"
WRONG = ["不一致", "不可能", "可疑"]
FILLED = "本期按上级部署开展热线工作，逐件登记。"
SLOTS = ["前言", "组织领导", "协调督办", "接待日情况", "制度建设", "典型做法", "部门协作", "工作打算"]
SLOTS += ["工作开展情况", "工作力量", "工作建议"]


def number(prefix, count):
    return [f"{prefix}{place:03}" for place in range(count)]


def make_report(export, folder, name=None, **run):
    """The report of an export typed by hand, its slots filled."""
    slots = "{" + ", ".join(f"{slot}: {FILLED}" for slot in SLOTS) + "}"
    manual = folder / "manual.yml"
    own = f"units: {{{name}: {slots}}}\n" if name else f"slots: {slots}\n"
    manual.write_text(f'period: "2025"\n{own}', encoding="utf-8")
    settings = {"as_of": AS_OF, "period": "2025", "manual": str(manual)}
    county = prepare(load(pd.DataFrame(export), AS_OF, key=b"k"), settings | run)
    return county if name is None else cut_report(county, name)


def list_differences(text, figures):
    """The reported figures the text does not give: each as words and value, 按期回复率 91.6%."""
    return [f"{words}{value}" for words, value in figures if f"{words}{value}" not in text]


def assert_reads_as_reported(report, template, figures):
    document = write_document(report, template)
    assert list_differences(document.plain, figures) == []
    assert document.missing == []
    assert_figures_open_what_they_say(HTML(document.html), report)
    proof = proofread(document.plain, report.now, report.counted.scorecard)
    wrong = proof[proof["verdict"].isin(WRONG)]
    assert wrong[["stated", "claim", "how"]].to_numpy().tolist() == []
    assert "一致" in set(proof["verdict"])
    return document.plain


# --- R1, a township's year: 23 tickets against 21 --------------------------------------------------

KINDS = {"村民建房及宅基地": 7, "修路": 6, "野生动物损坏稻田": 2, "村民纠纷": 7, "垃圾处理": 1}


@pytest.fixture(scope="module")
def township(tmp_path_factory):
    export = {
        "工单编号": number("本", 23) + number("去", 21),
        "承办单位": "某乡",
        "问题分类": [kind for kind, count in KINDS.items() for _ in range(count)] + ["修路"] * 21,
        "受理时间": ["2025-03-03 09:00"] * 23 + ["2024-01-04 09:00"] * 21,
        "回复时间": ["2025-03-05 09:00"] * 23 + ["2024-01-05 09:00"] * 21,
    }
    return make_report(export, tmp_path_factory.mktemp("township"), "某乡")


def test_r1_is_written_as_the_township_reported_it(township):
    figures = [
        ("工单", "23件"),
        ("上年同期", "21件"),
        ("同比上升", "2件（9.5%）"),
        ("回复率", "100%（23/23）"),
    ]
    figures += [(f"{kind}问题", f"{count}件") for kind, count in KINDS.items()]
    text = assert_reads_as_reported(township, "township_summary", figures)
    headings = re.findall("^　　[一二三四五]、(.+)$", text, re.MULTILINE)
    assert headings == ["贯彻落实上级部署", "协调督办", "群众诉求表达渠道", "存在的问题", "下一步工作"]


def test_a_rate_that_no_ticket_tells_is_said_to_be_unknown_and_why(township):
    assert "满意率不作统计：导出表缺少" in write_document(township, "township_summary").plain


def test_a_figure_that_differs_from_the_reported_one_is_named(township):
    text = write_document(township, "township_summary").plain
    assert list_differences(text, [("工单", "24件"), ("修路问题", "6件")]) == ["工单24件"]


# --- R2, a county's hotline: 498 received, 456 replied in time -------------------------------------

NAMED = {
    "社会治安": {"治安管理": 21, "户籍管理": 12, "交通违章罚款": 8},
    "医疗计生": {"举报超生": 9, "社会抚养费缴纳": 6, "新农合收费报销": 6, "无证行医": 6},
    "其他类": {"环境保护": 30, "教育教学": 20, "城市管理": 14},
}
TOWNS = "乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌"
PEERS = """
bulletins:
  - metric: 按期回复率
    period: 2025
    source: 某市通报
    rates: {甲县: 96.4%, 乙县: 94.2%, 丙市: 93.0%, 丁区: 90.0%}
  - metric: 满意办结率
    period: 2025
    source: 某市通报
    rates: {甲县: 81.0%, 乙县: 76.0%, 丙市: 70.0%, 丁区: 66.0%}
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """R2 gives 74 % without its counts: 333 of 450 closed tickets are such. Eight of one day are 甲镇's."""
    folder = tmp_path_factory.mktemp("county")
    (folder / "peers.yml").write_text(PEERS, encoding="utf-8")
    parts = [(f"{top}/{kind}", count) for top, kinds in NAMED.items() for kind, count in kinds.items()]
    kinds = [kind for kind, count in parts for _ in range(count)]
    export = {
        "工单编号": number("", 498),
        "承办单位": ["甲镇"] * 8 + [f"{TOWNS[place % 20]}镇" for place in range(490)],
        "问题分类": kinds + [None] * (498 - len(kinds)),
        "受理时间": ["2025-03-10 09:00"] * 8
        + [f"2025-03-{3 + place // 20 % 5:02} 09:00" for place in range(490)],
        "回复时间": ["2025-03-10 17:00"] * 456 + ["2025-12-30 09:00"] * 20 + [None] * 22,
        "办结时间": ["2025-03-10 17:00"] * 450 + [None] * 48,
        "满意度": ["满意"] * 333 + ["不满意"] * 117 + [None] * 48,
    }
    return make_report(export, folder, county="某县", peers=str(folder / "peers.yml"))


def test_r2_is_written_as_the_county_reported_it(county):
    figures = [("受理市民热线", "498件"), ("按期回复", "456件"), ("按期回复率", "91.6%（456/498）")]
    figures += [("（456/498），列各县（市、区）", "第四"), ("满意办结率", "74.0%（333/450）")]
    figures += [("（333/450），列各县（市、区）", "第三"), ("社会治安", "41件"), ("医疗计生", "27件")]
    figures += [("其他类", "64件"), ("另有", "366件未注明分类"), ("甲镇，3月10日一天", "8件")]
    figures += [(kind, f"{count}件") for parts in NAMED.values() for kind, count in parts.items()]
    assert_reads_as_reported(county, "county_report", figures)


# --- R3, a bureau's year: 19 tickets, all satisfied ------------------------------------------------


def test_r3_is_written_as_the_bureau_reported_it_and_its_97_percent_is_100(tmp_path):
    export = {
        "工单编号": number("", 19),
        "承办单位": "某局",
        "问题分类": ["文化市场"] * 18 + ["旅游"],
        "受理时间": "2025-03-03 09:00",
        "回复时间": "2025-03-06 09:00",
        "办结时间": "2025-03-06 10:00",
        "回访时间": "2025-03-12 09:00",
        "满意度": "满意",
    }
    figures = [
        ("工单", "19件次"),
        ("其中涉旅", "1件"),
        ("满意率", "100%（19/19）"),
        ("按时办结率", "100%（19/19）"),
    ]
    figures += [(name, "100%（19/19）") for name in ["办理率", "回复率", "回访率"]]
    assert_reads_as_reported(make_report(export, tmp_path, "某局"), "bureau_summary", figures)
