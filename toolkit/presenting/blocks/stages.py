"""How long each stage takes."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.presenting.figures import figure, html_table, note
from toolkit.rounding import percent
from toolkit.scoring.stage_times import STAGE, URGED, find_bottlenecks


def stages_table(times, report=None):
    """How long each stage takes, with the tickets timed and those still in it; on a unit's page beside the county.

    Reads `time_stages`; its figures need the columns of `mark_stages` in the ticket table, under `STAGE`.
    """
    own = times[times["unit"].eq(report or schema.COUNTY)]
    if own.empty:
        return HTML(note("没有可计环节用时的工单。"))
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
    return HTML(html_table(heads, rows) + "".join(note(words) for words in notes))


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
