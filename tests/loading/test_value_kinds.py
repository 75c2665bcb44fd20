"""What the values of a column look like."""

import pytest

from toolkit.loading.headers import read_headers
from toolkit.loading.personal_columns import tell_kind
from toolkit.loading.value_kinds import OF_PERSONS, kind_of_values, looks_like_data


@pytest.mark.parametrize(
    "values",
    [
        ["139****5678", "138****1234"],
        ["0411-84567890转8021", "13812345678"],
        ["379901********4555", "37990119680312455X"],
        ["臧晓北", "鄢春", "张*"],
    ],
)
def test_what_is_masked_as_persons_data_is_called_so_when_an_export_is_looked_at(values):
    kind, _ = kind_of_values(values, read_headers())
    assert kind == OF_PERSONS[tell_kind(values)]


def test_a_heading_that_begins_like_a_rare_surname_is_no_person():
    assert not any(map(looks_like_data, ["来源", "申请", "花名册", "车号"]))
    assert all(map(looks_like_data, ["王建国", "13812345678", "37990119680312455X", "2025-03-04", 7]))
