"""Which tickets name each other: the ticket numbers of a table found in its own texts.

A number is looked for whole, in half width and without regard to case. A short one (A12, 2549, a bare date) may be anything: it
counts only right after words that announce a ticket number (工单编号, 单号, 前期工单 …).
"""

import pandas as pd
import pyarrow.compute as pc

from toolkit.texts.reply_words import arrow, plain
from toolkit.words.related import AND, ANNOUNCED, COUNTED, OTHER_NUMBERS

PLACES = {"content": "内容", "reply": "回复", "title": "标题", "related_id": "关联工单"}
TOKEN = r"[0-9a-z]+(?:[-_/.][0-9a-z]+)*"
LIST = rf"(?:(?:{OTHER_NUMBERS})|({ANNOUNCED})({TOKEN}(?:(?:{AND}){TOKEN})*)({COUNTED})?)"
LONG_DIGITS = 9  # digits from which a number cannot well be an amount, a date or a house
LONG_MIXED, MIXED_DIGITS = (
    8,
    6,
)  # characters and digits from which letters and digits cannot be a plate or a road


def find_related(tickets):
    """The tickets that a ticket names by number, in a text or as 关联工单.

    Reads ticket_id, content, reply, title, related_id. One row for each ticket_id, other_id and `where` (内容, 回复, 标题,
    关联工单), in the order of the table. Only numbers of the table's own tickets are found, never its own. A number that two
    tickets bear once written alike is nobody's.
    """
    names = _keys(tickets["ticket_id"])
    ids = pd.Series(tickets["ticket_id"].to_numpy(), index=names, dtype="str")
    ids = ids[~ids.index.duplicated(keep=False) & (ids.index != "")]
    long, short = (ids.index[chosen] for chosen in (_is_long(ids.index), ~_is_long(ids.index)))
    found = []
    for column, where in PLACES.items():
        words = plain(tickets[column])
        tokens = _list_tokens(words, ids.index if column == "related_id" else long)
        cited = pd.concat([tokens, _list_announced(words, short)])
        found.append(cited.assign(other_id=ids.reindex(cited["token"]).to_numpy(), where=where))
    pairs = pd.concat(found).dropna()
    pairs["ticket_id"] = tickets["ticket_id"].to_numpy()[pairs["row"]]
    pairs = pairs[pairs["ticket_id"].ne(pairs["other_id"])].sort_values("row", kind="stable")
    pairs = pairs[["ticket_id", "other_id", "where"]].drop_duplicates()
    return pairs.astype("str").reset_index(drop=True)


def _keys(ids):
    """How each number is looked for: half width, small letters, without Chinese characters and blanks."""
    return pc.replace_substring_regex(plain(ids), r"[^0-9a-z_/.-]+|^[-_/.]+|[-_/.]+$", "").to_pandas()


def _is_long(keys):
    """Which numbers cannot well be anything else than the number of a ticket."""
    digits = pc.count_substring_regex(arrow(keys), "[0-9]").to_numpy()
    mixed = keys.str.contains("[a-z]") & (keys.str.len() >= LONG_MIXED) & (digits >= MIXED_DIGITS)
    return (digits >= LONG_DIGITS) | mixed


def _list_tokens(words, wanted):
    """The words of letters and digits, whole and in parts, that are one of the numbers wanted; with their rows."""
    if not len(wanted):
        return _as_tokens([], [])
    least = pc.min(pc.count_substring_regex(arrow(wanted), "[0-9]")).as_py()
    texts = _take_holding(words, rf"[0-9](?:[a-z_/.-]*[0-9]){{{least - 1}}}" if least else "[a-z]")
    whole = texts.str.findall(TOKEN).explode().dropna().astype("str")
    parts = whole.str.split(r"[-_/.]", regex=True).explode()
    digits = whole.str.findall(rf"[0-9]{{{LONG_DIGITS},}}").explode().dropna()
    tokens = pd.concat([whole, parts, digits]).astype("str")
    tokens = tokens[wanted.get_indexer(tokens) >= 0]
    return _as_tokens(tokens.index, tokens.to_numpy())


def _list_announced(words, wanted):
    """The numbers wanted that stand right after words announcing a ticket number; with their rows."""
    if not len(wanted):
        return _as_tokens([], [])
    found = _take_holding(words, ANNOUNCED).str.findall(LIST).explode().dropna()
    lists = pd.DataFrame(found.tolist(), columns=["lead", "tokens", "counted"], index=found.index)
    lists = lists.loc[lists["lead"].ne("") & lists["counted"].eq(""), "tokens"].astype("str")
    tokens = lists.str.findall(TOKEN).explode().dropna().astype("str")
    tokens = tokens[wanted.get_indexer(tokens) >= 0]
    return _as_tokens(tokens.index, tokens.to_numpy())


def _take_holding(words, pattern):
    """The texts that hold the pattern, under the number of their row."""
    rows = pc.indices_nonzero(pc.match_substring_regex(words, pattern))
    return pd.Series(words.take(rows).to_pandas().array, index=rows.to_numpy().astype("int64"), dtype="str")


def _as_tokens(rows, tokens):
    return pd.DataFrame({"row": rows, "token": tokens}).astype({"row": "int64", "token": "str"})
