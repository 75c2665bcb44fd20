"""What rules say of a policy's limits: `{due_soon_days}` in a sentence is the number of the policy in force."""

from datetime import timedelta
from itertools import groupby

SHARES = ("_share", "_similarity", "_chance")  # limits whose name ends so are told as percentages


def say_limits(policy):
    """Name → words, for every limit that a rule's sentence, ladder or guard may name."""
    return {name: _say_limit(name, limit) for name, limit in policy.rules} | {
        "lead_working_days": str(policy.lead_working_days),
        "extension_times": f"{policy.extension_times}次" if policy.extension_limits else "未作规定，不查",
        "overdue_ladder": _say_ladder(policy.ladder, "overdue_days", "超期满{}个工作日", "橙"),
        "left_ladder": _say_ladder(policy.ladder, "left_days", "距截止不超过{}个工作日", "蓝"),
    }


def fill_limits(text, policies):
    """The text with the limits of the latest policy; then, where an earlier one says otherwise, for whom and what."""
    said = [text.format_map(say_limits(policy)) for policy in policies]
    runs = [list(run) for _, run in groupby(range(len(said)), said.__getitem__)]
    joint = "" if text.endswith("。") else "；"
    return joint.join(
        [said[-1], *(f"{_say_span(run, policies)}受理的：{said[run[0]]}" for run in reversed(runs[:-1]))]
    )


def _say_span(run, policies):
    """Which receipts the policies of one run of numbers judge, a run that is not the last."""
    until = policies[run[-1] + 1].valid_from
    if run[0] == 0:
        return f"{until}以前"
    return f"{policies[run[0]].valid_from}至{until - timedelta(days=1)}"


def _say_limit(name, limit):
    if isinstance(limit, dict):
        return "、".join(f"{kind or '其他'}{characters}字" for kind, characters in limit.items())
    return f"{limit * 100:g}%" if name.endswith(SHARES) else f"{limit:g}"


def _say_ladder(ladder, kind, words, otherwise):
    """The steps that tickets of one kind can reach, the gravest first; `otherwise` is the colour of the rest."""
    said = []
    for step in ladder:
        reached = getattr(step, kind)
        if kind == "overdue_days" and reached == 0:
            otherwise = step.colour  # whatever is overdue reaches it
            break
        if reached is not None:
            said.append(f"{words.format(reached)}为{step.colour}")
        if kind == "left_days" and step.left_share is not None:
            said.append(f"剩余时限不超过{step.left_share * 100:g}%为{step.colour}")
    return "，".join([*said, f"其余为{otherwise}" if said else f"一律为{otherwise}"])
