"""A figure is a link that carries its tickets and says what it is; a table holds figures.

A figure's link holds a condition on the report's ticket table: `{"due_state": ["超期未回复"]}` means the
tickets whose due_state is that word. The page's script applies it; nothing is counted there. A metric is
a column of that table too, 1 in the numerator and 0 in the denominator only, for the period that `against` names;
`is_excluded` tells the tickets excluded with approval. Text is escaped where it becomes HTML: a cell or a word
that is not Markup already.
"""

import json
import re
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup, escape

from toolkit.rounding import count_text, percent
from toolkit.schema import NOW
from toolkit.scoring.catalogue import BY_NAME, TIMES
from toolkit.scoring.metric import read_metric_settings

NUMBER = re.compile(r"[\d.,%+\-−—·/（）件分 ]*")
TICKET_NUMBER = re.compile(r"\d{9}")
MOST_ROWS = 30  # of a table that stand open
SEARCHED = 15  # rows; in a shorter table nobody needs a search
REST, END = Markup("<!--rest-->"), Markup("<!--end-->")  # around the rows folded beneath a long table


def figure(text, what, **where):
    """A figure that opens its tickets: those that meet every condition."""
    told = Markup("""<a class="figure" data-what="{}" data-where='{}'>{}</a>""")
    return told.format(what, _quote_once(_write_condition(where)), text)


def _quote_once(condition):
    """JSON for an attribute in single quotes: its own double quotes may stand, which makes pages a quarter smaller."""
    return Markup(str(escape(condition)).replace("&#34;", '"'))


def _write_condition(where):
    return json.dumps(where, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link_where(where, what):
    """The address, within a page, of the tickets that meet a condition: where a chart's mark leads."""
    return f"#where={quote(_write_condition(where))}&what={quote(what)}"


def link_to_report(name):
    """Where a chart's mark leads that opens a report, whose address the page knows."""
    return f"#report={quote(name)}"


def find_sides(metric, against=NOW, with_excluded=False):
    """The conditions of a metric's numerator and of its denominator: the values its column has there."""
    known = BY_NAME.get(metric)
    is_weighted, is_count = (known is not None and getattr(known, kind) for kind in ("weighted", "is_count"))
    weights = read_metric_settings().satisfaction_weights.values() if is_weighted else [1]
    counted = sorted({weight for weight in weights if weight})
    left_out = {} if with_excluded or is_count else {"is_excluded": [False]}
    return tuple({metric: values, "against": [against]} | left_out for values in (counted, [0, *counted]))


def rate_figure(score, of="", against=NOW, with_excluded=False, **where):
    """91.6%（456/498）: the rate and 456 open the numerator, 498 the denominator. of: whose, in words."""
    if pd.isna(score["rate"]):
        return "—（无相应工单）"
    parts = open_rate(score, percent(score["rate"]), of, against, with_excluded, **where)
    return Markup("{}（{}/{}）{}").format(*parts, warn(score))


def open_rate(score, rate, of="", against=NOW, with_excluded=False, **where):
    """A rate as it is printed, its numerator and its denominator, each opening its tickets."""
    what = f"{of}　{score['metric']}{'（含剔除件）' if with_excluded else ''}".strip()
    counted, among = find_sides(score["metric"], against, with_excluded)
    shown = [figure(text, f"{what}：分子", **counted, **where) for text in (rate, _say_numerator(score))]
    return *shown, figure(score["denominator"], f"{what}：分母", **among, **where)


def warn(score):
    """A mark beside a rate that words not understood touch: pointed at, it says which and how they count."""
    doubt = score.get("doubt")
    return explain(f"{doubt}。", " doubt") if isinstance(doubt, str) else ""


def _say_numerator(score):
    """456; of a weighted metric 折合455.6, which is no number of tickets."""
    known = BY_NAME.get(score.get("metric"))
    return f"{'折合' if known is not None and known.weighted else ''}{count_text(score['numerator'])}"


def count_figure(score, of="", against=NOW, **where):
    """23: opens the tickets it counts."""
    counted, _ = find_sides(score["metric"], against)
    what = f"{of}　{score['metric']}".strip()
    return figure(count_text(score["numerator"]), what, **counted, **where)


def score_figure(score, of="", against=NOW, **where):
    """A rate with its counts, or a count alone; — where the metric is not known."""
    if score is None or pd.isna(score["numerator"]):
        return "—"
    show = count_figure if pd.isna(score["denominator"]) else rate_figure
    return show(score, of, against=against, **where)


def time_figure(count, what, column, value):
    """A number of tickets timed (1) or still open (0) in a time or a stage of this period."""
    left_out = {"is_excluded": [False]} if column in {time.name for time in TIMES} else {}
    return figure(count, what, **{column: [value], "against": [NOW]}, **left_out) if count else "0"


def rate_text(score):
    """91.6%（456/498）as plain words, for a figure whose tickets another page holds."""
    if pd.isna(score["rate"]):
        return "—"
    doubt = "，有用词未识别" if isinstance(score.get("doubt"), str) else ""
    return f"{percent(score['rate'])}（{_say_numerator(score)}/{score['denominator']}{doubt}）"


def open_tickets(ids, what):
    """How many tickets, opening exactly those; nothing opens where there is none."""
    return figure(len(ids), what, ticket_id=list(ids)) if len(ids) else "0"


def explain(text, kind=""):
    """A mark that tells more when it is pointed at, tapped or reached by keyboard; printed in full."""
    told = Markup('<span class="how{}" tabindex="0" role="note"> <small>{}</small></span>')
    return told.format(kind, text)


def link_report(name):
    """The name of a report, which the page links where it knows its address."""
    return Markup('<a class="report" data-report="{0}">{0}</a>').format(name)


def shade(step, *content):
    """A cell of a heat map: its content on a ground whose depth is one of ten steps."""
    return Markup('<i class="h{}">{}</i>').format(step, join(content))


# --- what holds figures ----------------------------------------------------------------------------


def join(parts, between=""):
    """Words and Markup in a row, words escaped."""
    return Markup(between).join(parts)


def note(text):
    """A remark under a table, or in its place; nothing for no words."""
    return Markup('<p class="note">{}</p>').format(text) if text else ""


def summarise(text):
    """A paragraph that says how things stand."""
    return Markup('<p class="summary">{}</p>').format(text) if text else ""


def html_table(headings, rows):
    """A plain table; columns of numbers stand to the right, and what is too wide scrolls in its own frame."""
    rows = [list(map(escape, row)) for row in rows]
    aligned = [' class="n"' if _is_numeric(column) else "" for column in zip(*rows, strict=True)]
    aligned = [Markup(mark) for mark in aligned or [""] * len(headings)]
    head = join(
        Markup("<th{}>{}</th>").format(mark, name) for mark, name in zip(aligned, headings, strict=True)
    )
    body = join(
        Markup("<tr>{}</tr>").format(
            join(Markup("<td{}>{}</td>").format(mark, cell) for mark, cell in zip(aligned, row, strict=True))
        )
        for row in rows
    )
    table = Markup(
        '<div class="wide"><table class="plain"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    )
    return table.format(head, body)


def _is_numeric(cells):
    """Whether a column holds numbers: digits, percentages, counts in brackets, signs for none; not numbers of tickets."""
    told = [cell.striptags() for cell in cells]
    return all(NUMBER.fullmatch(text) and not TICKET_NUMBER.search(text) for text in told) and any(told)


def long_table(headings, rows, most=MOST_ROWS):
    """A table whose first rows stand open, the others folded beneath it; in a long one a search field finds any."""
    if len(rows) <= most:
        return html_table(headings, rows)
    rest = fold(f"其余{len(rows) - most}行", _bracket_rest(html_table(headings, rows[most:])))
    search = Markup(
        '<input class="find-row" type="search" placeholder="查找（共{}行）" aria-label="在表中查找">'
    )
    search = search.format(len(rows)) if len(rows) > SEARCHED else ""
    told = Markup('<div class="long">{}{}{}</div>')
    return told.format(search, html_table(headings, rows[:most]), rest)


def _bracket_rest(content):
    """Content between two marks no text can write, so that a page can pack what is long until it is opened."""
    return Markup("{}{}{}").format(REST, content, END)


def heat_table(headings, rows, most):
    """A table of shaded cells; the rows after the first `most` are folded beneath."""
    return Markup('<div class="heat">{}</div>').format(long_table(headings, rows, most))


def fold(title, content):
    """Content folded away under its title."""
    return Markup("<details><summary>{}</summary>{}</details>").format(title, content)


def list_facts(pairs):
    """Names and what they are, side by side."""
    said = join(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in pairs.items())
    return Markup('<dl class="facts">{}</dl>').format(said) if said else ""
