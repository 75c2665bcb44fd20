"""A report as a version of it may show it: applied once to the county's, before anything is written."""

from dataclasses import replace

import pandas as pd

from toolkit import schema
from toolkit.loading.cells import split_names
from toolkit.loading.headers import read_headers
from toolkit.loading.issues import REPAIRED
from toolkit.people.roster import POSTS
from toolkit.preparing.redact_numbers import hide_numbers
from toolkit.preparing.redact_sentences import (
    UNTOLD_DOUBT,
    hide_in_matters,
    hide_in_sentences,
    hide_in_topics,
)
from toolkit.preparing.redaction import CELLS, PERSONS
from toolkit.preparing.report import PARTS
from toolkit.schema import HIDDEN

PLACES = dict(zip(schema.ORIGIN, ["file", "sheet", "row"], strict=True))  # as issues and account name them


def redact(report, profile):
    """The county's report without what the profile hides: every verdict and count stands, hidden values read 〔不公开〕.

    What was missing stays missing. Adds to `about`: redaction (what the reports say of it) and hidden (the names).
    Findings of the rules it leaves out are gone, and so are those rules: nobody says that they found nothing.
    """
    hidden, tickets = set(profile.hide), report.tickets
    about = report.about | {"redaction": profile.notice, "hidden": list(profile.hide)}
    if not profile.notice:
        return replace(report, about=about)
    unknown = find_unknown(tickets) if CELLS in hidden else {}
    shown = leave_out_rules(report, profile.hide_rules)
    findings = hide_in_sentences(shown.findings, tickets, hidden)
    redacted = replace(
        shown,
        about=about,
        tickets=hide_columns(hide_unknown(tickets, unknown), hidden - {"ticket_id"}),
        findings=hide_in_topics(findings, tickets, hidden),
        issues=hide_issues(report.issues, hidden),
        compared=shown.compared._replace(
            troubles=hide_in_sentences(shown.compared.troubles, tickets, hidden),
            recurring=hide_in_matters(report.compared.recurring, tickets, hidden),
        ),
        basis=hide_basis(shown.basis, hidden),
    )
    if CELLS in hidden:
        redacted = hide_doubts(redacted)
    return hide_numbers(redacted) if "ticket_id" in hidden else redacted


def leave_out_rules(report, codes):
    """The report without some rules and what they found."""

    def keep(frame):
        return frame[~frame["rule"].isin(codes)].reset_index(drop=True)

    return replace(
        report,
        findings=keep(report.findings),
        compared=report.compared._replace(troubles=keep(report.compared.troubles)),
        basis=report.basis._replace(rules=keep(report.basis.rules)),
    )


# --- values ------------------------------------------------------------------------------------------


def hide_values(values):
    """〔不公开〕 for each value, a number that is hidden is missing; what was missing or empty stays so."""
    if pd.api.types.is_numeric_dtype(values):
        return values.mask(values.notna())
    return values.mask(values.notna() & values.ne(""), HIDDEN)


def hide_columns(frame, names):
    return frame.assign(**{name: hide_values(frame[name]) for name in frame if name in names})


def find_unknown(tickets):
    """Column → which tickets hold a word of it that its vocabulary does not know: it may be anything."""
    words = {name: list(known) for name, known in read_headers().values.items() if name in tickets}
    return {name: tickets[name].notna() & ~tickets[name].isin(known) for name, known in words.items()}


def hide_unknown(tickets, unknown):
    return tickets.assign(**{name: tickets[name].mask(held, HIDDEN) for name, held in unknown.items()})


# --- what the report rests on --------------------------------------------------------------------------


def hide_issues(issues, hidden):
    """The doubtful rows without where they stand, or what stood there; a number of no ticket of the reports is a cell too."""
    shown = hide_columns(issues, {PLACES[name] for name in hidden & set(PLACES)})
    if CELLS not in hidden:
        return shown
    is_foreign = shown["report"].eq("") & shown["ticket_id"].notna()
    serials = (HIDDEN + pd.Series(pd.factorize(shown["ticket_id"])[0], shown.index).astype("str")).astype(
        "str"
    )
    return shown.assign(
        ticket_id=shown["ticket_id"].mask(is_foreign, serials),
        value=hide_values(shown["value"]),
        expected=shown["expected"].mask(shown["kind"].eq(REPAIRED), hide_values(shown["expected"])),
        column=hide_values(shown["column"]).where(
            ~shown["column"].isin(list(schema.BY_NAME)), shown["column"]
        ),
    )


def hide_basis(basis, hidden):
    """Account, unknown words and roster: rows, counts of words and how many persons there are stay."""
    account = hide_columns(basis.account, {PLACES[name] for name in hidden & set(PLACES)})
    if hidden & {CELLS, "source_file"}:
        account = hide_columns(account, {"note"})
    roster = hide_persons(basis.roster) if PERSONS in hidden else basis.roster
    unknown = (
        basis.unknown.assign(value=hide_words(basis.unknown["value"])) if CELLS in hidden else basis.unknown
    )
    return basis._replace(account=account, roster=roster, unknown=unknown)


def hide_words(values):
    """〔不公开〕（2件）: how often a word stands is no secret."""
    return HIDDEN + values.str.extract(r"(（\d+(?:件|条记录)）)$", expand=False).fillna("").astype("str")


def hide_persons(roster):
    """As many 〔不公开〕 as there are names, so that tickets per person stay what they are."""
    counted = {post: roster[post].map(_hide_names, na_action="ignore") for post in POSTS if post in roster}
    return roster.assign(**{post: names.astype("str") for post, names in counted.items()})


def _hide_names(text):
    return "、".join([HIDDEN] * len(split_names(text)))


def hide_doubts(report):
    """A rate that an unknown word touches still says so, without the word."""
    parts = {part: getattr(report, part) for part in PARTS}
    told = {
        part: frames._replace(
            **{
                name: frame.assign(doubt=frame["doubt"].mask(frame["doubt"].notna(), UNTOLD_DOUBT))
                for name, frame in frames._asdict().items()
                if "doubt" in frame and name != "peers"  # whose doubts are about other counties
            }
        )
        for part, frames in parts.items()
    }
    return replace(report, **told)
