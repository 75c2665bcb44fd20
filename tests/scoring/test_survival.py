import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit.scoring.survival import first_time, share_open

LIVES = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25)
COUNTY = st.lists(LIVES, min_size=1, max_size=4)


def frame(county):
    rows = [(unit, time, done) for unit, lives in enumerate(county) for time, done in lives]
    made = pd.DataFrame(rows, columns=["unit", "time", "done"]).assign(still_open=lambda rows: ~rows["done"])
    return made.sort_values(["unit", "time", "still_open"], kind="stable", ignore_index=True)


def by_moment(lives):
    return lives.groupby(["unit", "time"], as_index=False).agg(done=("done", "sum"), gone=("done", "size"))


def scipys(lives):
    data = stats.CensoredData.right_censored(lives["time"], lives["still_open"])
    return stats.ecdf(data).sf


@given(COUNTY)
@examples(60)
def test_the_curve_of_every_group_is_scipy_s(county):
    lives = frame(county)
    days = by_moment(lives)
    left = share_open(*(days[name].to_numpy() for name in ("unit", "done", "gone")))
    for unit, own in lives.groupby("unit"):
        rows = days["unit"].eq(unit)
        assert left[rows] == pytest.approx(scipys(own).evaluate(days.loc[rows, "time"]))


@given(COUNTY)
@examples(60)
def test_ticket_by_ticket_it_is_the_curve_of_the_counted_moments(county):
    lives = frame(county)
    days = by_moment(lives)
    counted = share_open(*(days[name].to_numpy() for name in ("unit", "done", "gone")))
    one_by_one = share_open(lives["unit"].to_numpy(), lives["done"].to_numpy(), np.ones(len(lives)))
    last = ~lives.duplicated(["unit", "time"], keep="last")
    assert one_by_one[last] == pytest.approx(counted)


@pytest.mark.parametrize(("done", "median"), [([1, 1, 0, 0], 2), ([1, 0, 0, 0], np.nan), ([0, 0, 1, 1], 3)])
def test_the_median_is_the_first_time_by_which_half_are_done_and_unknown_where_the_open_leave_it_so(
    done, median
):
    groups, times = np.zeros(4, dtype=int), np.array([1.0, 2, 3, 4])
    left = share_open(groups, np.array(done), np.ones(4))
    assert first_time(groups, 1, times, left, 0.5) == pytest.approx([median], nan_ok=True)


def test_a_group_without_rows_has_no_median():
    groups = np.array([0, 2])
    left = share_open(groups, np.ones(2), np.ones(2))
    assert first_time(groups, 4, np.array([5.0, 6]), left, 0.5) == pytest.approx(
        [5, np.nan, 6, np.nan], nan_ok=True
    )
