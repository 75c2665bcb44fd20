"""Times with the year last: the column tells which part is the month, or they are named as unreadable."""

import pandas as pd
import pytest

import toolkit


def load(*cells):
    rows = {"CaseID": [f"A{n}" for n in range(len(cells))], "Opened": list(cells)}
    return toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")


@pytest.mark.parametrize(
    ("cells", "moments"),
    [
        (
            ["03/14/2025 09:12:00 AM", "03/04/2025 01:02:03 PM"],
            ["2025-03-14 09:12:00", "2025-03-04 13:02:03"],
        ),
        (["14/03/2025 09:12", "04/03/2025"], ["2025-03-14 09:12:00", "2025-03-04 00:00:00"]),
        (["12/25/2025 12:00:00 AM", "12/25/2025 12:30 PM"], ["2025-12-25 00:00:00", "2025-12-25 12:30:00"]),
    ],
)
def test_a_part_above_twelve_tells_the_order_of_the_whole_column(cells, moments):
    assert load(*cells).tickets["received_at"].astype("str").tolist() == moments


@pytest.mark.parametrize("cells", [["03/04/2025", "05/06/2025"], ["14/03/2025", "03/14/2025"]])
def test_where_no_one_can_tell_the_month_nothing_is_guessed_and_each_is_named(cells):
    loaded = load(*cells)
    assert loaded.tickets["received_at"].isna().all()
    unread = loaded.issues.query("check == '无法识别'")
    assert unread["value"].tolist() == cells


def test_usual_times_beside_slashed_ones_stay_as_they_are():
    loaded = load("2025-03-04 09:00", "03/14/2025 10:00:00 AM", "13/45/2025")
    assert loaded.tickets["received_at"].isna().tolist() == [False, True, True]


def test_an_english_export_is_read_whole():
    rows = {
        "CaseID": ["1", "2"],
        "Opened": ["03/14/2025 09:12:00 AM", "12/25/2025 01:02:03 PM"],
        "Closed": ["2025-03-15T10:00:00.000", None],
        "Updated": ["x", "y"],
        "Status": ["Closed", "Open"],
        "Responsible Agency": ["DPW", "DPT"],
        "Source": ["Phone", "Web"],
    }
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")
    assert loaded.tickets["status"].tolist() == ["已办结", "办理中"]
    assert loaded.tickets["unit"].tolist() == ["DPW", "DPT"]
    assert loaded.issues.empty
