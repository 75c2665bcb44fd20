"""A run's file: whatever stands in it is read or refused in plain words, every mistake at once."""

import json

import pytest
import yaml
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.assessing.scheme import read_scheme
from toolkit.clocking.policy import read_policy
from toolkit.comparing.peers import read_peers
from toolkit.errors import ParameterError, ToolkitError
from toolkit.people.dispatch_catalogue import read_dispatch_catalogue
from toolkit.period import parse_as_of, parse_period
from toolkit.preparing.run_file import Run, read_run, require_files
from toolkit.settings import PROJECT, read_yaml

GOOD = {
    "title": "督查",
    "source": "x.csv",
    "as_of": "2025-03-31",
    "period": "2025-03",
    "output": "outputs/x",
}


@pytest.fixture
def write(tmp_path):
    """Writes a run's file, from a text or from the usual settings with those given in place of theirs."""

    def write_file(text=None, **settings):
        path = tmp_path / "run.yml"
        path.write_text(text if text is not None else json.dumps(GOOD | settings), encoding="utf-8")
        return path

    return write_file


def mistakes_of(path):
    with pytest.raises(ParameterError) as raised:
        read_run(path)
    return str(raised.value)


# --- the file itself ---------------------------------------------------------------------------------


def test_a_key_that_stands_twice_is_a_mistake_with_its_lines(write):
    said = mistakes_of(
        write(
            "title: t\nsource: x.csv\noutput: outputs/x\nas_of: 2025-03-31\nperiod: '2025'\nas_of: 2025-06-30\n"
        )
    )
    assert "line 6: 'as_of' stands in line 4 already: keep one of them" in said


def test_a_key_that_stands_twice_deep_in_the_file_is_named_with_the_other_mistakes(write):
    said = mistakes_of(
        write("title: t\nsorce: x.csv\nheaders:\n  columns:\n    unit: [甲]\n    'unit': [乙]\n")
    )
    assert "line 6: 'unit' stands in line 5 already" in said
    assert "'sorce' is not a setting. Did you mean 'source'?" in said
    assert "'as_of' is missing: give it a value" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title: t\n\tsource: x\n", "line 2: a tab where spaces are expected: indent with spaces"),
        ("title: 督查\n".encode("gb18030"), "run.yml is not UTF-8 text: save it as UTF-8"),
        (b"\x00\x01\xff\xfePK", "is not UTF-8 text"),
        (b"PK\x03\x04", "run.yml is not readable as UTF-8 YAML"),
        (b"", "run.yml: 1 mistake(s), nothing was run\n  - expected 'name: value' lines, found nothing"),
        (b"- a\n- b\n", "expected 'name: value' lines, found list"),
        (b"title: 'a\n", "line 2: found unexpected end of stream"),
        (
            b"title: t\nas_of: 2025-02-30\n",
            "line 2: '2025-02-30' cannot be read: day is out of range for month",
        ),
        (b"title: t\nworkers: .inf\n", "line 2: '.inf' cannot be read: it is no number a setting can be"),
        (b'title: "a\\0b"\n', "line 1: 'a\\x00b' cannot be read: it holds a character that is none"),
        (b"title: !!python/object:os.system x\n", "could not determine a constructor for the tag"),
        (b"title: " + b"[" * 1_500, "run.yml is not readable as UTF-8 YAML"),
        (b"title: &a [*a]\n", "'title'"),
    ],
)
def test_a_file_that_is_no_yaml_of_settings_says_where_and_why(tmp_path, content, said):
    path = tmp_path / "run.yml"
    path.write_bytes(content)
    assert said in mistakes_of(path)


def test_a_folder_a_missing_file_and_a_name_no_system_takes_are_no_parameter_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.yml", tmp_path / ("x" * 300 + ".yml")):
        assert "no parameter file" in mistakes_of(path)
    with pytest.raises(ParameterError, match="is a folder: expected a file"):
        read_yaml(tmp_path, ParameterError)


# --- dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2025-03-01", "2025-03-01..2025-03-01"),
        ("'2025-03-01'", "2025-03-01..2025-03-01"),
        ("2025", "2025-01-01..2025-12-31"),
        ("2025-02", "2025-02-01..2025-02-28"),
        ("202502", "2025-02-01..2025-02-28"),
        ("2025年2月", "2025-02-01..2025-02-28"),
        ("2025Q1", "2025-01-01..2025-03-31"),
        ("2025年第四季度", "2025-10-01..2025-12-31"),
        ("2025上半年", "2025-01-01..2025-06-30"),
        ("2025H2", "2025-07-01..2025-12-31"),
        ("2025-01-19..2025-02-18", "2025-01-19..2025-02-18"),
        ("2025-01-19 to 2025-02-18", "2025-01-19..2025-02-18"),
        ("2025年1月19日至2月18日", None),
        ("2025-01至2025-03", "2025-01-01..2025-03-31"),
        ("{start: 2025-01-02, end: 2025-01-03}", "2025-01-02..2025-01-03"),
    ],
)
def test_a_period_is_a_year_half_quarter_month_day_or_two_of_these(write, written, days):
    path = write(f"title: t\nsource: x.csv\noutput: o\nas_of: 2025-12-31\nperiod: {written}\n")
    if days is None:
        assert "cannot be read" in mistakes_of(path)
    else:
        assert str(read_run(path).period) == days


@pytest.mark.parametrize(
    "text",
    ["", "now", "today", "2025-13", "1999", "2025-02-30", True, None, [], {}, 1.5, "..", "2025..", 20251],
)
def test_what_is_no_period_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(ParameterError, match="write a year 2025, a month 2025-03, a quarter 2025Q1"):
        parse_period(text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "now",
        "today",
        "2025",
        "2025-06",
        "2025-02-30",
        "2025-06-30 25:00",
        "2025-06-30T08:00Z",
        2025,
        20250630,
        1.5,
        True,
        None,
        [],
        {},
    ],
)
def test_what_is_no_moment_is_no_as_of_and_nothing_reads_the_clock(value):
    with pytest.raises(ParameterError, match="is not a local time: write 2025-06-30 or 2025-06-30 17:30"):
        parse_as_of(value)


@pytest.mark.parametrize(
    "text", ["2025/6/30 8:30", "2025年6月30日 08:30", "2025-06-30T08:30:00", "20250630 08:30"]
)
def test_an_as_of_may_be_written_as_people_write_it(text):
    assert str(parse_as_of(text)) == "2025-06-30 08:30:00"


def test_a_period_that_begins_after_as_of_is_a_mistake(write):
    assert "begins after as_of 2025-03-31" in mistakes_of(write(period="2025-04"))


# --- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"title": 2025}, "'title': Input should be a valid string, found 2025"),
        ({"title": True}, "'title': true or false stands where neither can be: put a text in quotes"),
        (
            {"source": 3},
            "'source': expected a file, a folder, a pattern, or {database: …, table: …} as texts",
        ),
        ({"source": {"database": 1}}, "'source': expected a file, a folder"),
        ({"as_of": {"day": 1}}, "'as_of': as_of {'day': 1} is not a local time"),
        ({"as_of": [1]}, "'as_of': as_of [1] is not a local time"),
        ({"as_of": 20250331}, "'as_of': as_of 20250331 is not a local time"),
        ({"period": ""}, "'period': period '' cannot be read"),
        ({"policy": [1]}, "'policy': expected a policy's name, or a list of names"),
        ({"headers": {"colums": {}}}, "'headers.colums' is not a setting. Did you mean 'columns'?"),
        ({"headers": 3}, "'headers'"),
        ({"headers": "nowhere.yml"}, "'headers': no file"),
        ({"units": "甲镇"}, "'units': Input should be a valid list, found '甲镇'"),
        ({"workers": "many"}, "'workers': Input should be a valid integer"),
        ({"by": "week"}, "'by': Input should be 'unit' or 'month', found 'week'"),
        ({"output": ""}, "'output'"),
        ({"output": None}, "'output' is missing: give it a value"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_told_in_plain_words(write, settings, said):
    assert said in mistakes_of(write(**settings))


def test_a_name_without_a_value_counts_as_not_given(write):
    run = read_run(write(units=None, headers=None, policy=None, roster=None))
    assert (run.units, run.policy, run.roster) == ([], "county_default", "")


def test_a_policy_is_one_name_or_those_that_succeed_each_other(write):
    assert read_run(write(policy=["county_default"])).policy == "county_default"
    assert read_run(write(policy=["shandong_2020", "sichuan_2026"])).policy == [
        "shandong_2020",
        "sichuan_2026",
    ]


# --- the files it names ------------------------------------------------------------------------------


@pytest.fixture
def bad_files(tmp_path):
    """Settings that name a policy, a scheme, a roster, … with a mistake in each."""
    texts = {
        "policy.yml": "name: x\nsource: y\ndue_form: policy_only\nvalid_from: soon\n",
        "scheme.yml": "name: x\nitmes: []\n",
        "roster.csv": "单位,第一责任人,常住人口\n甲镇,某某,很多\n",
        "peers.yml": "bulletins: [{metric: 满意率, period: 去年, rates: {甲县: 九成}}]\n",
        "catalogue.yml": "categories: {道路: []}\n",
        "key": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = dict(
        zip(["policy", "scheme", "roster", "peers", "dispatch_catalogue", "caller_key"], texts, strict=True)
    )
    return {setting: str(tmp_path / name) for setting, name in names.items()} | {"corrections": "none.xlsx"}


WRONG = [
    *["Did you mean 'due_from'?", "'valid_from': expected a day such as 2025-06-30, found 'soon'"],
    *["'source' is missing", "Did you mean 'items'?", "'很多' is no number above 0"],
    *[
        "period '去年' cannot be read",
        "'九成' is no rate",
        "no 主管单位",
        "holds 0 bytes",
        "no export at 'none.xlsx'",
    ],
]


def test_the_mistakes_of_all_the_files_a_run_names_are_listed_together(write, bad_files):
    run = read_run(write(source="nowhere.csv", **bad_files))
    with pytest.raises(ParameterError) as raised:
        require_files(run, ["output 'x' holds what no run wrote"])
    said = str(raised.value)
    assert [
        words for words in [*WRONG, "no export at 'nowhere.csv'", "what no run wrote"] if words not in said
    ] == []


def test_they_are_listed_with_the_mistakes_of_the_run_s_own_file_too(write, bad_files):
    said = mistakes_of(write(untis=[], **bad_files))
    assert [words for words in [*WRONG, "Did you mean 'units'?"] if words not in said] == []


def test_a_key_file_that_is_not_there_is_told(write, tmp_path):
    with pytest.raises(ParameterError, match=r"the key file 'none\.key' cannot be read"):
        require_files(read_run(write(source=str(tmp_path), caller_key="none.key")))


def test_an_as_of_beyond_the_calendar_is_told_with_the_other_mistakes(write):
    with pytest.raises(ParameterError) as raised:
        require_files(read_run(write(as_of="2035-01-01", scheme="county_defualt")))
    assert "outside the published working-day calendar" in str(raised.value)
    assert "no scheme 'county_defualt'" in str(raised.value)


# --- anything at all ---------------------------------------------------------------------------------

words = st.text(max_size=8) | st.sampled_from(
    ["2025", "2025-03", "now", "全县", "甲镇", "county_default", "\0", "x" * 300]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | words
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.integers(), inner, max_size=3),
    max_leaves=8,
)


def only_told(read, *given):
    try:
        return read(*given)
    except ToolkitError as error:
        assert str(error)


@examples(70)
@given(st.sampled_from(list(Run.model_fields)), values)
def test_whatever_stands_in_a_run_file_is_read_or_refused(tmp_path_factory, name, value):
    path = tmp_path_factory.mktemp("run") / "run.yml"
    path.write_text(yaml.safe_dump(GOOD | {name: value}, allow_unicode=True), encoding="utf-8")
    run = only_told(read_run, path)
    if run is not None:
        only_told(require_files, run)


PEERS = {"bulletins": [{"metric": "满意率", "period": "2025", "rates": {"甲县": "90%"}}]}


@examples(70)
@given(
    st.sampled_from(["metric", "period", "definition", "source", "rates", "rate", "numerator", "甲县"]),
    values,
)
def test_whatever_stands_in_a_peers_file_is_read_or_refused(tmp_path_factory, name, value):
    bulletin = dict(PEERS["bulletins"][0])
    if name in bulletin:
        bulletin[name] = value
    else:
        bulletin["rates"] = {
            "甲县": value if name == "甲县" else {"rate": "90%", "denominator": 9, name: value}
        }
    path = tmp_path_factory.mktemp("peers") / "peers.yml"
    path.write_text(yaml.safe_dump({"bulletins": [bulletin]}, allow_unicode=True), encoding="utf-8")
    only_told(read_peers, str(path))


@examples(100)
@given(
    st.binary(max_size=60)
    | values.map(lambda value: yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "replace"))
)
def test_whatever_a_parameter_file_holds_every_reader_reads_or_refuses_it(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.yml"
    path.write_bytes(content)
    for read in (read_run, read_policy, read_scheme, read_peers, read_dispatch_catalogue):
        only_told(read, str(path))


@pytest.mark.parametrize(
    ("read", "folder", "name"),
    [(read_policy, "policies", "county_default"), (read_scheme, "schemes", "county_default")],
)
@examples(70)
@given(data=st.data())
def test_whatever_stands_in_a_policy_or_a_scheme_is_read_or_refused(read, folder, name, data):
    good = yaml.safe_load((PROJECT / "parameters" / folder / f"{name}.yml").read_text(encoding="utf-8"))
    place, key = good, data.draw(st.sampled_from(sorted(good)))
    while isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = (
            data.draw(st.sampled_from(sorted(place)))
            if isinstance(place, dict)
            else data.draw(st.integers(0, len(place) - 1))
        )
    place[key] = data.draw(values)
    only_told(read, good)
