"""The explorer: the drill-down as a widget, where the office works every morning; what it keeps stands on a desk."""
