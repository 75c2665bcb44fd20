"""The dispatch catalogue: who is in charge of what, and whether tickets were sent there."""

import pandas as pd
import pytest
import xlsxwriter

from toolkit import clock, schema, score
from toolkit.errors import CatalogueError
from toolkit.people.dispatch_catalogue import check_dispatch, read_dispatch_catalogue
from toolkit.settings import PROJECT

TEXT = """
source: 职责清单（虚构）
categories:
  城乡建设/道路: 县交通运输局
  道路/路灯: 县城管局
  欠薪: [县人社局, 县住建局]
  农村环境: 乡镇
"""


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "catalogue.yml"
    path.write_text(TEXT, encoding="utf-8")
    return read_dispatch_catalogue(str(path))


def tickets_of(*rows):
    names = ["category", "unit", "unit_group", "co_units"]
    frame = pd.DataFrame([dict(zip(names, row, strict=False)) for row in rows], columns=names)
    return schema.make_tickets(frame.assign(ticket_id=[str(n) for n in range(len(frame))]))


# Units the export knows, so that no name of the catalogue is strange to it.
KNOWN = [
    *[("其他", name, "县直部门") for name in ("县交通运输局", "县城管局", "县人社局", "县住建局")],
    ("其他", "甲镇", "乡镇"),
]


def check(catalogue, *rows):
    return check_dispatch(tickets_of(*rows, *KNOWN), catalogue).head(len(rows))


def test_a_ticket_is_right_with_the_one_in_charge_and_wrong_with_another(catalogue):
    found = check(
        catalogue, ("城乡建设/道路", "县交通运输局", "县直部门"), ("城乡建设/道路/坑洼", "甲镇", "乡镇")
    )
    assert found["dispatch_check"].tolist() == ["准确", "不符"]
    assert found["dispatch_reason"].tolist() == [
        "目录“城乡建设/道路”由县交通运输局主管，派给县交通运输局",
        "目录“城乡建设/道路”由县交通运输局主管，派给了乡镇：甲镇",
    ]


def test_the_deepest_level_the_catalogue_names_holds(catalogue):
    rows = [("城乡建设/道路/路灯", "县交通运输局", "县直部门"), ("道路/路灯", "县城管局", "县直部门")]
    assert check(catalogue, *rows)["dispatch_check"].tolist() == ["准确", "准确"]
    assert check(catalogue, ("道路/路灯", "县交通运输局", "县直部门"))["dispatch_check"].tolist() == ["不符"]


def test_one_of_several_in_charge_or_one_of_the_group_in_charge_will_do(catalogue):
    rows = [
        ("劳动/欠薪", "县住建局", "县直部门"),
        ("农村环境", "甲镇", "乡镇"),
        ("农村环境", "县城管局", "县直部门"),
    ]
    assert check(catalogue, *rows)["dispatch_check"].tolist() == ["准确", "准确", "不符"]


def test_a_category_not_in_the_catalogue_or_none_is_not_listed(catalogue):
    found = check(catalogue, ("养老", "甲镇", "乡镇"), (None, "甲镇", "乡镇"))
    assert found["dispatch_check"].tolist() == ["目录未列", "目录未列"]
    assert found["dispatch_reason"].isna().all()


def test_what_cannot_be_known_is_never_held_against_anybody(catalogue):
    found = check(
        catalogue,
        ("欠薪", None, None),
        ("城乡建设/道路", "甲镇", "乡镇", "县交通运输局"),
        ("农村环境", "某公司", None),
    )
    assert found["dispatch_check"].tolist() == ["无法判断"] * 3
    assert "承办单位未填" in found["dispatch_reason"].iloc[0]
    assert "列在协办单位，主办为甲镇" in found["dispatch_reason"].iloc[1]


def test_a_unit_in_charge_that_has_no_ticket_may_only_be_written_otherwise(catalogue):
    alone = check_dispatch(tickets_of(("城乡建设/道路", "县交通局", "县直部门")), catalogue)
    assert alone["dispatch_check"].tolist() == ["无法判断"]
    assert "工单中没有这一单位，名称是否一致请核对" in alone["dispatch_reason"].iloc[0]


def test_with_a_flow_log_the_unit_it_was_first_sent_to_counts(catalogue):
    tickets = tickets_of(("城乡建设/道路", "县交通运输局", "县直部门"), *KNOWN)
    events = pd.DataFrame(
        {
            "ticket_id": ["0", "0"],
            "event": ["redispatched", "dispatched"],
            "at": pd.to_datetime(["2025-03-05", "2025-03-04"]),
            "unit": ["县交通运输局", "甲镇"],
            "detail": [None, None],
            "is_built": [False, False],
        }
    )
    assert check_dispatch(tickets, catalogue, events)["dispatch_check"].iloc[0] == "不符"
    assert check_dispatch(tickets, catalogue)["dispatch_check"].iloc[0] == "准确"
    assert (
        check_dispatch(tickets, catalogue, events.assign(is_built=True))["dispatch_check"].iloc[0] == "准确"
    )


def test_no_ticket_gives_an_empty_frame(catalogue):
    assert check_dispatch(tickets_of(), catalogue).columns.tolist() == ["dispatch_check", "dispatch_reason"]


def test_the_rate_is_those_sent_right_of_those_the_catalogue_names(catalogue):
    rows = [("农村环境", "甲镇", "乡镇"), ("农村环境", "甲镇", "乡镇"), ("农村环境", "县城管局", "县直部门")]
    tickets = tickets_of(*rows, ("养老", "甲镇", "乡镇"), ("欠薪", None, None), *KNOWN)
    checked = tickets.assign(**check_dispatch(tickets, catalogue))
    scored = score(clock(checked, "county_default", "2025-12-31")).set_index(["unit", "metric"])
    county = scored.loc["全县", "派单准确率（÷目录所列）"]
    assert (county["numerator"], county["denominator"]) == (2, 3)
    unchecked = score(clock(tickets, "county_default", "2025-12-31"))
    assert "派单准确率（÷目录所列）" not in unchecked["metric"].tolist()


def test_the_shipped_example_is_readable_and_says_that_it_is_invented():
    text = (PROJECT / "parameters" / "dispatch_catalogue.yml").read_text(encoding="utf-8")
    assert "虚构" in text and len(read_dispatch_catalogue("parameters/dispatch_catalogue.yml")) == 3


# --- reading -----------------------------------------------------------------------------------------


def test_a_workbook_is_read_as_well(tmp_path):
    path = tmp_path / "派单目录.xlsx"
    lines = [
        ["派单目录"],
        ["序号", "诉求类别", "主管单位", "依据"],
        [1, "城乡建设 / 道路", "县交通运输局、县城管局", "三定方案"],
    ]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    found = read_dispatch_catalogue(str(path))
    assert found.to_numpy().tolist() == [
        ["城乡建设/道路", "县交通运输局、县城管局", "三定方案", "派单目录.xlsx row 3"]
    ]


def test_every_mistake_is_named_at_once(tmp_path):
    path = tmp_path / "目录.csv"
    path.write_text("诉求类别,主管单位\n道路,\n,甲镇\n欠薪,县人社局\n欠薪,县住建局\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_dispatch_catalogue(str(path))
    said = str(raised.value)
    assert "the dispatch catalogue: 3 mistake(s)" in said
    assert "目录.csv row 2: no 主管单位: name who is in charge of '道路'" in said
    assert "目录.csv row 3: no 诉求类别" in said
    assert "'欠薪' stands in 目录.csv row 4; 目录.csv row 5: expected one row" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categories: {}", "no category: expected a header (诉求类别、主管单位、依据)"),
        ("categorys: {a: b}", "'categorys' is not a setting. Did you mean 'categories'?"),
        ("categories: {道路: 3}", "'categories.道路.0': Input should be a valid string, found 3"),
        ("categories:\n  道路: 甲\n  道路: 乙\n", "line 3: '道路' stands in line 2 already"),
        ("categories: {城乡建设/道路: 甲, 城乡建设 / 道路: 乙}", "'城乡建设/道路' stands in categories"),
    ],
)
def test_a_file_of_another_shape_says_what_was_expected(tmp_path, text, said):
    path = tmp_path / "catalogue.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_dispatch_catalogue(str(path))
    assert said in str(raised.value)
