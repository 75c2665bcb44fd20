"""Each version of a run: what it hides stands in no byte of anything that is written."""

import base64
import io
import json
import re
import zipfile
import zlib

import pandas as pd
import pyarrow as pa
import pytest

from toolkit import prepare
from toolkit.loading.corrections import write_refused
from toolkit.preparing.report import write_report
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import WRITTEN, run_batch
from toolkit.running.source import load_run

PACKED = re.compile(rb"[A-Za-z0-9+/]{60,}={0,2}")

# Where each word is planted. Greek, so that no masking takes it for a name, and no page says it by itself.
SECRETS = {
    "title": "ΑΑΑ",
    "content": "ΒΒΒ",
    "reply": "ΓΓΓ",
    "return_reason": "ΔΔΔ",
    "address": "ΕΕΕ",
    "sub_unit": "ΖΖΖ",
    "handler": "ΗΗΗ",
    "a word not understood": "ΘΘΘ",
    "a refused row": "ΙΙΙ",
    "a sheet passed over": "ΚΚΚ",
    "the file": "ΛΛΛ",
    "the sheet": "ΜΜΜ",
    "head of the unit": "ΝΝΝ",
    "handler of the roster": "ΞΞΞ",
    "head of another unit": "ΡΡΡ",
    "a word of the log": "ΠΠΠ",
    "a refused row of the log": "ΤΤΤ",
    "the file of the log": "ΥΥΥ",
    "the sheet of the log": "ΦΦΦ",
}
SHOWN = {"packed": "ΣΣΣ", "head of the page": "公开版：不含标题、诉求内容、"}
EXPORT = {
    "工单编号": ["20250001", "20250002", "20250003", None],
    "承办单位": ["甲镇", "甲镇", "乙局", "乙局"],
    "受理时间": ["2025-03-04 09:00", "2025-03-05 09:00", "2025-03-06 09:00", "2025-03-06 09:00"],
    "回复时间": ["2025-03-05 09:00", None, "2025-03-07 09:00", None],
    "问题分类": ["城乡建设/路灯"] * 4,
    "属地": ["甲镇"] * 4,
    "受理渠道": ["ΣΣΣ"] * 4,  # which stands in the packed table alone
    "标题": ["ΑΑΑ路灯不亮"] * 4,
    "诉求内容": ["ΒΒΒ上次无人联系我ΒΒΒ，没有解决"] * 3 + ["ΙΙΙ拒收的一行"],
    "回复内容": ["ΓΓΓ已办", None, "ΓΓΓ已处理", None],
    "退回次数": ["0", "3", "0", "0"],
    "退回原因": [None, "ΔΔΔ不归我管", None, None],
    "事发地址": ["ΕΕΕ村1组"] * 4,
    "三级单位": ["ΖΖΖ村"] * 4,
    "经办人": ["ΗΗΗ", "ΗΗΗ", None, None],
    "满意度": ["ΘΘΘ", "满意", None, None],
    "联系电话": ["13912345678", "13912345678", "13812345678", None],
}
LOG = {
    "工单编号": ["20250001", "20250001", "20250003", "1.2E+17"],
    "操作": ["转办", "退回", "ΠΠΠ", "转办"],
    "操作时间": ["2025-03-04 10:00", "2025-03-04 11:00", "2025-03-06 10:00", "2025-03-06 11:00"],
    "操作单位": ["甲镇", "甲镇", "乙局", "乙局"],
    "操作意见": [None, "ΔΔΔ不归我管", "ΠΠΠ", "ΤΤΤ"],
}
ROSTER = {
    "单位": ["甲镇", "乙局"],
    "第一责任人": ["ΝΝΝ", "ΡΡΡ"],
    "分管领导": ["钱某", "ΡΡΡ"],
    "承办人": ["ΞΞΞ、孙某", None],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("versions")


@pytest.fixture(scope="module")
def internal(folder):
    """What the office keeps, as it is prepared: it tells what the others hide."""
    run = read_run(write_run(folder, "internal"))
    loaded = load_run(run)
    write_report(prepare(loaded, run), folder / "internal" / "prepared")
    write_refused(loaded, folder / "internal" / "待修正.xlsx")
    return folder / "internal", dict(enumerate(loaded.tickets["caller"].dropna().unique()))


@pytest.fixture(scope="module")
def public_files(folder, public):
    return {path.relative_to(folder / "public").as_posix() for path in (folder / "public").rglob("*.*")}


def search(folder, internal, name):
    """Run one version; each secret, and what its pages say → the files it wrote that hold it."""
    runs = run_batch(read_run(write_run(folder, name)))
    assert runs["state"].eq(WRITTEN).all(), runs["error"].tolist()
    return find_secrets(read_all(folder / name), SECRETS | SHOWN | internal[1])


@pytest.fixture(scope="module")
def public(folder, internal):
    return search(folder, internal, "public")


@pytest.fixture(scope="module")
def to_unit(folder, internal):
    return search(folder, internal, "to_unit")


def write_run(tmp_path, name):
    """The file of a run for one version, and all that it reads."""
    source = tmp_path / "export"
    source.mkdir(exist_ok=True)
    with pd.ExcelWriter(source / "ΛΛΛ.xlsx") as book:
        pd.DataFrame(EXPORT).to_excel(book, sheet_name="ΜΜΜ", index=False)
        pd.DataFrame({"ΚΚΚ": ["只有一句话"]}).to_excel(book, sheet_name="ΚΚΚ", index=False)
    pd.DataFrame(LOG).to_excel(source / "ΥΥΥ.xlsx", sheet_name="ΦΦΦ", index=False)
    pd.DataFrame(ROSTER).to_excel(tmp_path / "roster.xlsx", index=False)
    (tmp_path / "caller.key").write_bytes(b"a key of the tests alone")

    settings = {
        "title": "督查",
        "source": str(source),
        "as_of": "2025-03-31",
        "period": "2025",
        "roster": str(tmp_path / "roster.xlsx"),
        "caller_key": str(tmp_path / "caller.key"),
        "output": str(tmp_path / name),
        "units": ["甲镇"],
        "workers": 1,
        "redaction": name,
    }
    path = tmp_path / f"{name}.yml"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


def unfold(name, content):
    """The bytes of a file and all that is packed inside: members of a zip, columns of Arrow, deflated texts."""
    yield content
    if name.endswith(".arrow"):
        yield pa.ipc.open_file(content).read_pandas().map(str).to_csv().encode()
    if content.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(content))
        for member in book.namelist():
            yield member.encode()
            yield from unfold(member, book.read(member))
    for packed in PACKED.findall(content):
        try:
            yield from unfold("", zlib.decompress(base64.b64decode(packed)))
        except (ValueError, zlib.error):
            continue


def read_all(folder):
    """Everything under a folder, the names of the files too: path → its text, unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): path.name
        + "\n".join(part.decode("utf-8", "ignore") for part in unfold(path.name, path.read_bytes()))
        for path in files
    }


def find_secrets(files, secrets):
    """Each secret → the files it stands in."""
    return {name: {path for path, text in files.items() if word in text} for name, word in secrets.items()}


def list_told(found):
    return {name for name, files in found.items() if files and name not in SHOWN}


UNIT = {"units/甲镇.html", "units/甲镇.ipynb"}


def test_every_secret_is_there_to_be_hidden(internal):
    folder, callers = internal
    assert list_told(find_secrets(read_all(folder), SECRETS | callers)) == {*SECRETS, *callers}


def test_the_public_version_holds_no_secret_in_any_byte(public):
    assert list_told(public) == set()


def test_every_kind_of_file_was_searched_and_what_may_not_go_out_was_not_written(public_files):
    """What reads a run's folder later, the explorer or the morning list, finds in prepared/ what was searched here."""
    written = {
        "全县通报.docx",
        "全县通报.txt",
        "年度总结.docx",
        "年度总结.txt",
        "分档表.xlsx",
        "runs.csv",
        "manifest.json",
    }
    written |= {"index.html", "county.ipynb", *UNIT, "prepared/about.json", "prepared/tried.arrow"}
    written |= {"prepared/forecasts.arrow", "prepared/legs.arrow", "prepared/orders.arrow"}
    assert written <= public_files
    assert {path for path in public_files if path.startswith(("督办单", "待修正"))} == set()


def test_the_search_reaches_what_is_packed_in_pages_and_notebooks(public):
    assert public["packed"] >= {*UNIT, "prepared/tickets.arrow"}


def test_each_page_says_what_it_hides(public):
    assert public["head of the page"] >= {"index.html", *UNIT}


@pytest.mark.long  # as long again as all before it
def test_the_version_for_a_unit_shows_its_texts_and_no_caller_no_refused_row_and_no_person_of_another(
    to_unit,
):
    assert list_told(to_unit) == set(SECRETS) - {"a refused row", "a refused row of the log"}
    texts = [
        "title",
        "content",
        "reply",
        "return_reason",
        "address",
        "sub_unit",
        "handler",
        "head of the unit",
    ]
    assert [name for name in texts if not to_unit[name] >= UNIT] == []
    assert not to_unit["head of another unit"] & UNIT
