"""The desk: nothing ticked is lost, whoever writes beside, whatever is killed, whatever the file holds."""

import multiprocessing
import os
import random
import threading
import time

import pytest

from toolkit.presenting.exploring import desk
from toolkit.presenting.exploring.desk import read_desk, save_desk

TICK = {"level": "二级", "days": 3, "note": "催"}


def ticks_of(folder):
    return read_desk(folder)["ticks"]


def test_a_desk_never_used_is_empty_and_says_nothing(tmp_path):
    assert read_desk(tmp_path / "none") == {"ticks": {}}


def test_what_was_saved_is_read_back_with_all_its_characters(tmp_path):
    hostile = '</script>"\n\u2028\ud800'
    save_desk(tmp_path, {"ticks": {"A": TICK | {"note": "张家“沟”"}}, "where": {"unit": ["苇渡乡", None]}})
    given = save_desk(tmp_path, {"ticks": {"B": {"note": hostile}}, "view": "今日到期"})
    read = read_desk(tmp_path)
    assert read == {**given, "ticks": {**given["ticks"], "B": read["ticks"]["B"]}}
    assert read["ticks"]["A"]["note"] == "张家“沟”"
    assert read["where"] == {"unit": ["苇渡乡", None]} and read["view"] == "今日到期"
    assert read["ticks"]["B"]["note"].startswith('</script>"\n\u2028')


def test_two_tabs_lose_none_of_each_others_ticks(tmp_path):
    first = second = read_desk(tmp_path)
    save_desk(tmp_path, first | {"ticks": {"A": TICK}})
    save_desk(tmp_path, second | {"ticks": {"B": TICK}})
    assert ticks_of(tmp_path) == {"A": TICK, "B": TICK}


def test_a_tick_is_taken_off_by_name_alone(tmp_path):
    save_desk(tmp_path, {"ticks": {"A": TICK, "B": TICK}})
    assert save_desk(tmp_path, {"ticks": {"A": None, "never there": None}})["ticks"] == {"B": TICK}
    assert ticks_of(tmp_path) == {"B": TICK}


def test_of_one_ticket_the_last_word_holds_and_the_other_tabs_words_on_others_stay(tmp_path):
    save_desk(tmp_path, {"ticks": {"A": TICK, "B": TICK, "C": TICK}})
    save_desk(tmp_path, {"ticks": {"A": {"note": "另一页"}, "B": {"note": "另一页"}}})
    save_desk(tmp_path, {"ticks": {"B": {"note": "本页"}, "C": None, "D": TICK}})
    assert ticks_of(tmp_path) == {"A": {"note": "另一页"}, "B": {"note": "本页"}, "D": TICK}


@pytest.mark.parametrize("spoilt", [b"", b'{"ticks": {"A"', b"null", b"[]", b'{"ticks": []}', b"\xff\x00"])
def test_a_file_that_cannot_be_read_gives_the_one_before_and_a_message(tmp_path, spoilt):
    save_desk(tmp_path, {"ticks": {"A": TICK}})
    save_desk(tmp_path, {"ticks": {"B": TICK}})
    (tmp_path / desk.DESK).write_bytes(spoilt)
    read = read_desk(tmp_path)
    assert list(read["ticks"]) == ["A"]
    assert f"{tmp_path.name}/desk.json）无法读取：已读入上一次保存的内容" in read["trouble"]
    save_desk(tmp_path, read | {"ticks": {"C": TICK}})
    assert list(ticks_of(tmp_path)) == ["A", "C"] and "trouble" not in read_desk(tmp_path)
    assert (tmp_path / desk.UNREADABLE).read_bytes() == spoilt
    assert list(desk._read_state(tmp_path / desk.PREVIOUS)["ticks"]) == ["A"]


def test_where_both_files_are_spoilt_the_desk_is_empty_and_says_so(tmp_path):
    for name in (desk.DESK, desk.PREVIOUS):
        (tmp_path / name).write_bytes(b"{")
    assert read_desk(tmp_path)["ticks"] == {}
    assert "勾选从空白开始" in read_desk(tmp_path)["trouble"]


def test_tabs_that_write_at_the_same_moment_wait_for_each_other(tmp_path):
    tabs = [
        threading.Thread(
            target=lambda tab=tab: [save_desk(tmp_path, {"ticks": {f"{tab}-{n}": TICK}}) for n in range(10)]
        )
        for tab in range(4)
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(ticks_of(tmp_path)) == 40


def keep_ticking(folder, first, said):
    for number in range(first, first + 100_000):
        save_desk(folder, {"ticks": {str(number): TICK}})
        os.write(said, f"{number}\n".encode())


@pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")
def test_a_killed_process_loses_no_tick_that_was_saved(tmp_path):
    chance, first = random.Random(3), 0
    for _ in range(25):
        hears, says = os.pipe()
        writer = multiprocessing.get_context("fork").Process(
            target=keep_ticking, args=(tmp_path, first, says)
        )
        writer.start()
        os.close(says)
        wanted, said = chance.randint(1, 4), b""
        while said.count(b"\n") < wanted:
            told = os.read(hears, 1)
            assert told, "the writer ended by itself"
            said += told
        time.sleep(chance.uniform(0, 0.004))  # a write takes about as long
        writer.kill()
        writer.join()
        while told := os.read(hears, 10_000):
            said += told
        os.close(hears)
        read = read_desk(tmp_path)
        assert "trouble" not in read
        last = int(said.split()[-1])
        assert {str(number) for number in range(last + 1)} <= set(read["ticks"])
        first = last + 1
