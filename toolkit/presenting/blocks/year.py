"""The year: its score from the months, and what to aim at next."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.blocks.movement import is_by_month
from toolkit.presenting.blocks.what_if import what_if_table
from toolkit.presenting.figures import figure, find_sides, join, long_table, note, rate_figure
from toolkit.presenting.sections import fold_section
from toolkit.rounding import decimal_text, short_percent
from toolkit.scoring.metric import name_deed

YEAR_HEADINGS = ["单位", "参评月数", "不参评月份", "参评月工单", "年度得分（百分制）", "折算综合考评分"]
TARGET_HEADINGS = ["单位", "指标", "现值", "目标", "目标依据", "相当于", "可改进的工单"]


def next_steps(report):
    """What to aim at next, which open tickets would change a grade, and the year's score with the months that count."""
    if is_by_month(report):
        return fold_section("下一步", "按月出的报告不计分，没有目标可比")
    years, targets = (
        frame if report.name is None else frame[frame["unit"].eq(report.name)]
        for frame in (report.assessed.years, report.assessed.targets)
    )
    return fold_section(
        "下一步",
        _say_next(report, targets),
        _targets(targets, report.name),
        what_if_table(report),
        _years(years, report.name),
        count=len(targets) if report.name else "",
    )


def _say_next(report, targets):
    """The first thing to aim at; for the county, how many units fall short of something."""
    if targets.empty:
        return "能够比较的指标中，没有低于目标或同类单位中位数的"
    if report.name:
        return targets.iloc[0]["sentence"].rstrip("。")
    return f"{targets['unit'].nunique()}家单位有未达到目标或低于同类单位中位数的指标"


def _years(years, unit):
    if years.empty:
        return note("没有逐月得分，年度得分未计。")
    rows = [
        [
            row.unit,
            row.months,
            row.left_out or "—",
            row.tickets,
            "不参评" if pd.isna(row.score) else row.score,
            "—" if pd.isna(row.worth) else decimal_text(row.worth),
        ]
        for row in years.itertuples()
    ]
    said = [Markup("<p>{}</p>").format(sentence) for sentence in years["sentence"]] if unit else []
    return join([long_table(YEAR_HEADINGS, rows), *said])


def _targets(targets, unit):
    if targets.empty:
        if unit == schema.NO_UNIT:
            return note("未填承办单位的工单不是哪一家的，各项指标未与目标比较。")
        return note("能够比较的指标中，没有低于目标或同类单位中位数的。")
    rows = [_target_row(row) for row in targets.to_dict("records")]
    said = [Markup("<li>{}</li>").format(sentence) for sentence in targets["sentence"]] if unit else []
    steps = Markup("<ol>{}</ol>").format(join(said)) if said else ""
    return join([long_table(TARGET_HEADINGS, rows), steps])


def _target_row(row):
    """With the tickets among which the wanted ones stand: those that did not count, or should not have."""
    unit, metric, where = row["unit"], row["metric"], {"report": [row["unit"]]}
    is_more, deed = row["better"] == "higher", name_deed(row["metric"])
    counted, among = find_sides(metric)
    condition, count = (
        (among | {metric: [0]}, int(row["denominator"] - row["numerator"]))
        if is_more
        else (counted, int(row["numerator"]))
    )
    named = f"{'未' if is_more else ''}{deed}的"
    return [
        unit,
        metric,
        rate_figure(row, unit, **where),
        short_percent(row["target"]),
        row["basis"],
        f"{'多' if is_more else '少'}{deed}{row['more']}件",
        Markup("{}{}件").format(named, figure(count, f"{unit}：{named}工单", **condition, **where)),
    ]
