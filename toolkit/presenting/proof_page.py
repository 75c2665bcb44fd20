"""A proofread report to look at: its text with the doubtful places marked, and the table of its figures."""

import re
from itertools import groupby

from markupsafe import Markup, escape

from toolkit.loading.workbook import OFFICE, write_sheets
from toolkit.presenting.figures import fold, html_table, list_facts, summarise
from toolkit.presenting.page import build_plain_page
from toolkit.proofreading.claims import AGREES, DIFFERS, DOUBTFUL, IMPOSSIBLE, UNKNOWN

ACCUSED = [IMPOSSIBLE, DIFFERS, DOUBTFUL]  # the gravest first
HEADINGS = ["", "位置", "核对的是", "文中", "算得", "结论", "依据"]
TABLE = ["原句", *HEADINGS[1:]]


def mark_up(text, findings):
    """报告原文，可疑之处加了标记，指着就能看到理由。

    Reads the text that was proofread and its findings; returns an HTML fragment, a paragraph a line, all of
    it escaped, with a numbered mark at every place that is 不一致, 不可能 or 可疑; the reason is its title.
    """
    marks = {}
    for number, row in enumerate(_accused(findings).to_dict("records"), 1):
        line, start, end = map(int, re.findall(r"\d+", row["place"]))
        marks.setdefault(line - 1, []).append((start - 1, end, number, row["verdict"], row["how"]))
    lines = [(line, _mark_line(line, sorted(marks.get(at, [])))) for at, line in enumerate(text.split("\n"))]
    blocks = []
    for is_row, group in groupby(lines, key=lambda line: _is_row(*line)):
        marked = [html for _, html in group]
        blocks += [_rows(marked)] if is_row else [Markup("<p>{}</p>").format(html) for html in marked]
    return Markup("\n").join(blocks)


def build_proof_page(title, text, findings, facts=None):
    """The page of a proofread report: what was found, the text marked up, and every figure with its verdict.

    Reads the text, the findings of `proofread` and lines that say what it was compared with; returns a page
    that needs no network.
    """
    accused, found = _accused(findings), findings["verdict"].value_counts()
    checked = findings[findings["verdict"].eq(AGREES)]
    unchecked = findings[findings["verdict"].eq(UNKNOWN)]
    parts = [
        Markup("<h1>{}</h1>").format(title),
        list_facts(facts or {}),
        summarise(say_result(findings)),
        Markup("<h2>需要核改（{}处）</h2>").format(len(accused)),
        _table(accused, numbered=True) if len(accused) else Markup("<p>没有发现。</p>"),
        Markup("<h2>原文</h2><div class='proof'>{}</div>").format(mark_up(text, findings)),
        _fold(f"核对一致（{found.get(AGREES, 0)}处）", checked),
        _fold(f"无法核对（{found.get(UNKNOWN, 0)}处）：缺少对照的数，不等于正确", unchecked),
    ]
    return build_plain_page(title, Markup("\n").join(parts))


def say_result(findings):
    """共核对42处：一致30处，不一致2处，可疑3处；无法核对7处。"""
    found = findings["verdict"].value_counts()
    if not len(findings):
        return "文中没有可以核对的数字，也没有发现空白、占位等问题。"
    judged = [f"{verdict}{found[verdict]}处" for verdict in [*ACCUSED, AGREES] if found.get(verdict)]
    unchecked = f"无法核对{found[UNKNOWN]}处（缺少对照的数，不等于正确）" if found.get(UNKNOWN) else ""
    return f"共{len(findings)}处：" + "，".join([*judged, *([unchecked] if unchecked else [])]) + "。"


def _accused(findings):
    return findings[findings["verdict"].isin(ACCUSED)]


def _fold(heading, rows):
    if not len(rows):
        return ""
    return fold(heading, _table(rows))


def _table(rows, numbered=False):
    cells = [
        [
            Markup('<a id="r{0}" href="#m{0}">{0}</a>').format(number) if numbered else number,
            Markup('<span class="place" title="{}">第{}行</span>').format(row["place"], _line(row)),
            row["claim"],
            row["stated"],
            row["computed"] or "—",
            Markup('<span class="verdict {0}">{0}</span>').format(row["verdict"]),
            row["how"],
        ]
        for number, row in enumerate(rows.to_dict("records"), 1)
    ]
    return html_table(HEADINGS, cells)


def _is_row(line, marked):
    """True for a table's row none of whose marks reaches over a cell's end."""
    inside = re.findall("<mark.*?</mark>", marked, re.DOTALL)
    return "\t" in line.strip() and not any("\t" in found for found in inside)


def _rows(marked):
    rows = (re.sub("\t", "</td><td>", row) for row in marked)
    return Markup("<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>")


def _mark_line(line, marks):
    """Marks that overlap become one, with every reason."""
    joined = []
    for start, end, *why in marks:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), [*joined[-1][2], why])
        else:
            joined.append((start, end, [why]))
    parts, at = [], 0
    for start, end, reasons in joined:
        parts += [escape(line[at:start]), _mark(line[start:end], reasons)]
        at = end
    return Markup("").join([*parts, escape(line[at:])])


def _mark(words, reasons):
    gravest = min((verdict for _, verdict, _ in reasons), key=ACCUSED.index)
    title = "；".join(f"{verdict}：{how}" for _, verdict, how in reasons)
    numbers = Markup("").join(
        Markup('<a class="why" id="m{0}" href="#r{0}" data-number="{0}"></a>').format(number)
        for number, *_ in reasons
    )
    return Markup('<mark class="{}" title="{}">{}</mark>{}').format(gravest, title, words, numbers)


def write_proof_page(path, title, text, findings, facts=None):
    """Write the page of a proofread report; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(build_proof_page(title, text, findings, facts), encoding="utf-8")
    return path


def write_proof_table(path, findings):
    """Write the findings as a workbook, every cell as text; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = {"数字校核": (TABLE, findings.itertuples(index=False))}
    look = OFFICE | {"cell": {"text_wrap": True}}
    return write_sheets(path, sheets, look=look, widths=[50, 20, 20, 12, 12, 10, 60])


def say_accused(findings):
    """The places to be looked at, a line each: 第2行“97%”不可能（满意率）。共19件……"""
    return [
        f"第{_line(row)}行“{row['stated']}”{row['verdict']}（{row['claim'].replace('（对数据）', '')}）。{row['how']}"
        for row in _accused(findings).to_dict("records")
    ]


def _line(row):
    return re.search(r"\d+", row["place"])[0]
