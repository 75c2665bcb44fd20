import pandas as pd
import pytest
from cases.rules import AS_OF, find, only

from toolkit import clock, flag, rules, schema

CLOSED = {
    "type": "投诉",
    "category": "城乡建设/供水",
    "caller": "p1",
    "address": "甲乡东村1组",
    "township": "甲乡",
    "received_at": "2025-05-01 09:00",
    "closed_at": "2025-05-05 10:00",
}
CALL = CLOSED | {"closed_at": None, "unit": "乙镇"}


def call_again(received_at, closed=(), call=()):
    call = CALL | {"received_at": received_at} | dict(call)
    return find("called_again", CLOSED | dict(closed), call)


# --- called_again ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_at", "severity", "hours", "apart"),
    [
        ("2025-05-05 10:01", "红", 1 / 60, "0小时"),
        ("2025-05-08 10:00", "红", 72, "72小时"),
        ("2025-05-08 10:01", "橙", 72 + 1 / 60, "3天"),
        ("2025-05-12 10:00", "橙", 168, "7天"),
        ("2025-05-12 10:01", "黄", 168 + 1 / 60, "7天"),
        ("2025-06-04 10:00", "黄", 720, "30天"),
    ],
)
def test_a_call_after_closing_is_red_within_72_hours_orange_within_a_week_yellow_within_a_month(
    received_at, severity, hours, apart
):
    finding = only(call_again(received_at))
    assert (finding["ticket_id"], finding["unit"], finding["severity"]) == ("t0", "甲乡", severity)
    assert finding["measure"] == pytest.approx(hours)
    assert finding["evidence"] == (
        f"2025-05-05 10:00办结，{received_at}同一来电人又就“城乡建设/供水”来电，相隔{apart}"
    )


@pytest.mark.parametrize("received_at", ["2025-05-05 10:00", "2025-05-02 10:00", "2025-06-04 10:01", None])
def test_a_call_at_or_before_closing_or_a_month_later_is_no_call_again(received_at):
    assert call_again(received_at).empty


@pytest.mark.parametrize(
    "closed",
    [
        {"type": "咨询"},
        {"status": "作废"},
        {"closed_at": None},
        {"closed_at": "2025-06-10 12:01"},
        {"category": None},
        {"received_at": "2025-05-05 10:01"},
    ],
)
def test_inquiries_void_tickets_and_those_not_closed_are_left_alone(closed):
    assert call_again("2025-05-06 10:00", closed).empty


@pytest.mark.parametrize(
    "call",
    [
        {"caller": "p2"},
        {"category": "城乡建设/道路"},
        {"category": "城乡建设"},
        {"status": "作废"},
        {"status": "撤单"},
    ],
)
def test_another_caller_or_matter_or_a_call_taken_back_is_no_call_again(call):
    assert call_again("2025-05-06 10:00", call=call).empty


def test_a_call_merged_into_another_ticket_was_a_call():
    assert len(call_again("2025-05-06 10:00", call={"status": "并单"})) == 1


@pytest.mark.parametrize(("closed", "call"), [(None, "p1"), ("p1", None), (None, None)])
def test_the_place_stands_in_for_a_caller_who_is_missing_on_either_side(closed, call):
    finding = only(call_again("2025-05-06 10:00", {"caller": closed}, {"caller": call}))
    assert "同一地点又就" in finding["evidence"]
    for place in ({"address": None}, {"township": "乙镇"}):
        assert call_again("2025-05-06 10:00", {"caller": closed}, {"caller": call} | place).empty


def test_a_call_after_as_of_has_not_come():
    late = {"closed_at": "2025-06-09 10:00"}
    assert call_again("2025-06-10 12:01", late).empty
    assert len(call_again(AS_OF, late)) == 1


def test_the_first_of_several_calls_counts_and_only_a_ticket_of_the_same_unit_is_named():
    calls = [CALL | {"received_at": f"2025-05-{day} 10:00", "unit": "甲乡"} for day in ("20", "06", "09")]
    finding = only(find("called_again", CLOSED, *calls))
    assert finding["measure"] == 24
    assert "来电（工单t2），相隔24小时" in finding["evidence"]
    assert "工单" not in only(call_again("2025-05-06 10:00"))["evidence"]
    assert "工单" not in only(call_again("2025-05-06 10:00", {"unit": None}, {"unit": None}))["evidence"]


# --- closed_unresolved -----------------------------------------------------------------------------

UNRESOLVED = {"closed_at": "2025-06-05 10:00", "resolved": "未解决"}


@pytest.mark.parametrize(
    ("word", "severity"), [("不满意", "红"), ("非常不满意", "红"), ("一般", "橙"), (None, "橙")]
)
def test_closed_and_unresolved_is_orange_and_red_where_the_citizen_is_dissatisfied(word, severity):
    finding = only(find("closed_unresolved", UNRESOLVED | {"satisfaction": word}))
    said = f"，群众评价“{word}”" if severity == "红" else ""
    assert finding["severity"] == severity
    assert finding["evidence"] == f"2025-06-05 10:00办结，“是否解决”记为未解决{said}"


@pytest.mark.parametrize("status", ["已办结", "已结案", "归档"])
def test_a_closed_status_counts_without_a_time_of_closing(status):
    finding = only(find("closed_unresolved", {"resolved": "未解决", "status": status}))
    assert finding["evidence"] == f"状态为“{status}”，“是否解决”记为未解决"


@pytest.mark.parametrize(
    "columns",
    [
        {"resolved": "未表态"},
        {"resolved": "已解决"},
        {"resolved": None},
        {"closed_at": None, "status": "办理中"},
        {"closed_at": "2025-06-10 12:01", "status": "已办结"},
        {"visited_at": "2025-06-10 12:01"},
        {"exclusion": "通过"},
        {"status": "作废"},
        {"received_at": "2025-06-10 12:01"},
    ],
)
def test_open_undecided_excluded_void_or_later_tickets_are_not_closed_unresolved(columns):
    assert find("closed_unresolved", UNRESOLVED | columns, {"resolved": "已解决"}).empty


# --- reopened --------------------------------------------------------------------------------------

LOG = [("t0", "reworked", f"06-0{day} 10:00", None) for day in (2, 3)]


@pytest.mark.parametrize(("count", "severity"), [(1, "黄"), (2, "橙"), (3, "红"), (4, "红")])
def test_rework_is_yellow_twice_orange_and_three_times_red(count, severity):
    finding = only(find("reopened", {"rework_count": count}))
    assert (finding["severity"], finding["measure"]) == (severity, count)
    assert finding["evidence"] == f"已发回重办{count}次"


def test_rework_in_the_flow_log_counts_and_the_larger_number_holds():
    finding = only(find("reopened", {}, log=LOG))
    assert (finding["severity"], finding["since"]) == ("橙", pd.Timestamp("2025-06-02 10:00"))
    assert finding["evidence"] == "已发回重办2次（流转记录2025-06-02 10:00至2025-06-03 10:00）"
    finding = only(find("reopened", {"rework_count": 3}, log=LOG[:1]))
    assert finding["evidence"] == "已发回重办3次（流转记录2025-06-02 10:00）"


@pytest.mark.parametrize(
    "columns", [{"rework_count": 0}, {"rework_count": None}, {"rework_count": 1, "status": "作废"}]
)
def test_no_rework_an_unknown_number_or_a_void_ticket_is_not_reopened(columns):
    assert find("reopened", columns, {"rework_count": 0}).empty


def test_rework_after_as_of_has_not_happened():
    assert find("reopened", {"rework_count": 0}, log=[("t0", "reworked", "06-10 12:01", None)]).empty


def test_reopened_needs_a_count_or_a_log_and_says_so():
    tickets = pd.DataFrame(CLOSED, index=[0])
    clocked = clock(schema.make_tickets(tickets.assign(ticket_id="a")), {"name": "n", "source": "s"}, AS_OF)
    table = rules(clocked).set_index("rule")
    assert table.loc["reopened", "missing"] == "重办次数或流转记录"
    assert flag(clocked, {"name": "n", "source": "s"}).query("rule == 'reopened'").empty


@pytest.mark.parametrize("rule", ["called_again", "closed_unresolved", "reopened"])
def test_an_empty_table_has_no_findings_about_closing(rule):
    assert find(rule).empty and find(rule, log=[]).empty


def test_whoever_called_again_in_the_demo_within_a_week_is_found(demo_county, demo_tickets, demo_run):
    planted = pd.read_csv(demo_county / "planted.csv", dtype="str")
    planted = set(planted.query("rule == 'closed_then_called_again'")["ticket_id"])
    found = flag(demo_tickets, demo_run.policy, only=["called_again"])
    inquiries = set(demo_tickets.query("type == '咨询'")["ticket_id"])
    assert planted - inquiries <= set(found["ticket_id"])
    soon = found[found["measure"].le(7 * 24) & found["evidence"].str.contains("同一来电人")]
    assert set(soon["ticket_id"]) == planted - inquiries
