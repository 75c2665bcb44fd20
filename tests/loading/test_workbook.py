"""Workbooks: what their reader alone would hide is told, what would burst it is cut or refused; and writing them."""

import datetime as dt
import io
import re
import struct
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from cases.old_workbooks import FAR, FULL
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import toolkit
from toolkit.errors import SourceError
from toolkit.loading.files import read_sheets
from toolkit.loading.workbook import write_sheets

AS_OF = "2025-12-31"
HEADER = ["工单编号", "承办单位", "回复时间"]


def load(source):
    return toolkit.load(source, AS_OF, key=b"k")


def write(path, cells=(), rows=(), **options):
    """A workbook of one sheet: rows from the top, then single cells (row, column, value) counted from 0."""
    with xlsxwriter.Workbook(path, options) as book:
        page = book.add_worksheet("工单")
        for number, row in enumerate([HEADER, *rows]):
            page.write_row(number, 0, row)
        for row, column, value in cells:
            page.write(row, column, value)
    return path


SMALL = write(io.BytesIO(), rows=[["A1", "甲镇"]]).getvalue()


def change_sheet(path, change):
    """The workbook with the XML of its first sheet changed, as other programs write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def list_told(loaded, check):
    told = loaded.issues[loaded.issues["check"].str.contains(check)]
    return told[["row", "ticket_id", "column", "value", "kind"]].values.tolist()


# --- how far a sheet reaches -------------------------------------------------------------------------


@pytest.mark.parametrize("place", [(1_048_575, 16_383), (1_048_575, 0), (200_000, 30)])
def test_a_cell_far_below_the_table_is_left_out_by_name_and_takes_no_memory(tmp_path, place):
    path = write(tmp_path / "a.xlsx", [(*place, "孤")], [["A1", "甲镇"]])
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    loaded = load(path)
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[2, 1, 1]]
    (row, _, _, value, kind) = list_told(loaded, "远离表格")[0]
    assert (row, kind) == (place[0] + 1, "left_out")
    assert re.fullmatch(rf"[A-Z]+{place[0] + 1}", value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_a_cell_far_to_the_right_leaves_its_row_a_ticket(tmp_path):
    rows = [[f"A{number}", "甲镇"] for number in range(1, 200)]
    loaded = load(write(tmp_path / "a.xlsx", [(1, 16_383, "孤")], rows))
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[199, 199, 0]]
    assert list_told(loaded, "远离表格") == [[2, "A1", "", "XFD2", "kept"]]


def test_a_table_that_goes_on_below_a_gap_is_read_whole(tmp_path):
    loaded = load(write(tmp_path / "a.xlsx", [(9_000, 0, "A2")], [["A1", "甲镇"]]))
    assert loaded.tickets["ticket_id"].tolist() == ["A1", "A2"]


def test_cells_scattered_over_a_whole_sheet_are_refused_by_name(tmp_path):
    cells = [(number * 9_000, number * 140, "x") for number in range(1, 110)]
    with pytest.raises(
        SourceError, match=r"a\.xlsx: its 112 filled cells lie scattered as far as VNY981001: delete"
    ):
        load(write(tmp_path / "a.xlsx", cells))


def test_formats_down_to_the_last_row_are_no_cells(tmp_path):
    path = write(tmp_path / "a.xlsx", rows=[["A1", "甲镇"]])
    last = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    loaded = load(change_sheet(path, lambda xml: xml.replace("</sheetData>", last)))
    assert loaded.account[["read", "tickets"]].values.tolist() == [[1, 1]]
    assert list_told(loaded, "远离表格") == []


def test_a_dimension_that_lies_is_not_believed(tmp_path):
    path = write(tmp_path / "a.xlsx", rows=[["A1", "甲镇"]])
    lie = change_sheet(
        path, lambda xml: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml)
    )
    assert load(lie).tickets["ticket_id"].tolist() == ["A1"]
    hidden = write(tmp_path / "b.xlsx", [(1_048_575, 16_383, "孤")], [["A1", "甲镇"]])
    short = change_sheet(hidden, lambda xml: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:B2"', xml))
    assert load(short).account["left_out"].tolist() == [1]


def test_a_far_cell_of_an_old_workbook_is_refused_by_name(tmp_path):
    (tmp_path / "a.xls").write_bytes(FAR)
    with pytest.raises(
        SourceError, match=r"a\.xls: sheet '工单' reaches as far as IV65536 with only 3 filled cells"
    ):
        load(tmp_path / "a.xls")


# --- errors, formulas, hidden rows, 1904 -------------------------------------------------------------

CELLS = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="B2" t="e"><v>#N/A</v></c>'
    '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t>A2</t></is></c><c r="B3"><f>B2&amp;"x"</f></c>'
    '<c r="C3"><f>A1+1</f><v/></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><t>A3</t></is></c><c r="B4" t="str"><f>IF(1,"")</f><v></v></c>'
    '<c r="C4"><f t="shared" si="0"/><v>45720.5</v></c></row>'
)
ALL_TOLD = [
    [2, "A1", "replied_at", "#DIV/0!", "kept"],
    [2, "A1", "unit", "#N/A", "kept"],
    [3, "A2", "replied_at", "公式", "kept"],
    [3, "A2", "unit", "公式", "kept"],
]


def drop_places(xml):
    return re.sub(r'(<(?:row|c)) r="[A-Z]*\d+"', r"\1", xml)


def put_prefixes(xml):
    named = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml)
    return named.replace("xmlns=", "xmlns:x=", 1)


def put_single_quotes(xml):
    head, found, body = xml.partition("<sheetData>")
    return head + found + body.replace('t="e"', "t='e'").replace('hidden="1"', "hidden='1'")


@pytest.mark.parametrize("spelt", [str, drop_places, put_prefixes, put_single_quotes])
def test_errors_and_formulas_without_value_are_told_however_the_xml_is_spelt(tmp_path, spelt):
    path = write(tmp_path / "a.xlsx")
    loaded = load(change_sheet(path, lambda xml: spelt(xml.replace("</sheetData>", f"{CELLS}</sheetData>"))))
    assert list_told(loaded, "公式") == ALL_TOLD
    assert loaded.tickets["unit"].isna().tolist() == [True, True, True]
    assert loaded.account["note"].tolist() == ["含隐藏行1行，已读"]


def test_a_number_that_a_formula_lost_is_a_refused_row_and_told(tmp_path):
    path = write(tmp_path / "a.xlsx", rows=[["A1", "甲镇"]])
    row = '<row r="3"><c r="A3"><f>CONCATENATE("A","2")</f><v/></c><c r="B3"><v>1</v></c></row></sheetData>'
    loaded = load(change_sheet(path, lambda xml: xml.replace("</sheetData>", row)))
    assert loaded.account[["tickets", "refused"]].values.tolist() == [[1, 1]]
    assert [told[:1] + told[2:] for told in list_told(loaded, "公式没有存下计算结果")] == [
        [3, "ticket_id", "公式", "kept"]
    ]


def test_a_row_of_nothing_but_lost_formulas_is_refused_not_lost(tmp_path):
    path = write(tmp_path / "a.xlsx", rows=[["A1", "甲镇"]])
    row = '<row r="3"><c r="A3"><f>X1</f><v/></c><c r="B3" t="e"><v>#REF!</v></c></row>'
    row += '<row r="7"><c r="A7"><f>X1</f></c></row></sheetData>'
    loaded = load(change_sheet(path, lambda xml: xml.replace("</sheetData>", row)))
    assert loaded.account[["read", "tickets", "refused"]].values.tolist() == [[3, 1, 2]]
    assert loaded.refused["来源行号"].tolist() == [3, 7]


def test_an_error_value_in_a_sheet_of_notes_is_left_out_with_its_row(tmp_path):
    path = write(tmp_path / "a.xlsx", rows=[["A1", "甲镇"]])
    (tmp_path / "说明.csv").write_text("说明\n#N/A\n", encoding="utf-8")
    account = load(path.parent).account.set_index("file")
    assert account.loc["说明.csv", ["read", "left_out"]].tolist() == [2, 2]


@pytest.mark.parametrize("word", ["#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#SPILL!"])
def test_an_error_value_saved_as_text_is_no_unit(tmp_path, word):
    (tmp_path / "a.csv").write_text(f"工单编号,承办单位\nA1,{word}\nA2,甲镇\n", encoding="utf-8")
    loaded = load(tmp_path / "a.csv")
    assert loaded.tickets["unit"].fillna("").tolist() == ["", "甲镇"]
    assert list_told(loaded, "公式错误值") == [[2, "A1", "unit", word, "kept"]]


def test_a_sentence_that_names_an_error_stays():
    rows = pd.DataFrame({"工单编号": ["A1"], "诉求内容": ["表格显示#N/A，请修复"]})
    loaded = load(rows)
    assert loaded.tickets["content"].tolist() == ["表格显示#N/A，请修复"]


def test_hidden_sheets_rows_and_columns_are_read_and_said(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for number, name in enumerate(["明", "暗"]):
            page = book.add_worksheet(name)
            page.write_column(0, 0, ["工单编号", f"A{number}", f"B{number}"])
        page.hide()
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(9, None, None, {"hidden": True})  # empty: nothing is hidden there
        page.set_column(3, 4, None, None, {"hidden": True})
    loaded = load(tmp_path / "a.xlsx")
    assert loaded.account["note"].tolist() == ["", "隐藏工作表，含隐藏行1行，含隐藏列2列，已读"]
    assert loaded.account["tickets"].tolist() == [2, 2]


def test_a_chart_and_an_empty_sheet_are_no_trouble(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("工单").write_column(0, 0, ["工单编号", "A1"])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=工单!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("空")
    account = load(tmp_path / "a.xlsx").account
    assert account[["sheet", "tickets", "note"]].values.tolist() == [
        ["工单", 1, ""],
        ["图", 0, "图表，没有单元格"],
        ["空", 0, ""],
    ]


@pytest.mark.parametrize("is_1904", [True, False])
def test_a_day_is_the_one_the_user_saw_written_as_date_or_as_number(tmp_path, is_1904):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": is_1904}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_row(0, 0, ["工单编号", "受理时间", "回复时间", "退回次数"])
        page.write(1, 0, "A1")
        page.write_datetime(1, 1, dt.datetime(2025, 3, 4, 9), day)
        page.write_datetime(1, 2, dt.datetime(2025, 3, 6, 10, 30))  # without a format: a plain number of days
        page.write(1, 3, 2)
    ticket = load(tmp_path / "a.xlsx").tickets.iloc[0]
    assert str(ticket["received_at"]) == "2025-03-04 09:00:00"
    assert str(ticket["replied_at"]) == "2025-03-06 10:30:00"
    assert ticket["return_count"] == 2


def test_an_old_workbook_tells_as_much(tmp_path):
    (tmp_path / "a.xls").write_bytes(FULL)
    loaded = load(tmp_path / "a.xls")
    assert list_told(loaded, "公式错误值") == [
        [2, "A1", "return_count", "#N/A", "kept"],
        [3, "A2", "unit", "#REF!", "kept"],
    ]
    assert loaded.account["note"].tolist() == ["含隐藏行1行，含隐藏列1列，已读", "隐藏工作表，已读"]
    assert loaded.tickets["unit"].fillna("").tolist() == ["甲镇", "", "乙局", "乙局", ""]
    times = loaded.tickets[["received_at", "replied_at"]].astype("str").iloc[0].tolist()
    assert times == ["2025-03-04 09:00:00", "2025-03-06 12:00:00"]


def test_an_old_workbook_with_a_password_says_so(tmp_path):
    at = FULL.index(struct.pack("<HH", 0x5C, 112))
    (tmp_path / "a.xls").write_bytes(FULL[:at] + struct.pack("<H", 0x2F) + FULL[at + 2 :])
    with pytest.raises(
        SourceError, match=r"a\.xls: the workbook has a password: open it, save it without one"
    ):
        load(tmp_path / "a.xls")


@examples(60)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_never_more(data):
    content = bytearray(data.draw(st.sampled_from([FULL, SMALL])))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=30)):
        content[at] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xls"
        path.write_bytes(content)
        with suppress(SourceError):
            read_sheets(path)


# --- xlsb and ods, made by hand: nothing here writes them --------------------------------------------


def record(number, data):
    length = bytes([len(data) & 0x7F | 0x80, len(data) >> 7]) if len(data) > 127 else bytes([len(data)])
    return (bytes([number & 0x7F | 0x80, number >> 7]) if number > 127 else bytes([number])) + length + data


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def text_cell(column, text):
    return record(6, struct.pack("<II", column, 0) + wide(text))


def row_of(number, *cells, is_hidden=False):
    flags = bytes([0, 0x10 if is_hidden else 0, 0])
    return record(0, struct.pack("<IIH", number, 0, 300) + flags + struct.pack("<I", 0)) + b"".join(cells)


def make_xlsb(rows, merged=b""):
    start = record(129, b"") + record(148, struct.pack("<4I", 0, 9, 0, 9)) + record(145, b"")
    sheet = start + rows + record(146, b"") + merged + record(130, b"")
    book = record(131, b"") + record(153, struct.pack("<III", 0, 0, 0)) + record(143, b"")
    book += (
        record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("工单"))
        + record(144, b"")
        + record(132, b"")
    )
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="worksheets/sheet1.bin"/>'
    spaces = "http://schemas.openxmlformats.org/package/2006/relationships"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{spaces}">{link}</Relationships>'
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return written.getvalue()


def test_an_xlsb_tells_errors_hidden_rows_and_fills_merged_cells(tmp_path):
    rows = row_of(0, *[text_cell(column, name) for column, name in enumerate(HEADER)])
    rows += row_of(1, text_cell(0, "A1"), text_cell(1, "甲镇"), record(3, struct.pack("<IIB", 2, 0, 42)))
    rows += row_of(2, text_cell(0, "A2"), text_cell(2, "2025-03-04"), is_hidden=True)
    merged = record(177, b"") + record(176, struct.pack("<4I", 1, 2, 1, 1)) + record(178, b"")
    (tmp_path / "a.xlsb").write_bytes(make_xlsb(rows, merged))
    loaded = load(tmp_path / "a.xlsb")
    assert loaded.tickets[["ticket_id", "unit"]].values.tolist() == [["A1", "甲镇"], ["A2", "甲镇"]]
    assert list_told(loaded, "查找公式没有找到值（#N/A）") == [[2, "A1", "replied_at", "#N/A", "kept"]]
    assert loaded.account["note"].tolist() == ["含隐藏行1行，已读"]


def test_a_far_cell_of_an_xlsb_is_refused_by_name(tmp_path):
    rows = row_of(0, text_cell(0, "工单编号")) + row_of(1_048_575, text_cell(16_383, "孤"))
    (tmp_path / "a.xlsb").write_bytes(make_xlsb(rows))
    with pytest.raises(
        SourceError, match="sheet '工单' reaches as far as XFD1048576 with only 2 filled cells"
    ):
        load(tmp_path / "a.xlsb")


def make_ods(rows):
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = f'<office:body><office:spreadsheet><table:table table:name="工单">{rows}</table:table></office:spreadsheet>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml", f"<office:document-content{names}>{body}</office:body></office:document-content>"
        )
    return written.getvalue()


def ods_row(*texts, said=""):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{said}>{cells}</table:table-row>"


def test_an_ods_is_read_and_its_hidden_rows_are_said(tmp_path):
    hidden = ' table:visibility="filter"'
    rows = ods_row(*HEADER[:2]) + ods_row("A1", "甲镇") + ods_row("A2", "乙局", said=hidden)
    rows += '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row>'
    (tmp_path / "a.ods").write_bytes(make_ods(rows))
    loaded = load(tmp_path / "a.ods")
    assert loaded.tickets["ticket_id"].tolist() == ["A1", "A2"]
    assert loaded.account["note"].tolist() == ["含隐藏行1行，已读"]


def test_a_far_cell_of_an_ods_is_refused_by_name(tmp_path):
    rows = ods_row("工单编号") + '<table:table-row table:number-rows-repeated="1048574"/>'
    rows += '<table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
    rows += (
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    (tmp_path / "a.ods").write_bytes(make_ods(rows))
    with pytest.raises(
        SourceError, match="sheet '工单' reaches as far as XFD1048576 with only 2 filled cells"
    ):
        load(tmp_path / "a.ods")


# --- writing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-5", "@SUM(A1)", "{=A1}", "http://a.b", "mailto:a@b.c"])
def test_what_begins_like_a_formula_or_a_link_is_written_as_text(tmp_path, cell):
    path = write_sheets(tmp_path / "a.xlsx", {"表": (["列", cell], [[cell, 1]])})
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() == [["列", cell], [cell, 1.0]]
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_a_workbook_is_the_same_bytes_each_time(tmp_path):
    sheets = {"表": (["列", "时间"], [["甲", dt.datetime(2025, 3, 4, 9)], [None, ""]])}
    one, other = (
        write_sheets(tmp_path / name, sheets, ["标题", "说明"]).read_bytes() for name in ("a.xlsx", "b.xlsx")
    )
    assert one == other
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert rows == [["标题", ""], ["说明", ""], ["列", "时间"], ["甲", dt.datetime(2025, 3, 4, 9)]]
