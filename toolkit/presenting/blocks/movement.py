"""Against the period before and the year before: how a change is told, and whether chance alone explains it."""

import pandas as pd

from toolkit.comparing.movement import PERIOD_BEFORE, YEAR_BEFORE
from toolkit.schema import BEFORE, PREVIOUS

EARLIER = {PERIOD_BEFORE: PREVIOUS, YEAR_BEFORE: BEFORE}  # 环比 is against 上期, 同比 against 上年同期
CLEAR = 3  # standard errors of the difference of two rates beyond which chance is no explanation


def differs_clearly(row):
    """Whether two rates differ by more than CLEAR standard errors of their difference."""
    counts = [row[name] for name in ("numerator", "denominator", "numerator_before", "denominator_before")]
    if any(pd.isna(count) for count in counts) or not (counts[1] and counts[3]):
        return False
    counted, among, counted_before, among_before = map(float, counts)
    both = (counted + counted_before) / (among + among_before)
    error = (both * (1 - both) * (1 / among + 1 / among_before)) ** 0.5
    return bool(error and abs(counted / among - counted_before / among_before) > CLEAR * error)


def say_spans(report):
    """Which earlier periods are compared, and how they were judged."""
    own = report.compared.movements
    spans = own[own["unit"].eq(report.row)].drop_duplicates("against").set_index("against")
    if spans.empty:
        return "没有可比的期间。"
    said = "；".join(
        f"{EARLIER[name]}为{spans.at[name, 'period_before'].replace('..', '至')}"
        f"（{spans.at[name, 'days_before']}天，本期{spans.at[name, 'days']}天）"
        for name in EARLIER
        if name in spans.index
    )
    return f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差，超过三倍标准误的称超出偶然范围。"
