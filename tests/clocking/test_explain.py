"""The sentence that explains a due time: the words an official checks by hand."""

import pandas as pd
import pytest
from cases.log import EXTENSION, list_events

from toolkit import clock, explain_due, schema

AS_OF = "2026-10-30"


def explain(received="2025-06-03 09:00", events=(), columns=(), **settings):
    policy = {"name": "试行办法", "source": "测试"} | settings
    rows = {
        "ticket_id": ["a", "b"],
        "unit": "甲乡",
        "received_at": received,
        "replied_at": [None, "2025-01-01"],
    }
    log = list_events("a", events)
    clocked = clock(schema.make_tickets(rows | dict(columns)), policy, AS_OF, log)
    return explain_due(clocked.loc[0], policy, log)


def test_a_due_time_across_the_spring_festival_is_told_day_by_day():
    assert explain("2025-01-26 16:40") == (
        "1月26日16:40受理（周日，调休上班），自次日起五个工作日：1月27日、2月5日、6日、7日、8日（周六，调休上班）；"
        "春节1月28日至2月4日放假八天；应于2025年2月8日17:30前回复。"
    )


@pytest.mark.parametrize(
    ("received", "limit", "said"),
    [
        (
            "2025-06-06 18:10",
            {"working_days": 3, "rolls_over": True},
            "6月6日18:10受理，视为6月9日到，自次日起三个工作日：6月10日、11日、12日；应于2025年6月12日17:30前回复。",
        ),
        (
            "2025-06-03 09:00",
            {"working_days": 2, "first_day_counts": True},
            "6月3日9:00受理，自当日起两个工作日：6月3日、4日；应于2025年6月4日17:30前回复。",
        ),
        (
            "2025-09-28 18:10",
            {"calendar_days": 7},
            "9月28日18:10受理（周日，调休上班），自次日起七天：9月29日至10月5日；应于2025年10月5日17:30前回复。",
        ),
        (
            "2025-12-31 18:10",
            {"hours": 24},
            "2025年12月31日18:10受理，24小时（不分昼夜、不分假日）；应于2026年1月1日18:10前回复。",
        ),
        (
            "2025-12-31 16:30",
            {"working_hours": 4},
            "2025年12月31日16:30受理，4个工作小时（办公时间8:30至12:00、14:00至17:30）：12月31日1小时、"
            "1月4日（周日，调休上班）3小时；元旦1月1日至1月3日放假三天；应于2026年1月4日11:30前回复。",
        ),
        (
            "2025-12-30 07:10",
            {"minutes": 30, "rolls_over": True},
            "12月30日7:10受理，自8:30上班起算，30分钟（不分昼夜、不分假日）；应于2025年12月30日9:00前回复。",
        ),
        (
            "2025-11-03 16:30",
            {"working_days": 60},
            "2025年11月3日16:30受理，自次日起六十个工作日：2025年11月19个、2025年12月23个、2026年1月18个；"
            "元旦1月1日至1月3日放假三天；应于2026年1月27日17:30前回复。",
        ),
        ("2026-12-30 10:00", {"working_days": 5}, "2026年12月30日10:00受理，时限超出工作日历。"),
        (None, {"working_days": 5}, "没有受理时间，本办法时限无从起算。"),
        ("2025-06-03", {"working_days": 5, "type": ["咨询"]}, "本办法没有适用的时限。"),
    ],
)
def test_every_kind_of_limit_is_told_in_its_own_words(received, limit, said):
    assert explain(received, reply_limits=[limit]) == said


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("2025-06-10 17:30", "平台截止时间相同。"),
        ("2025-06-12 12:00", "平台截止时间为2025年6月12日12:00，晚于本办法，以平台为准。"),
        ("2025-06-09 12:00", "平台截止时间为2025年6月9日12:00，早于本办法，以平台为准。"),
    ],
)
def test_the_platforms_due_time_stands_beside_ours(platform, said):
    assert explain(columns={"platform_due_at": platform}).endswith(f"应于2025年6月10日17:30前回复；{said}")


def test_a_due_time_moved_by_the_platform_says_to_when():
    columns = {"platform_due_at": "2025-06-10 17:30", "extended_due_at": "2025-06-13 17:30"}
    assert explain(columns=columns).endswith(
        "平台截止时间为2025年6月10日17:30，延期至2025年6月13日17:30，以延期为准。"
    )


PAUSED = [("paused", "2025-06-04 15:00"), ("resumed", "2025-06-06 10:00")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "6月4日、6日、9日、10日、11日；6月4日15:00至6月6日10:00挂账，不计一个工作日（6月5日）"),
        ({"paused_days": "touched"}, "不计三个工作日（6月4日、5日、6日）；应于2025年6月13日17:30前回复"),
        ({"reply_limits": [{"hours": 48}]}, "6月4日15:00至6月6日10:00挂账，不计43小时；"),
        ({"reply_limits": [{"working_hours": 14}]}, "6月4日15:00至6月6日10:00挂账，不计办公时间11小时；"),
    ],
)
def test_a_pause_is_told_with_what_it_takes_away(settings, said):
    assert said in explain(events=PAUSED, **settings)


def test_extensions_are_told_with_their_days():
    events = [("extension_approved", "2025-06-09 09:00"), ("extension_approved", "2025-06-12 09:00")]
    assert (
        "延期两次，加三个工作日：6月11日、12日、13日，再加三个工作日：6月16日、17日、18日；应于2025年6月18日17:30前"
        in explain(events=events, **EXTENSION)
    )


def test_a_ticket_passed_on_is_told_from_when_the_new_unit_got_it():
    events = [("dispatched", "2025-06-03 09:30", "乙局"), ("redispatched", "2025-06-05 09:00", "甲乡")]
    assert explain(events=events).startswith("6月5日9:00改派，自次日起五个工作日：6月6日、")


def test_the_countys_own_days_have_their_names():
    calendar = {"days_off": {"2025-06-05": "县庆"}, "working_days": {"2025-06-07": "补班"}}
    said = explain(calendar=calendar)
    assert "6月4日、6日、7日（周六，补班）、9日、10日；县庆6月5日放假一天；" in said


def test_a_ticket_may_be_given_as_a_dict_and_need_not_be_clocked():
    ticket = {"ticket_id": "a", "received_at": pd.Timestamp("2025-06-03 09:00"), "unit": "甲乡"}
    assert explain_due(ticket, "sichuan_2026") == "没有转办时间，本办法时限无从起算。"
    ticket |= {"dispatched_at": pd.Timestamp("2025-06-03 10:00"), "type": "咨询"}
    assert explain_due(ticket, "sichuan_2026") == (
        "6月3日10:00转办，自次日起三个工作日：6月4日、5日、6日；应于2025年6月6日17:30前答复。"
    )
