"""线索：群众诉求。One matter raised again where neither caller nor category tells it: by cited numbers and by alike words."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import is_demand
from toolkit.flagging.rule import fill, findings_on, rule
from toolkit.texts.earlier import find_similar_earlier
from toolkit.texts.related import find_related
from toolkit.texts.wording import find_places

GROUP = "群众诉求"
FACTS = ["caller", "category", "township", "address", "received_at", "unit", "ticket_id"]
TOLD = ["title", "content", "reply", "related_id"]


@rule(
    "一事再诉",
    GROUP,
    looks_back=True,
    needs=["content", "received_at"],
    ladder="文中写明前件编号的为黄，仅用词相近的为蓝",
    source="国办函〔2025〕66号：重复诉求事项原则上并单处理；用词相近的查法和界限为常用值，待本县核定",
    guard="只提示核对，不认定重复；诉求人都已填写而不同的、所述地点不同的，不按用词相近列出；同一诉求人同一分类的见“重复诉求”；"
    "咨询、表扬，作废、撤单的不计；已并单、已关联前件的不列",
    thresholds=["raised_again_days", "raised_again_similarity"],
    reads_texts=True,
    asks_review=True,
    tells=["ticket_id"],
)
def raised_again(watch):
    """诉求与前一件在文中写明编号，或与{raised_again_days}日内前一件用词相近（相似度{raised_again_similarity}以上）、地点不相抵触，请核对是否同一事项再次反映。"""
    tickets = watch.tickets
    told = tickets.loc[is_demand(watch), [*FACTS, *TOLD]]
    pairs = pd.concat([_list_cited(told), _list_alike(told, watch.limits)])
    pairs = pairs[~_is_same(pairs, "caller").mul(_is_same(pairs, "category"))]
    pairs = pairs.drop_duplicates("ticket_id").set_index(
        "ticket_id"
    )  # the cited one first, then the most alike
    merged = tickets["status"].eq(schema.MERGED) | tickets["related_id"].notna()
    hits = watch.choose(tickets["ticket_id"].isin(pairs.index) & ~merged)
    found = pairs.reindex(hits["ticket_id"]).set_axis(hits.index)
    days = (hits["received_at"] - found["received_at_before"]).dt.days
    number = (
        ("（工单" + found["earlier_id"] + "）").where(found["unit_before"].eq(hits["unit"]), "").fillna("")
    )
    evidence = fill(
        "与{before}受理的诉求{number}{how}，相隔{days}天，请核对是否同一事项再次反映",
        hits,
        before=found["received_at_before"],
        number=number,
        how=found["how"],
        days=days,
    )
    cited = found["similarity"].isna()
    return findings_on(
        hits, cited.map({True: "黄", False: "蓝"}), found["received_at_before"], days, evidence
    )


def _list_cited(told):
    """The later and the earlier ticket of each two of which one names the other in a text."""
    named = find_related(told)
    named = named[named["where"].ne("关联工单")].rename(columns={"other_id": "earlier_id"})
    places = pd.Series(np.arange(len(told)), index=told["ticket_id"])
    order = told["received_at"].to_numpy().argsort(kind="stable").argsort()
    turned = order[places[named["ticket_id"]]] < order[places[named["earlier_id"]]]
    names = named[["ticket_id", "earlier_id"]].to_numpy()
    names[turned] = names[turned, ::-1]
    how = "在" + named["where"] + "中写明编号"
    cited = pd.DataFrame(names, columns=["ticket_id", "earlier_id"], dtype="str").assign(how=how.to_numpy())
    return _beside(cited.assign(similarity=np.nan), told)


def _list_alike(told, limits):
    """Each ticket with the earlier ones that are alike and not known to be of another caller or about another place."""
    least = limits.raised_again_similarity
    alike = find_similar_earlier(told, within_days=limits.raised_again_days, least=least)
    alike = alike[alike["similarity"] >= least]
    how = "用词相近（相似度" + alike["similarity"].map("{:.2f}".format).astype("str") + "）"
    pairs = _beside(alike[["ticket_id", "earlier_id", "similarity"]].assign(how=how), told)
    pairs = pairs[~_differ(pairs, "caller")]
    pairs = pairs[~(_differ(pairs, "township") | _differ(pairs, "address"))]
    content = told.set_index("ticket_id")["content"]
    named = [find_places(content.reindex(pairs[column])) for column in ("ticket_id", "earlier_id")]
    return pairs[[_is_compatible(one, other) for one, other in zip(*named, strict=True)]]


def _is_compatible(places, others):
    """Whether one text names no place that the other, which names some, does not."""
    if pd.isna(places) or pd.isna(others):
        return True
    one, other = set(places.split()), set(others.split())
    return one <= other or other <= one


def _beside(pairs, told):
    """The pairs with what is known of both tickets, of the earlier under names that end in _before."""
    facts = told[FACTS].set_index("ticket_id")
    own = facts.reindex(pairs["ticket_id"]).reset_index(drop=True)
    before = facts.reindex(pairs["earlier_id"]).reset_index(drop=True).add_suffix("_before")
    return pd.concat([pairs.reset_index(drop=True), own, before], axis=1)


def _is_same(pairs, column):
    return pairs[column].eq(pairs[f"{column}_before"]).fillna(False)


def _differ(pairs, column):
    known = pairs[column].notna() & pairs[f"{column}_before"].notna()
    return known & ~_is_same(pairs, column)
