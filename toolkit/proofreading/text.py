"""The text of a written report: a .txt in its encoding, a .docx paragraph by paragraph and row by row."""

import re
from pathlib import Path
from zipfile import BadZipFile

from toolkit.errors import ReportError, list_mistakes

ENCODINGS = ["utf-8-sig", "gb18030"]
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT = {
    b"PK\x03\x04": "a .docx named otherwise",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"%PDF": "a PDF",
}
WHAT_TO_DO = "open it in Word or WPS and save it as .docx"
# What was struck out under tracked changes, and the copy of a text box kept for old readers.
UNREAD = {"del", "moveFrom", "Fallback"}
# Raised digits alone may be a power: 10³.
NOTE_NUMBER = r"\s*(?:[\[［(（〔]\d+(?:[-,，—]\d+)*[\]］)）〕]|[①-⑳])\s*"
TICKETS = "#where="  # an address within a page that opens a figure's tickets
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_text(path):
    """一份报告的文字：txt 逐行，docx 逐段、表格逐行。

    Reads UTF-8 (with or without mark), UTF-16 and GB18030 text, and the paragraphs, table rows, text boxes and
    notes of a .docx in their order, cells parted by tabs. Left out are text struck out under tracked changes, raised
    numbers in brackets, which refer to a note, the rows that list where figures open, and numbers Word makes itself
    (一、). Raises ReportError for what cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise ReportError(f"no report at '{path.name}': give the path of a .txt or .docx file")
    content = path.read_bytes()
    text = _read_docx(path) if path.suffix.lower() == ".docx" else _decode(path, content)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decode(path, content):
    found = next((what for start, what in NO_TEXT.items() if content.startswith(start)), "no text")
    encodings = ENCODINGS if found == "no text" else []
    if content.startswith(UTF_16) and len(content) % 2 == 0:
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    expected = ["expected: a .docx, or text in UTF-8 or GB18030", f"found: {found}", WHAT_TO_DO]
    raise ReportError(list_mistakes(f"'{path.name}' cannot be read as a report", expected))


def _read_docx(path):
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError, fromstring

    try:
        document = Document(path)
        lines = list(_read_blocks(document.element.body))
        for relation in document.part.rels.values():
            if relation.reltype.endswith(("/footnotes", "/endnotes")):
                lines += [
                    line for line in _read_blocks(fromstring(relation.target_part.blob)) if line.strip()
                ]
    except (OpcError, LxmlError, BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        problems = [f"found: {str(error)[:200] or type(error).__name__}", WHAT_TO_DO]
        raise ReportError(list_mistakes(f"'{path.name}' is not a .docx Word can open", problems)) from error
    return "\n".join(lines)


def _read_blocks(element):
    """The lines of a document's part: a paragraph or a table's row each."""
    for child in element:
        name = _name(child)
        if name == "p":
            yield "".join(_read_runs(child)).strip("\n")
        elif name == "tr":
            if not _is_reference(child):
                yield "\t".join(_read_cells(child))
        elif name not in UNREAD:
            yield from _read_blocks(child)


def _read_cells(row):
    """A row's cells; one that spans columns is followed by empty ones, so that columns stay columns."""
    for cell in row.iter("{*}tc"):
        if next(cell.iterancestors("{*}tr")) is row:
            yield " ".join(line.strip() for line in _read_blocks(cell) if line.strip()).replace("\n", " ")
            span = cell.find("{*}tcPr/{*}gridSpan")
            yield from [""] * (int(next(iter(span.values()), 1)) - 1 if span is not None else 0)


def _read_runs(element):
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name == "txbxContent":
            yield "\n" + "\n".join(_read_blocks(child)) + "\n"
        elif name in MARKS:
            yield MARKS[name]
        elif name not in UNREAD and name != "pPr" and not _is_note_number(child):
            yield from _read_runs(child)


def _is_note_number(run):
    """Whether a run is the number of a note: raised, and in brackets."""
    placed = run.find("{*}rPr/{*}vertAlign") if _name(run) == "r" else None
    if placed is None or "superscript" not in placed.values():
        return False
    return bool(re.fullmatch(NOTE_NUMBER, "".join(run.itertext("{*}t"))))


def _is_reference(row):
    """Whether a table's row tells where a figure of the text opens, and states nothing of its own."""
    return any("".join(cell.itertext("{*}t")).startswith(TICKETS) for cell in row.iter("{*}tc"))


def _name(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
