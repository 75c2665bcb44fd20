"""每月一题: the matters that come up again and again after they were closed.

A matter is a category (its whole path) at an address, whoever calls. That it recurs says that it is not over, not that
a reply was false: the rule 办结后再次来电 looks at the same caller, this at the matter. A township and a category are no
matter yet; tickets without an address are put together so all the same, marked is_rough and ranked last.
"""

import pandas as pd

from toolkit import schema
from toolkit.comparing.holders import MOST_NAMED, name_holders
from toolkit.flagging.facts import is_demand, matter_codes, name_places
from toolkit.flagging.watch import Watch

LEAST_COUNT, MOST_MATTERS = 2, 20
FACTS = ["ticket_id", "unit", "category", "township", "address", "received_at"]
RECURRING = [
    "report",
    "rank",
    "category",
    "place",
    "is_rough",
    "count",
    "tickets",
    "units",
    "held_by",
    "days",
]
RECURRING += ["first_at", "last_at", "sentence", "ticket_ids"]
KINDS = dict.fromkeys(["report", "category", "place", "held_by", "sentence"], "str") | {
    "ticket_ids": "object"
}
KINDS |= dict.fromkeys(["rank", "count", "tickets", "units"], "int64") | {"days": "float64"}
KINDS["is_rough"] = "bool"
KINDS |= dict.fromkeys(["first_at", "last_at"], schema.DTYPES["time"])
HOW_FOUND = (
    "同一分类（全路径）、同一属地和地址的诉求，在此前同类件办结后{days}日内又受理的，计为再现，不论是否同一诉求人；"
    "未填地址的只按属地（未填属地的按承办单位）归并，是否同一事项需核对，排在其后；"
    "咨询、表扬，作废、撤单的，以及未填分类的不计。再现只说明事项反复发生，不等于前件答复不实"
)


def find_recurring(tickets, policy, among):
    """The matters of which most tickets came in after an alike one had been closed, of the whole county.

    Reads clocked tickets, those before the period too, and `among`, true for the tickets of the period. A ticket
    recurs where an earlier one of its matter was closed before its receipt, at most `repeated_days` of the policy
    before. One row a matter with at least two, the most first, at most 20: `count` of them, `tickets` of the matter
    in the period, `units` that hold them, `held_by` in words, `days` (the median from the closing to the next
    receipt), when the first and the last came, their numbers and a sentence.
    """
    asked = _list_asked(tickets, policy, among)
    again = _find_again(asked, policy.rules.repeated_days)
    if again.empty:
        return no_matters()
    counts = again.groupby("matter").size()
    again = again[again["matter"].isin(counts.index[counts >= LEAST_COUNT])]
    table = _count_matters(again, asked)
    held = again.groupby(["matter", "unit"]).size().reset_index(name="count")
    table["held_by"] = name_holders(held, "matter").reindex(table.index)
    table = table.assign(report=schema.COUNTY, rank=range(1, len(table) + 1), place=name_places(table))
    table = table.reset_index(drop=True)
    table["sentence"] = pd.Series(map(_say, table.itertuples()), dtype="str")
    return table[RECURRING].astype(KINDS)


def no_matters():
    """The empty frame, typed."""
    return pd.DataFrame({name: [] for name in RECURRING}).astype(KINDS)


def _list_asked(tickets, policy, among):
    """The tickets that want something done and say where and what: matter, is_now, closed_at as it was known."""
    placed = tickets.assign(township=tickets["township"].fillna(tickets["unit"]))
    watch = Watch(placed, None, policy, schema.judged_at(tickets))
    matter = matter_codes(watch)
    known = placed[FACTS].assign(matter=matter, is_now=among, closed_at=watch.known("closed_at"))
    asked = known[is_demand(watch) & (matter >= 0)]
    return asked.assign(unit=asked["unit"].fillna(schema.NO_UNIT))


def _count_matters(again, asked):
    """One row a matter, the most recurring first, those without an address last."""
    table = again.groupby("matter").agg(
        category=("category", "first"),
        township=("township", "first"),
        address=("address", "first"),
        count=("ticket_id", "size"),
        units=("unit", "nunique"),
        days=("days", "median"),
        first_at=("received_at", "min"),
        last_at=("received_at", "max"),
        ticket_ids=("ticket_id", list),
    )
    table["tickets"] = asked[asked["is_now"]].groupby("matter").size().reindex(table.index)
    table["is_rough"] = table["address"].isna()
    order = ["is_rough", "count", "category", "township", "address"]
    table = table.sort_values(order, ascending=[True, False, True, True, True], kind="stable")
    return table.head(MOST_MATTERS)


def _find_again(asked, most_days):
    """The period's tickets that came in after an alike one was closed, with the days since the latest closing."""
    closed = asked.loc[asked["closed_at"].ge(asked["received_at"]), ["matter", "closed_at"]]
    closed = closed.rename(columns={"closed_at": "closed_before"}).sort_values("closed_before", kind="stable")
    later = asked[asked["is_now"]].sort_values(["received_at", "ticket_id"], kind="stable")
    both = pd.merge_asof(
        later, closed, left_on="received_at", right_on="closed_before", by="matter", allow_exact_matches=False
    )
    days = (both["received_at"] - both["closed_before"]) / pd.Timedelta(days=1)
    return both.assign(days=days)[days.le(most_days).fillna(False)]


def _say(row):
    more = "等" if row.units > MOST_NAMED else ""
    rough = "（未填地址，只按属地归并，是否同一事项需核对）" if row.is_rough else ""
    return (
        f"{row.place}“{row.category}”本期受理{row.tickets}件，其中{row.count}件在同类件办结后又发生"
        f"（距前件办结中位{row.days:.0f}天），涉及{row.held_by}{more}{rough}，宜查明根源、一并解决"
    )
