"""2,816 messages and replies without unit or deadline: accounted for, delays counted, a report by month."""

import pytest

import toolkit
from toolkit.clocking.workdays import count_working_days
from toolkit.preparing.prepare import prepare
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import run_batch
from toolkit.running.source import DEMO_KEY
from toolkit.settings import PROJECT


@pytest.fixture(scope="module")
def run(data):
    return read_run(PROJECT / "tests" / "real" / "messages.yml")


@pytest.fixture(scope="module")
def loaded(run):
    return toolkit.load(run.source, run.as_of, run.headers, DEMO_KEY)


def test_every_row_is_accounted_for(loaded):
    account = loaded.account.sum(numeric_only=True)
    assert account["read"] == 2_816 == account[["tickets", "refused", "merged", "left_out"]].sum()
    assert account["tickets"] == len(loaded.tickets)


def test_every_message_and_reply_has_its_time(loaded):
    assert loaded.tickets[["received_at", "replied_at"]].notna().all(axis=None)


def test_delays_in_working_days_are_fewer_than_calendar_days(loaded):
    tickets = loaded.tickets
    delays = count_working_days(tickets["received_at"], tickets["replied_at"])
    calendar = (tickets["replied_at"] - tickets["received_at"]).dt.total_seconds() / 86_400
    assert calendar.median() == pytest.approx(11.2, abs=0.05)
    assert delays.notna().all()
    assert 5 <= delays.median() <= 9


@pytest.mark.long
def test_every_ticket_stands_in_the_report_of_its_month(run, loaded):
    report = prepare(loaded, run)
    assert report.tickets.groupby("report").size().sum() == len(loaded.tickets)
    assert (
        report.tickets["report"]
        .eq(loaded.tickets["received_at"].dt.strftime("%Y年%m月").sort_values().tolist())
        .all()
    )


@pytest.mark.long
def test_each_month_gets_its_report(run, loaded, tmp_path):
    months = list(prepare(loaded, run).about["reports"])
    wanted = [months[0], months[-1]]
    runs = run_batch(run.model_copy(update={"output": str(tmp_path / "messages"), "units": wanted}))
    assert runs["report"].tolist() == ["全县", *wanted]
    assert runs["state"].eq("written").all()
