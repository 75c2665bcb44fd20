"""58,251 requests of a city: every row accounted for, its verdicts ours, one report per department."""

import pandas as pd
import pytest
from cases.drill import find_packed, read_column

import toolkit
from toolkit import schema
from toolkit.preparing.report import read_report
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import run_batch
from toolkit.running.source import DEMO_KEY
from toolkit.settings import PROJECT

RUN_FILE = PROJECT / "tests" / "real" / "boston.yml"


@pytest.fixture(scope="module")
def loaded(data):
    run = read_run(RUN_FILE)
    return toolkit.load(run.source, run.as_of, run.headers, DEMO_KEY)


def test_every_row_is_accounted_for(loaded):
    account = loaded.account.sum(numeric_only=True)
    assert account["read"] == 58_251
    assert account["tickets"] == len(loaded.tickets) == 58_251
    assert loaded.tickets["ticket_id"].is_unique


def test_our_verdict_is_the_citys_on_every_labelled_request(loaded):
    clocked = toolkit.clock(loaded.tickets, "tests/real/platform_only.yml", "2026-06-30")
    labelled = clocked[clocked[["closed_at", "platform_overdue", "platform_due_at"]].notna().all(axis=1)]
    assert len(labelled) == 43_664
    assert labelled["due_state"].eq(schema.LATE).eq(labelled["platform_overdue"].eq("是")).all()
    assert labelled["due_state"].isin([schema.LATE, schema.ON_TIME]).all()


@pytest.mark.long
def test_each_of_the_eleven_departments_gets_its_report_and_only_its_tickets(loaded, tmp_path):
    sizes = loaded.tickets["unit"].value_counts()
    assert len(sizes) == 11
    units = sorted(sizes.index)
    run = read_run(RUN_FILE).model_copy(update={"output": str(tmp_path / "boston"), "units": units})
    runs = run_batch(run)
    assert runs["state"].eq("written").all()
    assert sorted(runs["report"][1:]) == units
    whole = pd.Series(loaded.tickets["unit"].to_numpy(), index=loaded.tickets["ticket_id"])
    pages = runs.set_index("report")["page"]
    for department in units:
        own = read_report(tmp_path / "boston" / "prepared", department).tickets["ticket_id"]
        assert whole[own].eq(department).all()
        page = (tmp_path / "boston" / pages[department]).read_text(encoding="utf-8")
        assert set(read_column(find_packed(page), "ticket_id")) == set(own)
