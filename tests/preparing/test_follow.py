import pandas as pd
import pytest
from cases.reports import report_of

from toolkit import schema
from toolkit.comparing.months import MONTHLY
from toolkit.comparing.trend import HIT, MISSED

REPLIED = "按期回复率（÷受理）"


def tickets(**columns):
    """Two units' tickets of two years, eight a month each; 甲乡's are answered the day after, 乙镇's never."""
    received = pd.date_range("2024-01-02 09:00", "2025-12-28", freq="3D")
    both = {
        "received_at": [*received, *received],
        "unit": ["甲乡"] * len(received) + ["乙镇"] * len(received),
    }
    replied = [*(received + pd.Timedelta(days=1)), *[None] * len(received)]
    numbers = [str(number) for number in range(2 * len(received))]
    return schema.make_tickets(both | {"ticket_id": numbers, "replied_at": replied} | columns)


@pytest.fixture(scope="module")
def report():
    return report_of(tickets(), "2025-12-31 18:00", "2025")


def test_months_of_the_year_before_count_too_and_every_month_s_tickets_are_marked(report):
    months = report.counted.months
    own = months[months["metric"].eq(REPLIED) & months["unit"].eq("甲乡")]
    assert own["month"].tolist() == [str(month) for month in pd.period_range("2024-01", "2025-12", freq="M")]
    received = report.tickets.set_index("ticket_id")["received_at"].dt.strftime("%Y-%m")
    marks = report.marks[report.marks["report"].eq("甲乡")]
    marked = marks[MONTHLY + REPLIED].groupby(marks["ticket_id"].map(received)).agg(["sum", "count"])
    assert marked["sum"].tolist() == own["numerator"].tolist()
    assert marked["count"].tolist() == own["denominator"].tolist()


def test_a_unit_is_held_against_the_target_of_the_scheme(report):
    scheme = {"name": "试", "source": "试", "presentation": {"kind": "none", "why": "试"}}
    item = {"name": "按期", "metric": REPLIED, "weight": 100, "target": 90, "per_point": 1}
    own = item | {"targets": [{"target": 0, "units": ["乙镇"]}]}
    for items, words in (([item], [HIT, MISSED]), ([own], [HIT, HIT])):
        told = report_of(tickets(), "2025-12-31 18:00", "2025", scheme=scheme | {"items": items})
        trends = told.compared.trends.set_index(["metric", "unit"])["assurance"]
        assert [trends[REPLIED, unit] for unit in ("甲乡", "乙镇")] == words


def test_a_run_by_month_follows_the_county_alone():
    told = report_of(tickets(), "2025-12-31 18:00", "2025", by="month")
    assert set(told.counted.months["unit"]) == set(told.compared.trends["unit"]) == {schema.COUNTY}
