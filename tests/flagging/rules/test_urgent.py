"""Rules about words: sentences made up for them, and who is spared."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from cases import rules as cases
from cases.rules import AS_OF, POLICY
from oracles.words import ORACLE

from toolkit import clock, rules, schema
from toolkit.words.risks import KINDS

CASES = yaml.safe_load((Path(__file__).parent / "word_cases.yml").read_text(encoding="utf-8"))
SINKHOLE = "人民路路面塌陷，请尽快处理"
CLOSED = "工单显示已办结，但垃圾根本没有清理"
SILENT = "至今没有工作人员与我联系"


def find(rule, rows):
    """The findings of one rule on tickets of 甲乡."""
    return cases.find(rule, *[{"received_at": "2025-06-03 09:00"} | row for row in rows])


@pytest.mark.parametrize("rule", list(CASES))
def test_what_the_sentences_made_up_beforehand_mean_is_found_and_their_look_alikes_are_left(rule):
    texts = CASES[rule]["found"] + CASES[rule]["left"]
    found = find(rule, [{"content": text} for text in texts])
    assert set(found["ticket_id"]) == {f"t{n}" for n in range(len(CASES[rule]["found"]))}


@pytest.mark.parametrize(
    ("rule", "text"), [("risk_words", SINKHOLE), ("handling_complained", CLOSED), ("contact_denied", SILENT)]
)
@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({}, 1),
        ({"received_at": AS_OF}, 1),
        ({"received_at": "2025-06-10 12:01"}, 0),
        ({"status": "作废"}, 0),
        ({"type": "表扬"}, 0),
        ({"content": None}, 0),
    ],
)
def test_withdrawn_tickets_praise_silence_and_what_came_after_as_of_are_left(rule, text, columns, count):
    other = {"content": "请问几点上班"}
    assert len(find(rule, [{"content": text} | columns, other])) == count


def test_words_in_the_title_count_too():
    assert len(find("risk_words", [{"title": SINKHOLE, "content": "请尽快处理"}])) == 1


def test_a_risk_says_its_kind_and_the_words_and_asks_a_person_to_look_first():
    finding = find("risk_words", [{"content": SINKHOLE}]).iloc[0]
    assert (finding["severity"], finding["evidence"]) == ("红", "急迫险情：“人民路路面塌陷”，请人工先看")


def test_several_kinds_are_named_together_under_the_worst_colour():
    finding = find("risk_words", [{"content": "整个小区停水三天。再不来水我就要跳楼"}]).iloc[0]
    assert finding["severity"] == "红"
    assert finding["evidence"].startswith("扬言极端、群体影响：“")


def test_a_danger_beside_thanks_for_something_else_is_still_a_danger():
    solved, open_still = "路面塌陷已经修好，感谢城管局", "感谢接线员，路面塌陷已经反映三次，没有解决"
    assert len(find("risk_words", [{"content": solved}])) == 0
    assert len(find("risk_words", [{"content": open_still}])) == 1


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_what_the_words_of_a_kind_match_holds_one_of_its_stems(kind):
    words, stems = (
        pd.Series(CASES["risk_words"]["found"]).str.contains(text) for text in (kind.words, kind.stems)
    )
    assert not (words & ~stems).any()
    assert words.any()


@pytest.mark.parametrize(
    ("columns", "severity", "words"),
    [
        ({}, "橙", ""),
        ({"contacted": "否"}, "橙", ""),
        ({"contacted": "是"}, "红", "，导出表记“已联系”"),
        ({"reply": "已与诉求人电话联系，告知处理情况"}, "红", "，回复称已联系"),
        ({"reply": "垃圾已清运"}, "橙", ""),
    ],
)
def test_a_citizen_who_says_nobody_called_is_orange_and_red_where_the_records_say_otherwise(
    columns, severity, words
):
    finding = find("contact_denied", [{"content": SILENT} | columns]).iloc[0]
    assert (finding["severity"], finding["evidence"]) == (
        severity,
        f"群众称：“至今没有工作人员与我联系”{words}",
    )


def test_a_complaint_about_the_handling_is_orange_and_quoted():
    finding = find("handling_complained", [{"content": CLOSED}]).iloc[0]
    assert (finding["severity"], finding["evidence"]) == (
        "橙",
        "诉求中称：“工单显示已办结，但垃圾根本没有清理”",
    )


def test_quotes_are_of_twenty_characters_at_most():
    long = "我多次向县里的各个部门反映这个问题" + "还是" * 5 + "没有解决"
    quoted = find("handling_complained", [{"content": long}])["evidence"].str.extract("“(.*)”")[0]
    assert quoted.str.len().le(20).all() and len(quoted) == 1


def test_without_texts_or_contents_the_rules_about_words_are_named_as_not_evaluated():
    tickets = clock(
        schema.make_tickets({"ticket_id": ["a"], "received_at": ["2025-06-03 09:00"]}), POLICY, AS_OF
    )
    table = rules(tickets).set_index("rule").loc[list(ORACLE)]
    assert not table["evaluated"].any() and table["asks_review"].all()
    assert not rules(tickets, texts=False).set_index("rule").loc[list(ORACLE), "evaluated"].any()
