"""Tickets → scorecard."""
