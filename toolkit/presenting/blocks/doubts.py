"""What was doubtful, repaired or refused in the export."""

from toolkit import schema
from toolkit.presenting.blocks.opening import list_unknown
from toolkit.presenting.figures import figure, join, list_facts, long_table
from toolkit.presenting.sections import fold_section

KINDS = {"refused": "拒收", "merged": "合并", "left_out": "剔出", "repaired": "已修正", "kept": "存疑保留"}


def data_section(report):
    """Where the figures come from: every row of the export accounted for, words not understood, files passed over, doubts."""
    kept = report.issues["kind"].value_counts()
    said = [f"{word}{kept[kind]}处" for kind, word in KINDS.items() if kind in kept]
    answer = "、".join(said) or "未见疑点"
    count = int(kept.get("kept", 0))
    return fold_section(
        "数据来源和疑点", answer, list_facts(_say_sources(report)), issues_table(report), count=count
    )


def _say_sources(report):
    account = report.basis.account
    notes = account.loc[account["note"].ne(""), ["file", "sheet", "note"]]
    passed = [
        f"{file} {sheet}：{told}".replace("  ", " ") for file, sheet, told in notes.itertuples(index=False)
    ]
    said = {
        "数据来源": _say_account(account),
        "计分办法": report.about["scheme"]["name"],
        "用词未识别": "、".join(list_unknown(report)),
        "读取说明": "；".join(passed),
    }
    return {name: told for name, told in said.items() if told}


def _say_account(account):
    total = account.sum(numeric_only=True)
    logged = f" + 流转记录{total['events']}" if total["events"] else ""
    return (
        f"全县导出表读取{total['read']}行 = 工单{total['tickets']} + 拒收{total['refused']}"
        f" + 合并{total['merged']} + 剔出{total['left_out']}（合计行、重复表头、说明）{logged}"
    )


def issues_table(report):
    """What was doubtful, repaired or refused in the export, by kind; rows with a ticket open it."""
    issues = report.issues
    if issues.empty:
        return ""
    groups = issues.fillna({"column": ""}).groupby(["kind", "check", "column"], sort=True)
    rows = []
    for (kind, check, column), part in groups:
        count = (
            _issue_count(part, f"{check}:{column}") if _is_of_tickets(kind, part) else _say_values(kind, part)
        )
        label = schema.label(column) if column in schema.BY_NAME else column
        rows.append([KINDS[kind], check, label, count, _first_rows(part)])
    return long_table(["处理", "问题", "列", "数量", "所在行（前三处）"], rows)


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
    """导出.xlsx 表1 第7行；…: of what a row's origin is known and shown."""
    places = part[["file", "sheet", "row"]].head(3)
    rows = ("第" + places["row"].astype("str") + "行").where(places["row"].notna(), "")
    told = zip(places["file"].fillna(""), places["sheet"].fillna(""), rows, strict=True)
    said = [" ".join(dict.fromkeys(filter(None, place))) for place in told]
    return "；".join(dict.fromkeys(filter(None, said))) or "—"
