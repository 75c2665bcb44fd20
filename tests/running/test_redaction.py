"""Each version of a run: what it hides stands in no byte of anything that is written."""

import base64
import io
import json
import re
import zipfile
import zlib

import pandas as pd
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
}
CALLERS = {0, 1}  # the hashes of two callers, by number
SAID = {"public": "公开版：不含标题、诉求内容、", "to_unit": "送单位版：不含诉求人标识、"}
EXPORT = {
    "工单编号": ["20250001", "20250002", "20250003", None],
    "承办单位": ["甲镇", "甲镇", "乙局", "乙局"],
    "受理时间": ["2025-03-04 09:00", "2025-03-05 09:00", "2025-03-06 09:00", "2025-03-06 09:00"],
    "回复时间": ["2025-03-05 09:00", None, "2025-03-07 09:00", None],
    "问题分类": ["城乡建设/路灯"] * 4,
    "属地": ["甲镇"] * 4,
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
ROSTER = {
    "单位": ["甲镇", "乙局"],
    "第一责任人": ["ΝΝΝ", "ΡΡΡ"],
    "分管领导": ["钱某", "ΡΡΡ"],
    "承办人": ["ΞΞΞ、孙某", None],
}


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Version → everything it wrote. The internal one is only prepared: it tells what the others hide."""
    folder = tmp_path_factory.mktemp("versions")
    runs = {name: read_run(write_run(folder, name)) for name in ("internal", "to_unit", "public")}
    loaded = load_run(runs["internal"])
    write_report(prepare(loaded, runs["internal"]), folder / "internal" / "prepared")
    write_refused(loaded, folder / "internal" / "待修正.xlsx")
    for name in ("to_unit", "public"):
        written = run_batch(runs[name])
        assert written["state"].eq(WRITTEN).all(), written["error"].tolist()
    callers = dict(enumerate(loaded.tickets["caller"].dropna().unique()))
    return {name: find_secrets(read_all(folder / name), SECRETS | SAID | callers) for name in runs}


def write_run(tmp_path, name):
    """The file of a run for one version, and all that it reads."""
    source = tmp_path / "ΛΛΛ.xlsx"
    rows = pd.DataFrame(EXPORT)
    with pd.ExcelWriter(source) as book:
        rows.to_excel(book, sheet_name="ΜΜΜ", index=False)
        pd.DataFrame({"ΚΚΚ": ["只有一句话"]}).to_excel(book, sheet_name="ΚΚΚ", index=False)
    pd.DataFrame(ROSTER).to_excel(tmp_path / "roster.xlsx", index=False)
    (tmp_path / "caller.key").write_bytes(b"a key of the tests alone")

    settings = {
        "title": "督查",
        "source": str(source),
        "as_of": "2025-03-31",
        "period": "2025-03",
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
    """The bytes of a file and all that is packed inside: members of a zip, columns of Parquet, deflated texts."""
    yield content
    if name.endswith(".parquet"):
        yield pd.read_parquet(io.BytesIO(content)).map(str).to_csv().encode()
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
    return {name for name, files in found.items() if files and name not in SAID}


def test_the_internal_version_holds_every_secret(versions):
    assert list_told(versions["internal"]) == {*SECRETS, *CALLERS}


def test_the_public_version_holds_none_in_any_byte(versions):
    assert list_told(versions["public"]) == set()


def test_the_version_for_units_holds_neither_callers_nor_refused_rows(versions):
    assert list_told(versions["to_unit"]) == set(SECRETS) - {"a refused row"}


@pytest.mark.parametrize(
    "secret", ["title", "content", "reply", "return_reason", "address", "sub_unit", "handler"]
)
def test_the_page_and_the_notebook_for_a_unit_show_its_texts(versions, secret):
    assert {"units/甲镇.html", "units/甲镇.ipynb"} <= versions["to_unit"][secret]


def test_the_page_and_the_notebook_for_a_unit_name_no_person_of_another(versions):
    own = {"units/甲镇.html", "units/甲镇.ipynb"}
    assert versions["to_unit"]["head of the unit"] >= own
    assert not versions["to_unit"]["head of another unit"] & own


@pytest.mark.parametrize("name", SAID)
def test_each_page_says_what_it_hides(versions, name):
    assert {"index.html", "units/甲镇.html", "units/甲镇.ipynb"} <= versions[name][name]
