"""Cells are cleaned of what no person typed, once and before anything else; what a person typed stays."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit
from tests.examples import examples
from toolkit.loading.cleaning import clean_rows, clean_text
from toolkit.loading.rows import gather_rows

AS_OF = "2025-12-31"
WRAP, MARK, CONTROL = "等号引号外壳已去除", "零宽字符已去除", "控制字符已去除"
SPACE, HTML = "特殊空格已换成普通空格", "网页标记已去除"


@pytest.mark.parametrize(
    ("found", "clean", "done"),
    [
        ('="202503040001"', "202503040001", [WRAP]),
        ('="他说""好"""', '他说"好"', [WRAP]),
        ("甲\u200b镇\ufeff", "甲镇", [MARK]),
        ('\ufeff="甲镇"', "甲镇", [MARK, WRAP]),
        ("已\x07办结", "已办结", [CONTROL]),
        ("一行\x0b二行_x000D_", "一行\n二行", [CONTROL]),
        ("\u3000\u3000您好，\xa0已办。\xa0", "您好， 已办。", [SPACE]),
        ("<p>路灯&nbsp;不亮</p>", "路灯 不亮", [HTML]),
        ('<p style="x"><span>已办结。</span></p>', "已办结。", [HTML]),
        ("&nbsp;&nbsp;已办结。<br/><BR>", "已办结。", [HTML]),
        ("一、查实。<br/>二、已修。", "一、查实。\n二、已修。", [HTML]),
        ("<p>一</p><p>二</p>", "一\n二", [HTML]),
        ("&lt;p&gt;已修&lt;/p&gt;", "已修", [HTML]),
        ("&amp;nbsp;已修", "已修", [HTML]),
        ("水压&lt;0.2", "水压<0.2", [HTML]),
        ("已<!--[if gte mso 9]><xml>x</xml><![endif]-->修", "已修", [HTML]),
        ("<style>p{margin:0}</style>已修", "已修", [HTML]),
        ('已修<span style="font-si', "已修", [HTML]),
        ("已<o:p></o:p>修<b>好</b>", "已修好", [HTML]),
    ],
)
def test_what_no_person_typed_is_taken_off_and_named(found, clean, done):
    assert clean_text(found) == (clean, done)


@pytest.mark.parametrize(
    "typed",
    [
        "<5天",
        "a<b",
        "若a<b>c则不亮",
        "《通知》<张三>",
        "A&B公司",
        "1<2 & 3>2",
        "=SUM(A1)",
        "他说=好",
        "R&D；<>",
    ],
)
def test_what_a_person_may_have_typed_stays(typed):
    assert clean_text(typed) == (typed, [])


@examples(200)
@given(st.text(alphabet='<>p/b &;nbspltg="!-甲 \u200b\x00\n\u3000\xa0', max_size=40))
def test_a_fast_look_agrees_with_the_cleaning(text):
    (row,), done = clean_rows(gather_rows([[text]]))
    assert (row[0] or "", [step for _, _, step in done]) == clean_text(text)


def test_rows_are_cleaned_and_each_cell_is_told():
    rows = gather_rows([["甲镇", 1.0, None], ["乙\u200b镇", 2.0, "<p>好</p>"]])
    cleaned, done = clean_rows(rows)
    assert list(cleaned) == [["甲镇", 1.0, None], ["乙镇", 2.0, "好"]]
    assert done == [(1, 0, MARK), (1, 2, HTML)]
    assert rows[1][0] == "乙\u200b镇"


def test_headers_units_words_and_times_are_read_through_the_dirt():
    rows = {
        "\xa0工单编号\u200b": ["2025\xa00304\u200b0001", '="202503040002"'],
        "受理\u3000时间": ["2025-03-04\xa009:00:00\u200b", '="2025-03-04 09:00:00"'],
        "承办单位\ufeff": ["甲\u200b镇\xa0", '="甲镇"'],
        "满意度": ["满意\u200b", "\u3000满意"],
    }
    tickets = toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k").tickets
    assert tickets["ticket_id"].tolist() == ["202503040001", "202503040002"]
    assert tickets[["unit", "satisfaction"]].drop_duplicates().values.tolist() == [["甲镇", "满意"]]
    assert tickets["received_at"].nunique() == 1


def test_repairs_are_counted_by_column_and_kind_with_their_rows():
    rows = {"工单编号": ["A1", "A2", "A3"], "回复内容": ["<p>好</p>", "好", "好<br>"]}
    repaired = toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k").issues.query("kind == 'repaired'")
    assert repaired[["row", "column", "value", "check"]].values.tolist() == [
        [2, "reply", "2格（第2、4行）", HTML]
    ]


def test_a_reply_of_tags_alone_is_no_reply():
    rows = {"工单编号": ["A1"], "回复内容": ["<p>&nbsp;</p><br/>"]}
    assert toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k").tickets["reply"].isna().all()


def test_a_row_of_invisible_marks_alone_is_told():
    loaded = toolkit.load(pd.DataFrame({"工单编号": ["A1", "\u200b"]}), AS_OF, key=b"k")
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[2, 1, 1]]
    assert "只有不可见字符的行" in loaded.issues["check"].tolist()
