"""The first answer to a ticket and the verdict on it, in plain Python, from what the words of `answers.py` mean.

For tickets whose answer is the reply; shares no code with the toolkit.
"""

VOID = ("作废", "撤单", "并单", "重复件", "不予受理")
ANSWERED = ("已回复", "已答复", "已反馈", "已回访", "已办结", "已结案", "归档", "已归档")
BACK = ("待签收", "已退回", "重办")


LABELS = {
    **{"dispatched_at": "转办时间", "signed_at": "签收时间", "first_contact_at": "先行联系时间"},
    **{
        "replied_at": "回复时间",
        "fed_back_at": "反馈时间",
        "visited_at": "回访时间",
        "closed_at": "办结时间",
    },
}


def unread(ticket, *columns):
    """Whether something that is no time stands under one of the columns: that stage has come."""
    said = (ticket["untimed"] or "").split("、")
    return any(LABELS[column] in said for column in columns)


def before(moment, other):
    """Whether a time lies in an earlier minute; on an earlier day where one is a bare date."""
    if moment is None or other is None or moment >= other:
        return False
    if moment.replace(second=0, microsecond=0) >= other.replace(second=0, microsecond=0):
        return False
    bare = moment == moment.normalize() or other == other.normalize()
    return not bare or moment.normalize() < other.normalize()


def slow_answer(ticket, log, as_of):
    """(time of the first answer, by when it had come at the latest, whether it had come)."""
    own = [e for e in log if e["ticket_id"] == ticket["ticket_id"] and e["at"] <= as_of]
    since = _held_since(ticket, own)
    own = [e for e in own if since is None or e["at"] >= since]
    reworks = [e["at"] for e in own if e["event"] == "reworked"]
    first = reworks[0] if reworks else None
    received, replied = ticket["received_at"], ticket["replied_at"]
    logged = [e["at"] for e in own if e["event"] == "replied" and (first is None or e["at"] < first)]
    logged = logged[:1] if first else logged[-1:]
    logged = logged[0] if logged and not before(logged[0], received) else None
    written = replied
    if written is not None and (before(written, received) or written > as_of or (first and written >= first)):
        written = None
    if first is None and replied is not None and replied > as_of:
        return None, None, False
    at = (logged or written) if first else (written or logged)
    later = [ticket[name] for name in ("fed_back_at", "visited_at", "closed_at")]
    later = [time for time in later if time is not None and time <= as_of and not before(time, received)]
    until = at or min([*later, *([first] if first else [])], default=None)
    told = ticket["status"] in ANSWERED or ticket["status"] == "重办" or (ticket["rework_count"] or 0) > 0
    told = told or replied is not None
    told = told or unread(ticket, "replied_at", "fed_back_at", "visited_at", "closed_at")
    told = told or (ticket["reply"] is not None and ticket["status"] not in BACK)
    return at, until, until is not None or told


def slow_state(ticket, log, as_of):
    """The verdict by the ticket's due time; pauses that nothing ended stop the clock."""
    if ticket["status"] in VOID:
        return "不予评判"
    at, until, is_known = slow_answer(ticket, log, as_of)
    if ticket["due_at"] is None:
        return "无截止时间"
    stood = _stands_since(ticket, log, until, is_known, as_of)
    if until is not None:
        if (stood or until) <= ticket["due_at"]:
            return "按期回复"
        own = [e for e in log if e["ticket_id"] == ticket["ticket_id"] and e["at"] <= as_of]
        since = _held_since(ticket, own)
        seen = any(e["event"] == "reworked" and (since is None or e["at"] >= since) for e in own)
        unseen = ((ticket["rework_count"] or 0) > 0 or ticket["status"] == "重办") and not seen
        return "已答复、时间不明" if at is None or unseen else "超期回复"
    if is_known:
        return "已答复、时间不明"
    return "超期未回复" if ticket["due_at"] < (stood or as_of) else "未到期"


def is_open(ticket, log, as_of):
    """Whether it waits for its first answer."""
    return ticket["status"] not in VOID and not slow_answer(ticket, log, as_of)[2]


def _held_since(ticket, own):
    """When the present unit got a ticket that was passed on."""
    turns = []
    sent = [e for e in own if e["event"] in ("dispatched", "redispatched") and isinstance(e["unit"], str)]
    for event in sent:
        if not turns or turns[-1][0] != event["unit"]:
            turns.append((event["unit"], event["at"]))
    return turns[-1][1] if len(turns) > 1 and turns[-1][0] == ticket["unit"] else None


def _stands_since(ticket, log, until, is_known, as_of):
    """The start of the pause that only the answer ended, or that is still open."""
    begun, holder = None, None
    for event in log:
        if event["ticket_id"] != ticket["ticket_id"] or event["at"] > as_of:
            continue
        passed_on = False
        if event["event"] in ("dispatched", "redispatched") and isinstance(event["unit"], str):
            passed_on, holder = holder not in (None, event["unit"]), event["unit"]
        if event["event"] == "paused" and begun is None:
            begun = event["at"]
        elif (event["event"] in ("resumed", "closed") or passed_on) and begun is not None:
            # An end after the answer is not the log's word for it: a pause without 恢复 lasts until the answer.
            if until is not None and event["event"] != "resumed" and begun < until <= event["at"]:
                return begun
            begun = None
    if begun is None or (is_known and until is None) or (until is not None and begun >= until):
        return None
    return begun
