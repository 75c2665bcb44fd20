"""A store read as an export is: its tickets at a moment, what is doubtful of them, events from their times, an account."""

import pandas as pd
import pytest

from toolkit import load
from toolkit.errors import StoreError
from toolkit.loading.store import update_store
from toolkit.loading.stored import is_store, load_store

EXPORT = pd.DataFrame(
    {
        "工单编号": ["A", "B"],
        "承办单位": ["云岭镇", None],
        "受理时间": ["2025-03-03 09:00", "2025-03-04 09:00"],
        "回复时间": ["2025-03-06 09:00", "2025-03-01 09:00"],
    }
)


@pytest.fixture
def store(tmp_path):
    update_store(load(EXPORT, "2025-03-10", key=b"k").tickets, "2025-03-10", tmp_path / "store")
    return tmp_path / "store"


def test_a_store_gives_what_the_export_gave_but_for_its_flow_log(store):
    given, export = load_store(str(store), "2025-03-31"), load(EXPORT, "2025-03-31", key=b"k")
    assert given.tickets["ticket_id"].tolist() == ["A", "B"]
    pd.testing.assert_frame_equal(given.events, export.events)
    assert set(given.issues["check"]) == set(export.issues["check"]) >= {"时间顺序矛盾", "无承办单位"}
    assert given.account[["file", "read", "tickets", "refused"]].iloc[0].tolist() == ["store", 2, 2, 0]


def test_before_the_first_export_nothing_was_known(store):
    given = load_store(str(store), "2025-03-09")
    assert len(given.tickets) == 0 and given.account["read"].tolist() == [0]


def test_a_folder_or_a_file_that_is_no_store_is_none(store, tmp_path):
    assert is_store(str(store))
    assert (
        not is_store(str(tmp_path))
        and not is_store(str(store / "current.json"))
        and not is_store({"database": ""})
    )
    with pytest.raises(StoreError, match="nothing stored in"):
        load_store(str(tmp_path / "none"), "2025-03-31")
