"""每月一题: the matter that comes up again most after it was closed, with its units and its tickets."""

from markupsafe import Markup

from toolkit.comparing.recurring import HOW_FOUND
from toolkit.presenting.figures import explain, fold, join, long_table, open_tickets
from toolkit.presenting.sections import fold_section, open_section

TITLE = "每月一题"
HEADINGS = ["事项", "办结后再现", "本期同类", "承办单位", "说明"]


def recurring_matters(report):
    """The matters that recur most after they were closed: the first in a sentence, the others in a table beneath."""
    rows = report.compared.recurring.sort_values("rank")
    if rows.empty:
        return fold_section(TITLE, "没有办结后反复再现的事项")
    first, *_ = rows.to_dict("records")
    opened = open_tickets(list(first["ticket_ids"]), f"{first['category']}：办结后再现")
    lead = Markup('<p class="lead"><strong>{}</strong>　{}；点开{}件。</p>').format(
        first["category"], first["sentence"].rstrip("。"), opened
    )
    table = long_table(HEADINGS, [_row(row) for row in rows.to_dict("records")])
    days = int(report.about["limits"]["repeated_days"])
    answer = join(["办结后反复再现最多的事项，宜作专题研究", explain(f"{HOW_FOUND.format(days=days)}。")])
    return open_section(TITLE, answer, lead, fold(f"列出{len(rows)}项", table), count=len(rows))


def _row(row):
    opened = open_tickets(list(row["ticket_ids"]), f"{row['category']}：办结后再现")
    return [row["category"], opened, row["tickets"], row["held_by"], row["sentence"]]
