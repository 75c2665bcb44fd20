"""What was doubtful, repaired or refused in the export."""

from toolkit import schema
from toolkit.presenting.figures import figure, html_table, join, note, show

KINDS = {"refused": "拒收", "merged": "合并", "left_out": "剔出", "repaired": "已修正", "kept": "存疑保留"}


def issues_table(report):
    """What was doubtful, repaired or refused in the export, by kind; rows with a ticket open it."""
    issues = report.issues
    if issues.empty:
        return show(note("数据未见疑点。"))
    groups = issues.fillna({"column": ""}).groupby(["kind", "check", "column"], sort=True)
    rows = []
    for (kind, check, column), part in groups:
        count = (
            _issue_count(part, f"{check}:{column}") if _is_of_tickets(kind, part) else _say_values(kind, part)
        )
        label = schema.label(column) if column in schema.BY_NAME else column
        rows.append([KINDS[kind], check, label, count, _first_rows(part)])
    return show(html_table(["处理", "问题", "列", "数量", "所在行（前三处）"], rows))


def _is_of_tickets(kind, part):
    return kind in ("kept", "repaired") and part["ticket_id"].notna().any()


def _say_values(kind, part):
    """How many rows; of what is about a whole column the first values, which say how many."""
    if kind not in ("kept", "repaired"):
        return f"{len(part)}行"
    return "、".join(dict.fromkeys(part["value"].fillna("").head(5))) or f"{len(part)}处"


def _issue_count(part, code):
    """Tickets of the report that open; those of other periods are only counted."""
    here = part.loc[part["report"].ne(""), "ticket_id"].nunique()
    elsewhere = part.loc[part["report"].eq(""), "ticket_id"].nunique()
    opened = figure(here, f"数据疑点：{code.replace(':', ' ').strip()}", issues=[code]) if here else "0"
    return join([opened, "件", f"（另有期外{elsewhere}件）" if elsewhere else ""])


def _first_rows(part):
    places = part[["file", "sheet", "row"]].head(3).values
    return "；".join(f"{f} {s} 第{r}行".replace("  ", " ") for f, s, r in places)
