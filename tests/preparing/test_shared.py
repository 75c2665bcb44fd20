"""What a run prepared, read from shared storage at an address."""

import pandas as pd
import pytest
from running.test_resume import write_run

from toolkit import open_report
from toolkit.errors import ParameterError, RunError, SourceError
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import OWN, read_report, write_report
from toolkit.preparing.run_file import read_run
from toolkit.preparing.shared import SEAL, locate, read_text, share, write_shared
from toolkit.running.source import load_run

pytest.importorskip("fsspec")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    run = read_run(write_run(folder))
    return write_report(prepare(load_run(run), run), folder / "prepared")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_report_read_at_an_address_is_the_one_of_the_folder(prepared, tmp_path, kind):
    address = "memory://a_run/prepared" if kind == "memory" else f"file://{tmp_path}"
    share(prepared, address)
    for name in (None, "乙局"):
        here, there = read_report(prepared, name), read_report(address + "/", name)
        assert there.about == here.about and len(here.tickets) == (9 if name is None else 3)
        for frame in OWN:
            pd.testing.assert_frame_equal(getattr(there, frame), getattr(here, frame))
        pd.testing.assert_frame_equal(there.counted.scorecard, here.counted.scorecard)
    assert open_report("乙局", address).tickets["unit"].unique().tolist() == ["乙局"]


def test_what_is_shared_anew_breaks_the_seal_of_before_and_touches_nothing_else(prepared):
    address = "memory://again/prepared"
    for name, text in ((SEAL, "of an earlier run"), ("notes.txt", "of somebody")):
        write_shared(address, name, text)
    share(prepared, address)
    assert (read_text(address, SEAL), read_text(address, "notes.txt")) == ("", "of somebody")


def test_an_address_with_nothing_or_of_no_known_kind_is_told(prepared, tmp_path):
    with pytest.raises(SourceError, match="nothing prepared at 'memory://empty'"):
        read_report("memory://empty")
    with pytest.raises(SourceError, match="'nowhere://x' cannot be read: Protocol not known: nowhere"):
        read_report("nowhere://x")
    with pytest.raises(RunError, match="'nowhere://x' cannot be written: Protocol not known: nowhere"):
        share(prepared, "nowhere://x")
    assert locate(str(tmp_path)) == tmp_path
    file = write_run(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("{", '{"shared": "a folder", ', 1))
    with pytest.raises(
        ParameterError, match="'shared': expected an address of shared storage, such as s3://"
    ):
        read_run(file)
