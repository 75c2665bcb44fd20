"""Units under the name that counts."""

import pandas as pd
import pytest

from toolkit import clock, load, schema, score


@pytest.mark.parametrize("headers", [{}, {"unit_aliases": {"某县": "全县"}}])
def test_a_unit_named_like_the_county_is_kept_apart_from_the_county_s_rows_and_said(headers):
    name = "某县" if headers else "全县"
    export = pd.DataFrame(
        {"工单编号": ["A1", "A2"], "受理时间": ["2025-03-03 09:00"] * 2, "承办单位": [name, "甲镇"]}
    )
    loaded = load(export, "2025-12-31", headers, key=b"test")
    assert loaded.tickets["unit"].tolist() == ["全县（填作单位）", "甲镇"]
    [issue] = loaded.issues[loaded.issues["column"].eq("unit")].to_dict("records")
    assert (issue["ticket_id"], issue["value"], issue["expected"]) == ("A1", name, "全县（填作单位）")


def test_the_county_is_counted_once_whatever_its_units_are_called():
    tickets = schema.make_tickets(
        {"ticket_id": ["a", "b"], "unit": ["全县", "甲镇"], "received_at": ["2025-03-03"] * 2}
    )
    counts = score(clock(tickets, "county_default", "2025-12-31")).query("metric == '受理件数'")
    assert counts.set_index("unit")["numerator"].to_dict() == {"全县": 2, "全县（填作单位）": 1, "甲镇": 1}
