"""Which tickets are explored: a run, a store or an export, and never another's in place of a missing one."""

import pandas as pd
import pytest

from toolkit import load, prepare
from toolkit.errors import SourceError
from toolkit.loading.store import update_store
from toolkit.preparing.report import write_report
from toolkit.presenting.exploring import source
from toolkit.presenting.exploring.source import open_explored

EXPORT = pd.DataFrame(
    {
        "工单编号": ["A", "B"],
        "承办单位": ["云岭镇", "青河镇"],
        "受理时间": ["2025-03-03 09:00", "2025-03-04 09:00"],
        "回复时间": ["2025-03-06 09:00", None],
    }
)
TERMS = {"period": "2025", "as_of": "2025-03-31 18:00"}


@pytest.fixture
def loaded():
    return load(EXPORT, TERMS["as_of"], key=b"k")


def test_a_run_is_read_from_its_folder_or_from_its_prepared_one(loaded, tmp_path, capsys):
    write_report(prepare(loaded, TERMS), tmp_path / "run" / "prepared")
    for run in ("run", "run/prepared"):
        opened = open_explored(str(tmp_path / run), "never read", "", "")
        assert opened.tickets["ticket_id"].tolist() == ["A", "B"]
    assert "读取" in capsys.readouterr().out


def test_an_export_is_prepared_here_and_now(tmp_path, capsys):
    EXPORT.to_csv(tmp_path / "export.csv", index=False, encoding="utf-8-sig")
    opened = open_explored("", str(tmp_path / "export.csv"), **TERMS)
    assert opened.tickets["ticket_id"].tolist() == ["A", "B"]
    assert "现读现算" in capsys.readouterr().out


def test_a_store_gives_the_state_known_at_the_cut_off_and_its_account(loaded, tmp_path):
    update_store(loaded.tickets, "2025-03-10", tmp_path)
    later = loaded.tickets.assign(replied_at=pd.Timestamp("2025-03-20 10:00").as_unit("us"))
    update_store(later, "2025-03-25", tmp_path)
    opened = {
        as_of: open_explored("", str(tmp_path), "2025", as_of) for as_of in ("2025-03-12", "2025-03-31")
    }
    states = {as_of: report.tickets["due_state"].tolist() for as_of, report in opened.items()}
    assert states == {"2025-03-12": ["按期回复", "超期未回复"], "2025-03-31": ["超期回复", "超期回复"]}
    account = opened["2025-03-31"].basis.account.iloc[0]
    assert (account["read"], account["tickets"], account["file"]) == (2, 2, tmp_path.name)


def test_a_run_that_is_not_there_is_never_replaced_by_another_ones_tickets(tmp_path):
    with pytest.raises(SourceError, match="里没有生成好的报告：先在终端执行 toolkit batch"):
        open_explored(str(tmp_path / "mine"), source.DEMO_SOURCE, **TERMS)
    with pytest.raises(SourceError, match="没有指明看哪些工单"):
        open_explored("", "", **TERMS)


def test_where_the_demo_is_not_there_its_two_commands_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "project_path", lambda path: tmp_path / path)
    with pytest.raises(
        SourceError, match=r"先在终端执行 toolkit demo，再执行 toolkit batch parameters/demo\.yml"
    ):
        open_explored(source.DEMO_RUN, source.DEMO_SOURCE, **TERMS)
