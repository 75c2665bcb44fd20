"""The blocks of a report about the year: its score from the months, what to aim at next, and our place among the counties."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.presenting.figures import figure, html_table, note, rate_figure
from toolkit.rounding import decimal_text, short_percent
from toolkit.scoring.metric import name_deed


def annual_table(years=None, targets=None, report=None):
    """The year's score unit by unit with the months that count, and the next steps; one unit's with its name.

    years: of `score_year`, targets: of `next_targets`; None where there are none.
    """
    return HTML(_years(years, report) + _targets(targets, report))


def _years(years, report):
    own = years if years is None or report is None else years[years["unit"].eq(report)]
    if own is None or own.empty:
        return note("没有逐月得分，年度得分未计。")
    rows = [
        [
            escape(row.unit),
            str(row.months),
            escape(row.left_out) or "—",
            str(row.tickets),
            "不参评" if pd.isna(row.score) else f"{row.score}",
            "—" if pd.isna(row.worth) else decimal_text(row.worth),
        ]
        for row in own.itertuples()
    ]
    headings = ["单位", "参评月数", "不参评月份", "参评月工单", "年度得分（百分制）", "折算综合考评分"]
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in own["sentence"]) if report else ""
    return html_table(headings, rows) + said


def _targets(targets, report):
    own = targets if targets is None or report is None else targets[targets["unit"].eq(report)]
    if own is None:
        return ""
    if own.empty:
        if report == schema.NO_UNIT:
            return note("未填承办单位的工单不是哪一家的，各项指标未与目标比较。")
        return note("能够比较的指标中，没有低于目标或同类单位中位数的。")
    headings = ["单位", "指标", "现值", "目标", "目标依据", "相当于", "可改进的工单"]
    rows = [_target_row(row) for row in own.to_dict("records")]
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in own["sentence"]) if report else ""
    return html_table(headings, rows) + (f"<ol>{said}</ol>" if said else "")


def _target_row(row):
    """With the tickets among which the wanted ones stand: those that did not count, or should not have."""
    where = {"report": [row["unit"]]}
    is_more = row["better"] == "higher"
    deed, left = escape(name_deed(row["metric"])), int(row["denominator"] - row["numerator"])
    among = figure(
        left if is_more else int(row["numerator"]), **{row["metric"]: [0 if is_more else 1]}, **where
    )
    return [
        escape(row["unit"]),
        escape(row["metric"]),
        rate_figure(row, **where),
        short_percent(row["target"]),
        escape(row["basis"]),
        f"{'多' if is_more else '少'}{deed}{row['more']}件",
        f"{'未' if is_more else ''}{deed}的{among}件",
    ]
