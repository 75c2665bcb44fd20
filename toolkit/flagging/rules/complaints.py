"""线索：应付。What citizens say of the handling itself: put off, passed about, closed undone, nobody called."""

from functools import reduce

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.rule import fill, findings_on, rule
from toolkit.texts import phrases
from toolkit.words.complaints import (
    ANSWERING_OFFICE,
    ANY_DENIAL,
    APPEAL,
    ASKED,
    CALL_LOOK_ALIKES,
    CARELESS,
    COURT,
    DRAGS,
    FIRM,
    FIRST_PERSON,
    HANDLED,
    HANDLING,
    HANDLING_STEMS,
    IGNORED,
    NO_CALL,
    NO_CALL_STEMS,
    NOTHING,
    OFFICE,
    QUESTIONS,
    SAID_CALLED,
    SHIRK,
    SPEAKS_OF_TICKET,
    STEMS,
    THANKS,
    TOLD,
    TOLD_STEMS,
)

GROUP = "应付"


@rule(
    "投诉办理本身",
    GROUP,
    needs=["content"],
    ladder="一律为橙",
    source="县热线办报告“一旦回复多应付”“相互推诿不接收”；某局报告“没有出现被投诉现象”；用语表待本县核定",
    guard="投诉物业、商家、医院等单位的不算，询问程序的、表扬的、诉讼中的不算；作废的不算",
    reads_texts=True,
    asks_review=True,
    tells=["title", "content"],
)
def handling_complained(watch):
    """群众反映前一次诉求的办理：无人联系、回复不实、互相推诿、多次反映无果、要求撤诉、未解决即办结等。"""
    rows = _candidates(watch)
    found = find_complaints(phrases.join_texts(watch.tickets, rows))
    hits = watch.choose(rows[found.index])
    evidence = fill("诉求中称：“{said}”", hits, said=found["said"].set_axis(hits.index))
    return findings_on(hits, "橙", hits["received_at"], pd.NA, evidence)


@rule(
    "群众称未联系",
    GROUP,
    needs=["content"],
    ladder="导出表记“已联系”或回复称已联系的为红，其余为橙",
    source="岳阳县通报：未与当事人联系直接回复被市退回重办；国办发〔2020〕53号：及时联系诉求人",
    guard="说的是物业、商家、快递、回访员的不算，联系得晚的、自己没有联系的不算；作废的不算",
    reads_texts=True,
    asks_review=True,
    tells=["title", "content"],
)
def contact_denied(watch):
    """群众在诉求或回访中称，承办单位没有与其联系；导出表记“已联系”或回复称已联系的列为红色。"""
    rows = _candidates(watch)
    found = find_denials(phrases.join_texts(watch.tickets, rows))
    hits = watch.choose(rows[found.index])
    recorded = hits["contacted"].eq("是")
    claimed = hits["reply"].str.contains(SAID_CALLED, regex=True).fillna(False).astype(bool)
    how = (
        pd.Series("", hits.index, dtype="str")
        .mask(claimed, "，回复称已联系")
        .mask(recorded, "，导出表记“已联系”")
    )
    evidence = fill("群众称：“{said}”{how}", hits, said=found["said"].set_axis(hits.index), how=how)
    severity = (recorded | claimed).map({True: "红", False: "橙"}).astype("str")
    return findings_on(hits, severity, hits["received_at"], pd.NA, evidence)


def _candidates(watch):
    tickets = watch.tickets
    void = tickets["due_state"].eq(schema.VOID) | tickets["type"].eq(schema.PRAISE)
    return np.flatnonzero(tickets["received_at"].le(watch.as_of) & ~void)


def find_complaints(texts):
    """The texts that complain of the handling, by their place: the words."""
    at, texts = _holding(texts, STEMS)
    sentences = phrases.split(texts, phrases.SENTENCE).holding(STEMS).without(THANKS)
    near = sentences.without(ASKED)
    ways = (  # the first that says something is quoted
        (_of_handling(sentences), HANDLING),
        (_ignored(near), IGNORED),
        (phrases.without_subject(near.holding(SHIRK), SHIRK, FIRM, OFFICE), SHIRK),
        (_careless(near), CARELESS),
        (_told_off(sentences), TOLD),
        (_dragged_on(near), DRAGS),
        (_denials(sentences.holding(NO_CALL_STEMS).holding(SPEAKS_OF_TICKET)), ANY_DENIAL),
    )
    said = [phrases.quote(pieces, words, len(texts)) for pieces, words in ways]
    return _found(reduce(pd.Series.fillna, said), at)


def _of_handling(sentences):
    own = sentences.holding(HANDLING_STEMS).holding(HANDLING)
    return own.without(f"{COURT}|请问|咨询|想问|如何撤|怎么撤")


def _ignored(near):
    appeals = near.holding(APPEAL).holding(NOTHING).holding(IGNORED)
    return phrases.without_subject(appeals, IGNORED, FIRM, OFFICE)


def _careless(near):
    return phrases.without_subject(near.holding(CARELESS), CARELESS, FIRM, OFFICE, needs_office=True)


def _told_off(sentences):
    told = sentences.holding(TOLD_STEMS).holding(TOLD).without(f"{COURT}|{QUESTIONS}")
    return phrases.without_subject(told, TOLD, FIRM, OFFICE, only_before=True)


def _dragged_on(near):
    drags = near.holding("每次|次次|回回|答应|承诺|答复|说").holding(DRAGS)
    return phrases.without_subject(drags, DRAGS, FIRM, ANSWERING_OFFICE, needs_office=True)


def find_denials(texts):
    """The texts in which the citizen says that nobody called, by their place: the words."""
    at, texts = _holding(texts, NO_CALL_STEMS)
    own = _denials(phrases.split(texts, phrases.SENTENCE).holding(NO_CALL_STEMS))
    return _found(phrases.quote(own, ANY_DENIAL, len(texts)), at)


def _denials(sentences):
    """The sentences that say that nobody called, of no firm: plainly, or otherwise where they speak of the handling."""
    sentences = sentences.holding(ANY_DENIAL).without(f"{CALL_LOOK_ALIKES}|{FIRST_PERSON}")
    plain = phrases.matches(sentences.words, NO_CALL) | phrases.matches(sentences.words, HANDLED)
    return phrases.without_subject(sentences.where(plain), ANY_DENIAL, FIRM, OFFICE)


def _holding(texts, stems):
    at = np.flatnonzero(phrases.matches(texts, stems))
    return at, texts.take(at)


def _found(said, at):
    said = said[said.notna()]
    return pd.DataFrame({"said": said.to_numpy()}, index=at[said.index])
