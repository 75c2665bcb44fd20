"""Words that no vocabulary knows, beside each rate they touch: a rate that counts without them says so."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading.headers import read_headers
from toolkit.scoring.catalogue import METRICS, lacking
from toolkit.scoring.metric import find_left_out, hide_later_stages

MADE_OF = {"due_state": "status", "answered": "status"}  # a verdict and the words it rests on
SAID = {  # by where the ticket counts all the same
    "out": "另有{count}件{label}“{word}”未识别，未计入",
    "denominator": "其中{count}件{label}“{word}”未识别，只计入分母",
    "numerator": "其中{count}件{label}“{word}”未识别，已计入分子",
}
MOST, LONGEST = 3, 20  # words named of a rate; characters shown of a word
DOUBTED = ["unit", "metric", "count", "words"]


def list_doubted(tickets, by="unit"):
    """For every rate of every unit and of the county the unknown words it rests on, in a sentence.

    Reads clocked tickets and the vocabularies of headers.yml; `by` names the column whose values are the rows' `unit`.
    `count` is how many tickets bear such a word. A rate is touched by a word of a column that its numerator or
    denominator reads; every rate by an unknown 剔除状态. Tickets that no rate counts touch none.
    """
    come = ~(tickets["received_at"] > schema.judged_at(tickets)) & ~find_left_out(tickets)
    known = hide_later_stages(tickets).assign(exclusion=tickets["exclusion"], by=tickets[by])
    counted = known[come].reset_index(drop=True)
    found = _find_unknown(counted)
    if found.empty:
        return pd.DataFrame(columns=DOUBTED).astype(dict.fromkeys(DOUBTED, "str") | {"count": "int64"})
    own = counted.loc[found["row"].unique()]
    units = own["by"].astype("str").fillna(schema.NO_UNIT).replace(schema.COUNTY, schema.COUNTY_AS_UNIT)
    touched = _place_words(own, found, [m for m in METRICS if m.name not in lacking(tickets)])
    touched = touched.assign(unit=touched["row"].map(units))
    return _say(pd.concat([touched.assign(unit=schema.COUNTY), touched]))


def _find_unknown(known):
    """Each unknown word of each ticket: row (the ticket's index), column, word."""
    parts = [
        known.loc[known[name].notna() & ~known[name].isin(list(words)), name]
        for name, words in read_headers().values.items()
        if name in known
    ]
    parts = [pd.DataFrame({"row": part.index, "column": part.name, "word": part.array}) for part in parts]
    return pd.concat([part.astype({"word": "str"}) for part in parts], ignore_index=True)


def _place_words(known, found, metrics):
    """Each unknown word beside each rate it touches, with where its ticket counts."""
    parts = []
    for metric in metrics:
        own = found[found["column"].isin(list_read(metric, known))]
        if metric.is_count or own.empty:
            continue
        counted = pd.Series(np.asarray(metric.counts(known)) > 0, index=known.index)
        among = pd.Series(np.asarray(metric.among(known), dtype=bool), index=known.index)
        place = np.where(~among, "out", np.where(counted, "numerator", "denominator"))
        place = pd.Series(place, index=known.index)
        parts.append(own.assign(metric=metric.name, place=own["row"].map(place)))
    return pd.concat([found.head(0).assign(metric="", place=""), *parts], ignore_index=True)


class _Asked:
    """Tickets that remember which of their columns were asked for."""

    def __init__(self, tickets):
        self.tickets, self.names = tickets, set()

    def __len__(self):
        return len(self.tickets)

    def __getitem__(self, name):
        self.names.add(name)
        return self.tickets[name]


def list_read(metric, known):
    """The columns of words that a rate reads, those that a verdict rests on and 剔除状态 among them."""
    asked = _Asked(known.head(0))
    metric.counts(asked)
    if not metric.is_count:
        metric.among(asked)
    return asked.names | {MADE_OF[name] for name in asked.names & set(MADE_OF)} | {"exclusion"}


def _say(touched):
    """One sentence for each unit and rate, the words that stand with most tickets first."""
    by = ["unit", "metric"]
    words = touched.groupby([*by, "column", "word", "place"], sort=False).size().rename("count").reset_index()
    words = words.sort_values("count", ascending=False, kind="stable")
    totals = touched.groupby(by, sort=False)["row"].nunique().rename("count")
    said = words.groupby(by, sort=False).apply(_join_words, include_groups=False).rename("words")
    rows = pd.concat([totals, said], axis=1).reset_index()
    order = {metric.name: place for place, metric in enumerate(METRICS)}
    rows = rows.assign(is_unit=rows["unit"].ne(schema.COUNTY), place=rows["metric"].map(order))
    return rows.sort_values(["is_unit", "unit", "place"], kind="stable", ignore_index=True)[DOUBTED]


def _join_words(words):
    first = words.head(MOST)
    said = [
        SAID[place].format(count=count, label=schema.label(column), word=word[:LONGEST])
        for column, word, place, count in first[["column", "word", "place", "count"]].itertuples(index=False)
    ]
    if len(words) > MOST:
        said.append(f"还有{words['count'].iloc[MOST:].sum()}件的其他写法未识别")
    return "；".join(said)
