"""The invented county: what its tickets, its list of planted problems and its export promise."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from chinese_calendar import get_workdays
from python_calamine import CalamineWorkbook

import toolkit
from toolkit import schema
from toolkit.demo import county as demo
from toolkit.demo import dates, words
from toolkit.loading.headers import read_headers

STAGES = schema.STAGES
PLANTED_RULES = set(words.NOTES)
# What only the flow log shows, and how often.
LOGGED = {
    "many_units": 8,
    "moved_by_urging": 5,
    "returned_late": 2,
    "extension_abused": 3,
    "satisfaction_flipped": 3,
}
LOG = (words.LOG_FILE, words.LOG_SHEET)
WORKING = set(get_workdays(date(2024, 1, 1), date(2026, 1, 31)))


@pytest.fixture(scope="module")
def county():
    return demo.make_county()


@pytest.fixture(scope="module")
def tickets(county):
    return county[0]


@pytest.fixture(scope="module")
def planted(county):
    return county[1].groupby("rule")["ticket_id"].agg(set)


@pytest.fixture(scope="module")
def folder(demo_county):
    return demo_county


@pytest.fixture(scope="module")
def pages(folder):
    """The rows of every sheet by file and sheet, without the title and the note above the headings."""
    books = {path.name: CalamineWorkbook.from_path(path) for path in sorted((folder / "export").iterdir())}
    return {
        (file, sheet): [row for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)][2:]
        for file, book in books.items()
        for sheet in book.sheet_names
    }


@pytest.fixture(scope="module")
def sheets(pages):
    """The sheets of tickets alone."""
    return {key: rows for key, rows in pages.items() if key != LOG}


@pytest.fixture(scope="module")
def log(demo_loaded):
    """The events of the flow log as they are read."""
    return demo_loaded.events[~demo_loaded.events["is_built"]]


def _bytes(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _due(ticket):
    """The due time by the rule, counted day by day."""
    if pd.notna(ticket.platform_due_at):
        return ticket.platform_due_at
    left, day = dates.REPLY_DAYS[ticket.type], ticket.received_at.normalize()
    while left:
        day += pd.Timedelta(days=1)
        left -= day.date() in WORKING
    return day + pd.Timedelta(hours=17, minutes=30)


def test_the_same_seed_gives_the_same_bytes(folder, tmp_path):
    assert _bytes(demo.write_demo(tmp_path)) == _bytes(folder)


def test_another_seed_gives_other_tickets(tickets):
    assert not demo.make_county(seed=7)[0]["content"].equals(tickets["content"])


def test_about_3000_tickets_of_two_years_in_14_townships_and_10_departments(tickets):
    assert tickets["received_at"].dt.year.value_counts().to_dict() == pytest.approx(
        {2024: 1400, 2025: 1600}, rel=0.02
    )
    units = tickets.drop_duplicates("unit")["unit_group"].value_counts()
    assert units.to_dict() == {"乡镇": 14, "县直部门": 10}
    assert tickets["township"].nunique() == 14


def test_ticket_numbers_are_fourteen_digits_and_unique(tickets):
    assert tickets["ticket_id"].is_unique
    assert tickets["ticket_id"].str.fullmatch(r"\d{14}").all()


def test_columns_are_typed_as_the_schema_has_them(tickets):
    kinds = {name: schema.DTYPES[schema.BY_NAME[name].kind] for name in tickets}
    assert tickets.dtypes.astype("str").to_dict() == kinds
    assert {"caller_name", "caller_phone"} <= set(tickets)


def test_words_are_the_normalised_ones(tickets):
    vocabularies = read_headers().values
    for name in (
        "satisfaction",
        "resolved",
        "visit_connected",
        "contacted",
        "urgency",
        "status",
        "exclusion",
    ):
        assert set(tickets[name].dropna()) <= set(vocabularies[name]), name


def test_two_levels_of_category_with_the_rural_ones(tickets):
    levels = tickets["category"].str.split("/")
    assert levels.str.len().eq(2).all()
    assert {"村民建房及宅基地", "修路", "野生动物损坏庄稼", "村民纠纷", "垃圾处理"} <= set(levels.str[0])


def test_times_follow_each_other_except_where_planted(tickets, planted):
    usual = tickets[~tickets["ticket_id"].isin(planted["impossible_times"])]
    later = usual[STAGES].ffill(axis=1).diff(axis=1).iloc[:, 1:]
    assert later.min().min() >= pd.Timedelta(0)
    broken = tickets[tickets["ticket_id"].isin(planted["impossible_times"])][STAGES]
    assert broken.ffill(axis=1).diff(axis=1).lt(pd.Timedelta(0)).any(axis=1).all()


def test_nothing_happens_after_as_of_and_open_tickets_have_no_reply(tickets):
    assert tickets[STAGES].max().max() <= demo.AS_OF
    assert tickets["reply"].isna().equals(tickets["replied_at"].isna())


def test_replies_come_in_office_hours(tickets, planted):
    replied = tickets.loc[~tickets["ticket_id"].isin(planted["impossible_times"]), "replied_at"].dropna()
    assert set(replied.dt.date) <= WORKING
    assert replied.dt.strftime("%H:%M").between("08:30", "17:30").all()


def test_platform_due_times_count_working_days_and_some_are_blank(tickets):
    given = tickets[tickets["platform_due_at"].notna()].iloc[::25]
    expected = [_due(ticket) for ticket in given.assign(platform_due_at=pd.NaT).itertuples()]
    assert given["platform_due_at"].tolist() == expected
    assert 0.02 < tickets["platform_due_at"].isna().mean() < 0.04


def test_the_week_around_the_spring_festival_is_busier(tickets):
    for year, festival in zip((2024, 2025), words.SPRING_FESTIVALS, strict=True):
        own = tickets.loc[tickets["received_at"].dt.year == year, "received_at"]
        near = own.between(*(pd.Timestamp(festival) + pd.Timedelta(days=days) for days in (-14, 8)))
        assert near.sum() / 22 > 1.3 * len(own) / 365


@pytest.mark.parametrize("rule", sorted(PLANTED_RULES - set(LOGGED)))
def test_every_rule_is_planted_at_least_eight_times(planted, rule):
    assert len(planted[rule]) >= 8


def test_what_only_the_log_shows_is_planted_so_often(planted):
    assert planted[list(LOGGED)].map(len).to_dict() == LOGGED


def test_planted_tickets_exist_once_per_rule_with_a_note(county):
    tickets, planted = county
    assert set(planted["ticket_id"]) <= set(tickets["ticket_id"])
    assert not planted.duplicated(["ticket_id", "rule"]).any()
    assert set(planted["rule"]) == PLANTED_RULES and planted["note"].notna().all()


def test_late_open_and_soon_due_tickets_are_all_listed(tickets, planted):
    found = {"overdue_open": set(), "replied_late": set(), "due_soon": set()}
    for ticket in tickets.itertuples():
        due = _due(ticket)
        if pd.notna(ticket.replied_at):
            is_unsure = ticket.rework_count > 0 and ticket.received_at.year != words.LOG_YEAR
            rule = "replied_late" if ticket.replied_at > due and not is_unsure else None
        else:
            rule = (
                "overdue_open"
                if due < demo.AS_OF
                else "due_soon"
                if due <= pd.Timestamp("2026-01-05 17:30")
                else None
            )
        if rule:
            found[rule].add(ticket.ticket_id)
    assert found == planted[list(found)].to_dict()


def test_late_and_missing_signatures_are_all_listed(tickets, planted):
    end = tickets["dispatched_at"].dt.normalize()
    for _ in range(12):
        end = end.where(
            end.dt.date.isin(WORKING) & end.gt(tickets["dispatched_at"]), end + pd.Timedelta(days=1)
        )
    end += pd.Timedelta(hours=17, minutes=30)
    unasked = tickets["replied_at"].between(tickets["received_at"], end)
    unasked |= (tickets["replied_at"] < tickets["received_at"]) & tickets["signed_at"].isna()
    late = (tickets["signed_at"].fillna(demo.AS_OF) > end) & ~unasked
    assert set(tickets.loc[late, "ticket_id"]) == planted["signed_late"]


def test_returned_and_dissatisfied_tickets_are_all_listed(tickets, planted):
    assert set(tickets.loc[tickets["return_count"] >= 2, "ticket_id"]) == planted["returned_often"]
    dissatisfied = tickets["satisfaction"].eq("不满意") & tickets["visited_at"].notna()
    assert set(tickets.loc[dissatisfied, "ticket_id"]) == planted["dissatisfied"]


def test_only_planted_tickets_are_urged_in_vain_or_satisfied_without_a_call(tickets, planted):
    urged = tickets["urge_count"].ge(2) & tickets["replied_at"].isna()
    assert set(tickets.loc[urged, "ticket_id"]) == planted["urged_no_reply"]
    unheard = tickets["visit_connected"].eq("否") & tickets["satisfaction"].isin(schema.RATED)
    assert set(tickets.loc[unheard, "ticket_id"]) == planted["satisfied_without_callback"]


def test_only_planted_tickets_are_answered_and_not_fed_back(tickets, planted):
    silent = tickets["replied_at"].notna() & tickets["fed_back_at"].isna()
    assert set(tickets.loc[silent, "ticket_id"]) == planted["reply_to_caller_not_fed_back"]


def test_only_planted_contents_hold_risk_words(tickets, planted):
    risky = tickets["content"].str.contains("扬言|隐患|威胁|危险|跳下|上访|爆炸|农药|放火")
    pesticide = tickets["category"].str.startswith("农业")
    assert set(tickets.loc[risky & ~pesticide, "ticket_id"]) - planted["risk_words"] == set()
    assert risky[tickets["ticket_id"].isin(planted["risk_words"])].all()


def test_bulk_closings_are_of_one_unit_within_five_minutes(tickets, planted):
    bulk = tickets[tickets["ticket_id"].isin(planted["bulk_closing"])]
    days = bulk.groupby(["unit", bulk["closed_at"].dt.date])["closed_at"].agg(["size", np.ptp])
    assert days["size"].ge(5).all() and days["ptp"].le(pd.Timedelta(minutes=5)).all()
    assert planted["bulk_closing"] <= planted["reply_copied"]


def test_mass_appeals_come_from_many_callers_at_one_place_within_days(tickets, planted):
    mass = tickets[tickets["ticket_id"].isin(planted["mass_appeal"])].groupby(["address", "category"])
    assert mass["caller_phone"].nunique().ge(6).all()
    assert mass["received_at"].agg(np.ptp).le(pd.Timedelta(days=3)).all()


def test_a_caller_comes_back_within_a_week_of_the_closing(tickets, planted):
    closed = tickets[tickets["ticket_id"].isin(planted["closed_then_called_again"])]
    pairs = closed.merge(tickets, on=["caller_phone", "category"], suffixes=("", "_again"))
    apart = pairs["received_at_again"] - pairs["closed_at"]
    again = pairs[apart.gt(pd.Timedelta(0)) & apart.le(pd.Timedelta(days=7))]
    assert set(again["ticket_id"]) == planted["closed_then_called_again"]


def test_replies_repeat_only_where_planted(tickets, planted):
    own = tickets[~tickets["ticket_id"].isin(planted["reply_copied"])].dropna(subset="reply")
    assert not own["reply"].duplicated().any()
    assert own.loc[~own["ticket_id"].isin(planted["reply_short"]), "reply"].str.len().min() >= 20


def test_units_differ_as_they_are_meant_to(tickets):
    due = pd.Series([_due(ticket) for ticket in tickets.itertuples()])
    judged = tickets.assign(in_time=tickets["replied_at"] <= due)[
        tickets["replied_at"].notna() | (due < demo.AS_OF)
    ]
    rate = judged[judged["received_at"].dt.year == 2025].groupby("unit")["in_time"].mean()
    assert rate["枫井镇"] == 1 and rate["苇渡乡"] < 0.6
    unsigned = tickets["signed_at"].isna().groupby(tickets["unit"]).mean()
    assert unsigned["檀溪口镇"] > 0.6 and unsigned["石碾镇"] < 0.1


def test_no_real_person_is_named_and_numbers_are_invented(tickets):
    assert tickets["caller_name"].str.fullmatch(".某{1,2}").all()
    assert tickets["caller_phone"].str.fullmatch(r"1\d{10}").all()
    assert tickets["caller_phone"].str[:3].isin(words.PHONE_RANGES).all()
    told = tickets["content"].str.extract(r"(\d{11,})")[0].dropna()
    assert 100 < len(told) < 400
    assert told.eq(tickets["caller_phone"].loc[told.index]).all()


def test_no_slot_is_left_unfilled(tickets):
    for name in ("title", "content", "reply", "return_reason"):
        assert not tickets[name].fillna("").str.contains(r"[{}]|nan|None").any(), name


def test_headings_and_words_of_the_log_stand_in_headers_yml():
    headers = read_headers()
    assert all(said in headers.events[name] for name, said in words.LOG_HEADINGS.items())
    known = {said for word, variants in headers.event_words.items() for said in [word, *variants]}
    assert {*words.LOG_WORDS[1], *words.LOG_WORDS[1].values()} <= known


@pytest.mark.parametrize("year", words.HEADINGS)
def test_headings_and_words_of_the_export_stand_in_headers_yml(year):
    headers = read_headers()
    known = headers.columns | dict(zip(("level_1", "level_2"), headers.category_levels, strict=False))
    unknown = {name: said for name, said in words.HEADINGS[year].items() if said not in known[name]}
    assert unknown == {}
    for name, said in words.EXPORT_WORDS[year].items():
        assert all(shown in headers.values[name][word] for word, shown in said.items()), name


def test_the_account_adds_up_and_counts_what_the_sheets_hold(folder, pages, tickets):
    account = pd.read_csv(folder / "account.csv").set_index(["file", "sheet"])
    parts = account[["tickets", "events", "refused", "merged", "left_out"]]
    assert (account["read"] == parts.sum(axis=1)).all()
    filled = {
        key: 2 + sum(any(cell != "" for cell in row) for row in rows[1:]) for key, rows in pages.items()
    }
    assert filled == account["read"].to_dict()
    assert account["tickets"].sum() == len(tickets)
    assert account[["refused", "merged"]].sum().to_dict() == {"refused": 5, "merged": 2}
    assert account.loc[LOG, ["tickets", "refused", "left_out"]].tolist() == [0, 2, 3]


def test_sheets_hold_every_ticket_once_besides_the_repeated_rows(folder, sheets, tickets):
    account = pd.read_csv(folder / "account.csv").set_index(["file", "sheet"])
    found = []
    for key, rows in sheets.items():
        own = [tuple(row) for row in rows if re.fullmatch(r"\d{14}", str(row[0]))]
        assert len(own) - len(set(own)) == account.loc[key, "merged"]
        found += {row[0] for row in own}
    assert sorted(found) == tickets["ticket_id"].tolist()


def test_sheets_are_as_untidy_as_a_platform_writes_them(sheets):
    first = [str(row[0]) for rows in sheets.values() for row in rows[1:]]
    assert first.count("合计") == 3 and first.count("小计") == 1 and first.count(words.RUINED_NUMBER) == 1
    assert sum(cell.startswith("注：") for cell in first) == 3
    assert sum(cell == "工单编号" for cell in first) == 1
    cells = [cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)]
    shapes = [
        r"\d{4}-\d\d-\d\d \d\d:\d\d",
        r"\d{4}/\d+/\d+ \d+:\d\d",
        r"\d{4}年\d+月\d+日 \d+:\d\d",
        "[０-９]",
        "县.+局\n",
    ]
    assert all(sum(bool(re.fullmatch(shape, cell)) for cell in cells) > 3 for shape in shapes)


def test_times_survive_the_spreadsheet_to_the_minute(sheets, tickets):
    rows = sheets["2025年工单.xlsx", "工单明细"]
    column = rows[0].index("受理时间")
    read = pd.Series({row[0]: row[column] for row in rows if re.fullmatch(r"\d{14}", str(row[0]))})
    real = read[read.map(lambda cell: not isinstance(cell, str))]
    expected = tickets.set_index("ticket_id")["received_at"].loc[real.index]
    assert len(real) > 1400 and real.astype("datetime64[us]").eq(expected).all()


def test_planted_csv_is_the_list_of_planted_tickets(folder, county):
    written = pd.read_csv(folder / "planted.csv", dtype="str", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(written, county[1].astype("str"), check_dtype=False)


EXACT = [
    *["overdue_open", "replied_late", "due_soon", "signed_late", "returned_often", "dissatisfied"],
    "extension_abused",
]


@pytest.fixture(scope="module")
def exact_findings(demo_tickets, demo_loaded, demo_run):
    return toolkit.flag(demo_tickets, demo_run.policy, demo_loaded.events, only=EXACT)


@pytest.mark.parametrize("rule", EXACT)
def test_an_exact_rule_finds_all_that_was_planted_and_nothing_else(demo_county, exact_findings, rule):
    planted = pd.read_csv(demo_county / "planted.csv", dtype="str").query("rule == @rule")
    assert set(exact_findings.query("rule == @rule")["ticket_id"]) == set(planted["ticket_id"])


def test_the_account_of_the_export_is_what_load_finds(demo_county, demo_loaded):
    written = pd.read_csv(demo_county / "account.csv")
    found = demo_loaded.account[written.columns]
    pd.testing.assert_frame_equal(found, written, check_dtype=False)


# --- the flow log ----------------------------------------------------------------------------------


def _counted(log, *events):
    return log[log["event"].isin(events)].groupby("ticket_id").size()


def test_the_log_is_read_whole_with_every_word_known(demo_loaded, log, folder):
    account = pd.read_csv(folder / "account.csv").set_index(["file", "sheet"])
    assert len(log) == account.loc[LOG, "events"]
    assert set(log["event"]) <= set(read_headers().event_words)
    refused = demo_loaded.issues.query("file == @LOG[0] and kind == 'refused'")
    assert sorted(refused["check"]) == ["流转记录无工单编号", "流转记录无时间"]


def test_the_log_tells_of_the_tickets_of_2025_and_of_no_other(log, tickets):
    this_year = tickets["received_at"].dt.year == 2025
    assert set(log["ticket_id"]) == set(tickets.loc[this_year, "ticket_id"])


@pytest.mark.parametrize("column", [column for column in schema.EVENT_OF if column != "dispatched_at"])
def test_a_logged_stage_has_the_time_of_the_tickets_column(log, tickets, column):
    logged = log[log["event"].eq(schema.EVENT_OF[column])].groupby("ticket_id")["at"].last()
    known = tickets[tickets["received_at"].dt.year == 2025].set_index("ticket_id")[column].dropna()
    pd.testing.assert_series_equal(logged, known.sort_index(), check_names=False)


def test_the_last_unit_of_the_log_is_the_tickets_and_got_it_when_it_was_dispatched(log, tickets):
    sent = log[log["event"].isin(["dispatched", "redispatched"])].groupby("ticket_id")[["unit", "at"]].last()
    known = tickets[tickets["received_at"].dt.year == 2025].set_index("ticket_id")[["unit", "dispatched_at"]]
    assert sent["unit"].eq(known["unit"]).all() and sent["at"].eq(known["dispatched_at"]).all()


@pytest.mark.parametrize(
    ("column", "event"),
    [("return_count", "returned"), ("urge_count", "urged"), ("rework_count", "reworked")],
)
def test_the_log_counts_as_the_ticket_does(log, tickets, column, event):
    known = tickets[tickets["received_at"].dt.year == 2025].set_index("ticket_id")[column].dropna()
    assert _counted(log, event).to_dict() == known[known > 0].to_dict()


def test_nothing_is_logged_before_the_call_or_after_as_of(log, tickets, planted):
    assert log["at"].max() <= demo.AS_OF
    received = log["ticket_id"].map(tickets.set_index("ticket_id")["received_at"])
    early = log.loc[log["at"] < received, "ticket_id"]
    assert set(early) <= planted["impossible_times"]


def test_urging_comes_before_the_reply(log, tickets):
    urged = log[log["event"].eq("urged")]
    assert not (urged["at"] >= urged["ticket_id"].map(tickets.set_index("ticket_id")["replied_at"])).any()


def test_ping_pong_goes_to_and_fro_between_two_units(log, planted):
    for ticket_id in planted["ping_pong"]:
        own = log[log["ticket_id"].eq(ticket_id) & log["event"].isin(["dispatched", "redispatched"])]
        units = own["unit"].tolist()
        assert units == units[:2] * 2 and len(set(units)) == 2


def test_the_log_shows_exactly_what_is_planted_about_passing_on(log, planted):
    sent = log[log["event"].isin(["dispatched", "redispatched"])]
    units = sent.groupby("ticket_id")["unit"].nunique()
    assert set(units.index[units >= 3]) == planted["many_units"]
    returned = log[log["event"].eq("returned")].groupby("ticket_id")["at"].last()
    end = sent.groupby("ticket_id")["at"].last().dt.normalize()[returned.index]
    dispatched = end.copy()
    for _ in range(12):
        end = end.where(end.dt.date.isin(WORKING) & end.gt(dispatched), end + pd.Timedelta(days=1))
    late = returned > end + pd.Timedelta(hours=17, minutes=30)
    assert set(late.index[late]) == planted["returned_late"]


def test_only_planted_units_moved_after_they_were_urged(log, planted):
    first_urged = log[log["event"].eq("urged")].groupby("ticket_id")["at"].first()
    acted = log[log["event"].isin(["signed", "first_contact", "replied"])].groupby("ticket_id")["at"].first()
    acted = acted.reindex(first_urged.index)
    assert set(acted.index[first_urged < acted]) == planted["moved_by_urging"]


def test_only_planted_tickets_turn_satisfied_without_being_done_again(log, planted):
    visits = log[log["event"].eq("visited")].groupby("ticket_id")["detail"].agg(["first", "last"])
    turned = visits["first"].str.contains("不满意") & ~visits["last"].str.contains("不满意")
    assert set(visits.index[turned]) == planted["satisfaction_flipped"]
    assert not set(_counted(log, "reworked").index) & planted["satisfaction_flipped"]


def test_fifteen_extensions_and_three_of_them_too_late(log, demo_tickets, planted):
    approved = log[log["event"].eq("extension_approved")].set_index("ticket_id")["at"]
    due = demo_tickets.set_index("ticket_id")["platform_due_at"][approved.index]
    assert len(approved) == 15 and _counted(log, "extension_requested").to_dict() == dict.fromkeys(
        sorted(approved.index), 1
    )
    assert set(approved.index[approved > due]) == planted["extension_abused"]
    moved = demo_tickets.loc[demo_tickets["due_source"].eq("延期"), "ticket_id"]
    assert set(moved) == set(approved.index) - planted["extension_abused"]


def test_eight_tickets_were_paused_and_two_still_are(log, demo_tickets):
    paused, resumed = _counted(log, "paused"), _counted(log, "resumed")
    assert (len(paused), len(resumed)) == (8, 6) and paused.max() == resumed.max() == 1
    resting = set(paused.index) - set(resumed.index)
    noted = demo_tickets.loc[demo_tickets["due_note"].eq("挂账中，时限暂停"), "ticket_id"]
    assert set(noted) == resting
    assert demo_tickets.loc[demo_tickets["ticket_id"].isin(resting), "answered_at"].isna().all()


def test_the_log_is_as_untidy_as_the_tickets(pages):
    headings, *rows = pages[LOG]
    cells = [str(cell) for row in rows for cell in row]
    assert headings == list(words.LOG_HEADINGS.values())
    assert sum(str(row[1]) in words.LOG_WORDS[1].values() for row in rows) > 20
    shapes = [r"[０-９]{14}", r"[０-９]{4}-.*", r"\d{4}年\d+月\d+日 \d+:\d\d", r"县.+局\n"]
    assert all(sum(bool(re.fullmatch(shape, cell)) for cell in cells) > 3 for shape in shapes)


def test_the_log_names_no_caller_and_its_one_phone_number_is_masked(pages, log, tickets):
    told = [str(cell) for row in pages[LOG] for cell in row[1:]]
    assert len([cell for cell in told if re.search(r"1\d{10}", cell)]) == 1
    assert not any(re.search(r"\d{11}", str(text)) for text in log[["event", "unit", "detail"]].stack())
    whole = "\n".join(told)
    assert not any(name in whole for name in tickets["caller_name"].unique())
    assert not any(phone in whole for phone in tickets["caller_phone"].unique())
