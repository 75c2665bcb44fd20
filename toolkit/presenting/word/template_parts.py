"""What a template is made of: paragraphs, letterhead, page number, sections, 版记, room to sign in."""

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from toolkit.presenting.word.template_styles import RED
from toolkit.presenting.word.word_settings import TABLE_STYLE

THICK, THIN, RED_LINE = 8, 6, 16  # 0.35, 0.25 and 0.7 mm, in eighths of a point
BLACK = "000000"
TITLES = ["Title", "公文附件标题"]
TEXT_POINTS, NAME_POINTS, DATE_POINTS = 442, 140, 210  # widths of the text, of a name, of a date
SIGN_POINTS, BELOW_POINTS = 50, 20  # the height of a row to sign in; the page number's 7 mm below the text


def add(document, style, text):
    """A paragraph of a style; a title says itself too that it stands in the middle, for what reads no styles."""
    paragraph = document.add_paragraph(text, style=style)
    if style in TITLES:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def sign(document):
    """发文机关署名 and 成文日期, two lines below what stands before."""
    for text in ("", "", "{{ organ }}"):
        add(document, "公文署名", text)
    add(document, "公文成文日期", "{{ date }}")


def add_letterhead(document, heading, beneath):
    """发文机关标志 and what stands beneath it, above a red line; two empty lines come before the title."""
    table = document.add_table(rows=2, cols=len(beneath))
    table.autofit = False
    top = table.rows[0].cells[0].merge(table.rows[0].cells[-1])
    for paragraph in top.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    cells = [top, *table.rows[1].cells]
    for cell, (style, text) in zip(cells, [("公文红头", heading), *beneath], strict=True):
        cell.paragraphs[0].text, cell.paragraphs[0].style = text, style
    set_widths(table, [TEXT_POINTS // len(beneath)] * len(beneath))
    draw_lines(table, bottom=(RED_LINE, RED))
    for _ in range(2):
        add(document, "公文正文", "")


def draw_lines(table, **lines):
    """The lines of a table without a style: thickness in eighths of a point, and colour."""
    made = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'
        for side, (size, color) in lines.items()
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{made}</w:tblBorders>")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def add_page_number(footer):
    """— 1 —: the number between the words of parameters/word.yml."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "公文页码"
    paragraph.add_run("{{ number_before }}")
    number = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(number))
    paragraph.add_run("{{ number_after }}")


def begin_section(document, start, lies):
    """A new section; the former ends with its last paragraph, without an empty one of its own."""
    section = document.add_section(start)
    former = document.element.body.findall(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:sectPr')}")[-1]
    carrier = former.getparent().getparent()
    carrier.getprevious().get_or_add_pPr().append(former)
    carrier.getparent().remove(carrier)
    if lies != (section.orientation == WD_ORIENT.LANDSCAPE):
        section.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width
    return section


def add_imprint(section):
    """版记 above the page number of the last page, which is even: 抄送, 印发机关 and date, the outer lines thicker."""
    footer = section.even_page_footer
    add_page_number(footer)
    table = footer.add_table(0, 2, Pt(TEXT_POINTS))
    table.autofit = False
    for left, right in (
        ("{%tr if copy_to %}", ""),
        ("抄送：{{ copy_to }}。", ""),
        ("{%tr endif %}", ""),
        ("{{ organ }}", "{{ date }}印发"),
    ):
        cells = table.add_row().cells
        for cell, text, side in zip(cells, (left, right), ("LEFT", "RIGHT"), strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.text, paragraph.style = text, "公文版记"
            paragraph.alignment = WD_ALIGN_PARAGRAPH[side]
    copied = table.rows[1].cells[0].merge(table.rows[1].cells[1])
    for paragraph in copied.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    set_widths(table, [TEXT_POINTS - DATE_POINTS, DATE_POINTS])
    draw_lines(table, top=(THICK, BLACK), bottom=(THICK, BLACK), insideH=(THIN, BLACK))
    number = footer.paragraphs[0]
    number.paragraph_format.space_before = Pt(BELOW_POINTS)
    table._tbl.addnext(number._p)


def add_signature_table(document):
    """主要负责人签字, 单位盖章, 日期, each with room beside it."""
    table = document.add_table(rows=0, cols=2)
    table.style, table.autofit = TABLE_STYLE, False
    for texts in (("主要负责人签字", ""), ("单位（盖章）", ""), ("日期", "　　　年　　月　　日")):
        row = table.add_row()
        row.height, row.height_rule = Pt(SIGN_POINTS), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, text in zip(row.cells, texts, strict=True):
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            cell.paragraphs[0].style, cell.paragraphs[0].text = "公文表文", text
            cell.paragraphs[0].paragraph_format.keep_with_next = True  # the table stands on one page
    set_widths(table, [NAME_POINTS, TEXT_POINTS - NAME_POINTS])


def set_widths(table, points):
    """A table's widths in its grid, in its cells and as a whole, for programs read one or the other."""
    for column, width in zip(table.columns, points, strict=True):
        column.width = Pt(width)
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, [sum(points)] if len(row.tc_lst) == 1 else points, strict=True):
            cell.width = Pt(width)
    size = table._tbl.tblPr.find(qn("w:tblW"))
    size.set(qn("w:type"), "dxa")
    size.set(qn("w:w"), str(sum(points) * 20))
