"""How long each stage takes."""

from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.figures import html_table, note, time_figure
from toolkit.presenting.sections import fold_section
from toolkit.rounding import one_decimal, percent
from toolkit.scoring.stage_times import STAGE, URGED, find_bottlenecks

TITLE = "环节用时"


def stages_table(report):
    """How long each stage takes, with the tickets timed and those still in it; on a unit's page beside the county."""
    times = report.counted.stages
    own = times[times["unit"].eq(report.row)]
    if own.empty:
        return fold_section(TITLE, "没有可计环节用时的工单")
    county = times[times["unit"].eq(schema.COUNTY)].set_index("stage") if report.name else None
    rows = [_stage_row(row, county) for row in own.to_dict("records")]
    heads = ["环节", "起止", "已完成", "在办", "中位数", "九成不超过", "用时占比"]
    heads += ["全县中位数"] if report.name else []
    absent = own[own["missing"].add(own["disordered"]).gt(0)]
    lacking = "；".join(
        f"{row.stage}缺时间{row.missing}件、时间颠倒{row.disordered}件" for row in absent.itertuples()
    )
    notes = ["用时为工作小时；在办件按已用时间计入，“—”表示在办件尚多、未能得出。"]
    notes += [f"未计入用时：{lacking}。"] if lacking else []
    worst = find_bottlenecks(own)
    longest = [f"{row.stage}最长，占{percent(row.share)}" for row in worst.itertuples()]
    answer = "；".join(longest) or "各环节用时、在办件数和全县中位数"
    return fold_section(TITLE, answer, html_table(heads, rows), *map(note, notes))


def _stage_row(row, county):
    counts = [
        Markup("{}件").format(time_figure(row[name], f"{row['stage']}：{word}", STAGE + row["stage"], value))
        for name, word, value in (("timed", "已完成", 1), ("open", "在办", 0))
    ]
    name = f"　其中{row['stage']}" if row["stage"] == URGED else row["stage"]
    cells = [name, row["bounds"], *counts]
    cells += [one_decimal(row["median_hours"]), one_decimal(row["p90_hours"]), percent(row["share"])]
    return cells if county is None else [*cells, one_decimal(county["median_hours"].get(row["stage"]))]
