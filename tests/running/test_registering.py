"""Runs that keep a register: orders are entered once, answered ones say so, an earlier run leaves them alone."""

import pandas as pd
import pytest
from cases.registers import edit, put, read_rows
from cases.reports import NOTHING
from cases.supervising import make, report

from toolkit.errors import ParameterError
from toolkit.loading.load import Loaded
from toolkit.preparing.report import cut_report, read_report, write_report
from toolkit.preparing.run_file import Run
from toolkit.running.registering import keep_register, register_orders
from toolkit.settings import typed_settings
from toolkit.supervising.swap import beside


def run_of(path, as_of, **settings):
    usual = {"title": "督查", "source": "export.csv", "as_of": as_of, "period": "2025-05..2025-06"}
    usual |= {"output": "outputs/none", "register": str(path) if path else ""}
    return typed_settings(Run, usual | settings, "the run", ParameterError)


def go(path, *rows, as_of="2025-06-10 12:00", shown=None, **settings):
    """A run on these tickets up to its register: the report with its orders."""
    run = run_of(path, as_of, **settings)
    frames = ("issues", "account", "headers", "logged", "refused")
    loaded = Loaded(make(*rows), *(getattr(NOTHING, frame) for frame in frames))
    prepared = report(*rows, as_of=as_of, by=run.by, shown=shown)
    found, ledger = register_orders(prepared, loaded, run)
    keep_register(ledger, run)
    return found


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk" / "督办台账.xlsx"


TWO = ({}, {"unit": "乙镇"})


def test_orders_are_entered_numbered_and_stand_in_their_units_report(path, tmp_path):
    found = go(path, *TWO)
    assert found.orders["number"].tolist() == ["督办〔2025〕1号-1", "督办〔2025〕2号-1"]
    assert found.orders["report"].tolist() == ["乙镇", "甲乡"]
    assert cut_report(found, "甲乡").orders["ticket_id"].tolist() == ["t0"]
    written = write_report(found, tmp_path / "prepared")
    assert read_report(written, "甲乡").orders["number"].tolist() == ["督办〔2025〕2号-1"]


def test_the_same_run_again_gives_the_same_orders_and_files(path):
    first = go(path, *TWO)
    before = path.read_bytes()
    assert go(path, *TWO).orders.equals(first.orders)
    assert path.read_bytes() == before


def test_without_a_register_orders_are_drafts_without_a_number():
    found = go("", *TWO)
    assert found.orders["number"].isna().all()
    assert found.orders["state"].tolist() == ["号待编", "号待编"]
    assert found.orders["answer_by"].notna().all()


def test_months_order_nothing_and_leave_no_file(path):
    assert go(path, *TWO, by="month").orders.empty
    assert not path.exists()


def test_answers_of_the_office_and_of_the_platform_are_seen_by_the_next_run(path):
    go(path, *TWO, {"title": "无人答复"})
    edit(path, put("督办〔2025〕2号-1", 反馈时间="6月12日"))
    later = [TWO[0], {"unit": "乙镇", "replied_at": "2025-06-18 10:00"}, {"title": "无人答复"}]
    found = go(path, *later, as_of="2025-06-20 12:00")
    states = found.orders.drop_duplicates("ticket_id").set_index("ticket_id")["state"]
    assert states["t1"] == "已反馈（逾期）"
    rows = read_rows(path)
    found = {row[0]: row[rows[0].index("状态")] for row in rows[1:]}
    assert found["督办〔2025〕2号-1"] == "已反馈（按时）"
    assert found["督办〔2025〕2号-2"] == "逾期未反馈"


def test_a_ticket_answered_since_and_out_of_the_period_is_not_called_overdue(path):
    go(path, {}, as_of="2025-06-10 12:00")
    answered = {"replied_at": "2025-06-12 09:00"}
    go(path, answered, as_of="2025-09-10 12:00", shown=[])
    rows = read_rows(path)
    assert rows[1][rows[0].index("状态")] == "已反馈（按时）"


def test_a_run_for_an_earlier_day_shows_what_was_out_then_and_changes_nothing(path):
    go(path, {})
    go(path, {}, {"unit": "乙镇"}, as_of="2025-06-11 12:00")
    before = path.read_bytes()
    found = go(path, {}, {"unit": "乙镇"}, {"unit": "丙局"}, as_of="2025-06-10 12:00")
    assert found.orders["number"].tolist() == ["督办〔2025〕1号-1"]
    assert path.read_bytes() == before


def test_an_order_to_a_unit_that_no_longer_holds_the_ticket_stands_in_no_report(path):
    go(path, {})
    found = go(path, {"unit": "乙镇", "replied_at": "2025-06-11 09:00"}, as_of="2025-06-11 12:00")
    assert found.orders.empty


def test_a_copy_beside_the_register_that_is_not_read_is_named(path, capsys):
    go(path, *TWO)
    for name in ("督办台账.et", "督办台账 - 副本.xlsx", "督办台账（原表第1版）.xlsx", "~$别的.xlsx"):
        path.with_name(name).touch()
    go(path, *TWO)
    assert "督办台账 - 副本.xlsx、督办台账.et 没有读入" in capsys.readouterr().err


def test_while_the_register_is_open_the_run_says_where_the_new_one_stands(path, capsys):
    go(path, {})
    (path.parent / "~$督办台账.xlsx").touch()
    go(path, {}, {"unit": "乙镇"}, as_of="2025-06-11 12:00")
    assert beside(path).is_file()
    assert "新的一份是 督办台账（新）.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize("register", ["台账.xls", "outputs/none/台账.xlsx"])
def test_a_register_that_a_run_would_overwrite_or_cannot_write_is_refused(register):
    with pytest.raises(ParameterError, match="outside the run's output"):
        run_of(register, "2025-06-10")


def test_a_run_file_without_a_register_names_none():
    assert run_of("", "2025-06-10").register_file == ""
    assert pd.isna(go("", {}).orders["notice"]).all()
