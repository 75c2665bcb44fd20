"""Which rate stands for a family on the first screen, and the target it is held to."""

from toolkit.assessing.scheme import read_scheme
from toolkit.scoring.catalogue import lead_variants

TIMELY = "按期回复率"


def find_lead(report, family):
    """The variant of a family that the scheme scores, so that page and points say one number; else the first known."""
    known = [metric.name for metric in lead_variants(set(report.counted.scorecard["metric"])).get(family, [])]
    scored = [item.metric for item in _items(report) if item.metric in known]
    return next(iter([*scored, *known]), None)


def find_target(report, metric):
    """The scheme's target for this report's unit, as a share, and which way is better; None without one."""
    items = [item for item in _items(report) if item.metric == metric and item.target is not None]
    if not items:
        return None, "higher"
    group = report.about["reports"].get(report.name, "")
    return float(items[0].target_for(report.row, group)) / 100, items[0].better


def _items(report):
    return read_scheme(report.about["scheme"]).items
