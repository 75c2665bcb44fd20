"""The tables of a report: sums, rates and shares of their columns, read as rows of cells parted by tabs."""

import pytest

from toolkit.proofreading.draft import find_figures
from toolkit.proofreading.proofread import proofread

HEAD = "序号\t单位\t受理\t按期回复\t按期回复率(%)\n"
ROWS = "1\t甲乡\t50\t48\t96.0\n2\t乙镇\t61\t60\t98.4\n3\t丙局\t10\t9\t90.0\n"


def verdicts(text):
    return {(row["claim"], row["stated"]): row["verdict"] for row in proofread(text).to_dict("records")}


def test_a_table_that_adds_up_is_consistent_cell_by_cell():
    found = verdicts(HEAD + ROWS + "合计\t\t121\t117\t96.7")
    assert {verdict for (claim, _), verdict in found.items() if claim != "序号"} == {"一致"}
    assert found["序号", "1"] == "无法核对"


@pytest.mark.parametrize(
    ("total", "verdict"),
    [("121\t117\t96.7", "一致"), ("122\t117\t95.9", "不一致"), ("120\t117\t97.5", "不一致")],
)
def test_the_total_row_is_the_sum_of_its_rows(total, verdict):
    assert verdicts(HEAD + ROWS + f"合计\t\t{total}")["合计受理", total.split("\t")[0]] == verdict


def test_a_subtotal_and_a_total_of_subtotals_are_consistent():
    rows = "单位\t受理\n甲乡\t5\n乙镇\t6\n小计\t11\n丙局\t7\n丁局\t8\n小计\t15\n合计\t26"
    found = verdicts(rows)
    assert [found["小计受理", "11"], found["小计受理", "15"], found["合计受理", "26"]] == ["一致"] * 3


def test_a_rate_that_breaks_its_column_s_formula_is_accused():
    rows = proofread(HEAD + ROWS.replace("98.4", "94.8"))
    wrong = rows[rows["verdict"].eq("不一致")]
    assert wrong[["claim", "stated", "how"]].values.tolist() == [
        ["乙镇按期回复率(%)", "94.8", "60÷61=98.4%，文中为94.8"]
    ]


def test_rates_from_no_two_columns_are_not_accused():
    rows = HEAD.replace("按期回复率(%)", "满意率") + ROWS
    assert not proofread(rows)["verdict"].isin(["不一致", "可疑", "不可能"]).any()


def test_a_share_is_of_its_column_s_total():
    found = verdicts("类别\t件数\t占比\n投诉\t41\t41%\n咨询\t39\t39%\n求助\t20\t21%\n合计\t100\t100%")
    assert (found["投诉占比", "41%"], found["求助占比", "21%"]) == ("一致", "不一致")


def test_a_rate_over_100_in_a_table_is_impossible():
    assert verdicts("单位\t办结率\n甲乡\t101%\n乙镇\t90%")["甲乡办结率", "101%"] == "不可能"


def test_a_growth_over_100_in_a_table_is_not():
    assert verdicts("单位\t增幅\n甲乡\t210%\n乙镇\t90%")["甲乡增幅", "210%"] == "无法核对"


def test_a_rank_is_no_count_and_an_empty_cell_no_zero():
    found = verdicts("单位\t受理\t名次\n甲乡\t5\t2\n乙镇\t\t1\n合计\t5\t")
    assert found["甲乡名次", "2"] == "无法核对"
    assert found["合计受理", "5"] == "无法核对"


@pytest.mark.parametrize("text", ["甲乡\t12", "\t受理12件\n\t办结12件", "甲\t12\n\n乙\t13", ""])
def test_lines_that_make_no_table_are_read_as_text(text):
    assert find_figures(text).tables == []


def test_two_row_headers_are_joined():
    text = "单位\t受理\t\t\n\t本月\t上月\t合计\n甲乡\t3\t4\t7\n乙镇\t5\t6\t11"
    assert find_figures(text).tables[0].names == ["单位", "受理本月", "受理上月", "受理合计"]
