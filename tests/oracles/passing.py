"""What the rules about passing on must find, ticket by ticket in plain Python, written from their sentences.

Each function takes the clocked tickets as dicts, the flow log as dicts in order, the policy and as_of, and
gives the ticket numbers (units or topics for rules about those).
"""

VOID = ("作废", "撤单", "并单")
SENT = ("dispatched", "redispatched")


def events_of(ticket, log, as_of):
    """The ticket's events by as_of, with None for a unit that is not named."""
    own = [e for e in log if e["ticket_id"] == ticket["ticket_id"] and e["at"] <= as_of]
    return [e | {"unit": e["unit"] if isinstance(e["unit"], str) else None} for e in own]


def _kept(tickets):
    return [t for t in tickets if t["status"] not in VOID]


def _sendings(ticket, log, as_of):
    return [e for e in events_of(ticket, log, as_of) if e["event"] in SENT and e["unit"]]


def _receptions(ticket, log, as_of):
    """Unit → when it first got the ticket."""
    first = {}
    for event in _sendings(ticket, log, as_of):
        first.setdefault(event["unit"], event["at"])
    return first


def _turns(ticket, log, as_of):
    """To how many units one after the other: those that got it at one moment are one."""
    return len(set(_receptions(ticket, log, as_of).values()))


def many_units(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in _kept(tickets) if _turns(t, log, as_of) >= policy.rules.many_units_count]


def ping_pong(tickets, log, policy, as_of):
    found = []
    for t in _kept(tickets):
        stays = []
        for event in _sendings(t, log, as_of):
            if not stays or stays[-1]["unit"] != event["unit"]:
                stays.append(event)
        for first, second, third in zip(stays, stays[1:], stays[2:], strict=False):
            if first["unit"] == third["unit"] and first["at"] < second["at"] < third["at"]:
                found.append(t["ticket_id"])
                break
    return found


def returned_late(tickets, log, policy, as_of):
    found = []
    for t in _kept(tickets):
        for event in events_of(t, log, as_of):
            if event["event"] != "returned":
                continue
            if event["unit"] is None or t["unit"] is None:
                if len(_receptions(t, log, as_of)) > 1:
                    continue
            elif event["unit"] != t["unit"]:
                continue
            if t["answered_at"] is not None and event["at"] > t["answered_at"]:
                continue
            is_past = t["return_due_at"] is not None and event["at"] > t["return_due_at"]
            is_last_day = t["due_at"] is not None and event["at"].date() >= t["due_at"].date()
            if is_past or is_last_day:
                found.append(t["ticket_id"])
                break
    return found


def returned_unfounded(tickets, log, policy, as_of):
    return [
        t["ticket_id"]
        for t in _kept(tickets)
        if (t["return_count"] or 0) >= 1
        and (t["return_reason"] is None or not any(w in t["return_reason"] for w in ("清单", "同意接收")))
    ]


def _returns(tickets, log, as_of):
    """(ticket, unit, to whom it was sent next or None, its place) for each return, asked and granted as one."""
    found = {}
    for t in _kept(tickets):
        events = [e for e in events_of(t, log, as_of) if e["unit"] and e["event"] in (*SENT, "returned")]
        for place, event in enumerate(events):
            if event["event"] == "returned":
                later = [number for number in range(place, len(events)) if events[number]["event"] in SENT]
                key = t["ticket_id"], event["unit"], later[0] if later else None
                found.setdefault(key, (t, event["unit"], events[later[0]]["unit"] if later else None))
    return list(found.values())


def contested_topic(tickets, log, policy, as_of):
    returns, found = _returns(tickets, log, as_of), []
    for category in {t["category"] for t, _, _ in returns} - {None}:
        own = [(t["ticket_id"], unit) for t, unit, _ in returns if t["category"] == category]
        ids, units = {ticket_id for ticket_id, _ in own}, {unit for _, unit in own}
        if len(ids) >= policy.rules.topic_min_count and len(units) >= policy.rules.topic_units:
            found.append(f"专题：{category}")
    return found


def no_owner(tickets, log, policy, as_of):
    found = []
    for category in {t["category"] for t in tickets} - {None}:
        turns = [_turns(t, log, as_of) for t in _kept(tickets) if t["category"] == category]
        turns = [count for count in turns if count >= 1]
        wandering = sum(count >= 2 for count in turns)
        if len(turns) >= policy.rules.topic_min_count and wandering >= policy.rules.wandering_share * len(
            turns
        ):
            found.append(f"专题：{category}")
    return found


def misdirected(tickets, log, policy, as_of):
    returns, found = _returns(tickets, log, as_of), []
    for unit in {unit for _, unit, _ in returns}:
        sent_to = [receiver for _, returning, receiver in returns if returning == unit]
        accepted = sum(receiver not in (None, unit) for receiver in sent_to)
        is_enough = len(sent_to) >= policy.rules.misdirected_min_count
        if is_enough and accepted / len(sent_to) >= policy.rules.misdirected_share:
            found.append(f"派单：{unit}")
    return found


ORACLE = {
    function.__name__: function
    for function in (
        *(many_units, ping_pong, returned_late, returned_unfounded),
        *(contested_topic, no_owner, misdirected),
    )
}
