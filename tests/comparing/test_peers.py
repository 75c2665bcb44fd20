"""The other counties' rates: how they are entered, and our place among them."""

import pandas as pd
import pytest
import xlsxwriter

from toolkit.comparing.peer_ranks import rank_all, rank_among_peers
from toolkit.comparing.peers import read_peers
from toolkit.errors import PeersError
from toolkit.period import say_period
from toolkit.settings import PROJECT


def peers_of(tmp_path, text):
    path = tmp_path / "peers.yml"
    path.write_text(text, encoding="utf-8")
    return read_peers(str(path))


def bulletin(rates, metric="按期回复率", period="2025", definition="按期÷转办"):
    return f"bulletins: [{{metric: {metric}, period: {period}, definition: {definition}, rates: {rates}}}]"


def mistakes_of(tmp_path, text):
    with pytest.raises(PeersError) as error:
        peers_of(tmp_path, text)
    return str(error.value)


OWN = {"county": "青禾县", "period": "2025", "rate": 456 / 498}
ELEVEN = (
    "{"
    + ", ".join(f"县{n}: {rate}%" for n, rate in enumerate([97, 95, 93, 90, 89, 88, 87, 86, 85, 80], 1))
    + "}"
)


def rank(tmp_path, text, metric="按期回复率", **own):
    return rank_among_peers(OWN | own, peers_of(tmp_path, text), metric)


# --- reading -----------------------------------------------------------------------------------------


def test_rates_stand_as_published_with_their_decimals(tmp_path):
    peers = peers_of(
        tmp_path, bulletin("{甲县: 96.37%, 乙县: {rate: 91.6%, numerator: 456, denominator: 498}}")
    )
    assert peers["rate"].tolist() == [0.9637, 0.916] and peers["decimals"].tolist() == [2, 1]
    assert peers.loc[1, ["numerator", "denominator"]].tolist() == [456, 498]
    assert peers["doubt"].isna().all() and peers["period"].unique().tolist() == ["2025-01-01..2025-12-31"]


def test_a_published_rate_that_is_not_that_of_its_counts_is_doubted(tmp_path):
    peers = peers_of(tmp_path, bulletin("{湘县: {rate: 6.87%, numerator: 78, denominator: 1144}}"))
    assert peers["doubt"].tolist() == ["公布6.87%，按78/1144应为6.82%"]


def test_numbers_without_a_sign_are_read_by_their_size_and_their_bulletin(tmp_path):
    assert peers_of(tmp_path, bulletin("{甲县: 96.37, 乙县: 94}"))["decimals"].tolist() == [2, 2]
    assert peers_of(tmp_path, bulletin("{甲县: 0.9637, 乙县: 1}"))["rate"].tolist() == [0.9637, 1]


def test_a_workbook_is_read_as_well(tmp_path):
    path = tmp_path / "外县.xlsx"
    lines = [["某市通报"], ["县（市、区）", "指标", "期间", "比率", "来源"]]
    lines += [["甲县", "满意率", 2025, 0.971, "通报"], ["乙县", "满意率", "2025", "95.0%", "=1+1"]]
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    peers = read_peers(str(path))
    assert peers["rate"].tolist() == [0.971, 0.95] and peers["definition"].isna().all()
    assert peers["source"].tolist() == ["通报", "=1+1"]


def test_every_mistake_is_named_at_once(tmp_path):
    rates = "{甲县: 九成, 乙县: 120%, 丙县: 0.9, 丁县: 93.1, 戊县: {rate: 50%, numerator: 3, denominator: 2}}"
    said = mistakes_of(tmp_path, bulletin(rates) + "\nnote: 示例")
    assert "the peers' rates: 4 mistake(s)" in said
    assert "bulletins.1 甲县: '九成' is no rate: write 91.6%" in said
    assert "'120%' is above 100%" in said and "'0.9' stands among percentages" in said
    assert "戊县: the numerator is above the denominator" in said


def test_a_rate_told_twice_and_a_period_nobody_can_read_are_mistakes(tmp_path):
    twice = "bulletins:\n" + "".join(
        f"  - {{metric: 满意率, period: '{period}', rates: {{甲县: 90%}}}}\n"
        for period in ("2025", "2025-01-01..2025-12-31", "去年")
    )
    said = mistakes_of(tmp_path, twice)
    assert "甲县、满意率、2025-01-01..2025-12-31 stands in bulletins.1 甲县; bulletins.2 甲县" in said
    assert "period '去年' cannot be read" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bulletins: []", "no rate: expected one row a county, metric and period"),
        ("bulletin: []", "'bulletin' is not a setting. Did you mean 'bulletins'?"),
        (bulletin("{甲县: {rate: 90%, numerator: 9}}"), "give numerator and denominator, or neither"),
    ],
)
def test_a_file_of_another_shape_says_what_was_expected(tmp_path, text, said):
    assert said in mistakes_of(tmp_path, text)


def test_the_shipped_example_is_readable_and_says_that_it_is_invented():
    text = (PROJECT / "parameters" / "peers.yml").read_text(encoding="utf-8")
    assert "虚构" in text and len(read_peers("parameters/peers.yml")) == 11


# --- ranks -------------------------------------------------------------------------------------------


def test_the_rank_is_told_as_the_office_tells_it(tmp_path):
    found = rank(tmp_path, bulletin(ELEVEN.replace("90%", "90.0%")))
    assert (found["rank"], found["of"], found["tied"]) == (4, 11, False)
    text = bulletin("{甲县: 95.0%, 乙县: 94.0%, 丙县: 93.0%, 丁县: 90.1%}")
    assert rank(tmp_path, text)["sentence"] == "按期回复率91.6%，列各县（市、区）第四（共5个）。"


def test_rates_alike_as_published_share_the_rank(tmp_path):
    found = rank(tmp_path, bulletin("{甲县: 95.0%, 乙县: 91.6%, 丙县: 91.5%}"))
    assert (found["rank"], found["tied"]) == (2, True) and "并列第二（共4个）" in found["sentence"]


def test_another_period_or_another_variant_is_not_compared(tmp_path):
    text = bulletin("{甲县: 95.0%}", period="2024")
    assert rank(tmp_path, text)["sentence"] == "按期回复率91.6%，没有2025年外县同一指标的公布数字，不列位次。"
    other = bulletin("{甲县: 95.0%}", metric="按期回复率（÷转办）")
    assert rank(tmp_path, other, metric="按期回复率（÷受理）")["rank"] is None


def test_a_name_without_variant_is_compared_and_an_unknown_definition_said(tmp_path):
    text = bulletin("{甲县: 95.0%, 乙县: 90.0%}", definition="''")
    found = rank(tmp_path, text, metric="按期回复率（÷受理）")
    assert found["rank"] == 2 and "各县未说明计算口径，位次仅供参考。" in found["sentence"]


def test_the_very_same_name_goes_before_the_name_without_variant(tmp_path):
    text = (
        "bulletins:\n"
        "  - {metric: 满意率, period: 2025, rates: {甲县: 99.0%}}\n"
        "  - {metric: 满意率（÷评价）, period: 2025, rates: {甲县: 80.0%}}\n"
    )
    assert rank(tmp_path, text, metric="满意率（÷评价）")["rank"] == 1


def test_counties_that_did_not_publish_are_named(tmp_path):
    text = (
        "bulletins:\n"
        "  - {metric: 满意率, period: 2025, definition: 满意÷回访, rates: {甲县: 90.0%, 乙县: 80.0%}}\n"
        "  - {metric: 按期回复率, period: 2025, definition: 按期÷转办, rates: {甲县: 99.0%}}\n"
    )
    found = rank(tmp_path, text)
    assert found["missing"] == ["乙县"] and found["sentence"].endswith("乙县未公布同期该项指标，未列入比较。")


def test_our_own_published_rate_is_no_rival_but_a_difference_is_said(tmp_path):
    found = rank(tmp_path, bulletin("{青禾县: 93.0%, 甲县: 95.0%}"))
    assert (found["rank"], found["of"]) == (2, 2)
    assert "通报公布本县为93.0%，与本处计算的91.6%不一致" in found["sentence"]
    assert "不一致" not in rank(tmp_path, bulletin("{青禾县: 91.6%, 甲县: 95.0%}"))["sentence"]


def test_where_less_is_better_the_lowest_comes_first(tmp_path):
    peers = peers_of(tmp_path, bulletin("{甲县: 5.0%, 乙县: 1.0%}", metric="超期率"))
    assert rank_among_peers(OWN | {"rate": 0.03}, peers, "超期率", lower_is_better=True)["rank"] == 2


def test_all_metrics_and_periods_make_a_history(tmp_path):
    text = "bulletins:\n" + "".join(
        f"  - {{metric: 满意率, period: '{month}', rates: {{甲县: {rate}%}}}}\n"
        for month, rate in (("2025-01", 90), ("2025-02", 70))
    )
    own = pd.DataFrame({"metric": "满意率", "period": ["2025-01", "2025-02"], "rate": [0.8, 0.8]})
    own = pd.concat([own, own.assign(metric="解决率")])
    ranks = rank_all(own, peers_of(tmp_path, text), "青禾县")
    assert ranks["rank"].tolist() == [2, 1] and ranks["metric"].unique().tolist() == ["满意率"]


@pytest.mark.parametrize(
    ("period", "word"),
    [
        ("2025-01-01..2025-12-31", "2025年"),
        ("2025-03-01..2025-03-31", "2025年3月"),
        ("2025-01-01..2025-06-30", "2025-01-01至2025-06-30"),
        ("2024-01-01..2025-12-31", "2024-01-01至2025-12-31"),
    ],
)
def test_periods_are_told_as_short_as_they_are(period, word):
    assert say_period(period) == word
