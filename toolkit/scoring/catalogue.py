"""All metrics in the order people read them: by family, what each lacks, how each is defined."""

from toolkit import schema
from toolkit.scoring.metric import read_metric_settings
from toolkit.scoring.metrics import callbacks, handling, timeliness
from toolkit.scoring.metrics.timeliness import HANDLING

METRICS = [*timeliness.METRICS, *callbacks.METRICS, *handling.METRICS]
TIMES = [HANDLING]  # how long it took
COUNT = "受理件数"  # the metric that is all of the period's tickets
BY_NAME = {metric.name: metric for metric in [*METRICS, *TIMES]}


def lacking(tickets):
    """Metric → the columns it needs and the export leaves wholly empty.

    Nothing answered yet is no lack: it is a rate of zero.
    """
    needs = {need for metric in METRICS for need in metric.needs} - {"answered_at"}
    empty = set(schema.missing_columns(tickets, needs))
    found = {metric.name: [need for need in metric.needs if need in empty] for metric in METRICS}
    return {name: columns for name, columns in found.items() if columns}


def lead_variants(names):
    """Family → its metrics among these names, in the order of the metrics: the first one leads."""
    families = {}
    for metric in METRICS:
        if metric.name in names:
            families.setdefault(metric.family, []).append(metric)
    return families


def define(metric, answered_by):
    """The metric's definition in one sentence, naming the stage that counts as the answer."""
    weights = read_metric_settings().satisfaction_weights
    said = "、".join(f"{word}{weight}" for word, weight in weights.items())
    return metric.definition.format(answer=schema.ANSWERS[answered_by], weights=said)
