"""The live drill-down: `explore(report)` gives the widget; see `exploring`."""

from toolkit.presenting.exploring.widget import explore

__all__ = ["explore"]
