"""What the rules about closing, satisfaction, call-backs, records and ownerless tickets must find, in plain Python.

Written from their sentences and guards, ticket by ticket. Each function takes the clocked tickets as dicts,
the flow log as dicts in order, the policy and as_of, and gives the ticket numbers (units for rules about units).
"""

import re
from datetime import timedelta
from math import comb, exp, sqrt
from math import log as ln

from oracles.slow_verdict import before, is_open, slow_answer, unread

VOID = ("作废", "撤单", "并单")
CLOSED = ("已办结", "已结案", "归档")
SATISFIED = ("非常满意", "满意", "基本满意")
DISSATISFIED = ("不满意", "非常不满意")


def _come(ticket, column, as_of):
    moment = ticket[column]
    return moment if moment is not None and moment <= as_of else None


def _counts(t, as_of):
    """Received by as_of, or no telling when, and not void."""
    return t["status"] not in VOID and (t["received_at"] is None or t["received_at"] <= as_of)


def _told(t, as_of):
    return _counts(t, as_of) and (t["visited_at"] is None or t["visited_at"] <= as_of)


def _closed(t, as_of):
    if t["closed_at"] is None:
        return t["status"] in CLOSED
    return t["closed_at"] <= as_of


def _logged(t, log, kinds, as_of):
    return [e for e in log if e["ticket_id"] == t["ticket_id"] and e["event"] in kinds and e["at"] <= as_of]


def _reworked(t, log, as_of):
    return (t["rework_count"] or 0) > 0 or bool(_logged(t, log, ["reworked"], as_of))


def _passed_on(t, log, as_of):
    return (t["return_count"] or 0) > 0 or bool(_logged(t, log, ["returned", "redispatched"], as_of))


def _before(early, late):
    if early is None or late is None:
        return False
    if any((m.hour, m.minute, m.second) == (0, 0, 0) for m in (early, late)):
        return early.date() < late.date()
    return early.replace(second=0, microsecond=0) < late.replace(second=0, microsecond=0)


def _ids(tickets, holds):
    return [t["ticket_id"] for t in tickets if holds(t)]


# --- 虚假办结 --------------------------------------------------------------------------------------


def called_again(tickets, log, policy, as_of):
    def is_same(one, other):
        if one["category"] is None or one["category"] != other["category"]:
            return False
        if one["caller"] is not None and other["caller"] is not None:
            return one["caller"] == other["caller"]
        place = (one["address"], one["township"])
        return None not in place and place == (other["address"], other["township"])

    def holds(t):
        closed = _come(t, "closed_at", as_of)
        received = _come(t, "received_at", as_of)
        if closed is None or t["type"] == "咨询" or not _counts(t, as_of):
            return False
        if received is not None and closed < received:
            return False
        return any(
            closed < call <= closed + timedelta(days=30)
            for other in tickets
            if (call := _come(other, "received_at", as_of)) is not None
            and other["status"] not in ("作废", "撤单")
            and is_same(t, other)
        )

    return _ids(tickets, holds)


def closed_unresolved(tickets, log, policy, as_of):
    return _ids(
        tickets,
        lambda t: (
            _told(t, as_of) and _closed(t, as_of) and t["resolved"] == "未解决" and t["exclusion"] != "通过"
        ),
    )


def reopened(tickets, log, policy, as_of):
    return _ids(tickets, lambda t: _counts(t, as_of) and _reworked(t, log, as_of))


# --- 满意度 ----------------------------------------------------------------------------------------


def satisfied_without_call(tickets, log, policy, as_of):
    fills = any(_come(t, "visited_at", as_of) for t in tickets)

    def holds(t):
        if not _told(t, as_of) or t["satisfaction"] not in SATISFIED or t["visit_connected"] == "是":
            return False
        return t["visit_connected"] == "否" or (
            fills and t["visited_at"] is None and not unread(t, "visited_at")
        )

    return _ids(tickets, holds)


def default_satisfied(tickets, log, policy, as_of):
    return _ids(tickets, lambda t: _told(t, as_of) and t["satisfaction"] == "默认满意")


def satisfaction_flipped(tickets, log, policy, as_of):
    def holds(t):
        if not _counts(t, as_of):
            return False
        steps = [
            (e["at"], e["event"], e["detail"])
            for e in _logged(t, log, ["visited", "replied", "reworked"], as_of)
        ]
        if (replied := _come(t, "replied_at", as_of)) is not None:
            steps.append((replied, "replied", None))
        steps.sort(key=lambda step: step[0])
        if t["satisfaction"] in (*SATISFIED, "默认满意") and _told(t, as_of):
            steps.append((as_of, "visited", "满意"))
        was_dissatisfied = False
        for _, event, detail in steps:
            said = detail if isinstance(detail, str) else ""
            if event != "visited":
                was_dissatisfied = False
            elif re.search("不满意", said):
                was_dissatisfied = True
            elif "满意" in said and was_dissatisfied:
                return True
        return False

    return _ids(tickets, holds)


def too_perfect(tickets, log, policy, as_of):
    rated = [
        t for t in tickets if _told(t, as_of) and t["satisfaction"] in (*SATISFIED, "一般", *DISSATISFIED)
    ]

    def holds(own, rest):
        n, m = len(own), sum(t["satisfaction"] in SATISFIED for t in own)
        p = sum(t["satisfaction"] in SATISFIED for t in rest) / len(rest)
        chance = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(m, n + 1))
        return n >= policy.rules.perfect_min_count and chance < 0.01

    return _units(rated, holds)


def _units(tickets, holds):
    found = []
    for unit in {t["unit"] for t in tickets} - {None}:
        own, rest = ([t for t in tickets if (t["unit"] == unit) is same] for same in (True, False))
        if rest and holds(own, rest):
            found.append(unit)
    return found


def callback_burst(tickets, log, policy, as_of):
    minutes = {}
    for t in tickets:
        visited = _come(t, "visited_at", as_of)
        if t["unit"] is None or visited is None or not _counts(t, as_of) or not _has_hour(visited):
            continue
        key = (t["unit"], visited.replace(second=0))
        minutes[key] = minutes.get(key, 0) + 1
    return list({unit for (unit, _), count in minutes.items() if count >= policy.rules.burst_count})


def _has_hour(moment):
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def callback_too_early(tickets, log, policy, as_of):
    standing = [t for t in tickets if _counts(t, as_of)]
    both = [t for t in standing if _come(t, "visited_at", as_of) and _come(t, "closed_at", as_of)]
    closes_first = bool(both) and sum(t["visited_at"] >= t["closed_at"] for t in both) >= 0.8 * len(both)

    def holds(t):
        visited, closed = (_come(t, column, as_of) for column in ("visited_at", "closed_at"))
        if visited is None or _reworked(t, log, as_of):
            return False
        if closes_first and _before(visited, closed):
            return True
        if t["answered_by"] != "replied_at":
            return False
        replied = slow_answer(t, log, as_of)[0]
        if replied is None:
            has_answer = _closed(t, as_of) or t["status"] == "已回复" or t["reply"] is not None
            has_answer = has_answer or unread(t, "replied_at", "fed_back_at", "closed_at")
            has_answer = has_answer and t["replied_at"] is None
            return not has_answer and not before(t["replied_at"], t["received_at"])
        return _before(visited, replied)

    return _ids(standing, holds)


# --- 记录可疑、剔除 --------------------------------------------------------------------------------


def impossible_times(tickets, log, policy, as_of):
    standing = [t for t in tickets if _counts(t, as_of)]

    def is_usual(later):
        both = [t for t in standing if _come(t, later, as_of) and _come(t, "replied_at", as_of)]
        return bool(both) and sum(t[later] >= t["replied_at"] for t in both) >= 0.8 * len(both)

    usual = [later for later in ("visited_at", "closed_at") if is_usual(later)]

    def holds(t):
        at = {column: _come(t, column, as_of) for column in t if column.endswith("_at")}
        if any(
            _before(at[c], at["received_at"])
            for c in ("dispatched_at", "replied_at", "visited_at", "closed_at")
        ):
            return True
        if _reworked(t, log, as_of):
            return False
        if any(_before(at[later], at["replied_at"]) for later in usual):
            return True
        if _passed_on(t, log, as_of):
            return False
        sent = ("signed_at", "first_contact_at", "replied_at", "fed_back_at", "closed_at")
        after_signing = _before(at["replied_at"], at["signed_at"])
        return after_signing or any(_before(at[c], at["dispatched_at"]) for c in sent)

    return _ids(standing, holds)


def exactly_due(tickets, log, policy, as_of):
    answers = [t["answered_at"] for t in tickets if t["answered_at"] is not None]
    if sum(moment.second != 0 for moment in answers) * 2 <= len(answers):
        return []
    return _ids(
        tickets,
        lambda t: (
            _counts(t, as_of)
            and t["answered_at"] is not None
            and t["answered_at"] == t["due_at"]
            and t["due_source"] in ("平台", "延期")
            and _has_hour(t["due_at"])
        ),
    )


def platform_disagrees(tickets, log, policy, as_of):
    reworked = {e["ticket_id"] for e in log if e["event"] == "reworked" and e["at"] <= as_of}
    verdicts = {("是", "按期回复"), ("否", "超期回复")}
    return _ids(
        tickets,
        lambda t: (
            _counts(t, as_of)
            and (t["platform_overdue"], t["due_state"]) in verdicts
            and not t["rework_count"]
            and t["ticket_id"] not in reworked
        ),
    )


def heaped_times(tickets, log, policy, as_of):
    replied = [
        t
        for t in tickets
        if _counts(t, as_of) and (m := _come(t, "replied_at", as_of)) is not None and _has_hour(m)
    ]

    def heaped(own):
        return sum(t["replied_at"].minute % 10 == 0 and t["replied_at"].second == 0 for t in own) / len(own)

    def holds(own, rest):
        n, p, base = len(own), heaped(own), heaped(rest)
        return (
            n >= policy.rules.heaped_min_count
            and p >= 0.5
            and p - base > 3 * sqrt(base * (1 - base) / n) + 1e-12
        )

    return _units(replied, holds)


def exclusion_biased(tickets, log, policy, as_of):
    told = [t for t in tickets if _told(t, as_of)]

    def holds(own):
        bad = [t["exclusion"] == "通过" for t in own if t["satisfaction"] in DISSATISFIED]
        good = [t["exclusion"] == "通过" for t in own if t["satisfaction"] in SATISFIED]
        if not good or sum(bad) < policy.rules.exclusion_min_count:
            return False
        a, b, c, d = (n + 0.5 for n in (sum(bad), len(bad) - sum(bad), sum(good), len(good) - sum(good)))
        return exp(ln(a * d / (b * c)) - 1.96 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)) > 1

    units = [
        unit for unit in {t["unit"] for t in told} - {None} if holds([t for t in told if t["unit"] == unit])
    ]
    return units + ["全县"] * holds(told)


# --- 无主工单 --------------------------------------------------------------------------------------


def no_unit(tickets, log, policy, as_of):
    sends = any(t["dispatched_at"] is not None for t in tickets)

    def holds(t):
        if t["unit"] is not None or not _counts(t, as_of):
            return False
        if _come(t, "dispatched_at", as_of) is not None:
            return True
        if slow_answer(t, log, as_of)[2] and sends:
            return False
        if t["dispatch_due_at"] is not None:
            return t["dispatch_due_at"] < as_of
        return t["received_at"] is None or t["received_at"] + timedelta(days=1) < as_of

    return _ids(tickets, holds)


def no_handler(tickets, log, policy, as_of):
    def holds(t):
        own = [o for o in tickets if o["unit"] == t["unit"] and _counts(o, as_of)]
        filled = sum(o["handler"] is not None for o in own)
        waits = is_open(t, log, as_of) and not _closed(t, as_of)
        signed = _come(t, "signed_at", as_of)
        is_new = signed is None and t["sign_due_at"] is not None and t["sign_due_at"] >= as_of
        return (
            _counts(t, as_of)
            and t["unit"] is not None
            and t["handler"] is None
            and waits
            and not is_new
            and filled > 0
            and filled * 2 >= len(own)
        )

    return _ids(tickets, holds)


def status_at_odds(tickets, log, policy, as_of):
    fills = any(_come(t, "closed_at", as_of) for t in tickets)

    def holds(t):
        if not _counts(t, as_of):
            return False
        if t["status"] in CLOSED:
            is_blank = t["closed_at"] is None and t["replied_at"] is None
            return fills and is_blank and not unread(t, "closed_at", "replied_at")
        if _reworked(t, log, as_of):
            return False
        if t["status"] in ("待签收", "办理中", "已退回") and _come(t, "closed_at", as_of):
            return True
        has_more = _come(t, "signed_at", as_of) or t["answered_at"] is not None
        return t["status"] == "待签收" and bool(has_more) and not _passed_on(t, log, as_of)

    return _ids(tickets, holds)


def not_fed_back(tickets, log, policy, as_of):
    calendar = policy.workdays

    def working_days_since(moment):
        days = (as_of.normalize() - moment.normalize()).days
        return sum(_works(moment.normalize() + timedelta(days=n), calendar) for n in range(1, days + 1))

    return _ids(
        tickets,
        lambda t: (
            _counts(t, as_of)
            and (replied := _come(t, "replied_at", as_of)) is not None
            and _come(t, "fed_back_at", as_of) is None
            and _come(t, "visited_at", as_of) is None
            and not _closed(t, as_of)
            and not unread(t, "fed_back_at", "visited_at", "closed_at")
            and working_days_since(replied) > 1
        ),
    )


def _works(day, calendar):
    return bool(calendar.is_working[(day - type(day)("2004-01-01")).days])


ORACLE = {
    function.__name__: function
    for function in (
        *(called_again, closed_unresolved, reopened, satisfied_without_call, default_satisfied),
        *(satisfaction_flipped, too_perfect, callback_burst, callback_too_early, impossible_times),
        *(
            exactly_due,
            platform_disagrees,
            heaped_times,
            exclusion_biased,
            no_unit,
            no_handler,
            status_at_odds,
            not_fed_back,
        ),
    )
}
