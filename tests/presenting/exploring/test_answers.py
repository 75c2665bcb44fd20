"""What the kernel answers the explorer: the frame it has chosen, a ticket by its number, what is kept."""

from dataclasses import replace

import pandas as pd
import pytest
from cases.explorer import HOSTILE, ask_explorer, prepare_export
from cases.reports import with_frames

from toolkit.presenting.explore import explore
from toolkit.presenting.exploring.answers import search_tickets
from toolkit.presenting.exploring.columns import write_first
from toolkit.presenting.exploring.files import read_styles
from toolkit.presenting.exploring.ticket import cut_ticket, find_ticket, mark_differences
from toolkit.presenting.exploring.widget import name_desk


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


@pytest.fixture
def explorer(prepared, tmp_path):
    return explore(prepared, tmp_path / "desk")


def answer(explorer, kind, **given):
    """The one answer to a question, which bears its number."""
    ((told, buffers),) = ask_explorer(explorer, {"kind": kind, "number": "7", **given})
    assert told["number"] == "7"
    return told, buffers


def keep(explorer, ticks=None, where=None, **view):
    return answer(
        explorer,
        "keep",
        ticks=ticks or {},
        where=where or {},
        view={"search": "", "sort": None, "down": False, **view},
    )


def test_the_frame_follows_condition_search_and_order(explorer):
    assert list(explorer.tickets["ticket_id"]) == ["C", "D", "A", "B", "E"]
    keep(explorer, where={"unit": ["云岭镇", "青河镇"]}, sort="ticket_id", down=True)
    assert list(explorer.tickets["ticket_id"]) == ["D", "C", "B", "A"]
    keep(explorer, where={"unit": ["云岭镇"]}, search="调压")
    assert list(explorer.tickets["ticket_id"]) == ["B"]
    assert explorer.tickets["stage"].tolist() == ["已回复"]
    assert explorer.tickets["reply"].tolist() == ["已调压"]


def test_no_frame_stands_in_what_is_synchronised(explorer):
    state = explorer.get_state()
    assert not [name for name, value in state.items() if isinstance(value, (pd.DataFrame, bytes))]
    assert "停水两日" not in str(state)


def test_the_explorer_has_the_pages_colours_and_its_desk_a_name_of_its_own(prepared):
    assert read_styles().startswith(".explorer { --ink: #1f2933;")
    about = prepared.about | {"county": "../某/县"}
    assert name_desk(replace(prepared, about=about)).name == ".._某_县_2025-01-01..2025-12-31"


def test_what_was_kept_is_there_for_the_next_explorer(explorer, prepared):
    tick = {"level": "一般督办", "days": 5, "note": "先电话"}
    keep(explorer, {"C": tick, "D": tick}, {"unit": ["青河镇"]})
    assert keep(explorer, {"D": None}, {"unit": ["青河镇"]})[0]["ticks"] == {"C": tick}
    again = explore(prepared, explorer.desk)
    told, (packed,) = answer(again, "first")
    assert told["state"]["ticks"] == {"C": tick}
    assert told["state"]["where"] == {"unit": ["青河镇"]}
    assert set(again.tickets["ticket_id"]) == {"C", "D"}
    assert packed == write_first(prepared)


def test_a_search_reads_every_text_and_takes_no_sign_for_a_pattern(prepared):
    for text, found in [
        ("停水", "A"),
        ("b", "B"),
        ("SCRIPT", "CE"),
        ("云岭镇", "AB"),
        (".*", ""),
        ("attacked=", "CE"),
        ("(", ""),
    ]:
        assert "".join(search_tickets(prepared.tickets, text)["ticket_id"]) == found


def test_a_number_the_run_does_not_hold_is_said_so(explorer):
    for kind in ("ticket", "compare"):
        told, buffers = answer(explorer, kind, ticket=HOSTILE, other="A")
        assert told["trouble"] == f"没有编号为{HOSTILE}的工单"
        assert buffers == []


def test_a_question_that_fails_is_answered_too(explorer):
    told, buffers = answer(explorer, "没有的问题")
    assert told["trouble"] == "程序出错：KeyError '没有的问题'"
    assert buffers == []


def test_orders_are_issued_on_what_is_ticked_and_said_in_words(explorer):
    told, _ = answer(
        explorer, "orders", form="word", ticks={"C": {"level": "一般督办", "days": 5, "note": ""}}
    )
    assert "1份督办单在" in told["said"]
    assert [file.suffix for file in (explorer.desk / "督办单").iterdir()] == [".docx"]


def test_the_code_of_a_step_names_its_condition(explorer):
    view = {"search": "", "sort": None, "down": False}
    told, _ = answer(explorer, "code", where={"unit": ["云岭镇"]}, view=view)
    assert "云岭镇" in told["code"]


def test_a_ticket_is_told_with_its_callers_others_and_those_its_findings_name(prepared):
    tickets = prepared.tickets.assign(caller=["x", "x", "y", None, None])
    findings = prepared.findings.head(1).assign(ticket_id="A", evidence="与另外1件大体相同，如20250101000001")
    tickets["ticket_id"] = tickets["ticket_id"].replace("C", "20250101000001")
    report = with_frames(prepared, tickets=tickets, findings=findings)
    own = cut_ticket(report, find_ticket(report, "A"))
    assert own.related[["other", "kind"]].to_numpy().tolist() == [
        ["20250101000001", "线索所指"],
        ["B", "同一来电人"],
    ]
    assert own.tickets["ticket_id"].tolist() == ["A"]
    assert cut_ticket(report, find_ticket(report, "D")).related.empty


def test_differences_give_both_texts_back():
    parts = mark_differences("已恢复供水，谢谢", "已调压，谢谢您")
    assert "".join(text for kind, text in parts if kind != "ins") == "已恢复供水，谢谢"
    assert "".join(text for kind, text in parts if kind != "del") == "已调压，谢谢您"
    assert ["same", "，谢谢"] in parts
    assert mark_differences("", "") == []
