"""Words that no vocabulary knows: named with their count, so that no ticket drops out of a rate unseen."""

import pandas as pd

from toolkit.loading import masking
from toolkit.loading.issues import KEPT, list_issues

MOST, LONGEST = 20, 40  # words named of a column; characters shown of a word
UNKNOWN = "用词未识别"
ADVICE = {"event": "在参数 headers 的 event_words 中写明是哪种环节"}
IN_VALUES = "在参数 headers 的 values 中写明算哪个词"


def list_unknown_words(tickets, logged, settings):
    """One issue of kind `kept` for each unknown word of a column that has a vocabulary, with how often it stands.

    tickets: typed and masked; logged: the flow log's events, or None. The place is that of the word's first
    ticket; a log's words have none.
    """
    parts = [
        _list_column(tickets, name, list(vocabulary))
        for name, vocabulary in settings.values.items()
        if name in tickets
    ]
    if logged is not None:
        events = logged.assign(source_file="", source_sheet="", source_row=pd.NA)
        parts.append(_list_column(events, "event", list(settings.event_words)))
    return [part for part in parts if part is not None]


def _list_column(rows, name, known):
    is_unknown = rows[name].notna() & ~rows[name].isin(known)
    if not is_unknown.any():
        return None
    unknown = rows[is_unknown]
    counts = unknown[name].value_counts()
    firsts = unknown.drop_duplicates(name).set_index(name, drop=False).loc[counts.index]
    shown = firsts.head(MOST)
    said = [
        f"{_shorten(word)}（{counts[word]}{_measure(name)}）" for word in masking.mask_numbers(shown[name])
    ]
    issues = _issue(shown, name, said)
    if len(counts) <= MOST:
        return issues
    rest = f"其余{len(counts) - MOST}种写法（{counts.iloc[MOST:].sum()}{_measure(name)}）"
    return pd.concat([issues, _issue(firsts.iloc[[MOST]], name, [rest])])


def _issue(rows, name, said):
    words = pd.Series(said, index=rows.index, dtype="str")
    rows = rows.assign(ticket_id=None)  # it stands for all tickets of the word, not for the first
    return list_issues(rows, name, words, UNKNOWN, ADVICE.get(name, IN_VALUES), KEPT)


def _measure(name):
    return "条记录" if name == "event" else "件"


def _shorten(word):
    return word if len(word) <= LONGEST else f"{word[:LONGEST]}…"
