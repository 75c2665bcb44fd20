"""Tickets explored live, in a notebook: where they come from, what is kept of the work, the steps as code."""
