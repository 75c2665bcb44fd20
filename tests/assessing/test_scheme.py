"""Scheme files: typed, every mistake named at once, printed as a 考核办法."""

import subprocess
import sys
from decimal import Decimal

import pytest
import yaml
from cases.schemes import RECEIVED, SATISFIED, make_item, make_rate, make_scheme

from toolkit.assessing.scheme import SCHEMES, Scheme, read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.errors import SchemeError

SHIPPED = sorted(path.stem for path in SCHEMES.glob("*.yml"))


def mistakes_of(scheme):
    with pytest.raises(SchemeError) as raised:
        read_scheme(scheme)
    return str(raised.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scheme_shipped_is_readable_and_says_where_it_comes_from(name):
    scheme = read_scheme(name)
    assert scheme.source and scheme.presentation.why and scheme.assumed


def test_a_scheme_is_read_from_a_name_a_path_a_dict_or_itself(tmp_path):
    values = make_scheme(make_item())
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    scheme = read_scheme(values)
    assert read_scheme(str(path)) == scheme == read_scheme(scheme)
    assert isinstance(read_scheme("lianyungang"), Scheme)


def test_a_scheme_survives_being_written_down_as_text():
    scheme = read_scheme("lianyungang")
    assert read_scheme(scheme.model_dump(mode="json")) == scheme


def test_numbers_of_a_scheme_are_exact():
    item = read_scheme("lianyungang").items[1]
    assert (item.per_point, item.floor) == (Decimal("0.5"), Decimal("12.5"))


def test_a_missing_scheme_names_those_there_are():
    said = mistakes_of("lianyungan")
    assert "no scheme 'lianyungan'" in said
    assert "Did you mean 'lianyungang'?" in said and "county_default" in said


def test_every_mistake_of_a_file_is_named_at_once(tmp_path):
    path = tmp_path / "bad.yml"
    path.write_text(
        "name: x\nsuorce: y\nrate_decimals: -1\nitems:\n"
        "  - {name: a, metric: 按时办结律, weight: -5, target: 100, per_point: 1}\n"
        "presentation: {kind: league, why: z}\n",
        encoding="utf-8",
    )
    said = mistakes_of(str(path))
    assert "scheme bad.yml: 6 mistake(s), nothing was run" in said
    assert "'source' is missing: give it a value" in said
    assert "'suorce' is not a setting. Did you mean 'source'?" in said
    assert "'rate_decimals': Input should be greater than or equal to 0" in said
    assert "'items.0.weight': Input should be greater than 0" in said
    assert "'items.0.metric': unknown metric (Did you mean '按时办结率" in said
    assert "'presentation.kind': Input should be 'grades', 'board', 'top', 'ranks' or 'none'" in said


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (make_item(per_point=None), "scoring 'deduct' needs per_point"),
        (make_item(target=None), "scoring 'deduct' needs target"),
        (make_rate("a", SATISFIED, 5, target=90), "target belong to scoring 'deduct', not to 'proportional'"),
        (make_item(metric=RECEIVED), "受理件数 is a count: counts go with 'share_in_group'"),
        (make_rate("a", SATISFIED, 5) | {"scoring": "share_in_group"}, "满意率（÷评价） is a rate"),
        (make_item(floor=26), "floor 26 is more than the most points there are, 25"),
        (make_item(gain=1), "gain needs a cap above the weight"),
        (make_item(targets=[{"target": 90}]), "name the units or the groups this target is for"),
        (make_item(targets=[{"target": 90, "groups": ["乡镇"]}]), "'乡镇' is not among groups"),
    ],
)
def test_an_item_that_does_not_add_up_is_refused(item, said):
    assert said in mistakes_of(make_scheme(item))


@pytest.mark.parametrize(
    ("presentation", "said"),
    [
        ({"kind": "grades"}, "kind 'grades' and a list of grades go together"),
        ({"kind": "board"}, "kinds 'board' and 'top' and the numbers top, bottom go together"),
        ({"kind": "none", "top": 3}, "go together"),
        ({"kind": "top", "top": 3, "bottom": 3}, "kind 'top' has no bottom"),
        ({"kind": "grades", "grades": [{"grade": "A"}]}, "give exactly one of at_least"),
        ({"kind": "grades", "grades": [{"grade": "A", "at_least": 90}]}, "the last grade takes the rest"),
        (
            {"kind": "grades", "grades": [{"grade": "B", "at_least": 0}, {"grade": "A", "at_least": 90}]},
            "list the grades from the best to the last",
        ),
        (
            {"kind": "grades", "grades": [{"grade": "A", "best_percent": 90}, {"grade": "B", "at_least": 0}]},
            "by points or by percent of the group, not by both",
        ),
    ],
)
def test_a_presentation_that_does_not_add_up_is_refused(presentation, said):
    assert said in mistakes_of(make_scheme(make_item(), presentation=presentation | {"why": "测试"}))


def test_a_result_cannot_be_shown_without_saying_why():
    assert "'presentation.why' is missing" in mistakes_of(
        make_scheme(make_item(), presentation={"kind": "ranks"})
    )


def test_mistakes_between_parts_of_a_scheme_are_named():
    bonus = {"name": "按时办结", "metric": SATISFIED, "from_tickets": 300, "per_tickets": 300, "cap": 8}
    said = mistakes_of(
        make_scheme(
            make_item(),
            bonuses=[bonus | {"steps": [{"rate": 80, "points": 1}]}],
            groups=["县直部门"],
            min_tickets_by_group={"县直单位": 20},
            volume=SATISFIED,
        )
    )
    assert "two items are named 按时办结" in said
    assert "'县直单位' is not among groups. Did you mean '县直部门'?" in said
    assert "volume is a count of tickets, 满意率（÷评价） is a rate" in said


# --- what the files say ----------------------------------------------------------------------------


def test_the_default_grades_within_groups_and_says_why_it_does_not_rank():
    scheme = read_scheme("county_default")
    assert (scheme.presentation.kind, scheme.groups_apart) == ("grades", True)
    assert [g.grade for g in scheme.presentation.grades] == ["A", "B", "C", "D"]
    assert "不片面追求排名" in scheme.presentation.why and "66号" in scheme.presentation.why
    assert scheme.full == 100


def test_lianyungang_is_marked_partial_and_zhungeer_has_its_three_published_weights():
    assert "只含按时办结和满意率两项" in read_scheme("lianyungang").partial
    assert [item.weight for item in read_scheme("zhungeer").items] == [30, 35, 35]


# --- printed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_printed_scheme_holds_every_item_and_its_definition_and_is_the_same_each_time(name):
    scheme, text = read_scheme(name), print_scheme(name)
    for item in scheme.items:
        assert f"{item.name}（{item.weight}分）" in text and f"指标：{item.metric}。" in text
    for words in [scheme.source, scheme.presentation.why, *scheme.basis, *scheme.published, *scheme.assumed]:
        assert words in text
    assert text == print_scheme(name)
    assert "{" not in text and "None" not in text


def test_a_printed_scheme_has_official_numbering():
    text = print_scheme("lianyungang")
    lines = [line for line in text.splitlines() if line.startswith("#")]
    assert lines[:3] == ["# 连云港（部分）：按时办结、满意率", "## 一、目的和依据", "## 二、考核对象和分组"]
    assert "### （一）按时办结（25分）" in lines and lines[-1] == "## 六、来源和说明"


def test_the_printed_rule_says_target_deduction_and_floor():
    text = print_scheme("lianyungang")
    assert "目标100%；达到目标得25分；每低1个百分点扣1分，不足1个百分点的按比例扣；扣完为止。" in text
    assert "目标95%；省派工单目标98%；达到目标得25分；每低1个百分点扣0.5分" in text
    assert "保底12.5分。" in text
    assert "比率四舍五入到百分数的两位小数，再算分；得分四舍五入到两位小数。" in text


def test_the_printed_rule_of_a_bad_rate_says_above():
    text = print_scheme(make_scheme(make_item(target=5, better="lower", named_beyond=30)))
    assert "每高1个百分点扣1分" in text and "高于30%的，予以点名" in text


def test_bonus_minimum_and_list_of_units_are_printed():
    text = print_scheme(
        make_scheme(
            make_item(gain="0.2", cap=27),
            groups=["乡镇", "县直部门"],
            min_tickets=10,
            min_tickets_by_group={"县直部门": 20},
            not_assessed=[{"unit": "丙局", "reason": "新组建"}],
            bonuses=[
                {
                    "name": "办理量",
                    "metric": SATISFIED,
                    "from_tickets": 300,
                    "per_tickets": 300,
                    "steps": [{"rate": 80, "points": "0.5"}],
                    "cap": 8,
                }
            ],
        )
    )
    assert "每高1个百分点加0.2分，不足的按比例加；扣完为止；最高27分。" in text
    assert "受理件数不足10件，其中县直部门不足20件的单位列为件数不足" in text
    assert "不参评单位：丙局（新组建）。" in text
    assert "### （二）办理量（加分，上限8分）" in text and "每满300件加0.5分" in text


@pytest.mark.parametrize(
    ("presentation", "said"),
    [
        ({"kind": "board", "top": 3, "bottom": 2, "bottom_name": "黑榜"}, "最低的2个单位列入黑榜"),
        ({"kind": "top", "top": 3}, "只公布本组内前3名"),
        ({"kind": "ranks"}, "得分相同的名次相同，其后名次顺延空出（如1、1、3）"),
        (
            {
                "kind": "grades",
                "grades": [{"grade": "优", "best_percent": 30}, {"grade": "良", "best_percent": 100}],
            },
            "前30%以内为优，其余为良",
        ),
    ],
)
def test_how_results_are_shown_is_printed_with_the_reason(presentation, said):
    text = print_scheme(make_scheme(make_item(), presentation=presentation | {"why": "便于比较"}))
    assert said in text and "理由：便于比较。" in text


def test_the_command_prints_the_scheme():
    run = [sys.executable, "-m", "toolkit", "scheme", "lianyungang"]
    assert subprocess.run(run, capture_output=True, text=True).stdout == print_scheme("lianyungang")
