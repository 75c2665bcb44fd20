"""The words that no vocabulary knows, beside the rates they touch."""

import pandas as pd

from toolkit import clock, load, prepare, schema
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.doubted import list_doubted, list_read
from toolkit.scoring.metric import hide_later_stages

AS_OF = "2025-06-30"
DONE = {"received_at": "2025-06-02 09:00", "replied_at": "2025-06-03 09:00", "visited_at": "2025-06-04"}
DONE |= {"closed_at": "2025-06-05 09:00", "unit": "甲乡", "visit_connected": "是"}


def judged(*rows):
    rows = [DONE | {"ticket_id": str(number)} | row for number, row in enumerate(rows)]
    return clock(schema.make_tickets(pd.DataFrame(rows)), "county_default", AS_OF)


def doubted(*rows):
    found = list_doubted(judged(*rows))
    return {(unit, metric): words for unit, metric, _, words in found.itertuples(index=False)}


def test_a_verdict_that_is_not_understood_stands_beside_the_rate_that_counts_without_it():
    found = doubted(*[{"satisfaction": "较为不赖"}] * 2, {"satisfaction": "满意"})
    assert found["甲乡", "满意率（÷评价）"] == "另有2件满意度“较为不赖”未识别，未计入"
    assert found["全县", "满意率（÷评价）"] == found["甲乡", "满意率（÷评价）"]
    assert found["甲乡", "满意率（÷成功回访）"] == "其中2件满意度“较为不赖”未识别，只计入分母"
    assert ("甲乡", "按期回复率（÷受理）") not in found and ("甲乡", "受理件数") not in found


def test_a_status_that_is_not_understood_stands_beside_the_rates_that_rest_on_it():
    found = doubted({"status": "已回告", "replied_at": None, "visited_at": None, "closed_at": None}, {})
    assert found["甲乡", "超期率（÷受理）"] == "其中1件工单状态“已回告”未识别，已计入分子"
    assert found["甲乡", "按期回复率（÷受理）"] == "其中1件工单状态“已回告”未识别，只计入分母"


def test_an_exclusion_that_is_not_understood_stands_beside_every_rate():
    found = doubted({"exclusion": "拟同意", "satisfaction": "满意"})
    assert found["甲乡", "满意率（÷评价）"] == "其中1件剔除状态“拟同意”未识别，已计入分子"
    assert found["甲乡", "按期回复率（÷受理）"] == "其中1件剔除状态“拟同意”未识别，已计入分子"


def test_each_unit_is_told_of_its_own_words_and_the_county_of_all():
    found = doubted(
        {"satisfaction": "甲说", "unit": "甲乡"},
        {"satisfaction": "乙说", "unit": None},
        {"satisfaction": "满意"},
    )
    assert "乙说" not in found["甲乡", "满意率（÷评价）"]
    assert "乙说" in found[schema.NO_UNIT, "满意率（÷评价）"]
    assert "甲说" in found["全县", "满意率（÷评价）"] and "乙说" in found["全县", "满意率（÷评价）"]


def test_of_many_words_the_commonest_are_named_and_the_others_counted():
    rows = [{"satisfaction": word} for word in "甲甲甲甲乙乙乙丙丙丁戊"] + [{"satisfaction": "满意"}]
    said = doubted(*rows)["甲乡", "满意率（÷评价）"].split("；")
    assert [sentence[4:6] for sentence in said[:1]] == ["满意"] and "“甲”" in said[0] and "“丙”" in said[2]
    assert said[3] == "还有2件的其他写法未识别"


def test_a_ticket_no_rate_counts_and_a_verdict_not_yet_given_touch_none():
    void, later = (
        {"status": "作废", "satisfaction": "甲说"},
        {"visited_at": "2025-07-04", "satisfaction": "甲说"},
    )
    assert doubted(void, later, {"satisfaction": "满意"}, {}) == {}


def test_known_words_and_an_empty_table_doubt_nothing():
    assert doubted({"satisfaction": "满意", "status": "已办结"}) == {}
    assert list_doubted(judged({}).head(0)).empty


def test_what_a_rate_reads_is_told_by_the_rate_itself():
    known = hide_later_stages(judged({}))
    read = list_read(BY_NAME["一次解决率（÷已表态）"], known)
    assert read == {"resolved", "rework_count", "exclusion"}


def test_a_report_keeps_the_words_beside_its_rates():
    rows = pd.DataFrame(
        [
            ("1", "甲乡", "2025-06-03 09:00", "2025-06-04 09:00", "较为不赖"),
            ("2", "甲乡", "2025-06-03 09:00", "2025-06-04 09:00", "满意"),
        ],
        columns=["工单编号", "承办单位", "受理时间", "回复时间", "满意度"],
        dtype="str",
    )
    report = prepare(load(rows, AS_OF, key=b"k"), {"as_of": AS_OF, "period": "2025-06"})
    words = report.counted.scorecard.set_index(["unit", "metric"])["doubt"]
    assert words["甲乡", "满意率（÷评价）"] == "另有1件满意度“较为不赖”未识别，未计入"
