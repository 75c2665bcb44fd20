"""Which other tickets belong beside a ticket, and that no unit's report names a ticket of another unit."""

import pandas as pd
import pytest

from toolkit import load, prepare
from toolkit.preparing.report import cut_report, read_report, write_report

AS_OF = "2025-06-30"
WATER = "东河镇杨树沟村三组的自来水已经停了四天，家里老人做不成饭，打水厂电话没人接。"
AGAIN = "又来反映：杨树沟村三组自来水停了四天还是没有来，老人做饭要去邻村拉水，水厂电话没人接。"
NAMED = "上次反映的工单20250610002一直没有人来处理，请督促。"


def prepare_rows(*rows):
    columns = ["工单编号", "承办单位", "受理时间", "回复时间", "诉求内容"]
    export = pd.DataFrame(rows, columns=columns, dtype="str")
    return prepare(load(export, AS_OF, key=b"k"), {"as_of": AS_OF, "period": "2025-06"})


@pytest.fixture(scope="module")
def june():
    return prepare_rows(
        ("20250501001", "乙镇", "2025-05-01 09:00", "2025-05-02 09:00", WATER),
        ("20250603001", "甲乡", "2025-06-03 09:00", "2025-06-04 09:00", WATER),
        ("20250610002", "甲乡", "2025-06-10 09:00", "2025-06-11 09:00", "广场夜里音响太吵，学生没法睡觉。"),
        ("20250612003", "乙镇", "2025-06-12 09:00", None, AGAIN),
        ("20250613004", "甲乡", "2025-06-13 09:00", None, NAMED),
        ("20250614005", "乙镇", "2025-06-14 09:00", None, NAMED),
    )


def list_pairs(related):
    return related[["ticket_id", "other", "kind"]].to_numpy(dtype="object", na_value=None).tolist()


def test_a_ticket_has_beside_it_those_it_names_and_the_earlier_ones_like_it(june):
    assert list_pairs(june.related) == [
        ["20250613004", "20250610002", "引用"],
        ["20250614005", "20250610002", "引用"],
        ["20250603001", "20250501001", "相似前件"],
        ["20250612003", "20250603001", "相似前件"],
        ["20250612003", "20250501001", "相似前件"],
        ["20250614005", "20250613004", "相似前件"],
    ]
    likeness = june.related["likeness"]
    assert likeness.isna().tolist() == june.related["kind"].eq("引用").tolist()
    assert likeness.dropna().between(0.2, 1).all() and likeness[2] == 1.0


def test_a_report_names_no_ticket_of_another_unit_but_says_that_there_is_one(june):
    own = cut_report(june, "乙镇").related
    assert list_pairs(own) == [
        ["20250614005", None, "引用"],
        ["20250612003", None, "相似前件"],
        ["20250612003", "20250501001", "相似前件"],
        ["20250614005", None, "相似前件"],
    ]
    assert own["other_report"].dropna().unique().tolist() == ["乙镇"]
    others = june.tickets.loc[june.tickets["report"].ne("乙镇"), "ticket_id"]
    assert not own.isin(set(others)).any(axis=None)


@pytest.mark.parametrize("name", ["甲乡", "乙镇"])
def test_what_is_read_again_is_what_was_cut(june, tmp_path, name):
    read = read_report(write_report(june, tmp_path), name).related
    pd.testing.assert_frame_equal(read, cut_report(june, name).related)


def test_a_ticket_that_is_named_and_alike_stands_once_as_named():
    report = prepare_rows(
        ("20250603001", "甲乡", "2025-06-03 09:00", None, WATER),
        ("20250605002", "甲乡", "2025-06-05 09:00", None, f"{WATER}原工单20250603001。"),
    )
    assert list_pairs(report.related) == [["20250605002", "20250603001", "引用"]]


def test_without_texts_nothing_is_related():
    report = prepare_rows(
        ("1", "甲乡", "2025-06-03 09:00", None, None), ("2", "甲乡", "2025-06-04", None, None)
    )
    assert report.related.empty and list(report.related)[:3] == ["report", "ticket_id", "other"]
