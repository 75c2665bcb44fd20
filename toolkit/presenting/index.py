"""The page that links every report of a run: each name opens its report, each figure its tickets there."""

from urllib.parse import quote

from markupsafe import Markup

from toolkit import schema
from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.blocks.opening import say_unread
from toolkit.presenting.figures import figure, html_table, join, list_facts, rate_figure, rate_text
from toolkit.presenting.page import build_plain_page

HEADLINE = "按期回复率（÷受理）"
HEADINGS = ["报告", "类别", "状态", "受理件数", "有线索的件数", HEADLINE]


def build_index(title, report, runs):
    """The page of all reports: each name opens its report, each figure its tickets there."""
    scorecard, about = report.counted.scorecard, report.about
    scores = {row["unit"]: row for row in scorecard[scorecard["metric"].eq(HEADLINE)].to_dict("records")}
    county = scores.get(schema.COUNTY)
    facts = {
        "统计期间": about["period"].replace("..", " 至 "),
        "统计截止": about["as_of"],
        "时限办法": about["policy"],
        HEADLINE: county["definition"] if county else "未计算",
    }
    facts |= say_unread(report)
    rows = [
        [_report_link(run), run["group"], _state(run), *_index_figures(run, scores.get(run["report"]))]
        for run in runs.to_dict("records")
    ]
    parts = [Markup("<h1>{}</h1>").format(title), list_facts(facts), html_table(HEADINGS, rows)]
    return build_plain_page(title, join(parts))


def _report_link(run):
    if not run["page"]:
        return run["report"]
    return Markup('<a href="{}">{}</a>').format(quote(run["page"]), run["report"])


def _state(run):
    return "已生成" if run["state"] == "written" else f"失败：{run['error']}（见{run['notebook']}）"


def _index_figures(run, score):
    """The figures of one report, each opening on its page; plain where there is no page."""
    if not run["page"]:
        return [run["tickets"], run["flagged"], rate_text(score) if score else "—"]
    name, page = run["report"], quote(run["page"])
    return [
        figure(run["tickets"], f"{name}：受理件数", page, scope=[schema.NOW]),
        figure(run["flagged"], f"{name}：有线索的件数", page, colour=SEVERITIES),
        rate_figure(score, name, page) if score else "—",
    ]
