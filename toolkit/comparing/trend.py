"""走势 and 达标: whether a unit's rate has changed of late beyond its own usual wavering, and whether it meets its target.

A p-chart of the unit's own months, as NHS England's Making Data Count draws them, with two departures that the
simulation of benchmarks/trend.py decided. The months tested are not part of what they are tested against: they would
hide their own change. And instead of a run of seven months on one side, which alarmed in 14 to 82 of 100 unit-years
without any change, the latest month, the latest three and the latest seven are each held, taken together, against all
months before; of the three all must stand on that side and of the seven six, so that one bad month that is over is no
change of today. Sources: Laney, Quality Engineering 14 (2002), for the spread from moving ranges (p′); NHS England,
Making Data Count; Spiegelhalter, Statistics in Medicine 24 (2005), for exact limits of small counts.
"""

import numpy as np
import pandas as pd

from toolkit.comparing.chance import find_high_limit, find_low_limit, tail_above, tail_below
from toolkit.comparing.months import is_lower_better
from toolkit.rounding import percent, short_percent
from toolkit.scoring.metric import name_plainly

UP, DOWN, SAME, TOO_FEW = "真升", "真降", "无实质变化", "月份不足"
HIT, MIXED, MISSED = "稳定达标", "时好时坏", "稳定不达标"
LEAST_MONTHS = 12  # with a denominator, before anything is said
LEAST_BEFORE = 9  # months that the months tested are held against
RECENT = 3  # the latest month with a denominator must be among so many, else the verdict would be old
WINDOWS = {1: 1, 3: 3, 7: 6}  # so many latest months taken together, of which so many must stand on that side
TAIL = 0.00135  # on each side: three sigma
RANGE_TO_SIGMA = 1.128  # the mean moving range of two is so many sigma
TOLD = ["unit", "metric", "trend", "is_better", "window", "since", "until", "sentence"]
COUNTED = ["numerator", "denominator", "rate", "numerator_before", "denominator_before", "rate_before"]
LIMITS = ["months", "months_before", "spread", "low", "high"]
AIMED = ["target", "assurance", "months_met", "assurance_sentence"]
HOW_JUDGED = (
    "走势：把最近1个月、3个月（3个月同向）、7个月（至少6个月同向）分别合计，与此前各月（不少于9个月）合计相比，超出本单位自身正常波动（3倍标准差，"
    "件数少的按二项分布精确计算，各月起伏大于抽样误差的按Laney p′放宽）的为真升、真降；有件的月份不足12个月的不判断。"
    "达标：最近12个有件的月份全部达到目标的，或按自身水平和波动，目标在3倍标准差以外、不达标几无可能的，为稳定达标；"
    "反之为稳定不达标；其余为时好时坏"
)


def find_trends(months, targets=None):
    """走势 and 达标 of every unit in every metric: one row each, in words and with the counts they rest on.

    Reads `months.count_months` (months not settled or without a denominator are passed over) and targets,
    (unit, metric) → rate 0 to 1. trend: 真升, 真降, 无实质变化, or 月份不足; is_better: whether the change is for the better,
    missing where there is none. The counts are of the `window` latest months (of the latest one where nothing
    changed), `since` to `until`, and of all the months before; `low` and `high` are the limits for so many
    tickets, `spread` the variance against the binomial one (1 at least). assurance: 稳定达标, 时好时坏, 稳定不达标, 月份不足, or
    missing without a target; `months_met` of the last 12.
    """
    if months.empty:
        return pd.DataFrame(columns=[*TOLD, *COUNTED, *LIMITS, *AIMED]).astype(
            {"unit": "str", "metric": "str"}
        )
    series = _align(months)
    table = pd.concat([series["keys"], _judge(series)], axis=1)
    table["is_better"] = _is_better(table)
    table["sentence"] = pd.Series(map(_say_trend, table.itertuples()), dtype="str")
    keys = zip(table["unit"], table["metric"], strict=True)
    aims = pd.Series([(targets or {}).get(key) for key in keys], dtype="float64")
    table = table.assign(
        target=aims, **_assure(series, aims.to_numpy(), table["metric"].map(is_lower_better))
    )
    table["assurance_sentence"] = pd.Series(map(_say_assurance, table.itertuples()), dtype="str")
    return table[[*TOLD, *COUNTED, *LIMITS, *AIMED]]


def _align(months):
    """The counts as matrices, a row a unit and metric, the months that count pushed to the right, the rest 0."""
    size = months["month"].nunique()
    grid = months.sort_values(["metric", "unit", "month"], kind="stable")
    counted, among = (
        grid[name].to_numpy("float64").reshape(-1, size) for name in ("numerator", "denominator")
    )
    is_used = grid["is_settled"].to_numpy(bool).reshape(-1, size) & (among > 0)
    order = np.argsort(is_used, axis=1, kind="stable")
    settled = grid["is_settled"].to_numpy(bool).reshape(-1, size)
    pushed = [np.take_along_axis(np.where(is_used, side, 0), order, axis=1) for side in (counted, among)]
    names = grid["month"].to_numpy().reshape(-1, size)
    later = (np.cumsum(settled[:, ::-1], axis=1)[:, ::-1] - settled).astype(
        "int64"
    )  # settled months after each
    return {
        "keys": grid[["unit", "metric"]].iloc[::size].reset_index(drop=True),
        "counted": pushed[0],
        "among": pushed[1],
        "names": np.take_along_axis(names, order, axis=1),
        "count": is_used.sum(axis=1),
        "age": np.take_along_axis(later, order, axis=1)[:, -1],
    }


def _judge(series):
    """The verdict: the direction of the shortest window beyond its limits, told by the longest that agrees."""
    enough = (series["count"] >= LEAST_MONTHS) & (series["age"] < RECENT)
    tested = [_test_window(series, window) for window in WINDOWS]
    sides = np.array([np.where(enough, test.pop("side"), 0) for test in tested])
    fired = sides != 0
    side = np.take_along_axis(sides, fired.argmax(axis=0)[None], axis=0)[0]
    chosen = np.where(side != 0, len(WINDOWS) - 1 - ((sides == side) & fired)[::-1].argmax(axis=0), 0)
    rows = np.arange(len(side))
    told = {name: np.array([test[name] for test in tested])[chosen, rows] for name in tested[0]}
    window = np.array(list(WINDOWS))[chosen]
    size = series["names"].shape[1]
    words = np.where(enough, np.select([side > 0, side < 0], [UP, DOWN], SAME), TOO_FEW)
    since = series["names"][rows, np.maximum(size - window, 0)]
    found = pd.DataFrame(told).assign(
        trend=pd.array(words, dtype="str"),
        window=window,
        months=series["count"],
        since=pd.array(since, dtype="str"),
        until=pd.array(series["names"][:, -1], dtype="str"),
    )
    known = series["count"] > 0
    return found.assign(since=found["since"].where(known), until=found["until"].where(known))


def _test_window(series, window):
    """The latest months together against all before: −1 below the limits, 1 above, 0 within or too few before."""
    counted, among = series["counted"], series["among"]
    cut = max(counted.shape[1] - window, 0)
    own, whole = counted[:, cut:].sum(axis=1), among[:, cut:].sum(axis=1)
    own_before, whole_before = counted[:, :cut].sum(axis=1), among[:, :cut].sum(axis=1)
    before = np.maximum(series["count"] - window, 0)
    spread = estimate_spread(counted[:, :cut], among[:, :cut])
    # The rate before is itself an estimate; and a spread found from few months may be too small (Student's t).
    room = spread * _widen(spread, before) * (1 + whole / np.maximum(whole_before, 1))
    rate = (own_before + 0.5) / (whole_before + 1)
    low, high = (find(whole, rate, TAIL, room) for find in (find_low_limit, find_high_limit))
    is_low = tail_below(own, whole, rate, room) < TAIL
    is_high = tail_above(own, whole, rate, room) < TAIL
    side = is_high.astype(int) - is_low.astype(int)
    apart = np.sign(counted[:, cut:] - among[:, cut:] * _divide(own_before, whole_before)[:, None])
    agree = (apart == side[:, None]).sum(axis=1) >= WINDOWS[window]
    side = np.where((before >= LEAST_BEFORE) & agree, side, 0)
    counts = {"numerator": own, "denominator": whole, "rate": _divide(own, whole)}
    earlier = {"numerator_before": own_before, "denominator_before": whole_before}
    earlier |= {"rate_before": _divide(own_before, whole_before), "months_before": before}
    return {"side": side, **counts, **earlier, "spread": spread, "low": low, "high": high}


def estimate_spread(counted, among):
    """By how many times the months' variance exceeds the binomial one, at least 1: Laney's σz squared, row by row.

    From the mean moving range of the months' distances to the mean, in binomial sigma; months without tickets
    are passed over.
    """
    whole = among.sum(axis=1, keepdims=True)
    rate = (counted.sum(axis=1, keepdims=True) + 0.5) / (whole + 1)
    is_there = among > 0
    apart = (counted - among * rate) / np.sqrt(np.maximum(among, 1) * rate * (1 - rate))
    both = is_there[:, 1:] & is_there[:, :-1]
    ranges = np.where(both, np.abs(np.diff(apart, axis=1)), 0).sum(axis=1)
    sigma = ranges / np.maximum(both.sum(axis=1), 1) / RANGE_TO_SIGMA
    return np.maximum(sigma, 1) ** 2


def _widen(spread, months):
    """By what the spread grows because it was estimated: 3 sigma of Student's t with 0.6 freedoms a moving range."""
    from scipy.special import ndtri, stdtrit

    freedom = np.maximum(0.6 * (months - 1), 2)
    return np.where(spread > 1, (stdtrit(freedom, TAIL) / ndtri(TAIL)) ** 2, 1.0)


def _divide(part, whole):
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _is_better(table):
    """Whether a change is for the better, as True, False or missing."""
    rose = table["trend"].map({UP: True, DOWN: False}).astype("boolean")
    return rose ^ table["metric"].map(is_lower_better).astype("boolean")


def _assure(series, target, is_lower):
    """达标 by the last 12 months: by what chance a month of the unit's level and size would miss the target."""
    counted, among = (series[name][:, -LEAST_MONTHS:] for name in ("counted", "among"))
    is_there, lower = among > 0, is_lower.to_numpy(bool)
    rate = (counted.sum(axis=1) + 0.5) / (among.sum(axis=1) + 1)
    # For a rate of which less is better, the tickets outside it are to be many.
    counted, rate = np.where(lower[:, None], among - counted, counted), np.where(lower, 1 - rate, rate)
    aim = np.where(lower, 1 - target, target)
    need = np.ceil(np.nan_to_num(aim)[:, None] * among - 1e-9)
    spread = estimate_spread(counted, among)[:, None]
    chance = np.where(need > 0, tail_below(need - 1, among, rate[:, None], spread), 0.0)
    missing = np.where(is_there, chance, 0).sum(axis=1) / np.maximum(is_there.sum(axis=1), 1)
    met = (is_there & (counted >= need)).sum(axis=1)
    whole = is_there.sum(axis=1)
    is_hit = (missing < TAIL) | (met == whole)  # all twelve met: no other word would be true
    is_missed = (1 - missing < TAIL) | (met == 0)
    words = np.select([whole < LEAST_MONTHS, is_hit, is_missed], [TOO_FEW, HIT, MISSED], MIXED)
    known = ~np.isnan(target)
    return {
        "assurance": pd.Series(words, dtype="str").where(known),
        "months_met": pd.Series(met, dtype="Int64").where(known),
    }


# --- in words --------------------------------------------------------------------------------------


def _say_trend(row):
    if row.trend == TOO_FEW:
        return f"有件的月份{row.months}个，或近{RECENT}个月没有相应工单，不判断走势"
    span = f"{row.until}" if row.window == 1 else f"{row.since}至{row.until}（{row.window}个月）合计"
    now = f"{percent(row.rate)}（{row.numerator:.0f}/{row.denominator:.0f}）"
    counts = f"{row.numerator_before:.0f}/{row.denominator_before:.0f}"
    before = f"此前{row.months_before}个月合计{percent(row.rate_before)}（{counts}）"
    if row.trend == SAME:
        return f"{span}为{now}，{before}，在自身正常波动以内"
    return f"{span}为{now}，{'高' if row.trend == UP else '低'}于{before}，超出自身正常波动"


def _say_assurance(row):
    if pd.isna(row.target):
        return "没有目标"
    if row.assurance == TOO_FEW:
        return f"有件的月份不足{LEAST_MONTHS}个，不判断"
    return f"最近{LEAST_MONTHS}个月中{row.months_met}个月{name_plainly(row.metric)}达到目标{short_percent(row.target)}"
