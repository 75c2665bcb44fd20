"""Units side by side."""

from toolkit.presenting.figures import link_report, long_table, score_figure
from toolkit.presenting.sections import fold_section
from toolkit.scoring.catalogue import COUNT

# The rates that stand side by side where places or counties do.
COMPARED = ["按期回复率（÷受理）", "按时办结率（÷应办结）", "满意率（÷评价）", "解决率（÷已表态）"]


def units_table(report):
    """Units side by side, group by group; each figure opens the unit's tickets, each name its report.

    Units stand in the order of their names: this is no ranking.
    """
    scorecard = report.counted.scorecard
    present = [name for name in [COUNT, *COMPARED] if name in set(scorecard["metric"])]
    scores = {(row["unit"], row["metric"]): row for row in scorecard.to_dict("records")}
    rows = [
        [
            group,
            link_report(unit),
            *(score_figure(scores.get((unit, name)), unit, report=[unit]) for name in present),
        ]
        for unit, group in sorted(report.about["reports"].items(), key=lambda item: (item[1], item[0]))
    ]
    first = "单位" if report.about["by"] == "unit" else "月份"
    answer = "按类别和名称排列，不作排名；点名称打开报告"
    return fold_section(f"各{first}", answer, long_table(["类别", first, *present], rows), count=len(rows))
