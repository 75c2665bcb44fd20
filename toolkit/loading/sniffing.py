"""What a file is, told by its bytes: its name may say otherwise."""

import io
import re
import zipfile

from toolkit.errors import SourceError

# What a file begins with → what it is; those that hold no table say so in the office's words.
BEGINNINGS = {
    b"PAR1": "parquet",
    b"\x1f\x8b": "gz",
    b"Rar!": "RAR压缩包，请解压后再放入",
    b"7z\xbc\xaf\x27\x1c": "7z压缩包，请解压后再放入",
    b"%PDF": "PDF文件",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"GIF8": "图片",
    b"II*\0": "图片",
    b"MM\0*": "图片",
    b"{\\rtf": "RTF文档",
    b"MZ": "程序",
    b"SQLite format 3": "SQLite数据库",
}
TABLES = {"xlsx", "xlsb", "ods", "xls", "parquet", "gz", "zip", "html", "mhtml", "xml", "text"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PASSWORD = "the workbook has a password: open it, save it without one, and load that file"
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32"}
ENCODINGS |= {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SAMPLE = 65_536
USUAL = re.compile(r"[\t\n\r -~\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
CUT_OFF = "unexpected end of data"  # Python's words for bytes that stop within a letter


def sniff(content):
    """The kind of a file's bytes: one of TABLES, or in Chinese what else it is.

    Raises SourceError for a workbook with a password, and for a zip or OLE file that is damaged.
    """
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(OLE):
        return _sniff_ole(content)
    if content.startswith(b"PK"):
        return _sniff_zip(content)
    return _sniff_text(content)


def _sniff_ole(content):
    """Office's old container: names of its streams stand in it as UTF-16."""
    if _names(content, "EncryptedPackage"):
        raise SourceError(PASSWORD)
    if _names(content, "Workbook", "Book"):
        return "xls"
    if _names(content, "WordDocument"):
        return "Word文档"
    return "演示文稿" if _names(content, "PowerPoint Document") else "xls"


def _names(content, *names):
    return any(name.encode("utf-16-le") + b"\0\0" in content for name in names)


def _sniff_zip(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()]
            kind = archive.read("mimetype")[:60] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError):
        raise SourceError(
            "the file is damaged, perhaps not copied or downloaded to its end: get it again"
        ) from None
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    parts = {"xl/workbook.bin": "xlsb", "xl/workbook.xml": "xlsx", "word/document.xml": "Word文档"}
    parts |= {"ppt/presentation.xml": "演示文稿", "content.xml": "文档"}
    found = next((parts[name] for name in names if name in parts), "")
    is_sheets = any(name.endswith("/sheet1.xml") for name in names) and "[content_types].xml" in names
    return found or ("xlsx" if is_sheets else "zip")


def _sniff_text(content):
    encoding = find_encoding(content)
    if encoding is None:
        return "无法识别的二进制文件"
    start = content[:SAMPLE].decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n\0").lower()
    if re.match(r"(?:mime-version|content-type: *multipart|from: *<saved)", start):
        return "mhtml"
    if re.match(r"<\?xml|<(?:\w+:)?workbook\b", start) and "urn:schemas-microsoft-com:office:spread" in start:
        return "xml"
    if re.match(r"<(?:!doctype +html|html|table|meta|head|style|body|div|script|center|form)\b", start):
        return "html"
    is_page = start.startswith(("<?xml", "<!--")) and re.search(r"<(?:html|table)\b", start)
    return "html" if is_page else "XML文件" if start.startswith("<?xml") else "text"


def find_encoding(content):
    """How a text's bytes are to be read; None where they are no text."""
    for mark, encoding in ENCODINGS.items():
        if content.startswith(mark):
            return encoding
    sample = content[:SAMPLE]
    # In UTF-16 every digit, separator and line end has a NUL on one and the same side.
    for side, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[side::2].count(0) * 50 >= len(sample) and _is_plain(content, sample, encoding):
            return encoding
    if sample.count(0) * 10 >= len(sample):  # a stray NUL in a csv is no trouble
        return None
    return "utf-8" if _is_utf8(content) else "gb18030"


def _is_plain(content, sample, encoding):
    """Whether bytes read as UTF-16 give the letters an export is made of."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return len(content) % 2 == 0 and len(re.findall(USUAL, text)) * 20 >= len(text) * 19


def _is_utf8(content):
    """Whether the bytes are UTF-8, be they cut off within the last letter."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == CUT_OFF
    return True


def decode(content):
    """The text of a file's bytes: UTF-8, UTF-16 or GB18030. Raises SourceError where it is none of them."""
    try:
        return content.decode(find_encoding(content) or "utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if error.reason in (CUT_OFF, "incomplete multibyte sequence"):
            raise SourceError(
                f"the file ends in the middle of a letter (line {line}): get it again"
            ) from None
        raise SourceError(
            f"the text is neither UTF-8, UTF-16 nor GB18030 (line {line}): save it again as UTF-8"
        ) from None
