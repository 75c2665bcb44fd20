"""What units would count if open tickets had been answered: the figures, and the tickets behind each."""

from dataclasses import replace

import pytest
from cases.explorer import prepare_export

from toolkit.errors import ParameterError
from toolkit.presenting.exploring.supposing import list_supposed, suppose

TIMELY = "按期回复率（÷受理）"


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


def test_only_what_is_still_to_be_answered_changes_anything(prepared):
    told = suppose(prepared, "ABCDE")
    assert told["tickets"] == ["C", "D"]  # overdue, and not yet due
    assert told["left"] == [{"why": "首轮已答复或已了结的，指标不变", "tickets": ["A", "B", "E"]}]
    assert [unit["unit"] for unit in told["units"]] == ["全县", "青河镇"]


def test_a_pending_ticket_comes_in_time_and_an_overdue_one_stays_late(prepared):
    told = suppose(prepared, "CD")
    [figure] = [own for own in told["units"][1]["figures"] if own["metric"] == TIMELY]
    assert (figure["rate"], figure["numerator"], figure["denominator"]) == ("0.0%", "0", "2")
    assert (figure["rate_if"], figure["numerator_if"], figure["denominator_if"]) == ("50.0%", "1", "2")
    assert figure["among"] == {
        TIMELY: [0, 1],
        "against": ["本期"],
        "is_excluded": [False],
        "unit": ["青河镇"],
    }
    assert list_supposed(prepared, "CD", "青河镇", TIMELY, "numerator") == ["D"]


def test_every_count_is_as_many_tickets_as_it_opens(prepared):
    told = suppose(prepared, "CD")
    for unit in told["units"]:
        for figure in unit["figures"]:
            for side in ("numerator", "denominator"):
                behind = list_supposed(prepared, "CD", unit["unit"], figure["metric"], side)
                assert len(behind) == int(figure[f"{side}_if"]), (unit["unit"], figure["metric"], side)


def test_nothing_open_and_nothing_at_all_are_told_without_a_figure(prepared):
    assert suppose(prepared, "A")["units"] == []
    assert suppose(prepared, []) == {"tickets": [], "left": [], "metrics": [], "units": []}


def test_what_was_received_before_the_period_is_told_apart(prepared):
    carried = replace(prepared, tickets=prepared.tickets.assign(scope="往期未回复"))
    told = suppose(carried, "C")
    assert told["left"] == [{"why": "不是本期受理的，不计入本期指标", "tickets": ["C"]}]


def test_a_run_by_month_scores_nobody(prepared):
    with pytest.raises(ParameterError, match="按受理月份分报告，不评分，不能测算"):
        suppose(replace(prepared, about=prepared.about | {"by": "month"}), "C")
