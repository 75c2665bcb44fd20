"""线索：群众诉求。Words that ask for attention before anything else: threats, dangers, many people cut off, people at risk."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import is_heard
from toolkit.flagging.rule import fill, findings_on, rule
from toolkit.flagging.rules.callers import GROUP
from toolkit.texts import phrases
from toolkit.texts.in_threads import CHUNK, do_in_threads, split_texts
from toolkit.words.risks import DONE, KINDS, NOT_DONE, PRAISE, STEMS


@rule(
    "风险用语",
    GROUP,
    needs=["content"],
    ladder="扬言极端、急迫险情为红，安全隐患、群体影响、特殊人群为橙",
    source="上海紧急工单四类：扬言类、安全隐患类（井盖、架空线）、影响生活的求助、影响一片居民的投诉；用语表待本县核定",
    guard="同一分句内属假设、往事、宣传演练、咨询费用政策的不算；跳楼价、爆炸头、报复性消费、堵车一类不算；已解决并致谢的、表扬的不算；作废、撤单的不算",
    reads_texts=True,
    asks_review=True,
    tells=["title", "content"],
)
def risk_words(watch):
    """标题或内容中有扬言极端、急迫险情、安全隐患、群体影响、特殊人群等用语，请人工先看。"""
    rows = np.flatnonzero(is_heard(watch) & watch.tickets["type"].ne(schema.PRAISE))
    texts = phrases.join_texts(watch.tickets, rows)
    found = find_risks(texts)
    hits = watch.choose(rows[found.index])
    kind, said, colour = (found[name].set_axis(hits.index) for name in ("kind", "said", "colour"))
    evidence = fill("{kind}：“{said}”，请人工先看", hits, kind=kind, said=said)
    return findings_on(hits, colour, hits["received_at"], pd.NA, evidence)


def find_risks(texts):
    """The texts with words of risk, by their place: the kinds, the first words found, and the worst colour."""
    parts = do_in_threads(_find_risks, split_texts(texts))
    return pd.concat([part.set_axis(part.index + CHUNK * place) for place, part in enumerate(parts)])


def _find_risks(texts):
    candidates = np.flatnonzero(phrases.matches(texts, STEMS))
    texts = texts.take(candidates)
    size = len(texts)
    pieces = {
        spans: phrases.split(texts, phrases.SENTENCE if spans else phrases.CLAUSE) for spans in (True, False)
    }
    kinds, said = pd.Series("", range(size), dtype="str"), pd.Series(None, range(size), dtype="str")
    colours = pd.Series(None, range(size), dtype="str")
    for kind in KINDS:
        own = pieces[kind.spans].holding(kind.stems).holding(kind.words).without(kind.unless)
        words = phrases.quote(own, kind.words, size)
        held = words.notna()
        kinds = kinds.mask(held, (kinds + "、" + kind.name).str.removeprefix("、"))
        said, colours = said.fillna(words), colours.mask(held & colours.isna(), kind.colour)
    is_thanks = (
        phrases.matches(texts, PRAISE) & phrases.matches(texts, DONE) & ~phrases.matches(texts, NOT_DONE)
    )
    found = pd.DataFrame({"kind": kinds, "said": said, "colour": colours})
    found = found[found["said"].notna() & ~is_thanks]
    return found.set_axis(candidates[found.index])
