"""The rules: which tickets need a push and why. One entry a rule: predicate, sentence, source.

To add a rule, write a function that takes clocked tickets, the policy and `as_of`, and gives
the frame of its findings through `report`; decorate it with `@rule` and add its test.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit import schema
from toolkit.period import parse_as_of
from toolkit.policy import read_policy
from toolkit.workdays import count_working_days

FINDINGS = ["ticket_id", "unit", "rule", "rule_name", "severity", "since", "measure", "evidence"]
SEVERITIES = ["红", "橙", "黄", "蓝"]  # most urgent first; the colour ladder of published warnings


@dataclass(frozen=True)
class Rule:
    """One 线索 rule: its code, its Chinese name, the columns without which it cannot be evaluated."""

    code: str
    name: str
    needs: tuple[str, ...]
    sentence: str
    source: str
    find: Callable


RULES = []


def rule(name, needs, source):
    """Enter a function as a rule; its docstring's first line is the sentence a unit could read."""

    def enter(find):
        sentence = find.__doc__.strip().splitlines()[0]
        RULES.append(Rule(find.__name__, name, needs, sentence, source, find))
        return find

    return enter


def flag(tickets, policy, as_of):
    """Every rule each ticket breaks, with severity, since when, how much, and a sentence of evidence.

    Reads clocked tickets; gives one row per ticket and rule, most urgent first. `since` is when the
    trouble began, `measure` its size (working days or times, as the evidence says). A rule that lacks
    its columns gives no row: `rules(tickets)` names it as not evaluated.
    """
    policy, as_of = read_policy(policy), parse_as_of(as_of)
    found = [
        entry.find(tickets, policy, as_of).assign(rule=entry.code, rule_name=entry.name)
        for entry in RULES
        if not missing_columns(entry, tickets)
    ]
    findings = pd.concat([*(part for part in found if len(part))] or [_no_findings()])[FINDINGS]
    rank = findings["severity"].map({colour: place for place, colour in enumerate(SEVERITIES)})
    order = findings.assign(rank=rank).sort_values(["rank", "since", "ticket_id", "rule"], kind="stable")
    return order.drop(columns="rank").reset_index(drop=True)


def rules(tickets=None):
    """The table of all rules for people; with tickets, whether each was evaluated and what it lacks."""
    table = pd.DataFrame(
        [(r.code, r.name, r.sentence, r.source) for r in RULES],
        columns=["rule", "rule_name", "sentence", "source"],
    )
    if tickets is None:
        return table
    lacking = [[schema.label(name) for name in missing_columns(entry, tickets)] for entry in RULES]
    return table.assign(
        evaluated=[not names for names in lacking], missing=["、".join(names) for names in lacking]
    )


def missing_columns(entry, tickets):
    """The columns the rule needs that the export leaves wholly empty; none are missing from an empty table."""
    return [name for name in entry.needs if len(tickets) and tickets[name].isna().all()]


def report(hits, severity, since, measure, sentences):
    """The findings frame of the tickets a rule hits; all arguments align with `hits`."""
    return pd.DataFrame(
        {
            "ticket_id": hits["ticket_id"],
            "unit": hits["unit"].fillna(schema.NO_UNIT),
            "severity": severity,
            "since": since,
            "measure": pd.Series(measure, index=hits.index).astype("Float64"),
            "evidence": sentences,
        },
        index=hits.index,
    )


def _no_findings():
    kinds = dict.fromkeys(FINDINGS, "str") | {"since": schema.DTYPES["time"], "measure": "Float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _moment(time):
    return f"{time:%Y-%m-%d %H:%M}" if pd.notna(time) else "（无）"


def _colour(measure, above, high, low):
    """`high` where the measure is above the limit, `low` elsewhere."""
    return (measure > above).fillna(False).map({True: high, False: low})


def _days(count):
    """'3个工作日', or '不足1个工作日' for the same day; unknown where the calendar does not reach."""
    if pd.isna(count):
        return "（日历以外，天数未计）"
    return f"{count}个工作日" if count >= 1 else "不足1个工作日"


# --- the rules -------------------------------------------------------------------------------------


@rule("超期未回复", ("due_at",), "各地督办规定：逾期首日列红牌，逾期2个工作日以上升级")
def overdue_open(tickets, policy, as_of):
    """截止时间已过，仍未回复。"""
    hits = tickets[tickets["due_state"].eq(schema.OVERDUE)]
    sentences = [
        f"应于{_moment(due)}前{_answer(stage)}（{source}时限），截至{_moment(as_of)}仍未{_answer(stage)}，已超期{_days(days)}"
        for due, source, days, stage in _columns(hits, "due_at", "due_source", "overdue_days", "answered_by")
    ]
    severity = hits["warning"].fillna(SEVERITIES[1])
    return report(hits, severity, hits["due_at"], hits["overdue_days"], sentences)


@rule("超期回复", ("due_at",), "各地考核办法：超期办结逐件扣分")
def replied_late(tickets, policy, as_of):
    """已回复，但晚于截止时间。"""
    hits = tickets[tickets["due_state"].eq(schema.LATE)]
    sentences = [
        f"应于{_moment(due)}前{_answer(stage)}（{source}时限），实际于{_moment(answered)}{_answer(stage)}，超期{_days(days)}"
        for due, source, answered, days, stage in _columns(
            hits, "due_at", "due_source", "answered_at", "overdue_days", "answered_by"
        )
    ]
    severity = _colour(hits["overdue_days"], policy.rules.late_orange_days, "橙", "黄")
    return report(hits, severity, hits["due_at"], hits["overdue_days"], sentences)


@rule("即将到期", ("due_at",), "某局制度：办结日前两天完成工单回复；到期前1个工作日未回复列黄牌")
def due_soon(tickets, policy, as_of):
    """尚未回复，距截止时间不超过两个工作日（天数以时限办法为准）。"""
    near = tickets["left_days"].le(policy.rules.due_soon_days).fillna(False)
    hits = tickets[tickets["due_state"].eq(schema.PENDING) & near]
    sentences = [
        f"应于{_moment(due)}前{_answer(stage)}，截至{_moment(as_of)}未{_answer(stage)}，{_left(days)}"
        for due, days, stage in _columns(hits, "due_at", "left_days", "answered_by")
    ]
    severity = hits["warning"].fillna(SEVERITIES[-1])
    return report(hits, severity, as_of, hits["left_days"], sentences)


@rule("未按时签收", ("dispatched_at", "signed_at"), "蚌埠2019：1个工作日内签收；连云港考核及时签收率")
def signed_late(tickets, policy, as_of):
    """转办后未在规定时间内签收，或至今没有签收；限期内已经回复的不算。"""
    signed, expected = tickets["signed_at"].where(tickets["signed_at"] <= as_of), tickets["sign_due_at"]
    late = (signed > expected) | (signed.isna() & (expected < as_of))
    is_settled = tickets["due_state"].eq(schema.VOID) | (tickets["answered_at"] <= expected)
    hits = tickets[late & ~is_settled]
    signed = signed[hits.index]
    days = count_working_days(hits["sign_due_at"], signed.fillna(as_of), policy.workdays)
    sentences = [
        f"{_moment(sent)}转办，应于{_moment(due)}前签收，{_say_signed(done, answered, as_of, late)}"
        for sent, due, answered, done, late in zip(
            *(hits[name] for name in ("dispatched_at", "sign_due_at", "answered_at")),
            signed,
            days,
            strict=True,
        )
    ]
    never = signed.isna() & hits["answered_at"].isna()
    return report(hits, never.map({True: "橙", False: "黄"}), hits["sign_due_at"], days, sentences)


def _say_signed(done, answered, as_of, late_days):
    if pd.notna(done):
        return f"实际于{_moment(done)}签收，超过{_days(late_days)}"
    if pd.notna(answered):
        return f"没有签收记录，{_moment(answered)}直接答复"
    return f"截至{_moment(as_of)}仍未签收，超过{_days(late_days)}"


@rule("多次退回", ("return_count",), "国办函〔2025〕66号：优化退单、改派流程；榆林考核回退率")
def returned_often(tickets, policy, as_of):
    """被承办单位退回两次以上（次数以时限办法为准）。"""
    hits = tickets[tickets["return_count"].ge(policy.rules.returned_count).fillna(False)]
    sentences = [
        f"已被退回{count}次（达到{policy.rules.returned_count}次即列入）"
        + (f"，退回原因：{reason}" if pd.notna(reason) else "")
        for count, reason in _columns(hits, "return_count", "return_reason")
    ]
    severity = _colour(hits["return_count"], policy.rules.returned_count, "橙", "黄")
    return report(hits, severity, hits["dispatched_at"], hits["return_count"], sentences)


@rule("回访不满意", ("satisfaction",), "督办条件：回访不满意的重办，重办后仍不满意的升级督办")
def dissatisfied(tickets, policy, as_of):
    """回访时群众评价不满意；重办后仍不满意的列为红色。"""
    visited = ~(tickets["visited_at"] > as_of)
    hits = tickets[tickets["satisfaction"].isin(schema.DISSATISFIED) & visited]
    reworked = hits["rework_count"].fillna(0)
    sentences = [
        (f"{_moment(visited)}回访" if pd.notna(visited) else "回访")
        + f"评价“{word}”"
        + (f"，已重办{again}次仍不满意" if again else "")
        for visited, word, again in zip(hits["visited_at"], hits["satisfaction"], reworked, strict=True)
    ]
    return report(hits, _colour(reworked, 0, "红", "橙"), hits["visited_at"], reworked, sentences)


def _columns(hits, *names):
    return zip(*(hits[name] for name in names), strict=True)


def _answer(stage):
    return {"replied_at": "回复", "closed_at": "办结"}[stage]


def _left(days):
    return "当日到期" if days == 0 else f"距截止还有{days}个工作日"
