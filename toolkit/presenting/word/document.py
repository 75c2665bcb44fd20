"""A report's bulletin or summary as a Word document, every figure with a reference that finds it on the page."""

from itertools import zip_longest

import pandas as pd

from toolkit.period import say_day
from toolkit.presenting.figures import join
from toolkit.presenting.word.parts import make_paragraph, make_table
from toolkit.presenting.word.references import (
    link_reference,
    list_definitions,
    name_fully,
    number_figures,
    read_definitions,
    read_words,
)
from toolkit.presenting.word.render import open_template, render
from toolkit.presenting.word.word_settings import A4_MM, MM_PER_POINT, TABLE_STYLE, TWIPS, read_word_settings
from toolkit.presenting.writing.document import DEFINITION, HEADING, NOTE, TABLE, TITLE, Block
from toolkit.presenting.writing.write import BULLETIN, write_document

TEMPLATE = "公文"
PAGE = "index.html"  # the county's page, beside the document
PLACES = ["letterhead", "number", "title", "send_to", "body", "organ", "date", "references", "definitions"]
PLACES += ["copy_to", "number_before", "number_after"]
BODY, NOTED, CELLS = "公文正文", "公文注", ["公文表头", "公文表文"]
HEADINGS = ["Heading 1", "Heading 2", "Heading 3"]
SOURCES = ["序号", "内容", "数", "网页地址"]
DEFINED = Block(NOTE, 0, "注：文中各项比率怎样计算，见附件末尾的“口径”。")  # where they stand once
INDEX_HEAD, INDEX, INDEX_POINTS = "公文索引表头", "公文索引", 7.5
NAMES = [BODY, NOTED, *CELLS, *HEADINGS, INDEX_HEAD, INDEX, TABLE_STYLE]


def write_word(report, text_template, settings=None, document=None):
    """The bytes of a .docx of the county's report by a text template, laid out by 公文.docx and word.yml.

    document: what `write_document` made of the two, where that is known already.
    ParameterError names what is wrong with a template or with word.yml. The same report gives the same bytes.
    """
    settings = settings or read_word_settings()
    file, styles = open_template(TEMPLATE, PLACES, NAMES)
    document = document or write_document(report, text_template)
    blocks = [DEFINED if block.kind == DEFINITION else block for block in document.blocks]
    title = next((read_words(block.content) for block in blocks if block.kind == TITLE), "")
    marked, references = number_figures([block for block in blocks if block.kind != TITLE])
    moment, page = pd.Timestamp(report.about["as_of"]), settings.page
    values = say_fixed_words(settings, moment) | say_addressees(settings, text_template)
    values |= {"title": title, "body": _write_body(marked, styles, page)}
    values |= _write_appendix(file.build_url_id(PAGE), references, report, styles, page)
    return render(file, values, settings, title, moment)


def say_addressees(settings, text_template):
    """Letterhead, number and addressees, of a bulletin alone: a summary is not sent to those it tells of."""
    if text_template != BULLETIN:
        return dict.fromkeys(["letterhead", "number", "send_to", "copy_to"], "")
    given = settings.model_dump(include={"letterhead", "send_to", "copy_to"})
    return given | {"number": say_missing("发文字号")}  # given when it is issued


def require_word():
    """ParameterError where word.yml or the template is not as expected."""
    read_word_settings()
    open_template(TEMPLATE, PLACES, NAMES)


def say_fixed_words(settings, moment):
    """What stands in every document: who sends it, its date, what stands beside the page number."""
    before, after = settings.page_number.form.split("{}")
    return {
        "organ": settings.organ or say_missing("发文机关"),
        "date": say_day(moment),
        "number_before": before,
        "number_after": after,
    }


def say_missing(what):
    """What the office has to fill in, never invented."""
    return f"（待补：{what}）"


def find_width(page, lies=False):
    """The width of the text in twips; of a page lying on its side, its height."""
    across = A4_MM[1] - page.top_mm - page.bottom_mm if lies else A4_MM[0] - page.left_mm - page.right_mm
    return int(across / MM_PER_POINT * TWIPS)


def _write_body(blocks, styles, page):
    """The blocks in their styles; what stands before a table stays on its page."""
    return join(
        _write_block(block, following, styles, page) for block, following in zip_longest(blocks, blocks[1:])
    )


def _write_block(block, following, styles, page):
    if block.kind == TABLE:
        headings, *rows = block.content
        ids = [styles[TABLE_STYLE], *(styles[name] for name in CELLS)]
        return make_table(ids, headings, rows, find_width(page))
    name = HEADINGS[block.level - 1] if block.kind == HEADING else NOTED if block.kind == NOTE else BODY
    return make_paragraph(styles[name], block.content, following is not None and following.kind == TABLE)


def _write_appendix(relation, references, report, styles, page):
    """References: 序号, 内容, 数, 网页地址 which opens the figure's tickets; definitions: how each was counted."""
    known = read_definitions(report)
    rows = [
        [
            str(reference.number),
            name_fully(reference, known),
            reference.text,
            link_reference(reference, relation),
        ]
        for reference in references
    ]
    told = {name: said for each in references for name, said in list_definitions(each, known).items()}
    across = find_width(page, lies=True)
    return {
        "references": write_index(SOURCES, rows, styles, across),
        "definitions": write_index(["名称", "怎样计算"], list(map(list, told.items())), styles, across),
    }


def write_index(headings, rows, styles, width):
    """A table in small type; nothing for no rows."""
    ids = [styles[TABLE_STYLE], styles[INDEX_HEAD], styles[INDEX]]
    return make_table(ids, headings, rows, width, INDEX_POINTS) if rows else ""
