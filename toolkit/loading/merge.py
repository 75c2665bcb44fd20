"""One ticket in several rows → one row: per unit, per callback, month after month; conflicts are refused."""

import pandas as pd

from toolkit import schema
from toolkit.loading.issues import MERGED, REFUSED, list_issues

CALLBACK = ["visited_at", "visit_connected", "satisfaction", "resolved"]  # of the latest callback
SAME = ["received_at", "content"]  # what cannot differ within one ticket
MAIN = "主办"


def merge_repeated(tickets):
    """One row per number, and the issues of rows merged into it or refused for contradicting each other.

    Within a sheet the 主办 unit's row leads (else the furthest state, else the first), the others fill
    its gaps and name the co-units. Between sheets the one whose latest stage is later is the newer
    export: its state counts, and only columns it does not have at all are filled from the older.
    Reads the columns of the schema and `unit_role`.
    """
    again = tickets["ticket_id"].duplicated(keep=False)
    if not again.any():
        return tickets.drop(columns="unit_role"), []
    repeated = tickets[again]
    conflicting = repeated["ticket_id"].map(_find_conflicts(repeated))
    refused = list_issues(
        repeated[conflicting],
        "ticket_id",
        repeated.loc[conflicting, "ticket_id"],
        "同一编号内容矛盾",
        "一号一件",
        REFUSED,
    )
    in_sheet = _merge_within_sheets(repeated[~conflicting])
    merged = _merge_between_sheets(in_sheet, tickets)
    gone = repeated[~conflicting & ~repeated.index.isin(merged.index)]
    repeats = list_issues(gone, "ticket_id", gone["ticket_id"], "同一工单重复出现", "一件一行", MERGED)
    whole = pd.concat([tickets[~again], merged]).sort_index().reset_index(drop=True)
    return whole.drop(columns="unit_role"), [refused, repeats]


def _find_conflicts(repeated):
    """Ticket number → whether its rows contradict each other in what one ticket cannot differ in."""
    received = repeated["received_at"].dt.floor("min")  # one export gives seconds, another does not
    is_bare = received.eq(received.dt.normalize()).groupby(repeated["ticket_id"]).transform("any")
    same = repeated.assign(
        content=repeated["content"].str.replace(r"\s+", "", regex=True),
        received_at=received.mask(is_bare, received.dt.normalize()),
    )
    return same.groupby("ticket_id")[SAME].nunique().gt(1).any(axis=1)


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
    """Of a ticket's states in several sheets the one of the newest export."""
    place = ["source_file", "source_sheet"]
    stages = [name for name in schema.names("time") if name not in ("platform_due_at", "extended_due_at")]
    horizon = tickets.assign(_last=tickets[stages].max(axis=1)).groupby(place, dropna=False)["_last"].max()
    known = tickets.groupby(place, dropna=False)[list(tickets.columns)].count().gt(0).astype(bool)
    of_row = pd.MultiIndex.from_frame(rows[place])
    ordered = rows.assign(_horizon=horizon.reindex(of_row).to_numpy())
    ordered = ordered.sort_values("_horizon", kind="stable", na_position="first").drop(columns="_horizon")
    newest = ordered.drop_duplicates("ticket_id", keep="last")
    filled = ordered.groupby("ticket_id", sort=False).last().reindex(newest["ticket_id"])
    has_column = known.reindex(pd.MultiIndex.from_frame(newest[place]))
    columns = [name for name in filled.columns if name not in place]
    gaps = ~has_column[columns].to_numpy() & newest[columns].isna().to_numpy()
    values = filled[columns].set_axis(newest.index)
    return newest.assign(
        **{name: newest[name].mask(gaps[:, at], values[name]) for at, name in enumerate(columns)}
    )
