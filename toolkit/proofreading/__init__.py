"""A written report → its figures, each with a verdict."""
