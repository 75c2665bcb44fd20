"""What would change a unit's grade."""

import pandas as pd
from markupsafe import Markup

from toolkit.presenting.figures import join, long_table, note, open_tickets
from toolkit.rounding import decimal_text

HEADINGS = ["单位", "现得分", "未回复", "未到期的全部回复后", "超期的全部回复后", "全部回复后", "升档需回复"]


def what_if_table(report):
    """Which open tickets, answered now, would bring a better grade; they open by their numbers."""
    shown = report.prospects[report.prospects["open"].gt(0)]
    if shown.empty:
        return note("没有未回复的工单。")
    rows = [_what_if_row(row) for row in shown.to_dict("records")]
    told = "按统计截止时即回复测算，超期的回复后仍为超期；其他单位不变。升档需回复的工单按截止时间先后列出。"
    return join([long_table(HEADINGS, rows), note(told)])


def _what_if_row(row):
    cases = [
        say_standing(row[f"points_if_{name}"], row[f"grade_if_{name}"])
        for name in ("pending", "overdue", "all")
    ]
    least = "—"
    if not pd.isna(row["needed"]):
        opened = open_tickets(row["tickets"], f"{row['unit']}：升档需回复")
        least = Markup("{}件，可至{}").format(opened, say_standing(row["next_points"], row["next_grade"]))
    opened = f"{row['open']}件（未到期{row['pending']}件，超期{row['overdue']}件）"
    return [row["unit"], say_standing(row["points"], row["grade"]), opened, *cases, least]


def say_standing(points, grade):
    """62.5分（C）."""
    if pd.isna(points):
        return "—"
    return f"{decimal_text(points)}分" + ("" if pd.isna(grade) else f"（{grade}）")
