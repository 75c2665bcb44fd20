"""A limit of a rule tried at another value (试算): what the rule would then find, on the tickets there are.

The rule itself is asked, as a run asks it. No policy is changed, and nothing that the run has found. A rule that needs
more than the explorer has (the flow log, tickets before the period) is not tried: its figure would not be the run's.
"""

import re
from collections.abc import Iterable
from math import floor, log10

from toolkit.clocking.in_force import read_policies
from toolkit.clocking.policy import POLICIES, RuleLimits
from toolkit.errors import ParameterError, PolicyError
from toolkit.flagging.flag import RULES
from toolkit.flagging.limit_words import SHARES, say_limits
from toolkit.flagging.rule import SEVERITIES
from toolkit.period import parse_period
from toolkit.preparing.finding import LOOK_BACK_DAYS, find_watched
from toolkit.schema import CARRIED, NOW
from toolkit.settings import try_settings, typed_settings

EXPLAINED = re.compile(r"^  (\w+):[^#\n]*#\s*(.+?)\s*$", re.MULTILINE)  # a limit and what is noted beside it
LEAST_LIKE = 0.5  # what is less alike is not looked for where texts are compared whole
NOT_THE_RUNS = (
    "用页面里的工单重算“{name}”，与本次运行的结果不一致（所见版本隐去了内容，或规则、数据之后改过），不能试算"
)
NO_FILE = "这次运行的时限办法没有写成文件，不能试算"
CHANGED = "时限办法在本次运行之后改过：先重新运行，再试算"
BY_TYPE = "限值按诉求类型分别规定，不是一个数"
NO_LOG, NO_EARLIER = "要看流转记录，这里没有", "要看统计期以前的工单，本次运行没有带上"


def list_trials(report):
    """The rules whose limits can be tried, each with its limits in words and their ranges; and why the others cannot.

    Gives rules (rule, name, limits), left (name, why) and where, which says what to edit to make a trial the rule.
    """
    policy = _read_policies(report)[-1]
    told = dict(EXPLAINED.findall((POLICIES / "county_default.yml").read_text(encoding="utf-8")))
    rules, left = [], []
    for entry in _list_evaluated(report):
        limits = [_describe(entry, name, policy, told) for name in _list_limits(entry, policy.rules)]
        if why := _find_obstacle(entry, report):
            left.append({"name": entry.name, "why": why})
        elif limits:
            rules.append({"rule": entry.code, "name": entry.name, "about": entry.about, "limits": limits})
    return {"rules": rules, "left": left, "where": _say_where(report, policy)}


def try_limit(report, code, limit, value):
    """What a rule finds with one limit at another value, beside what the run found.

    Gives the rule's sentence with that value; findings (how many), colours (how many of each) and tickets (their
    numbers) of policy and trial; more and fewer, the numbers of the tickets that one has and not the other. At the policy's own
    value ParameterError where the run found something else; PolicyError for a value that no policy may have.
    """
    policies = _read_policies(report)
    entry = next(entry for entry in _list_evaluated(report) if entry.code == code)
    if why := _find_obstacle(entry, report):
        raise ParameterError(f"“{entry.name}”不能试算：{why}")
    tried = [*policies[:-1], set_limit(policies[-1], limit, value)]
    ids = report.tickets.loc[report.tickets["scope"].isin([NOW, CARRIED]), "ticket_id"]
    period = parse_period(report.about["period"])
    found = find_watched(report.tickets, ids, tried, None, period, only=[code])
    own = report.findings[report.findings["rule"].eq(code)]
    if tried[-1].rules == policies[-1].rules and _as_set(found) != _as_set(own):
        raise ParameterError(NOT_THE_RUNS.format(name=entry.name))
    before, after = _list_tickets(own), _list_tickets(found)
    return {
        "sentence": entry.say(tried[-1:])[0],
        "policy": _count(own, before),
        "trial": _count(found, after),
        "more": [number for number in after if number not in set(before)],
        "fewer": [number for number in before if number not in set(after)],
    }


def set_limit(policy, limit, value):
    """The policy with one limit of the rules at another value; PolicyError where it may not have that."""
    limits = policy.rules.model_dump() | {limit: value}
    return policy.model_copy(update={"rules": typed_settings(RuleLimits, limits, "试算", PolicyError)})


def _read_policies(report):
    """The policies of the run, as they were then."""
    if not report.about.get("policy_files"):
        raise ParameterError(NO_FILE)
    policies = read_policies(report.about["policy_files"])
    if policies[-1].rules.model_dump(mode="json") != report.about["limits"]:
        raise ParameterError(CHANGED)
    return policies


def _list_evaluated(report):
    rules = report.basis.rules
    evaluated = set(rules.loc[rules["evaluated"].astype(bool), "rule"])
    return [entry for entry in RULES if entry.code in evaluated]


def _list_limits(entry, limits):
    """The limits of a rule that are one number each."""
    known = dict(limits)
    return [name for name in entry.thresholds if isinstance(known.get(name), int | float)]


def _find_obstacle(entry, report):
    """Why a rule would not find here what it does in a run; empty where it would."""
    limits = [name for name in entry.thresholds if name in RuleLimits.model_fields]
    if not limits:
        return ""
    if not any(name in _list_limits(entry, RuleLimits()) for name in limits):
        return BY_TYPE
    if entry.needs_log or (entry.heeds_log and len(report.legs)):
        return NO_LOG
    return NO_EARLIER if entry.looks_back and report.about["outside"] else ""


# --- what the slider is told --------------------------------------------------------------------------


def _describe(entry, name, policy, told):
    value = getattr(policy.rules, name)
    low, high, step = find_range(name, value)
    if entry.looks_back and name.endswith("_days"):
        high = max(value, min(high, LOOK_BACK_DAYS))  # no run looks back further
    shared = [other.name for other in RULES if name in other.thresholds and other is not entry]
    return {
        "name": name,
        "words": told.get(name, name).rstrip("；，。,;"),
        "value": value,
        "said": say_limits(policy)[name],
        "is_share": name.endswith(SHARES),
        **{"low": low, "high": high, "step": step, "shared": shared},
    }


def find_range(name, value):
    """From where to where a limit is tried, and in what steps: about a third to three times, or half to double, of its value."""
    if isinstance(value, int):
        least = 0 if try_settings(RuleLimits, {name: 0})[0] else 1
        return max(least, value // 3), max(3 * value, value + 4), 1
    step = 10.0 ** (floor(log10(value)) - 1)
    low = value - step * floor(value / 2 / step)
    if name.endswith("_similarity") and value >= LEAST_LIKE:
        low = max(low, LEAST_LIKE)
    high = min(2 * value, 0.99) if name.endswith(SHARES) else 2 * value
    is_allowed = try_settings(RuleLimits, {name: high})[0] is not None
    return round(low, 6), round(high if is_allowed else value, 6), round(step, 6)


def _say_where(report, policy):
    """The file in which the limits in force stand."""
    named = report.about["policy_files"]
    if isinstance(named, str) and (POLICIES / f"{named}.yml").is_file():
        return f"parameters/policies/{named}.yml"
    return f"{named if isinstance(named, str) else '、'.join(named)}中的“{policy.name}”"


# --- what was found -------------------------------------------------------------------------------------


def _as_set(findings):
    """Findings without their sentences: of which ticket or unit, how grave, on what they rest."""
    named = findings[["ticket_id", "unit", "severity"]].fillna("").itertuples(index=False, name=None)
    return sorted((*row, _rest(rests)) for row, rests in zip(named, findings["rests_on"], strict=True))


def _rest(numbers):
    return tuple(sorted(numbers)) if isinstance(numbers, Iterable) else ()


def _list_tickets(findings):
    """The numbers of the tickets that findings are about or rest on, each once."""
    whole = findings.loc[findings["ticket_id"].isna(), "rests_on"].explode()
    return [*dict.fromkeys([*findings["ticket_id"].dropna(), *whole.dropna()])]


def _count(findings, numbers):
    colours = findings["severity"].value_counts()
    graded = {colour: int(colours[colour]) for colour in SEVERITIES if colour in colours}
    return {"findings": len(findings), "colours": graded, "tickets": numbers}
