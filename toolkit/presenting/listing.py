"""The ticket table of a report: what the page lists, what its figures ask for, what an opened ticket shows."""

import pandas as pd
from IPython.display import display

from toolkit import schema
from toolkit.schema import NOW

TICKETS_MIME = "application/vnd.supervision.tickets+json"
LISTED = ["ticket_id", "unit", "title", "category", "received_at", "due_at", "answered_at", "due_state"]
DETAIL = [
    *["type", "channel", "source_level", "urgency", "township", "address", "sub_unit", "co_units", "handler"],
    *[
        "status",
        "due_explained",
        "due_source",
        "due_note",
        "policy_due_at",
        "due_compared",
        "warning",
        "lead_due_at",
        "sign_due_at",
        "contact_due_at",
        "overdue_days",
        "left_days",
        "return_count",
        "extension_count",
        "urge_count",
        "rework_count",
    ],
    *["satisfaction", "resolved", "outcome", "exclusion", "content", "reply", *schema.ORIGIN],
]
# One a ticket; - is missing. No digits: a row of them could read as a phone number.
SYMBOLS = "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ASKED = [
    "handling_days",
    "type",
    "township",
    "warning",
    "left_days",
    "due_compared",
    "due_note",
    "rework_state",
]  # by figures, on every page
LISTS = ["rules", "severities", "colour", "rests_on", "issues", "held_by", "evidence"]


def list_tickets(report):
    """The tickets themselves: the page filters this table by the figure that is clicked.

    The whole county's holds no texts and times: its tickets link to the units' pages.
    """
    details = report.name is not None
    table = describe_tickets(report)
    data = {"columns": [_column(table, name) for name in table], "listed": LISTED, "now": NOW}
    data |= {"symbols": SYMBOLS}
    data |= {"labels": {name: schema.label(name) for name in table if name in schema.BY_NAME}}
    data |= {"stages": schema.STAGES if details else [], "detail": DETAIL if details else []}
    shown = schema.labelled(report.tickets[LISTED].head(10))
    text = f"工单{len(table)}件（网页版可逐件点开）"
    display(
        {TICKETS_MIME: data, "text/html": f"<p>{text}</p>{shown.to_html(index=False)}", "text/plain": text},
        raw=True,
    )


def describe_tickets(report):
    """The ticket table as the page holds it: what is listed, what figures ask for, what a ticket shows."""
    tickets, details = report.tickets, report.name is not None
    names = dict.fromkeys([*LISTED, *ASKED, *([*DETAIL, *schema.STAGES] if details else [])])
    table = tickets[list(names)].assign(
        **{column.name: tickets[column.name] for column in schema.REPORTS},
        received_month=tickets["received_at"].dt.strftime("%Y-%m"),
    )
    marks = report.marks.drop(columns="report").set_index("ticket_id")
    table = table.join(marks, on="ticket_id")
    findings, issues = report.findings[report.findings["ticket_id"].notna()], report.issues
    whole = report.findings[report.findings["ticket_id"].isna()].explode("rests_on")
    said = findings["severity"] + " " + findings["rule_name"] + "：" + findings["evidence"]
    lists = {
        "rules": _lists(findings, findings["rule"]),
        "severities": _lists(findings, findings["rule"] + ":" + findings["severity"]),
        "colour": _lists(findings, findings["severity"]),
        "rests_on": _lists(whole.assign(ticket_id=whole["rests_on"]), whole["rule"] + "@" + whole["unit"]),
        "issues": _lists(issues, issues["check"] + ":" + issues["column"].fillna("")),
    }
    lists["held_by"] = _lists(report.legs, report.legs["unit"].fillna(schema.NO_UNIT))
    lists |= {"evidence": _lists(findings, said)} if details else {}
    return table.assign(**{name: table["ticket_id"].map(values) for name, values in lists.items()})


def _lists(frame, values):
    """Ticket → the list of its values."""
    return values.groupby(frame["ticket_id"], sort=False).agg(list)


def _column(table, name):
    """One column for the page: its distinct values and, for each ticket, which of them; or a list per ticket.

    Of a few distinct values each ticket's is one of SYMBOLS in a text: most columns are metrics.
    """
    values = table[name]
    if name in LISTS:
        return {"name": name, "lists": [value if isinstance(value, list) else [] for value in values]}
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d %H:%M")
    codes, distinct = pd.factorize(values)
    plain = [value.item() if hasattr(value, "item") else value for value in distinct]
    few = len(plain) < len(SYMBOLS)
    return {
        "name": name,
        "distinct": plain,
        "codes": "".join(SYMBOLS[code + 1] for code in codes) if few else codes.tolist(),
    }
