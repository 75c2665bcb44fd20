"""Which files are read and how: by their bytes, and whatever is not read is named."""

import gzip
import io
import zipfile

import pandas as pd
import pytest
import xlsxwriter

import toolkit
from toolkit.errors import SourceError

AS_OF = "2025-12-31"
ROWS = [
    ["工单编号", "受理时间", "承办单位"],
    ["A1", "2025-03-04 09:00", "甲镇"],
    ["A2", "2025-03-05 09:00", "乙局"],
]
TABBED = "\n".join("\t".join(row) for row in ROWS) + "\n"
READ_WHOLE = [["A1", "2025-03-04 09:00:00", "甲镇"], ["A2", "2025-03-05 09:00:00", "乙局"]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def load(source):
    return toolkit.load(source, AS_OF, key=b"k")


def make_workbook(rows=ROWS):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        page = book.add_worksheet("工单")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return written.getvalue()


def make_parquet():
    written = io.BytesIO()
    pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_parquet(written)
    return written.getvalue()


def make_zip(members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def put(folder, name, content):
    (folder / name).write_bytes(content)
    return folder / name


def list_tickets(loaded):
    return loaded.tickets[["ticket_id", "received_at", "unit"]].astype("str").values.tolist()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("工作簿.csv", make_workbook()),
        ("工作簿.xls", make_workbook()),
        ("工作簿.et", make_workbook()),
        ("文本.xlsx", TABBED.replace("\t", ",").encode()),
        ("国标.xls", TABBED.encode("gb18030")),
        ("有标记.csv", TABBED.encode("utf-16")),
        ("大端.txt", b"\xfe\xff" + TABBED.encode("utf-16-be")),
        ("无标记.xls", TABBED.encode("utf-16-le")),
        ("无标记大端.csv", TABBED.encode("utf-16-be")),
        ("空字节.csv", TABBED.replace("乙局", "乙局\0").encode()),
        ("签名.xlsx", TABBED.encode("utf-8-sig")),
        ("分隔.csv", ("sep=|\n" + TABBED.replace("\t", "|")).encode()),
        ("列存.csv", make_parquet()),
        ("压缩.csv", make_zip({"一.xlsx": make_workbook()})),
        ("压缩.xlsx", gzip.compress(TABBED.encode())),
        ("没有扩展名", make_workbook()),
    ],
)
def test_a_file_is_read_by_its_bytes_not_by_its_name(tmp_path, name, content):
    assert list_tickets(load(put(tmp_path, name, content))) == READ_WHOLE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (
            OLE + "EncryptedPackage".encode("utf-16-le") + bytes(40),
            "has a password: open it, save it without",
        ),
        (OLE + "WordDocument".encode("utf-16-le") + bytes(40), "no table but Word文档"),
        (OLE, "the workbook is damaged"),
        (make_zip({"word/document.xml": "x", "[Content_Types].xml": "x"}), "no table but Word文档"),
        (make_workbook()[:-400], "the file is damaged, perhaps not copied or downloaded to its end"),
        (b"Rar!\x1a\x07\x01\x00", "no table but RAR压缩包，请解压后再放入"),
        (b"\x89PNG\r\n\x1a\n", "no table but 图片"),
        (b"%PDF-1.7", "no table but PDF文件"),
        (bytes(range(256)) * 20 + bytes(3_000), "no table but 无法识别的二进制文件"),
        (b"<!DOCTYPE html><html><body><form>\xe7\x99\xbb</form></body></html>", "a web page without a table"),
        (b"PAR1 not really", "a.xlsx: "),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_with_what_to_do(tmp_path, content, said):
    with pytest.raises(SourceError) as error:
        load(put(tmp_path, "a.xlsx", content))
    assert "a.xlsx: " in str(error.value)
    assert said in str(error.value)


def test_bytes_that_are_no_text_of_any_kind_name_their_line(tmp_path):
    with pytest.raises(SourceError, match=r"neither UTF-8, UTF-16 nor GB18030 \(line 2\): save it again"):
        load(put(tmp_path, "a.csv", b"id,x\n\xff\xff\xff\xff,1\n"))


def test_the_numeral_one_does_not_hide_utf_16(tmp_path):
    """一 is 4E 00: its NUL stands on the other side than those of digits and commas."""
    content = "工单编号,诉求内容\nA1,一楼一户一表，一直一样\n".encode("utf-16-le")
    assert load(put(tmp_path, "a.csv", content)).tickets["content"].tolist() == ["一楼一户一表，一直一样"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_cut_off_within_a_letter_is_not_guessed_at(tmp_path, encoding):
    content = "工单编号,承办单位\nA1,甲镇".encode(encoding)[:-1]
    with pytest.raises(
        SourceError, match=r"a\.csv: the file ends in the middle of a letter \(line 2\): get it again"
    ):
        load(put(tmp_path, "a.csv", content))


def test_every_file_of_a_folder_is_read_or_named(tmp_path):
    put(tmp_path, "1月.xlsx", make_workbook())
    others = ["2月.rar", "3月.doc", "4月.jpg", "~$1月.xlsx", ".DS_Store", "Thumbs.db", "README"]
    for name in others:
        put(tmp_path, name, b"\0")
    put(tmp_path, "说明.html", "<html><p>如何导出</p></html>".encode())
    loaded = load(tmp_path)
    notes = loaded.account.set_index("file")["note"]
    assert set(notes.index) == {"1月.xlsx", "说明.html", *others}
    assert notes["1月.xlsx"] == ""
    assert notes["2月.rar"] == "未读：压缩包，请解压后再放入"
    assert notes["~$1月.xlsx"] == "未读：表格软件的临时文件"
    assert notes["说明.html"] == "未读：网页，没有表格"
    assert notes[others].str.startswith("未读：").all()
    assert list_tickets(loaded) == READ_WHOLE


def test_a_folder_with_nothing_to_read_says_what_there_is(tmp_path):
    put(tmp_path, "2月.rar", b"Rar!")
    with pytest.raises(SourceError, match=r"no export at .*expected .*there are only 2月\.rar"):
        load(tmp_path)


def test_a_page_in_a_folder_is_read_where_it_holds_a_table(tmp_path):
    put(tmp_path, "1月.csv", TABBED.encode())
    put(tmp_path, "2月.html", "<table><tr><td>工单编号</td></tr><tr><td>B1</td></tr></table>".encode())
    assert load(tmp_path).account["tickets"].tolist() == [2, 1]


# --- packed files ------------------------------------------------------------------------------------


def make_foreign_zip(name, encoding):
    """A zip as Windows makes it: the name in the system's own letters, without saying so."""
    plain = "x" * len(name.encode(encoding))
    return make_zip({plain: TABBED}).replace(plain.encode(), name.encode(encoding))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_a_zip_are_those_a_person_sees(tmp_path, encoding):
    loaded = load(put(tmp_path, "win.zip", make_foreign_zip("2025年工单导出.csv", encoding)))
    assert loaded.account["file"].tolist() == ["2025年工单导出.csv"]


def test_every_file_of_a_zip_is_read_or_named(tmp_path):
    inner = make_zip({"内.csv": "工单编号\nB1\n"})
    content = make_zip({"外.csv": TABBED, "图.png": b"x", "__MACOSX/._外.csv": b"\0\5", "旧.zip": inner})
    notes = load(put(tmp_path, "a.zip", content)).account.set_index("file")["note"]
    assert notes.to_dict() == {
        "外.csv": "",
        "内.csv": "",
        "图.png": "未读：不是可读取的表格文件（.png）",
        "._外.csv": "未读：系统文件",
    }


def test_zips_inside_one_another_end_somewhere(tmp_path):
    content = make_zip({"a.csv": TABBED})
    for _ in range(3):
        content = make_zip({"a.zip": content})
    with pytest.raises(SourceError, match="a zip in a zip in a zip is not opened: unpack it"):
        load(put(tmp_path, "a.zip", content))


def test_a_zip_with_a_password_is_named(tmp_path):
    content = bytearray(make_zip({"a.csv": TABBED}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    with pytest.raises(SourceError, match=r"a\.csv: it has a password: unpack it"):
        load(put(tmp_path, "a.zip", bytes(content)))


@pytest.mark.parametrize("kind", ["zip", "gz", "xlsx"])
def test_a_file_that_swells_beyond_any_table_is_not_opened(tmp_path, kind):
    swollen = bytes(120_000_000)
    if kind == "xlsx":
        content = make_zip({"xl/workbook.xml": "x", "xl/sharedStrings.xml": swollen})
    else:
        content = gzip.compress(swollen, 1) if kind == "gz" else make_zip({"a.csv": swollen})
    with pytest.raises(SourceError, match=rf"a\.{kind}: unpacked it would be 1\d\d MB, .* it is not opened"):
        load(put(tmp_path, f"a.{kind}", content))
