"""Findings → orders to the units (督办单), one numbered register over all runs, and the table of grades."""
