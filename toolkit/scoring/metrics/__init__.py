"""The metrics, a module a subject."""
