"""A report's frames on disk: whole they stand as they stood, and a report's rows are read alone."""

import pandas as pd
import pytest

from toolkit.preparing.frames import read_frame, write_by_report, write_frame

FRAME = pd.DataFrame(
    {
        "report": pd.Series(["乙局", "甲镇", "乙局", None, "丙局"], dtype="str"),
        "count": pd.array([1, None, 3, 4, 5], dtype="Int64"),
        "at": pd.to_datetime(["2025-03-01", None, "2025-03-02", "2025-03-03", "2025-03-04"]),
        "rests_on": [["1", "2"], None, [], None, ["3"]],
        "said": pd.Series(["甲", None, "<b>", "", "丁"], dtype="str"),
    }
)


def read_back(frame, tmp_path, report=None):
    write_by_report(frame, tmp_path / "told.arrow")
    return read_frame(tmp_path, "told", report)


def as_rows(frame):
    return frame.assign(rests_on=[None if cell is None else list(cell) for cell in frame["rests_on"]])


def test_a_frame_written_by_report_is_read_whole_as_it_stood(tmp_path):
    pd.testing.assert_frame_equal(as_rows(read_back(FRAME, tmp_path)), FRAME)


@pytest.mark.parametrize(("report", "counts"), [("乙局", [1, 3]), ("丙局", [5]), ("丁局", [])])
def test_the_rows_of_one_report_are_read_alone_in_their_order(tmp_path, report, counts):
    own = read_back(FRAME, tmp_path, report)
    assert own["count"].tolist() == counts and (own["report"] == report).all()
    assert own.dtypes.to_dict() == FRAME.dtypes.to_dict()


def test_an_empty_frame_keeps_its_columns(tmp_path):
    for report in (None, "乙局"):
        empty = read_back(FRAME.iloc[:0], tmp_path, report)
        assert empty.empty and empty.dtypes.to_dict() == FRAME.dtypes.to_dict()


def test_a_frame_without_reports_is_read_as_it_was_and_written_alike_twice(tmp_path):
    counts = FRAME[["count", "said"]]
    for name in ("one", "other"):
        write_frame(counts, tmp_path / f"{name}.arrow")
    pd.testing.assert_frame_equal(read_frame(tmp_path, "one"), counts)
    assert (tmp_path / "one.arrow").read_bytes() == (tmp_path / "other.arrow").read_bytes()
