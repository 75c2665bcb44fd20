"""Against the period before and the year before: which periods, and how a change of a report is looked up."""

from toolkit.comparing.movement import PERIOD_BEFORE, YEAR_BEFORE
from toolkit.schema import BEFORE, PREVIOUS

EARLIER = {PERIOD_BEFORE: PREVIOUS, YEAR_BEFORE: BEFORE}  # 环比 is against 上期, 同比 against 上年同期


def is_by_month(report):
    """Whether the run cuts its reports by month: then no unit stands beside another."""
    return report.about["by"] == "month"


def list_moves(report):
    """The report's own metrics beside earlier periods; none of a month's report: those periods stand in other reports."""
    return report.moves.head(0) if report.name is not None and is_by_month(report) else report.moves


def find_move(report, metric):
    """How a metric of the report stands against the year before, as a dict; None where there is nothing to compare."""
    rows = list_moves(report)
    rows = rows[rows["metric"].eq(metric) & rows["against"].eq(YEAR_BEFORE)]
    return next(iter(rows[rows["change"].notna()].to_dict("records")), None)


def say_spans(report):
    """Which earlier periods are compared, and how they were judged."""
    spans = list_moves(report).drop_duplicates("against").set_index("against")
    if spans.empty and report.name is not None and is_by_month(report):
        return "各月的报告不与往期相比：往期的工单在其他月份的报告中，比较见全县页。"
    if spans.empty:
        return "没有可比的期间。"
    said = "；".join(
        f"{EARLIER[name]}为{spans.at[name, 'period_before'].replace('..', '至')}"
        f"（{spans.at[name, 'days_before']}天，本期{spans.at[name, 'days']}天）"
        for name in EARLIER
        if name in spans.index
    )
    return f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差，超过三倍标准误的称超出偶然范围。"
