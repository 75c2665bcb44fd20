"""What a header that is not read could be: proposed from the nearest known header and from the values, with why."""

from toolkit import schema
from toolkit.loading.header_rows import folded
from toolkit.loading.value_kinds import ID, NOTHING, PERSONAL, TIME, UNIT, kind_of_values

NEAR, APART = 75, 3  # likeness of two headers in percent; a second column nearer than this leaves it open
WITHIN = 76  # the likeness of a known header of three characters or more that stands within another


def propose_columns(headers, values, settings):
    """For each header of a sheet: the column proposed (or ''), why, and what kind its values are.

    headers: the sheet's table of headers; values: the cells below each. Only headers that are read as no
    column are looked at, and only columns no header is read as are proposed, each to one header.
    """
    taken = {name for name in headers["column"] if name}
    near = _nearest_headers([name for name in headers["header"] if isinstance(name, str)], settings)
    rows = []
    for at, (header, column) in enumerate(zip(headers["header"], headers["column"], strict=True)):
        kind, fitting = kind_of_values(values[at], settings)
        if column or not folded(header):
            rows.append(("", "", kind, 0))
            continue
        free = [name for name in fitting if name not in taken]
        rows.append((*_by_header(near.get(header, []), free, kind), kind, _likeness(near.get(header, []))))
        if not rows[-1][0]:
            rows[-1] = (*_by_values(kind, free, rows[-1][1]), kind, 0)
    return _once_each(rows)


def _nearest_headers(names, settings):
    """Header → known headers near it, nearest first: (variant, column, likeness); none for an undecided one."""
    from rapidfuzz import fuzz, process  # only who inspects needs it

    columns = {folded(word): (word, name) for name, words in settings.columns.items() for word in words}
    undecided = {folded(word) for word in settings.undecided}
    near = {}
    for name in names:
        if folded(name) not in undecided | set(columns):
            found = process.extract(
                folded(name), list(columns), scorer=fuzz.ratio, limit=8, score_cutoff=NEAR
            )
            near[name] = [(*columns[word], likeness) for word, likeness, _ in found] or [
                (*columns[word], WITHIN) for word in _words_within(folded(name), columns)
            ]
    return near


def _words_within(name, words):
    """The known headers that stand within a longer one, longest first, none within another of them."""
    within = sorted((word for word in words if len(word) >= 3 and word in name), key=len, reverse=True)
    return [word for at, word in enumerate(within) if not any(word in longer for longer in within[:at])]


def _likeness(near):
    return near[0][2] if near else 0


def _by_header(near, free, kind):
    """The column of the nearest known header whose values fit; none where a second is as near."""
    fitting = [(word, name, likeness) for word, name, likeness in near if name in free]
    if not fitting:
        return "", ""
    word, name, likeness = fitting[0]
    among = (
        near if likeness == WITHIN else fitting
    )  # 承办单位联系电话 is no caller's, whatever its values are
    rivals = [other for other in among if other[1] != name and likeness - other[2] < APART]
    seen = f"；取值像{kind}" if kind != NOTHING else "；没有取值可核对"
    if rivals:
        return "", f"与“{word}”“{rivals[0][0]}”都相近{seen}，请指明"
    return name, f"与“{word}”相近{seen}"


def _by_values(kind, free, why):
    """The one free column that such values can be; where there are several, what they look like is said."""
    if why or kind == NOTHING:
        return "", why
    if kind == ID and "ticket_id" in free:
        return "ticket_id", "取值像编号，每行不同"
    if kind == TIME:
        return "", "取值像时间，请指明是哪一环节"
    if kind in PERSONAL and len(free) != 1:
        return "", f"取值像{kind}，显示时遮盖"
    is_certain = kind != ID and (len(free) == 1 or (kind == UNIT and "unit" in free))
    return (free[0], f"取值像{kind}") if is_certain else ("", f"取值像{kind}")


def _once_each(rows):
    """Each column proposed once: to the header nearest to a known one, else to the first."""
    best = {}
    for at, (column, _, _, likeness) in enumerate(rows):
        if column and likeness > best.get(column, (None, -1))[1]:
            best[column] = (at, likeness)
    return [
        (column, why, kind)
        if not column or best[column][0] == at
        else ("", f"{why}；“{schema.label(column)}”已建议给另一列", kind)
        for at, (column, why, kind, _) in enumerate(rows)
    ]
