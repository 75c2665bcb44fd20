"""Which units hold most of something, in words."""

MOST_NAMED = 3


def name_holders(counts, by):
    """Value of `by` → 甲乡12件、乙镇8件: the units that hold most of it, at most three; counts: by, unit, count."""
    order = counts.sort_values(["count", "unit"], ascending=[False, True], kind="stable")
    order = order.groupby(by, sort=False).head(MOST_NAMED)
    named = order["unit"] + order["count"].astype("str") + "件"
    return named.groupby(order[by]).agg("、".join)
