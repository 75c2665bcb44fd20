"""Export → tickets, issues, events; nothing is lost."""
