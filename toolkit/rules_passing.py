"""线索：推诿。"""

from toolkit.rule import fill, grade, report, rule

GROUP = "推诿"


@rule(
    "多次退回",
    GROUP,
    needs=["return_count"],
    ladder="超过规定次数为橙，达到为黄",
    source="国办函〔2025〕66号：优化退单、改派流程；榆林考核回退率",
    guard="退回多因派错的，见“派单不准”",
    thresholds=["returned_count"],
)
def returned_often(case):
    """被承办单位退回两次以上（次数以时限办法为准）。"""
    limit = case.limits.returned_count
    hits = case.tickets[case.tickets["return_count"].ge(limit).fillna(False)]
    reason = ("，退回原因：" + hits["return_reason"]).fillna("")
    evidence = fill(
        "已被退回{return_count}次（达到{limit}次即列入）{reason}", hits, limit=limit, reason=reason
    )
    severity = grade(hits["return_count"], (limit + 1, "橙"), (0, "黄"))
    return report(hits, severity, hits["dispatched_at"], hits["return_count"], evidence)
