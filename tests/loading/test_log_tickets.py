"""A flow log alone makes the tickets, says so, and guesses nothing that the log does not tell."""

import pandas as pd
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

import toolkit

AS_OF = "2025-12-31"
COLUMNS = ["工单编号", "操作", "操作时间", "操作单位"]


def load_log(*rows, columns=COLUMNS):
    return toolkit.load(pd.DataFrame(rows, columns=columns), AS_OF, key=b"k")


def test_times_unit_and_counts_come_from_the_events_of_each_ticket():
    loaded = load_log(
        ["A1", "受理", "2025-03-03 09:00", "热线办"],
        ["A1", "派单", "2025-03-03 10:00", "甲镇"],
        ["A1", "退单", "2025-03-03 15:00", "甲镇"],
        ["A1", "改派", "2025-03-04 09:00", "乙局"],
        ["A1", "签收", "2025-03-04 10:00", "乙局"],
        ["A1", "回复", "2025-03-05 10:00", "乙局"],
        ["A1", "办结", "2025-03-06 10:00", "热线办"],
        ["A2", "受理", "2025-03-03 09:00", "热线办"],
        ["A2", "派单", "2025-03-03 10:00", "甲镇"],
    )
    tickets = loaded.tickets.set_index("ticket_id")
    assert tickets["unit"].to_dict() == {"A1": "乙局", "A2": "甲镇"}
    assert str(tickets.loc["A1", "received_at"]) == "2025-03-03 09:00:00"
    assert str(tickets.loc["A1", "dispatched_at"]) == "2025-03-04 09:00:00"
    assert str(tickets.loc["A1", "replied_at"]) == "2025-03-05 10:00:00"
    assert str(tickets.loc["A1", "closed_at"]) == "2025-03-06 10:00:00"
    assert tickets.loc["A2", ["signed_at", "replied_at", "closed_at"]].isna().all()
    assert tickets["return_count"].to_dict() == {"A1": 1, "A2": 0}
    assert tickets["urge_count"].isna().all()  # no event of the log is an urging: not known, not zero


def test_the_account_counts_events_and_an_issue_says_the_tickets_are_made():
    loaded = load_log(["A1", "派单", "2025-03-03", "甲镇"], ["A1", "回复", "2025-03-04", "甲镇"])
    assert loaded.account[["read", "tickets", "events", "refused"]].values.tolist() == [[2, 0, 2, 0]]
    made = loaded.issues.query("check == '工单由流转记录生成'")
    assert made[["value", "kind"]].values.tolist() == [["1件", "kept"]]
    assert not loaded.events["is_built"].any()


def test_a_ticket_whose_receipt_the_log_does_not_tell_has_none():
    loaded = load_log(["A1", "派单", "2025-03-03", "甲镇"], ["A2", "受理", "2025-03-03", "热线办"])
    assert loaded.tickets.set_index("ticket_id")["received_at"].isna().to_dict() == {"A1": True, "A2": False}
    assert "无受理时间" in set(loaded.issues["check"])


def test_where_the_log_names_who_acts_the_sender_is_not_taken_for_the_unit():
    loaded = load_log(
        ["A1", "派单", "2025-03-03 10:00", "热线办"],
        ["A1", "签收", "2025-03-03 11:00", "甲镇"],
        ["A2", "派单", "2025-03-03 10:00", "热线办"],
    )
    units = loaded.tickets.set_index("ticket_id")["unit"]
    assert units["A1"] == "甲镇"
    assert pd.isna(units["A2"])


def test_a_unit_that_never_took_anything_up_still_got_its_tickets():
    loaded = load_log(
        ["A1", "派单", "2025-03-03 10:00", "甲镇"],
        ["A2", "派单", "2025-03-03 10:00", "乙局"],
        ["A2", "签收", "2025-03-03 11:00", "乙局"],
    )
    assert loaded.tickets.set_index("ticket_id")["unit"].to_dict() == {"A1": "甲镇", "A2": "乙局"}


def test_what_every_row_repeats_of_its_ticket_is_the_tickets_and_what_differs_is_named():
    rows = [
        ["A1", "派单", "2025-03-03", "甲镇", "路灯不亮", "13812345678", "2025-03-10", "处理中"],
        ["A1", "回复", "2025-03-04", "甲镇", "路灯不亮", "13812345678", None, "已办结"],
    ]
    loaded = load_log(*rows, columns=[*COLUMNS, "标题", "联系电话", "截止时间", "工单状态"])
    ticket = loaded.tickets.iloc[0]
    assert ticket["title"] == "路灯不亮"
    assert str(ticket["platform_due_at"]) == "2025-03-10 23:59:59"
    assert len(ticket["caller"]) == 16
    assert pd.isna(ticket["status"])
    assert loaded.issues.query("check == '同一工单各行取值不一，未采用'")["column"].tolist() == ["status"]


def test_the_words_of_process_mining_are_known():
    for names in (
        ["case:concept:name", "concept:name", "time:timestamp", "org:resource"],
        ["case", "activity", "timestamp", "resource"],
        ["case_id", "event", "timestamp", "resource"],
        ["Case ID", "Activity", "Complete Timestamp", "Resource"],
    ):
        loaded = load_log(
            ["A1", "Received", "2025-03-03 09:00", "热线办"],
            ["A1", "assigned", "2025-03-03 10:00", "甲镇"],
            ["A1", "Closed", "2025-03-04 10:00", "甲镇"],
            columns=names,
        )
        assert loaded.events["event"].tolist() == ["received", "dispatched", "closed"], names
        assert loaded.tickets[["ticket_id", "unit"]].values.tolist() == [["A1", "甲镇"]]


def test_a_destroyed_number_in_a_log_is_refused_and_makes_no_ticket():
    loaded = load_log(["A1", "派单", "2025-03-03", "甲镇"], ["1.2E+17", "派单", "2025-03-03", "甲镇"])
    assert loaded.tickets["ticket_id"].tolist() == ["A1"]
    assert loaded.account[["read", "events", "refused"]].values.tolist() == [[2, 1, 1]]


def test_a_log_without_one_readable_row_gives_no_ticket_and_loses_none():
    loaded = load_log(["", "派单", "2025-03-03", "甲镇"])
    assert loaded.tickets.empty
    assert loaded.account[["read", "events", "refused"]].values.tolist() == [[1, 0, 1]]


def test_the_demos_log_alone_tells_each_ticket_what_its_sheet_tells(demo_loaded):
    log = demo_loaded.events[~demo_loaded.events["is_built"]]
    rows = log[["ticket_id", "event", "at", "unit"]].set_axis(COLUMNS, axis="columns")
    made = toolkit.load(rows, AS_OF, key=b"k").tickets.set_index("ticket_id")
    own = demo_loaded.tickets.set_index("ticket_id").loc[made.index]
    same = ["unit", "received_at", "dispatched_at", "signed_at", "replied_at", "closed_at", "return_count"]
    assert len(made) > 1_000
    pd.testing.assert_frame_equal(made[same], own[same])


cells = st.sampled_from(["", "A1", "A2", "1.2E+17", "派单", "受理", "2025-03-03", "2025-03-04 10:00", "甲镇"])


@examples(10)
@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=10))
def test_rows_of_a_log_are_events_refused_and_left_out(rows):
    account = load_log(*rows).account.iloc[0]
    assert account["read"] == sum(any(row) for row in rows)
    assert account["read"] == account[["tickets", "events", "refused", "left_out"]].sum()
    assert account["tickets"] == 0
