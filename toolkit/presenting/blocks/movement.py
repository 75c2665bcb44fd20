"""Against the period before and the year before: which periods, and how a change of a report is looked up."""

from toolkit.comparing.movement import PERIOD_BEFORE, YEAR_BEFORE
from toolkit.schema import BEFORE, PREVIOUS

EARLIER = {PERIOD_BEFORE: PREVIOUS, YEAR_BEFORE: BEFORE}  # 环比 is against 上期, 同比 against 上年同期


def find_move(report, metric):
    """How a metric of the report stands against the year before, as a dict; None where there is nothing to compare."""
    rows = report.moves[report.moves["metric"].eq(metric) & report.moves["against"].eq(YEAR_BEFORE)]
    return next(iter(rows[rows["change"].notna()].to_dict("records")), None)


def say_spans(report):
    """Which earlier periods are compared, and how they were judged."""
    spans = report.moves.drop_duplicates("against").set_index("against")
    if spans.empty:
        return "没有可比的期间。"
    said = "；".join(
        f"{EARLIER[name]}为{spans.at[name, 'period_before'].replace('..', '至')}"
        f"（{spans.at[name, 'days_before']}天，本期{spans.at[name, 'days']}天）"
        for name in EARLIER
        if name in spans.index
    )
    return f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差，超过三倍标准误的称超出偶然范围。"
