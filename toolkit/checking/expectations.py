"""What is expected of a case, kept as a small file that a person can review: figures in words, a line a ticket.

A ticket's line says which report it stands in, what it counts in every metric (a letter each, `.` for nothing) and what
was found in it. A unit's figure is the county's on the unit's own tickets, and is not written a second time.
"""

import json
from string import ascii_letters, digits

from toolkit.checking.figures import FOUND, POINTS, RESTS, UNITS, Figure, list_figures, say_score
from toolkit.errors import SourceError
from toolkit.schema import COUNTY
from toolkit.scoring.catalogue import BY_NAME
from toolkit.settings import PROJECT

FOLDER = PROJECT / "parameters" / "checks"
LETTERS = digits + ascii_letters
BETWEEN = " | "


def describe_case(report, tables, charts):
    """What a case came to, as it is kept: tickets, figures that do not follow from them, cells of tables, charts."""
    figures = list_figures(report)
    metrics = [name for table, unit, name in figures if (table, unit) == (UNITS, COUNTY)]
    marks = {name: figures[UNITS, COUNTY, name].tickets for name in metrics}
    weights = sorted({mark for tickets in marks.values() for mark in tickets.values()})
    found = {
        name: own.tickets for (table, unit, name), own in figures.items() if (table, unit) == (FOUND, COUNTY)
    }
    kept = {
        "metrics": metrics,
        "rules": list(found),
        "units": report.counted.scorecard["unit"].drop_duplicates().tolist(),
        "items": dict(zip(report.assessed.items["item"], report.assessed.items["metric"], strict=True)),
        "weights": weights,
        "tickets": _write_tickets(report, marks, weights, found),
        "rests": {_join(name): sorted(own) for name, own in _list_whole(report, figures)},
    }
    known = _derive(kept)
    others = {_join(name): own.said for name, own in figures.items() if known.get(name) != own}
    return kept | {"figures": others, "tables": tables, "charts": charts}


def _join(name):
    return BETWEEN.join(name)


def _write_tickets(report, marks, weights, found):
    """Ticket → its report, its letters, what was found: a line that a review can read."""
    reports = report.tickets.drop_duplicates("ticket_id").set_index("ticket_id")["report"].to_dict()
    letters = {None: "."} | {weight: LETTERS[at] for at, weight in enumerate(weights)}
    lines = {}
    for ticket in sorted(reports):
        told = "".join(letters[own.get(ticket)] for own in marks.values())
        said = " ".join(f"{name}{own[ticket]}" for name, own in found.items() if ticket in own)
        if told.strip(".") or said:
            lines[ticket] = f"{reports[ticket]}|{told}|{said}"
    return lines


def _list_whole(report, figures):
    """The findings about a unit or a topic, which rest on tickets that are named beside."""
    whole = report.findings[report.findings["ticket_id"].isna()]
    names = {(FOUND, unit, name) for unit, name in zip(whole["unit"], whole["rule_name"], strict=True)}
    return [(name, figures[name].tickets) for name in sorted(names)]


def read_figures(kept):
    """The figures of what is kept of a case, each with its tickets again: as `list_figures` gives them."""
    figures = _derive(kept)
    for joined, said in kept["figures"].items():
        table, unit, name = joined.split(BETWEEN)
        metric = kept["items"].get(name) if table == POINTS else name
        rests = dict.fromkeys(kept["rests"].get(joined, []), RESTS)
        known = figures.get((UNITS, unit, metric)) or Figure("", rests)
        figures[table, unit, name] = Figure(said, rests or known.tickets)
    return figures


def _derive(kept):
    """The figures that follow from the tickets: of the county and of each unit, by metric and by rule."""
    tickets = {number: line.split("|") for number, line in kept["tickets"].items()}
    marks = {metric: _read_marks(kept, tickets, at) for at, metric in enumerate(kept["metrics"])}
    found = {rule: _read_found(tickets, rule) for rule in kept["rules"]}
    figures = {}
    for unit in kept["units"]:
        for metric, own in marks.items():
            tickets_of = _of_unit(own, tickets, unit)
            figures[UNITS, unit, metric] = Figure(_say_marks(metric, tickets_of), tickets_of)
    for unit in dict.fromkeys([COUNTY, *(line[0] for line in tickets.values())]):
        for rule, own in found.items():
            tickets_of = _of_unit(own, tickets, unit)
            if tickets_of or unit == COUNTY:
                figures[FOUND, unit, rule] = Figure(f"{len(tickets_of)}件", tickets_of)
    return figures


def _say_marks(metric, marks):
    """A rate or a count in words, from what each ticket counts in it."""
    known = BY_NAME.get(metric)
    hundredths = 100 if known is not None and known.weighted else 1
    numerator = sum(marks.values()) / hundredths
    denominator = None if known is not None and known.is_count else len(marks)
    rate = numerator / denominator if denominator else None
    return say_score({"metric": metric, "numerator": numerator, "denominator": denominator, "rate": rate})


def _read_marks(kept, tickets, at):
    weights = kept["weights"]
    letters = {number: line[1][at] for number, line in tickets.items()}
    return {number: weights[LETTERS.index(letter)] for number, letter in letters.items() if letter != "."}


def _read_found(tickets, rule):
    """Ticket → severity; the last character of a word is the severity, what stands before it the rule."""
    said = {
        number: [word for word in line[2].split() if word[:-1] == rule] for number, line in tickets.items()
    }
    return {number: words[0][-1] for number, words in said.items() if words}


def _of_unit(marks, tickets, unit):
    return {number: mark for number, mark in marks.items() if unit in (COUNTY, tickets[number][0])}


# --- the file --------------------------------------------------------------------------------------


def read_kept(code):
    """What is kept of a case; None where nothing is. SourceError where the file cannot be read."""
    path = FOLDER / f"{code}.json"
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SourceError(
            f"parameters/checks/{path.name} cannot be read ({error}): take it from the version control again, "
            "or write it anew by `toolkit check --update`"
        ) from None


def write_kept(code, described):
    """Write what is expected of a case from now on, a line a figure, a ticket, a cell."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(described, ensure_ascii=False, indent=0, sort_keys=False)
    (FOLDER / f"{code}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
