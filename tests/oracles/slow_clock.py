"""Due times the slow way: minute by minute, in plain Python, straight from what a policy's words mean.

Shares no code with the toolkit; the published days come from chinesecalendar's own functions.
"""

from datetime import datetime, time, timedelta

import chinese_calendar

MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)


def slow_due(ticket, policy, events):
    """When the reply to a ticket is due by the policy, or None without a start or a fitting limit.

    ticket: a dict; policy: the dict a policy is made from; events: (event, at, unit) of the ticket in order. A
    pause counts up to the answer; one that is still open moves nothing.
    """
    start = _start(ticket, policy, events)
    limit = _first_fitting(ticket, policy["reply_limits"])
    if start is None or limit is None:
        return None
    pauses = _pauses(events, ticket.get("replied_at"))
    due = _run_out(start, limit, policy, pauses)
    used = 0
    for approved in [at for event, at, _ in events if event == "extension_approved"]:
        extension = _first_fitting(ticket, policy.get("extension_limits", []))
        if extension is None or used == policy.get("extension_times", 1):
            break
        until = due
        if policy.get("extension_cut_off_at"):
            until = min(due, datetime.combine(due, time.fromisoformat(policy["extension_cut_off_at"])))
        if approved <= until:
            due = _run_out(due, extension, policy, pauses)
            used += 1
    return due


def _start(ticket, policy, events):
    start = ticket.get(policy.get("starts_from", "received_at"))
    sent = [(unit, at) for event, at, unit in events if event in ("dispatched", "redispatched")]
    if policy.get("reassignment", "new_clock") == "same_clock" or len({unit for unit, _ in sent}) < 2:
        return start
    if sent[-1][0] != ticket["unit"]:
        return start
    held_from = None
    for unit, at in sent:
        if unit != ticket["unit"]:
            held_from = None
        elif held_from is None:
            held_from = at
    return held_from


def _first_fitting(ticket, limits):
    for limit in limits:
        fits = True
        for column in ("type", "urgency", "channel", "source_level", "category", "unit_group"):
            if column in limit:
                found = ticket.get(column)
                words = [] if found is None else found.split("/") if column == "category" else [found]
                fits = fits and any(word in limit[column] for word in words)
        if fits:
            return limit
    return None


def _pauses(events, answered):
    pauses, begun, holder = [], None, None
    for event, at, unit in events:
        passed_on = event in ("dispatched", "redispatched") and holder not in (None, unit)
        if event in ("dispatched", "redispatched"):
            holder = unit
        if event == "paused" and begun is None:
            begun = at
        elif (event in ("resumed", "closed") or passed_on) and begun is not None:
            pauses.append((begun, at))
            begun = None
    if answered is None:
        return pauses
    pauses += [(begun, answered)] if begun is not None else []
    return [(begins, min(ends, answered)) for begins, ends in pauses if begins < answered]


def _run_out(start, limit, policy, pauses):
    office = _Office(policy.get("calendar", {}))
    start = _begin(start, limit, office)
    for unit in ("working_days", "calendar_days"):
        if unit in limit:
            return _count_days(start, limit, unit, policy, office, pauses)
    in_office = "working_hours" in limit
    left = round(limit.get("working_hours", limit.get("hours", 0)) * 60) + limit.get("minutes", 0)
    moment = start
    while left:
        if (not in_office or office.is_open(moment)) and not _is_paused(moment, pauses):
            left -= 1
        moment += MINUTE
    return moment


def _begin(start, limit, office):
    moment = start
    if limit.get("rolls_over"):
        if not office.works(start) or start.time() > office.cut_off:
            moment = office.next_opening(start)
        else:
            moment = max(start, datetime.combine(start, office.opens))
    if limit.get("counts_from") == "next_working_day":
        moment = office.next_opening(moment)
    return moment


def _count_days(start, limit, unit, policy, office, pauses):
    left, day = limit[unit], datetime.combine(start, time())
    ends = time.fromisoformat(policy.get("day_ends_at", f"{office.closes:%H:%M}"))
    counts_first = limit.get("first_day_counts", False) or left == 0
    left = max(left, 1)
    if not counts_first:
        day += ONE_DAY
    while True:
        if unit == "calendar_days" or office.works(day):
            is_paused = any(_is_paused_day(day, unit, pause, policy, office) for pause in pauses)
            left -= not is_paused
        if not left:
            return datetime.combine(day, ends)
        day += ONE_DAY


def _is_paused_day(day, unit, pause, policy, office):
    begun, ended = pause
    if ended <= day or begun >= day + ONE_DAY:
        return False
    how_many = all if policy.get("paused_days", "whole") == "whole" else any
    minutes = (day + number * MINUTE for number in range(24 * 60))
    return how_many(
        begun <= minute < ended for minute in minutes if unit == "calendar_days" or office.is_open(minute)
    )


def _is_paused(moment, pauses):
    return any(begun <= moment < ended for begun, ended in pauses)


class _Office:
    """Which minutes an office is open, from the dict a calendar is made from."""

    def __init__(self, calendar):
        clock = {name: calendar.get(name, usual) for name, usual in USUAL.items()}
        self.opens, self.closes = (time.fromisoformat(clock[name]) for name in ("opens_at", "closes_at"))
        self.lunch = [
            clock["lunch_from"] and time.fromisoformat(clock[n]) for n in ("lunch_from", "lunch_to")
        ]
        self.cut_off = time.fromisoformat(calendar.get("cut_off_at") or clock["closes_at"])
        self.off, self.on = calendar.get("days_off", []), calendar.get("working_days", [])
        self.known = {}

    def works(self, moment):
        day = moment.date()
        if day not in self.known:
            usual = chinese_calendar.is_workday(day)
            self.known[day] = day.isoformat() in self.on or (usual and day.isoformat() not in self.off)
        return self.known[day]

    def is_open(self, moment):
        clock = moment.time()
        if not self.works(moment) or not self.opens <= clock < self.closes:
            return False
        return self.lunch[0] is None or not self.lunch[0] <= clock < self.lunch[1]

    def next_opening(self, moment):
        day = datetime.combine(moment, time()) + ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return datetime.combine(day, self.opens)


USUAL = {"opens_at": "08:30", "lunch_from": "12:00", "lunch_to": "14:00", "closes_at": "17:30"}
