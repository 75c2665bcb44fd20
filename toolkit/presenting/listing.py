"""The ticket table of a report: what its figures ask for, what the drawer lists, what an opened ticket shows."""

import numpy as np
import pandas as pd
from IPython.display import display
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.months import HOW_COUNTED, MONTHLY
from toolkit.flagging.rule import SEVERITIES
from toolkit.forecasting.look_ahead import say_definition
from toolkit.forecasting.terms import LookAhead
from toolkit.presenting.drill.coding import pack_table
from toolkit.presenting.figures import figure
from toolkit.presenting.pairs import list_pairs, list_values, place_pairs
from toolkit.presenting.sections import fold_section
from toolkit.schema import NOW

TICKETS_MIME = "application/vnd.supervision.tickets"  # the table as `pack_table` gives it
LISTED = ["ticket_id", "unit", "title", "category", "received_at", "due_at", "answered_at", "due_state"]
TITLED = 100_000  # of more tickets a county's page does without the titles and times of answer: they would be most of it
DETAIL = [
    *["type", "channel", "source_level", "urgency", "township", "address", "sub_unit", "co_units", "handler"],
    *[
        "status",
        "due_explained",
        "due_source",
        "due_note",
        "forecast",
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
DETAILED = (
    20_000  # of more tickets a county's page leaves what an opened ticket alone shows to the units' pages
)
TEXTS = ["content", "reply", "address"]  # which a county's page always leaves to the units' pages
SENTENCES = ["due_explained", "forecast"]  # of an opened ticket alone
ASKED = [
    "handling_days",
    "type",
    "township",
    "warning",
    "left_days",
    "due_compared",
    "due_note",
    "rework_state",
    "outcome",
    "resolved",
]  # by figures, on every page
LISTS = [
    "rules",
    "severities",
    "colour",
    "rests_on",
    "issues",
    "held_by",
    "evidence",
    "held",
    "related",
    "sets",
    "passed",  # the explorer's alone
]
ORDERS = {"due_state": schema.DUE_STATES, "warning": SEVERITIES, "colour": SEVERITIES}
# A column that another one settles is written as a rule of that one.
FOLLOWS = {
    "report": "unit",
    "category_top": "category",
    "received_at": "ticket_id",  # numbers rise with the times of receipt, or stand as if nothing settled them
    "received_month": "ticket_id",
    "rules": "severities",
    "colour": "severities",
}
TOGETHER = ["due_state", "scope", "against", "is_excluded"]  # and the metrics, which they settle or nearly
URGENCY = [schema.OVERDUE, schema.PENDING, schema.NO_DUE]  # what waits for an answer, the most urgent first


def list_tickets(report):
    """The tickets themselves: the drawer filters this table by the figure that is clicked, here by that of all.

    The whole county's holds no texts, of many tickets less than that: its tickets link to the units' pages.
    """
    table = _order_columns(report)
    shown = schema.labelled(table.reindex(columns=LISTED).head(10)).to_html(index=False)
    said = f"工单{len(table)}件（网页版可逐件点开）"
    pairs = list_pairs(report, has_details(report))
    packed = pack_tickets(table, report, place_pairs(table["ticket_id"], pairs))
    display({TICKETS_MIME: packed, "text/html": f"<p>{said}</p>{shown}", "text/plain": said}, raw=True)
    period = {"scope": [NOW]} if table["scope"].eq(NOW).any() else {}
    count = len(report.now) if period else len(table)
    opened = figure(count, "本期全部工单" if period else "全部工单", **period)
    return fold_section(
        "全部工单", Markup('<span class="all-tickets">{}件</span>').format(opened), count=count
    )


def pack_tickets(table, report, pairs=None):
    """The ticket table for the drill-down, with what it must know beside; pairs: lists that are no columns of it."""
    lists = [name for name in LISTS if name in table]
    about = tell_about(table, report, has_details(report)) | {"meanings": list_meanings(report)}
    if report.name is None:
        about |= {"elsewhere": list_elsewhere(table, report), "rule_names": name_rules(report)}
    return pack_table(table, about, lists, ORDERS, FOLLOWS, [*TOGETHER, *list_marks(report, table)], pairs)


def list_marks(report, table):
    """The table's columns that the marks fill, which hold few values each: not whose tickets they are."""
    return [name for name in report.marks if name in table and name not in ("ticket_id", "report")]


def has_details(report):
    """Whether its tickets open with all that is known of them: a unit's, and a county's of not too many."""
    return report.name is not None or len(report.tickets) <= DETAILED


def list_elsewhere(table, report):
    """诉求内容、办理结果: what an opened ticket of the county's page leaves to the unit's page."""
    tickets = report.tickets
    columns = ["title", "answered_at", "due_explained", *TEXTS]
    left = [schema.label(name) for name in columns if name not in table and tickets[name].notna().any()]
    return left if has_details(report) else [*left, "各环节时间", "线索依据", "经手起止", "关联工单"]


def name_rules(report):
    """Rule → its name, for findings whose evidence is not told."""
    return report.basis.rules.set_index("rule")["rule_name"].to_dict()


def tell_about(table, report, details):
    """What the drill-down must know beside the table: labels, what is listed, the cut-off, the words that it marks."""
    return {
        "listed": [name for name in LISTED if name in table],
        "stages": schema.STAGES if details else ["received_at", "answered_at"],
        "detail": [name for name in DETAIL if name in table] if details else [],
        "labels": {name: schema.label(name) for name in table if name in schema.BY_NAME},
        "as_of": str(report.about["as_of"])[:16],
        "overdue": schema.OVERDUE,
        "late": schema.LATE,
        "severities": SEVERITIES,
    }


def list_meanings(report):
    """What a condition means, in a sentence: of a metric's column, or of a value of another column."""
    scorecard, rules = report.counted.scorecard, report.basis.rules
    metrics = scorecard.drop_duplicates("metric").set_index("metric")["definition"].to_dict()
    monthly = {
        MONTHLY + name: f"{metrics[name]}。{HOW_COUNTED}"
        for name in report.counted.months["metric"].unique()
        if name in metrics
    }
    sentences = rules.set_index("rule")["sentence"].to_dict()
    return {
        "columns": metrics
        | monthly
        | {"marks_passed": f"{say_definition(LookAhead(**report.about['look_ahead']))}。"},
        "values": {
            "rules": sentences,
            "due_state": schema.STATE_MEANINGS,
            "rework_state": schema.STATE_MEANINGS,
        },
    }


def describe_tickets(report):
    """The ticket table as the drill-down holds it: what is listed, what figures ask for, what a ticket shows."""
    table = _order_columns(report)
    lists = {name: list_values(pairs) for name, pairs in list_pairs(report, has_details(report)).items()}
    return table.assign(**{name: table["ticket_id"].map(values) for name, values in lists.items()})


def _order_columns(report):
    """Its columns of one value, the most urgent ticket first."""
    details = has_details(report)
    table = describe_columns(report, details)
    if not details and len(table) <= TITLED:
        table = table.assign(due_explained=_without_times(report.tickets))
    return table.iloc[order_by_urgency(report.tickets)]


def describe_columns(report, details):
    """The columns of that table that hold one value a ticket; details: with those an opened ticket shows alone."""
    tickets = report.tickets
    names = dict.fromkeys([*LISTED, *ASKED, *([*DETAIL, *schema.STAGES] if details else [])])
    if report.name is None:
        left = [*TEXTS, "title", "answered_at"] if len(tickets) > TITLED else TEXTS
        names = [name for name in names if name not in left]
    shared = [column.name for column in schema.REPORTS if details or column.name not in SENTENCES]
    table = tickets[list(names)].assign(
        **{name: tickets[name] for name in shared},
        received_month=say_months(tickets["received_at"]),
    )
    marks = report.marks.drop(columns="report").set_index("ticket_id")
    return table.join(marks, on="ticket_id")


def _without_times(tickets):
    """How due times come about without the time of day of receipt, which stands beside it: few are distinct then."""
    return tickets["due_explained"].str.replace(r"^([^，；：]{3,12}日)\d{1,2}:\d\d", r"\1", regex=True)


def say_months(times):
    """2025-03 of each time, as `strftime` writes it and some ten times as fast."""
    codes, months = pd.factorize(times.to_numpy(dtype="datetime64[M]"), sort=True)
    words = pd.Categorical.from_codes(codes, np.datetime_as_string(months))
    return pd.Series(words, times.index).astype("str")


def order_by_urgency(tickets):
    """The places of the tickets: past due and unanswered first, the longest so at the head, then what is still to come.

    Then what is unanswered and has no due time; the rest as it stood. Overdue in the second round is as urgent as in
    the first. Reads due_state, due_at, rework_state, rework_due_at.
    """
    again = tickets["rework_state"].eq(schema.OVERDUE) & tickets["due_state"].ne(schema.OVERDUE)
    states, words = pd.factorize(tickets["due_state"])
    ranks = [URGENCY.index(word) if word in URGENCY else len(URGENCY) for word in [*words, None]]
    rank = np.where(again, 0, np.array(ranks)[states])
    due = tickets["due_at"].where(~again, tickets["rework_due_at"]).astype("datetime64[s]")
    due = due.where(rank < len(URGENCY)).fillna(pd.Timestamp("2262-01-01"))
    return np.lexsort([due.to_numpy(), rank])
