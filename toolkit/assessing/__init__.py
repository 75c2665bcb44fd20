"""Scorecard → points, grades, the year."""
