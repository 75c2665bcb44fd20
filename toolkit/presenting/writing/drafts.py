"""The texts that go out, as sections of a page, and as files beside it."""

from toolkit.errors import ParameterError, list_mistakes
from toolkit.period import parse_period
from toolkit.presenting.sections import fold_section, open_section
from toolkit.presenting.word.document import require_word, write_word
from toolkit.presenting.writing.write import ANNUAL, BULLETIN, list_document_mistakes, write_document

TITLES = {BULLETIN: "通报文稿", ANNUAL: "年度总结文稿"}
BY_MONTH = "本次按月份分报告，不写文稿"
NO_YEAR = "统计期间不是整年，不写年度总结"


def bulletin_draft(report):
    """The bulletin's text, folded away behind what still has to be filled in."""
    return _fold(report, BULLETIN)


def annual_draft(report):
    """The year's summary, folded away; only of a whole year."""
    return _fold(report, ANNUAL)


def _fold(report, template):
    reason = say_why_not(report, template)
    if reason:
        return fold_section(TITLES[template], reason)
    document = write_document(report, template)
    return fold_section(TITLES[template], say_state(document), document.html, count=len(document.missing))


def show_draft(report, template):
    """A document of any template, standing open."""
    document = write_document(report, template)
    return open_section("文稿", say_state(document), document.html)


def say_state(document):
    """待补：接待日情况、领导批示; and what is filled in and stands nowhere in the text."""
    parts = [("待补", document.missing), ("已填而模板未用", document.unused)]
    said = "；".join(f"{what}：{'、'.join(names)}" for what, names in parts if names)
    return said or "没有待补的内容"


def say_why_not(report, template):
    """Why a text is not written; nothing where it is."""
    if report.about["by"] != "unit":
        return BY_MONTH
    return NO_YEAR if template == ANNUAL and parse_period(report.about["period"]).months != 12 else ""


NAMES = {"全县通报": BULLETIN, "年度总结": ANNUAL}  # file → its template
FILES = [f"{name}.{ending}" for name in NAMES for ending in ("docx", "txt")]


def write_texts(report):
    """The county's texts as they stand in files, as Word documents and as plain texts: file → its bytes."""
    files = {}
    for name, template in NAMES.items():
        if not say_why_not(report, template):
            document = write_document(report, template)
            files[f"{name}.docx"] = write_word(report, template, document=document)
            files[f"{name}.txt"] = _as_plain_file(document)
    return files


def _as_plain_file(document):
    """A text that the editor of any Windows reads."""
    return document.plain.replace("\n", "\r\n").encode("utf-8-sig")


def list_draft_mistakes():
    """Every mistake of the templates that a run writes from, as far as it can be told without tickets."""
    for template in TITLES:
        mistakes = list_document_mistakes(template)
        if mistakes:
            yield list_mistakes(f"parameters/templates/{template}.txt", mistakes)
    try:
        require_word()
    except ParameterError as error:
        yield str(error)
