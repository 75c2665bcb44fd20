"""Which rate stands for a family on the first screen, and the target it is held to."""

from toolkit.assessing.leading import TIMELY, choose_lead
from toolkit.assessing.scheme import read_scheme

__all__ = ["TIMELY", "find_lead", "find_target"]


def find_lead(report, family):
    """The variant of a family that the report's scheme scores; else the first known."""
    return choose_lead(read_scheme(report.about["scheme"]), report.counted.scorecard["metric"], family)


def find_target(report, metric):
    """The scheme's target for this report's unit, as a share, and which way is better; None without one."""
    items = read_scheme(report.about["scheme"]).items
    items = [item for item in items if item.metric == metric and item.target is not None]
    if not items:
        return None, "higher"
    group = report.about["reports"].get(report.name, "")
    return float(items[0].target_for(report.row, group)) / 100, items[0].better
