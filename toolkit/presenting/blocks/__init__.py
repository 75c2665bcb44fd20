"""The blocks of a report, a module a heading; each takes the report and gives the section that a notebook's cell shows."""

from toolkit.presenting.blocks.ahead import runs_out_next
from toolkit.presenting.blocks.charts import matters_section
from toolkit.presenting.blocks.contributions import contributions_section
from toolkit.presenting.blocks.counties import peers_table
from toolkit.presenting.blocks.coverage import coverage_map, fitness
from toolkit.presenting.blocks.doubts import data_section
from toolkit.presenting.blocks.due import due_times
from toolkit.presenting.blocks.fairness import fair_table
from toolkit.presenting.blocks.findings import findings_section
from toolkit.presenting.blocks.heat import findings_map
from toolkit.presenting.blocks.metrics import metrics_table
from toolkit.presenting.blocks.opening import heading, summary
from toolkit.presenting.blocks.people import people_section
from toolkit.presenting.blocks.push import push_list, push_table
from toolkit.presenting.blocks.rates import rates_chart
from toolkit.presenting.blocks.recurring import recurring_matters
from toolkit.presenting.blocks.scores import score_table, standings_table
from toolkit.presenting.blocks.sources import shares_table
from toolkit.presenting.blocks.stages import stages_table
from toolkit.presenting.blocks.tiles import tiles
from toolkit.presenting.blocks.trial import pushed_section, results_section, trial_section
from toolkit.presenting.blocks.troubles import troubles
from toolkit.presenting.blocks.units import units_table
from toolkit.presenting.blocks.year import next_steps
from toolkit.presenting.listing import list_tickets

__all__ = [
    "contributions_section",
    "coverage_map",
    "data_section",
    "due_times",
    "fair_table",
    "findings_map",
    "findings_section",
    "fitness",
    "heading",
    "list_tickets",
    "matters_section",
    "metrics_table",
    "next_steps",
    "peers_table",
    "people_section",
    "push_list",
    "push_table",
    "pushed_section",
    "rates_chart",
    "recurring_matters",
    "results_section",
    "runs_out_next",
    "score_table",
    "shares_table",
    "stages_table",
    "standings_table",
    "summary",
    "tiles",
    "trial_section",
    "troubles",
    "units_table",
]
