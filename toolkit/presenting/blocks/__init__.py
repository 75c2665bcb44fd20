"""The blocks of a report, a module a heading; each takes the report and gives what a notebook shows."""

from toolkit.presenting.blocks.charts import (
    category_chart,
    late_units_chart,
    load_chart,
    month_chart,
    top_category_chart,
)
from toolkit.presenting.blocks.contributions import category_contributions, unit_contributions
from toolkit.presenting.blocks.counties import peers_table
from toolkit.presenting.blocks.doubts import issues_table
from toolkit.presenting.blocks.due import due_times, holding_table
from toolkit.presenting.blocks.fairness import fair_table
from toolkit.presenting.blocks.findings import findings_table, unit_findings_table
from toolkit.presenting.blocks.metrics import metrics_table
from toolkit.presenting.blocks.movement import movement_table
from toolkit.presenting.blocks.opening import heading, summary
from toolkit.presenting.blocks.people import load_table, roster_table
from toolkit.presenting.blocks.scores import scheme_terms, score_table, standings_table
from toolkit.presenting.blocks.sources import shares_table
from toolkit.presenting.blocks.stages import stages_table
from toolkit.presenting.blocks.units import units_table
from toolkit.presenting.blocks.villages import villages_table
from toolkit.presenting.blocks.what_if import what_if_table
from toolkit.presenting.blocks.year import annual_table
from toolkit.presenting.listing import list_tickets

__all__ = [
    "annual_table",
    "category_chart",
    "category_contributions",
    "due_times",
    "fair_table",
    "findings_table",
    "heading",
    "holding_table",
    "issues_table",
    "late_units_chart",
    "list_tickets",
    "load_chart",
    "load_table",
    "metrics_table",
    "month_chart",
    "movement_table",
    "peers_table",
    "roster_table",
    "scheme_terms",
    "score_table",
    "shares_table",
    "stages_table",
    "standings_table",
    "summary",
    "top_category_chart",
    "unit_contributions",
    "unit_findings_table",
    "units_table",
    "villages_table",
    "what_if_table",
]
