"""Where the headers of a sheet are: the rows that name columns, alone or two merged, and the columns they name."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

HEADER_DEPTH = 20  # a title, a date line and the like stand above the first header, rarely more
LONGEST_NAME = 20  # characters of a column's name; longer cells are not compared with the known ones
DIGIT = re.compile(r"\d")
TICKETS, EVENTS = "tickets", "events"
EVENT_COLUMNS = {"ticket_id", "event", "at"}  # together they make a sheet a flow log


@dataclass(frozen=True)
class Header:
    """A header: its first and last row in the sheet (from 0), its names, and column → positions."""

    first: int
    last: int
    names: list
    assigned: dict
    kind: str = TICKETS

    @property
    def width(self):
        """How many columns it names, counted to the last name."""
        return max((at for at, name in enumerate(self.names, 1) if folded(name)), default=0)


def folded(text):
    """A header or word as it is compared: half-width, no white space, no trailing mark, lower case."""
    text = "" if text is None else str(text)
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")  # invisible marks
    return re.sub(r"\s+|\((?:必填|选填|必填项|可选|非必填)\)$", "", text).strip("*:").lower()


def filled(row):
    """The filled cells of a row, as text."""
    return [text for cell in row if cell is not None and (text := str(cell).strip())]


def find_header(rows, headings, needed, levels=()):
    """The row, or two merged rows, that names most of the headings; None when none names all that are needed.

    rows: those that may be it. headings: column → its names, the first listed wins. levels: as `assign` takes.
    """
    known = {folded(word) for words in headings.values() for word in words}
    best = None
    for first, last, names in _candidates(rows, known):
        assigned = assign(names, headings, levels)
        if needed <= assigned.keys() and (best is None or len(assigned) > len(best.assigned)):
            best = Header(first, last, names, assigned)
    return best


def find_headers(rows, cells, settings):
    """Every header of a sheet from top to bottom, and the rows that repeat one or are passed over for a better.

    cells: the filled cells of each row (`Texts`). Among the first rows each is tried, further down those that hold
    a name of the ticket number. A header above the richest one counts when it names more than half of its columns:
    else it is a line of query conditions.
    """
    names = [word for words in (settings.columns, settings.events) for word in words.get("ticket_id", [])]
    ids = set(names) | {folded(name) for name in names}
    ids |= {text for row in cells[:HEADER_DEPTH] for text in row if folded(text) in ids}
    read = cache(lambda names: _read_names(names, settings))
    known = {folded(word) for words in settings.columns.values() for word in words}
    found = _find_near(rows, range(HEADER_DEPTH + 1), known, read)
    for at in cells.may_name(ids, HEADER_DEPTH):
        if _names_number(cells[at], ids):
            near = [row for row in (at - 1, at, at + 1) if row == at or _is_wordy(cells, row)]
            found += _find_near(rows, near, known, read)
    chosen = [
        _as_log(header, rows[header.last + 1 : header.last + 1001], settings) for header in _choose(found)
    ]
    single = {header.last for header in found if header.first == header.last}
    return chosen, single - {at for header in chosen for at in range(header.first, header.last + 1)}


def _names_number(texts, ids):
    """Whether a row holds a name of the ticket number: as it is listed, or spelt a little otherwise."""
    if not ids.isdisjoint(texts):
        return True
    short = [text for text in texts if len(text) <= LONGEST_NAME]
    return not DIGIT.search("".join(short)) and any(folded(text) in ids for text in short)


def _is_wordy(cells, at):
    """Whether a row holds cells and no digit, as a row of a header does."""
    return at < len(cells) and bool(cells[at]) and not DIGIT.search("".join(cells[at]))


def _find_near(rows, near, known, read):
    """Every row of these, and every two neighbours, that name a ticket number."""
    start, window = near[0], [rows[at] for at in near if at < len(rows)]
    found = []
    for first, last, names in _candidates(window, known):
        if told := read(tuple(names)):
            found.append(Header(start + first, start + last, names, *told))
    return found


def _read_names(names, settings):
    """What the names are read as, (column → positions, kind): the kind that more of them serve; else None."""
    logged, listed = assign(names, settings.events), assign(names, settings.columns, settings.category_levels)
    log = logged if logged.keys() >= EVENT_COLUMNS else {}
    tickets = listed if "ticket_id" in listed else {}
    kind = EVENTS if log and len(log) >= len(tickets) else TICKETS
    return (log if kind == EVENTS else tickets, kind) if log or tickets else None


def _choose(found):
    """Of candidates that share rows the richest; then those that begin a table of their own."""
    apart = []
    for header in sorted(found, key=lambda header: (header.first, header.last)):
        if apart and header.first <= max(one.last for one in apart[-1]):
            apart[-1].append(header)
        else:
            apart.append([header])
    richest = [
        max(group, key=lambda header: (len(header.assigned), header.first == header.last)) for group in apart
    ]
    best = max((len(header.assigned) for header in richest), default=0)
    at_best = next((header.first for header in richest if len(header.assigned) == best), 0)
    chosen = []
    for header in richest:
        named = len(header.assigned) > sum(1 for name in header.names if folded(name)) / 2
        begins = header.first == at_best or (len(header.assigned) > 1 and (header.first > at_best or named))
        if begins and not (chosen and _same_columns(chosen[-1], header)):
            chosen.append(header)
    return chosen


def _as_log(header, body, settings):
    """A header that names a log's columns too is a log's where numbers come again: it repeats all of its ticket."""
    logged = assign(header.names, settings.events)
    if header.kind == EVENTS or not logged.keys() >= EVENT_COLUMNS:
        return header
    is_log = _repeats_numbers(body, logged["ticket_id"][0])
    return replace(header, assigned=logged, kind=EVENTS) if is_log else header


def _repeats_numbers(rows, position):
    """Whether numbers come again and again, as in a log and in no list of tickets: two rows a number at least."""
    cells_read = [row[position] for row in rows if position < len(row)]
    numbers = [folded(cell) for cell in cells_read if folded(cell)]
    return len(numbers) >= 2 * len(set(numbers)) > 0


def _same_columns(header, other):
    return (header.kind, header.assigned) == (other.kind, other.assigned)


def _candidates(rows, known):
    """Each row alone, then each pair of neighbours as a two-row header: (first row, last row, names)."""
    for at, row in enumerate(rows[:HEADER_DEPTH]):
        yield at, at, [str(cell) if cell is not None else "" for cell in row]
    for at in range(min(len(rows) - 1, HEADER_DEPTH)):
        yield at, at + 1, _join_header_rows(rows[at], rows[at + 1], known)


def _join_header_rows(upper, lower, known):
    """The names under a merged heading: the lower one where it is known, else both together."""
    names, heading = [], ""
    for above, below in zip(upper, lower, strict=False):
        heading = str(above) if folded(above) else heading
        both = f"{heading}{below}" if folded(below) else heading if folded(above) else ""
        names.append(str(below) if folded(below) in known else both)
    return names


def assign(names, columns, category_levels=()):
    """Canonical column → positions; the first variant listed wins, each header serves one column.

    category_levels: names of the levels of the category, which are read together where no column is it.
    """
    positions = {}
    for position, name in enumerate(names):
        positions.setdefault(folded(name), position)
    positions.pop("", None)
    assigned, used = {}, set()
    for column, variants in _by_need(columns, positions):
        free = [positions[v] for v in variants if v in positions and positions[v] not in used]
        if free:
            assigned[column] = free[:1]
            used.add(free[0])
    levels = [[positions[v] for v in map(folded, level) if v in positions][:1] for level in category_levels]
    if any(levels) and "category" not in assigned:
        assigned["category"] = [position for level in levels for position in level]
    return assigned


def _by_need(columns, positions):
    """Columns with a header that serves no other column first, so that a shared one goes where it is needed."""
    wanted = {column: list(map(folded, variants)) for column, variants in columns.items()}
    present = {column: {v for v in variants if v in positions} for column, variants in wanted.items()}
    shared = {v for found in present.values() for v in found if sum(v in o for o in present.values()) > 1}
    return sorted(wanted.items(), key=lambda item: not (present[item[0]] - shared))
