"""One ticket in several rows → one row: per unit, per callback, month after month; conflicts are refused."""

import pandas as pd

from toolkit import schema
from toolkit.loading.issues import KEPT, MERGED, REFUSED, list_issues

CALLBACK = ["visited_at", "visit_connected", "satisfaction", "resolved"]  # of the latest callback
SUBJECT = ["content", "title"]  # what the matter is: of one ticket they agree
OF_UNIT = [
    "unit_group",
    "sub_unit",
    "handler",
    "co_units",
]  # what is true of the unit that has the ticket alone
DUES = ["platform_due_at", "extended_due_at"]
STAGES = [name for name in schema.names("time") if name not in ("received_at", *DUES)]
# What was known of a ticket stays true when it is reopened; what came of it does not.
LASTING = [
    *(
        "related_id",
        *SUBJECT,
        "type",
        "category",
        "channel",
        "source_level",
        "urgency",
        "township",
        "address",
    ),
    *("caller", "unit", *OF_UNIT, "received_at", *DUES),
]
MAIN = "主办"


def merge_repeated(tickets):
    """One row per number, and the issues of rows merged into it or refused for contradicting each other.

    Within a sheet the 主办 unit's row leads (else the furthest state, else the first), the others fill
    its gaps and name the co-units. Between sheets the one whose latest stage is later is the newer
    export: its state counts, and what it leaves blank is filled from the older. Where it lacks a stage that
    the older has, the ticket may have been reopened: that is named, and of what came of it nothing is filled.
    Reads the columns of the schema and `unit_role`.
    """
    again = tickets["ticket_id"].duplicated(keep=False)
    if not again.any():
        return tickets.drop(columns="unit_role"), []
    repeated = tickets[again]
    conflicting = repeated["ticket_id"].map(_find_conflicts(repeated))
    odd = repeated[conflicting]
    refused = list_issues(odd, "ticket_id", odd["ticket_id"], "同一编号内容矛盾", "一号一件", REFUSED)
    in_sheet = _merge_within_sheets(repeated[~conflicting])
    merged, reopened = _merge_between_sheets(in_sheet, tickets)
    gone = repeated[~conflicting & ~repeated.index.isin(merged.index)]
    repeats = list_issues(gone, "ticket_id", gone["ticket_id"], "同一工单重复出现", "一件一行", MERGED)
    kept = ~again | again.index.isin(merged.index)
    columns = dict(tickets.drop(columns="unit_role").items())
    del tickets, repeated  # each column goes as it is made anew
    whole = {name: _put_back(columns.pop(name)[kept], merged[name]) for name in list(columns)}
    return pd.DataFrame(whole).reset_index(drop=True), [refused, repeats, *reopened]


def _put_back(column, merged):
    """A column with what stands in the one row that was made of several."""
    column.loc[merged.index] = merged
    return column


def _find_conflicts(repeated):
    """Ticket number → whether its rows contradict each other in what one ticket cannot differ in.

    That is the time of receipt, the content, and, where the content does not say that it is one matter, the title;
    where neither does, the caller within a sheet.
    """
    received = repeated["received_at"].dt.floor("min")  # one export gives seconds, another does not
    is_bare = received.eq(received.dt.normalize()).groupby(repeated["ticket_id"]).transform("any")
    bare = {name: repeated[name].str.replace(r"\W+", "", regex=True) for name in SUBJECT}
    same = repeated.assign(received_at=received.mask(is_bare, received.dt.normalize()), **bare)
    rows = same.groupby("ticket_id")
    differ = rows[["received_at", *SUBJECT]].nunique().gt(1)
    agree = ~differ[SUBJECT] & rows[SUBJECT].count().gt(1)
    suspects = differ.index[differ["title"] & ~agree["content"]]
    other_title = pd.Series(differ.index.isin(_list_other_titles(same, suspects)), differ.index)
    callers = same.groupby(["ticket_id", "source_file", "source_sheet"], dropna=False)["caller"].nunique()
    other_caller = callers.gt(1).groupby(level="ticket_id").any().reindex(differ.index)
    return differ["received_at"] | differ["content"] | other_title | (other_caller & ~agree.any(axis=1))


def _list_other_titles(rows, numbers):
    """Those of the numbers whose titles are not one title, cut short or with something before or behind it."""
    titles = rows[rows["ticket_id"].isin(numbers)].dropna(subset="title").groupby("ticket_id")["title"]
    return [number for number, found in titles if not all(min(found, key=len) in title for title in found)]


def _merge_within_sheets(rows):
    """The rows of each ticket in each sheet as one, under the index of the row that leads."""
    key = ["ticket_id", "source_file", "source_sheet"]
    key_values = rows[key].fillna({"source_sheet": ""})
    first_unit = rows["unit"].groupby([key_values[name] for name in key]).transform("first")
    is_main = rows["unit_role"].eq(MAIN).where(rows["unit_role"].notna(), rows["unit"].eq(first_unit))
    furthest = rows[schema.names("time")].max(axis=1)
    ordered = rows.assign(_main=is_main, _furthest=furthest, **key_values)
    ordered = ordered.sort_values(["_main", "_furthest"], ascending=False, kind="stable", na_position="last")
    merged = ordered.groupby(key, sort=False).first()
    leads = ordered.drop_duplicates(key).index
    visits = ordered.sort_values("visited_at", kind="stable", na_position="first").groupby(key, sort=False)[
        CALLBACK
    ]
    latest = visits.last().reindex(merged.index)
    merged[CALLBACK] = latest.where(latest.notna(), merged[CALLBACK])
    merged["co_units"] = _gather_units(ordered, key).reindex(merged.index)
    merged = merged.reset_index().set_index(leads)
    return merged[rows.columns].astype(rows.dtypes)


def _gather_units(ordered, key):
    """The other units of a ticket's rows, and those already named beside them."""
    named = ordered["unit"].fillna("") + "；" + ordered["co_units"].fillna("")

    def others(texts):
        units = dict.fromkeys(unit for text in texts for unit in text.split("；") if unit)
        return "；".join(list(units)[1:]) or None

    return named.groupby([ordered[name] for name in key], sort=False).agg(others).astype("str")


def _merge_between_sheets(rows, tickets):
    """Of a ticket's states in several sheets the one of the newest export; and the issues of stages it lacks."""
    ordered = _order_by_export(rows, tickets)
    newest = ordered.drop_duplicates("ticket_id", keep="last")
    known = _last_known(ordered, newest)
    blank = newest.isna() & known.notna()
    has = _has_column(newest, tickets)
    lost = blank[STAGES] & has[STAGES]
    is_reopened = lost.any(axis=1)
    fills = ~has | ~is_reopened.to_numpy()[:, None]
    fills[LASTING], fills["status"] = True, ~has["status"]  # an older status is not the state of a newer row
    columns = [name for name in newest.columns if name not in schema.ORIGIN]
    filled = {name: newest[name].mask(blank[name] & fills[name], known[name]) for name in columns}
    return newest.assign(**filled), [
        _list_lost(newest, known, lost, name) for name in STAGES if lost[name].any()
    ]


def _order_by_export(rows, tickets):
    """The rows, those of the newest export last: of the sheet with the latest stage of all."""
    place = ["source_file", "source_sheet"]
    latest = tickets.assign(_last=tickets[["received_at", *STAGES]].max(axis=1))
    horizon = latest.groupby(place, dropna=False)["_last"].max()
    ordered = rows.assign(_horizon=horizon.reindex(pd.MultiIndex.from_frame(rows[place])).to_numpy())
    return ordered.sort_values("_horizon", kind="stable", na_position="first").drop(columns="_horizon")


def _last_known(ordered, newest):
    """What the newest row that knows it says of each ticket; of a unit's own only rows of that unit."""
    last = ordered.groupby("ticket_id", sort=False).last()
    unit = last["unit"].reindex(ordered["ticket_id"]).set_axis(ordered.index)
    own = ordered[["ticket_id", *OF_UNIT]].where(ordered["unit"].isna() | ordered["unit"].eq(unit))
    last = last.assign(
        **own.assign(ticket_id=ordered["ticket_id"]).groupby("ticket_id", sort=False)[OF_UNIT].last()
    )
    return (
        last.reindex(newest["ticket_id"])
        .set_axis(newest.index)
        .assign(ticket_id=newest["ticket_id"])[newest.columns]
    )


def _has_column(newest, tickets):
    """Whether the sheet of each row has anything in a column at all."""
    place = ["source_file", "source_sheet"]
    known = tickets.groupby(place, dropna=False)[list(tickets.columns)].count().gt(0)
    return known.reindex(pd.MultiIndex.from_frame(newest[place])).set_axis(newest.index).astype("bool")


def _list_lost(newest, known, lost, name):
    rows = newest[lost[name]]
    return list_issues(
        rows,
        name,
        known.loc[rows.index, name].astype("str"),
        "较早的表有此时间，较新的表没有",
        "两表一致",
        KEPT,
    )
