"""The demo county's export: sheets as untidy as a real platform's, and the account of their rows."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.demo import words
from toolkit.loading.workbook import write_sheets

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
LOG_KINDS = dict.fromkeys(words.LOG_HEADINGS, "text") | {"at": "time", "unit": "unit"}


def hits(rng, share, like=None):
    """Whether it happens: for each share, or for one share in every row of what is like it."""
    return rng.random(len(share if like is None else like)) < share


def write_file(rng, path, tickets, strangers):
    """One year's file; gives the account of its sheets."""
    year, accounts, sheets = int(path.name[:4]), [], {}
    headings = list(words.HEADINGS[year].values())
    for sheet, start, end, strays in words.EXPORTS[path.name]:
        own = _lines(rng, _between(tickets, start, end), year)
        others = _lines(rng, _between(strangers, start, end).head(2), year)
        sheets[sheet] = (headings, _with_strays(rng, own, others, headings, strays))
        accounts.append({"file": path.name, "sheet": sheet, **_account(sheets[sheet][1], len(own), strays)})
    _write_export(path, words.SHEET_TITLE.format(year=year), sheets)
    return pd.DataFrame(accounts)


ABOVE = 2  # rows above the headings of a sheet: its title, and when it was exported


def write_log(rng, path, log, strangers):
    """The flow log's file, with a row whose number is lost and one whose time is; gives its account."""
    share, others = words.LOG_WORDS
    said = log["event"].map(others).where(hits(rng, share, log)).fillna(log["event"])
    shown = log.assign(event=said)[list(words.LOG_HEADINGS)]
    cells = [
        _untidy(rng, shown[name], *words.SHAPES.get(kind, (0, ["{}"]))) for name, kind in LOG_KINDS.items()
    ]
    lines = [list(line) for line in zip(*cells, strict=True)]
    for column, form in ((0, "{}"), (2, "{:%Y-%m-%d %H:%M}")):
        for row in rng.choice(len(log), words.LOG_WIDE, replace=False):
            lines[row][column] = form.format(shown.iat[row, column]).translate(WIDE)
    lost = strangers[strangers["signed_at"].dt.year == words.LOG_YEAR].iloc[0]
    unnumbered = [None, words.LOG_STAGES["signed_at"][0], lost["signed_at"], lost["unit"], None]
    word, detail = words.SUPERVISED
    untimed = [shown["ticket_id"].iloc[len(log) // 2], word, None, words.CENTRE, detail]
    for stray in (unnumbered, untimed):
        lines.insert(int(rng.integers(len(lines))), stray)
    headings = list(words.LOG_HEADINGS.values())
    _write_export(path, words.LOG_TITLE, {words.LOG_SHEET: (headings, [*lines, [], [words.REMARK]])})
    counts = {
        "read": ABOVE + len(log) + 3,
        "tickets": 0,
        "events": len(log),
        "refused": 2,
        "merged": 0,
        "left_out": ABOVE + 1,
    }
    return pd.DataFrame([{"file": path.name, "sheet": words.LOG_SHEET, **counts}])


def _between(tickets, start, end):
    return tickets[tickets["received_at"].between(start, end, inclusive="left")]


def _lines(rng, tickets, year):
    """The cells of each ticket in the words and the order of the year's export, some untidily written."""
    levels = tickets["category"].str.split("/")
    said = {name: tickets[name].replace(heard) for name, heard in words.EXPORT_WORDS[year].items()}
    shown = tickets.assign(level_1=levels.str[0], level_2=levels.str[1], **said)[list(words.HEADINGS[year])]
    kinds = {name: column.kind for name, column in schema.BY_NAME.items()} | {"unit": "unit"}
    cells = [_untidy(rng, shown[name], *words.SHAPES.get(kinds.get(name), (0, ["{}"]))) for name in shown]
    return [list(line) for line in zip(*cells, strict=True)]


def _untidy(rng, column, share, shapes):
    """The cells of a column, a share of them in another shape; the missing ones empty."""
    cells = column.astype("object").where(column.notna(), None)
    odd = hits(rng, share, cells) & column.notna()
    shape = np.array(shapes)[rng.integers(len(shapes), size=len(cells))]
    wide = WIDE if column.dtype == "Int64" else {}
    other = (form.format(cell).translate(wide) for form, cell in zip(shape[odd], cells[odd], strict=True))
    return [next(other) if is_odd else cell for cell, is_odd in zip(cells, odd, strict=True)]


def _with_strays(rng, lines, others, headings, strays):
    """The lines of a sheet with the lines among and after them that are no tickets of their own."""
    half = len(lines) // 2
    stray = {
        "repeated": lines[half - 3],
        "unnumbered": [None, *others[0][1:]],
        "ruined": [words.RUINED_NUMBER, *others[1][1:]],
        "headings": headings,
        "subtotal": ["小计", f"{half}件"],
    }
    body = list(lines)
    for kind in strays:
        body.insert(half if kind == "subtotal" else int(rng.integers(half, len(body))), stray[kind])
    return [*body, ["合计", f"{len(lines)}件"], [], [words.REMARK]]


def _account(lines, tickets, strays):
    """How the rows beside the headings divide: all that are not empty, and what each of them is."""
    read = ABOVE + sum(any(line) for line in lines)
    refused = sum(kind in ("unnumbered", "ruined") for kind in strays)
    merged = strays.count("repeated")
    left_out = ABOVE + len(strays) - refused - merged + len(["合计", "注"])
    return {
        "read": read,
        "tickets": tickets,
        "events": 0,
        "refused": refused,
        "merged": merged,
        "left_out": left_out,
    }


def _write_export(path, title, sheets):
    """Sheets as the platform exports them: title, note, headings, lines."""
    look = {"title": {"bold": True, "align": "center"}}
    write_sheets(path, sheets, [title, words.EXPORTED], look, 17, (0, 0), words.MADE)
