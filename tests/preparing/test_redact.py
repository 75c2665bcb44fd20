import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from cases.reports import report_of
from oracles import texts as oracle_texts
from oracles.made_tickets import CONTENTS, make_county

from toolkit import flag, load, open_report, prepare, schema
from toolkit.errors import ParameterError
from toolkit.flagging.flag import RULES
from toolkit.preparing.redact import redact
from toolkit.preparing.redact_sentences import hide_in_matters, hide_in_sentences, hide_in_topics
from toolkit.preparing.redaction import COLUMNS, Profile, read_profile
from toolkit.preparing.report import OWN, PARTS, cut_report
from toolkit.schema import HIDDEN

PUBLIC = read_profile("public")
# Column → the letter planted in it: one letter, for a quote may end anywhere.
PLANTED = dict(zip([name for name in COLUMNS if name != "source_row"], "αβγδεζηθικλμ", strict=False))
UNKNOWN = "怪词Ω"
SEEDS = range(3)


@cache
def make_planted(seed):
    """A made-up county with a letter planted in every clause of every text, and words that no vocabulary knows."""
    texts = {"content": CONTENTS, "reply": [*oracle_texts.REPLIES, *CONTENTS], "title": [None, *CONTENTS]}
    tickets, events, policy, _ = make_county(seed, **texts)
    for name, letter in PLANTED.items():
        marked = tickets[name].str.replace(r"(?=[，。！]|$)", letter, regex=True)
        tickets[name] = marked if tickets[name].notna().any() else letter
    places = tickets.index % 5 == 0
    words = {name: tickets[name].mask(places, UNKNOWN) for name in ("status", "satisfaction", "resolved")}
    tickets = tickets.assign(**words)
    events["ticket_id"] += PLANTED["ticket_id"]
    return tickets, flag(tickets, policy, events)


def letters_in(frame):
    """Which planted letters stand in any cell of the frame."""
    return set(re.findall("[α-ωΩ]", frame.map(str).to_csv(index=False)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_evidence_of_no_rule_repeats_what_is_hidden(seed):
    tickets, found = make_planted(seed)
    hidden = set(PUBLIC.hide)
    told = hide_in_sentences(found, tickets, hidden)
    told = hide_in_topics(told, tickets, hidden)
    assert letters_in(told[["unit", "evidence"]]) <= {PLANTED["ticket_id"]}
    kept = [name for name in found if name not in ("evidence", "unit")]
    pd.testing.assert_frame_equal(told[kept], found[kept])


def test_the_evidence_of_a_rule_repeats_the_columns_it_names_and_no_others():
    found = pd.concat([make_planted(seed)[1] for seed in SEEDS])
    told = {rule.code: {PLANTED[name] for name in rule.tells} for rule in RULES}
    letters = {code: letters_in(own[["unit", "evidence"]]) for code, own in found.groupby("rule")}
    assert {code: own for code, own in letters.items() if not own <= told[code]} == {}
    assert set().union(*told.values()) == set().union(*letters.values())


def test_a_quote_is_cut_to_its_end_whatever_it_holds():
    tickets = schema.make_tickets({"ticket_id": ["1"], "reply": ["办”了“吧”"]})
    found = pd.DataFrame(
        {"rule": ["reply_short"], "ticket_id": ["1"], "evidence": ["回复除客套话外只有3个字：“办”了“吧”"]}
    )
    told = hide_in_sentences(found, tickets, {"reply"})
    assert told["evidence"].tolist() == [f"回复除客套话外只有3个字：{HIDDEN}"]
    assert hide_in_sentences(found, tickets, {"content"})["evidence"].tolist() == found["evidence"].tolist()


def test_two_places_without_their_address_stay_two_topics():
    tickets = schema.make_tickets(
        {"ticket_id": ["1", "2"], "township": ["甲乡"] * 2, "address": ["东村", "甲乡西村"]}
    )
    found = pd.DataFrame(
        {
            "rule": ["hot_spot"] * 2,
            "ticket_id": pd.Series([None] * 2, dtype="str"),
            "unit": ["热点：甲乡东村 噪音", "热点：甲乡西村 噪音"],
            "evidence": ["甲乡东村有“噪音”诉求4件", "甲乡西村有“噪音”诉求5件"],
            "rests_on": [["1"], ["2"]],
        }
    )
    told = hide_in_topics(found, tickets, {"address"})
    assert told["unit"].tolist() == [f"热点：甲乡{HIDDEN} 噪音", f"热点：甲乡{HIDDEN} 噪音（2）"]
    assert told["evidence"].tolist() == [f"甲乡{HIDDEN}有“噪音”诉求4件", f"甲乡{HIDDEN}有“噪音”诉求5件"]


def test_a_matter_that_recurs_is_told_by_its_township():
    times = pd.to_datetime(["2025-06-02 09:00", "2025-06-09 09:00", "2025-06-16 09:00"])
    same = {
        "unit": "甲乡",
        "township": "甲乡",
        "address": "东村α",
        "category": "城建/供水",
        "type": "求助",
    }
    tickets = schema.make_tickets(
        {"ticket_id": list("123"), "received_at": times, "closed_at": times + pd.Timedelta(days=1)}
    ).assign(**same)
    recurring = report_of(tickets, "2025-06-30", "2025-06").compared.recurring
    told = hide_in_matters(recurring, tickets, {"address"})
    assert "α" in recurring["sentence"][0]
    assert letters_in(told) == set()
    assert told["place"].tolist() == [f"甲乡{HIDDEN}"]
    assert told["sentence"][0].startswith(f"甲乡{HIDDEN}“城建/供水”本期受理3件")


# --- a whole report ------------------------------------------------------------------------------------

EXPORT = pd.DataFrame(
    {
        "工单编号": ["1", "2", "3", "3E+17"],
        "承办单位": ["甲乡", "甲乡", "乙局", "乙局"],
        "受理时间": ["2025-06-03 09:00", "2025-06-04 09:00", "2025-06-05 09:00", "2025-06-05 09:00"],
        "回复时间": ["2025-06-04 09:00", None, "2025-06-06 09:00", None],
        "诉求内容": ["路灯不亮", None, "无人联系我，没有解决", "拒收的一行"],
        "经办人": ["张三", None, "李四", None],
        "满意度": ["满意", None, "怪词", None],
        "来电号码": ["13912345678"] * 4,
    }
)
RUN = {"as_of": "2025-06-30", "period": "2025-06"}


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """The public one is opened as a notebook opens an export, the others are made of the prepared report."""
    file = tmp_path_factory.mktemp("export") / "export.csv"
    EXPORT.to_csv(file, index=False)
    whole = prepare(load(EXPORT, RUN["as_of"], key=b"k"), RUN)
    public = open_report(None, RUN | {"source": str(file), "redaction": "public"})
    return {name: redact(whole, read_profile(name)) for name in ("internal", "to_unit")} | {"public": public}


def test_a_hidden_value_reads_so_and_a_missing_one_stays_missing(versions):
    tickets = versions["public"].tickets.set_index("ticket_id").loc[["1", "2", "3"]]
    assert tickets["content"].fillna("").tolist() == [HIDDEN, "", HIDDEN]
    assert tickets["handler"].fillna("").tolist() == [HIDDEN, "", HIDDEN]
    assert tickets["satisfaction"].fillna("").tolist() == ["满意", "", HIDDEN]
    assert tickets["source_row"].isna().all()


def test_the_version_for_units_keeps_texts_and_handlers_and_no_caller(versions):
    shown, whole = versions["to_unit"].tickets, versions["internal"].tickets
    assert shown["caller"].eq(HIDDEN).all()
    pd.testing.assert_frame_equal(shown.drop(columns="caller"), whole.drop(columns="caller"))


@pytest.mark.parametrize("name", ["to_unit", "public"])
def test_every_count_and_verdict_of_a_version_is_the_internal_one(versions, name):
    whole, shown = versions["internal"], versions[name]
    figures = ["unit", "metric", "numerator", "denominator"]
    pd.testing.assert_frame_equal(shown.counted.scorecard[figures], whole.counted.scorecard[figures])
    pd.testing.assert_frame_equal(shown.marks, whole.marks)
    found = whole.findings[whole.findings["rule"].ne("frequent_caller")]
    same = ["ticket_id", "rule", "severity", "since", "measure"]
    pd.testing.assert_frame_equal(shown.findings[same], found[same].reset_index(drop=True))


def test_a_rule_left_out_is_not_said_to_have_found_nothing(versions):
    assert "frequent_caller" in set(versions["internal"].basis.rules["rule"])
    assert "frequent_caller" not in set(versions["to_unit"].basis.rules["rule"])
    assert "“频繁来电”线索" in versions["to_unit"].about["redaction"]


def test_tickets_under_other_numbers_are_the_same_tickets():
    tickets, *_ = make_county(1, content=CONTENTS, reply=list(oracle_texts.REPLIES))
    tickets = tickets[schema.names()].assign(ticket_id="λ" + tickets["ticket_id"], related_id="λ1")
    whole = report_of(tickets, "2025-03-31", "2025-03")
    value = pd.DataFrame({"ticket_id": ["λ1"], "column": ["ticket_id"], "value": ["λ1"], "report": ["甲乡"]})
    whole = replace(whole, issues=value)
    shown = redact(whole, Profile(label="无号版", hide=["ticket_id"]))
    assert [letters_in(gather(report)) for report in (whole, shown)] == [{"λ"}, set()]
    names = dict(zip(whole.tickets["ticket_id"], shown.tickets["ticket_id"], strict=True))
    assert len(set(names.values())) == len(names)
    assert whole.marks["ticket_id"].map(names).tolist() == shown.marks["ticket_id"].tolist()
    rests = [frame.findings["rests_on"].explode().dropna() for frame in (whole, shown)]
    assert rests[0].map(names).tolist() == rests[1].tolist()


def gather(report):
    """Every cell of every frame of a report."""
    parts = [frame for part in PARTS for frame in getattr(report, part)]
    frames = [*(getattr(report, name) for name in OWN), *parts]
    return pd.DataFrame({"cell": [cell for frame in frames for cell in frame.to_numpy().ravel()]})


def test_words_not_understood_are_counted_and_not_told(versions):
    public = versions["public"]
    assert versions["internal"].basis.unknown["value"].tolist() == ["怪词（1件）"]
    assert public.basis.unknown["value"].tolist() == [f"{HIDDEN}（1件）"]
    touched = versions["internal"].counted.scorecard["doubt"].notna()
    assert touched.any()
    assert public.counted.scorecard["doubt"].notna().tolist() == touched.tolist()
    assert not public.counted.scorecard["doubt"].str.contains("怪词", na=False).any()


def test_an_export_opened_in_a_notebook_is_redacted_as_asked(versions):
    report = cut_report(versions["public"], "乙局")
    assert report.tickets["content"].tolist() == [HIDDEN]
    assert report.about["redaction"].startswith("公开版：不含标题、诉求内容、")


def test_the_internal_version_is_the_report_itself(versions):
    report = versions["internal"]
    assert report.about["redaction"] == ""
    assert redact(report, read_profile("internal")).tickets is report.tickets


# --- the file ------------------------------------------------------------------------------------------


def test_a_version_that_is_none_is_named_with_the_nearest():
    with pytest.raises(
        ParameterError, match=r"no version 'publik' in redaction.yml: .*Did you mean 'public'"
    ):
        read_profile("publik")


def test_every_mistake_of_the_file_is_named_at_once(tmp_path):
    file = tmp_path / "redaction.yml"
    file.write_text(
        "a: {label: 甲, hide: [handlr, unit]}\nb: {hide: [], hide_rules: [frequent_callr]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as told:
        read_profile("a", file)
    for words in (
        "'handlr' cannot be hidden. Did you mean 'handler'?",
        "'unit' cannot be hidden.",
        "b: 'label' is missing",
        "'frequent_callr' cannot be hidden. Did you mean 'frequent_caller'?",
    ):
        assert words in str(told.value)


def test_the_public_version_hides_every_text_that_a_citizen_or_a_clerk_wrote():
    assert set(schema.names("free")) <= set(PUBLIC.hide)


def test_a_version_says_what_it_hides_and_nothing_else():
    assert Profile(label="试用版", hide=["handler", "persons"]).notice == "试用版：不含经办人、名册姓名"
    assert Profile(label="试用版").notice == ""
