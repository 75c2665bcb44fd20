"""What must hold in every report, whatever its tickets: parts sum, rates lie between 0 and 1, every set is what it says."""

import pandas as pd

from toolkit import schema
from toolkit.checking.figures import read_marks
from toolkit.checking.opening import list_untrue
from toolkit.checking.outputs import list_sections
from toolkit.scoring.catalogue import BY_NAME

ACCOUNTED = ["tickets", "events", "refused", "merged", "left_out"]


def check_counts(report):
    """What is wrong with a county's counts, a sentence each; nothing where all holds."""
    yield from _check_account(report)
    scorecard, marks = report.counted.scorecard, read_marks(report)
    rates = scorecard["rate"].dropna()
    yield from [f"{len(rates)}个比率中有不在0和1之间的"] if not rates.between(0, 1).all() else []
    for row in scorecard.to_dict("records"):
        yield from _check_score(row, marks.get((row["unit"], row["metric"]), {}))
    yield from _check_sums(scorecard)


def _check_account(report):
    account = report.basis.account
    lost = account["read"] - account[ACCOUNTED].sum(axis=1)
    for row, count in zip(account.to_dict("records"), lost, strict=True):
        if count:
            yield f"{row['file']} {row['sheet']}：读入{row['read']}行，有{count}行没有去处"


def _check_score(row, marks):
    """Whether a rate's numerator and denominator are what its tickets come to."""
    hundredths = 100 if BY_NAME[row["metric"]].weighted else 1
    counted = round(sum(marks.values()) / hundredths, 2)
    said = f"{row['unit']}，{row['metric']}"
    if round(row["numerator"], 2) != counted:
        yield f"{said}：分子{row['numerator']:g}，按工单合计{counted:g}"
    if pd.notna(row["denominator"]) and row["denominator"] != len(marks):
        yield f"{said}：分母{row['denominator']}，按工单合计{len(marks)}"
    if pd.notna(row["rate"]) and abs(row["rate"] * row["denominator"] - row["numerator"]) > 1e-6:
        yield f"{said}：比率不等于分子除以分母"


def _check_sums(scorecard):
    """Whether the units' counts sum to the county's."""
    is_county = scorecard["unit"].eq(schema.COUNTY)
    for side in ("numerator", "denominator"):
        whole = scorecard[is_county].set_index("metric")[side].astype("Float64").fillna(0)
        parts = scorecard[~is_county].groupby("metric")[side].sum().astype("Float64")
        apart = (whole - parts.reindex(whole.index).fillna(0)).abs().gt(1e-6)
        yield from (f"{metric}：各单位之和不等于全县" for metric in whole.index[apart] if len(parts))


def check_isolation(report):
    """Whether a unit's report holds tickets of that unit alone."""
    frames = {name: getattr(report, name) for name in ("tickets", "findings", "marks", "issues", "legs")}
    for name, frame in frames.items():
        others = frame.loc[frame["report"].ne(report.name), "report"]
        if len(others):
            yield f"{name}：有{len(others)}行属其他单位"


def check_opening(notebook, report):
    """Whether every figure and every mark of a chart opens as many tickets as it says."""
    for section in list_sections(notebook):
        yield from (f"{section.title}：{said}" for said in list_untrue(section.html, section.charts, report))
