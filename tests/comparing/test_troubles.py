import pandas as pd
import pytest

from toolkit import schema
from toolkit.comparing.troubles import NO_DIFFERENCE, find_troubles
from toolkit.flagging.flag import rules

LATE, COPIED, RISK = "replied_late", "reply_copied", "risk_words"


def tickets(**units):
    """Tickets of each unit, so many, numbered 甲0, 甲1 …"""
    rows = [(f"{unit}{number}", unit) for unit, count in units.items() for number in range(count)]
    return pd.DataFrame(rows, columns=["ticket_id", "report"]).assign(
        overdue_days=pd.array([0] * len(rows), dtype="Int64")
    )


def findings(*rows):
    """Findings: unit, rule, severity, and how many of the unit's tickets from the first on, or their numbers."""
    made = [
        (unit, rule, severity, f"{unit}{number}")
        for unit, rule, severity, which in rows
        for number in (range(which) if isinstance(which, int) else which)
    ]
    table = pd.DataFrame(made, columns=["report", "rule", "severity", "ticket_id"]).astype("str")
    names = rules().set_index("rule")["rule_name"]
    return table.assign(rule_name=table["rule"].map(names), evidence="依据" + table["ticket_id"])


def of(table, unit):
    return table[table["report"].eq(unit)].set_index("rule")


def test_each_trouble_of_a_unit_stands_beside_the_county_s():
    table = find_troubles(
        findings(("甲", LATE, "橙", 20), ("乙", LATE, "橙", 2)), tickets(甲=50, 乙=150), rules()
    )
    row = of(table, "甲").loc[LATE]
    assert (row["count"], row["tickets"], row["share"]) == (20, 50, 0.4)
    assert (row["county_count"], row["county_tickets"], row["county_share"]) == (22, 200, 0.11)
    assert row["is_beyond"] and row["rank"] == 1
    assert row["sentence"] == "超期回复20件，占40.0%（20/50），明显高于全县11.0%（22/200）"


def test_one_of_three_does_not_come_before_forty_of_two_hundred():
    found = findings(("甲", LATE, "橙", 40), ("甲", COPIED, "橙", 1), ("丙", LATE, "橙", 1))
    table = find_troubles(found, tickets(甲=200, 丙=3, 乙=800), rules())
    big, small = of(table, "甲").loc[LATE], of(table, "丙").loc[LATE]
    assert big["is_beyond"] and not small["is_beyond"]
    assert big["low"] > 0.14 and small["low"] < 0.01
    assert small["sentence"] == f"超期回复1件，占33.3%（1/3），与全县4.1%（41/1003）{NO_DIFFERENCE}"


def test_the_graver_of_two_equal_shares_comes_first_and_what_does_not_differ_last():
    found = findings(
        ("甲", COPIED, "蓝", 30), ("甲", LATE, "红", 30), ("甲", RISK, "红", 10), ("乙", RISK, "红", 100)
    )
    assert of(find_troubles(found, tickets(甲=100, 乙=900), rules()), "甲").index.tolist() == [
        LATE,
        COPIED,
        RISK,
    ]


def test_what_stands_clearly_below_the_county_comes_last_however_grave():
    found = findings(
        ("甲", LATE, "红", 5), ("甲", COPIED, "蓝", 2), ("乙", LATE, "红", 450), ("乙", COPIED, "蓝", 18)
    )
    table = of(find_troubles(found, tickets(甲=100, 乙=900), rules()), "甲")
    assert table.index.tolist() == [COPIED, LATE]
    assert table.loc[LATE, "sentence"] == "超期回复5件，占5.0%（5/100），明显低于全县45.5%（455/1000）"


def test_gravity_is_the_mean_and_severity_the_worst():
    found = findings(("甲", COPIED, "蓝", range(1, 30)), ("甲", COPIED, "红", [0]), ("甲", LATE, "橙", 30))
    table = of(find_troubles(found, tickets(甲=100, 乙=900), rules()), "甲")
    assert table.index.tolist() == [LATE, COPIED]
    assert table["severity"].tolist() == ["橙", "红"]


def test_the_county_is_ranked_by_gravity_and_count_and_names_who_holds_most():
    found = findings(
        *((unit, LATE, "橙", count) for unit, count in zip("甲乙丙丁", (3, 9, 5, 1), strict=True))
    )
    table = of(find_troubles(found, tickets(甲=10, 乙=10, 丙=10, 丁=10), rules()), schema.COUNTY)
    row = table.loc[LATE]
    assert row["held_by"] == "乙9件、丙5件、甲3件" and pd.isna(row["is_beyond"])
    assert row["sentence"] == "超期回复18件，占45.0%（18/40），乙9件、丙5件、甲3件"


def test_the_most_telling_ticket_is_the_worst_then_the_longest_overdue_then_the_first():
    found = findings(("甲", LATE, "橙", 5), ("甲", COPIED, "橙", 3), ("甲", COPIED, "红", [4]))
    own = tickets(甲=10)
    own.loc[own["ticket_id"].eq("甲3"), "overdue_days"] = 7
    table = of(find_troubles(found, own, rules()), "甲")
    assert table.loc[LATE, ["ticket_id", "evidence"]].tolist() == ["甲3", "依据甲3"]
    assert table.loc[COPIED, "ticket_id"] == "甲4"
    own["overdue_days"] = pd.NA
    assert of(find_troubles(found, own, rules()), "甲").loc[LATE, "ticket_id"] == "甲0"


def test_a_ticket_found_twice_by_a_rule_counts_once_and_one_about_a_unit_not_at_all():
    found = findings(("甲", LATE, "橙", 2), ("甲", LATE, "红", [1]))
    about = found.head(1).assign(ticket_id=None, rule=COPIED)
    table = of(find_troubles(pd.concat([found, about]), tickets(甲=4), rules()), "甲")
    assert table["count"].to_dict() == {LATE: 2}


def test_whether_a_rule_only_asks_for_review_goes_with_it():
    found = findings(("甲", LATE, "橙", 1), ("甲", "mass_appeal", "橙", 1))
    table = of(find_troubles(found, tickets(甲=4), rules()), "甲")
    assert table["asks_review"].to_dict() == {LATE: False, "mass_appeal": True}


@pytest.mark.parametrize("count", [0, 3])
def test_where_nothing_is_found_there_is_no_trouble(count):
    assert find_troubles(findings(), tickets(甲=count), rules()).empty
