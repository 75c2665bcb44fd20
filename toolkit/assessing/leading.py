"""Which variant stands for a family of metrics: the one the scheme scores, so that report and points say one number."""

from toolkit.scoring.catalogue import lead_variants

TIMELY, SATISFIED = "按期回复率", "满意率"


def choose_lead(scheme, names, family):
    """The variant of a family, among these names, that the scheme scores; else the first; None where there is none."""
    known = [metric.name for metric in lead_variants(set(names)).get(family, [])]
    scored = [item.metric for item in scheme.items if item.metric in known]
    return next(iter([*scored, *known]), None)
