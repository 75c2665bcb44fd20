"""The roster: how it is read, what is missing in it, who has how much to do, and villages summed up."""

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.demo import roster as demo_roster
from toolkit.errors import RosterError
from toolkit.people.roster import list_handlers, read_roster
from toolkit.people.roster_gaps import NO_POST, NO_TICKET, NOT_LISTED, STRANGER, check_roster
from toolkit.people.workload import (
    LEAST_UNITS,
    assign_handlers,
    compare_staffing,
    find_busy,
    load_against_quality,
    load_per_handler,
    load_per_unit,
)
from toolkit.scoring.roll_up import roll_up
from toolkit.scoring.sources import FROM_ABOVE, HELPING, JOINT, count_outcomes, share_sources
from toolkit.scoring.tally import rates, tally

WHOLE = {"第一责任人": "王某", "分管领导": "李某", "承办人": "张某"}

EIGHT = 8  # tickets make a day busy


def roster_of(*rows):
    return read_roster(pd.DataFrame(rows))


def mistakes_of(*rows):
    with pytest.raises(RosterError) as error:
        roster_of(*rows)
    return str(error.value)


def make(rows):
    return schema.make_tickets({"ticket_id": [f"t{n}" for n in range(len(rows["unit"]))]} | rows)


# --- reading -----------------------------------------------------------------------------------------


def test_a_roster_has_one_row_a_unit_with_its_people():
    roster = roster_of(
        {"单位": "甲乡", **WHOLE, "专职/兼职": "兼职", "条线": "农业", "常住人口": 32000},
        {"单位": "东村", "承办人": "赵某,孙某", "上级单位": "甲乡"},
    )
    first, village = roster.to_dict("records")
    assert (first["head"], first["leader"], first["handlers"]) == ("王某", "李某", "张某")
    assert (first["staffing"], first["line"], first["population"]) == ("兼职", "农业", 32000)
    assert (village["handlers"], village["parent"]) == ("赵某、孙某", "甲乡")
    assert pd.isna(village["head"]) and pd.isna(village["population"]) and pd.isna(first["parent"])


@pytest.mark.parametrize("heading", ["承办单位", "责任单位", " 单 位 ", "单位名称（必填）", "乡镇（部门）"])
def test_headings_may_be_spelt_otherwise(heading):
    roster = roster_of({heading: "甲乡", "主要负责人": "王某", "专（兼）职工作人员": "张某", "专兼职": "专"})
    assert roster.loc[0, ["unit", "head", "handlers", "staffing"]].tolist() == [
        "甲乡",
        "王某",
        "张某",
        "专职",
    ]


@pytest.mark.parametrize("word", ["", "无", "空缺", "待定", "/", "——", None])
def test_a_vacant_post_is_missing_whatever_word_stands_there(word):
    assert pd.isna(roster_of({"单位": "甲乡", **WHOLE, "分管领导": word}).loc[0, "leader"])


def test_titles_totals_and_remarks_are_no_units(tmp_path):
    path = tmp_path / "名册.csv"
    lines = [
        "某县12345热线名册,,",
        "序号,单位,承办人",
        "1,甲乡,张某",
        "2,乙镇,",
        "合计,2,",
        "注：电话另附。,,",
    ]
    path.write_text("\n".join(lines), encoding="gb18030")
    roster = read_roster(str(path))
    assert roster["unit"].tolist() == ["甲乡", "乙镇"]
    assert roster["row"].tolist() == [3, 4]


def test_columns_it_does_not_know_stay_in_the_file():
    assert "联系电话" not in roster_of({"单位": "甲乡", "承办人": "张某", "联系电话": "0000"})


@pytest.mark.parametrize(
    ("text", "persons"),
    [("32000", 32000), ("32,000人", 32000), ("3.2万", 32000), ("1.15万人", 11500), (8, 8)],
)
def test_population_is_read_as_people_write_it(text, persons):
    assert roster_of({"单位": "甲乡", "常住人口": text}).loc[0, "population"] == persons


def test_every_mistake_is_named_at_once():
    said = mistakes_of(
        {"单位": "甲乡", "承办人": "张某、李某、王某", "专职/兼职": "专职、兼职", "上级单位": ""},
        {"单位": "乙镇", "承办人": "张某、张某", "专职/兼职": "临时", "上级单位": ""},
        {"单位": "甲乡", "承办人": "", "专职/兼职": "", "上级单位": ""},
        {"单位": "东村", "承办人": "", "专职/兼职": "", "上级单位": "乙乡镇"},
        {"单位": "", "承办人": "钱某", "专职/兼职": "专职", "上级单位": ""},
    )
    assert "the roster: 6 mistake(s)" in said
    assert "2 words under 专职/兼职 for 3 承办人: write one for all or one each" in said
    assert "承办人 names 张某 twice" in said
    assert "专职/兼职 '临时' is neither: write 专职 or 兼职" in said
    assert "'甲乡' stands in （数据框） row 2; （数据框） row 4: expected one row" in said
    assert "row 5: 上级单位 '乙乡镇' is no unit of the roster. Did you mean '乙镇'?" in said
    assert "row 6: no 单位" in said


def test_a_circle_of_parents_is_named_once():
    rows = [("甲", "乙"), ("乙", "丙"), ("丙", "甲"), ("丁", "甲")]
    said = mistakes_of(*({"单位": unit, "上级单位": parent} for unit, parent in rows))
    assert said.count("goes round in a circle") == 1 and "甲 → 乙 → 丙 → 甲" in said


def test_a_unit_that_is_its_own_parent_is_a_circle():
    assert "circle: 甲 → 甲" in mistakes_of({"单位": "甲", "上级单位": "甲"})


def test_villages_of_two_townships_may_have_one_name():
    roster = roster_of(
        *({"单位": unit, "上级单位": parent} for unit, parent in [("甲乡", ""), ("乙镇", "全县")]),
        *({"单位": "东村", "上级单位": parent} for parent in ("甲乡", "乙镇")),
    )
    assert roster["unit"].tolist() == ["甲乡", "乙镇", "东村", "东村"]
    assert roster["parent"].isna().tolist() == [True, True, False, False]


@pytest.mark.parametrize("population", ["0", "-3", "三万"])
def test_a_population_must_be_a_number_above_nought(population):
    assert f"常住人口 '{population}' is no number above 0" in mistakes_of(
        {"单位": "甲", "常住人口": population}
    )


@pytest.mark.parametrize("rows", [[], [{"名字": "甲"}], [{"单位": None, "承办人": None}]])
def test_a_sheet_without_a_unit_says_what_was_expected(rows):
    assert "no row of a unit: expected a header with 单位" in mistakes_of(*rows)


def test_two_columns_of_one_meaning_are_a_mistake():
    said = mistakes_of({"单位": "甲", "负责人": "王某", "第一责任人": "李某"})
    assert "第一责任人 stands under 负责人、第一责任人: leave one column each" in said


def test_handlers_one_by_one_each_with_their_own_words():
    people = list_handlers(
        roster_of(
            {"单位": "甲", "承办人": "张某、李某", "专职/兼职": "专职、兼职", "条线": "修路/客运、治安"},
            {"单位": "乙", "承办人": "王某、赵某", "专职/兼职": "兼职", "条线": ""},
        )
    )
    assert people["handler"].tolist() == ["张某", "李某", "王某", "赵某"]
    assert people["staffing"].tolist() == ["专职", "兼职", "兼职", "兼职"]
    assert (
        people["line"].tolist()[:2] == ["修路/客运", "治安"]
        and people["line"].isna().tolist()[2:] == [True] * 2
    )


@examples(15)
@given(st.lists(st.text(alphabet="甲乙丙=+@-<&'\"、 ", max_size=6), min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_the_roster_is_read_or_refused_by_name(cells):
    try:
        roster = roster_of(*({"单位": f"单位{n}", "承办人": cell} for n, cell in enumerate(cells)))
    except RosterError as error:
        assert "twice" in str(error)
    else:
        assert len(roster) == len(cells)


# --- gaps --------------------------------------------------------------------------------------------


def gaps_of(roster, tickets):
    return check_roster(roster, tickets).set_index("kind")


def test_missing_posts_are_one_sentence_a_unit_with_its_tickets():
    roster = roster_of({"单位": "甲乡", **WHOLE}, {"单位": "乙镇", "第一责任人": "王某"})
    gaps = gaps_of(roster, make({"unit": ["甲乡", "乙镇", "乙镇"]}))
    assert gaps.loc[NO_POST, "sentence"] == "乙镇未明确分管领导、承办人，涉及工单2件。"
    assert gaps.loc[NO_POST, "ticket_ids"] == ["t1", "t2"]


def test_a_village_needs_a_handler_and_nothing_more():
    villages = [{"单位": "东村", "上级单位": "甲乡", "承办人": "赵某"}, {"单位": "西村", "上级单位": "甲乡"}]
    roster = roster_of({"单位": "甲乡", **WHOLE}, *villages)
    gaps = gaps_of(roster, make({"unit": ["甲乡"] * 2, "sub_unit": ["东村", "西村"]}))
    assert gaps["sentence"].tolist() == ["甲乡西村未明确承办人，涉及工单1件。"]


def test_units_and_villages_that_only_one_side_knows():
    village = {"单位": "东村", "上级单位": "甲乡", "承办人": "赵某"}
    roster = roster_of({"单位": "甲乡", **WHOLE}, {"单位": "丙局", **WHOLE}, village)
    gaps = gaps_of(
        roster, make({"unit": ["甲乡", "甲乡", "乙镇", None], "sub_unit": ["西村", None, "北村", None]})
    )
    assert gaps.loc[NOT_LISTED, "sentence"].tolist() == [
        "乙镇有工单1件，名册未列。",
        "甲乡西村有工单1件，名册未列。",
    ]
    assert gaps.loc[NO_TICKET, "sentence"].tolist() == [
        "丙局列入名册，统计范围内无工单。",
        "甲乡所属东村，统计范围内无工单。",
    ]
    assert gaps["tickets"].tolist() == [1, 1, 0, 0]


def test_a_handler_of_another_unit_is_named_with_it():
    roster = roster_of({"单位": "甲乡", **WHOLE}, {"单位": "乙镇", **WHOLE, "承办人": "钱某"})
    tickets = make({"unit": ["甲乡", "甲乡", "乙镇"], "handler": ["钱某", "张某", "钱某"]})
    (said,) = gaps_of(roster, tickets).loc[[STRANGER], "sentence"]
    assert said == "甲乡有工单1件由钱某经办，名册中该单位无此人（名册列在乙镇）。"


def test_a_roster_that_fits_has_no_gap():
    assert check_roster(roster_of({"单位": "甲乡", **WHOLE}), make({"unit": ["甲乡"]})).empty


def test_without_tickets_the_posts_are_still_checked():
    gaps = check_roster(roster_of({"单位": "甲乡", **WHOLE, "承办人": ""}), make({"unit": []}))
    assert gaps["sentence"].tolist()[0] == "甲乡未明确承办人，目前无工单。"


# --- load --------------------------------------------------------------------------------------------

LINES = {"单位": "甲局", **WHOLE, "承办人": "张某、李某", "条线": "修路/客运、客运/治安"}


@pytest.mark.parametrize(
    ("handler", "category", "person", "how"),
    [
        ("钱某", "修路/硬化", "钱某", "工单所填"),
        (None, "修路/硬化", "张某", "按条线"),
        (None, "社会治安/户籍", "李某", "按条线"),
        (None, "客运/驾校", None, None),  # both
        (None, "教育/收费", None, None),  # neither
        (None, None, None, None),
    ],
)
def test_who_handles_a_ticket_is_told_by_the_ticket_else_by_the_line(handler, category, person, how):
    tickets = make({"unit": ["甲局"], "handler": [handler], "category": [category]})
    told = assign_handlers(roster_of(LINES), tickets).iloc[0]
    assert [None if pd.isna(v) else v for v in told[["handled_by", "handled_source"]]] == [person, how]


def test_a_single_handler_has_all_tickets_of_the_unit():
    told = assign_handlers(roster_of({"单位": "甲乡", **WHOLE}), make({"unit": ["甲乡", "乙镇", None]}))
    assert told["handled_by"].tolist()[0] == "张某" and told["handled_by"].isna().tolist() == [
        False,
        True,
        True,
    ]


def busy_tickets(count, status=None):
    times = [f"2025-03-03 {8 + n % 9:02d}:00" for n in range(count)] + ["2025-03-04 09:00"]
    return make({"unit": ["甲乡"] * (count + 1), "received_at": times, "status": [status] * count + [None]})


@pytest.mark.parametrize(("count", "days"), [(7, 0), (8, 1), (9, 1)])
def test_a_day_of_eight_tickets_is_busy(count, days):
    (load,) = load_per_handler(roster_of({"单位": "甲乡", **WHOLE}), busy_tickets(count), EIGHT).to_dict(
        "records"
    )
    assert (load["tickets"], load["busiest_count"], load["busy_days"]) == (count + 1, count, days)
    assert find_busy(busy_tickets(count), EIGHT)["ticket_id"].tolist() == load["busy_ids"]
    assert load["busiest_on"] == pd.Timestamp("2025-03-03") and len(load["busy_ids"]) == count * days


def test_voided_tickets_make_no_day_busy():
    (load,) = load_per_unit(roster_of({"单位": "甲乡", **WHOLE}), busy_tickets(8, "作废"), EIGHT).to_dict(
        "records"
    )
    assert (load["tickets"], load["busiest_count"], load["busy_days"]) == (9, 1, 0)


def test_tickets_nobody_can_be_named_for_stand_apart_and_idle_handlers_stay():
    tickets = make({"unit": ["甲局", "甲局", "乙镇"], "category": ["修路", "教育", "教育"]})
    loads = load_per_handler(roster_of(LINES), tickets, EIGHT)
    assert loads["unit"].tolist() == ["甲局", "甲局", "甲局", "乙镇"]
    assert loads["handler"].fillna("").tolist() == ["张某", "李某", "", ""]
    assert loads["tickets"].tolist() == [1, 0, 1, 1]
    assert loads["ticket_ids"].tolist() == [["t0"], [], ["t1"], ["t2"]]


def test_per_handler_is_missing_where_nobody_is_named():
    roster = roster_of(LINES, {"单位": "乙镇", "第一责任人": "王某"})
    loads = load_per_unit(roster, make({"unit": ["甲局", "甲局", "甲局", "乙镇", "丙局"]}), EIGHT).set_index(
        "unit"
    )
    assert loads.loc["甲局", "per_handler"] == 1.5
    assert loads.loc["乙镇", "handlers"] == 0 and pd.isna(loads.loc["丙局", "handlers"])
    assert loads["per_handler"].isna().tolist() == [False, True, True]
    assert loads["tickets"].sum() == 5


@examples(15)
@given(st.lists(st.tuples(st.sampled_from(["甲局", "乙镇", None]), st.sampled_from(["修路", "教育", None]))))
def test_every_ticket_is_counted_with_one_handler(pairs):
    tickets = make({"unit": [u for u, _ in pairs], "category": [c for _, c in pairs]})
    loads = load_per_handler(roster_of(LINES), tickets, EIGHT)
    assert sorted(id for ids in loads["ticket_ids"] for id in ids) == sorted(tickets["ticket_id"])


def scores(rates):
    card = pd.DataFrame({"unit": list(rates), "metric": "满意率", "numerator": list(rates.values())})
    card = card.assign(denominator=100).astype({"numerator": "Int64", "denominator": "Int64"})
    return card.assign(rate=card["numerator"].astype("float64") / 100)


def loads_of(count):
    roster = roster_of(*({"单位": f"单位{n:02d}", **WHOLE} for n in range(count)))
    return load_per_unit(
        roster, make({"unit": [f"单位{n:02d}" for n in range(count) for _ in range(n + 1)]}), EIGHT
    )


def test_load_and_rate_that_move_together_are_said_to_without_a_cause():
    found = load_against_quality(loads_of(12), scores({f"单位{n:02d}": 90 - n for n in range(12)}), "满意率")
    assert found.n == 12 and found.rho == pytest.approx(-1) and found.low < -0.4 < 0.4 < found.high
    assert "等级相关系数为−1.00（n=12个单位）" in found.sentence and "往往偏低" in found.sentence
    assert "同时出现不等于因果" in found.sentence


def test_load_and_rate_that_have_nothing_to_do_are_said_not_to():
    rates = {f"单位{n:02d}": 50 + (n * 5) % 12 for n in range(12)}
    assert "看不出关联" in load_against_quality(loads_of(12), scores(rates), "满意率").sentence


def test_rank_correlation_is_spearmans():
    from scipy.stats import spearmanr

    rates = [61, 55, 80, 80, 43, 90, 66, 55, 71, 52, 61]
    found = load_against_quality(
        loads_of(11), scores({f"单位{n:02d}": r for n, r in enumerate(rates)}), "满意率"
    )
    assert found.rho == pytest.approx(spearmanr(range(11), rates).statistic)


def test_the_range_by_chance_is_that_of_the_ranks_in_any_order():
    rates = [61, 55, 80, 80, 43, 90, 66, 55, 71, 52, 61]
    found = load_against_quality(
        loads_of(11), scores({f"单位{n:02d}": r for n, r in enumerate(rates)}), "满意率"
    )
    rng = np.random.default_rng(1)
    tried = [pd.Series(range(11)).corr(pd.Series(rng.permutation(rates)).rank()) for _ in range(2_000)]
    assert [found.low, found.high] == pytest.approx(np.quantile(tried, [0.025, 0.975]), abs=0.06)


@pytest.mark.parametrize(("units", "is_said"), [(LEAST_UNITS - 1, False), (LEAST_UNITS, True)])
def test_too_few_units_give_no_number(units, is_said):
    rates = {f"单位{n:02d}": 90 - n for n in range(units)}
    found = load_against_quality(loads_of(units), scores(rates), "满意率")
    assert pd.notna(found.rho) == is_said and ("样本太少" in found.sentence) != is_said


def test_units_all_alike_cannot_be_compared_and_those_without_a_rate_are_named():
    found = load_against_quality(loads_of(11), scores({f"单位{n:02d}": 90 for n in range(10)}), "满意率")
    assert "无从比较" in found.sentence and found.left_out == ["单位10"]


def test_full_and_part_time_units_are_compared_by_summed_counts():
    roster = roster_of(
        {"单位": "甲", "承办人": "张某", "专职/兼职": "专职"},
        {"单位": "乙", "承办人": "李某", "专职/兼职": "专职"},
        {"单位": "丙", "承办人": "王某、赵某", "专职/兼职": "专职、兼职"},
        {"单位": "丁"},
    )
    card = scores({"甲": 1, "乙": 99, "丙": 50, "丁": 0}).assign(denominator=[2, 100, 100, 0])
    compared = compare_staffing(load_per_unit(roster, make({"unit": []}), EIGHT), card, "满意率").set_index(
        "staffing"
    )
    assert compared.loc["专职", "rate"] == pytest.approx(100 / 102)
    assert compared.index.tolist() == ["专职", "专职、兼职均有", "无承办人"]
    assert pd.isna(compared.loc["无承办人", "rate"])


# --- shares and classes ------------------------------------------------------------------------------


def test_tickets_from_above_are_counted_among_those_whose_level_is_known():
    levels = ["市级派发", "省级派发", "县本级", None, "上级转办"]
    shares = share_sources(make({"unit": ["甲乡"] * 5, "source_level": levels}))
    row = shares[shares["unit"].eq("甲乡") & shares["share"].eq(FROM_ABOVE)].iloc[0]
    assert (row["numerator"], row["denominator"], row["rate"]) == (3, 4, 0.75)
    assert row["ticket_ids"] == ["t0", "t1", "t4"] and row["among_ids"] == ["t0", "t1", "t2", "t4"]


def test_where_no_ticket_names_another_unit_nothing_is_known_of_joint_work():
    shares = share_sources(make({"unit": ["甲乡", "乙镇"], "co_units": [None, None]})).set_index(
        ["unit", "share"]
    )
    assert shares.loc[("甲乡", JOINT), "denominator"] == 0 and pd.isna(shares.loc[("甲乡", JOINT), "rate"])


def test_joint_tickets_count_for_the_leading_and_for_each_helping_unit():
    tickets = make({"unit": ["甲乡", "甲乡", "乙镇"], "co_units": ["乙镇；丙局", None, "乙镇"]})
    shares = share_sources(tickets).set_index(["unit", "share"])
    assert shares.loc[("甲乡", JOINT), ["numerator", "denominator"]].tolist() == [1, 2]
    assert shares.loc[("丙局", HELPING), "ticket_ids"] == ["t0"]
    assert shares.loc[("乙镇", HELPING), "numerator"] == 1  # not its own ticket
    assert shares.loc[("全县", HELPING), "numerator"] == 1 and pd.isna(shares.loc[("全县", HELPING), "rate"])


def test_without_levels_there_is_no_rate():
    shares = share_sources(make({"unit": ["甲乡"]})).set_index(["unit", "share"])
    assert shares.loc[("甲乡", FROM_ABOVE), "denominator"] == 0 and pd.isna(
        shares.loc[("甲乡", FROM_ABOVE), "rate"]
    )


def test_no_tickets_no_shares_but_the_countys_noughts():
    shares = share_sources(make({"unit": []}))
    assert shares["unit"].unique().tolist() == ["全县"] and shares["numerator"].tolist() == [0, 0, 0]


def test_outcomes_are_counted_and_what_says_nothing_stands_apart():
    tickets = make({"unit": ["甲乡", "甲乡", "乙镇"], "resolved": ["已解决", None, "未解决"]})
    counts = count_outcomes(tickets).set_index(["unit", "outcome"])
    assert counts.loc[("全县", "已解决"), "tickets"] == 1 and counts.loc[
        ("甲乡", "未说明"), "ticket_ids"
    ] == ["t1"]
    classes = tickets.assign(outcome=["解释说明", "暂不具备条件", "已解决"])
    assert set(count_outcomes(classes)["outcome"]) == {"解释说明", "暂不具备条件", "已解决"}


# --- villages, units, county -------------------------------------------------------------------------


def tallied(units, villages, replied=True):
    rows = {"unit": units, "sub_unit": villages, "received_at": "2025-03-03 09:00", "replied_at": replied}
    rows["replied_at"] = ["2025-03-04 09:00" if done else None for done in rows["replied_at"]]
    tickets = clock(make(rows), {"name": "试行", "source": "测试"}, "2025-03-31")
    return tickets, tally(tickets, ["unit", "sub_unit"])


def timely(tallies):
    return rates(tallies).query("metric == '按期回复率（÷受理）'").set_index(["depth", "unit"])


def test_rates_are_those_of_the_summed_counts():
    units = ["甲乡"] * 5 + ["乙镇"]
    villages = ["东村", "西村", "西村", "西村", None, None]
    _, tallies = tallied(units, villages, [True, True, False, False, False, False])
    rolled = timely(roll_up(tallies))
    assert rolled.loc[(1, "甲乡"), ["numerator", "denominator"]].tolist() == [2, 5]
    assert rolled.loc[(1, "甲乡"), "rate"] == 0.4 and rolled.loc[(0, "全县"), "rate"] == pytest.approx(1 / 3)
    assert rolled.loc[(2, "东村"), "rate"] == 1 and rolled.loc[(2, "东村"), "parent"] == "甲乡"


def test_the_roster_adds_the_levels_above_a_unit():
    roster = roster_of({"单位": "县公安局", "上级单位": ""}, {"单位": "城关派出所", "上级单位": "县公安局"})
    _, tallies = tallied(["城关派出所", "城关派出所", "县公安局"], [None] * 3, [True, False, True])
    rolled = timely(roll_up(tallies, roster))
    assert (
        rolled.loc[(1, "县公安局"), "denominator"] == 3 and rolled.loc[(2, "城关派出所"), "denominator"] == 2
    )


def test_villages_of_one_name_stay_apart():
    _, tallies = tallied(["甲乡", "乙镇", "乙镇"], ["东村"] * 3, [True] * 3)
    assert timely(roll_up(tallies)).loc[(2, "东村"), "denominator"].tolist() == [2, 1]


def test_nothing_to_add_up_gives_no_rows():
    _, tallies = tallied([], [], [])
    assert roll_up(tallies).empty


PLACES = st.tuples(st.sampled_from("甲乙"), st.sampled_from(["东村", "西村", None]), st.booleans())


@examples(12)
@given(st.lists(PLACES, min_size=1, max_size=10))
def test_each_level_is_the_tally_of_its_tickets(places):
    tickets, tallies = tallied(*(list(column) for column in zip(*places, strict=True)))
    rolled = roll_up(tallies)
    for depth, by in ((0, []), (1, ["unit"])):
        level = rolled[rolled["depth"].eq(depth)].drop(columns=["depth", "parent", *(() if by else ["unit"])])
        whole = tally(tickets, by)
        pd.testing.assert_frame_equal(level.reset_index(drop=True), whole)


# --- the demo county's -------------------------------------------------------------------------------


def test_the_demo_roster_is_read_and_shows_the_gaps_planted_in_it(demo_county, demo_tickets):
    roster = read_roster(str(demo_county / "roster.xlsx"))
    planted = pd.read_csv(demo_county / "planted_roster.csv")
    gaps = check_roster(roster, demo_tickets)
    for unit, gap, _ in planted.itertuples(index=False):
        found = gaps[gaps["unit"].eq(unit)]
        assert found["kind"].eq(gap).any() or found["sentence"].str.contains(f"未明确{gap}").any(), (
            unit,
            gap,
        )
    assert gaps["kind"].eq(NO_POST).sum() == planted["gap"].isin(["第一责任人", "分管领导", "承办人"]).sum()
    assert gaps["kind"].eq(NOT_LISTED).sum() == 2


def test_the_same_seed_gives_the_same_demo_roster():
    first, again = demo_roster.make_roster(7), demo_roster.make_roster(7)
    assert first[0].equals(again[0]) and not first[0].equals(demo_roster.make_roster(8)[0])


def test_a_units_name_is_spelt_as_that_of_its_tickets():
    rows = pd.DataFrame(
        {"单位": ["ＡＢＣ局\u200b", "甲 镇"], "上级单位": ["", "ABC 局"], "承办人": ["王五", "李四"]}
    )
    assert read_roster(rows)[["unit", "parent"]].fillna("").values.tolist() == [
        ["ABC局", ""],
        ["甲镇", "ABC局"],
    ]
