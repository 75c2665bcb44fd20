"""The drill-down: a condition on the ticket table → its tickets at the side; one engine for the page and for JupyterLab."""
