"""Whether the notebooks still run and still say true things, and what changed between two runs."""
