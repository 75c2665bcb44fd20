"""What the rules about time must find, ticket by ticket in plain Python, written from their sentences.

Each function takes the clocked tickets as dicts, the flow log as dicts in order, the policy and as_of, and
gives the ticket numbers (units for rules about units).
"""

from datetime import timedelta

from oracles.slow_verdict import slow_answer, slow_state, unread


def _come(ticket, column, as_of):
    moment = ticket[column]
    return moment if moment is not None and moment <= as_of else None


def overdue_open(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in tickets if slow_state(t, log, as_of) == "超期未回复"]


def replied_late(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in tickets if slow_state(t, log, as_of) == "超期回复"]


def due_soon(tickets, log, policy, as_of):
    return [
        t["ticket_id"]
        for t in tickets
        if slow_state(t, log, as_of) == "未到期" and t["left_days"] is not None and t["left_days"] <= 2
    ]


def lead_missed(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        if slow_state(t, log, as_of) not in ("按期回复", "未到期") or t["lead_due_at"] is None:
            continue
        answer, _, is_known = slow_answer(t, log, as_of)
        if is_known and answer is None:
            continue
        if (answer or as_of) > t["lead_due_at"]:
            found.append(t["ticket_id"])
    return found


def signed_late(tickets, log, policy, as_of):
    return _missed(tickets, log, "signed_at", "sign_due_at", as_of, lambda t: True)


def contact_missed(tickets, log, policy, as_of):
    return _missed(
        tickets, log, "first_contact_at", "contact_due_at", as_of, lambda t: t["contacted"] != "是"
    )


def _missed(tickets, log, done, due, as_of, counts_when_missing):
    found = []
    for t in tickets:
        if t[due] is None or t["status"] in ("作废", "撤单", "并单"):
            continue
        answer, until, is_known = slow_answer(t, log, as_of)
        if until is not None and until <= t[due]:
            continue
        moment = _come(t, done, as_of)
        if moment is None and is_known and answer is None:
            continue
        if moment is not None and moment > t[due]:
            found.append(t["ticket_id"])
        if moment is None and not unread(t, done) and t[due] < as_of and counts_when_missing(t):
            found.append(t["ticket_id"])
    return found


def extension_abused(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        own = [e for e in log if e["ticket_id"] == t["ticket_id"] and e["at"] <= as_of]
        approved = [e for e in own if e["event"] == "extension_approved"]
        reasons = [
            (e["event"], e["detail"])
            for e in own
            if e["event"] in ("extension_approved", "extension_requested") and isinstance(e["detail"], str)
        ]
        note = t["due_note"] or ""
        if (
            len(approved) > policy.extension_times
            or len(set(reasons)) < len(reasons)
            or "延期批准晚于截止时间" in note
            or "延期超过规定上限" in note
        ):
            found.append(t["ticket_id"])
    return found


def clustered_at_deadline(tickets, log, policy, as_of):
    answered = [
        t
        for t in tickets
        if slow_state(t, log, as_of) == "按期回复" and slow_answer(t, log, as_of)[0] is not None
    ]

    def is_last(t):
        left = t["due_at"] - t["answered_at"]
        if left <= timedelta(hours=2):
            return True
        return t["clock_from"] is not None and left <= (t["due_at"] - t["clock_from"]) * 0.1

    if not answered:
        return []
    base = sum(is_last(t) for t in answered) / len(answered)
    found = []
    for unit in {t["unit"] or "（未填单位）" for t in answered}:
        own = [t for t in answered if (t["unit"] or "（未填单位）") == unit]
        share = sum(is_last(t) for t in own) / len(own)
        if len(own) >= 3 and share > base + 3 * (base * (1 - base) / len(own)) ** 0.5:
            found.append(unit)
    return found


ORACLE = {
    function.__name__: function
    for function in (
        *(overdue_open, replied_late, due_soon, lead_missed, signed_late, contact_missed),
        *(extension_abused, clustered_at_deadline),
    )
}
