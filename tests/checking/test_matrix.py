"""The notebooks over the cases, run: what a case comes to is what is expected of it, and what is not is told."""

import pytest

from toolkit.checking import expectations, matrix
from toolkit.checking.expectations import read_kept, write_kept
from toolkit.checking.matrix import AS_EXPECTED, NOTHING_KEPT, check_matrix
from toolkit.checking.results import FAILED, PASSED
from toolkit.errors import ParameterError


@pytest.mark.long
def test_a_case_passes_and_an_expectation_that_is_not_met_names_the_ticket(tmp_path, monkeypatch):
    kept = read_kept("one_ticket")
    rows = check_matrix(["one_ticket"])
    assert [row for row in rows if row.result == FAILED] == []
    assert {row.notebook for row in rows} >= set(matrix.NOTEBOOKS)
    monkeypatch.setattr(expectations, "FOLDER", tmp_path)
    [row] = [row for row in check_matrix(["one_ticket"]) if row.check == AS_EXPECTED]
    assert row.said == (NOTHING_KEPT,)
    [[number, line]] = kept["tickets"].items()
    report, marks, _ = line.split("|")
    write_kept("one_ticket", kept | {"tickets": {number: f"{report}|{marks}|"}})
    [row] = [row for row in check_matrix(["one_ticket"], update=True) if not row.notebook and row.said]
    assert row.result == PASSED and f"1件不同：{number}" in row.said[0]
    assert read_kept("one_ticket") == kept


@pytest.mark.long
def test_a_case_that_is_none_is_named_with_those_there_are():
    with pytest.raises(
        ParameterError, match=r"no case 'smal': expected one of large, small, .*Did you mean 'small'"
    ):
        check_matrix(["smal"])
