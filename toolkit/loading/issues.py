"""Problems with single rows of an export: data, never an exception, never silent."""

import pandas as pd

from toolkit import schema
from toolkit.loading import masking

ISSUES = ["file", "sheet", "row", "ticket_id", "column", "value", "check", "expected", "kind"]
UNREAD = ["ticket_id", "related_id", *schema.names("time"), *schema.names("count")]
REFUSED, MERGED, LEFT_OUT, REPAIRED, KEPT = "refused", "merged", "left_out", "repaired", "kept"


def list_issues(rows, column, values, check, expected, kind):
    """One issue for each of the rows about one of its columns.

    rows: with their origin, and ticket_id where known. values: what was found; check: what is wrong;
    expected: what should stand there (for kind `repaired`: what stands there now).
    """
    if rows.empty:
        return pd.DataFrame(columns=ISSUES)
    return pd.DataFrame(
        {
            "file": rows["source_file"],
            "sheet": rows["source_sheet"],
            "row": rows["source_row"],
            "ticket_id": rows.get("ticket_id"),
            "column": column,
            "value": "" if values is None else values,
            "check": check,
            "expected": expected,
            "kind": kind,
        },
        columns=ISSUES,
    )


def with_place(rows):
    """The columns an issue takes of its row: so that choosing some rows does not cost their texts."""
    return rows[[name for name in (*schema.ORIGIN, "ticket_id") if name in rows]]


def join_issues(parts):
    """All issues as one frame, typed, what was found masked, in the order of the export."""
    parts = [part for part in parts if part is not None and len(part)]
    issues = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=ISSUES)
    text = [name for name in ISSUES if name != "row"]
    issues = issues.astype(dict.fromkeys(text, "str") | {"row": "Int64"})
    told = {name: masking.mask_texts(issues[name]) for name in ("value", "expected")}
    untyped = issues["column"].isin(["", *UNREAD])  # where a name has no place, a whole cell may be one
    told["value"] = masking.mask_whole(told["value"], untyped)
    issues = issues.assign(**told)
    return issues.sort_values(["file", "sheet", "row", "column"], kind="stable", ignore_index=True)
