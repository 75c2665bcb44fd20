"""The blocks of a report, a module a heading."""
