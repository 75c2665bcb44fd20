"""How sure a rate and a rank are: few tickets drawn to their group, the same kinds of tickets, the range of a rank.

A figure of this report opens its tickets; one of the county or of another unit is plain text with its
counts, for its tickets are not here.
"""

import pandas as pd

from toolkit.comparing import fairness
from toolkit.presenting.figures import fold, join, long_table, note, rate_figure
from toolkit.presenting.sections import fold_section
from toolkit.rounding import percent, round_half_up

HEADINGS = [
    *["类别", "单位", "比率", "95%区间", "稳健比率（区间）", "同类工单全县水平", "与全县水平之差"],
    *["位次（90%把握）", "判断"],
]
TITLE = "比率和位次的把握"


def fair_table(report):
    """Each unit's rate with its interval, the rate its few tickets can carry, its like-for-like difference, its rank's range.

    Of every rate the scheme scores, those after the first folded away. The county's page shows every unit, in
    the order of names within groups; a unit's page its own row alone.
    """
    ranks, mix = report.compared.ranks, report.compared.mix
    if ranks.empty:
        return fold_section(TITLE, "没有可比的工单")
    mix = mix if report.name is None else mix[mix["unit"].eq(report.name)]
    (_, first), *others = [
        (name, _fair_metric(name, part, mix[mix["metric"].eq(name)], report.name))
        for name, part in ranks.groupby("metric", sort=False)
    ]
    said = f"位次只给出九成把握的范围；居前、居后的把握达到{percent(fairness.SURE, 0)}才作判断。"
    folded = [fold(name, block) for name, block in others]
    return fold_section(TITLE, _say_places(ranks, report), first, *folded, note(said))


def _say_places(ranks, report):
    """Where nine chances in ten put this unit; for the county, how many stand clearly first or last."""
    metric = ranks["metric"].iloc[0]
    own = ranks[ranks["metric"].eq(metric)]
    if report.name:
        row = own[own["unit"].eq(report.name)].to_dict("records")
        return (
            f"{metric}{_say_rank(row[0])[0]}，{_say_rank(row[0])[1]}"
            if row and not pd.isna(row[0]["rank"])
            else "位次未计"
        )
    first, last = (own["place"].eq(place).sum() for place in (fairness.FIRST, fairness.LAST))
    return f"{metric}：有把握居前{first}家、居后{last}家，其余{len(own) - first - last}家不分先后"


def _fair_metric(metric, ranks, mix, unit):
    shown = ranks if unit is None else ranks[ranks["unit"].eq(unit)]
    mixes = {row["unit"]: row for row in mix.to_dict("records")}
    rows = [_fair_row(row, mixes.get(row["unit"]), unit) for row in shown.to_dict("records")]
    notes = [f"{metric}：{ranks['definition'].iloc[0]}。", _say_priors(shown)]
    return join([long_table(HEADINGS, rows), *map(note, notes)])


def _fair_row(row, mix, unit):
    where = {} if unit else {"report": [row["unit"]]}
    shrunken = f"{percent(row['shrunken'])}（{_range(row['shrunken_low'], row['shrunken_high'])}）"
    interval = "—" if pd.isna(row["low"]) else _range(row["low"], row["high"])
    cells = [row["group"], row["unit"], rate_figure(row, row["unit"], **where), interval, shrunken]
    cells += ["—", "—"] if mix is None else [percent(mix["expected_rate"]), _difference(mix)]
    return [*cells, *_say_rank(row)]


def _say_rank(row):
    """第3—7名（共24个单位）, and whether that is 居前, 居后 or neither."""
    if pd.isna(row["rank"]):
        return ["—", "—"]
    low, high = (f"{row[end]:.0f}" for end in ("rank_low", "rank_high"))
    ranked = f"第{low if low == high else f'{low}—{high}'}名（共{row['units']:.0f}个单位）"
    ends = {fairness.FIRST: f"（前{row['ends']:.0f}名）", fairness.LAST: f"（后{row['ends']:.0f}名）"}
    return [ranked, row["place"] + ends.get(row["place"], "")]


def _range(low, high):
    return f"{percent(low)}—{percent(high)}"


def _difference(mix):
    if pd.isna(mix["difference"]):
        return "无同类可比"
    part = f"，可比{mix['comparable']}件" if mix["comparable"] < mix["denominator"] else ""
    middle, low, high = (_signed(mix[name]) for name in ("difference", "difference_low", "difference_high"))
    return f"{middle}个百分点（{low}至{high}{part}）"


def _signed(points):
    """A difference in percentage points with its sign, to one decimal; 0.0 has none."""
    rounded = round_half_up(float(points), 1)
    return f"{rounded:+}" if rounded else "0.0"


def _say_priors(shown):
    """How far each group's units are drawn together, with the formula."""
    groups = shown[["group", "prior_rate", "prior_count"]].drop_duplicates("group")
    said = "；".join(
        f"{row['group']}整体{percent(row['prior_rate'])}，按{row['prior_count']:.0f}件计"
        for row in groups.to_dict("records")
    )
    return f"稳健比率=（分子+件数×整体比率）÷（分母+件数），工单少的单位向整体靠拢。{said}。"
