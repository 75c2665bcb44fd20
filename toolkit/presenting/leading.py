"""Which rate stands for a family on the first screen, and the target it is held to."""

from toolkit.assessing.leading import choose_lead
from toolkit.assessing.scheme import read_scheme
from toolkit.rounding import decimal_text, round_half_up


def find_lead(report, family):
    """The variant of a family that the report's scheme scores; else the first known."""
    return choose_lead(read_scheme(report.about["scheme"]), report.metrics, family)


def find_target(report, metric):
    """The scheme's target for this report's unit, as a share, and which way is better; None without one."""
    items = read_scheme(report.about["scheme"]).items
    items = [item for item in items if item.metric == metric and item.target is not None]
    if not items:
        return None, "higher"
    group = report.about["reports"].get(report.name, "")
    return float(items[0].target_for(report.row, group)) / 100, items[0].better


def compare_target(report, score):
    """against_target: 低于目标0.7个百分点, as printed rates differ, nothing without a target; is_short: on the worse side."""
    target, better = find_target(report, score["metric"])
    if target is None:
        return {"against_target": "", "is_short": False}
    gap = round_half_up(100 * score["rate"], 1) - round_half_up(100 * target, 1)
    side = "高于" if gap > 0 else "低于"
    said = f"{side}目标{decimal_text(abs(gap))}个百分点" if gap else "与目标持平"
    return {"against_target": said, "is_short": bool(gap < 0 if better == "higher" else gap > 0)}
