"""What would change a unit's grade."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit.presenting.figures import figure, html_table, note
from toolkit.rounding import decimal_text


def what_if_table(found, report=None):
    """Which open tickets, answered now, would bring a better grade; on a unit's page its own row alone.

    Reads `what_if`; the tickets it lists open by their numbers. Points of other cases are plain numbers.
    """
    shown = found if report is None else found[found["unit"].eq(report)]
    shown = shown[shown["open"].gt(0)]
    if shown.empty:
        return HTML(note("没有未回复的工单。"))
    rows = [_what_if_row(row) for row in shown.to_dict("records")]
    heads = ["单位", "现得分", "未回复", "未到期的全部回复后", "超期的全部回复后", "全部回复后", "升档需回复"]
    told = "按统计截止时即回复测算，超期的回复后仍为超期；其他单位不变。升档需回复的工单按截止时间先后列出。"
    return HTML(html_table(heads, rows) + note(told))


def _what_if_row(row):
    cases = [
        _standing(row[f"points_if_{name}"], row[f"grade_if_{name}"]) for name in ("pending", "overdue", "all")
    ]
    least = "—"
    if not pd.isna(row["needed"]):
        opened = figure(row["needed"], ticket_id=list(row["tickets"]))
        least = f"{opened}件，可至{_standing(row['next_points'], row['next_grade'])}"
    opened = f"{row['open']}件（未到期{row['pending']}件，超期{row['overdue']}件）"
    return [escape(row["unit"]), _standing(row["points"], row["grade"]), opened, *cases, least]


def _standing(points, grade):
    """62.5分（C）."""
    if pd.isna(points):
        return "—"
    return f"{decimal_text(points)}分" + ("" if pd.isna(grade) else f"（{escape(grade)}）")
