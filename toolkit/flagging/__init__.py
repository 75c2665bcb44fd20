"""Tickets → findings."""
