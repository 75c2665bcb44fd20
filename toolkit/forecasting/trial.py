"""The morning list tried on last month: what stood on it each morning by chance and by due time, and what ran out of each."""

from toolkit.forecasting.replay import list_fifths, list_mornings, replay, score_chances, score_order

BY_CHANCE, BY_DUE = "is_listed", "is_listed_by_due"


def try_last_month(tickets, as_of, policies, events, settings):
    """`replay` of every working morning of the month before as_of, with which tickets stood on the list that morning.

    is_listed: among the first `push_a_day` by chance, is_listed_by_due: by due time; ties by due time, then number.
    """
    replayed = replay(tickets, list_mornings(as_of, policies[-1].workdays), policies, events, settings)
    places = {
        BY_CHANCE: replayed.assign(chance=-replayed["chance"]).sort_values(["chance", "due_at", "ticket_id"]),
        BY_DUE: replayed.sort_values(["due_at", "ticket_id"]),
    }
    most = settings.push_a_day
    listed = {name: rows.groupby("morning").cumcount().lt(most) for name, rows in places.items()}
    return replayed.assign(**{name: own.reindex(replayed.index) for name, own in listed.items()})


def sum_trial(tried, as_of, settings):
    """What the trial comes to, in numbers that JSON holds: tickets listed either way, how many ran out, order and chances."""
    lists = {name: tried[tried[name]].drop_duplicates("ticket_id") for name in (BY_CHANCE, BY_DUE)}
    counts = {name: [len(own), int(own["ran_out"].sum())] for name, own in lists.items()}
    scores = {
        "order": score_order(tried["chance"], tried["ran_out"]),
        "order_by_due": score_order(
            -(tried["due_at"] - tried["morning"]).dt.total_seconds(), tried["ran_out"]
        )
        if len(tried)
        else None,
        "chances": score_chances(tried["chance"], tried["ran_out"]),
    }
    return {
        "month": str((as_of.normalize().replace(day=1) - as_of.resolution).strftime("%Y-%m")),
        "mornings": int(tried["morning"].nunique()),
        "looks": len(tried),
        "most": settings.push_a_day,
        **counts,
        **{name: None if score is None or score != score else float(score) for name, score in scores.items()},
        "fifths": list_fifths(tried).to_dict("records") if len(tried) else [],
    }
