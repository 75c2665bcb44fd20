"""Units side by side."""

from html import escape

from IPython.display import HTML

from toolkit.presenting.blocks.metrics import score_cell, scores_of
from toolkit.presenting.figures import html_table

# The rates that stand side by side where places or counties do.
COMPARED = ["按期回复率（÷受理）", "按时办结率（÷应办结）", "满意率（÷评价）", "解决率（÷已表态）"]


def units_table(prepared, names):
    """Units side by side, group by group; each figure opens the unit's tickets, each name its report.

    names: the metrics shown. Units stand in the order of their names: this is no ranking.
    """
    scorecard = prepared.scorecard
    present = [name for name in names if name in set(scorecard["metric"])]
    rows = []
    for report, group in sorted(prepared.about["reports"].items(), key=lambda item: (item[1], item[0])):
        own = scores_of(scorecard, report)
        cells = [score_cell(own.get(name), report=[report]) for name in present]
        link = f'<a class="report" data-report="{escape(report)}">{escape(report)}</a>'
        rows.append([escape(group), link, *cells])
    return HTML(
        html_table(
            ["类别", "单位" if prepared.about["by"] == "unit" else "月份", *map(escape, present)], rows
        )
    )
