"""Tickets → due times and the verdict on every ticket."""
