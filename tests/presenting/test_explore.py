"""The drill-down: which tickets meet the choices, what the widgets show, and one ticket opened."""

from dataclasses import replace

import ipywidgets as widgets
import pandas as pd
import pytest

import toolkit
from toolkit import schema
from toolkit.presenting import explore
from toolkit.presenting.choose import count_options, find_options, find_stage, list_watched

AS_OF = "2025-03-31 18:00"
HOSTILE = "<script>alert(1)</script>"
# A: answered in time; B: answered late; C: open and overdue; D: not yet due; E: no unit, no category.
EXPORT = pd.DataFrame(
    {
        "工单编号": ["A", "B", "C", "D", "E"],
        "承办单位": ["云岭镇", "云岭镇", "青河镇", "青河镇", None],
        "问题分类": ["城乡建设/供水", "城乡建设/供水", "城乡建设", "环境保护/噪声", None],
        "受理时间": ["2025-03-03 09:00", "2025-03-03 10:00", "2025-03-04 09:00", "2025-03-31 09:00", "2025-03-05 09:00"],
        "转办时间": ["2025-03-03 09:30", "2025-03-03 10:30", "2025-03-04 09:30", "2025-03-31 09:30", "2025-03-05 09:30"],
        "签收时间": ["2025-03-03 11:00", "2025-03-03 11:00", None, "2025-03-31 11:00", "2025-03-05 11:00"],
        "截止时间": ["2025-03-10 17:30", "2025-03-10 17:30", "2025-03-11 17:30", "2025-04-08 17:30", "2025-03-12 17:30"],
        "回复时间": ["2025-03-06 09:00", "2025-03-20 09:00", None, None, "2025-03-07 09:00"],
        "办结时间": ["2025-03-07 09:00", None, None, None, "2025-04-02 09:00"],
        "诉求内容": ["停水两日", "水压不足", "恶意文字", "夜间施工", None],
        "回复内容": ["已恢复供水", "已调压", None, None, "已办恶意文字"],
    }
)  # fmt: skip


def prepare(export):
    loaded = toolkit.load(export, AS_OF, key=b"k")
    # Loading takes tags off; what shows a text must not rely on it.
    texts = loaded.tickets[["content", "reply"]].apply(lambda own: own.str.replace("恶意文字", HOSTILE))
    loaded = replace(loaded, tickets=loaded.tickets.assign(**texts))
    return toolkit.prepare(loaded, {"as_of": AS_OF, "period": "2025"})


@pytest.fixture(scope="module")
def prepared():
    return prepare(EXPORT)


@pytest.fixture
def screen(prepared):
    return explore.explore(prepared)


def ids(frame):
    return "".join(sorted(frame[frame.columns[0]]))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, "ABCDE"),
        ({"unit": "云岭镇"}, "AB"),
        ({"unit": schema.NO_UNIT}, "E"),
        ({"category": "城乡建设"}, "ABC"),
        ({"category": "城乡建设/供水"}, "AB"),
        ({"category": "（未填）"}, "E"),
        ({"stage": "待签收"}, "C"),
        ({"stage": "待联系或办理中"}, "D"),
        ({"stage": "已回复"}, "BE"),
        ({"stage": "已办结"}, "A"),
        ({"state": schema.ON_TIME}, "AE"),
        ({"state": schema.LATE}, "B"),
        ({"state": schema.OVERDUE}, "C"),
        ({"state": schema.PENDING}, "D"),
        ({"rule": "超期未回复"}, "C"),
        ({"rule": "未按时签收"}, "C"),
        ({"unit": "没有的镇"}, ""),
    ],
)
def test_a_choice_gives_exactly_its_tickets(prepared, choices, expected):
    assert ids(explore.choose_tickets(prepared, **choices)["ticket_id"].to_frame()) == expected


def test_choices_together_give_the_tickets_that_meet_all_of_them(prepared):
    found = explore.choose_tickets(prepared, unit="云岭镇", category="城乡建设", state=schema.LATE)
    assert list(found["ticket_id"]) == ["B"]
    assert explore.choose_tickets(prepared, unit="云岭镇", rule="超期未回复").empty


def test_the_longest_overdue_come_first_and_what_is_done_comes_last(prepared):
    assert list(explore.choose_tickets(prepared)["ticket_id"]) == ["C", "D", "B", "A", "E"]


def test_tickets_of_the_year_before_are_not_explored():
    earlier = EXPORT.assign(工单编号=EXPORT["工单编号"] + "0").head(1)
    earlier = earlier.replace(r"^2025-03", "2024-01", regex=True)  # so that the data cover the year before
    both = prepare(pd.concat([EXPORT, earlier], ignore_index=True))
    assert "A0" in set(both.tickets["ticket_id"])
    assert ids(explore.choose_tickets(both)[["ticket_id"]]) == "ABCDE"


def test_an_export_without_signing_times_says_of_no_ticket_that_it_is_unsigned():
    tickets = toolkit.clock(
        schema.make_tickets({"ticket_id": ["A"], "received_at": ["2025-03-03"]}), "county_default", AS_OF
    )
    assert list(find_stage(tickets)) == ["待联系或办理中"]


def test_a_void_ticket_is_at_no_other_stage():
    rows = {"ticket_id": ["A"], "status": ["作废"], "closed_at": ["2025-03-03"]}
    tickets = toolkit.clock(schema.make_tickets(rows), "county_default", AS_OF)
    assert list(find_stage(tickets)) == [schema.VOID]


def test_options_are_counted_under_the_other_filters_and_not_under_their_own(prepared):
    tickets = list_watched(prepared)
    counts = count_options(
        find_options(prepared, tickets), {"unit": "云岭镇", "rule": "即将到期"}, len(tickets)
    )
    assert counts["unit"] == {"": 0, "云岭镇": 0}  # the chosen one stays on offer
    assert counts["rule"] == {"": 2, "超期回复": 1, "回复过短": 2, "回复缺要素": 1, "即将到期": 0}


# --- the widget ------------------------------------------------------------------------------------


def parts(screen):
    choosing, summary, chart, note, table, ticket, _ = screen.children
    dropdowns = {w.description: w for w in choosing.children if isinstance(w, widgets.Dropdown)}
    return dropdowns, choosing.children[-1], summary, chart, note, table, ticket


def test_choosing_in_the_dropdowns_changes_rows_summary_and_chart(screen):
    dropdowns, _, summary, chart, _, table, _ = parts(screen)
    before = chart.outputs
    dropdowns["承办单位"].value = "云岭镇"
    assert ids(table.df) == "AB"
    assert "云岭镇</b>：<b>2件" in summary.value
    assert "超期回复1件" in summary.value
    assert chart.outputs != before
    dropdowns["时限状态"].value = schema.LATE
    assert ids(table.df) == "B"


def test_options_of_the_other_filters_follow_the_choice_and_show_counts(screen):
    dropdowns, *_ = parts(screen)
    dropdowns["承办单位"].value = "青河镇"
    assert dropdowns["问题分类"].options == (
        ("全部（2）", ""),
        ("城乡建设（1）", "城乡建设"),
        ("环境保护（1）", "环境保护"),
        ("　环境保护/噪声（1）", "环境保护/噪声"),
    )
    assert ("云岭镇（2）", "云岭镇") in dropdowns["承办单位"].options


def test_a_selection_without_tickets_says_so_until_it_is_cleared(screen):
    dropdowns, reset, summary, chart, _, table, _ = parts(screen)
    dropdowns["承办单位"].value = "云岭镇"
    dropdowns["时限状态"].value = schema.LATE
    # A page that lags behind can still choose what is no longer offered.
    dropdowns["承办单位"].options = [("青河镇", "青河镇")]
    assert "没有符合条件的工单" in summary.value
    assert chart.outputs == ()
    assert table.df.empty
    reset.click()
    assert ids(table.df) == "ABCDE"
    assert all(dropdown.value == "" for dropdown in dropdowns.values())


def test_no_tickets_at_all_still_make_a_screen():
    nothing = prepare(EXPORT.assign(受理时间="2023-03-03 09:00", 回复时间="2023-03-04 09:00"))
    assert "没有符合条件的工单" in parts(explore.explore(nothing))[2].value


def test_a_selected_row_opens_its_ticket_and_a_new_choice_closes_it(screen):
    dropdowns, *_, table, ticket = parts(screen)
    table.selected_rows = [1]
    assert "夜间施工" in ticket.value
    dropdowns["承办单位"].value = "云岭镇"
    assert "夜间施工" not in ticket.value
    assert table.selected_rows == []


def test_a_long_list_says_how_many_there_are(prepared, monkeypatch):
    monkeypatch.setattr(explore, "MOST", 2)
    *_, note, table, _ = parts(explore.explore(prepared))
    assert len(table.df) == 2
    assert "工单5件，表中为最急的2件" in note.value


# --- one ticket ------------------------------------------------------------------------------------


def test_ticket_text_is_escaped(prepared):
    for ticket_id in ["C", "E", HOSTILE]:
        shown = explore.describe_ticket(prepared, ticket_id)
        assert "<script" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_timeline_has_the_stages_and_the_due_time_in_order(prepared):
    shown = explore.describe_ticket(prepared, "B")
    times = [
        "2025-03-03 10:00",
        "2025-03-03 11:00",
        "2025-03-10 17:30",
        "2025-03-20 09:00",
        "2025-03-31 18:00",
    ]
    assert sorted(times, key=shown.index) == times
    assert "截止时间</td><td>超期回复" in shown


def test_a_stage_after_the_cut_off_is_shown_and_said_not_to_count(prepared):
    assert "办结时间</td><td>晚于统计截止，不计" in explore.describe_ticket(prepared, "E")


def test_a_ticket_shows_the_evidence_of_its_findings(prepared):
    evidence = prepared.findings.loc[prepared.findings["ticket_id"].eq("C"), "evidence"]
    assert len(evidence) == 3
    assert all(sentence in explore.describe_ticket(prepared, "C") for sentence in evidence)


def test_missing_values_are_called_missing(prepared):
    shown = explore.describe_ticket(prepared, "E")
    assert "承办单位：（未填）" in shown
    assert "nan" not in shown.lower()
    assert "NaT" not in shown
