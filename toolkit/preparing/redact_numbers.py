"""A report whose tickets bear other numbers: 第1件, 第2件 … in the order of the reports, the same in every frame of it."""

from dataclasses import replace
from itertools import count

from pandas.api.types import is_list_like

from toolkit.preparing.redact_sentences import tells
from toolkit.preparing.report import OWN, PARTS
from toolkit.schema import HIDDEN

NUMBERS = ["ticket_id", "other"]  # columns that hold the number of a ticket
WRITTEN = ["ticket_id", "related_id"]  # columns of the export that hold the platform's numbers
LISTS = ["rests_on", "ticket_ids", "tickets"]  # and lists of them; `tickets` is a count where it is no list


def hide_numbers(report):
    """The report under other numbers, opened by its figures as before; evidence that names a ticket says its rule's sentence.

    Numbers of tickets that no report holds are told apart all the same. 关联工单, which may hold several, is
    hidden; a number that stands in a text stays there.
    """
    serials, names = count(1), {}

    def rename(number):
        if not isinstance(number, str):
            return number
        if number not in names:
            names[number] = f"第{next(serials)}件"
        return names[number]

    shown = {"tickets": _rename(report.tickets, rename)}  # first, so that they are numbered as they stand
    shown |= {name: _rename(getattr(report, name), rename) for name in OWN if name != "tickets"}
    parts = {
        part: getattr(report, part)._make(_rename(frame, rename) for frame in getattr(report, part))
        for part in PARTS
    }
    told = replace(report, **shown | parts)
    sentences = report.basis.rules.set_index("rule")["sentence"]
    return replace(
        told,
        tickets=told.tickets.assign(
            related_id=told.tickets["related_id"].mask(told.tickets["related_id"].notna(), HIDDEN)
        ),
        findings=_say_rules(told.findings, sentences),
        issues=told.issues.assign(
            value=told.issues["value"].mask(told.issues["column"].isin(WRITTEN), HIDDEN)
        ),
        compared=told.compared._replace(troubles=_say_rules(told.compared.troubles, sentences)),
    )


def _rename(frame, rename):
    own = {name: frame[name].map(rename).astype("str") for name in NUMBERS if name in frame}
    lists = {
        name: frame[name].map(lambda ids: [*map(rename, ids)] if is_list_like(ids) else ids)
        for name in LISTS
        if name in frame and frame[name].dtype == "object"
    }
    return frame.assign(**own, **lists)


def _say_rules(findings, sentences):
    named = tells(findings, {"ticket_id"})
    return findings.assign(evidence=findings["evidence"].mask(named, findings["rule"].map(sentences)))
