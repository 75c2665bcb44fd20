"""The manifest of a run that goes on: written at its beginning and end, meanwhile once a second."""

import pytest

from toolkit.running import manifest
from toolkit.running.manifest import keep_manifest, read_made


def test_many_reports_within_a_second_are_written_down_once_more_at_the_end(tmp_path):
    made = {}
    with keep_manifest(tmp_path, {}, made) as keep:
        assert read_made(tmp_path) == {}
        for name in ("甲镇", "乙局"):
            made[name] = {"fingerprint": name}
            keep()
        assert read_made(tmp_path) == {}
    assert set(read_made(tmp_path)) == {"甲镇", "乙局"}


def test_what_is_a_second_old_is_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "EVERY", 0)
    made = {}
    with keep_manifest(tmp_path, {}, made) as keep:
        made["甲镇"] = {"fingerprint": "甲镇"}
        keep()
        assert set(read_made(tmp_path)) == {"甲镇"}


def test_what_was_made_is_written_down_however_the_run_ends(tmp_path):
    made = {}
    with pytest.raises(KeyboardInterrupt), keep_manifest(tmp_path, {}, made):
        made["甲镇"] = {"fingerprint": "甲镇"}
        raise KeyboardInterrupt
    assert set(read_made(tmp_path)) == {"甲镇"}
