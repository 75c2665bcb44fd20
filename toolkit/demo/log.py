"""The demo county's flow log: every step of the tickets of one year, and the problems that only a log shows.

Each step stands with the unit the ticket is with after it: the unit it was sent to, the unit that acted, or
the hotline's own office. Steps that are also a ticket's column have its time.
"""

import pandas as pd

from toolkit.demo import matters, words
from toolkit.demo.dates import AS_OF, REPLY_DAYS, day_end, due_times, office_clock, office_time

ACTIONS = ["signed_at", "first_contact_at", "replied_at"]
URGED_WITHIN = 10  # working days after the due time, where no answer came
ASKS_MORE = 500  # office minutes; who asks for more time does so about a day before the due time


def make_log(rng, tickets, planted):
    """The log of the tickets received in `words.LOG_YEAR`, and what is planted in it: ticket_id, rule.

    The steps of a ticket stand in order of time; those of one minute in the order they are taken in.
    """
    own = tickets[tickets["received_at"].dt.year == words.LOG_YEAR].reset_index(drop=True)
    urged, moved = _urge(rng, own)
    passed, back = _pass_on(own, urged)
    plain = ~own["ticket_id"].isin([*planted.loc[planted["rule"] != "replied_late", "ticket_id"]])
    plain &= own["return_count"].eq(0) & own["urge_count"].eq(0) & own["rework_count"].eq(0)
    extended, too_late = _extend(rng, own[plain])
    paused = _pause(rng, own[plain & ~own["ticket_id"].isin(extended["ticket_id"])])
    visits, flipped = _visit_again(rng, own, plain)
    parts = [*passed, *_plain_steps(rng, own), *back, paused, extended, urged, *visits]
    log = pd.concat(parts, ignore_index=True).sort_values(
        ["ticket_id", "at"], kind="stable", ignore_index=True
    )
    marks = {
        "many_units": _sent_to_many(log),
        "moved_by_urging": moved,
        "returned_late": _returned_late(own, back),
        "extension_abused": too_late,
        "satisfaction_flipped": flipped,
    }
    return log, pd.concat([pd.DataFrame({"ticket_id": ids, "rule": rule}) for rule, ids in marks.items()])


def _steps(tickets, word, at, unit, detail=None):
    """One step of each ticket, left out where it has no time."""
    step = {"ticket_id": tickets["ticket_id"], "event": word, "at": at, "unit": unit, "detail": detail}
    return pd.DataFrame(step, index=tickets.index).astype({"detail": "str"}).dropna(subset="at")


def _between(start, end, share):
    """The office time at a share of the way from start to end, never after as_of."""
    begun, over = office_clock(start), office_clock(end)
    times = pd.Series(office_time(begun + (over - begun) * share), start.index)
    return times.astype("datetime64[us]").clip(upper=AS_OF)


def _first_action(tickets):
    """When the unit first did anything."""
    return tickets[ACTIONS].min(axis=1)


def _due(tickets):
    return tickets["platform_due_at"].fillna(due_times(tickets))


def _draw(rng, tickets, count):
    """So many of the tickets, or all where there are fewer."""
    return tickets.sample(frac=1, random_state=rng).head(count)


# Steps that every ticket has.


def _plain_steps(rng, tickets):
    """The steps that are columns of the ticket; one caller leaves another number in the words of a step."""
    heard = "评价：" + tickets["satisfaction"]
    heard = heard.mask(tickets["visit_connected"].eq("否"), "电话未接通，" + heard)
    details = {"received_at": tickets["channel"] + "受理", "visited_at": heard}
    parts = []
    for column, (word, at_centre, said) in words.LOG_STAGES.items():
        unit = words.CENTRE if at_centre else tickets["unit"]
        parts.append(_steps(tickets, word, tickets[column], unit, details.get(column, said)))
        if column == "first_contact_at":
            parts[-1].loc[_draw(rng, parts[-1], 1).index, "detail"] = words.OTHER_PHONE
    return parts


# Passed on and sent back.


def _pass_on(tickets, urged):
    """The steps by which each ticket reached its unit, and those by which that unit sent it back.

    Every return but the last of a ticket that stands at 已退回 was before its unit got it.
    """
    straight = tickets[tickets["return_count"] == 0]
    sent = _steps(straight, words.SENT, straight["dispatched_at"], straight["unit"], words.TO_HANDLE)
    returned = tickets[tickets["return_count"] > 0]
    is_back = returned["status"].eq("已退回")
    chains = [_chain(*row) for row in zip(returned.to_dict("records"), is_back, strict=True)]
    names = ["ticket_id", "event", "at", "unit", "detail"]
    turns = pd.DataFrame([step for chain in chains for step in chain], columns=names)
    own = returned[is_back]
    told = urged.groupby("ticket_id")["at"].max().reindex(own["ticket_id"]).set_axis(own.index)
    last = pd.concat([_first_action(own), told, own["dispatched_at"]], axis=1).max(axis=1)
    back = office_time(office_clock(last) + words.RETURNED_AFTER)
    at = pd.Series(back, own.index).astype("datetime64[us]").clip(upper=AS_OF)
    return [sent, turns], [_steps(own, words.RETURNED, at, own["unit"], own["return_reason"])]


def _chain(ticket, is_back):
    """Sent, returned and sent on, up to the ticket's unit, within the time before it was dispatched there."""
    office = matters.MATTERS[ticket["category"]][0]
    other = office if ticket["unit"] == ticket["township"] else ticket["township"]
    departments = list(words.DEPARTMENTS)
    third = departments[(departments.index(office) + int(ticket["ticket_id"][-3:]) % 9 + 1) % 10]
    count = ticket["return_count"] - is_back
    before = [other, third][:count][::-1] if count < 3 else ([other, ticket["unit"]] * count)[:count]
    held = [*before, ticket["unit"]]
    moments = pd.date_range(ticket["received_at"], ticket["dispatched_at"], 2 * count + 2).floor("min")[1:]
    steps = []
    for turn, unit in enumerate(held):
        word = words.SENT_ON if turn else words.SENT
        steps.append((ticket["ticket_id"], word, moments[2 * turn], unit, words.TO_HANDLE))
        if turn < count:
            reason = words.BELONGS.format(held[turn + 1]) if count > 2 else ticket["return_reason"]
            steps.append((ticket["ticket_id"], words.RETURNED, moments[2 * turn + 1], unit, reason))
    return steps


def _sent_to_many(log):
    """The tickets sent to three units or more."""
    sent = log[log["event"].isin([words.SENT, words.SENT_ON])].groupby("ticket_id")["unit"].nunique()
    return sent.index[sent >= 3]


def _returned_late(tickets, back):
    """The tickets their unit sent back after the end of the next working day."""
    at = pd.concat(back).set_index("ticket_id")["at"]
    sent = tickets.set_index("ticket_id")["dispatched_at"].reindex(at.index)
    return at.index[at > day_end(sent, 1)]


# Urged.


def _urge(rng, tickets):
    """The steps by which slow tickets were urged, and the tickets whose unit did nothing before that.

    Most are urged after the due time, when the unit has acted already; some because it has not.
    """
    urged = tickets[tickets["urge_count"] > 0]
    first, due, end = _first_action(urged), _due(urged), urged["replied_at"].fillna(AS_OF)
    end = end.where(urged["replied_at"].notna(), day_end(due, URGED_WITHIN).clip(upper=AS_OF))
    waited = day_end(urged["dispatched_at"], 1)
    is_idle = first.eq(urged["replied_at"]) & (due < first)
    slow = urged[~is_idle & urged["replied_at"].notna() & (first > waited)]
    is_idle |= urged.index.isin(_draw(rng, slow, max(words.MOVED_BY_URGING - is_idle.sum(), 0)).index)
    start = pd.concat([due, first], axis=1).max(axis=1).mask(is_idle, waited)
    start = start.where(start < end, urged["dispatched_at"])  # answered before it came
    end = end.mask(is_idle, first)
    start = start.mask(is_idle, _between(start, end, 0.7))
    count = urged["urge_count"].astype("int")
    rows = urged.index.repeat(count)
    turn = pd.Series(rows).groupby(rows).cumcount().to_numpy()
    share = (turn + 1) / (count[rows].to_numpy() + 1)
    many = pd.DataFrame({"start": start[rows].to_numpy(), "end": end[rows].to_numpy()})
    at = _between(many["start"], many["end"], share).to_numpy()
    steps = _steps(urged.loc[rows], words.URGED, at, urged.loc[rows, "unit"], words.URGING)
    earliest = steps.groupby(level=0)["at"].min()
    return steps, urged.loc[first.notna() & (earliest < first), "ticket_id"]


# Extended and paused.


def _extend(rng, tickets):
    """Requests for more time and their approvals, and the tickets where that came after the due time.

    An approval in time never makes a late answer timely: it stands with answers given just before the
    first due time or after the moved one.
    """
    known = tickets.dropna(subset=["replied_at", "signed_at", "platform_due_at"])
    due, replied = known["platform_due_at"], known["replied_at"]
    asked = office_clock(due) - ASKS_MORE
    could = (office_clock(known["signed_at"]) < asked - 60) & (known["signed_at"] < replied)
    late_again = known[could & (replied > day_end(due, known["type"].map(REPLY_DAYS)))]
    near = known[could & (replied <= due) & (office_clock(replied) > asked + 240)]
    granted = [
        _draw(rng, pool, count) for pool, count in zip((late_again, near), words.EXTENDED, strict=True)
    ]
    late = known[could & (office_clock(replied) > office_clock(due) + ASKS_MORE)].drop(index=granted[0].index)
    late = _draw(rng, late, words.EXTENDED_LATE)
    parts = []
    for own, wait in ((pd.concat(granted), 60), (late, ASKS_MORE)):
        begun = office_clock(own["platform_due_at"]) - ASKS_MORE + rng.integers(60, size=len(own))
        reasons = rng.choice(words.EXTENSION_REASONS, len(own))
        approved = office_time(begun + wait + rng.integers(60, 120, len(own)))
        parts.append(_steps(own, words.ASKED, office_time(begun), own["unit"], reasons))
        parts.append(_steps(own, words.GRANTED, approved, own["unit"], words.GRANTING))
    return pd.concat(parts), late["ticket_id"]


def _pause(rng, tickets):
    """The steps by which tickets were laid aside and taken up again; the last few still rest at as_of.

    None of it changes a verdict: who answered was in time anyway, for the others the platform's time stands.
    """
    since = tickets[["signed_at", "first_contact_at"]].max(axis=1)
    own = tickets.assign(since=since, until=tickets["replied_at"].fillna(AS_OF))[since.notna()]
    long = office_clock(own["until"]) - office_clock(own["since"]) > words.PAUSED_FROM
    answered, has_due = own["replied_at"].notna(), own["platform_due_at"].notna()
    rests = own["since"] < AS_OF - words.RESTING
    resting = own["replied_at"].isna() & has_due & (own["platform_due_at"] > AS_OF) & rests
    in_time = own["until"] <= _due(own)
    pools = [
        answered & in_time & has_due & long,
        answered & in_time & ~has_due & long,
        resting,
    ]
    chosen = [_draw(rng, own[pool], count) for pool, count in zip(pools, words.PAUSED, strict=True)]
    still = chosen[2].sort_values("since").index[-words.STILL_PAUSED :]
    laid = pd.concat(chosen)
    paused, resumed = (_between(laid["since"], laid["until"], share) for share in (0.15, 0.75))
    reasons = rng.choice(words.PAUSE_REASONS, len(laid))
    taken_up = laid.drop(index=still)
    return pd.concat(
        [
            _steps(laid, words.LAID_ASIDE, paused, laid["unit"], reasons),
            _steps(taken_up, words.TAKEN_UP, resumed[taken_up.index], taken_up["unit"], words.TAKING_UP),
        ]
    )


# Called back twice.


def _visit_again(rng, tickets, plain):
    """First call-backs that found dissatisfaction, what was done again, and the tickets where nothing was."""
    again = tickets[tickets["rework_count"].gt(0) & tickets["visited_at"].notna()]
    fits = plain & tickets["satisfaction"].isin(["非常满意", "满意"]) & tickets["visit_connected"].eq("是")
    apart = tickets["visited_at"] - tickets["fed_back_at"] > pd.Timedelta(days=1)
    flipped = _draw(rng, tickets[fits & apart], words.FLIPPED)
    twice = pd.concat([again, flipped])
    first = _between(twice["fed_back_at"], twice["visited_at"], 0.4)
    redo = _between(again["fed_back_at"], again["visited_at"], 0.5)
    heard = _steps(twice, words.VISITED, first, words.CENTRE, words.DISSATISFIED)
    return [heard, _steps(again, words.REDONE, redo, again["unit"], words.REDO)], flipped["ticket_id"]
