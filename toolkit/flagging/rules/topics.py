"""线索：推诿 by topic and by dispatching: contested topics, topics nobody owns, tickets sent to the wrong unit."""

import numpy as np
import pandas as pd

from toolkit.clocking.flow_log import HANDED_OVER
from toolkit.flagging.dispatches import first_sent, handled
from toolkit.flagging.rule import findings_about, rule, share
from toolkit.flagging.rules.passing_on import GROUP
from toolkit.rounding import percent


@rule(
    "职责交叉",
    GROUP,
    needs=["category"],
    needs_log=True,
    ladder="一律为黄",
    source="某局总结：职责常常会和其他职能部门有交叉；国办函〔2025〕66号：协商确定主办和协办单位",
    guard="退回不足规定件数、家数的不看；作废件、未写明退回单位的不计；只说问题类别，不涉及哪家的责任",
    thresholds=["topic_units", "topic_min_count"],
    about="unit",
    asks_review=True,
)
def contested_topic(watch):
    """同一类问题有{topic_units}家及以上单位退过单，且退回的不少于{topic_min_count}件。"""
    limits = watch.limits
    back = watch.once(_find_returns).drop_duplicates(["row", "unit"])
    topics = _by_topic(watch, back)
    counts = topics.agg({"row": "nunique", "unit": "nunique", "at": "min"})
    counts = counts[counts["unit"].ge(limits.topic_units) & counts["row"].ge(limits.topic_min_count)]
    said, ids = [], []
    for code, topic in counts.iterrows():
        own = topics.get_group(code)
        units = own["unit"].value_counts()
        named = "、".join(f"{unit}{count}件" for unit, count in units[units > 0].items())
        said.append(f"本类问题有{topic['row']}件被退回，退回的有{topic['unit']}家单位：{named}")
        ids.append(_ids(watch, own))
    return findings_about(_topics(watch, counts.index), "黄", counts["at"].array, counts["unit"], said, ids)


@rule(
    "无明确主管部门",
    GROUP,
    needs=["category"],
    needs_log=True,
    ladder="一律为橙",
    source="县热线办总结：没有明确主管部门；巴彦淖尔：转办三个以上部门无人牵头的提级督办",
    guard="只算流转记录写明派给哪家的件；同一时刻派给几家的是会办，按一家计；作废件不计",
    thresholds=["topic_min_count", "wandering_share"],
    about="unit",
)
def no_owner(watch):
    """一类问题有派单记录的不少于{topic_min_count}件，其中{wandering_share}及以上先后派给两家以上单位。"""
    limits = watch.limits
    first, turns = watch.once(first_sent)
    times = np.bincount(turns["row"], minlength=len(watch.tickets))
    sent = turns.drop_duplicates("row")
    sent = sent.assign(wanders=times[sent["row"]] > 1)
    counts = _by_topic(watch, sent)["wanders"].agg(["size", "sum"])
    rates = counts["sum"] / counts["size"]
    counts = counts[counts["size"].ge(limits.topic_min_count) & rates.ge(limits.wandering_share)]
    wandering = _by_topic(watch, first[times[first["row"]] > 1])
    later = _by_topic(watch, turns[turns["row"].duplicated()])
    said, ids = [], []
    for code, (whole, part) in counts.iterrows():
        own = wandering.get_group(code)
        units = own["unit"].nunique()
        said.append(
            f"本类问题派出{whole}件，{part}件先后派给两家以上单位，占{share(part, whole)}，涉及{units}家单位"
        )
        ids.append(_ids(watch, own))
    since = later["at"].min().reindex(counts.index)
    return findings_about(_topics(watch, counts.index), "橙", since.array, rates[counts.index], said, ids)


@rule(
    "派单不准",
    GROUP,
    needs_log=True,
    ladder="一律为蓝",
    source="国办函〔2025〕66号：建立完善派单异议审核制度，优化退单、改派流程",
    guard="退回不足规定次数的不看；申请退回与退回之间没有再派单的按一次计；作废件不计",
    thresholds=["misdirected_min_count", "misdirected_share"],
    about="unit",
    asks_review=True,
)
def misdirected(watch):
    """一家单位的退回不少于{misdirected_min_count}次，其中{misdirected_share}及以上随后改派他家：多系派单不准，不宜计入该单位退单。"""
    limits = watch.limits
    back = watch.once(_find_returns).drop_duplicates(["row", "unit", "turn"])
    back = back.assign(accepted=back["sent_to"].ge(0) & back["sent_to"].ne(back["unit"].cat.codes))
    units = back.groupby("unit", observed=True)
    counts = units.agg(size=("row", "size"), sum=("accepted", "sum"), at=("at", "min"))
    rates = counts["sum"] / counts["size"]
    counts = counts[counts["size"].ge(limits.misdirected_min_count) & rates.ge(limits.misdirected_share)]
    said = [
        f"退回{whole}次，{part}次随后改派他家，占{share(part, whole)}，"
        f"全县为{percent(back['accepted'].mean())}；多系派单不准，宜核对派单，不宜计入该单位退单"
        for whole, part in zip(counts["size"], counts["sum"], strict=True)
    ]
    ids = [_ids(watch, back[back["accepted"] & back["unit"].eq(unit)]) for unit in counts.index]
    named = [f"派单：{unit}" for unit in counts.index]
    return findings_about(named, "蓝", counts["at"].array, rates[counts.index], said, ids)


def _find_returns(watch):
    """Each return by a named unit: with `turn`, how often its ticket had been sent, and to whom it was sent next."""
    log = handled(
        watch, watch.log[watch.log["event"].isin([*HANDED_OVER, "returned"]) & watch.log["unit"].notna()]
    )
    is_sent = log["event"].ne("returned")
    sent_to = log["unit"].cat.codes.where(is_sent).groupby(log["row"]).bfill().fillna(-1).astype("int64")
    log = log.assign(turn=is_sent.cumsum(), sent_to=sent_to)
    return log[~is_sent]


def _by_topic(watch, log):
    """Events by the code of their ticket's category; those without one left out."""
    codes = watch.codes("category")[log["row"]]
    return log[codes >= 0].groupby(codes[codes >= 0])


def _topics(watch, codes):
    named = pd.unique(watch.tickets["category"].dropna())  # in the order of the codes
    return [f"专题：{named[code]}" for code in codes]


def _ids(watch, log):
    return watch.tickets["ticket_id"].iloc[log["row"].unique()]
