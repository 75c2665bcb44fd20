"""A word no vocabulary knows is named with its count; the usual ones have their meaning."""

import pandas as pd
import pytest

import toolkit
from toolkit import schema


def load(rows):
    return toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")


def unknown(loaded):
    found = loaded.issues.query("check == '用词未识别'")
    return found[["column", "value", "kind"]].values.tolist()


def test_each_unknown_word_is_named_once_with_its_count():
    rows = {
        "工单编号": ["A1", "A2", "A3", "A4"],
        "工单状态": ["待归档", "待归档", "已办结", None],
        "满意度": ["满意", "还行吧", None, "不太满意"],
    }
    assert unknown(load(rows)) == [
        ["status", "待归档（2件）", "kept"],
        ["satisfaction", "还行吧（1件）", "kept"],
    ]


@pytest.mark.parametrize(
    ("words", "degree"),
    [
        (["很满意", "十分满意", "★★★★★", "五星"], "非常满意"),
        (["比较满意", "较满意", "较为满意"], "基本满意"),
        (["不太满意", "较不满意", "较为不满", "比较不满意", "不大满意"], "不满意"),
        (["很不满意", "极不满意", "十分不满意", "极为不满"], "非常不满意"),
    ],
)
def test_every_degree_of_satisfaction_counts_as_one_of_the_rated(words, degree):
    loaded = load({"工单编号": [f"A{n}" for n in range(len(words))], "满意度": words})
    assert set(loaded.tickets["satisfaction"]) == {degree} <= set(schema.RATED)
    assert unknown(loaded) == []


def test_merged_rejected_and_void_tickets_are_not_judged_whatever_the_platform_calls_them():
    words = ["已合并", "合并办理", "并单办理", "重复工单", "重复件", "不予受理", "无效工单", "已撤销"]
    tickets = load({"工单编号": [f"A{n}" for n in range(len(words))], "工单状态": words}).tickets
    assert tickets["status"].isin(schema.VOID_STATUSES).all()


def test_of_many_unknown_words_the_rest_is_summed():
    rows = {"工单编号": [f"A{n}" for n in range(30)], "满意度": [f"评语{n}" for n in range(30)]}
    found = unknown(load(rows))
    assert len(found) == 21
    assert ["satisfaction", "其余10种写法（10件）", "kept"] in found


def test_a_long_or_personal_word_is_cut_and_masked():
    word = "请回电13812345678" + "说明" * 40
    said = unknown(load({"工单编号": ["A1"], "满意度": [word]}))[0][1]
    assert "13812345678" not in said
    assert len(said) < 60


def test_the_unknown_words_of_a_log_are_named_too():
    rows = pd.DataFrame(
        [["A1", "神秘操作", "2025-03-03"], ["A1", "派单", "2025-03-04"]],
        columns=["工单编号", "操作", "操作时间"],
    )
    assert unknown(load(rows)) == [["event", "神秘操作（1条记录）", "kept"]]
