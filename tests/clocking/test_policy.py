"""Parameter files: typed, every mistake named at once, with the right spelling."""

import pandas as pd
import pytest

from toolkit.clocking.policy import read_policy
from toolkit.errors import ParameterError, PolicyError
from toolkit.loading.headers import read_headers
from toolkit.period import parse_as_of, parse_period
from toolkit.preparing.run_file import read_run
from toolkit.settings import PROJECT


def test_a_policy_file_with_two_mistakes_names_both(tmp_path):
    path = tmp_path / "bad.yml"
    path.write_text("name: x\nsource: y\ndue_form: platform_first\nlead_working_days: -1\n", encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        read_policy(str(path))
    said = str(raised.value)
    assert "bad.yml: 2 mistake(s)" in said
    assert "'due_form' is not a setting. Did you mean 'due_from'?" in said
    assert "'lead_working_days': Input should be greater than or equal to 0, found -1" in said


def test_a_missing_policy_names_those_there_are():
    with pytest.raises(
        PolicyError, match=r"no policy 'county_defualt'.*county_default.*Did you mean 'county_default'"
    ):
        read_policy("county_defualt")


def test_a_mistake_deep_in_a_file_says_where():
    with pytest.raises(
        PolicyError, match=r"'reply_limits.0.working_day' is not a setting. Did you mean 'working_days'"
    ):
        read_policy({"name": "x", "source": "y", "reply_limits": [{"working_day": 3}]})


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "parameters" / "policies").glob("*.yml")), ids=lambda p: p.stem
)
def test_every_policy_shipped_is_readable(path):
    assert read_policy(path.stem).source


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-01-19..2025-02-18", "2025-01-19", "2025-02-18"),
    ],
)
def test_a_period_is_read_from_a_year_a_month_or_two_days(text, start, end):
    period = parse_period(text)
    assert (str(period.start), str(period.end)) == (start, end)


@pytest.mark.parametrize("text", ["next year", "2025-03-04..2025-03-01", "2025-13"])
def test_a_period_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(ParameterError, match="write a year 2025, a month 2025-03"):
        parse_period(text)


def test_a_period_holds_its_first_instant_and_its_last_but_not_the_next_day():
    period = parse_period("2025-03")
    times = pd.Series(
        pd.to_datetime(
            ["2025-03-01 00:00", "2025-03-31 23:59:59", "2025-04-01 00:00", None], format="ISO8601"
        )
    )
    assert period.holds(times).tolist() == [True, True, False, False]


def test_a_bare_day_as_cut_off_means_its_end():
    assert str(parse_as_of("2025-06-30")) == "2025-06-30 23:59:59"
    assert str(parse_as_of("2025-06-30 17:30")) == "2025-06-30 17:30:00"


def test_a_cut_off_that_is_no_time_is_told():
    with pytest.raises(ParameterError, match="as_of 'soon' is not a local time: write 2025-06-30"):
        parse_as_of("soon")


def test_the_demo_run_is_readable():
    run = read_run(PROJECT / "parameters" / "demo.yml")
    assert str(run.period) == "2025-01-01..2025-12-31"
    assert str(run.as_of) == "2025-12-31 18:00:00"


def test_a_misspelt_run_parameter_is_named_with_the_missing_ones(tmp_path):
    path = tmp_path / "run.yml"
    path.write_text("title: x\nsorce: y\nas_of: 2025-01-01\nperiod: 2024\noutput: z\n", encoding="utf-8")
    with pytest.raises(ParameterError) as raised:
        read_run(path)
    assert "'sorce' is not a setting. Did you mean 'source'?" in str(raised.value)
    assert "'source' is missing" in str(raised.value)


def test_a_runs_own_headers_go_before_the_common_ones():
    headers = read_headers({"columns": {"unit": ["分管科室"]}, "values": {"satisfaction": {"满意": ["好"]}}})
    assert headers.columns["unit"][0] == "分管科室"
    assert "承办单位" in headers.columns["unit"]
    assert headers.values["satisfaction"]["满意"][0] == "好"
