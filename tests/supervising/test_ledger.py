"""The register between runs: the office's cells come back whatever was done to the rows, and nothing in it is lost."""

import json
import shutil
from datetime import datetime

import pandas as pd
import pytest
import xlsxwriter
from cases.registers import edit, put, read_rows
from cases.supervising import AS_OF, enter, judge

from toolkit.errors import RegisterError
from toolkit.supervising import swap
from toolkit.supervising.ledger import Ledger, read_register, write_register
from toolkit.supervising.swap import beside, find_copy

LATER = "2025-06-18 12:00"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A register of three orders, written."""
    path = tmp_path_factory.mktemp("written") / "督办台账.xlsx"
    register = enter(None, {}, {"ticket_id": "t1"}, {"unit": "乙镇", "ticket_id": "t2"})
    return write_register(path, Ledger(register, read_register(path, AS_OF).changes), AS_OF)


@pytest.fixture
def path(written, tmp_path):
    """The register and what stands beside it, in a folder of the test's own."""
    shutil.copytree(written.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / written.name


def again(path, as_of=LATER):
    """The next run: read, judge, write; gives what was read back and what was told."""
    ledger = read_register(path, as_of)
    entries = judge(ledger.entries, {}, {}, {"unit": "乙镇"}, as_of=as_of)
    write_register(path, ledger._replace(entries=entries), as_of)
    return entries.set_index("number"), ledger.changes


FIRST, SECOND, THIRD = "督办〔2025〕1号-1", "督办〔2025〕1号-2", "督办〔2025〕2号-1"


def test_what_is_written_is_read_back_the_same(path):
    ledger = read_register(path, AS_OF)
    assert ledger.entries["number"].tolist() == [FIRST, SECOND, THIRD]
    assert ledger.changes.empty
    assert ledger.is_current
    before = path.read_bytes(), find_copy(path).read_bytes()
    again(path, AS_OF)
    assert (path.read_bytes(), find_copy(path).read_bytes()) == before


def test_the_same_register_is_written_the_same_byte_for_byte(path, tmp_path):
    ledger = read_register(path, AS_OF)
    written = [
        write_register(tmp_path / name / "督办台账.xlsx", ledger, AS_OF).read_bytes() for name in ("a", "b")
    ]
    assert written[0] == written[1]


def test_the_offices_cells_are_read_by_number_wherever_the_row_stands(path):
    def change(rows):
        put(SECOND, 反馈时间="6月16日", 签收时间="2025年6月11日", 办理情况="=1+1", 备注="已电话催办")(rows)
        return [row[::-1] for row in [rows[0], rows[3], rows[1], rows[2]]]

    edit(path, change)
    entries, changes = again(path)
    found = entries.loc[SECOND]
    assert found[["signed", "fed_back", "handling", "remark"]].tolist() == [
        "2025-06-11",
        "2025-06-16",
        "=1+1",
        "已电话催办",
    ]
    assert found["state"] == "已反馈（按时）"
    assert changes.empty
    assert entries.loc[[FIRST, THIRD], "fed_back"].isna().all()


def test_dates_of_the_spreadsheet_count_as_dates_and_words_as_untimed(path):
    edit(path, put(FIRST, 反馈时间=datetime(2025, 6, 17, 16, 30)))
    edit(path, put(SECOND, 反馈时间="已报送"))
    entries, _ = again(path)
    assert entries.loc[FIRST, ["fed_back", "state"]].tolist() == ["2025-06-17 16:30", "已反馈（按时）"]
    assert entries.loc[SECOND, ["fed_back", "state"]].tolist() == ["已报送", "时间不明"]
    heads, first, second, _ = read_rows(path)
    place = heads.index("反馈时间")
    assert first[place] == datetime(2025, 6, 17, 16, 30)
    assert second[place] == "已报送"


def test_a_deleted_row_comes_back_and_is_told(path):
    edit(path, put(SECOND, 办理情况="已现场核实"))
    again(path)
    edit(path, lambda rows: [row for row in rows if SECOND not in row])
    entries, changes = again(path)
    assert entries.loc[SECOND, "handling"] == "已现场核实"
    assert changes[["found_on", "number", "kind"]].to_numpy().tolist() == [
        ["2025-06-18", SECOND, "行已被删除，已恢复"]
    ]
    assert SECOND in [row[0] for row in read_rows(path)]


def test_a_deleted_workbook_comes_back_from_the_copy(path):
    edit(path, put(SECOND, 办理情况="已现场核实"))
    again(path)
    path.unlink()
    assert again(path)[0].loc[SECOND, "handling"] == "已现场核实"
    assert path.is_file()


def test_a_lost_copy_is_made_from_the_workbook_and_numbers_go_on(path):
    edit(path, put(SECOND, 办理情况="已现场核实"))
    edit(path, lambda rows: [rows[0], *rows[:0:-1]])
    find_copy(path).unlink()
    ledger = read_register(path, LATER)
    assert ledger.entries["number"].tolist() == [FIRST, SECOND, THIRD]
    assert ledger.changes["kind"].tolist() == ["底稿缺失，按表中内容恢复"]
    entries = enter(ledger.entries, {"ticket_id": "t9"}, as_of=LATER)
    assert entries["number"].tolist()[-1] == "督办〔2025〕3号-1"
    assert entries["handling"].tolist()[1] == "已现场核实"
    assert str(entries["answer_by"].iloc[0]) == "2025-06-17 23:59:59"


def test_what_the_program_fills_in_is_restored_and_told(path):
    edit(path, put(FIRST, 状态="已反馈（按时）", 反馈期限="2025-12-31", 等级="一般督办"))
    entries, changes = again(path)
    assert entries.loc[FIRST, "state"] == "逾期未反馈"
    assert str(entries.loc[FIRST, "answer_by"]) == "2025-06-17 23:59:59"
    assert changes["column"].tolist() == ["反馈期限", "状态"]
    assert changes["said"].tolist()[0] == "表内为“2025-12-31”，台账为“2025-06-17”"


def test_rows_of_no_entry_are_told_with_all_they_hold(path):
    def change(rows):
        heads = rows[0]
        strange = [None] * len(heads)
        strange[heads.index("办理情况")] = "另补一件"
        repeated = list(rows[1])
        repeated[heads.index("备注")] = "另抄一行"
        wrong = ["督办〔2025〕99号-1", *[None] * (len(heads) - 1)]
        return [*rows, strange, repeated, wrong]

    edit(path, change)
    entries, changes = again(path)
    told = dict(zip(changes["kind"], changes["said"], strict=True))
    assert told["没有编号的行，未登记"] == "办理情况：另补一件"
    assert "编号不在台账，未登记" in told
    assert "另抄一行" in told["编号重复"]
    assert entries.loc[FIRST, "remark"] == "另抄一行"  # the other row says nothing there
    again(path)
    assert len(read_register(path, LATER).changes) == 3  # told until the office takes it out of the sheet


def test_two_rows_that_differ_are_told_and_the_first_is_kept(path):
    def change(rows):
        place = rows[0].index("办理情况")
        other = list(rows[1])
        rows[1][place], other[place] = "已修复", "未修复"
        return [*rows, other]

    edit(path, change)
    entries, changes = again(path)
    assert entries.loc[FIRST, "handling"] == "已修复"
    assert changes[changes["kind"].eq("两处填写不一")]["said"].tolist() == [
        "此处为“已修复”",
        "此处为“未修复”",
    ]


def test_rows_moved_to_a_sheet_of_the_offices_own_are_read_and_that_sheet_is_kept(path):
    heads, *rows = read_rows(path)
    rows[1][heads.index("办理情况")] = "已修复"
    with xlsxwriter.Workbook(path) as book:
        for name, kept in (("督办台账", rows[:1] + rows[2:]), ("已办", rows[:2])):
            page = book.add_worksheet(name)
            for at, row in enumerate([heads, *kept]):
                page.write_row(at, 0, [str(cell) for cell in row])
    entries, changes = again(path)
    assert entries.loc[SECOND, "handling"] == "已修复"
    assert changes["kind"].tolist() == ["自加的工作表不随新台账写出，原文件另存"]
    assert read_rows(path.with_name("督办台账（原表第1版）.xlsx"), "已办")[2][0] == SECOND


def test_the_offices_further_columns_stay(path):
    def change(rows):
        rows[0].append("包案领导")
        rows[2].append("张三")

    edit(path, change)
    assert again(path)[0].loc[SECOND, "包案领导"] == "张三"
    again(path)
    assert read_register(path, LATER).entries["包案领导"].tolist()[1] == "张三"


def test_a_column_taken_out_comes_back_with_its_cells_and_a_cleared_cell_is_told(path):
    edit(path, put(FIRST, 办理情况="已修复", 备注="一"))
    again(path)

    def change(rows):
        put(FIRST, 备注=None)(rows)
        return [[cell for place, cell in enumerate(row) if rows[0][place] != "办理情况"] for row in rows]

    edit(path, change)
    entries, changes = again(path)
    assert entries.loc[FIRST, "handling"] == "已修复"
    assert pd.isna(entries.loc[FIRST, "remark"])
    assert set(changes["kind"]) == {"栏目已被删除或改名，已按原内容恢复", "内容已清空"}


def test_a_renamed_column_stays_as_the_office_s_own_and_it_is_told_where_its_cells_are(path):
    def change(rows):
        put(FIRST, 反馈时间="2025-06-12")(rows)
        rows[0][rows[0].index("反馈时间")] = "反馈时间（县局）"

    edit(path, change)
    entries, changes = again(path)
    assert entries.loc[FIRST, "反馈时间（县局）"] == "2025-06-12" and pd.isna(entries.loc[FIRST, "fed_back"])
    [told] = changes.to_dict("records")
    assert told["column"] == "反馈时间" and "表内新加的栏“反馈时间（县局）”照留" in told["said"]


def test_headings_are_known_with_spaces_and_line_breaks_in_them_and_below_a_title(path):
    def change(rows):
        put(FIRST, 办理情况="已修复")(rows)
        rows[0] = [{"编号": "编 号", "办理情况": "办理\n情况"}.get(head, head) for head in rows[0]]
        return [["某县督办台账"], *rows]

    edit(path, change)
    entries, changes = again(path)
    assert entries.loc[FIRST, "handling"] == "已修复" and changes.empty


def test_a_register_saved_as_another_kind_of_file_is_not_taken_for_none(path):
    path.rename(path.with_suffix(".xls"))
    with pytest.raises(
        RegisterError, match=r"没有 督办台账\.xlsx，同一文件夹有 督办台账\.xls：.*另存为 督办台账\.xlsx"
    ):
        read_register(path, LATER)


@pytest.mark.parametrize("lock", ["~$督办台账.xlsx", ".~lock.督办台账.xlsx#"])
def test_while_it_is_open_the_new_one_stands_beside_and_both_are_read(path, lock):
    (path.parent / lock).touch()
    again(path)
    assert beside(path).is_file()
    edit(path, put(FIRST, 办理情况="在旧表填"))
    edit(beside(path), put(SECOND, 办理情况="在新表填"))
    with pytest.raises(RegisterError, match="请保存并关闭两个文件后再运行"):
        read_register(path, LATER)
    (path.parent / lock).unlink()
    entries, changes = again(path)
    assert entries.loc[[FIRST, SECOND], "handling"].tolist() == ["在旧表填", "在新表填"]
    assert changes.empty
    assert not beside(path).exists()
    assert read_register(path, LATER).entries["handling"].tolist()[:2] == ["在旧表填", "在新表填"]


def test_opened_just_before_it_is_replaced_the_new_one_stands_beside(path, monkeypatch):
    before, whole = path.read_bytes(), swap.write_whole

    def refuse(target, content):
        if target == path:
            raise PermissionError
        whole(target, content)

    monkeypatch.setattr(swap, "write_whole", refuse)  # as Windows does with a file that Excel has open
    again(path)
    assert path.read_bytes() == before
    monkeypatch.undo()
    assert again(path)[1].empty
    assert not beside(path).exists()


def test_what_the_office_saves_while_a_run_goes_on_is_not_overwritten(path):
    ledger = read_register(path, LATER)
    edit(path, put(FIRST, 办理情况="已修复"))
    written = write_register(path, ledger, LATER)
    assert written == beside(path)
    assert again(path)[0].loc[FIRST, "handling"] == "已修复"
    assert not beside(path).exists()


def test_two_runs_at_once_do_not_give_the_same_numbers(path):
    first, second = (read_register(path, LATER) for _ in range(2))
    entries = [
        enter(one.entries, {"ticket_id": name}, as_of=LATER) for one, name in ((first, "x"), (second, "y"))
    ]
    write_register(path, first._replace(entries=entries[0]), LATER)
    with pytest.raises(RegisterError, match="请重新运行一次"):
        write_register(path, second._replace(entries=entries[1]), LATER)


def test_a_workbook_left_over_from_an_earlier_time_changes_nothing_and_is_told(path):
    edit(path, put(FIRST, 办理情况="旧"))
    beside(path).write_bytes(path.read_bytes())
    edit(path, put(FIRST, 办理情况="新"))
    entries, changes = again(path)
    assert entries.loc[FIRST, "handling"] == "新"
    assert changes["kind"].tolist() == ["旧文件中的改动，未采用"]


def test_killed_between_the_copy_and_the_workbook_nothing_is_deleted_or_told(path):
    former = path.read_bytes()
    ledger = read_register(path, LATER)
    entries = enter(ledger.entries, {"ticket_id": "t9"}, as_of=LATER)
    write_register(path, ledger._replace(entries=entries), LATER)
    path.write_bytes(former)
    edit(path, put(FIRST, 办理情况="已修复"))
    ledger = read_register(path, LATER)
    assert len(ledger.entries) == 4
    assert ledger.entries["handling"].tolist()[0] == "已修复"
    assert ledger.changes.empty
    assert not ledger.is_current


def test_a_register_without_an_order_is_written_and_read_all_the_same(tmp_path):
    path = tmp_path / "督办台账.xlsx"
    write_register(path, read_register(path, AS_OF), AS_OF)
    assert read_rows(path, "汇总")[1][:2] == ["全县", 0]
    ledger = read_register(path, AS_OF)
    assert ledger.entries.empty
    assert ledger.changes.empty
    find_copy(path).unlink()
    assert read_register(path, AS_OF).entries.empty


def test_what_cannot_be_read_is_refused_and_left_alone(path):
    path.write_bytes(b"no workbook")
    with pytest.raises(RegisterError, match="没有“编号”和签收时间等表头"):
        read_register(path, LATER)
    find_copy(path).write_text(json.dumps({"edition": 1}), encoding="utf-8")
    with pytest.raises(RegisterError, match="底稿"):
        read_register(path, LATER)
    assert path.read_bytes() == b"no workbook"


def test_where_nothing_can_be_written_the_reason_is_said(tmp_path):
    (tmp_path / "desk").write_text("a file where the folder should be", encoding="utf-8")
    path = tmp_path / "desk" / "督办台账.xlsx"
    with pytest.raises(RegisterError, match="督办台账写不出来"):
        write_register(path, read_register(tmp_path / "督办台账.xlsx", AS_OF), AS_OF)
