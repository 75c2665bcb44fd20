"""待修正.xlsx: refused rows out, corrected rows back to where they came from."""

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import toolkit
from toolkit.errors import SourceError
from toolkit.loading.corrections import ORIGIN, write_refused

AS_OF = "2025-12-31"
ROWS = {
    "工单编号": ["A1", None, "2.02503E+13"],
    "承办单位": ["甲镇", "甲镇", "乙局"],
    "诉求人": ["王五", "赵六一", "孙七七"],
    "联系电话": ["13912345678", "13912345679", "13912345670"],
    "诉求内容": ["停水", "停电，联系13912345679", "=cmd|' /C calc'!A0"],
}


@pytest.fixture
def export(tmp_path):
    pd.DataFrame(ROWS).to_csv(tmp_path / "export.csv", index=False)
    return tmp_path / "export.csv"


@pytest.fixture
def correct(tmp_path, export):
    """Writes 待修正.xlsx, changes cells as {row: {header: value}}, and gives the corrected file."""

    def change(cells):
        write_refused(toolkit.load(export, AS_OF, key=b"k"), tmp_path / "待修正.xlsx")
        header, *rows = CalamineWorkbook.from_path(tmp_path / "待修正.xlsx").get_sheet_by_index(0).to_python()
        table = pd.DataFrame(rows, columns=header)
        for row, values in cells.items():
            table.loc[table["来源行号"].astype(int).eq(row), list(values)] = list(values.values())
        table.to_excel(tmp_path / "已修正.xlsx", index=False, engine="xlsxwriter")
        return tmp_path / "已修正.xlsx"

    return change


def test_refused_rows_stand_with_origin_reason_and_masked_cells(tmp_path, export):
    write_refused(toolkit.load(export, AS_OF, key=b"k"), tmp_path / "待修正.xlsx")
    header, *rows = CalamineWorkbook.from_path(tmp_path / "待修正.xlsx").get_sheet_by_index(0).to_python()
    table = pd.DataFrame(rows, columns=header)
    assert list(table.columns) == [*ORIGIN, *ROWS]
    assert table["来源行号"].tolist() == ["3", "4"]
    assert table["原因"].tolist() == ["无工单编号", "工单编号已被表格软件损坏"]
    assert "13912345679" not in table.to_csv()
    assert "赵六一" not in table.to_csv()


def test_corrected_cells_are_applied_and_personal_values_come_from_the_export(correct, export):
    corrected = correct({3: {"工单编号": "A2", "承办单位": "丙镇"}})
    loaded = toolkit.load(export, AS_OF, key=b"k", corrections=corrected)
    whole = toolkit.load(pd.DataFrame(ROWS | {"工单编号": ["A1", "A2", "A3"]}), AS_OF, key=b"k")
    tickets = loaded.tickets.set_index("ticket_id")
    assert tickets["unit"].to_dict() == {"A1": "甲镇", "A2": "丙镇"}
    assert tickets.loc["A2", "caller"] == whole.tickets.set_index("ticket_id").loc["A2", "caller"]
    assert tickets.loc["A2", "content"] == whole.tickets.set_index("ticket_id").loc["A2", "content"]
    assert loaded.account[["read", "tickets", "refused"]].values.tolist() == [[3, 2, 1]]


def test_an_unchanged_file_changes_nothing(correct, export):
    before, after = (
        toolkit.load(export, AS_OF, key=b"k"),
        toolkit.load(export, AS_OF, key=b"k", corrections=correct({})),
    )
    pd.testing.assert_frame_equal(before.tickets, after.tickets)
    pd.testing.assert_frame_equal(before.issues, after.issues)


def test_a_source_that_changed_meanwhile_is_refused_by_name(correct, export):
    corrected = correct({3: {"工单编号": "A2"}})
    export.write_text(export.read_text(encoding="utf-8").replace("甲镇", "丁镇"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"export\.csv has changed since: load it again"):
        toolkit.load(export, AS_OF, key=b"k", corrections=corrected)


def test_a_source_that_is_not_there_is_named(correct, export):
    corrected = correct({3: {"工单编号": "A2"}})
    other = export.rename(export.with_name("other.csv"))
    with pytest.raises(SourceError, match=r"export\.csv \[\] is not in the export"):
        toolkit.load(other, AS_OF, key=b"k", corrections=corrected)


def test_no_file_is_written_when_nothing_was_refused(tmp_path):
    loaded = toolkit.load(pd.DataFrame({"工单编号": ["A1"]}), AS_OF, key=b"k")
    assert write_refused(loaded, tmp_path / "待修正.xlsx") is None
    assert not (tmp_path / "待修正.xlsx").exists()


def test_a_column_taken_out_of_the_correction_is_told(correct, export):
    corrected = correct({3: {"工单编号": "A2"}})
    pd.read_excel(corrected, dtype=str, engine="calamine").drop(columns="承办单位").to_excel(
        corrected, index=False, engine="xlsxwriter"
    )
    with pytest.raises(SourceError, match=r"row 2: the columns are not those of export\.csv"):
        toolkit.load(export, AS_OF, key=b"k", corrections=corrected)


def test_a_file_that_is_no_correction_is_told(tmp_path, export):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="the first columns are not 来源文件、来源工作表"):
        toolkit.load(export, AS_OF, key=b"k", corrections=tmp_path / "other.csv")


def test_a_corrected_cell_is_no_longer_told_as_an_error_value(tmp_path):
    export = tmp_path / "a.csv"
    export.write_text("工单编号,承办单位,回复时间\nA1,甲镇,\n#N/A,#REF!,#N/A\n", encoding="utf-8")
    write_refused(toolkit.load(export, AS_OF, key=b"k"), tmp_path / "待修正.xlsx")
    table = pd.read_excel(tmp_path / "待修正.xlsx", dtype=str, engine="calamine")
    table.assign(工单编号="A2", 承办单位="乙局").to_excel(
        tmp_path / "已修正.xlsx", index=False, engine="xlsxwriter"
    )
    loaded = toolkit.load(export, AS_OF, key=b"k", corrections=tmp_path / "已修正.xlsx")
    assert loaded.tickets["unit"].tolist() == ["甲镇", "乙局"]
    told = loaded.issues[loaded.issues["value"].eq("#N/A")]  # the unit's and the number's are corrected
    assert told[["ticket_id", "column"]].values.tolist() == [["A2", "replied_at"]]
