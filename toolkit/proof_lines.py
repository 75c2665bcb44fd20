"""Lists of a report that take a line an item, against the total before them."""

import re

from toolkit.proof_claims import AGREES, DOUBTFUL, check, count_text
from toolkit.proof_report import TOTAL
from toolkit.proof_sums import say_sum


@check
def lines(report):
    """逐行列出的各项之和与前面的总数是否相符。"""
    counts = [f for f in report.figures if f.is_of_tickets and f.role == "count"]
    total = next((f for f in counts if TOTAL.search(f.label)), None)
    lists, leading = [], [f for f in counts if f.unit and _leads_line(report, f)]
    for figure in leading if total else []:
        follows = lists and not re.search(r"\n[^\n]*\S[^\n]*\n", report.between(lists[-1][-1], figure))
        lists[-1].append(figure) if follows else lists.append([figure])
    for parts in lists:
        if len(parts) < 2 or parts[0].start < total.start:
            continue
        gap = abs(total.value - sum(c.value for c in parts))
        if not gap:
            yield say_sum(report, total, parts, AGREES)
        elif re.search("其[他它余]", parts[-1].label):
            yield say_sum(report, total, parts, DOUBTFUL, f"，相差{count_text(gap)}没有说明，疑有漏段")


def _leads_line(report, figure):
    _, begin = report.line_of(figure.start)
    led = report.plain[begin : figure.start].strip(" >\t\u3000。:、,")
    return 0 < len(led) <= 14 and not re.search("[,。;]", led) and not TOTAL.search(led)
