import toolkit.presenting  # noqa: F401  # before nbformat is imported
