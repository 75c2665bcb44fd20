import json
from functools import lru_cache

import pandas as pd
import pytest
import yaml

from toolkit import clock, schema
from toolkit.errors import ParameterError
from toolkit.scoring.catalogue import BY_NAME, METRICS, define, lacking, lead_variants
from toolkit.scoring.marks import mark_tickets, mark_times
from toolkit.scoring.metric import in_time, read_metric_settings

POLICY = {"name": "试行办法", "source": "测试", "due_from": "platform_only"}
AS_OF = "2025-06-30 12:00"
DUE = "2025-06-10 17:30"
NAMES = [metric.name for metric in METRICS]
RATES = [metric.name for metric in METRICS if not metric.is_count]
BAD = [
    "不满意率",
    "超期率",
    "重办率",
    "退单率",
    "直接解释率",
    "直办率",
    "时间不明率",
]  # families a good ticket is not counted in
FULL = {  # a ticket that is in every other metric's numerator
    "received_at": "2025-06-03 09:00",
    "dispatched_at": "2025-06-03 10:00",
    "signed_at": "2025-06-03 11:00",
    "first_contact_at": "2025-06-04 09:00",
    "contacted": "是",
    "handling": "转办",
    "platform_due_at": DUE,
    "reply_standard": "规范",
    "reply_fit": "契合",
    "outcome": "已解决",
    "return_count": 0,
    "return_review": "不同意",
    "rework_count": 0,
    "visit_wanted": "是",
    "visit_connected": "是",
    "attitude": "满意",
    "replied_at": "2025-06-05 09:00",
    "visited_at": "2025-06-06 09:00",
    "closed_at": "2025-06-07 09:00",
    "satisfaction": "满意",
    "resolved": "已解决",
    "dispatch_check": "准确",
}


# Nothing says that it was answered: neither a time nor a later stage.
UNANSWERED = {"replied_at": None, "visited_at": None, "closed_at": None}


def count(metric, *tickets, with_excluded=False):
    """Where each ticket, a full one but for the columns given, stands: 1, 0, or None for neither."""
    marks = mark_full(json.dumps(tickets), with_excluded)
    return [None if pd.isna(mark) else mark for mark in marks[metric]]


@lru_cache(maxsize=8)
def mark_full(tickets, with_excluded):
    """What every metric makes of them: of each a test asks for one."""
    changed = enumerate(json.loads(tickets))
    rows = pd.DataFrame([FULL | changes | {"ticket_id": str(place)} for place, changes in changed])
    clocked = clock(schema.make_tickets(rows), POLICY, AS_OF).assign(dispatch_check=rows["dispatch_check"])
    return mark_tickets(clocked, with_excluded)


def best(metric):
    """What a good ticket counts: 1, a hundred hundredths, or 0 in what counts bad ones."""
    return 0 if metric.family in BAD else 100 if metric.weighted else 1


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_a_ticket_answered_in_time_and_to_satisfaction_counts_in_every_metric_but_the_bad_ones(metric):
    assert count(metric.name, {}) == [best(metric)]


STRUCK = [{"exclusion": "通过"}, {"status": "作废"}, {"status": "并单"}]
ASKED = [{"exclusion": "申请"}, {"exclusion": "驳回"}]


@pytest.mark.parametrize("metric", RATES)
def test_a_ticket_struck_off_or_void_is_in_no_rate_and_one_only_asked_for_or_refused_in_every(metric):
    counted = best(BY_NAME[metric])
    assert count(metric, *STRUCK, *ASKED, {}) == [None, None, None, counted, counted, counted]


@pytest.mark.parametrize("metric", RATES)
def test_every_rate_is_known_with_the_excluded_too_but_never_with_the_void(metric):
    counted = best(BY_NAME[metric])
    assert count(metric, *STRUCK, {}, with_excluded=True) == [counted, None, None, counted]


def test_a_ticket_struck_off_or_void_is_still_received():
    assert count("受理件数", {}, {"exclusion": "通过"}, {"status": "作废"}) == [1, 1, 1]


def test_a_ticket_without_a_receipt_time_was_received_all_the_same():
    assert count("受理件数", {"received_at": None}, {}) == [1, 1]


def test_in_time_out_of_received_counts_open_tickets_and_those_without_a_due_time_in_the_denominator():
    tickets = [
        {"replied_at": DUE},
        {"replied_at": "2025-06-10 17:31"},
        UNANSWERED,
        UNANSWERED | {"platform_due_at": "2025-07-10"},
        {"platform_due_at": None},
    ]
    assert count("按期回复率（÷受理）", *tickets) == [1, 0, 0, 0, 0]


def test_in_time_out_of_dispatched_leaves_out_what_was_not_dispatched_by_as_of():
    tickets = [{}, UNANSWERED, {"dispatched_at": None}, {"dispatched_at": "2025-06-30 12:01"}]
    assert count("按期回复率（÷转办）", *tickets) == [1, 0, None, None]


def test_a_reply_counts_whether_or_not_in_time_but_not_after_as_of():
    replies = ["2025-06-20", None, AS_OF, "2025-06-30 12:01"]
    tickets = [UNANSWERED | {"replied_at": replied} for replied in replies]
    assert count("回复率（÷受理）", *tickets) == [1, 0, 1, 0]


def test_closed_in_time_is_out_of_what_is_due_or_closed_early():
    tickets = [
        {"closed_at": DUE},
        {"closed_at": "2025-06-10 17:31"},
        {"closed_at": None},
        {"closed_at": None, "platform_due_at": AS_OF},
        {"closed_at": None, "platform_due_at": "2025-06-30 12:01"},
        {"platform_due_at": "2025-07-10"},
        {"platform_due_at": None},
    ]
    assert count("按时办结率（÷应办结）", *tickets) == [1, 0, 0, 0, None, 1, None]


def test_closed_out_of_received_counts_whatever_is_closed_by_as_of():
    tickets = [{}, {"closed_at": AS_OF}, {"closed_at": "2025-06-30 12:01"}, {"closed_at": None}]
    assert count("办结率（÷受理）", *tickets) == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("非常满意", 1),
        ("满意", 1),
        ("基本满意", 1),
        ("一般", 0),
        ("不满意", 0),
        ("非常不满意", 0),
        ("未评价", None),
        ("默认满意", None),
        (None, None),
    ],
)
def test_satisfied_is_out_of_those_who_gave_a_verdict(word, expected):
    assert count("满意率（÷评价）", {"satisfaction": word}, {}) == [expected, 1]


@pytest.mark.parametrize(("word", "expected"), [("已解决", 1), ("未解决", 0), ("未表态", None), (None, None)])
def test_resolved_is_out_of_those_who_said_so_or_the_contrary(word, expected):
    assert count("解决率（÷已表态）", {"resolved": word}, {}) == [expected, 1]


def test_called_back_is_out_of_the_answered():
    visits = [{}, {"visited_at": None}, {"visited_at": AS_OF}, {"visited_at": "2025-06-30 12:01"}]
    assert count("回访率（÷已答复）", *visits, UNANSWERED) == [1, 0, 1, 0, None]


@pytest.mark.parametrize(("metric", "word"), [("满意率（÷评价）", "不满意"), ("解决率（÷已表态）", "未解决")])
def test_what_a_caller_says_after_as_of_has_not_been_said_yet(metric, word):
    column = "satisfaction" if "满意" in metric else "resolved"
    later = {"visited_at": "2025-06-30 12:01", column: word}
    assert count(metric, {}, later, {"visited_at": AS_OF}) == [1, None, 1]


SIGN_DUE = "2025-06-04 17:30"  # one working day after dispatch
LATE_SIGNED = {"signed_at": "2025-06-04 17:31"}
NO_CONTACT = {"first_contact_at": None, "contacted": "否"}
OPEN = {"closed_at": None}
LATER = "2025-06-30 12:01"  # after as_of


@pytest.mark.parametrize(
    ("metric", "changes", "expected"),
    [
        ("回复率（÷转办）", [{}, UNANSWERED, {"dispatched_at": None}], [1, 0, None]),
        ("办理率（÷受理）", [{}, {"replied_at": None}, UNANSWERED], [1, 1, 0]),
        (
            "按时办结率（÷已办结）",
            [{"closed_at": DUE}, {"closed_at": "2025-06-10 17:31"}, OPEN],
            [1, 0, None],
        ),
        ("办结率（÷应办结）", [{}, {"closed_at": "2025-06-20"}, OPEN], [1, 1, 0]),
        (
            "办结率（÷应办结）",
            [OPEN | {"platform_due_at": "2025-07-10"}, {"platform_due_at": None}],
            [None] * 2,
        ),
        ("办结率（含直接答复）", [{}, OPEN, OPEN | {"handling": "直接答复"}], [1, 0, 1]),
        (
            "超期率（÷受理）",
            [{"replied_at": DUE}, {"replied_at": "2025-06-10 17:31"}, UNANSWERED],
            [0, 1, 1],
        ),
        (
            "超期率（÷受理）",
            [UNANSWERED | {"platform_due_at": "2025-07-10"}, {"platform_due_at": None}],
            [0, 0],
        ),
        ("超期办结率（÷受理）", [{"closed_at": DUE}, {"closed_at": "2025-06-10 17:31"}, OPEN], [0, 1, 0]),
        (
            "超期办结率（÷已办结）",
            [{"closed_at": DUE}, {"closed_at": "2025-06-10 17:31"}, OPEN],
            [0, 1, None],
        ),
        ("及时签收率（÷应签收）", [{"signed_at": SIGN_DUE}, LATE_SIGNED, {"signed_at": None}], [1, 0, 0]),
        ("及时签收率（÷应签收）", [{"dispatched_at": "2025-06-30 09:00", "signed_at": None}, {}], [None, 1]),
        ("先行联系率（÷转办）", [{"contacted": None}, {"first_contact_at": None}, NO_CONTACT], [1, 1, 0]),
        ("先行联系率（÷转办）", [{"first_contact_at": LATER}, {"dispatched_at": None}], [0, None]),
        ("先行联系率（÷已登记）", [{}, {"contacted": "否"}, {"contacted": None}], [1, 0, None]),
        ("响应率（÷应签收）", [{}, LATE_SIGNED, NO_CONTACT, {"signed_at": None}], [1, 0, 0, 0]),
        ("满意率（÷成功回访）", [{}, {"satisfaction": "未评价"}, {"visit_connected": "否"}], [1, 0, None]),
        (
            "满意率（÷评价，含未评价）",
            [{}, {"satisfaction": "未评价"}, {"satisfaction": "默认满意"}],
            [1, 0, None],
        ),
        (
            "满意率（÷评价，含默认满意）",
            [{"satisfaction": "默认满意"}, {"satisfaction": "未评价"}],
            [1, None],
        ),
        ("双满意率（÷评价）", [{}, {"attitude": "不满意"}, {"attitude": None}], [1, 0, None]),
        ("满意率（双满意＋单满意）", [{"attitude": "不满意"}, {"satisfaction": "不满意"}], [1, 1]),
        (
            "满意率（双满意＋单满意）",
            [{"satisfaction": "一般", "attitude": "一般"}, {"attitude": "未评价"}],
            [0, None],
        ),
        ("满意率（加权）", [{}, {"satisfaction": "基本满意"}, {"satisfaction": "不满意"}], [100, 60, 0]),
        ("满意率（加权）", [{"satisfaction": "未评价"}, {"satisfaction": None}, {}], [None, None, 100]),
        (
            "不满意率（÷评价）",
            [{"satisfaction": "不满意"}, {"satisfaction": "一般"}, {"satisfaction": "未评价"}],
            [1, 0, None],
        ),
        (
            "不满意率（÷回访）",
            [{"satisfaction": "非常不满意"}, {"satisfaction": "未评价"}, {"visited_at": None}],
            [1, 0, None],
        ),
        ("满意办结率（÷办结）", [{}, {"satisfaction": "未评价"}, OPEN], [1, 0, None]),
        (
            "派单准确率（÷目录所列）",
            [{}, *({"dispatch_check": word} for word in ("不符", "目录未列", "无法判断", None))],
            [1, 0, None, None, None],
        ),
        ("解决率（÷已登记，含未表态）", [{}, {"resolved": "未表态"}, {"resolved": None}], [1, 0, None]),
        ("解决率（÷解决和解释）", [{}, {"outcome": "解释说明"}, {"outcome": "暂不具备条件"}], [1, 0, None]),
        (
            "回访率（÷应回访）",
            [{}, {"visited_at": None}, {"visit_wanted": "否"}, UNANSWERED],
            [1, 0, None, None],
        ),
        ("有效回访率（÷已回访）", [{}, {"visit_connected": "否"}, {"visited_at": None}], [1, 0, None]),
        (
            "有效回访率（÷应回访）",
            [{}, {"attitude": None}, {"contacted": None}, {"visit_wanted": "否"}],
            [1, 0, 0, None],
        ),
        ("答复规范率（÷已评定）", [{}, {"reply_standard": "不规范"}, {"reply_standard": None}], [1, 0, None]),
        ("答复契合率（÷已评定）", [{}, {"reply_fit": "不契合"}, {"reply_fit": None}], [1, 0, None]),
        ("直接解释率（÷已分类）", [{"outcome": "解释说明"}, {}, {"outcome": None}], [1, 0, None]),
        ("重办率（÷受理）", [{"rework_count": 1}, {}, {"rework_count": None}], [1, 0, 0]),
        ("重办率（÷办结）", [{"rework_count": 1}, {}, {"rework_count": 1} | OPEN], [1, 0, None]),
        ("退单率（÷转办）", [{"return_count": 2}, {}, {"dispatched_at": None}], [1, 0, None]),
        (
            "退单率（÷转办，仅计同意退回）",
            [{"return_review": "同意"}, {}, {"return_review": None}],
            [1, 0, 0],
        ),
        ("一次办结率（÷办结）", [{}, {"rework_count": 1}, {"rework_count": None}, OPEN], [1, 0, 1, None]),
        (
            "一次解决率（÷已表态）",
            [{}, {"rework_count": 1}, {"resolved": "未解决"}, {"resolved": "未表态"}],
            [1, 0, 0, None],
        ),
        ("直办率（÷受理）", [{"handling": "直接答复"}, {}, {"handling": None}], [1, 0, 0]),
    ],
)
def test_a_variant_counts_just_what_its_definition_says(metric, changes, expected):
    assert count(metric, *changes, {})[: len(changes)] == expected


@pytest.mark.parametrize(
    ("column", "stage", "metric"),
    [
        ("attitude", "visited_at", "双满意率（÷评价）"),
        ("reply_standard", "replied_at", "答复规范率（÷已评定）"),
        ("outcome", "closed_at", "直接解释率（÷已分类）"),
        ("contacted", "first_contact_at", "先行联系率（÷已登记）"),
    ],
)
def test_what_a_later_stage_tells_is_not_known_yet(column, stage, metric):
    assert count(metric, {stage: LATER}, {}) == [None, 0 if column == "outcome" else 1]


def test_times_watch_the_answered_and_the_still_open():
    rows = [
        FULL,
        FULL | UNANSWERED,
        FULL | {"replied_at": "2025-06-01"},
        FULL | {"received_at": None},
    ]
    rows = [row | {"ticket_id": str(place)} for place, row in enumerate(rows)]
    watched = mark_times(clock(schema.make_tickets(pd.DataFrame(rows)), POLICY, AS_OF))["办理用时"]
    assert [None if pd.isna(mark) else mark for mark in watched] == [1, 0, None, None]


def test_the_leading_variant_is_the_first_of_its_family_that_can_be_counted():
    families = lead_variants({"按时办结率（÷已办结）", "按期回复率（÷受理）", "按期回复率（÷转办）"})
    assert {family: variants[0].name for family, variants in families.items()} == {
        "按期回复率": "按期回复率（÷受理）",
        "按时办结率": "按时办结率（÷已办结）",
    }


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"满意": 100}, "'非常满意' has no weight"),
        (dict.fromkeys([*schema.RATED, "很好"], 1), "'很好' is no verdict"),
        (dict.fromkeys(schema.RATED, 101), "less than or equal to 100"),
    ],
)
def test_weights_that_fit_no_verdict_are_named(tmp_path, weights, said):
    path = tmp_path / "metrics.yml"
    path.write_text(yaml.safe_dump({"satisfaction_weights": weights, "within_days": [1]}), encoding="utf-8")
    with pytest.raises(ParameterError, match=said):
        read_metric_settings(path)


# --- what an export does not tell ------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [
        *["satisfaction", "attitude", "resolved", "outcome", "handling", "reply_standard", "reply_fit"],
        *["dispatched_at", "signed_at", "visited_at", "visit_connected", "visit_wanted", "closed_at"],
        *["rework_count", "return_count", "return_review"],
    ],
)
def test_a_metric_whose_column_the_export_leaves_empty_is_left_out_and_named(column):
    tickets = schema.make_tickets(pd.DataFrame([FULL | {"ticket_id": "a", column: None}]))
    clocked = clock(tickets, POLICY, AS_OF)
    left_out = lacking(clocked)
    assert {m.name for m in METRICS if column in m.needs} <= set(left_out)
    assert left_out and all(columns for columns in left_out.values())
    assert list(mark_tickets(clocked)) == [name for name in NAMES if name not in left_out]


def test_nothing_answered_yet_is_a_rate_of_zero_and_not_a_missing_metric():
    open_ones = [{"replied_at": "2025-06-30 12:01", "closed_at": "2025-06-30 12:01"}] * 2
    assert count("回复率（÷受理）", *open_ones) == [0, 0]


def test_an_empty_table_lacks_nothing_and_has_no_members():
    clocked = clock(schema.make_tickets({}), POLICY, AS_OF)
    marks = mark_tickets(clocked)
    assert lacking(clocked) == {}
    assert (marks.shape, list(marks)) == ((0, len(NAMES)), NAMES)


def test_members_keep_the_index_of_the_tickets_and_leave_them_as_they_were():
    tickets = schema.make_tickets(pd.DataFrame([FULL | {"ticket_id": "a"}])).set_axis([9])
    clocked = clock(tickets, POLICY, AS_OF)
    before = clocked.copy(deep=True)
    assert mark_tickets(clocked).index.tolist() == [9]
    pd.testing.assert_frame_equal(clocked, before)


@pytest.mark.parametrize(("stage", "word"), [("replied_at", "回复"), ("closed_at", "办结")])
def test_a_definition_names_the_stage_that_counts_as_the_answer(stage, word):
    metric = METRICS[NAMES.index("按期回复率（÷受理）")]
    assert define(metric, stage).startswith(f"截止时间前{word}的件 ÷ 受理件")


def test_every_metric_has_its_own_name_a_definition_and_a_source():
    assert len(set(NAMES)) == len(NAMES)
    for metric in METRICS:
        assert metric.is_count or "÷" in metric.definition
        assert metric.family
        assert "{" not in define(metric, "replied_at")
        assert len(metric.source) > 4


def test_a_time_before_receipt_is_not_in_time():
    times = {"received_at": ["2025-03-03 09:00"] * 2, "closed_at": ["2025-03-02 09:00", "2025-03-04 09:00"]}
    tickets = schema.make_tickets(times).assign(due_at=pd.Timestamp("2025-03-10 17:30"))
    assert in_time("closed_at", "due_at")(tickets).tolist() == [False, True]
