"""The blocks of a report about movement, stages, fair comparison and what-if.

Each takes frames of `movement`, `stages`, `fair` and `what_if`. A figure of this report opens its tickets; one of
the county or of another unit is plain text with its counts, for its tickets are not here.
"""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import fair, schema
from toolkit.metrics import lead_variants
from toolkit.movement import PERIOD_BEFORE, YEAR_BEFORE, say_change
from toolkit.points import plain
from toolkit.present.figures import count_figure, figure, html_table, rate_figure
from toolkit.present.listing import PAST
from toolkit.score import percent
from toolkit.stages import STAGE, URGED, find_bottlenecks

MOST_NAMED = 3


def _note(text):
    return f'<p class="note">{text}</p>' if text else ""


# --- movement --------------------------------------------------------------------------------------


def movement_table(movements, report=None):
    """Each metric of the report against the period before and the same period of the year before.

    Reads `move_scores`; each figure opens its tickets, those of an earlier period too. The leading variant
    of every family stands open, its rivals are folded beneath.
    """
    own = movements[movements["unit"].eq(report or schema.COUNTY)]
    names = [name for name in (PERIOD_BEFORE, YEAR_BEFORE) if name in set(own["against"])]
    if not names:
        return HTML(_note("没有可比的期间。"))
    leads = [variants[0].name for variants in lead_variants(set(own["metric"])).values()]
    is_lead = own["metric"].isin(leads)
    spans = own.drop_duplicates("against").set_index("against").loc[names]
    said = "；".join(
        f"{_name_before(name)}为{span.period_before.replace('..', '至')}（{span.days_before}天，本期{span.days}天）"
        for name, span in spans.iterrows()
    )
    note = f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差。"
    rivals = own[~is_lead]
    folded = f"<details><summary>同名指标的其他口径</summary>{_movement_rows(rivals, names)}</details>"
    return HTML(_movement_rows(own[is_lead], names) + _note(escape(note)) + (folded if len(rivals) else ""))


def _movement_rows(own, names):
    rows = []
    for metric in own["metric"].unique():
        by_span = {row["against"]: row for row in own[own["metric"].eq(metric)].to_dict("records")}
        first = next(iter(by_span.values()))
        cells = [cell for name in names for cell in _change_cells(by_span.get(name))]
        rows.append([escape(metric), _value(first), *cells, escape(str(first["definition"]))])
    heads = [head for name in names for head in (_name_before(name), name)]
    return html_table(["指标", "本期", *heads, "口径"], rows)


def _name_before(against):
    return "上期" if against == PERIOD_BEFORE else "上年同期"


def _change_cells(row):
    if row is None:
        return ["—", "—"]
    before = {name: row[name + "_before"] for name in ("numerator", "denominator", "rate")}
    before["metric"] = PAST[row["against"]] + row["metric"]
    return [_value(before), escape(say_change(row))]


def _value(row):
    """A rate or a count with its figures."""
    if pd.isna(row["numerator"]):
        return "—"
    return count_figure(row) if pd.isna(row["denominator"]) else rate_figure(row)


def say_movements(movements, metrics, report=None):
    """The movement of some metrics in a sentence: 按期回复率91.6%（456/498），环比上升1.2个百分点，同比持平。"""
    own = movements[movements["unit"].eq(report or schema.COUNTY)]
    sentences = []
    for metric in metrics:
        rows = own[own["metric"].eq(metric)].to_dict("records")
        if rows:
            said = "，".join(escape(say_change(row)) for row in rows)
            unit = "件" if pd.isna(rows[0]["denominator"]) else ""
            sentences.append(f"{escape(_plain(metric))}{_value(rows[0])}{unit}，{said}")
    return HTML(f'<p class="summary">{"；".join(sentences)}。</p>' if sentences else "")


def _plain(metric):
    """受理件数23件 reads badly: a count is named without its 件数."""
    return metric.removesuffix("件数")


# --- who moved the county --------------------------------------------------------------------------


def contributions_table(parts, metric, against, column="report", kind="单位"):
    """How many percentage points of the county's change each unit or category brought about; for the county's page.

    Reads `assess.find_contributions`; column: the column of the ticket table whose values the rows are.
    """
    parts = parts[parts["metric"].eq(metric) & parts["against"].eq(against) & parts["column"].eq(column)]
    if parts["contribution"].isna().all():
        return HTML(_note(f"{escape(metric)}{against}无可比工单，各{kind}的影响未计。"))
    order = parts.assign(size=parts["contribution"].abs()).sort_values(
        ["size", "unit"], ascending=[False, True], kind="stable"
    )
    is_rate = parts["rate_effect"].notna().any()
    effects = ["rate_effect", "mix_effect", "contribution"] if is_rate else ["contribution"]
    rows = []
    for row in order.to_dict("records"):
        before = {name: row[name + "_before"] for name in ("numerator", "denominator")}
        sides = _counts(row, metric), _counts(before, PAST[against] + metric)
        show = rate_figure if is_rate else count_figure
        opened = [show(side, **{column: [row["unit"]]}) for side in sides]
        rows.append([escape(row["unit"]), *opened, *(_points(row[e]) for e in effects)])
    sums = [_points(round(parts[effect].sum(), 2)) for effect in effects]
    rows.append(["合计", "", "", *sums])
    heads = ["自身升降", "工单占比变化", "合计影响"] if is_rate else ["影响"]
    title = [kind, "本期", _name_before(against), *(f"{head}（百分点）" for head in heads)]
    note = "自身升降为本{0}比率变化乘其工单平均占比，工单占比变化为占比升降乘其比率与全县之差；各项相加等于全县变化。"
    return HTML(
        _note(_say_contributions(order, metric, against, is_rate))
        + html_table(title, rows)
        + _note(note.format(kind) if is_rate else "")
    )


def _counts(row, metric):
    rate = row["numerator"] / row["denominator"] if row["denominator"] else None
    return {
        "metric": metric,
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "rate": None if pd.isna(rate) else rate,
    }


def _points(value):
    return "—" if pd.isna(value) else f"{value + 0.0:+.2f}" if value else "0.00"


def _say_contributions(order, metric, against, is_rate):
    total = round(order["contribution"].sum(), 2)
    word = "上升" if total > 0 else "下降" if total < 0 else "持平"
    size = f"{abs(total):.2f}{'个百分点' if is_rate else '%'}" if total else ""
    said = f"全县{metric}{against}{word}{size}"
    for verb, side in (
        ("拉动上升", order[order["contribution"] > 0]),
        ("拉低", order[order["contribution"] < 0]),
    ):
        named = [
            f"{row.unit}{abs(row.contribution):.2f}个百分点" for row in side.head(MOST_NAMED).itertuples()
        ]
        said += f"；{verb}：{'、'.join(named)}" if named else ""
    return escape(said) + "。"


# --- stages ----------------------------------------------------------------------------------------


def stages_table(times, report=None):
    """How long each stage takes, with the tickets timed and those still in it; on a unit's page beside the county.

    Reads `time_stages`; its figures need the columns of `mark_stages` in the ticket table, under `STAGE`.
    """
    own = times[times["unit"].eq(report or schema.COUNTY)]
    if own.empty:
        return HTML(_note("没有可计环节用时的工单。"))
    county = times[times["unit"].eq(schema.COUNTY)].set_index("stage")
    rows = [_stage_row(row, report, county) for row in own.to_dict("records")]
    heads = ["环节", "起止", "已完成", "在办", "中位数", "九成不超过", "用时占比"]
    heads += ["全县中位数"] if report else []
    absent = own[own["missing"].add(own["disordered"]).gt(0)]
    lacking = "；".join(
        f"{row.stage}缺时间{row.missing}件、时间颠倒{row.disordered}件" for row in absent.itertuples()
    )
    notes = ["用时为工作小时；在办件按已用时间计入，“—”表示在办件尚多、未能得出。"]
    notes += [f"未计入用时：{lacking}。"] if lacking else []
    worst = find_bottlenecks(own)
    notes += [f"用时最长的环节：{row.stage}（占{percent(row.share)}）。" for row in worst.itertuples()]
    return HTML(html_table(heads, rows) + "".join(_note(escape(note)) for note in notes))


def _stage_row(row, report, county):
    counts = [_stage_figure(row, name) for name in ("timed", "open")]
    name = f"　其中{row['stage']}" if row["stage"] == URGED else row["stage"]
    cells = [escape(name), escape(row["bounds"]), *(f"{count}件" for count in counts)]
    cells += [_hours(row["median_hours"]), _hours(row["p90_hours"]), percent(row["share"])]
    beside = county["median_hours"].get(row["stage"])
    return cells + ([_hours(beside)] if report else [])


def _stage_figure(row, name):
    value = {"timed": 1, "open": 0}[name]
    return figure(row[name], **{STAGE + row["stage"]: [value]}) if row[name] else "0"


def _hours(value):
    return "—" if value is None or pd.isna(value) else f"{value:.1f}"


# --- fair comparison -------------------------------------------------------------------------------


def fair_table(ranks, mix, report=None):
    """Each unit's rate with its interval, the rate its few tickets can carry, its like-for-like difference, its rank's range.

    Reads `rank_certainty` and `adjust_case_mix`, of one metric or of several under one another: those after
    the first are folded away. The county's page shows every unit, in the order of names within groups; a
    unit's page its own row alone.
    """
    if ranks.empty:
        return HTML(_note("没有可比的工单。"))
    first, *others = [
        _fair_metric(name, part, mix[mix["metric"].eq(name)], report)
        for name, part in ranks.groupby("metric", sort=False)
    ]
    said = f"位次只给出九成把握的范围；居前、居后的把握达到{percent(fair.SURE, 0)}才作判断。"
    folded = [f"<details><summary>{escape(name)}</summary>{block}</details>" for name, block in others]
    return HTML(f"{first[1]}{''.join(folded)}{_note(escape(said))}")


def _fair_metric(metric, ranks, mix, report):
    shown = ranks if report is None else ranks[ranks["unit"].eq(report)]
    mixes = {row["unit"]: row for row in mix.to_dict("records")}
    rows = [_fair_row(row, mixes.get(row["unit"]), report) for row in shown.to_dict("records")]
    heads = [
        *["类别", "单位", "比率", "95%区间", "稳健比率（区间）", "同类工单全县水平", "与全县水平之差"],
        *["位次（90%把握）", "判断"],
    ]
    notes = [f"{metric}：{ranks['definition'].iloc[0]}。", *_say_priors(shown)]
    return metric, html_table(heads, rows) + "".join(_note(escape(note)) for note in notes)


def _fair_row(row, mix, report):
    where = {} if report else {"report": [row["unit"]]}
    shrunken = f"{percent(row['shrunken'])}（{_range(row['shrunken_low'], row['shrunken_high'])}）"
    interval = "—" if pd.isna(row["low"]) else _range(row["low"], row["high"])
    cells = [escape(row["group"]), escape(row["unit"]), rate_figure(row, **where), interval, shrunken]
    cells += ["—", "—"] if mix is None else [percent(mix["expected_rate"]), _difference(mix)]
    if pd.isna(row["rank"]):
        return [*cells, "—", "—"]
    ends = f"{row['rank_low']:.0f}—{row['rank_high']:.0f}"
    places = f"第{ends if row['rank_low'] < row['rank_high'] else format(row['rank_low'], '.0f')}名"
    ends = {fair.FIRST: f"（前{row['ends']:.0f}名）", fair.LAST: f"（后{row['ends']:.0f}名）"}
    judged = escape(row["place"]) + ends.get(row["place"], "")
    return [*cells, f"{places}（共{row['units']:.0f}个单位）", judged]


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
    printed = f"{points:+.1f}"
    return "0.0" if float(printed) == 0 else printed


def _say_priors(shown):
    """How far each group's units are drawn together, with the formula."""
    groups = shown.drop_duplicates("group")
    said = "；".join(
        f"{row.group}整体{percent(row.prior_rate)}，按{row.prior_count:.0f}件计"
        for row in groups.itertuples()
    )
    return [f"稳健比率=（分子+件数×整体比率）÷（分母+件数），工单少的单位向整体靠拢。{said}。"]


# --- what if ---------------------------------------------------------------------------------------


def what_if_table(found, report=None):
    """Which open tickets, answered now, would bring a better grade; on a unit's page its own row alone.

    Reads `what_if`; the tickets it lists open by their numbers. Points of other cases are plain numbers.
    """
    shown = found if report is None else found[found["unit"].eq(report)]
    shown = shown[shown["open"].gt(0)]
    if shown.empty:
        return HTML(_note("没有未回复的工单。"))
    rows = [_what_if_row(row) for row in shown.to_dict("records")]
    heads = ["单位", "现得分", "未回复", "未到期的全部回复后", "超期的全部回复后", "全部回复后", "升档需回复"]
    note = "按统计截止时即回复测算，超期的回复后仍为超期；其他单位不变。升档需回复的工单按截止时间先后列出。"
    return HTML(html_table(heads, rows) + _note(note))


def _what_if_row(row):
    cases = [
        _standing(row[f"points_if_{name}"], row[f"grade_if_{name}"]) for name in ("pending", "overdue", "all")
    ]
    least = "—"
    if not pd.isna(row["needed"]):
        opened = figure(row["needed"], ticket_id=list(row["tickets"]))
        least = f"{opened}件，可至{_standing(row['next_points'], row['next_grade'])}"
    opened = f"{row['open']}件（未到期{row['pending']}件，超期{row['overdue']}件）"
    return [escape(row["unit"]), _standing(row["points"], row["grade"]), opened, *cases, least]


def _standing(points, grade):
    """62.5分（C）."""
    if pd.isna(points):
        return "—"
    return f"{plain(points)}分" + ("" if pd.isna(grade) else f"（{escape(grade)}）")
