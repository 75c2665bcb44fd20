import pandas as pd

from toolkit.comparing.contributions import name_movers


def parts(is_rate=True, **points):
    return pd.DataFrame({"unit": list(points), "contribution": list(points.values())}).assign(
        rate_effect=0.0 if is_rate else float("nan")
    )


def test_the_three_that_drew_the_county_down_most_are_named_with_their_sum():
    table = name_movers(parts(甲=-1.2, 乙=-0.3, 丙=-0.9, 丁=-0.8, 戊=0.4))
    assert table["verb"].tolist() == ["拉低", "拉动上升"]
    first = table.iloc[0]
    assert (first["units"], first["count"], first["contribution"]) == (["甲", "丙", "丁"], 3, -2.9)
    assert table["sentence"].tolist() == ["甲、丙、丁三家拉低2.9个百分点", "戊拉动上升0.4个百分点"]


def test_where_the_county_rose_those_who_drew_it_up_come_first():
    assert name_movers(parts(甲=1.2, 乙=1.0, 丙=-0.3))["sentence"].tolist() == [
        "甲、乙两家拉动上升2.2个百分点",
        "丙拉低0.3个百分点",
    ]


def test_equal_parts_stand_by_name_and_a_part_too_small_for_one_decimal_keeps_its_second():
    table = name_movers(parts(甲=-0.02, 乙=-0.02), most=1)
    assert table["sentence"].tolist() == ["乙拉低0.02个百分点"]


def test_a_count_is_moved_in_percent():
    assert name_movers(parts(is_rate=False, 甲=4.0))["sentence"].tolist() == ["甲拉动上升4.0%"]


def test_who_did_not_move_is_not_named_and_without_a_comparison_nobody_is():
    assert name_movers(parts(甲=0.0)).empty
    assert name_movers(parts(甲=float("nan"))).empty
