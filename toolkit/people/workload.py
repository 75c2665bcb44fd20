"""Who has how much to do: tickets per handler and unit, busy days, and load beside quality."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading.cells import split_names
from toolkit.people.roster import FULL_TIME, PART_TIME, list_handlers
from toolkit.rounding import round_half_up

BY_TICKET, BY_LINE, BY_UNIT = "工单所填", "按条线", "唯一承办人"
LEAST_UNITS = 10  # below, a rank correlation of two columns says next to nothing
SHUFFLES, SEED = 2_000, 12345  # of what chance alone would give: the same seed gives the same range
LISTS = ["ticket_ids", "busy_ids"]
BOTH, NOT_SAID, NOBODY = "专职、兼职均有", "未注明", "无承办人"


def assign_handlers(roster, tickets):
    """每件工单由谁承办：工单填有经办人的照填，未填的按名册，单位仅一名承办人的归其人，多名的按条线对应问题分类。

    Reads unit, handler, category. Adds handled_by (missing where nobody can be named) and handled_source
    (工单所填, 唯一承办人 or 按条线). A line fits where one of its words stands in the category path, and
    settles a ticket only where it fits one person of the unit.
    """
    pairs = tickets[["unit", "category"]].drop_duplicates()
    by_unit = dict(iter(list_handlers(roster).groupby("unit")))
    found = [_person_of(by_unit.get(unit), path) for unit, path in pairs.itertuples(index=False)]
    named = pairs.assign(
        person=pd.Series([name for name, _ in found], pairs.index, dtype="str"),
        how=pd.Series([how for _, how in found], pairs.index, dtype="str"),
    )
    joined = tickets[["unit", "category"]].merge(named, how="left", on=["unit", "category"])
    own = tickets["handler"].notna()
    handled = tickets["handler"].where(own, pd.Series(joined["person"].to_numpy(), tickets.index))
    source = pd.Series(joined["how"].to_numpy(), tickets.index).mask(own, BY_TICKET)
    return tickets.assign(handled_by=handled.astype("str"), handled_source=source.astype("str"))


def _person_of(people, path):
    if people is None:
        return None, None
    if len(people) == 1:
        return people["handler"].iloc[0], BY_UNIT
    words = people["line"].fillna("").str.split("/")
    fits = [isinstance(path, str) and any(word and word in path for word in line) for line in words]
    return (people["handler"][fits].iloc[0], BY_LINE) if sum(fits) == 1 else (None, None)


def load_per_handler(roster, tickets, busy_from):
    """每名承办人的工单件数，及一日受理达到busy_from件的日数（件数由时限办法定）。

    Reads unit, handler, category, received_at, status, ticket_id. One row for each person of the roster
    and each named by a ticket, and one without handler for a unit's tickets nobody can be named for.
    Columns: unit, handler, staffing, line, tickets, busiest_on (the day), busiest_count, busy_days,
    ticket_ids, busy_ids. Voided tickets count in tickets, never in days.
    """
    handled = assign_handlers(roster, tickets).assign(unit=tickets["unit"].fillna(schema.NO_UNIT))
    people = list_handlers(roster)
    people = people[people["parent"].isna() | people["unit"].isin(tickets["unit"])]
    people = people.drop(columns="parent").drop_duplicates(["unit", "handler"])
    people = people.assign(turn=range(len(people)))
    loads = _count_load(handled.assign(handler=handled["handled_by"]), ["unit", "handler"], busy_from)
    loads = people.merge(loads, how="outer", on=["unit", "handler"])
    return _in_order(_fill_idle(loads), roster)


def load_per_unit(roster, tickets, busy_from):
    """每个单位的承办人数、工单件数、人均件数，及一日受理达到busy_from件的日数（件数由时限办法定）。

    Adds to the columns of `load_per_handler`, without handler and line: handlers (how many, missing where
    the roster lacks the unit) and per_handler (tickets a person, missing where there is none). Units of
    the county, and whatever unit has tickets.
    """
    named = tickets.assign(unit=tickets["unit"].fillna(schema.NO_UNIT))
    units = roster[roster["parent"].isna() | roster["unit"].isin(tickets["unit"])]
    staffed = _count_handlers(units.drop_duplicates("unit"))
    loads = _fill_idle(staffed.merge(_count_load(named, ["unit"], busy_from), how="outer", on="unit"))
    loads = _in_order(loads, roster)
    each = loads["tickets"].astype("float64") / loads["handlers"].astype("Float64").astype("float64")
    return loads.assign(per_handler=each.where(loads["handlers"].gt(0).fillna(False)))


def _count_handlers(units):
    people = units["handlers"].map(split_names, na_action="ignore")
    counts = people.map(len, na_action="ignore").astype("Float64").fillna(0).astype("Int64")
    said = [_say_staffing(*pair) for pair in zip(units["staffing"], counts, strict=True)]
    staffed = pd.DataFrame({"unit": units["unit"], "handlers": counts, "staffing": said})
    return staffed.astype({"unit": "str", "staffing": "str"})


def _say_staffing(words, count):
    kinds = set(split_names(words))
    if not count:
        return NOBODY
    return BOTH if kinds == {FULL_TIME, PART_TIME} else kinds.pop() if kinds else NOT_SAID


def _count_load(tickets, keys, busy_from):
    """Tickets by person or unit, the busiest day, and the days with at least busy_from tickets."""
    groups = tickets.groupby(keys, dropna=False)["ticket_id"]
    loads = pd.DataFrame({"tickets": groups.size(), "ticket_ids": groups.agg(list)})
    heard = _with_day(tickets)[[*keys, "day", "ticket_id"]].sort_values("day", kind="stable")
    sizes = heard.groupby([*keys, "day"], dropna=False)["ticket_id"].transform("size")
    most = heard.assign(size=sizes).sort_values(["size", "day"], ascending=[False, True], kind="stable")
    most = most.drop_duplicates(keys).rename(columns={"day": "busiest_on", "size": "busiest_count"})
    most = most[[*keys, "busiest_on", "busiest_count"]]
    busy = heard[sizes.ge(busy_from)].groupby(keys, dropna=False)
    busy = pd.DataFrame(
        {"busy_days": busy["day"].nunique(), "busy_ids": busy["ticket_id"].agg(list)}
    ).reset_index()
    joined = loads.reset_index().merge(most, how="left", on=keys).merge(busy, how="left", on=keys)
    return joined.astype(dict.fromkeys(keys, "str"))


def _with_day(tickets):
    """Those that were to be answered, with the day they were received."""
    heard = tickets[~tickets["status"].isin(schema.VOID_STATUSES) & tickets["received_at"].notna()]
    return heard.assign(day=heard["received_at"].dt.normalize())


def find_busy(tickets, busy_from):
    """The tickets received on a day on which their unit received at least busy_from, as in `load_per_unit`."""
    daily = _with_day(tickets[["unit", "status", "received_at"]])
    sizes = daily.groupby(["unit", "day"], dropna=False)["status"].transform("size")
    return tickets.loc[sizes.index[sizes.ge(busy_from)]]


def _in_order(loads, roster):
    """Units as the roster has them, those it lacks after them."""
    place = {unit: at for at, unit in reversed(list(enumerate(roster["unit"])))}
    ordered = loads.assign(place=loads["unit"].map(place).fillna(len(roster)))
    by = ["place", "unit", *(["turn"] if "turn" in loads else [])]
    return ordered.sort_values(by, kind="stable", ignore_index=True).drop(columns=by[:1] + by[2:])


def _fill_idle(loads):
    """Nobody's tickets are none: zero counts and empty lists where no ticket is named."""
    counts = ["tickets", "busiest_count", "busy_days"]
    lists = {name: [value if isinstance(value, list) else [] for value in loads[name]] for name in LISTS}
    return loads.assign(**loads[counts].astype("Float64").fillna(0).astype("Int64"), **lists)


# --- load beside quality ---------------------------------------------------------------------------


class Association(NamedTuple):
    """Load beside a rate: the units compared, the rank correlation, its range by chance, and the sentence."""

    points: pd.DataFrame
    n: int
    rho: float
    low: float
    high: float
    left_out: list
    sentence: str


def load_against_quality(loads, scorecard, metric):
    """人均工单多的单位，该项指标是否偏低：列出各单位，给出等级相关系数和单位数，不论原因。

    loads: of `load_per_unit`; scorecard: unit, metric, numerator, denominator, rate. Units without a
    handler or a rate are left out and named. Spearman's rank correlation of tickets per handler with the
    rate; low to high is where it would lie in 95 of 100 cases if the two had nothing to do with each other
    (SHUFFLES permutations). Fewer than LEAST_UNITS units: no number, the sentence says so.
    """
    rates = scorecard[scorecard["metric"].eq(metric) & scorecard["unit"].ne(schema.COUNTY)]
    rates = rates[["unit", "numerator", "denominator", "rate"]]
    points = loads[["unit", "staffing", "handlers", "tickets", "per_handler"]].merge(rates, on="unit")
    kept = points.dropna(subset=["per_handler", "rate"]).reset_index(drop=True)
    left_out = sorted({*loads["unit"], *rates["unit"]} - set(kept["unit"]))
    n = len(kept)
    rho, low, high = _rank_correlation(kept["per_handler"], kept["rate"])
    said = _say_association(metric, n, rho, low, high, left_out)
    return Association(kept, n, rho, low, high, left_out, said)


def _rank_correlation(loads, rates):
    if len(loads) < LEAST_UNITS or loads.nunique() == 1 or rates.nunique() == 1:
        return np.nan, np.nan, np.nan
    from scipy.stats import pearsonr, permutation_test, rankdata

    x, y = rankdata(loads), rankdata(rates)
    tried = permutation_test(
        (y,),
        lambda ranks, axis: pearsonr(x, ranks, axis=axis).statistic,
        permutation_type="pairings",
        n_resamples=SHUFFLES,
        vectorized=True,
        rng=SEED,
    )
    low, high = np.quantile(tried.null_distribution, [0.025, 0.975])
    return float(tried.statistic), float(low), float(high)


def _say_association(metric, n, rho, low, high, left_out):
    rest = f"另有{len(left_out)}个单位无承办人或无该项指标，未列入。" if left_out else ""
    if n < LEAST_UNITS:
        return f"可比单位仅{n}个（不足{LEAST_UNITS}个），样本太少，不判断人均工单量与{metric}有无关联。{rest}"
    if np.isnan(rho):
        return f"{n}个单位的人均工单量或{metric}完全相同，无从比较。{rest}"
    by_chance = f"若二者毫无关系，也有95%的可能落在{_signed(low)}至{_signed(high)}之间"
    side = "偏低" if rho < 0 else "偏高"
    reading = (
        "未超出这一范围，看不出关联"
        if low <= rho <= high
        else f"已超出这一范围，人均工单多的单位，该项指标往往{side}"
    )
    return (
        f"人均工单量与{metric}的等级相关系数为{_signed(rho)}（n={n}个单位），{by_chance}；{reading}。"
        f"同时出现不等于因果，工单难易等因素未予区分。{rest}"
    )


def _signed(value):
    return f"{round_half_up(value, 2)}".replace("-", "−")


def compare_staffing(loads, scorecard, metric):
    """专职承办的单位与兼职承办的单位，同一指标各是多少：件数相加后再算比率，并写明各有几个单位。

    loads: of `load_per_unit`. Gives staffing, units, handlers, tickets, numerator, denominator, rate (of the sums).
    """
    rates = scorecard.loc[scorecard["metric"].eq(metric), ["unit", "numerator", "denominator"]]
    joined = loads.dropna(subset=["staffing"]).merge(rates, on="unit")
    sums = joined.groupby("staffing").agg(
        units=("unit", "size"),
        handlers=("handlers", "sum"),
        tickets=("tickets", "sum"),
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
    )
    order = [word for word in (FULL_TIME, PART_TIME, BOTH, NOT_SAID, NOBODY) if word in sums.index]
    sums = sums.reindex(order).rename_axis("staffing").reset_index()
    rate = sums["numerator"].astype("float64") / sums["denominator"].astype("float64")
    return sums.assign(rate=rate.where(sums["denominator"].gt(0)))
