"""线索：应付。Replies too short, copied, without substance, only promising, too quick, unannounced."""

import pandas as pd

from toolkit import schema
from toolkit.flagging.limit_words import say_limits
from toolkit.flagging.reply_facts import answered, is_praise, is_question, name_others, replied, same_event
from toolkit.flagging.rule import fill, findings_on, grade, rule
from toolkit.texts import reply_words
from toolkit.texts.similar import cluster
from toolkit.words import replies

GROUP = "应付"
QUOTED = 40  # characters of a reply that the evidence quotes
TRIED = (
    r"无人接听|无法接通|未接通|打不通|关机|空号|停机|拒接|无人应答|没有接听|未接听|号码有误|"
    r"联系不上|无法联系|未能联系|未能取得联系|联系未果"
)


@rule(
    "回复过短",
    GROUP,
    needs=["reply"],
    ladder="不足界限的三分之一为橙，其余为黄",
    source="某县热线办报告：“一旦回复多应付”；常用查法，待本县核定",
    guard="问候、落款、电话不计字数；表扬件、咨询件用短句答清楚的、短句写明结果和时间地点等两项的不算",
    thresholds=["reply_min_chars"],
    reads_texts=True,
    tells=["reply"],
)
def reply_short(watch):
    """回复除客套话外字数不足（{reply_min_chars}），或只说收悉、已转、请咨询他处。"""
    tickets, bares = watch.once(replied)
    count = reply_words.count_characters(bares)
    least = _limits(watch.limits.reply_min_chars, tickets["type"])
    exact = is_question(tickets) & reply_words.answers_exactly(bares)
    empty = reply_words.tells_nothing(bares)
    short = count.lt(least) & ~exact
    short[short] = ~reply_words.tells_briefly(bares[short])
    found = (short | (empty & ~exact)) & ~is_praise(tickets)
    hits, count, least = tickets[found], count[found], least[found]
    said = fill("除客套话外只有{count}个字（应不少于{least}个字）", hits, count=count, least=least)
    said = said.mask(count.ge(least), "没有说明办理情况")
    evidence = fill("回复{said}：“{quoted}”", hits, said=said, quoted=_quote(hits["reply"]))
    severity = grade((count * 3).lt(least).astype(int), (1, "橙"), (0, "黄"))
    return findings_on(hits, severity, _since(hits), count, evidence)


@rule(
    "回复雷同",
    GROUP,
    needs=["reply", "unit"],
    ladder="雷同件数达到{copied_count}件的三倍为橙，其余为黄",
    source="常用查法，待本县核定",
    guard="咨询件同一问题的统一答复、{mass_days}日之内同一地点同一问题的集中诉求、同一次停水停电等的统一说明、内容相同的重复反映不算；空话除外",
    thresholds=["copied_similarity", "copied_count", "mass_days", "matter_similarity"],
    reads_texts=True,
    tells=["ticket_id"],
)
def reply_copied(watch):
    """本单位有{copied_count}件及以上不同工单的回复大体相同（相同程度{copied_similarity}以上），本件为其中之一。"""
    tickets = answered(watch)
    groups = cluster(tickets["reply"], tickets["unit"], watch.limits.copied_similarity)
    tickets = tickets.assign(cluster=groups)[groups.notna()]
    # The same words raised again and answered the same are one matter.
    alike = watch.limits.matter_similarity
    again = cluster(tickets["content"], tickets["cluster"].astype("str"), alike).notna()
    tickets = tickets[~(again | same_event(watch, tickets) | _fixed_answers(tickets))]
    size = tickets.groupby("cluster")["ticket_id"].transform("size").astype("Int64")
    hits = tickets[size.ge(watch.limits.copied_count)]
    size = size[hits.index]
    evidence = fill(
        "与本单位另外{others}件工单的回复大体相同（相同程度{alike}以上），如{named}",
        hits,
        others=size - 1,
        alike=say_limits(watch.policy)["copied_similarity"],
        named=name_others(hits),
    )
    severity = grade(size, (3 * watch.limits.copied_count, "橙"), (0, "黄"))
    return findings_on(hits, severity, _since(hits), size, evidence)


@rule(
    "回复缺要素",
    GROUP,
    needs=["reply"],
    ladder="一律为黄",
    source="某县热线办报告：“办理前不沟通、不调查，办理后不解释、不安抚”；常用查法，待本县核定",
    guard="咨询件、表扬件、讲明事实、依据或数字的、用口语写明做了什么的不算；劝导、致歉、表态的话不抵要素",
    reads_texts=True,
    tells=["reply"],
)
def reply_no_elements(watch):
    """回复没有联系来电人、现场核查、处理措施、责任人或单位、办理时间中的任何一项，也没有事实、依据和数字。"""
    tickets, bares = watch.once(replied)
    others = ~(is_question(tickets) | is_praise(tickets))
    found = others.copy()
    found[others] = reply_words.lacks_elements(bares[others])
    hits = tickets[found]
    evidence = fill(
        "回复中没有{lacking}，也没有事实、依据或数字：“{quoted}”",
        hits,
        lacking="、".join(replies.ELEMENTS),
        quoted=_quote(hits["reply"]),
    )
    return findings_on(hits, "黄", _since(hits), pd.NA, evidence)


@rule(
    "只有表态",
    GROUP,
    needs=["reply"],
    ladder="一律为橙",
    source="常用查法，待本县核定：已转相关部门、正在协调、持续关注、将加强巡查",
    guard="表扬件、查明不属实、说明为何不办或暂无计划、依据规定不予办理、有日期和数量的计划、已有一项结果的不算；另有较长说明的、除客套话外超过{promise_max_chars}字的不算",
    thresholds=["promise_max_chars"],
    reads_texts=True,
    tells=["reply"],
)
def reply_promises_only(watch):
    """回复只有表态或过程（正在协调、将加强、已转、尽快等），没有一项办理结果、结论或具体计划。"""
    tickets, bares = watch.once(replied)
    brief = reply_words.count_characters(bares).le(watch.limits.promise_max_chars)
    hits = tickets[brief & reply_words.promises_only(bares, is_question(tickets)) & ~is_praise(tickets)]
    evidence = fill("回复只有表态，没有办理结果：“{quoted}”", hits, quoted=_quote(hits["reply"]))
    return findings_on(hits, "橙", _since(hits), pd.NA, evidence)


@rule(
    "秒回",
    GROUP,
    needs=["dispatched_at", "replied_at", "type"],
    ladder="一律为黄",
    source="常用查法，待本县核定",
    guard="咨询件、类型不明的、回复早于签收的不算",
    thresholds=["instant_minutes"],
    asks_review=True,
)
def reply_instant(watch):
    """非咨询件签收后（未签收的自转办起）{instant_minutes}分钟之内即回复。"""
    tickets, replied_at = watch.tickets, watch.known("replied_at")
    signed = watch.known("signed_at")
    start = signed.fillna(watch.known("dispatched_at"))
    took = replied_at - start
    quick = took.ge(pd.Timedelta(0)) & took.le(pd.Timedelta(minutes=watch.limits.instant_minutes))
    other = tickets["type"].notna() & tickets["type"].ne(schema.INQUIRY)
    hits = watch.choose(quick & other & tickets["due_state"].ne(schema.VOID))
    minutes = (took[hits.index].dt.total_seconds() // 60).astype("Int64")
    evidence = fill(
        "{start}{stage}，{replied_at}即回复，相隔{minutes}",
        hits,
        start=start[hits.index],
        stage=signed[hits.index].notna().map({True: "签收", False: "转办"}),
        minutes=(minutes.astype("str") + "分钟").mask(minutes.eq(0), "不足1分钟"),
    )
    return findings_on(hits, "黄", hits["replied_at"], minutes, evidence)


@rule(
    "未联系即回复",
    GROUP,
    reads_texts=True,  # only to excuse: the reply may say that nobody answered
    needs=["contacted", "replied_at"],
    ladder="一律为橙",
    source="岳阳县：未与当事人联系直接回复，被退回重办",
    guard="回复写明多次联系未接通的、咨询件当日答复的、联系时间无法识别的不算；未记录是否联系的不判",
)
def not_contacted(watch):
    """已回复，但记录为未联系诉求人，也没有先行联系时间。"""
    tickets, replied_at = watch.tickets, watch.known("replied_at")
    known = tickets["visited_at"].isna() | (tickets["visited_at"] <= watch.as_of)
    silent = tickets["contacted"].eq("否") & ~watch.reached("first_contact_at") & known
    hits = tickets[silent & replied_at.notna() & tickets["due_state"].ne(schema.VOID)]
    start = hits["dispatched_at"].fillna(hits["received_at"])
    same_day = start.dt.normalize().eq(hits["replied_at"].dt.normalize()) | start.isna()
    tried = reply_words.has(hits["reply"].fillna(""), TRIED)
    hits = hits[~(tried | (hits["type"].eq(schema.INQUIRY) & same_day))]
    evidence = fill("{replied_at}回复，记录为未联系诉求人，没有先行联系时间", hits)
    return findings_on(hits, "橙", hits["replied_at"], pd.NA, evidence)


def _fixed_answers(tickets):
    """Whether a ticket of a cluster only asks what others of it ask too, and the answer says something."""
    asked = tickets["type"].eq(schema.INQUIRY)
    alike = tickets[asked].groupby(["cluster", "category"], dropna=False)["ticket_id"].transform("size").gt(1)
    fixed = pd.Series(False, index=tickets.index)
    fixed[alike.index[alike]] = True
    some = tickets[fixed]
    fixed[some.index[reply_words.tells_nothing(reply_words.bare(some["reply"]))]] = False
    return fixed


def _limits(chars, types):
    return types.map(chars).fillna(chars.get("", 0)).astype("Int64")


def _quote(texts):
    words = texts.fillna("").str.strip().str.replace(r"\s+", " ", regex=True)
    return words.str.slice(0, QUOTED) + words.str.len().gt(QUOTED).map({True: "……", False: ""})


def _since(hits):
    return hits["replied_at"].fillna(hits["closed_at"])
