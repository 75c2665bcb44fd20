"""The Word templates in parameters/templates/ as the toolkit first gives them.

`python -m toolkit.presenting.word.make_templates` writes them. The office opens, restyles and replaces them; writing
them anew takes its changes back.
"""

from datetime import datetime
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm

from toolkit.presenting.word.render import FOLDER, pack_again
from toolkit.presenting.word.template_parts import (
    add,
    add_imprint,
    add_letterhead,
    add_page_number,
    add_signature_table,
    begin_section,
    sign,
)
from toolkit.presenting.word.template_styles import set_styles
from toolkit.presenting.word.word_settings import A4_MM

MARGINS_MM = (28, 26)  # left and right while the template is edited; word.yml settles them
MADE = datetime(2025, 1, 1)
CONTROL = "公文正文"  # of a line that says when what follows is written
HOW_TO_OPEN = (
    "正文中方括号内的小号数字为序号；表中一行的各数共用一个序号，写在行首名称之后。"
    "在电脑上点“网页地址”，打开同一文件夹中的网页，列出该数的全部工单；也可以把地址接在网页的文件名之后。"
)
HOW_TO_FIND = "（数字出处见下表，方括号内的小号数字为序号）"


def make_document_template():
    """公文.docx: letterhead, title, body, signature; the table of references lying on its side; 版记 on an even page."""
    document = make_empty()
    add(document, CONTROL, "{%p if letterhead %}")
    add_letterhead(document, "{{ letterhead }}", [("公文文号", "{{ number }}")])
    add(document, CONTROL, "{%p endif %}")
    add(document, "Title", "{{ title }}")
    add(document, "公文正文", "")
    add(document, CONTROL, "{%p if send_to %}")
    add(document, "公文主送", "{{ send_to }}：")
    add(document, CONTROL, "{%p endif %}")
    add(document, "公文正文", "{{p body }}")
    add(
        document, "公文附件", ""
    )  # notes, 附件 and signature stay together: a signature does not stand alone on a page
    add(document, "公文附件", "附件：数字出处")
    sign(document)
    begin_section(document, WD_SECTION.NEW_PAGE, lies=True)
    add(document, "公文附件标号", "附件")
    add(document, "公文附件标题", "数字出处")
    add(document, "公文注", HOW_TO_OPEN)
    add(document, "公文正文", "{{p references }}")
    add(document, "公文注", "口径：")
    add(document, "公文正文", "{{p definitions }}")
    add(document, "公文索引", "")
    add_imprint(begin_section(document, WD_SECTION.EVEN_PAGE, lies=False))
    add(document, "公文索引", "")
    return finish(document)


def make_notice_template():
    """督办单.docx: one notice to one unit, and on a page of its own the slip that comes back."""
    document = make_empty()
    add_letterhead(document, "{{ heading }}", [("公文等级", "{{ number }}"), ("公文等级右", "{{ level }}")])
    add(document, "Title", "{{ title }}")
    add(document, "公文正文", "")
    add(document, "公文主送", "{{ unit }}：")
    opening = add(document, "公文正文", "下列{{ count }}")
    for text in ("{{r counted }}", "件12345热线工单需要督办，请按要求办理，并在时限内书面反馈。"):
        opening.add_run(text)
    add(document, "Heading 1", "一、督办工单和原因")
    add(document, "公文正文", "{{p tickets }}")
    add(document, "Heading 1", "二、办理要求")
    add(document, "公文正文", "{{p demands }}")
    add(document, "Heading 1", "三、反馈时限")
    add(document, "公文正文", "{{ deadline }}")
    contact = add(document, "公文正文", "联系人：{{ contact }}；联系电话：{{ phone }}。")
    contact.paragraph_format.keep_with_next = True  # a signature does not stand on a page of its own
    sign(document)
    add(document, "公文索引", "")
    add(document, "公文注", HOW_TO_FIND)
    add(document, CONTROL, "{{p references }}")
    add(document, "公文索引", "")
    begin_section(document, WD_SECTION.NEW_PAGE, lies=False)
    add(document, "公文附件标题", "{{ heading }}回执")
    add(document, "公文文号", "{{ number }}　{{ unit }}")
    add(document, "公文主送", "{{ organ }}：")
    add(document, "公文正文", "现将督办工单的办理情况反馈如下。")
    add(document, "公文正文", "{{p receipt }}")
    add(document, "公文正文", "")
    add_signature_table(document)
    add(document, "公文注", "一事一报，以单位名义反馈；不能如期办结的，写明进展、原因和预计办结时间。")
    return finish(document)


def make_empty():
    """A document of the styles of STYLES alone, with page numbers at the foot, on odd and even pages."""
    document = Document()
    set_styles(document)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        add_page_number(footer)
    return document


def finish(document):
    """The bytes of a template, without a name in its properties."""
    for section in document.sections:
        lies = section.orientation == WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = map(Mm, reversed(A4_MM) if lies else A4_MM)
        section.left_margin, section.right_margin = map(Mm, MARGINS_MM)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = properties.title = ""
    properties.created = properties.modified = MADE
    made = BytesIO()
    document.save(made)
    return pack_again(made.getvalue())


TEMPLATES = {"公文": make_document_template, "督办单": make_notice_template}

if __name__ == "__main__":
    for name, make in TEMPLATES.items():
        (FOLDER / f"{name}.docx").write_bytes(make())
