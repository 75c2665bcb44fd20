"""A document's light Markdown: numbered headings, paragraphs, tables; on a page and as plain text."""

from markupsafe import Markup

from toolkit.presenting.writing.document import read_blocks, write_html, write_plain

TEXT = """
# 通报

## 情况
第一段的
两行。

第二段。
### 甲
#### 其一
#### 其二
### 乙
## 问题
### 丙

| 单位 | 件数 |
| 甲乡 | <a class="figure" data-what="x" data-where='{"a":["&lt;b&gt;"]}'>23</a> |
"""


def test_headings_are_numbered_as_official_documents_are_and_each_level_begins_anew():
    headings = [str(block.content) for block in read_blocks(TEXT) if block.kind == "heading"]
    assert headings == ["一、情况", "（一）甲", "1.其一", "2.其二", "（二）乙", "二、问题", "（一）丙"]


def test_lines_are_joined_to_a_paragraph_until_an_empty_line():
    said = [str(block.content) for block in read_blocks(TEXT) if block.kind == "paragraph"]
    assert said == ["第一段的两行。", "第二段。"]


def test_plain_text_has_the_figures_without_links_and_a_table_s_cells_parted_by_tabs():
    lines = write_plain(read_blocks(TEXT)).splitlines()
    assert lines[:3] == ["通报", "　　一、情况", "　　第一段的两行。"]
    assert lines[-2:] == ["单位\t件数", "甲乡\t23"]


def test_a_page_has_the_figures_with_links():
    html = write_html(read_blocks(TEXT))
    assert "<h3>通报</h3><h4>一、情况</h4><p>第一段的两行。</p>" in html
    assert 'data-what="x"' in html and ">23</a></td>" in html


def test_a_ticket_s_own_marks_stand_as_they_are_in_plain_text_and_stay_escaped_on_a_page():
    blocks = read_blocks(Markup("涉及{}1件。").format("<b>路</b>&"))
    assert write_plain(blocks) == "　　涉及<b>路</b>&1件。\n"
    assert "&lt;b&gt;路&lt;/b&gt;&amp;" in write_html(blocks)


def test_nothing_is_no_document():
    assert read_blocks("\n \n") == []
