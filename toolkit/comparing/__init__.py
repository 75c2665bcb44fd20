"""With chance, with earlier periods, with other counties."""
