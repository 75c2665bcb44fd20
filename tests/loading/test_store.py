"""The store: latest state, earlier states, what changed, and nothing half written, however it is stopped."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.errors import ParameterError, StoreError, ToolkitError
from toolkit.loading import generations, store
from toolkit.loading.store import read_states, read_store, update_store

JAN, FEB, MAR = "2025-01-31", "2025-02-28", "2025-03-31"


def tickets(*numbers, **columns):
    """Tickets received on the first of January, the second, …, unless told otherwise."""
    received = [f"2025-01-{day:02} 09:00" for day in range(1, len(numbers) + 1)]
    return schema.make_tickets(
        {"ticket_id": list(numbers), "unit": "甲乡", "received_at": received} | columns
    )


def changes_of(*exports, folder, **options):
    """The rows of the last change after the exports were stored one month after another."""
    for export, moment in zip(exports, (JAN, FEB, MAR), strict=False):
        changes = update_store(export, moment, folder, **options)
    return list(changes[["ticket_id", "change", "columns"]].itertuples(index=False, name=None))


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != generations.LOCK}


# --- what changed ----------------------------------------------------------------------------------


def test_in_the_first_export_every_ticket_is_new(tmp_path):
    changes = update_store(tickets("B", "A", unit=["乙镇", None]), JAN, tmp_path)
    expected = {"ticket_id": ["A", "B"], "unit": [None, "乙镇"], "change": "new", "columns": ""}
    pd.testing.assert_frame_equal(changes, pd.DataFrame(expected, dtype="str"))


def test_what_is_read_back_is_what_was_stored(tmp_path):
    export = tickets(
        "A", "B", closed_at=["2025-01-05 10:00", None], urge_count=[None, 2], reply=["已办", None]
    )
    update_store(export, JAN, tmp_path)
    pd.testing.assert_frame_equal(read_store(tmp_path), export)


def test_columns_that_are_no_part_of_a_ticket_are_not_stored(tmp_path):
    export = tickets("A")
    update_store(clock(export, "county_default", JAN), JAN, tmp_path)
    pd.testing.assert_frame_equal(read_store(tmp_path), export)


def test_an_unchanged_ticket_adds_no_state(tmp_path):
    later = tickets("A", "B", status=["办理中", "已办结"])
    assert changes_of(tickets("A", "B", status="办理中"), later, folder=tmp_path) == [
        ("B", "changed", "工单状态")
    ]
    assert read_states(tmp_path)["ticket_id"].tolist() == ["A", "B", "B"]


def test_where_the_row_was_read_from_is_no_change(tmp_path):
    one = tickets("A", source_file="一月.xlsx", source_sheet="甲", source_row=2)
    other = tickets("A", source_file="二月.xlsx", source_sheet="乙", source_row=9)
    assert changes_of(one, other, folder=tmp_path) == []
    assert read_store(tmp_path)["source_file"].tolist() == ["一月.xlsx"]


def test_every_column_that_changed_is_named_by_its_label(tmp_path):
    before = tickets("A", "B", unit="甲乡", reply="已办", urge_count=1)
    after = tickets("A", "B", unit=["乙镇", "甲乡"], reply="已办妥", urge_count=[2, 1])
    assert changes_of(before, after, folder=tmp_path) == [
        ("A", "changed", "承办单位、催办次数、回复内容"),
        ("B", "changed", "回复内容"),
    ]


@pytest.mark.parametrize("name", ["status", "replied_at", "urge_count"])
@pytest.mark.parametrize("is_filled_first", [True, False])
def test_a_value_that_appears_or_goes_missing_is_a_change(tmp_path, name, is_filled_first):
    value = {"status": "已办结", "replied_at": "2025-01-05", "urge_count": 0}[name]
    both = [tickets("A", **{name: [value]}), tickets("A")]
    exports = both if is_filled_first else both[::-1]
    assert changes_of(*exports, folder=tmp_path) == [("A", "changed", schema.label(name))]


def test_a_change_names_the_unit_of_now_and_for_a_gone_ticket_the_last_one(tmp_path):
    before = tickets("A", "B", "C", unit=["甲乡", "甲乡", "丙局"])
    update_store(before, JAN, tmp_path)
    changes = update_store(before.iloc[[0, 2]].assign(unit=["乙镇", "丙局"]), FEB, tmp_path)
    assert changes["unit"].tolist() == ["乙镇", "甲乡"]


def test_a_ticket_missing_within_what_the_export_covers_is_gone(tmp_path):
    everything = tickets("A", "B", "C")
    assert changes_of(everything, everything.iloc[[0, 2]], folder=tmp_path) == [("B", "gone", "")]
    assert read_store(tmp_path)["ticket_id"].tolist() == ["A", "C"]
    states = read_states(tmp_path).query("ticket_id == 'B'")
    assert states["is_gone"].tolist() == [False, True]
    assert states["exported_at"].dt.date.astype(str).tolist() == [JAN, FEB]


def test_a_gone_ticket_is_said_to_be_gone_once_and_to_be_new_when_it_is_back(tmp_path):
    everything = tickets("A", "B", "C")
    without = everything.iloc[[0, 2]]
    assert changes_of(everything, without, without, folder=tmp_path) == []
    changes = update_store(everything, "2025-04-30", tmp_path)
    assert changes[["ticket_id", "change"]].to_numpy().tolist() == [["B", "new"]]
    assert len(read_store(tmp_path)) == 3


def test_the_export_of_one_month_does_not_make_another_month_gone(tmp_path):
    february = tickets("C", "D", received_at=["2025-02-01", "2025-02-27"])
    found = changes_of(tickets("A", "B"), february, folder=tmp_path)
    assert found == [("C", "new", ""), ("D", "new", "")]
    assert read_store(tmp_path)["ticket_id"].tolist() == ["A", "B", "C", "D"]


def test_the_files_of_two_months_say_nothing_about_the_month_between(tmp_path):
    year = tickets("A", "B", "C", received_at=["2025-01-10", "2025-02-10", "2025-03-10"])
    apart = year.iloc[[0, 2]].assign(source_file=["一月.xlsx", "三月.xlsx"])
    assert changes_of(year, apart, folder=tmp_path) == []


def test_a_period_given_says_what_the_export_covers(tmp_path):
    year = tickets("A", "B", "C", received_at=["2025-01-10", "2025-02-10", "2025-02-20"])
    only = year.iloc[[1]]
    update_store(year, JAN, tmp_path)
    assert update_store(only, FEB, tmp_path, covers="2025-02")["ticket_id"].tolist() == ["C"]
    assert update_store(only.iloc[:0], MAR, tmp_path, covers="2025-01")["ticket_id"].tolist() == ["A"]


def test_a_ticket_without_a_time_of_receipt_is_never_gone(tmp_path):
    everything = tickets("A", "B", "C", received_at=["2025-01-01", None, "2025-01-03"])
    assert changes_of(everything, everything.iloc[[0, 2]], folder=tmp_path) == []


def test_a_ticket_whose_row_was_refused_is_not_gone(tmp_path):
    everything = tickets("A", "B", "C")
    assert changes_of(everything, everything.iloc[[0, 2]], folder=tmp_path, refused=["B"]) == []


def test_an_empty_export_covers_nothing(tmp_path):
    assert changes_of(tickets("A"), tickets("A").iloc[:0], folder=tmp_path) == []
    assert len(read_store(tmp_path)) == 1


def test_a_store_may_begin_with_an_empty_export(tmp_path):
    assert changes_of(tickets("A").iloc[:0], folder=tmp_path) == []
    pd.testing.assert_frame_equal(read_store(tmp_path), schema.make_tickets({}), check_index_type=False)


# --- as of -----------------------------------------------------------------------------------------


def test_a_question_as_of_an_earlier_moment_is_answered_from_the_states_of_then(tmp_path):
    first = tickets("A", "B", "C", status="办理中")
    second = first.assign(status=["已办结", "办理中", "办理中"]).iloc[[0, 2]]
    update_store(first, JAN, tmp_path)
    update_store(second, FEB, tmp_path)
    pd.testing.assert_frame_equal(read_store(tmp_path, "2025-02-27"), first)
    pd.testing.assert_frame_equal(read_store(tmp_path, FEB), second.reset_index(drop=True))
    assert read_store(tmp_path, "2025-01-30").empty


def test_reading_where_nothing_is_stored_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="nothing stored in 'empty': load an export"):
        read_store(tmp_path / "empty")


# --- which exports are taken -----------------------------------------------------------------------


def test_the_same_export_again_is_no_change_at_all(tmp_path):
    export = tickets("A", "B")
    update_store(export, JAN, tmp_path)
    before = files_in(tmp_path)
    assert update_store(export, JAN, tmp_path).empty
    assert files_in(tmp_path) == before


def test_all_exports_loaded_again_in_order_change_nothing(tmp_path):
    exports = [tickets("A"), tickets("A", "B", status="办理中"), tickets("A", "B", status="已办结")]
    changes_of(*exports, folder=tmp_path)
    before = files_in(tmp_path)
    assert changes_of(*exports, folder=tmp_path) == []
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("moment", [JAN, "2025-02-27", FEB])
def test_an_export_that_is_not_newer_is_refused(tmp_path, moment):
    changes_of(tickets("A"), tickets("A", status="办理中"), folder=tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(
        StoreError, match="not newer than the store, which stands at 2025-02-28 23:59:59"
    ) as refused:
        update_store(tickets("A", status="已办结"), moment, tmp_path)
    assert "1 ticket" in str(refused.value) and "in the order of time" in str(refused.value)
    assert files_in(tmp_path) == before


def test_an_export_that_changed_nothing_still_moves_the_store_on(tmp_path):
    changes_of(tickets("A"), tickets("A"), folder=tmp_path)
    with pytest.raises(StoreError, match="stands at 2025-02-28"):
        update_store(tickets("A", status="已办结"), "2025-02-10", tmp_path)
    assert [name for name in files_in(tmp_path) if name.startswith("states")] == ["states-000001.parquet"]


def test_tickets_without_a_number_or_with_the_same_are_refused_together(tmp_path):
    with pytest.raises(StoreError, match=r"(?s)1 of 4 without ticket_id.*1 ticket_id more than once: A"):
        update_store(tickets("A", "A", None, "B"), JAN, tmp_path)
    with pytest.raises(StoreError, match="1 of 1 without ticket_id"):
        update_store(tickets("A").drop(columns="ticket_id"), JAN, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_moment_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="月底"):
        update_store(tickets("A"), "月底", tmp_path)


# --- whole or not at all ---------------------------------------------------------------------------


def test_the_same_exports_give_the_same_bytes_whatever_the_order_of_their_rows(tmp_path):
    first, second = tickets("B", "A", "C", urge_count=1), tickets("A", "D", "B", "C", urge_count=[1, 2, 3, 4])
    for name, step in (("one", 1), ("other", -1)):
        changes_of(first.iloc[::step], second.iloc[::step], folder=tmp_path / name)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "other")


def test_the_generation_before_is_kept_and_no_other(tmp_path):
    for day in range(1, 6):
        update_store(tickets("A", urge_count=day), f"2025-02-0{day}", tmp_path)
    assert sorted(files_in(tmp_path)) == ["current.json", "states-000004.parquet", "states-000005.parquet"]


def test_what_a_killed_write_left_is_ignored_and_removed_by_the_next(tmp_path):
    export = tickets("A")
    update_store(export, JAN, tmp_path)
    for name in ("states-000002.parquet", "states-000003.parquet.part", "current.json.part"):
        (tmp_path / name).write_bytes(b"PAR1 half")
    pd.testing.assert_frame_equal(read_store(tmp_path), export)
    update_store(tickets("A", "B"), FEB, tmp_path)
    assert sorted(files_in(tmp_path)) == ["current.json", "states-000001.parquet", "states-000002.parquet"]
    assert len(read_store(tmp_path)) == 2


def test_a_first_write_that_was_killed_leaves_no_store(tmp_path):
    (tmp_path / "states-000001.parquet").write_bytes(b"PAR1 half")
    with pytest.raises(StoreError, match="nothing stored"):
        read_store(tmp_path)
    assert changes_of(tickets("A"), folder=tmp_path) == [("A", "new", "")]


DAMAGES = {
    "states-000002.parquet is cut off": lambda folder: cut(folder / "states-000002.parquet"),
    "states-000002.parquet is missing": lambda folder: (folder / "states-000002.parquet").unlink(),
    "current.json cannot be read": lambda folder: cut(folder / "current.json"),
    "current.json is missing": lambda folder: (folder / "current.json").unlink(),
}


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("told", DAMAGES)
def test_a_damaged_store_is_told_with_what_to_do_and_left_alone(tmp_path, told):
    changes_of(tickets("A"), tickets("B"), folder=tmp_path)
    DAMAGES[told](tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(StoreError, match=f"damaged: {told}.*load the exports again"):
        read_store(tmp_path)
    with pytest.raises(ToolkitError, match=told):
        update_store(tickets("C"), MAR, tmp_path)
    assert files_in(tmp_path) == before


def test_a_reader_overtaken_by_two_writes_reads_the_newest(tmp_path, monkeypatch):
    update_store(tickets("A"), JAN, tmp_path)
    old = json.loads((tmp_path / "current.json").read_text(encoding="utf-8"))
    changes_of(tickets("A"), tickets("A", "B"), tickets("A", "B", "C"), folder=tmp_path)
    read_pointer, first = generations._read_pointer, iter([old])
    monkeypatch.setattr(
        generations, "_read_pointer", lambda folder: next(first, None) or read_pointer(folder)
    )
    assert len(read_store(tmp_path)) == 3


def test_a_store_written_before_a_column_was_added_is_still_read(tmp_path, monkeypatch):
    with monkeypatch.context() as older:
        fewer = [column for column in schema.TICKETS if column.name != "exclusion"]
        older.setattr(schema, "TICKETS", fewer)
        older.setattr(store, "COMPARED", [name for name in store.COMPARED if name != "exclusion"])
        update_store(tickets("A"), JAN, tmp_path)
    pd.testing.assert_frame_equal(read_store(tmp_path), tickets("A"))
    assert update_store(tickets("A", exclusion="通过"), FEB, tmp_path)["columns"].tolist() == ["剔除状态"]


# --- one writer ------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_the_first_is_named(tmp_path):
    tmp_path.joinpath("store").mkdir()
    with (
        generations.sole_writer(tmp_path / "store"),
        pytest.raises(StoreError, match=f"written by.*{os.getpid()}.*wait"),
    ):
        update_store(tickets("A"), JAN, tmp_path / "store")
    assert changes_of(tickets("A"), folder=tmp_path / "store") == [("A", "new", "")]


def test_reading_does_not_wait_for_a_writer(tmp_path):
    update_store(tickets("A"), JAN, tmp_path)
    with generations.sole_writer(tmp_path):
        assert len(read_store(tmp_path)) == 1


def test_the_lock_of_a_killed_writer_is_taken_over(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from toolkit.loading.generations import sole_writer\n"
        "with sole_writer(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline().strip() == b"held"
        with pytest.raises(StoreError, match=str(writer.pid)):
            update_store(tickets("A"), JAN, tmp_path)
        writer.kill()
    assert (tmp_path / generations.LOCK).read_text().strip() == str(writer.pid)
    assert changes_of(tickets("A"), folder=tmp_path) == [("A", "new", "")]


def test_windows_own_lock_is_asked_where_there_is_no_other(tmp_path, monkeypatch):
    held = []

    def locking(handle, mode, count):
        if held:
            raise PermissionError(13, "Permission denied")
        held.append(os.lseek(handle, 0, os.SEEK_CUR))

    monkeypatch.setattr(generations, "fcntl", None)
    monkeypatch.setattr(generations, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2), raising=False)
    assert changes_of(tickets("A"), folder=tmp_path) == [("A", "new", "")]
    with pytest.raises(StoreError, match=f"written by another process .{os.getpid()}."):
        update_store(tickets("A"), FEB, tmp_path)
    assert held == [generations.LOCKED_BYTE]


def test_a_file_that_windows_holds_for_a_moment_is_tried_again(tmp_path, monkeypatch):
    refusals, replace = iter([True, True]), Path.replace

    def refusing(path, target):
        if next(refusals, False):
            raise PermissionError(13, "Access is denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    assert changes_of(tickets("A"), folder=tmp_path) == [("A", "new", "")]
    assert len(read_store(tmp_path)) == 1


# --- every sequence, every moment ------------------------------------------------------------------

RECEIVED = {"A": "2025-01-01", "B": "2025-01-02", "C": "2025-01-03", "D": "2025-01-04", "E": None}


def numbered(counts):
    """Tickets from number → how often urged, received as RECEIVED says."""
    received = [RECEIVED[number] for number in counts]
    rows = {"ticket_id": list(counts), "received_at": received, "urge_count": list(counts.values())}
    return schema.make_tickets(pd.DataFrame(rows, columns=list(rows)))


def follow(known, export):
    """What is known after an export, told ticket by ticket."""
    days = [RECEIVED[number] for number in export if RECEIVED[number]]
    is_covered = {n: bool(days and RECEIVED[n]) and min(days) <= RECEIVED[n] <= max(days) for n in known}
    return {n: count for n, count in known.items() if n in export or not is_covered[n]} | export


EXPORTS = st.dictionaries(st.sampled_from(sorted(RECEIVED)), st.sampled_from([None, 0, 1]))


@examples(20)
@given(st.lists(EXPORTS, min_size=1, max_size=5))
def test_after_any_exports_the_store_knows_what_was_known_at_each(exports):
    known = [{}]
    with tempfile.TemporaryDirectory() as folder:
        for day, export in enumerate(exports, 1):
            changes = update_store(numbered(export), f"2025-02-{day:02}", folder)
            before, after = known[-1], follow(known[-1], export)
            known.append(after)
            both = before.keys() & after.keys()
            expected = {n: "new" for n in after.keys() - before.keys()}
            expected |= {n: "gone" for n in before.keys() - after.keys()}
            expected |= {n: "changed" for n in both if before[n] != after[n]}
            assert dict(zip(changes["ticket_id"], changes["change"], strict=True)) == expected
        for day, counts in enumerate(known[1:], 1):
            expected = numbered(dict(sorted(counts.items())))
            found = read_store(folder, as_of=f"2025-02-{day:02}")
            pd.testing.assert_frame_equal(found, expected, check_index_type=False)


class Stopped(BaseException):
    """Stands for the end of the process at one step."""


@pytest.mark.parametrize("is_first", [True, False])
def test_a_write_stopped_at_any_step_leaves_the_old_store_or_the_new(tmp_path, monkeypatch, is_first):
    exports = [tickets("A", urge_count=number) for number in range(3)]
    outcomes = []
    for step in range(30):
        folder = tmp_path / str(step)
        if not is_first:
            changes_of(exports[0], exports[0].assign(urge_count=9), folder=folder)
        with monkeypatch.context() as stopped:
            stop_at(stopped, step)
            try:
                update_store(exports[1], MAR, folder)
                break
            except Stopped:
                pass
        outcomes.append(
            int(read_store(folder)["urge_count"][0]) if (folder / "current.json").exists() else None
        )
        update_store(exports[2], "2025-04-30", folder)
        pd.testing.assert_frame_equal(read_store(folder), exports[2])
        assert not list(folder.glob("*.part"))
    old = None if is_first else 9
    assert outcomes == sorted(outcomes, key=[old, 1].index) and {old, 1} == set(outcomes)


def stop_at(monkeypatch, step):
    """The step-th call that has opened, or is to flush, rename or remove a file ends the process."""
    left = iter([False] * step)

    def stopping(action, is_done):
        def act(*arguments, **options):
            result = action(*arguments, **options) if is_done else None
            if next(left, True):
                raise Stopped
            return result if is_done else action(*arguments, **options)

        return act

    monkeypatch.setattr(Path, "open", stopping(Path.open, is_done=True))  # a file to be written is empty now
    for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink")):
        monkeypatch.setattr(owner, name, stopping(getattr(owner, name), is_done=False))


# --- killed ----------------------------------------------------------------------------------------

WRITER = """
import sys
import pandas as pd
from toolkit.loading.store import update_store
table = pd.read_parquet(sys.argv[1])
update_store(table.head(100), "2025-01-01", sys.argv[3])  # the first of a process is slow
print("ready", flush=True)
number = int(sys.stdin.readline())
while True:
    export = table.head(100 + number).assign(rework_count=number)
    update_store(export, pd.Timestamp("2025-01-01") + pd.Timedelta(hours=number), sys.argv[2])
    print(number, flush=True)
    number += 1
"""


def start_writer(*arguments):
    """A process that is ready to store export after export once it is told the first number."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", WRITER, *arguments], stdin=pipe, stdout=pipe, text=True)


def kill_writer(writer, number, delay, in_files_of=None):
    """Let it store from that number on and kill it after the delay; the last number it said was stored.

    in_files_of: the folder, for a delay that begins when files are being written, a small part of a write.
    """
    assert writer.stdout.readline().strip() == "ready"
    writer.stdin.write(f"{number}\n")
    writer.stdin.flush()
    for _ in range(2000 if in_files_of else 0):
        if any(in_files_of.glob("*.part")):
            break
        time.sleep(0.0005)
    time.sleep(delay)
    writer.kill()
    said, _ = writer.communicate()
    return max([number - 1, *map(int, said.split())])


def export_of(table, number):
    """The growing export of that number, which every ticket carries."""
    return schema.make_tickets(table.head(100 + number).assign(rework_count=number))


def store_export(table, number, folder):
    """Store it here; gives the number and the seconds it took."""
    began = time.perf_counter()
    update_store(export_of(table, number), pd.Timestamp("2025-01-01") + pd.Timedelta(hours=number), folder)
    return number, time.perf_counter() - began


def find_whole_export(table, folder):
    """The number of the export that the store holds, every ticket of it and every state before."""
    found = read_store(folder)
    number = int(found["rework_count"].iloc[0])
    pd.testing.assert_frame_equal(found, export_of(table, number))
    counts = read_states(folder).groupby("exported_at").size().tolist()
    assert counts == [100 + earlier for earlier in range(number + 1)]
    return number


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.long)])
def test_a_writer_killed_at_any_moment_leaves_a_whole_store(tmp_path, kills):
    folder, chance = tmp_path / "store", random.Random(20250101)
    numbers = [f"T{number:05}" for number in range(1000)]
    table = schema.make_tickets({"ticket_id": numbers, "received_at": "2025-01-01", "content": "路灯不亮"})
    table.to_parquet(tmp_path / "table.parquet")
    stored, duration = store_export(table, 0, folder)
    writer = start_writer(tmp_path / "table.parquet", folder, tmp_path / "warm")
    is_amid, is_after = [], []
    for kill in range(kills):
        following = start_writer(tmp_path / "table.parquet", folder, tmp_path / f"warm{kill}")  # meanwhile
        if kill % 2:
            said = kill_writer(writer, stored + 1, chance.uniform(0, 3) * duration)
        else:
            said = kill_writer(writer, stored + 1, chance.uniform(0, 0.008), in_files_of=folder)
        is_amid.append(len(list(folder.iterdir())) > 4)  # more than the lock, the pointer, two generations
        is_after.append(said > stored)
        number = find_whole_export(table, folder)
        assert said <= number <= said + 1
        stored, duration = store_export(table, number + 1, folder)
        writer = following
    writer.kill()
    writer.communicate()
    if kills == 50:
        assert any(is_amid) and any(is_after) and not all(is_after)
