"""Two finished runs compared: figures, the tickets that moved, causes beside the data."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from toolkit.checking import against
from toolkit.checking.against import compare_runs, is_same, say_comparison, write_comparison
from toolkit.checking.causes import explain_tickets, list_causes
from toolkit.checking.figures import Figure
from toolkit.checking.moves import compare_figures, say_changes
from toolkit.errors import SourceError
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import ABOUT, read_report, write_report
from toolkit.preparing.run_file import Run
from toolkit.running.manifest import MANIFEST, describe_run, write_manifest
from toolkit.running.source import load_run
from toolkit.schema import HIDDEN

EXPORT = {
    "工单编号": ["GD1", "GD2", "GD3"],
    "承办单位": ["城关镇", "城关镇", "水利局"],
    "受理时间": ["2025-03-03 09:00"] * 3,
    "回复时间": ["2025-03-04 09:00", "2025-03-05 09:00", None],
    "诉求内容": ["路灯不亮", "停水", "拖欠工资"],
}
TIMELY = "按期回复率（÷受理）"
THREE_DAYS = {"name": "试行", "source": "测试", "reply_limits": [{"working_days": 3}]}


@pytest.fixture(scope="module")
def finish(tmp_path_factory):
    """Writes what a finished run leaves of an export: what was prepared, and the manifest."""
    folder = tmp_path_factory.mktemp("runs")

    def make(name, export, **settings):
        pd.DataFrame(export).to_csv(folder / "export.csv", index=False)
        (folder / "caller.key").write_bytes(b"a key of the tests alone")
        usual = {"title": "督查", "as_of": "2025-03-31", "period": "2025-03", "policy": THREE_DAYS}
        usual |= {"source": str(folder / "export.csv"), "caller_key": str(folder / "caller.key")}
        run = Run(**usual | {"output": str(folder / name)} | settings)
        report = prepare(load_run(run), run)
        write_report(report, folder / name / "prepared")
        write_manifest(folder / name, describe_run(run, report), {})
        return folder / name

    return make


@pytest.fixture(scope="module")
def first(finish):
    return finish("first", EXPORT)


@pytest.fixture(scope="module")
def compared(first, finish):
    """With a run of an export in which GD1 is gone, GD2 was answered late, and GD4 is new."""
    other = {name: values[1:] + values[:1] for name, values in EXPORT.items()}
    late = ["2025-03-20 09:00", None, None]
    return compare_runs(
        first, finish("second", other | {"工单编号": ["GD2", "GD3", "GD4"], "回复时间": late})
    )


def test_the_same_run_twice_is_the_same(first):
    compared = compare_runs(first, first)
    assert is_same(compared)
    assert "两次相同，没有新数据" in "\n".join(say_comparison(compared, 100))


def test_a_figure_names_the_tickets_that_moved_and_each_ticket_says_why(compared):
    said = "\n".join(say_comparison(compared, 100))
    assert f"单位表，城关镇，{TIMELY}：100.0%（2/2） → 0.0%（0/2），3件不同：GD1、GD2、GD4" in said
    is_own = compared.moved["unit"].eq("城关镇") & compared.moved["figure"].eq(TIMELY)
    moved = compared.moved[is_own].set_index("ticket_id")
    assert moved["was"].to_dict() == {"GD1": "计入分子", "GD2": "计入分子", "GD4": "不计"}
    assert moved["now"].to_dict() == {"GD1": "不计", "GD2": "只计分母", "GD4": "只计分母"}
    assert moved["why"].to_dict() == {
        "GD1": "已不在报告中",
        "GD2": "工单有变：回复时间由2025-03-05 09:00改为2025-03-20 09:00",
        "GD4": "新进入报告",
    }
    assert compared.causes == ["导出文件：export.csv内容有变"]
    assert not is_same(compared)


def test_a_policy_that_changed_alone_is_named_with_its_limit_and_the_data_said_to_be_the_same(first, finish):
    one_day = THREE_DAYS | {"reply_limits": [{"working_days": 1}]}
    compared = compare_runs(first, finish("third", EXPORT, policy=one_day))
    assert compared.causes == ["时限办法：reply_limits.第1条.working_days由“3”改为“1”"]
    assert compared.same_data
    [why] = compared.moved.loc[compared.moved["figure"].eq(TIMELY), "why"].unique()
    assert why.startswith("工单未变，判定有变：截止时间由2025-03-06 17:30改为2025-03-04 17:30")


def read_run(folder):
    return read_report(folder / "prepared"), json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def test_an_item_of_the_scheme_that_changed_is_named(first):
    report, made = read_run(first)
    item, *rest = report.about["scheme"]["items"]
    scheme = report.about["scheme"] | {"items": [item | {"weight": "99"}, *rest]}
    told = list_causes((report, made), (replace(report, about=report.about | {"scheme": scheme}), made))
    assert told == [f"考核办法：items.{item['name']}.weight由“{item['weight']}”改为“99”"]


def test_a_part_of_the_program_that_changed_is_named_and_what_was_not_recorded_is_unknown(first):
    run = read_run(first)
    other = run[1] | {"rooms": run[1]["rooms"] | {"flagging": "0"}}
    assert list_causes(run, (run[0], other)) == ["程序：规则有改动"]
    former = {
        name: value for name, value in run[1].items() if name not in ("rooms", "policies", "parameters")
    }
    told = list_causes(run, (run[0], former))
    assert [line.split("：")[1] for line in told] == ["旧版本的运行没有记录，不能判断"] * 3


def test_the_same_number_of_other_tickets_is_a_change():
    before, after = ({("单位表", "全县", "x"): Figure("1件", {number: 1})} for number in ("GD1", "GD2"))
    changed, moved = compare_figures(before, after)
    assert say_changes(changed, moved) == ["单位表，全县，x：1件 → 1件，2件不同：GD1、GD2"]
    assert moved[["ticket_id", "was", "now"]].to_numpy().tolist() == [
        ["GD1", "计入分子", "不计"],
        ["GD2", "不计", "计入分子"],
    ]


def test_of_many_tickets_the_first_five_are_named_and_all_are_counted():
    after = {("单位表", "全县", "x"): Figure("6件", {f"GD{number}": 1 for number in range(6)})}
    assert say_changes(*compare_figures({}, after)) == [
        "单位表，全县，x：无 → 6件，6件不同：GD0、GD1、GD2、GD3、GD4等6件"
    ]


def test_the_workbook_holds_every_figure_and_every_ticket(compared, tmp_path):
    sheets = pd.read_excel(
        write_comparison(compared, tmp_path / "变动.xlsx"), sheet_name=None, engine="calamine"
    )
    counts = [len(sheets[name]) for name in ("变动的数字", "涉及的工单")]
    assert counts == [len(compared.changed), len(compared.moved)]


def test_more_tickets_than_a_sheet_holds_go_on_in_the_next(compared, tmp_path, monkeypatch):
    monkeypatch.setattr(against, "SHEET_ROWS", 2)
    path = write_comparison(compared, tmp_path / "变动.xlsx")
    sheets = pd.read_excel(path, sheet_name=None, engine="calamine")
    parts = [sheet for name, sheet in sheets.items() if name.startswith("涉及的工单")]
    assert [len(part) for part in parts[:-1]] == [2] * (len(parts) - 1)
    assert sum(map(len, parts)) == len(compared.moved)


def hide(run, *columns):
    """The run as a version that hides these columns of its tickets."""
    report, made = run
    hidden = report.tickets.assign(**dict.fromkeys(columns, HIDDEN))
    return replace(report, tickets=hidden, about=report.about | {"hidden": list(columns)}), made


def test_what_one_version_hides_has_not_changed(first):
    run = read_run(first)
    why = explain_tickets(run, hide(run, "content", "handler"), ["GD1"])
    assert why == {"GD1": "工单和时限判定未变，由依据的变化引起"}


def test_versions_that_number_their_tickets_anew_are_not_compared(first, tmp_path):
    shutil.copytree(first, tmp_path / "public")
    about = tmp_path / "public" / "prepared" / ABOUT
    told = json.loads(about.read_text(encoding="utf-8")) | {"hidden": ["ticket_id"]}
    about.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(
        SourceError,
        match=r"'public' is a version that hides the ticket numbers.*compare the runs of the internal",
    ):
        compare_runs(first, tmp_path / "public")


def test_a_folder_without_a_finished_run_is_refused(first, tmp_path):
    with pytest.raises(
        SourceError, match=r"holds no finished run: expected the output folder of `toolkit batch`"
    ):
        compare_runs(first, tmp_path)
