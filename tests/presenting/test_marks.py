"""Small drawings: one value, gaps, what cannot be concluded."""

import re

from toolkit.presenting.marks import draw_months, draw_scale


def draw(values, **more):
    told = [f"{month}月：{value}" for month, value in enumerate(values)]
    return draw_months(
        values, told, [{"received_month": [str(month)]} for month in range(len(values))], **more
    )


def test_a_gap_breaks_the_line_and_has_no_point():
    drawn = draw([0.5, 0.6, None, 0.7, 0.8])
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 4


def test_one_value_is_one_point_that_opens_its_month():
    drawn = draw([None, 0.5])
    assert re.findall('<a href="([^"&]*)', drawn) == ["#where=%7B%22received_month%22%3A%5B%221%22%5D%7D"]


def test_months_of_which_nothing_is_to_be_concluded_are_grey():
    assert draw([0.5, 0.6], dim=[1]).count("#b4bfca") == 1
    assert "#b4bfca" not in draw([0.5, 0.6])


def test_a_rate_alone_stands_on_its_scale_without_interval_and_target():
    drawn = draw_scale(0.5, None, None, [], None)
    assert drawn.count("<circle") == 1 and drawn.count("<line") == 1
    assert "nan" not in drawn


def test_others_interval_and_target_stand_beside_the_rate():
    drawn = draw_scale(0.5, 0.4, 0.6, [0.1, 0.9], 0.95)
    assert drawn.count("<circle") == 3 and drawn.count("<line") == 3
    assert "50.0%，95%区间40.0%—60.0%，目标95.0%" in drawn


def test_units_on_one_place_share_a_dot_and_are_counted_in_words():
    drawn = draw_scale(0.5, 0.4, 0.6, [0.1, *[0.9] * 700, *[number / 2000 for number in range(1400)]], 0.95)
    assert drawn.count("<circle") < 230
    assert "灰点2101个" in drawn
    assert drawn.count("<circle") == len(set(re.findall("<circle[^>]*>", drawn)))


def test_what_a_point_says_cannot_become_markup():
    assert "<b>" not in draw_months([1, 2], ["<b>", "<b>"], [{"unit": ["<b>"]}] * 2)
