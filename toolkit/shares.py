"""What kind of tickets a unit has: passed down from above, worked on jointly, settled how; and villages summed up."""

import pandas as pd

from toolkit import schema
from toolkit.metrics import METRICS
from toolkit.roster import split_names

SHARES = ["unit", "share", "numerator", "denominator", "rate", "ticket_ids", "among_ids"]
FROM_ABOVE, JOINT, HELPING = "上级转办", "会办（主办）", "会办（协办）"
# The words of source_level that name a level above the county; a column that only says 是 or 否 does too.
ABOVE = r"省|市|国家|国务院|部委|上级|自治区|^是$"
OWN_LEVEL = r"县|本级|本区|非上级"
NOT_SAID = "未说明"
OUTCOMES = ["已解决", "暂不具备条件", "解释说明", "未解决", "未表态"]  # the order in which they are told
LEVELS = [schema.COUNTY, "单位", "下级单位"]  # by depth; what is deeper still stands under the last word


def share_sources(tickets):
    """各单位工单中上级转办的有多少，与其他单位会办的有多少，协助其他单位办理的有多少。

    Reads unit, source_level, co_units, ticket_id. 上级转办: 派发层级 names a level above the county, of the
    tickets that name one; 会办（主办）: other units are named, of the unit's tickets; 会办（协办）: tickets of
    other units that name this one, a plain count without denominator. Gives unit, share, numerator,
    denominator, rate, ticket_ids (numerator), among_ids (denominator); the county's rows come first.
    """
    named = tickets.assign(unit=tickets["unit"].fillna(schema.NO_UNIT))
    level = named["source_level"]
    above = level.str.contains(ABOVE) & ~level.str.contains(OWN_LEVEL)
    parts = [
        _share(FROM_ABOVE, named, above.fillna(False).astype("bool"), level.notna()),
        _share(JOINT, named, named["co_units"].notna(), named["unit"].notna()),
        _count_helping(named),
    ]
    shares = pd.concat([_with_county(part) for part in parts], ignore_index=True)
    is_county = shares["unit"].eq(schema.COUNTY)
    order = shares.assign(rank=~is_county, kind=shares["share"].map([FROM_ABOVE, JOINT, HELPING].index))
    return order.sort_values(["rank", "unit", "kind"], kind="stable", ignore_index=True)[SHARES]


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
    helpers = tickets.assign(helper=tickets["co_units"].map(split_names)).explode("helper")
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


# --- villages, units, county -----------------------------------------------------------------------


def roll_up(counts, roster=None):
    """村（社区）、单位、全县逐级汇总：件数逐级相加，比率用相加后的件数重算，不取平均。

    counts: unit, metric, numerator, denominator, with sub_unit (the village) where there is one, and days
    where the counts stand by day: a scorecard of units, or `tally(tickets, as_of, by=["unit", "sub_unit"])`.
    Rows of 全县 in it are left out, as the units add up to it. roster: adds the levels above that its
    上级单位 names. A ticket without village counts in its unit and the county alone. Gives level (全县, 单位,
    下级单位), depth (0 the county), unit, parent, metric, numerator, denominator, rate.
    """
    counts = counts[counts["unit"].ne(schema.COUNTY)]
    counts = counts.assign(unit=counts["unit"].fillna(schema.NO_UNIT))
    if "sub_unit" not in counts:
        counts = counts.assign(sub_unit=pd.Series(None, counts.index, dtype="str"))
    places = counts[["unit", "sub_unit"]].drop_duplicates()
    above = {} if roster is None else dict(roster.dropna(subset=["parent"])[["unit", "parent"]].values)
    nodes = [
        (place.unit, place.sub_unit, depth, *node)
        for place in places.itertuples()
        for depth, node in enumerate(_list_levels(place, above))
    ]
    columns = ["at_unit", "at_sub_unit", "depth", "unit", "parent"]
    tree = pd.DataFrame(nodes, columns=columns).astype(dict.fromkeys(columns[:2] + columns[3:], "str"))
    placed = counts.rename(columns={"unit": "at_unit", "sub_unit": "at_sub_unit"})
    placed = placed.merge(tree, on=["at_unit", "at_sub_unit"])
    keys = ["depth", "unit", "parent", "metric"]
    sums = placed.groupby(keys, dropna=False, sort=False)[["numerator", "denominator"]].sum(min_count=1)
    sums = sums.astype("Int64").reset_index()
    sums = sums.assign(
        level=[LEVELS[min(depth, len(LEVELS) - 1)] for depth in sums["depth"]], rate=_rate(sums)
    )
    sums = sums.sort_values(["depth", "parent", "unit"], kind="stable", ignore_index=True)
    return sums[["level", *keys[:1], "unit", "parent", "metric", "numerator", "denominator", "rate"]]


def count_places(tickets, members):
    """每个单位、每个村（社区）各项指标的分子、分母件数，供 `roll_up` 逐级相加。

    tickets: ticket_id, unit, sub_unit; members: ticket_id and a column a metric (`metrics.count_members`).
    Gives unit, sub_unit, metric, numerator, denominator.
    """
    places = tickets.set_index("ticket_id")[["unit", "sub_unit"]]
    among = members.set_index("ticket_id").drop(columns="report", errors="ignore")
    tall = among.join(places).melt(["unit", "sub_unit"], var_name="metric", value_name="member")
    groups = tall.astype({"metric": "str"}).groupby(["unit", "sub_unit", "metric"], dropna=False)["member"]
    counts = groups.agg(numerator="sum", denominator="count").astype("Int64").reset_index()
    is_count = counts["metric"].isin([metric.name for metric in METRICS if metric.is_count])
    return counts.assign(denominator=counts["denominator"].mask(is_count))


def _list_levels(place, above):
    """The nodes a place counts in, from the county down: each with the one above it."""
    path = [place.unit]
    while path[0] in above:
        path.insert(0, above[path[0]])
    if isinstance(place.sub_unit, str):
        path.append(place.sub_unit)
    return zip([schema.COUNTY, *path], [None, schema.COUNTY, *path], strict=False)
