import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import load, open_report, prepare, schema
from toolkit.errors import ParameterError, SourceError
from toolkit.preparing.report import OWN, PARTS, cut_report, read_report, write_report

AS_OF = "2025-06-30"


def export(rows):
    """An export of a few columns: number, unit, received, replied."""
    return pd.DataFrame(rows, columns=["工单编号", "承办单位", "受理时间", "回复时间"], dtype="str")


def prepare_rows(rows, period="2025-06", by="unit"):
    return prepare(load(export(rows), AS_OF, key=b"k"), {"as_of": AS_OF, "period": period, "by": by})


ROWS = [
    ("1", "甲乡", "2025-06-03 09:00", "2025-06-04 09:00"),
    ("2", "乙镇", "2025-06-03 09:00", None),
    ("3", "甲乡", "2025-06-30 09:00", None),
    ("4", "甲乡", "2025-03-03 09:00", None),
    ("5", "乙镇", "2025-03-03 09:00", "2025-03-04 09:00"),
    ("6", "甲乡", "2024-06-03 09:00", "2024-06-04 09:00"),
    ("7", None, "2025-06-10 09:00", "2025-06-30 09:00"),
]


@pytest.fixture(scope="module")
def june():
    return prepare_rows(ROWS)


def assert_same(one, other):
    for name, frame in frames_of(one).items():
        pd.testing.assert_frame_equal(frame, frames_of(other)[name], obj=name)
    assert (one.about, one.name) == (other.about, other.name)


def frames_of(report):
    own = {name: getattr(report, name) for name in OWN}
    parts = [getattr(report, part)._asdict() for part in PARTS]
    return {name: frame.reset_index(drop=True) for group in (own, *parts) for name, frame in group.items()}


# --- what is in scope ------------------------------------------------------------------------------


def test_in_scope_are_this_period_those_compared_with_the_months_shown_and_what_is_still_unanswered():
    scopes = {
        ("2025-06-01 00:00", "2025-06-02"): "本期",
        ("2025-06-30 23:59", None): "本期",
        ("2025-05-31 23:59", None): "往期未回复",
        ("2025-05-31 23:59", "2025-07-01"): "往期未回复",
        ("2025-05-31 23:59", "2025-06-02"): "上期",
        ("2024-06-30 23:59", "2024-07-01"): "上年同期",
        ("2024-06-30 23:59", None): "往期未回复",
        ("2024-07-01 00:00", "2024-07-02"): "近12个月",
        ("2024-05-20 09:00", "2024-05-21"): None,  # the data cover the whole of June 2024
    }
    report = prepare_rows([(str(n), "甲乡", *times) for n, times in enumerate(scopes)])
    found = report.tickets.set_index("ticket_id")["scope"]
    assert [found.get(str(n)) for n in range(len(scopes))] == list(scopes.values())
    assert report.about["outside"] == 1


@pytest.mark.parametrize("received", ["2025-04-01 00:00", "2025-06-10 09:00"])
def test_what_was_received_after_the_period_is_not_carried_over_from_before_it(received):
    report = prepare_rows([("later", "甲乡", received, None), ROWS[4]], period="2025-03")
    assert report.tickets["ticket_id"].tolist() == ["5"]
    assert report.about["outside"] == 1


def test_what_is_received_after_as_of_is_left_to_later_reports():
    report = prepare_rows(
        [("later", "甲乡", "2025-07-01 09:00", None), ("kept", "甲乡", "2025-06-30 09:00", None)],
        period="2025",
    )
    assert report.tickets["ticket_id"].tolist() == ["kept"]
    assert report.about["outside"] == 1


def test_an_unanswered_ticket_of_the_year_before_still_counts_in_that_year_s_figures():
    report = prepare_rows([("old", "甲乡", "2024-06-03 09:00", None), ROWS[0]])
    marks = report.marks.groupby("against")["ticket_id"].agg(list)
    assert marks.to_dict() == {"上年同期": ["old"], "本期": ["1"]}
    assert report.findings["ticket_id"].tolist() == ["old"]


def test_the_scorecard_counts_this_period_only(june):
    received = june.counted.scorecard.query("metric == '受理件数'").set_index("unit")["numerator"]
    assert received.to_dict() == {"全县": 4, "乙镇": 1, "甲乡": 2, schema.NO_UNIT: 1}


def test_the_year_before_is_counted_beside_it(june):
    before = june.compared.movements.query("metric == '受理件数' and against == '同比'")
    before = before.set_index("unit")["numerator_before"]
    assert before.to_dict() == {"全县": 1, "乙镇": 0, "甲乡": 1, schema.NO_UNIT: 0}


@pytest.mark.parametrize(
    ("first", "period", "kept", "why"),
    [
        ("2024-01-05", "2025", ["同比"], ""),  # a few days without a ticket are no lack
        ("2024-05-06", "2025", [], "导出表自2024-05-06起，不含整个2024-01-01至2024-06-30，不作比较"),
        ("2018-01-01", "2019-01-01..2025-06-30", ["环比"], "统计期间与所比期间重叠，不作比较"),
    ],
)
def test_a_period_is_compared_only_with_one_that_the_data_cover_whole(first, period, kept, why):
    report = prepare_rows([("a", "甲乡", first, first), ("b", "甲乡", "2025-06-03", "2025-06-04")], period)
    assert report.compared.movements["against"].unique().tolist() == [k for k in kept if k == "同比"]
    assert report.about["not_compared"].get("同比", "") == why


def test_findings_are_about_this_period_and_what_is_carried_over(june):
    found = june.findings.groupby("rule")["ticket_id"].agg(list).to_dict()
    assert found == {"no_unit": ["7"], "overdue_open": ["4", "2"], "replied_late": ["7"]}


def test_a_run_by_month_has_a_report_for_each_month_of_receipt():
    report = prepare_rows(ROWS, period="2025", by="month")
    months = report.tickets.set_index("ticket_id")["report"].to_dict()
    assert (months["1"], months["4"]) == ("2025年06月", "2025年03月") and "6" not in months
    assert set(report.counted.scorecard["unit"]) == {"全县", "2025年03月", "2025年06月"}
    assert report.compared.ranks.empty and report.compared.mix.empty and report.assessed.items.empty


def test_a_run_says_what_it_is_about(june):
    about = june.about
    assert about["period"] == "2025-06-01..2025-06-30"
    assert (about["as_of"], about["answered_by"]) == ("2025-06-30 23:59:59", "replied_at")
    assert list(about["reports"]) == ["乙镇", "甲乡", schema.NO_UNIT]
    assert (
        about["outside"] == 0
    )  # all were received in the twelve months, or in the same month of the year before


def test_metrics_that_lack_a_column_are_named_with_it(june):
    lacking = june.counted.lacking.set_index("metric")["missing"]
    assert lacking["满意率（÷评价）"] == "满意度"


def test_an_export_without_a_ticket_gives_empty_frames_and_no_report(tmp_path):
    report = prepare_rows([])
    assert (len(report.tickets), len(report.counted.scorecard), report.about["reports"]) == (0, 0, {})
    assert_same(read_report(write_report(report, tmp_path)), report)


@pytest.mark.parametrize("period", ["2025-13", "June", "2025-06..2025-01"])
def test_a_period_that_cannot_be_read_is_refused_with_the_ways_to_write_one(period):
    with pytest.raises(ParameterError, match=f"period '{period}' cannot be read .*a month 2025-03"):
        prepare_rows(ROWS, period=period)


# --- one report ------------------------------------------------------------------------------------


def test_an_issue_goes_to_the_report_of_its_ticket_and_a_refused_row_to_none():
    rows = [*ROWS, (None, "甲乡", "2025-06-03", None), ("8", "乙镇", "2025-06-05", "2025-06-04")]
    report = prepare_rows(rows)
    reports = report.issues.groupby("check")["report"].agg(list)
    assert reports["无工单编号"] == [""]
    assert reports["时间顺序矛盾"] == ["乙镇"]
    assert cut_report(report, "甲乡").issues.empty


def test_a_unit_the_run_does_not_know_is_refused_with_the_nearest_and_the_known_ones(tmp_path):
    report = prepare_rows([("1", "城关镇人民政府", "2025-06-03", None)])
    write_report(report, tmp_path)
    words = (
        r"'城关镇政府' has no ticket in this run. Did you mean '城关镇人民政府'\?\n.*known: 城关镇人民政府"
    )
    with pytest.raises(ParameterError, match=words):
        cut_report(report, "城关镇政府")
    with pytest.raises(ParameterError, match=words):
        read_report(tmp_path, "城关镇政府")


def test_reading_where_nothing_was_prepared_says_what_to_run(tmp_path):
    with pytest.raises(SourceError, match=r"nothing prepared at '.*': run `toolkit batch`"):
        read_report(tmp_path)


@pytest.mark.parametrize("run", ["", {}, {"source": "", "as_of": AS_OF, "period": "2025"}])
def test_a_report_opens_from_a_runs_folder_or_an_export_and_asks_for_one_of_them(run):
    with pytest.raises(ParameterError, match=r"nothing to open: give prepared .* or source \(an export\)"):
        open_report("甲乡", run)


def test_a_report_from_an_export_names_every_setting_that_is_wrong(tmp_path):
    export(ROWS).to_csv(tmp_path / "export.csv", index=False)
    wrong = {
        "source": str(tmp_path / "export.csv"),
        "as_of": AS_OF,
        "period": "2025",
        "by": "week",
        "polcy": "x",
    }
    with pytest.raises(ParameterError, match=r"(?s)by.*polcy|polcy.*by"):
        open_report(None, wrong)


def test_a_report_made_from_an_export_is_the_one_read_from_a_run(tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.loading.callers.KEY_FILE", tmp_path / "caller.key")
    path = tmp_path / "export.csv"
    export(ROWS).to_csv(path, index=False)
    made = open_report("甲乡", {"source": path, "as_of": AS_OF, "period": "2025-06"})
    whole = prepare(load(path, AS_OF), {"as_of": AS_OF, "period": "2025-06"})
    write_report(whole, tmp_path / "run")
    assert_same(open_report("甲乡", tmp_path / "run"), made)


# --- Parquet and properties ------------------------------------------------------------------------

ROW = st.tuples(
    st.sampled_from(["甲乡", "乙镇", "丙局", None]),
    st.sampled_from(["2025-06-03 09:00", "2025-06-29 23:59", "2024-06-03", "2025-02-01", None]),
    st.sampled_from(["2025-06-04 09:00", "2025-06-30", "2025-07-02", None]),
)
RUNS = st.lists(ROW, min_size=1, max_size=6).map(
    lambda rows: prepare_rows([(f"n{place}", *row) for place, row in enumerate(rows)])
)


@examples(3)
@given(report=RUNS)
def test_the_cuts_of_a_run_are_each_its_unit_s_alone_and_together_the_whole_and_are_read_back_as_cut(
    tmp_path_factory, report
):
    """One property of several parts: to prepare a run takes longer than all of them."""
    cuts = {name: cut_report(report, name) for name in report.about["reports"]}
    folder = write_report(report, tmp_path_factory.mktemp("run"))
    for name, cut in cuts.items():
        assert_holds_no_other(cut, name)
        assert_counts_to_scores(cut, report.counted.scorecard.query("unit == @name"))
        assert_same(read_report(folder, name), cut)
    for frame in ("tickets", "findings", "marks"):
        own = [number for cut in cuts.values() for number in getattr(cut, frame)["ticket_id"]]
        assert sorted(own) == sorted(getattr(report, frame)["ticket_id"])


def assert_holds_no_other(cut, unit):
    """A unit's cut holds no other unit's ticket."""
    own = set(cut.tickets["ticket_id"])
    assert set(cut.tickets["unit"].fillna(schema.NO_UNIT)) == {unit}
    assert all(set(getattr(cut, frame)["ticket_id"]) <= own for frame in OWN if frame != "prospects")
    assert set(cut.prospects["tickets"].explode().dropna()) <= own
    assert set(cut.compared.troubles["ticket_id"]) <= own
    assert cut.compared.recurring.empty


def assert_counts_to_scores(cut, scores):
    """The members of a cut count to its unit's scores."""
    marks = cut.marks[cut.marks["against"].eq("本期") & ~cut.marks["is_excluded"]]
    for row in scores.itertuples():
        assert marks[row.metric].eq(1).sum() == row.numerator
        assert pd.isna(row.denominator) or marks[row.metric].notna().sum() == row.denominator


def test_a_whole_run_read_back_is_the_run_as_it_was(june, tmp_path):
    assert_same(read_report(write_report(june, tmp_path)), june)


def test_the_same_export_prepared_twice_gives_the_same_bytes(june, tmp_path):
    folders = [write_report(june, tmp_path / "one"), write_report(prepare_rows(ROWS), tmp_path / "two")]
    one, two = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert len(one) == len(frames_of(june)) + 1
    assert one == two


# --- several policies ------------------------------------------------------------------------------


def test_what_is_found_follows_the_policy_in_force_at_receipt_and_the_table_of_rules_says_so(tmp_path):
    for name, day, count in (("old", "2025-01-01", 9), ("new", "2025-06-15", 2)):
        text = f"name: {name}\nsource: 测试\nvalid_from: {day}\nrules: {{returned_count: {count}}}\n"
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    rows = [(number, "甲乡", f"2025-06-{day} 09:00", None) for number, day in (("1", "14"), ("2", "15"))]
    loaded = load(export(rows).assign(退回次数="3"), AS_OF, key=b"k")
    both = f"{tmp_path}/old.yml, {tmp_path}/new.yml"
    report = prepare(loaded, {"as_of": AS_OF, "period": "2025-06", "policy": both})
    found = report.findings[report.findings["rule"].eq("returned_often")]
    assert found["ticket_id"].tolist() == ["2"]
    assert report.about["policy"] == "old、new"
    sentence = report.basis.rules.set_index("rule").loc["returned_often", "sentence"]
    assert sentence == "被承办单位退回2次及以上。2025-06-15以前受理的：被承办单位退回9次及以上。"
