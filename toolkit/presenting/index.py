"""The page that links every report of a run: each name opens its report, each figure its tickets there."""

from html import escape
from urllib.parse import quote

from toolkit import schema
from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.figures import figure, rate_figure, rate_text
from toolkit.presenting.page import build_cover
from toolkit.schema import NOW


def build_index(title, prepared, runs):
    """The page of all reports: each name opens its report, each figure its tickets there."""
    headline = "按期回复率（÷受理）"
    scores = prepared.scorecard.set_index(["metric", "unit"]).to_dict("index")
    rows = [
        [_report_link(row), escape(row["group"]), _state(row), *_index_figures(row, scores, headline)]
        for row in runs.to_dict("records")
    ]
    about = prepared.about
    facts = {
        "统计期间": about["period"].replace("..", " 至 "),
        "统计截止": about["as_of"],
        "时限办法": about["policy"],
    }
    facts[headline] = (
        scores[headline, schema.COUNTY]["definition"] if (headline, schema.COUNTY) in scores else "未计算"
    )
    return build_cover(title, facts, ["报告", "类别", "状态", "受理件数", "有线索的件数", headline], rows)


def _report_link(row):
    return (
        f'<a href="{quote(row["page"])}">{escape(row["report"])}</a>'
        if row["page"]
        else escape(row["report"])
    )


def _state(row):
    return "已生成" if row["state"] == "written" else escape(f"失败：{row['error']}（见{row['notebook']}）")


def _index_figures(row, scores, headline):
    """The figures of one report, each opening on its page; plain where there is no page."""
    own = {name: scores.get((name, row["report"])) for name in ("受理件数", headline)}
    own = {name: score and score | {"metric": name} for name, score in own.items()}
    if not row["page"]:
        return [row["tickets"], row["flagged"], rate_text(own[headline]) if own[headline] else "—"]
    address = quote(row["page"])
    return [
        figure(row["tickets"], address, scope=[NOW]),
        figure(row["flagged"], address, colour=SEVERITIES),
        rate_figure(own[headline], address) if own[headline] else "—",
    ]
