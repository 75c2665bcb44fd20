import numpy as np
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles.made_tickets import AS_OF, make_county

from toolkit.clocking.workdays import read_calendar
from toolkit.forecasting.cases import list_cases
from toolkit.forecasting.look_ahead import choose_told
from toolkit.forecasting.table import LEVELS, count_kinds, count_table


@examples(3)
@given(st.integers(0, 10_000))
def test_the_kinds_of_a_level_sum_to_its_tickets_and_fewer_stand_open_at_each_mark(seed):
    tickets, *_ = make_county(seed)
    cases = list_cases(tickets, read_calendar())
    told = choose_told(cases, AS_OF)
    table = count_table(told, count_kinds(cases))
    for level in LEVELS:
        own = told[told[f"kind_{level}"].ge(0)]
        sums = table.still_open[level].sum(axis=0)
        assert sums.tolist() == [int(own["marks"].ge(mark).sum()) for mark in range(11)]
        assert (np.diff(table.still_open[level], axis=1) <= 0).all()
        assert (table.ran_out[level] <= table.still_open[level]).all()
        assert table.ran_out[level].sum(axis=0)[-1] == own["ran_out"].sum()
