"""Web pages and XML under the name .xls: read as a person sees them."""

import quopri

import pytest

import toolkit
from toolkit.errors import SourceError

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type
content="text/html; charset=gb2312"><style>td {color: red}</style></head><body><table border=1>
<tr><td colspan=3>工单 明细</td></tr>
<tr><th>工单编号</th><th>承办单位</th><th>诉求内容</th></tr>
<tr><td>A1<td rowspan=2>甲镇<td> 路灯&nbsp;不亮<br>请<b>速</b>处理<script>x()</script></tr>
<tr style="display:none"><td>A2</td><td>&lt;5天 未修</td></tr>
</table></body></html>"""
READ = [["A1", "甲镇", "路灯 不亮\n请速处理"], ["A2", "甲镇", "<5天 未修"]]


def load(path, content):
    path.write_bytes(content)
    return toolkit.load(path, "2025-12-31", key=b"k")


def list_tickets(loaded):
    return loaded.tickets[["ticket_id", "unit", "content"]].values.tolist()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_a_page_called_xls_is_read_as_a_person_sees_it(tmp_path, encoding):
    loaded = load(tmp_path / "导出.xls", PAGE.encode(encoding))
    assert list_tickets(loaded) == READ
    assert loaded.account["note"].tolist() == ["含隐藏行1行，已读"]


@pytest.mark.parametrize(
    "start", ['<?xml version="1.0" encoding="gb2312"?>\n<!DOCTYPE html>', "<!-- 导出 -->", "\n\n"]
)
def test_a_page_is_known_whatever_stands_before_it(tmp_path, start):
    assert list_tickets(load(tmp_path / "导出.xls", (start + PAGE).encode("gb18030"))) == READ


@pytest.mark.parametrize("coding", ["quoted-printable", "8bit"])
def test_a_page_saved_as_one_file_is_read(tmp_path, coding):
    body = PAGE.encode("gb18030")
    head = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\nContent-Type: text/html\n'
    )
    page = head.encode() + f"Content-Transfer-Encoding: {coding}\n\n".encode()
    page += (quopri.encodestring(body) if coding == "quoted-printable" else body) + b"\n--B--\n"
    assert list_tickets(load(tmp_path / "导出.xls", page)) == READ


def test_every_table_of_a_page_is_in_the_account(tmp_path):
    page = "<table><tr><td>查询条件</td></tr></table><table></table>" + PAGE
    account = load(tmp_path / "a.xls", page.encode()).account
    assert account[["sheet", "read", "tickets", "left_out"]].values.tolist() == [
        ["表格1", 1, 0, 1],
        ["表格2", 3, 2, 1],  # its title is left out by name
    ]


def test_a_span_that_is_a_trap_fills_no_memory(tmp_path):
    page = "<table><tr><td>工单编号<td rowspan=999999999 colspan=999999999>x</tr><tr><td>A1</tr></table>"
    assert load(tmp_path / "a.xls", page.encode()).tickets["ticket_id"].tolist() == ["A1"]


def test_a_log_in_page_is_told_from_an_export(tmp_path):
    with pytest.raises(
        SourceError, match="a web page without a table, perhaps the platform's log-in page: log in"
    ):
        load(tmp_path / "导出.xls", b"<!DOCTYPE html><html><body><form></form></body></html>")


# --- XML workbooks of 2003 ---------------------------------------------------------------------------

BOOK = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<{x}Workbook xmlns{n}="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<{x}Worksheet ss:Name="工单"><{x}Table>
<{x}Row><{x}Cell><{x}Data ss:Type="String">工单编号</{x}Data></{x}Cell>
<{x}Cell><{x}Data ss:Type="String">承办单位</{x}Data></{x}Cell>
<{x}Cell><{x}Data ss:Type="String">受理时间</{x}Data></{x}Cell>
<{x}Cell><{x}Data ss:Type="String">退回次数</{x}Data></{x}Cell></{x}Row>
<{x}Row ss:Index="4" ss:Hidden="1"><{x}Cell><{x}Data ss:Type="String">A1</{x}Data></{x}Cell>
<{x}Cell ss:MergeDown="1"><{x}Data ss:Type="String">甲镇</{x}Data></{x}Cell>
<{x}Cell><{x}Data ss:Type="DateTime">2025-03-04T09:00:00.000</{x}Data></{x}Cell>
<{x}Cell><{x}Data ss:Type="Number">2</{x}Data></{x}Cell></{x}Row>
<{x}Row><{x}Cell><{x}Data ss:Type="Number">202503040001</{x}Data></{x}Cell>
<{x}Cell ss:Index="3"><{x}Data ss:Type="Error">#N/A</{x}Data></{x}Cell></{x}Row>
</{x}Table></{x}Worksheet><{x}Worksheet ss:Name="旧"><{x}Table>
<{x}Row><{x}Cell><{x}Data ss:Type="String">工单编号</{x}Data></{x}Cell></{x}Row>
<{x}Row><{x}Cell><{x}Data ss:Type="String">B9</{x}Data></{x}Cell></{x}Row></{x}Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
</{x}Worksheet></{x}Workbook>"""


@pytest.mark.parametrize(("x", "n"), [("", ""), ("ss:", ":o")])
def test_an_xml_workbook_is_read_with_its_gaps_merges_errors_and_hidden_parts(tmp_path, x, n):
    loaded = load(tmp_path / "导出.xls", BOOK.format(x=x, n=n).encode())
    assert loaded.tickets[["ticket_id", "unit", "source_row"]].astype("object").fillna(
        ""
    ).values.tolist() == [
        ["A1", "甲镇", 4],
        ["202503040001", "甲镇", 5],
        ["B9", "", 2],
    ]
    assert str(loaded.tickets["received_at"][0]) == "2025-03-04 09:00:00"
    assert loaded.account["note"].tolist() == ["含隐藏行1行，已读", "隐藏工作表，已读"]
    told = loaded.issues[loaded.issues["check"].str.contains("错误值")]
    assert told[["row", "ticket_id", "column", "value"]].values.tolist() == [
        [5, "202503040001", "received_at", "#N/A"]
    ]


def test_a_broken_xml_workbook_is_refused_by_name(tmp_path):
    broken = BOOK.format(x="", n="")[:-200]
    with pytest.raises(SourceError, match=r"导出\.xls: the XML workbook is damaged .*: export it again"):
        load(tmp_path / "导出.xls", broken.encode())


@pytest.mark.parametrize("entity", ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY a "乙镇">'])
def test_a_workbook_with_entities_of_its_own_is_refused(tmp_path, entity):
    book = (
        BOOK.format(x="", n="")
        .replace("<Workbook", f"<!DOCTYPE x [{entity}]><Workbook")
        .replace("甲镇", "&a;")
    )
    with pytest.raises(
        SourceError, match="declares entities of its own, as no export does: it is not opened"
    ):
        load(tmp_path / "导出.xls", book.encode())
