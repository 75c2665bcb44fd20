"""What kind of tickets a unit has: passed down from above, worked on jointly, settled how; and villages summed up."""

import pandas as pd

from toolkit import schema
from toolkit.loading.cells import split_names

SHARES = ["unit", "share", "numerator", "denominator", "rate", "ticket_ids", "among_ids"]
FROM_ABOVE, JOINT, HELPING = "上级转办", "会办（主办）", "会办（协办）"
# The words of source_level that name a level above the county; a column that only says 是 or 否 does too.
ABOVE = r"省|市|国家|国务院|部委|上级|自治区|^是$"
OWN_LEVEL = r"县|本级|本区|非上级"
NOT_SAID = "未说明"
OUTCOMES = [
    schema.RESOLVED,
    schema.PUT_OFF,
    schema.EXPLAINED,
    schema.UNRESOLVED,
    schema.UNSAID,
]  # the order in which they are told


def share_sources(tickets):
    """各单位工单中上级转办的有多少，与其他单位会办的有多少，协助其他单位办理的有多少。

    Reads unit, source_level, co_units, ticket_id. 上级转办: 派发层级 names a level above the county, of the
    tickets that name one; 会办（主办）: other units are named, of the unit's tickets (of none where no ticket
    names any); 会办（协办）: tickets of other units that name this one, a plain count without denominator. Gives
    unit, share, numerator, denominator, rate, ticket_ids (numerator), among_ids (denominator); the county's rows
    come first.
    """
    named = tickets.assign(unit=tickets["unit"].fillna(schema.NO_UNIT))
    masks = mark_shares(named)
    if named["co_units"].isna().all():  # a column nobody fills tells of no ticket that it was worked on alone
        masks[JOINT] = (masks[JOINT][0], masks[JOINT][0])
    marked = [_share(name, named, *own) for name, own in masks.items()]
    parts = [*marked, _count_helping(named)]
    shares = pd.concat([_with_county(part) for part in parts], ignore_index=True)
    is_county = shares["unit"].eq(schema.COUNTY)
    order = shares.assign(rank=~is_county, kind=shares["share"].map([FROM_ABOVE, JOINT, HELPING].index))
    return order.sort_values(["rank", "unit", "kind"], kind="stable", ignore_index=True)[SHARES]


def mark_shares(tickets):
    """Share → which tickets its numerator and its denominator count."""
    level = tickets["source_level"]
    above = level.str.contains(ABOVE) & ~level.str.contains(OWN_LEVEL)
    everyone = pd.Series(True, index=tickets.index)
    return {
        FROM_ABOVE: (above.fillna(False).astype("bool"), level.notna()),
        JOINT: (tickets["co_units"].notna(), everyone),
    }


def _share(name, tickets, counted, among):
    """One share by unit, with the tickets of its numerator and denominator."""
    units = sorted(tickets["unit"].unique())
    ids = [
        tickets[chosen].groupby("unit")["ticket_id"].agg(list).reindex(units)
        for chosen in (counted & among, among)
    ]
    ids = [[value if isinstance(value, list) else [] for value in values] for values in ids]
    return pd.DataFrame({"unit": units, "share": name, "ticket_ids": ids[0], "among_ids": ids[1]})


def _count_helping(tickets):
    joint = tickets[tickets["co_units"].notna()]
    helpers = joint.assign(helper=joint["co_units"].map(split_names)).explode("helper")
    helpers = helpers[helpers["helper"].notna() & helpers["helper"].ne(helpers["unit"])]
    helpers = helpers.assign(unit=helpers["helper"]).drop_duplicates(["unit", "ticket_id"])
    found = _share(HELPING, helpers, helpers["unit"].notna(), helpers["unit"].notna())
    return found.assign(among_ids=None)


def _with_county(shares):
    """The units' rows and the county's: counts summed, the rate of the sums."""
    of_all = {
        name: None if shares[name].isna().all() else list(dict.fromkeys(shares[name].explode().dropna()))
        for name in ("ticket_ids", "among_ids")
    }
    county = pd.DataFrame(
        {"unit": [schema.COUNTY], "share": shares["share"].iloc[:1].tolist() or [HELPING]}
    ).assign(**{name: [ids] for name, ids in of_all.items()})
    both = pd.concat([county, shares], ignore_index=True)
    counts = {
        name: pd.Series([len(v) if isinstance(v, list) else None for v in both[ids]], dtype="Int64")
        for name, ids in (("numerator", "ticket_ids"), ("denominator", "among_ids"))
    }
    counts["numerator"] = counts["numerator"].fillna(0)
    return both.assign(**counts, rate=_rate(pd.DataFrame(counts)))


def count_outcomes(tickets):
    """各单位工单办理结果：已解决、暂不具备条件、解释说明各多少件；未说明的单列，不并入任何一类。

    Reads unit, ticket_id and outcome (办理结果分类); where the export has no outcome, resolved instead
    (已解决, 未解决, 未表态). Gives unit, outcome, tickets, ticket_ids, the county's rows first; what says
    nothing is 未说明.
    """
    has_outcome = "outcome" in tickets and tickets["outcome"].notna().any()
    said = tickets["outcome"] if has_outcome else tickets["resolved"]
    named = tickets[["ticket_id"]].assign(
        unit=tickets["unit"].fillna(schema.NO_UNIT), outcome=said.fillna(NOT_SAID)
    )
    both = pd.concat([named.assign(unit=schema.COUNTY, rank=0), named.assign(rank=1)])
    ids = both.groupby(["rank", "unit", "outcome"])["ticket_id"].agg(list).rename("ticket_ids").reset_index()
    kinds = [*OUTCOMES, *sorted(set(ids["outcome"]) - {*OUTCOMES, NOT_SAID}), NOT_SAID]
    counts = ids.assign(
        tickets=ids["ticket_ids"].map(len).astype("int64"), kind=ids["outcome"].map(kinds.index)
    )
    counts = counts.sort_values(["rank", "unit", "kind"], kind="stable", ignore_index=True)
    return counts[["unit", "outcome", "tickets", "ticket_ids"]]


def _rate(counts):
    rate = counts["numerator"].astype("Float64") / counts["denominator"].astype("Float64")
    return rate.where(counts["denominator"].gt(0).fillna(False)).astype("float64")
