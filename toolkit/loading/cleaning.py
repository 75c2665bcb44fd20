"""The one cleaning of every cell, before anything else looks at it: what no person typed is taken off.

Off come zero-width marks, control characters, odd spaces at the ends, the ="…" that keeps a number text in a
spreadsheet, and the tags and entities of HTML. What a person may have typed stays: <5天, a<b, 《…》.
"""

import html
import re

import numpy as np
import pandas as pd

from toolkit.loading.issues import REPAIRED, list_issues
from toolkit.loading.rows import contains

# Soft hyphen, joiners, direction marks, word joiner, byte order mark: they show as nothing.
MARKS = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|_x00(?:0[0-9A-Fa-f]|1[0-9A-Fa-f])_")
LINE_ENDS = {"\x0b", "\x0c", "\x85", "\u2028", "\u2029", "_x000A_", "_x000a_"}
SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")  # as wide as some space, and no ordinary one
ODD_ENDS = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
WRAPPED = re.compile(r'\s*="(.*)"\s*', re.DOTALL)

BREAKING = (
    "p div br li ul ol dl dt dd tr table thead tbody tfoot h1 h2 h3 h4 h5 h6 hr pre center section article "
    "header footer blockquote form caption html head body"
)
INLINE = (
    "a b i s u q em strong span font img input label button sub sup del ins small big mark strike nobr code tt "
    "td th col colgroup meta link title xml iframe object embed param video audio source svg path select option "
    "textarea script style"
)
TAG = re.compile(rf"</?({'|'.join((BREAKING + ' ' + INLINE).split())})(?:[\s/][^<>]*)?>", re.I)
CUT_TAG = re.compile(
    r"<(?:/[A-Za-z]\w{0,8}|[A-Za-z]\w{0,8}\s+[\w:-]{1,30}=[\"'][^<>]*)$"
)  # an export cuts long cells anywhere
CODE = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.I)
# Declarations, and what Word adds: <o:p>, <w:WordDocument>.
DECLARATION = re.compile(
    r"<!(?:doctype|\[(?:if|endif))[^<>]*>|<\?xml[^<>]*>|</?[a-z]\w{0,8}:[a-z][^<>]*>", re.I
)
ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|&nbsp")
# Whatever needs cleaning holds one of these, which are searched in a whole column at once.
UNCLEAN = f'{MARKS.pattern}|{CONTROLS.pattern.partition("|")[0]}|{ODD_ENDS.pattern}|<|&|="|_x00'
ROUNDS = 3  # what was escaped twice is HTML again once it is read


def clean_text(text):
    """The text cleaned, and the names of what was done to it."""
    done = []
    for name, step in STEPS.items():
        cleaned = step(text)
        if cleaned != text:
            done.append(name)
            text = cleaned
    return text, done


def drop_marks(text):
    """The text without the marks that show as nothing."""
    return MARKS.sub("", text)


def drop_controls(text):
    """The text without control characters; those that end a line as a line break."""
    return CONTROLS.sub(lambda found: "\n" if found[0] in LINE_ENDS else "", text)


def plain_spaces(text):
    """Ordinary spaces for no-break and other odd ones, and none of them at the ends."""
    bare = text.strip()
    at = text.find(bare)
    is_odd = ODD_ENDS.search(text[:at] + text[at + len(bare) :])
    return SPACES.sub(" ", bare if is_odd else text)


def unwrap(text):
    """What stands in ="…"."""
    found = WRAPPED.fullmatch(text) if "=" in text else None
    return found[1].replace('""', '"') if found else text


def strip_html(text):
    """The text as a browser would show it: without tags, entities as what they stand for."""
    for _ in range(ROUNDS):
        plain = _strip_once(text)
        if plain == text:
            break
        text = plain
    return text


def _strip_once(text):
    if "<" in text:
        bare = DECLARATION.sub("", CODE.sub("", _cut_comments(text)))
        closed = bare.lower()
        bare = CUT_TAG.sub("", TAG.sub(lambda tag: _stand_in(tag, closed), bare))
        text = text if bare == text else re.sub(r"[ \t\xa0]*\n\s*", "\n", bare).strip()
    if "&" not in text or not ENTITY.search(text):
        return text
    return plain_spaces(drop_marks(ENTITY.sub(lambda found: html.unescape(found[0]), text))).strip()


def _cut_comments(text):
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else f"<!--{part}" for part in rest)


def _stand_in(tag, closed):
    """What stands for a tag: a line break, a space between cells, or nothing.

    A single letter such as the b of a<b>c is a tag only with attributes or where it is closed.
    """
    name = tag[1].lower()
    if len(name) == 1 and name != "p" and len(tag[0]) == 3 and f"</{name}>" not in closed:
        return tag[0]
    return "\n" if name in BREAKING_NAMES else " " if name in ("td", "th") else ""


BREAKING_NAMES = set(BREAKING.split())
STEPS = {
    "零宽字符已去除": drop_marks,
    "控制字符已去除": drop_controls,
    "特殊空格已换成普通空格": plain_spaces,
    "等号引号外壳已去除": unwrap,
    "网页标记已去除": strip_html,
}


def clean_rows(rows):
    """The rows with every text cleaned, and what was done: (row from 0, position, name of the step)."""
    cleaned, done = {}, []
    for position, column in enumerate(rows.columns):
        suspect = np.flatnonzero(contains(column, UNCLEAN))
        for at, cell in zip(suspect.tolist(), column.iloc[suspect], strict=True):
            text, steps = clean_text(cell)
            if steps:
                cleaned[at, position] = text
                done += [(at, position, step) for step in steps]
    return (rows.with_cells(cleaned) if cleaned else rows), sorted(done, key=lambda step: step[:2])


def list_cleaned(sheet, done, columns):
    """What was cleaned: one issue for each column and step, with the number of cells and the first rows.

    columns: position → what the column is called.
    """
    if not done:
        return None
    cells = pd.DataFrame(done, columns=["at", "position", "check"])
    cells = cells.assign(column=cells["position"].map(lambda position: columns.get(position, "")))
    found = cells.groupby(["column", "check"], sort=False)["at"].agg([len, "min", _first_rows]).reset_index()
    rows = found.assign(source_file=sheet.file, source_sheet=sheet.name, source_row=found["min"] + 1)
    counted = found["len"].astype("str") + "格（第" + found["_first_rows"] + "行）"
    return list_issues(rows, found["column"], counted, found["check"], "", REPAIRED)


def _first_rows(places):
    rows = [str(at + 1) for at in places.unique()[:5]]
    return "、".join(rows) + ("…" if places.nunique() > 5 else "")
