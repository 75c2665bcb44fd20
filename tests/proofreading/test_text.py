"""Reports are read from every file an office sends, and what is none says so."""

import pytest

from toolkit.errors import ReportError
from toolkit.proofreading.proofread import proofread
from toolkit.proofreading.text import read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_text_file_is_read_in_each_encoding(tmp_path, encoding):
    path = tmp_path / "总结.txt"
    path.write_bytes("受理19件，满意率97％。\r\n".encode(encoding))
    assert read_text(path) == "受理19件，满意率97％。\n"


@pytest.mark.parametrize("name", ["总结.txt", "总结.docx", "总结.TXT"])
def test_a_report_that_is_not_there_says_what_to_give(tmp_path, name):
    with pytest.raises(ReportError, match=r"give the path of a .txt or .docx file"):
        read_text(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PK\x03\x04rest", "a .docx named otherwise"),
        (b"\xd0\xcf\x11\xe0rest", "an old Word file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xff\xff\xff", "no text"),
    ],
)
def test_what_is_no_text_says_what_it_is_and_what_to_do(tmp_path, content, found):
    (tmp_path / "坏.txt").write_bytes(content)
    with pytest.raises(
        ReportError, match=rf"UTF-8 or GB18030\n  - found: {found}\n  - open it in Word or WPS"
    ):
        read_text(tmp_path / "坏.txt")


def test_an_empty_file_is_an_empty_report(tmp_path):
    (tmp_path / "空.txt").write_bytes(b"")
    assert read_text(tmp_path / "空.txt") == ""
    assert len(proofread(tmp_path / "空.txt")) == 0


# --- Word ------------------------------------------------------------------------------------------


@pytest.fixture
def word(tmp_path):
    """Makes a Word file of what a function puts into it, and gives its path."""
    docx = pytest.importorskip("docx")

    def write(fill):
        document = docx.Document()
        fill(document)
        document.save(tmp_path / "总结.docx")
        return tmp_path / "总结.docx"

    return write


def table_of(document, rows):
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    return table


def test_paragraphs_and_tables_are_read_in_their_order_and_equal_cells_stay_two(word):
    def fill(document):
        document.add_paragraph("受理19件。")
        table_of(document, [["单位", "受理", "办结"], ["甲乡", "88", "88"]])
        document.add_paragraph("完")

    assert read_text(word(fill)) == "受理19件。\n单位\t受理\t办结\n甲乡\t88\t88\n完"


def test_a_merged_cell_leaves_the_columns_where_they_are(word):
    def fill(document):
        table = table_of(document, [["单位", "", "受理"], ["1", "甲乡", "88"]])
        table.cell(0, 0).merge(table.cell(0, 1))

    assert read_text(word(fill)) == "单位\t\t受理\n1\t甲乡\t88"


def test_inserted_text_is_read_and_struck_out_text_is_not(word):
    from lxml import etree

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def fill(document):
        paragraph = document.add_paragraph("受理")
        for inner in (
            "<w:del {} ><w:r><w:delText>91件</w:delText></w:r></w:del>",
            "<w:ins {} ><w:r><w:t>19件</w:t></w:r></w:ins>",
            "<w:sdt {} ><w:sdtContent><w:r><w:t>，办结18件</w:t></w:r></w:sdtContent></w:sdt>",
        ):
            paragraph._p.append(etree.fromstring(inner.format(space)))

    assert read_text(word(fill)) == "受理19件，办结18件"


def test_a_sum_in_a_word_table_is_checked(word):
    def fill(document):
        table_of(document, [["单位", "受理"], ["甲乡", "12"], ["乙镇", "30"], ["合计", "43"]])

    found = proofread(word(fill)).set_index("claim")
    assert found.loc["合计受理", ["verdict", "how"]].tolist() == ["不一致", "12+30=42，文中为43"]


def test_an_empty_word_file_is_an_empty_report(word):
    assert len(proofread(word(lambda document: None))) == 0


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old word"])
def test_a_word_file_that_is_none_says_what_to_do(tmp_path, content):
    pytest.importorskip("docx")
    (tmp_path / "坏.docx").write_bytes(content)
    with pytest.raises(ReportError, match=r"'坏.docx' is not a .docx Word can open(.|\n)*save it as .docx"):
        read_text(tmp_path / "坏.docx")


def test_a_word_file_cut_off_or_without_its_text_says_what_to_do(word, tmp_path):
    from zipfile import ZipFile

    whole = word(lambda document: document.add_paragraph("受理19件")).read_bytes()
    (tmp_path / "断.docx").write_bytes(whole[: len(whole) // 2])
    with ZipFile(tmp_path / "总结.docx") as good, ZipFile(tmp_path / "乱.docx", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"<w:document" if name == "word/document.xml" else good.read(name))
    with ZipFile(tmp_path / "别.docx", "w") as other:
        other.writestr("a.txt", "x")
    for name in ("断.docx", "乱.docx", "别.docx"):
        with pytest.raises(ReportError, match=r"is not a .docx Word can open"):
            read_text(tmp_path / name)


def test_the_raised_number_of_a_note_is_no_part_of_a_figure_and_a_power_is_read(word):
    def fill(document):
        paragraph = document.add_paragraph("受理19")
        paragraph.add_run("[1]").font.superscript = True
        paragraph.add_run("件，面积3千米")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("，见[1]。")

    assert read_text(word(fill)) == "受理19件，面积3千米2，见[1]。"
