"""Every published pack under parameters/policies, by hand on the calendar of its day."""

import pandas as pd
import pytest
import yaml
from cases.log import list_events

from toolkit import clock, schema
from toolkit.clocking.policy import POLICIES, read_policy

PUBLISHED = ["shandong_2020", "shandong_province_2017", "sichuan_2026", "lvliang_2024", "bengbu_2019"]
PUBLISHED += ["tianjin_2025"]


def clock_one(pack, dispatched, events=(), **columns):
    rows = {
        "ticket_id": "a",
        "unit": "甲乡",
        "received_at": dispatched,
        "dispatched_at": dispatched,
    } | columns
    tickets = schema.make_tickets({name: [value] for name, value in rows.items()})
    return clock(tickets, pack, "2026-06-30", list_events("a", events)).loc[0]


@pytest.mark.parametrize(
    ("pack", "dispatched", "columns", "due"),
    [
        # 山东2020: five working days
        ("shandong_2020", "2025-01-26 16:40", {}, "2025-02-08"),  # 1/27, 2/5, 6, 7, 8
        ("shandong_2020", "2025-09-30 18:00", {}, "2025-10-14"),  # 10/9, 10, 11, 13, 14
        ("shandong_2020", "2025-09-27 23:59", {}, "2025-10-10"),  # 9/28, 29, 30, 10/9, 10
        ("shandong_2020", "2025-04-30 23:59", {}, "2025-05-12"),  # 5/6, 7, 8, 9, 12
        ("shandong_2020", "2024-02-29 09:00", {}, "2024-03-07"),
        # 山东省级2017: fifteen
        ("shandong_province_2017", "2025-01-13 09:00", {}, "2025-02-08"),  # ten to 1/26, 1/27, 2/5 to 8
        ("shandong_province_2017", "2025-09-25 10:00", {}, "2025-10-22"),
        ("shandong_province_2017", "2025-12-31 23:59", {}, "2026-01-22"),  # from 1/4, a make-up Sunday
        ("shandong_province_2017", "2024-01-31 09:00", {}, "2024-02-26"),  # with 2/4, 2/9 and 2/18
        # 四川2026: by type
        ("sichuan_2026", "2025-01-27 23:59", {"type": "咨询"}, "2025-02-07"),
        ("sichuan_2026", "2025-09-29 08:00", {"type": "求助"}, "2025-10-15"),
        ("sichuan_2026", "2025-10-11 23:59", {"type": "建议"}, "2025-10-21"),
        ("sichuan_2026", "2025-01-26 10:00", {"type": "投诉"}, "2025-02-21"),
        ("sichuan_2026", "2025-04-30 10:00", {"type": "举报"}, "2025-05-26"),
        ("sichuan_2026", "2025-02-28 10:00", {"type": "咨询"}, "2025-03-05"),
        ("sichuan_2026", "2025-02-28 10:00", {"type": "表扬"}, None),
        # 吕梁2024: enquiries three, others five
        ("lvliang_2024", "2025-01-26 23:59", {"type": "咨询"}, "2025-02-06"),
        ("lvliang_2024", "2025-01-26 23:59", {"type": "投诉"}, "2025-02-08"),
        ("lvliang_2024", "2025-09-30 10:00", {"type": "咨询"}, "2025-10-11"),
        ("lvliang_2024", "2025-10-31 10:00", {"type": "求助"}, "2025-11-07"),
        # 蚌埠2019: by telephone five, governor's line and internet three
        ("bengbu_2019", "2025-01-26 23:59", {"channel": "电话"}, "2025-02-08"),
        ("bengbu_2019", "2025-01-26 23:59", {"channel": "网站"}, "2025-02-06"),
        ("bengbu_2019", "2025-09-30 10:00", {"channel": "省长热线"}, "2025-10-11"),
        ("bengbu_2019", "2025-02-28 10:00", {"channel": "电话"}, "2025-03-07"),
    ],
)
def test_the_reply_is_due_on_the_day_a_hand_counts_to(pack, dispatched, columns, due):
    found = clock_one(pack, dispatched, **columns)["due_at"]
    assert pd.isna(found) if due is None else found == pd.Timestamp(f"{due} 17:30")


@pytest.mark.parametrize(
    ("pack", "dispatched", "column", "columns", "due"),
    [
        ("shandong_2020", "2025-01-27 10:00", "return_due_at", {}, "2025-02-06 17:30"),
        ("lvliang_2024", "2025-09-30 10:00", "return_due_at", {}, "2025-10-09 17:30"),
        ("lvliang_2024", "2025-10-01 23:59", "contact_due_at", {"urgency": "紧急"}, "2025-10-02 00:29"),
        ("lvliang_2024", "2025-10-01 23:59", "contact_due_at", {"urgency": "普通"}, None),
        ("lvliang_2024", "2025-01-27 16:00", "dispatch_due_at", {}, "2025-02-05 10:30"),
        # 天津2025: receipt in minutes round the clock and on days off, else one working day; no reply limit published
        (
            "tianjin_2025",
            "2025-10-01 23:50",
            "sign_due_at",
            {"category": "公共安全/生命财产安全"},
            "2025-10-02 00:05",
        ),
        (
            "tianjin_2025",
            "2025-10-01 23:50",
            "sign_due_at",
            {"category": "水电气热/停水"},
            "2025-10-02 00:20",
        ),
        ("tianjin_2025", "2025-10-01 23:50", "sign_due_at", {"category": "城市管理"}, "2025-10-09 17:30"),
        ("tianjin_2025", "2025-10-01 23:50", "sign_due_at", {}, "2025-10-09 17:30"),
        ("tianjin_2025", "2025-10-01 23:50", "due_at", {}, None),
        ("bengbu_2019", "2025-01-26 23:59", "sign_due_at", {}, "2025-01-27 17:30"),
        ("bengbu_2019", "2025-01-27 23:59", "sign_due_at", {}, "2025-02-05 17:30"),
        ("bengbu_2019", "2025-12-31 23:55", "contact_due_at", {"urgency": "特急"}, "2026-01-01 00:05"),
        ("bengbu_2019", "2025-12-31 23:55", "contact_due_at", {"urgency": "紧急"}, "2026-01-01 00:15"),
    ],
)
def test_the_other_clocks_of_a_pack_run_out_when_a_hand_says(pack, dispatched, column, columns, due):
    found = clock_one(pack, dispatched, **columns)[column]
    assert pd.isna(found) if due is None else found == pd.Timestamp(due)


@pytest.mark.parametrize(
    ("pack", "approved", "columns", "due"),
    [
        ("shandong_2020", 1, {}, "2025-06-24"),
        ("shandong_2020", 2, {}, "2025-06-24"),
        ("shandong_province_2017", 1, {}, "2025-07-03"),
        ("shandong_province_2017", 2, {}, "2025-07-14"),
        ("sichuan_2026", 1, {"type": "求助"}, "2025-06-12"),  # no extension published: none of ours
        ("lvliang_2024", 1, {}, "2025-06-13"),
        ("lvliang_2024", 4, {}, "2025-06-23"),
        ("lvliang_2024", 3, {"category": "城乡建设/征地拆迁"}, "2025-12-07"),
        ("bengbu_2019", 1, {}, "2025-06-10"),
    ],
)
def test_extensions_of_a_pack_add_what_it_publishes(pack, approved, columns, due):
    events = [("extension_approved", f"2025-06-0{4 + count} 09:00") for count in range(approved)]
    found = clock_one(pack, "2025-06-03 09:00", events, **columns)["due_at"]
    assert found == pd.Timestamp(f"{due} 17:30")


@pytest.mark.parametrize("pack", PUBLISHED)
def test_a_published_pack_names_its_source_with_its_year(pack):
    policy = read_policy(pack)
    assert policy.valid_from is not None
    assert str(policy.valid_from.year) in policy.source
    assert "公布" in policy.source or "印发" in policy.source


def test_every_policy_file_is_readable_and_tested():
    found = sorted(path.stem for path in POLICIES.glob("*.yml"))
    assert found == sorted(["county_default", *PUBLISHED])
    assert all(yaml.safe_load(path.read_text(encoding="utf-8"))["name"] for path in POLICIES.glob("*.yml"))
