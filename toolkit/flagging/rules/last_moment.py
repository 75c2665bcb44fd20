"""线索：时限（踩点）。Answers crowded at the last moment."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import list_by_unit, unit_names
from toolkit.flagging.rule import findings_about, rule, share
from toolkit.flagging.rules.deadlines import GROUP
from toolkit.rounding import percent


@rule(
    "踩点答复",
    GROUP,
    needs=["due_at", "answered_at", "clock_from"],
    ladder="一律为黄",
    source="临期踩点办结的常见查法：比例高出全县三个标准差",
    guard="答复满{clustered_min_count}件才看；与全县比例相比，不看绝对值",
    thresholds=["clustered_share", "clustered_hours", "clustered_sigmas", "clustered_min_count"],
    about="unit",
    asks_review=True,
)
def clustered_at_deadline(watch):
    """答复集中在时限最后一刻（最后{clustered_share}或截止前{clustered_hours}小时内）的比例，高出全县超过{clustered_sigmas}个标准差。"""
    tickets, limits = watch.tickets, watch.limits
    on_time = tickets["due_state"].eq(schema.ON_TIME) & tickets["answered_at"].notna()
    left = tickets["due_at"] - tickets["answered_at"]
    whole = tickets["due_at"] - tickets["clock_from"]
    last = (left <= whole * limits.clustered_share) | (left <= pd.Timedelta(hours=limits.clustered_hours))
    last &= on_time
    codes, names = watch.codes("unit") + 1, [schema.NO_UNIT, *unit_names(watch)]
    late, size = (np.bincount(codes[mask], minlength=len(names)) for mask in (last, on_time))
    units = pd.DataFrame({"late": late, "size": size}, index=names)[size > 0].sort_index()
    base = late.sum() / max(size.sum(), 1)
    sigma = np.sqrt(base * (1 - base) / units["size"])
    high = units["late"] / units["size"] > base + limits.clustered_sigmas * sigma
    units = units[high & (units["size"] >= limits.clustered_min_count)]
    said = [
        f"按期答复的{whole}件中，{late}件在最后一刻，占{share(late, whole)}，全县为{percent(base)}"
        for late, whole in units.itertuples(index=False)
    ]
    return findings_about(
        units.index,
        "黄",
        watch.as_of,
        units["late"] / units["size"],
        said,
        list_by_unit(watch, last, units.index),
    )
