"""A flow log alone → one row a ticket: what its events say, and what every row repeats of the ticket."""

from dataclasses import replace

import pandas as pd

from toolkit import schema
from toolkit.loading import cells
from toolkit.loading.header_rows import folded
from toolkit.loading.issues import KEPT, list_issues

SENT = ["dispatched", "redispatched"]
ACTED = ["signed", "first_contact", "replied"]  # by the unit that has the ticket
FIRST = ["received", "first_contact"]  # of the other stages the last counts: an export has the last too
COUNTED = {
    "returned": "return_count",
    "extension_approved": "extension_count",
    "urged": "urge_count",
    "reworked": "rework_count",
}
UNSURE, MADE = "同一工单各行取值不一，未采用", "工单由流转记录生成"


def name_case_columns(table, settings):
    """The log's table with the headers named that are no event's but a ticket's: case:deadline, 标题, 诉求人 …

    Their column in `headers` is the ticket table's; what belongs to the event stays as it was.
    """
    columns = {folded(word): name for name, words in settings.columns.items() for word in words}
    headers, taken = table.headers, {"ticket_id"}
    named, hints = headers["column"].tolist(), headers["hint"].tolist()
    for name, words in settings.columns.items():
        wanted = list(map(folded, words))
        free = [
            (wanted.index(folded(header)), at)
            for at, header in enumerate(headers["header"])
            if not headers["column"].iloc[at] and columns.get(folded(header)) == name
        ]
        if free and name not in taken:
            at = min(free)[1]
            named[at], hints[at] = name, ""
            taken.add(name)
    return replace(table, headers=headers.assign(column=named, hint=hints))


def make_tickets_of_log(tables, named, logged, settings):
    """One row a ticket as a sheet of tickets would give it, before typing; and the issues that say so.

    tables, named: the logs before and after `name_case_columns`; logged: their events. A value that differs
    between the rows of one ticket is no ticket's and is not used. Unit: the one it was last sent to. A time
    the log does not tell is missing: the first event is not taken for the receipt.
    """
    cases, unsure = _read_cases(tables, named, set(logged["ticket_id"]))
    told = _tell_stages(logged).join(_count_events(logged)).assign(unit=_find_units(logged))
    told = told.dropna(axis=1, how="all").astype("object")
    rows = cases.set_index("ticket_id", drop=False)
    rows = rows.combine_first(told.loc[rows.index]).loc[rows.index]
    rows = rows.where(rows.notna(), None).reset_index(drop=True)
    made = rows.groupby(["source_file", "source_sheet"]).size().rename("count").reset_index()
    said = list_issues(
        made.assign(source_row=pd.NA), "", made["count"].astype("str") + "件", MADE, "工单明细表", KEPT
    )
    return rows, [*unsure, said]


def _read_cases(tables, named, ids):
    """ticket_id, origin and the columns that are the same in all rows of each ticket; the issues of the others."""
    parts = [_case_rows(before, after) for before, after in zip(tables, named, strict=True)]
    rows = pd.concat(parts, ignore_index=True).assign(ticket_id=lambda part: cells.to_id(part["ticket_id"]))
    rows = rows[rows["ticket_id"].isin(ids)]
    firsts = rows.drop_duplicates("ticket_id")[["ticket_id", *schema.ORIGIN]].set_index("ticket_id")
    issues = []
    for name in rows.columns.difference(["ticket_id", *schema.ORIGIN], sort=False):
        texts = cells.to_text(rows[name])
        found = rows.loc[texts.notna(), ["ticket_id", name]].assign(text=texts)
        if found.groupby("ticket_id")["text"].nunique().gt(1).any():
            issues.append(list_issues(rows.head(1), name, None, UNSURE, "每件工单一个值", KEPT))
        else:
            firsts[name] = found.drop_duplicates("ticket_id").set_index("ticket_id")[name]
    return firsts.reset_index(), issues


def _case_rows(before, after):
    """The rows of a log under the ticket table's names, without what belongs to the events."""
    own = before.headers["column"].eq("") & after.headers["column"].ne("")
    positions = {after.headers["column"].iloc[at]: at for at in own.to_numpy().nonzero()[0]}
    rows = before.sheet.rows.take(before.rows["source_row"].to_numpy() - 1)
    values = {
        name: rows.column(at).set_axis(before.rows.index).astype("object") for name, at in positions.items()
    }
    return before.rows[["ticket_id", *schema.ORIGIN]].assign(**values)


def _tell_stages(logged):
    """ticket_id → the time of each stage; what a unit did before the ticket was last sent on is not its own."""
    event = logged["event"].replace("redispatched", "dispatched")
    sent = logged["at"].where(event.eq("dispatched")).groupby(logged["ticket_id"]).transform("max")
    is_old = event.isin(["signed", "first_contact"]) & logged["at"].lt(sent)
    stages = logged.assign(event=event)[~is_old].groupby(["ticket_id", "event"])["at"].agg(["min", "max"])
    ids = pd.Index(logged["ticket_id"].unique(), name="ticket_id")
    columns = {
        column: stages["min" if word in FIRST else "max"].xs(word, level="event")
        for column, word in schema.EVENT_OF.items()
        if word in stages.index.get_level_values("event")
    }
    return pd.DataFrame(columns, index=ids)


def _count_events(logged):
    """ticket_id → how often it was returned, urged …; no column for what the whole log never tells."""
    counts = logged.groupby(["ticket_id", "event"]).size().unstack(fill_value=0)
    return counts.reindex(columns=[word for word in COUNTED if word in counts]).rename(columns=COUNTED)


def _find_units(logged):
    """ticket_id → the unit it was last sent to; in a log that names who acts, the unit that took it up.

    A log's unit is where an event leaves the ticket, or who did it (热线办 派单). Who only ever sends what
    another takes up is no receiver; a unit that never took anything up stays one.
    """
    turns = logged["event"].isin(SENT).groupby(logged["ticket_id"]).cumsum().rename("turn")
    acted = logged["unit"].where(logged["event"].isin(ACTED))
    taker = acted.groupby([logged["ticket_id"], turns]).transform("first")
    sent = logged["event"].isin(SENT) & logged["unit"].notna()
    took_up = logged[sent & taker.notna()].assign(own=logged["unit"].eq(taker)).groupby("unit")["own"].any()
    senders = took_up.index[~took_up]
    holds = (sent & ~logged["unit"].isin(senders)) | acted.notna()
    return logged[holds].groupby("ticket_id")["unit"].last()
