"""A period beside others, as a run prepares it."""

import pandas as pd

from toolkit import load, prepare

AS_OF = "2025-06-30"


def test_the_same_kinds_of_tickets_are_compared_without_those_excluded_with_approval():
    rows = [
        ("1", "甲乡", "2025-06-03 09:00", "2025-06-04 09:00", None),
        ("2", "甲乡", "2025-06-03 09:00", None, "通过"),
        ("3", "乙镇", "2025-06-04 09:00", "2025-06-05 09:00", None),
    ]
    export = pd.DataFrame(rows, columns=["工单编号", "承办单位", "受理时间", "回复时间", "剔除状态"])
    report = prepare(load(export, AS_OF, key=b"k"), {"as_of": AS_OF, "period": "2025-06"})
    assert report.marks["is_excluded"].sum() == 1
    mix = report.compared.mix.merge(report.counted.scorecard, on=["unit", "metric"])
    own = mix[mix["unit"].eq("甲乡") & mix["denominator_with_excluded"].eq(2)]
    assert len(own)
    assert own["denominator_x"].eq(1).all()
