"""Columns of names and numbers told by their values, and what is shown of them."""

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import toolkit
from toolkit.errors import SourceError
from toolkit.loading.corrections import write_refused
from toolkit.loading.mapping import write_mapping
from toolkit.loading.personal_columns import tell_kind

KEY = b"a key of sixteen"
ROWS = {
    "工单编号": ["A1", None, "A3"],
    "甲方": ["臧晓北", "鄢春", "李先生"],
    "呼入": ["13812345678", "0411-84567890", "139****5678"],
    "分管科室": ["信访科", "安监办", "城管局"],
}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["臧晓北", "王伟", "欧阳明月", "李女士", None], "caller_name"),
        (["张*", "李某某"], "caller_name"),
        (["１３８１２３４５６７８", 13912345678.0, "0411-84567890"], "caller_phone"),
        (["37990119680312455X", "379901********4555"], "caller_id_card"),
        (["石桥镇", "马集乡", "城关镇", "高新区"], ""),
        (["咨询", "求助", "投诉", "举报", "建议"], ""),
        (["供水", "供暖", "物业管理", "市容环境", "道路交通"], ""),
        (["2025-03-04 09:30", "2025-03-05"], ""),
        (["20250304000123", "20250304000124"], ""),
        ([], ""),
    ],
)
def test_the_values_tell_what_persons_data_a_column_holds(values, kind):
    assert tell_kind(values) == kind


def test_an_unknown_column_of_persons_is_masked_where_columns_are_shown(tmp_path):
    inspection = toolkit.inspect(pd.DataFrame(ROWS))
    columns = inspection.columns.set_index("header")
    assert columns["example"].tolist() == ["A1", "（已遮盖）", "（已遮盖）", "信访科"]
    assert columns.loc["呼入", "hint"].startswith("内容像联系电话，已遮盖")
    mapping = write_mapping(inspection, tmp_path / "mapping.yml").read_text(encoding="utf-8")
    assert not any(personal in mapping for personal in ("臧晓北", "1381234"))


def test_an_unknown_column_of_persons_is_masked_in_the_refused_rows(tmp_path):
    path = write_refused(toolkit.load(pd.DataFrame(ROWS), "2025-12-31", key=KEY), tmp_path / "待修正.xlsx")
    _, row = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert row[-3:] == ["（已遮盖）", "（已遮盖）", "安监办"]


def test_headers_of_callers_give_the_caller_and_two_matters_of_one_number_are_refused():
    rows = {
        "受理编号": ["A1", "A1", "A2"],
        "来信人": ["臧晓北"] * 3,
        "手机": ["13812345678"] * 3,
        "反映内容": ["路灯不亮", "井盖破损", "臧晓北又来信"],
    }
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=KEY)
    assert loaded.tickets["ticket_id"].tolist() == ["A2"]
    assert loaded.tickets["caller"].notna().all()
    assert loaded.issues.query("kind == 'refused'")["row"].tolist() == [2, 3]
    assert "臧晓北" not in loaded.tickets.to_csv() + loaded.issues.to_csv()


def test_an_error_that_shows_first_rows_shows_no_person_and_is_short(tmp_path):
    text = "路灯不亮，我家住在阳光小区，" * 20
    pd.DataFrame([["臧晓北", "13812345678", text], ["鄢春", "13912345678", "井盖"]]).to_csv(
        tmp_path / "a.csv", index=False, header=False
    )
    with pytest.raises(SourceError) as told:
        toolkit.load(tmp_path / "a.csv", "2025-12-31", key=KEY)
    assert "a.csv []: （已遮盖）, （已遮盖）, 路灯不亮，我家住在阳光小…" in str(told.value)
    assert len(str(told.value)) < 400


def test_a_number_in_the_name_of_a_file_or_a_sheet_goes_no_further(tmp_path):
    rows = pd.DataFrame({"工单编号": ["A1", None], "标题": ["停水"] * 2})
    with pd.ExcelWriter(tmp_path / "来电13812345678.xlsx", engine="xlsxwriter") as book:
        rows.to_excel(book, sheet_name="王建国13912345678", index=False)
    loaded = toolkit.load(tmp_path / "来电13812345678.xlsx", "2025-12-31", key=KEY)
    assert loaded.account[["file", "sheet", "refused"]].values.tolist() == [
        ["来电138****78.xlsx", loaded.account["sheet"][0], 1]
    ]
    frames = (loaded.tickets, loaded.issues, loaded.account, loaded.refused, loaded.headers)
    assert not any("12345678" in frame.to_csv() for frame in frames)
