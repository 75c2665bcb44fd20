"""1,434 real cases with deadlines and a log of 8,577 steps: our verdict and the time each group held a case."""

import pandas as pd
import pytest

import toolkit
from toolkit import clock
from toolkit.clocking.flow_log import hold_legs
from toolkit.clocking.policy import read_policy

HEADERS = {
    "columns": {
        "ticket_id": ["case:concept:name"],
        "received_at": ["case:startdate"],
        "closed_at": ["case:enddate"],
        "platform_due_at": ["case:deadline"],
        "unit": ["case:group"],
        "channel": ["case:channel"],
    },
    "events": {
        "ticket_id": ["case:concept:name"],
        "event": ["concept:name"],
        "at": ["time:timestamp"],
        "unit": ["org:group"],
    },
}
POLICY = {
    "name": "只认平台时限",
    "source": "the cases' own deadlines",
    "due_from": "platform_only",
    "answered_by": "closed_at",
}
AS_OF = "2013-12-31"


@pytest.fixture(scope="module")
def log(data):
    """The file as it is: text."""
    return pd.read_csv(data / "receipt_events.csv.gz", dtype="str")


def moments(texts):
    """Times with their offsets as moments, so that a deadline in winter can meet an end in summer."""
    return pd.to_datetime(texts, utc=True, format="ISO8601")


@pytest.fixture(scope="module")
def loaded(log, tmp_path_factory):
    folder = tmp_path_factory.mktemp("receipt")
    cases = log.drop_duplicates("case:concept:name")
    cases[HEADERS_OF_CASES].to_csv(folder / "cases.csv", index=False)
    log[HEADERS_OF_STEPS].to_csv(folder / "steps.csv", index=False)
    return toolkit.load(folder, AS_OF, HEADERS, key=b"k")


HEADERS_OF_CASES = [name for names in HEADERS["columns"].values() for name in names]
HEADERS_OF_STEPS = [name for names in HEADERS["events"].values() for name in names]


def test_every_case_and_every_step_is_read(loaded):
    assert len(loaded.tickets) == 1_434
    assert (~loaded.events["is_built"]).sum() == 8_577


def test_our_verdict_equals_end_after_deadline_on_every_case_that_has_both(log, loaded):
    clocked = clock(loaded.tickets, POLICY, AS_OF, loaded.events).set_index("ticket_id")
    cases = log.drop_duplicates("case:concept:name").set_index("case:concept:name")
    both = cases[cases["case:enddate"].notna() & cases["case:deadline"].notna()]
    ours = clocked.loc[both.index, "due_state"].eq("超期回复")
    assert len(both) == 1_329
    assert ours.sum() == 377
    assert ours.eq(moments(both["case:enddate"]) > moments(both["case:deadline"])).all()


def test_the_legs_of_a_case_sum_exactly_to_its_last_step_less_its_first(log, loaded):
    legs = hold_legs(loaded.events, read_policy(POLICY))
    held = legs.groupby("ticket_id")["held"].sum()
    steps = moments(log["time:timestamp"]).groupby(log["case:concept:name"]).agg(["min", "max"])
    assert len(held) == 1_434
    assert held.eq((steps["max"] - steps["min"]).loc[held.index]).all()
    assert legs["unit"].nunique() == log["org:group"].nunique()


def test_the_log_alone_makes_the_cases_without_a_mapping(data, log):
    loaded = toolkit.load(data / "receipt_events.csv.gz", AS_OF, key=b"k")
    assert loaded.account[["read", "events", "tickets", "refused"]].values.tolist() == [[8_577, 8_577, 0, 0]]
    assert len(loaded.tickets) == 1_434
    cases = log.drop_duplicates("case:concept:name").set_index("case:concept:name")
    tickets = loaded.tickets.set_index("ticket_id")
    assert tickets["closed_at"].notna().sum() == cases["case:enddate"].notna().sum()
    assert tickets["platform_due_at"].notna().sum() == cases["case:deadline"].notna().sum()
    assert tickets["received_at"].notna().all()
    assert loaded.issues.query("check == '工单由流转记录生成'")["value"].tolist() == ["1434件"]
