"""What the rules about citizens must find, in plain Python, written from their sentences.

Each function takes the clocked tickets as dicts, the flow log as dicts in order, the policy and as_of, and
gives the ticket number and the measure, or the unit, its measure and the tickets it rests on.
Which contents are alike is `cluster_matters`'s to say, and tested there.
"""

from datetime import date, timedelta

import pandas as pd

from toolkit.texts.similar import cluster_matters

NEW_YEAR = date(2025, 1, 29)


def _heard(tickets, as_of):
    return [
        t
        for t in tickets
        if t["received_at"] is not None and t["received_at"] <= as_of and t["status"] not in ("作废", "撤单")
    ]


def _demands(tickets, as_of):
    return [t for t in _heard(tickets, as_of) if t["type"] not in ("咨询", "表扬")]


def _in_order(tickets):
    return sorted(tickets, key=lambda t: t["received_at"])


def _within(earlier, later, days):
    return later["received_at"] - earlier["received_at"] <= timedelta(days=days)


def _elsewhere(one, other):
    known = all(t[column] is not None for t in (one, other) for column in ("township", "address"))
    return known and (one["township"], one["address"]) != (other["township"], other["address"])


def repeated_appeal(tickets, log, policy, as_of):
    found, seen = [], []
    for t in _in_order(_demands(tickets, as_of)):
        if t["caller"] is None or t["category"] is None:
            continue
        seen.append(t)
        again = [
            s
            for s in seen
            if (s["caller"], s["category"]) == (t["caller"], t["category"])
            and _within(s, t, policy.rules.repeated_days)
            and not _elsewhere(s, t)
        ]
        is_merged = t["status"] == "并单" or t["related_id"] is not None
        if len(again) >= policy.rules.repeated_count and not is_merged:
            found.append((t["ticket_id"], len(again)))
    return found


def _windows(tickets, days):
    """Every window that ends at a ticket, as the list of its tickets."""
    ordered = _in_order(tickets)
    return [[s for s in ordered[: end + 1] if _within(s, t, days)] for end, t in enumerate(ordered)]


def _masses(groups, policy, who):
    found = []
    for group in groups:
        windows = _windows(group, policy.rules.mass_days)
        for t in group:
            best = max(len({who(s) for s in window}) for window in windows if t in window)
            if best >= policy.rules.mass_callers:
                found.append((t["ticket_id"], best))
    return found


def _by(tickets, key):
    groups = {}
    for t in tickets:
        if key(t) is not None:
            groups.setdefault(key(t), []).append(t)
    return groups


def _spot(t):
    if t["township"] is None or t["category"] is None:
        return None
    return (t["township"], t["address"], t["category"])


def mass_appeal(tickets, log, policy, as_of):
    called = [t for t in _demands(tickets, as_of) if t["caller"] is not None]
    return _masses(_by(called, _spot).values(), policy, lambda t: t["caller"])


def mass_matter(tickets, log, policy, as_of):
    has_callers = any(t["caller"] is not None for t in tickets)
    told = [t for t in _demands(tickets, as_of) if t["caller"] is not None or not has_callers]
    if not told:
        return []
    contents = pd.Series([t["content"] for t in told], dtype="str")
    places = pd.Series([((t["township"] or "") + (t["address"] or "")) or None for t in told], dtype="str")
    numbers = cluster_matters(contents, places, threshold=policy.rules.matter_similarity)
    groups = {}
    for t, number in zip(told, numbers, strict=True):
        if not pd.isna(number):
            groups.setdefault(number, []).append(t)
    return _masses(groups.values(), policy, lambda t: t["caller"] if has_callers else t["ticket_id"])


def frequent_caller(tickets, log, policy, as_of):
    found = []
    for group in _by(_heard(tickets, as_of), lambda t: t["caller"]).values():
        for window in _windows(group, policy.rules.frequent_days):
            if len(window) >= policy.rules.frequent_count:
                found.append((window[-1]["ticket_id"], len(window)))
    return found


def hot_spot(tickets, log, policy, as_of):
    found = []
    for (township, address, category), group in _by(_demands(tickets, as_of), _spot).items():
        window = max(_windows(group, policy.rules.hot_spot_days), key=len)
        if len(window) >= policy.rules.hot_spot_count:
            place = address if (address or "").startswith(township) else township + (address or "")
            ids = tuple(sorted(t["ticket_id"] for t in window))
            found.append((f"热点：{place} {category.split('/')[-1]}", len(window), ids))
    return found


def surge(tickets, log, policy, as_of):
    heard = _heard(tickets, as_of)
    if not heard:
        return []
    first = min(t["received_at"].date() for t in heard)
    days = [first + timedelta(days=n) for n in range((as_of.date() - first).days + 1)]
    open_days = {t["received_at"].date() for t in heard}
    calendar = policy.workdays

    def kind(day):
        if NEW_YEAR - timedelta(days=14) <= day <= NEW_YEAR + timedelta(days=8):
            return "春节前后"
        return bool(calendar.is_working[(day - date(2004, 1, 1)).days])

    found = []
    for place in [None, *sorted({t["township"] for t in heard if t["township"] is not None})]:
        own = [t for t in heard if place is None or t["township"] == place]
        best = None
        for day in days:
            before = [
                d
                for d in days
                if timedelta(0) < day - d <= timedelta(days=56) and d in open_days and kind(d) == kind(day)
            ]
            if len(before) < 10:
                continue
            count = sum(t["received_at"].date() == day for t in own)
            mean = sum(t["received_at"].date() in before for t in own) / len(before)
            excess = (count - mean) / max(mean, 1) ** 0.5
            high = excess > policy.rules.surge_sigmas and count >= policy.rules.surge_min_count
            if high and (best is None or excess > best[0]):
                best = (excess, day, count)
        if best:
            ids = tuple(sorted(t["ticket_id"] for t in own if t["received_at"].date() == best[1]))
            found.append((f"激增：{place or '全县'}", best[2], ids))
    return found


def busy_day(tickets, log, policy, as_of):
    own = [t for t in _heard(tickets, as_of) if t["unit_group"] == "乡镇"]
    found = []
    for unit, group in _by(own, lambda t: t["unit"]).items():
        days = _by(group, lambda t: t["received_at"].date())
        full = [day for day in days.values() if len(day) >= policy.rules.busy_day_count]
        if full:
            found.append((unit, len(full), tuple(sorted(t["ticket_id"] for day in full for t in day))))
    return found


ORACLE = {
    function.__name__: function
    for function in (repeated_appeal, mass_appeal, mass_matter, frequent_caller, hot_spot, surge, busy_day)
}
