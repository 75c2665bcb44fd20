import pytest
from cases.rules import find, only

WHEN = {"received_at": "2025-06-02 09:00", "platform_due_at": "2025-06-06 17:30"}
LAST = WHEN | {"replied_at": "2025-06-06 15:30"}
EARLY = WHEN | {"replied_at": "2025-06-04 09:00"}
OTHERS = [EARLY | {"unit": "乙镇"}] * 60


def test_a_unit_that_answers_in_the_last_two_hours_where_others_do_not_is_yellow_with_its_tickets():
    finding = only(find("clustered_at_deadline", *[LAST] * 20, *OTHERS))
    assert (finding["unit"], finding["severity"], len(finding["rests_on"])) == ("甲乡", "黄", 20)
    assert finding["evidence"] == ("按期答复的20件中，20件在最后一刻，占100.0%（20/20），全县为25.0%")


@pytest.mark.parametrize(
    "row",
    [
        EARLY,
        WHEN | {"replied_at": "2025-06-06 17:31"},
        WHEN | {"replied_at": None},
        LAST | {"platform_due_at": None},
        LAST | {"status": "作废"},
    ],
)
def test_answers_in_good_time_late_missing_without_a_due_time_or_void_are_not_of_the_last_moment(row):
    assert find("clustered_at_deadline", *[row] * 20, *OTHERS).empty


def test_the_last_tenth_of_the_time_counts_to_the_minute():
    begin = {"received_at": "2025-06-02 09:00", "platform_due_at": "2025-06-06 13:00"}  # 100 hours
    for minute, count in (("03:00", 1), ("02:59", 0)):
        answer = begin | {"replied_at": f"2025-06-06 {minute}"}
        assert len(find("clustered_at_deadline", *[answer] * 20, *OTHERS)) == count


def test_how_many_and_how_far_above_the_county_are_the_policy_s():
    assert find("clustered_at_deadline", *[LAST] * 19, *OTHERS).empty
    assert len(find("clustered_at_deadline", *[LAST] * 19, *OTHERS, clustered_min_count=19)) == 1
    assert find("clustered_at_deadline", *[LAST] * 20, *OTHERS, clustered_sigmas=8).empty
    assert find("clustered_at_deadline", *[LAST] * 20, *OTHERS, clustered_hours=1, clustered_share=0.01).empty


def test_an_empty_table_has_no_findings_about_the_last_moment():
    assert find("clustered_at_deadline").empty
